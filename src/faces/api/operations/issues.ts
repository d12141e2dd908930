import { z } from 'zod';
import { MusterError } from '#base/errors';
import {
  announcementsOf,
  atomsOf,
  boxId,
  createIssue,
  draftSchema,
  explainIssue,
  fieldsOfIssues,
  headsOfIssues,
  type Issue,
  issueById,
  issuesAfter,
  membershipsOf,
  mergeIssues,
  packagesOfIssues,
  splitIssue,
  statusesOf,
} from '#domain/issues';
import { decisionsOfIssues, hitsOfIssues } from '#domain/matching';
import { roundupsListing } from '#domain/roundup';
import { reportsById } from '#domain/sources';
import { threadsOfIssue } from '#domain/threads';
import { EDITABLES } from '#faces/editing';
import {
  CHANGE_ANSWERS,
  fieldBody,
  fieldShape,
  proposedShape,
  readField,
  setField,
  settled,
} from '../changes-answered.ts';
import { pageOf, placeOf } from '../cursor.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import {
  calledBy,
  calledShape,
  exploitationShape,
  exploitedFilter,
  issueId,
  listOf,
  moment,
  named,
  nameIn,
  paging,
  severityShape,
  verdictShape,
} from '../shapes.ts';

const briefShape = {
  id: z.string(),
  product: z.string(),
  title: z.string(),
  severity: severityShape.nullable(),
  opened: moment.describe('When its first report was published'),
  lastReport: moment,
};

export const issueBriefShape = named('IssueBrief', z.strictObject(briefShape));

const fieldState = z.strictObject({ value: z.unknown(), version: z.int() });

const boxShape = named(
  'Status',
  z.strictObject({
    package: z.string(),
    channel: z.string(),
    value: z.unknown().describe('The status with what goes with it'),
    version: z.int(),
    by: calledShape,
    at: moment,
  }),
);

const issueShape = named(
  'Issue',
  z.strictObject({
    ...briefShape,
    dismissed: z.boolean(),
    emergency: z.boolean(),
    exploitation: exploitationShape.nullable(),
    fields: z
      .record(z.string(), fieldState)
      .describe('What people said of it, by field; what nobody set is left out, and its version is 0'),
    vulnerabilities: z.array(z.string()),
    advisories: z.array(
      z.strictObject({
        id: z.string(),
        source: z.string(),
        published: moment.nullable(),
        url: z.string().nullable(),
        citedBy: z.array(z.string()),
      }),
    ),
    patches: z.array(
      z.strictObject({ url: z.string(), source: z.string(), vulnerability: z.string().nullable() }),
    ),
    reports: z.array(
      z.strictObject({
        source: z.string(),
        key: z.string(),
        title: z.string(),
        published: moment.nullable(),
        coverage: z.enum(['full', 'partial']),
        why: z.array(z.string()).describe('Why it belongs to the issue'),
      }),
    ),
    packages: z
      .array(
        z.strictObject({
          package: z.string(),
          kind: z.enum(['attribute', 'module', 'nix']),
          version: z.int(),
        }),
      )
      .describe('What people list under it'),
    suggestions: z.array(
      z.strictObject({
        package: z.string(),
        score: z.number(),
        reasons: z.array(z.string()),
        decision: z.unknown().describe('Null while nobody has decided'),
        version: z.int(),
        channels: z.array(
          z.strictObject({
            channel: z.string(),
            version: z.string(),
            verdict: verdictShape,
            patched: z.array(z.string()),
          }),
        ),
      }),
    ),
    statuses: z.array(boxShape).describe('What people decided; a box that is not here is unknown'),
    roundups: z.array(z.int()),
    threads: z
      .array(
        z.strictObject({
          number: z.int(),
          subject: z.string().nullable(),
          lists: z.array(z.string()).describe('List-Ids'),
          messages: z.int(),
          lastAt: moment.nullable(),
          waits: z.boolean(),
          attached: z.boolean().describe('It was attached to this issue, or became it'),
          issue: z.string().nullable().describe('The issue that it belongs to, or became'),
          names: z.array(z.string()).describe('Vulnerabilities of this issue that it names'),
        }),
      )
      .describe(
        'Threads of mailing lists that are attached to it or name its vulnerabilities, twenty at most: attached ones first, then by their last message',
      ),
  }),
);

const idParam = z.strictObject({ id: issueId });
const boxParams = z.strictObject({ id: issueId, package: nameIn, channel: nameIn });

/** The issue of that id as it stands. @throws MusterError NOT_FOUND, which names where it was merged into */
export async function standingIssue(site: ApiSite, id: string): Promise<Issue> {
  const found = await issueById(site.database.queries, id);
  if (found === null) throw new MusterError('NOT_FOUND', `there is no issue ${id}`);
  if (found.redirect !== null)
    throw new MusterError('NOT_FOUND', `${id} was merged into ${found.redirect}: ask for that`);
  return found.issue;
}

export function brief({ id, product, title, severity, opened, lastReport }: Issue) {
  return {
    id,
    product,
    title,
    severity,
    opened: opened.toISOString(),
    lastReport: lastReport.toISOString(),
  };
}

async function wholeIssue(site: ApiSite, issue: Issue): Promise<z.input<typeof issueShape>> {
  const { queries } = site.database;
  const ids = [issue.id];
  const [heads, fields, atoms, memberships, announced, listed, hits, decisions, statuses, roundups, about] =
    await Promise.all([
      headsOfIssues(queries, ids),
      fieldsOfIssues(queries, ids),
      atomsOf(queries, ids),
      membershipsOf(queries, ids),
      announcementsOf(queries, ids),
      packagesOfIssues(queries, ids),
      hitsOfIssues(queries, ids),
      decisionsOfIssues(queries, ids),
      statusesOf(queries, ids),
      roundupsListing(queries, issue.id),
      threadsOfIssue(site.database.pool, issue.id),
    ]);
  const reports = await reportsById(
    queries,
    memberships.map(({ report }) => report),
  );
  const [why, names] = await Promise.all([
    explainIssue(queries, issue.id),
    site.names(statuses.map(({ changedBy }) => changedBy)),
  ]);
  const head = heads.get(issue.id);
  const coverage = new Map(memberships.map((row) => [row.report, row.coverage]));
  const { advisories = [], patches = [] } = announced.get(issue.id) ?? {};
  const called = calledBy(names);
  return {
    ...brief(issue),
    title: head?.title ?? issue.title,
    severity: head?.severity ?? issue.severity,
    dismissed: head?.dismissed ?? false,
    emergency: head?.emergency ?? false,
    exploitation: head?.exploitation ?? null,
    fields: Object.fromEntries(
      fields.get(issue.id) === undefined ? [] : Object.entries(fields.get(issue.id) ?? {}),
    ),
    vulnerabilities: [...new Set(atoms.map(({ vulnerability }) => vulnerability))],
    advisories: advisories.map(({ id, source, published, url, citedBy }) => ({
      id,
      source,
      published: published?.toISOString() ?? null,
      url,
      citedBy,
    })),
    patches: patches.map(({ url, source, vulnerability }) => ({ url, source, vulnerability })),
    reports: reports.map(({ id, source, key, title, published }) => ({
      source,
      key,
      title,
      published: published?.toISOString() ?? null,
      coverage: coverage.get(id) ?? 'full',
      why: why.filter(({ report }) => report === id).map(({ sentence }) => sentence),
    })),
    packages: listed.map((each) => ({ package: each.package, kind: each.kind, version: each.version })),
    suggestions: [...new Set(hits.map(({ attr }) => attr))].map((attr) => {
      const own = hits.filter((hit) => hit.attr === attr);
      const decided = decisions.find(({ id }) => id === `${issue.id}/${attr}`);
      return {
        package: attr,
        score: own[0]?.score ?? 0,
        reasons: (own[0]?.reasons ?? []).map((reason) => reason.why),
        decision: decided?.value ?? null,
        version: decided?.version ?? 0,
        channels: own.map(({ channel, version, verdict, patched }) => ({
          channel,
          version,
          verdict,
          patched,
        })),
      };
    }),
    statuses: statuses.map(({ package: name, channel, value, version, changedBy, changedAt }) => ({
      package: name,
      channel,
      value,
      version,
      by: called(changedBy),
      at: changedAt.toISOString(),
    })),
    roundups,
    threads: about.threads.map(({ id, subject, lists, messages, lastAt, waits, attached, ...thread }) => ({
      ...{ number: id, subject, lists, messages, waits, attached },
      ...{ issue: thread.issue, names: thread.names },
      lastAt: lastAt?.toISOString() ?? null,
    })),
  };
}

const createdShape = named(
  'IssueCreated',
  z.strictObject({ issue: z.string(), vulnerability: z.string(), proposal: z.int().nullable() }),
);
const reasonBody = z.string().trim().min(1).max(1000).describe('Why: kept for good');

/** Security decides what is one problem and what is two; what grouping says gives way for good. */
function decisionOf(actor: string, reason: string) {
  return { author: actor, reason };
}

const placeShape = z.tuple([z.iso.datetime(), z.string().max(40)]);

export const issueOperations = [
  operation({
    id: 'listIssues',
    tag: 'Issues',
    method: 'GET',
    path: '/issues',
    summary: 'Issues that stand, the one with the latest report first',
    query: z.strictObject({
      ...paging,
      q: z.string().max(200).optional().describe('Words of the title'),
      product: z.string().max(200).optional(),
      severity: severityShape.optional(),
      exploited: exploitedFilter.optional(),
    }),
    answers: { 200: listOf(issueBriefShape) },
    async answer({ site, query: { cursor, limit, q, product, severity, exploited } }) {
      const place = placeOf(cursor, placeShape);
      const after = place === null ? null : { lastReport: new Date(place[0]), id: place[1] };
      const found = await issuesAfter(site.database.queries, {
        words: q,
        product,
        severity,
        exploited,
        after,
        limit: limit + 1,
      });
      const { items, next } = pageOf(found, limit, ({ lastReport, id }) => [lastReport.toISOString(), id]);
      return reply(200, { items: items.map(brief), next });
    },
  }),
  operation({
    id: 'getIssue',
    tag: 'Issues',
    method: 'GET',
    path: '/issues/{id}',
    summary: 'An issue with everything that hangs on it',
    description: 'One that was merged answers 308 and leads to what it became part of.',
    params: idParam,
    answers: {
      200: issueShape,
      308: named('IssueMoved', z.strictObject({ id: z.string(), movedTo: z.string() })),
    },
    problems: [404],
    async answer({ site, params: { id } }) {
      const found = await issueById(site.database.queries, id);
      if (found === null) throw new MusterError('NOT_FOUND', `there is no issue ${id}`);
      if (found.redirect !== null)
        return reply(308, { id, movedTo: found.redirect }, { Location: `/api/v1/issues/${found.redirect}` });
      return reply(200, await wholeIssue(site, found.issue));
    },
  }),
  operation({
    id: 'createIssue',
    tag: 'Issues',
    method: 'POST',
    path: '/issues',
    summary: 'Open an issue that no report tells of',
    description: 'Whoever may not decide proposes it (202).',
    least: 'contributor',
    body: z.strictObject({
      draft: draftSchema,
      key: z
        .string()
        .regex(/^[\w-]{8,64}$/)
        .describe('Chosen by you: sent again it is the same issue'),
      remark: z.string().trim().max(4000).optional(),
    }),
    answers: { 201: createdShape, 202: proposedShape },
    problems: [409, 422],
    async answer({ site, who, body: { draft, key, remark } }) {
      const { answer, issue, vulnerability } = await createIssue(site.database, who.actor, draft, {
        key,
        remark,
        kinds: EDITABLES,
        rules: site.rules,
        at: site.now(),
      });
      const done = await settled(site, answer);
      if (done.status === 202) return done;
      return reply(
        201,
        { issue: issue ?? '', vulnerability: vulnerability ?? '', proposal: done.body.proposal },
        { Location: `/api/v1/issues/${issue}` },
      );
    },
  }),
  operation({
    id: 'mergeIssues',
    tag: 'Issues',
    method: 'POST',
    path: '/issues/{id}/merge',
    summary: 'Make one issue of two, for good',
    least: 'security',
    params: idParam,
    body: z.strictObject({ with: issueId, reason: reasonBody }),
    answers: {
      200: named(
        'Merged',
        z.strictObject({ issue: z.string().describe('The id under which both stand now') }),
      ),
    },
    problems: [404, 422],
    async answer({ site, who, params: { id }, body }) {
      const issue = await mergeIssues(site.database, id, body.with, decisionOf(who.actor.id, body.reason));
      return reply(200, { issue });
    },
  }),
  operation({
    id: 'splitIssue',
    tag: 'Issues',
    method: 'POST',
    path: '/issues/{id}/split',
    summary: 'Take vulnerabilities out of an issue into one of their own',
    least: 'security',
    params: idParam,
    body: z.strictObject({
      vulnerabilities: z.array(z.string().max(60)).min(1).max(500),
      reason: reasonBody,
    }),
    answers: { 200: named('Split', z.strictObject({ kept: z.string(), taken: z.string() })) },
    problems: [404, 422],
    async answer({ site, who, params: { id }, body }) {
      const decision = decisionOf(who.actor.id, body.reason);
      const [kept, taken] = await splitIssue(site.database, id, body.vulnerabilities, decision);
      return reply(200, { kept, taken });
    },
  }),
  operation({
    id: 'getIssueField',
    tag: 'Issues',
    method: 'GET',
    path: '/issues/{id}/fields/{field}',
    summary: 'One field of an issue, with its version as ETag',
    params: z.strictObject({
      id: issueId,
      field: nameIn.describe('`title`, `severity`, `summary`, `claim` …'),
    }),
    answers: { 200: fieldShape },
    problems: [404],
    answer: ({ site, params: { id, field } }) => readField(site, { kind: 'issue', id, field }),
  }),
  operation({
    id: 'setIssueField',
    tag: 'Issues',
    method: 'PUT',
    path: '/issues/{id}/fields/{field}',
    summary: 'Set one field of an issue',
    least: 'contributor',
    params: z.strictObject({ id: issueId, field: nameIn }),
    body: fieldBody,
    answers: CHANGE_ANSWERS,
    problems: [403, 412, 422, 428],
    ifMatch: true,
    answer: (asked) => setField(asked, { kind: 'issue', id: asked.params.id, field: asked.params.field }),
  }),
  operation({
    id: 'listStatuses',
    tag: 'Issues',
    method: 'GET',
    path: '/issues/{id}/statuses',
    summary: 'What people decided of an issue, box by box',
    description: 'A box that is not in the list is unknown: nobody looked.',
    params: idParam,
    answers: { 200: listOf(boxShape) },
    problems: [404],
    async answer({ site, params: { id } }) {
      await standingIssue(site, id);
      const statuses = await statusesOf(site.database.queries, [id]);
      const called = calledBy(await site.names(statuses.map(({ changedBy }) => changedBy)));
      const items = statuses.map(({ package: name, channel, value, version, changedBy, changedAt }) => ({
        package: name,
        channel,
        value,
        version,
        by: called(changedBy),
        at: changedAt.toISOString(),
      }));
      return reply(200, { items, next: null });
    },
  }),
  operation({
    id: 'getStatus',
    tag: 'Issues',
    method: 'GET',
    path: '/issues/{id}/statuses/{package}/{channel}',
    summary: 'The status of one box, with its version as ETag',
    params: boxParams,
    answers: { 200: fieldShape },
    problems: [404],
    answer: ({ site, params: { id, package: name, channel } }) =>
      readField(site, { kind: 'status', id: boxId({ issue: id, package: name, channel }), field: 'value' }),
  }),
  operation({
    id: 'setStatus',
    tag: 'Issues',
    method: 'PUT',
    path: '/issues/{id}/statuses/{package}/{channel}',
    summary: 'Set the status of one box',
    least: 'contributor',
    params: boxParams,
    body: fieldBody,
    answers: CHANGE_ANSWERS,
    problems: [403, 412, 422, 428],
    ifMatch: true,
    answer: (asked) => {
      const { id, package: name, channel } = asked.params;
      return setField(asked, {
        kind: 'status',
        id: boxId({ issue: id, package: name, channel }),
        field: 'value',
      });
    },
  }),
];
