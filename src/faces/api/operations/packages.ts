import { z } from 'zod';
import { MusterError } from '#base/errors';
import {
  diffRevisions,
  findPackages,
  LIFECYCLES,
  latestRevisions,
  listChannels,
  listRevisions,
  packageAcrossChannels,
  packageHistory,
  packagesAfter,
} from '#domain/channels';
import { editablePackage, issuesById } from '#domain/issues';
import { issuesOfPackage } from '#domain/matching';
import { CHANGE_ANSWERS, fieldBody, fieldShape, readField, setField } from '../changes-answered.ts';
import { cursorOf, pageOf, placeOf } from '../cursor.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import { atOf, day, issueId, listOf, moment, named, nameIn, paging, verdictShape } from '../shapes.ts';
import { brief, issueBriefShape } from './issues.ts';

const lifecycle = named('Lifecycle', z.enum(LIFECYCLES));

const revisionShape = named(
  'Revision',
  z.strictObject({
    channel: z.string(),
    commit: z.string(),
    committedAt: moment,
    importedAt: moment,
    packages: z.int(),
    patchesKnown: z.boolean(),
  }),
);

const channelShape = named(
  'Channel',
  z.strictObject({
    name: z.string(),
    lifecycle,
    released: day.nullable(),
    endOfLife: day.nullable(),
    revision: revisionShape.nullable().describe('The newest one; null where nothing was ever imported'),
    affected: z.int().describe('Issues that look to hit it'),
    unknown: z.int().describe('Issues of which nobody can say'),
  }),
);

const foundShape = named(
  'PackageFound',
  z.strictObject({
    attr: z.string(),
    pname: z.string(),
    versions: z.array(z.strictObject({ channel: z.string(), version: z.string() })),
  }),
);

const stateShape = z.strictObject({
  pname: z.string(),
  version: z.string(),
  patches: z.array(z.string()),
  knownVulnerabilities: z.array(z.string()),
});

const packageShape = named(
  'Package',
  z.strictObject({
    attr: z.string(),
    channels: z.array(
      z.strictObject({
        channel: z.string(),
        lifecycle,
        known: z.boolean().describe('False where nothing of the channel was ever imported'),
        package: z
          .strictObject({
            ...stateShape.shape,
            kind: z.string(),
            description: z.string().nullable(),
            homepage: z.string().nullable(),
            licences: z.array(z.string()),
            position: z.string().nullable(),
            maintainers: z.array(
              z.strictObject({ name: z.string().nullable(), github: z.string().nullable() }),
            ),
            since: moment,
          })
          .nullable()
          .describe('Null where the channel does not have it'),
      }),
    ),
    suggestions: z
      .array(
        z.strictObject({
          issue: z.string(),
          channel: z.string(),
          version: z.string(),
          verdict: verdictShape,
          score: z.number(),
        }),
      )
      .describe('Of the gravest issues, as many as asked for'),
    total: z.int().describe('How many issues there are'),
    next: z.string().nullable().describe('The `cursor` of those that follow; null at the end'),
  }),
);

const periodShape = z.strictObject({
  version: z.string(),
  patches: z.array(z.string()),
  knownVulnerabilities: z.array(z.string()),
  since: moment,
  until: moment.nullable(),
});

const packageInSetShape = named(
  'PackageInChannel',
  z.strictObject({
    attr: z.string(),
    ...stateShape.shape,
    maintainers: z.array(z.strictObject({ name: z.string().nullable(), github: z.string().nullable() })),
  }),
);

const diffShape = named(
  'RevisionDiff',
  z.strictObject({
    from: revisionShape,
    to: revisionShape,
    added: z.array(z.strictObject({ attr: z.string(), ...stateShape.shape })),
    removed: z.array(z.strictObject({ attr: z.string(), ...stateShape.shape })),
    changed: z.array(
      z.strictObject({
        attr: z.string(),
        before: stateShape,
        after: stateShape,
        patchesAdded: z.array(z.string()),
        patchesRemoved: z.array(z.string()),
      }),
    ),
    otherwise: z.int().describe('How many differ in nothing but description, maintainers and the like'),
  }),
);

interface Dated {
  channel: string;
  commit: string;
  committedAt: Date;
  importedAt: Date;
  packages: number;
  patchesKnown: boolean;
}

function revision({ channel, commit, committedAt, importedAt, packages, patchesKnown }: Dated) {
  return {
    channel,
    commit,
    committedAt: committedAt.toISOString(),
    importedAt: importedAt.toISOString(),
    packages,
    patchesKnown,
  };
}

async function channels(site: ApiSite): Promise<z.input<typeof channelShape>[]> {
  const { queries } = site.database;
  const [all, newest, open] = await Promise.all([
    listChannels(queries, site.now().toISOString().slice(0, 10)),
    latestRevisions(queries),
    site.openIssues(),
  ]);
  const byChannel = new Map(newest.map((each) => [each.channel, each]));
  return all.map(({ name, lifecycle: stage, released, endOfLife }) => {
    const latest = byChannel.get(name);
    const { affected = [], unknown = [] } = open.byChannel.get(name) ?? {};
    return {
      name,
      lifecycle: stage,
      released,
      endOfLife,
      revision: latest === undefined ? null : revision(latest),
      affected: affected.length,
      unknown: unknown.length,
    };
  });
}

function state({ pname, version, patches, knownVulnerabilities }: z.input<typeof stateShape>) {
  return { pname, version, patches, knownVulnerabilities };
}

function maintainer({
  name,
  github,
}: {
  name?: string | null | undefined;
  github?: string | null | undefined;
}) {
  return { name: name ?? null, github: github ?? null };
}

const channelParam = z.strictObject({ name: nameIn });
const which = z.string().min(1).max(60).describe('A commit or its beginning, a day, or `latest`');

export const packageOperations = [
  operation({
    id: 'findPackages',
    tag: 'Packages and channels',
    method: 'GET',
    path: '/packages',
    summary: 'Packages by a part of their attribute or name, best first',
    query: z.strictObject({ q: z.string().min(1).max(200), limit: paging.limit }),
    answers: { 200: listOf(foundShape) },
    async answer({ site, query: { q, limit } }) {
      return reply(200, { items: await findPackages(site.database.queries, q, limit), next: null });
    },
  }),
  operation({
    id: 'getPackage',
    tag: 'Packages and channels',
    method: 'GET',
    path: '/packages/{attr}',
    summary: 'A package in every channel, with what the matcher proposes for it, of the gravest issues first',
    params: z.strictObject({ attr: nameIn }),
    query: z.strictObject(paging),
    answers: { 200: packageShape },
    problems: [404],
    async answer({ site, params: { attr }, query: { cursor, limit } }) {
      const { queries } = site.database;
      const after = placeOf(cursor, z.tuple([issueId]))?.[0];
      const [across, { hits, total, next }] = await Promise.all([
        packageAcrossChannels(queries, attr, site.now().toISOString().slice(0, 10)),
        issuesOfPackage(queries, attr, { after, limit }),
      ]);
      if (across.every((one) => one.package === null))
        throw new MusterError('NOT_FOUND', `no channel has a package ${attr}`);
      return reply(200, {
        attr,
        channels: across.map(({ channel, lifecycle: stage, revision: read, package: found }) => ({
          channel,
          lifecycle: stage,
          known: read !== null,
          package:
            found === null
              ? null
              : {
                  ...state(found),
                  kind: found.kind,
                  description: found.description,
                  homepage: found.homepage,
                  licences: found.licences,
                  position: found.position,
                  maintainers: found.maintainers.map(maintainer),
                  since: found.since.toISOString(),
                },
        })),
        suggestions: hits.map(({ issue, channel, version, verdict, score }) => ({
          issue,
          channel,
          version,
          verdict,
          score,
        })),
        total,
        next: next === null ? null : cursorOf([next]),
      });
    },
  }),
  operation({
    id: 'getPackageHistory',
    tag: 'Packages and channels',
    method: 'GET',
    path: '/packages/{attr}/history',
    summary: 'The versions of a package in one channel over time, the oldest first',
    params: z.strictObject({ attr: nameIn }),
    query: z.strictObject({ channel: nameIn }),
    answers: { 200: listOf(periodShape) },
    async answer({ site, params: { attr }, query: { channel } }) {
      const periods = await packageHistory(site.database.queries, channel, attr);
      const items = periods.map(({ version, patches, knownVulnerabilities, since, until }) => ({
        version,
        patches,
        knownVulnerabilities,
        since: since.toISOString(),
        until: until?.toISOString() ?? null,
      }));
      return reply(200, { items, next: null });
    },
  }),
  operation({
    id: 'getListedPackage',
    tag: 'Issues',
    method: 'GET',
    path: '/issues/{id}/packages/{package}',
    summary: 'How a package is listed under an issue, with the version as ETag',
    params: z.strictObject({ id: issueId, package: nameIn }),
    answers: { 200: fieldShape },
    problems: [404],
    answer: ({ site, params: { id, package: name } }) =>
      readField(site, { kind: editablePackage.kind, id: `${id}/${name}`, field: 'value' }),
  }),
  operation({
    id: 'listPackage',
    tag: 'Issues',
    method: 'PUT',
    path: '/issues/{id}/packages/{package}',
    summary: 'List a package under an issue (`attribute`, `module`, `nix`), or take it off (null)',
    least: 'contributor',
    params: z.strictObject({ id: issueId, package: nameIn }),
    body: fieldBody,
    answers: CHANGE_ANSWERS,
    problems: [403, 412, 422, 428],
    ifMatch: true,
    answer: (asked) =>
      setField(asked, {
        kind: editablePackage.kind,
        id: `${asked.params.id}/${asked.params.package}`,
        field: 'value',
      }),
  }),
  operation({
    id: 'listChannels',
    tag: 'Packages and channels',
    method: 'GET',
    path: '/channels',
    summary: 'Every channel, whatever its life cycle, with what may be open in it',
    answers: { 200: listOf(channelShape) },
    async answer({ site }) {
      return reply(200, { items: await channels(site), next: null });
    },
  }),
  operation({
    id: 'getChannel',
    tag: 'Packages and channels',
    method: 'GET',
    path: '/channels/{name}',
    summary: 'A channel',
    params: channelParam,
    answers: { 200: channelShape },
    problems: [404],
    async answer({ site, params: { name } }) {
      const channel = (await channels(site)).find((each) => each.name === name);
      if (channel === undefined) throw new MusterError('NOT_FOUND', `there is no channel ${name}`);
      return reply(200, channel);
    },
  }),
  operation({
    id: 'listRevisions',
    tag: 'Packages and channels',
    method: 'GET',
    path: '/channels/{name}/revisions',
    summary: 'The revisions of a channel, the oldest first',
    params: channelParam,
    answers: { 200: listOf(revisionShape) },
    problems: [404],
    async answer({ site, params: { name } }) {
      const items = (await listRevisions(site.database.queries, name)).map(revision);
      return reply(200, { items, next: null });
    },
  }),
  operation({
    id: 'listChannelPackages',
    tag: 'Packages and channels',
    method: 'GET',
    path: '/channels/{name}/packages',
    summary: 'The package set of a revision, by attribute',
    params: channelParam,
    query: z.strictObject({ ...paging, at: which.default('latest') }),
    answers: { 200: listOf(packageInSetShape) },
    problems: [404],
    async answer({ site, params: { name }, query: { cursor, limit, at } }) {
      const place = placeOf(cursor, z.tuple([z.string().max(300)]));
      const found = await packagesAfter(site.database.queries, name, atOf(at), {
        after: place?.[0] ?? null,
        limit: limit + 1,
      });
      const { items, next } = pageOf(found, limit, ({ attr }) => [attr]);
      return reply(200, {
        items: items.map((row) => ({
          attr: row.attr,
          ...state(row),
          maintainers: row.maintainers.map(maintainer),
        })),
        next,
      });
    },
  }),
  operation({
    id: 'listChannelIssues',
    tag: 'Packages and channels',
    method: 'GET',
    path: '/channels/{name}/issues',
    summary: 'Issues that may be open in a channel, by id',
    params: channelParam,
    query: z.strictObject({
      ...paging,
      verdict: z
        .enum(['affected', 'unknown'])
        .default('affected')
        .describe('What looks hit, or what nobody can say'),
    }),
    answers: { 200: listOf(issueBriefShape) },
    problems: [404],
    async answer({ site, params: { name }, query: { cursor, limit, verdict } }) {
      const all = await listChannels(site.database.queries);
      if (!all.some((channel) => channel.name === name))
        throw new MusterError('NOT_FOUND', `there is no channel ${name}`);
      const place = placeOf(cursor, z.tuple([z.string().max(40)]));
      const open = (await site.openIssues()).byChannel.get(name)?.[verdict] ?? [];
      const after = open.filter((id) => place === null || id > place[0]).sort();
      const { items, next } = pageOf(after.slice(0, limit + 1), limit, (id) => [id]);
      const issues = new Map(
        (await issuesById(site.database.queries, items)).map((issue) => [issue.id, issue]),
      );
      return reply(200, { items: items.flatMap((id) => issues.get(id) ?? []).map(brief), next });
    },
  }),
  operation({
    id: 'compareRevisions',
    tag: 'Packages and channels',
    method: 'GET',
    path: '/channels/{name}/compare',
    summary: 'What changed in a channel between two revisions',
    params: channelParam,
    query: z.strictObject({ from: which, to: which.default('latest') }),
    answers: { 200: diffShape },
    problems: [404],
    async answer({ site, params: { name }, query: { from, to } }) {
      const diff = await diffRevisions(site.database.queries, name, atOf(from), atOf(to));
      const stated = (each: z.input<typeof stateShape> & { attr: string }) => ({
        attr: each.attr,
        ...state(each),
      });
      return reply(200, {
        from: revision(diff.from),
        to: revision(diff.to),
        added: diff.added.map(stated),
        removed: diff.removed.map(stated),
        changed: diff.changed.map(({ attr, before, after, patchesAdded, patchesRemoved }) => ({
          attr,
          before: state(before),
          after: state(after),
          patchesAdded,
          patchesRemoved,
        })),
        otherwise: diff.otherwise,
      });
    },
  }),
];
