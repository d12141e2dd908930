import { z } from 'zod';
import { MusterError } from '#base/errors';
import { parseId, parseProvisionalId } from '#base/formats';
import {
  aliasesOf,
  issuesOfVulnerability,
  LISTED_NUMBERS,
  numberFigures,
  numberStanding,
  vulnerabilitiesById,
} from '#domain/issues';
import { hitsOfIssues } from '#domain/matching';
import { exploitationOf, provisionalEntries, reportsNaming } from '#domain/sources';
import { cursorOf, placeOf } from '../cursor.ts';
import { operation, reply } from '../operation.ts';
import { day, listOf, moment, named, nameIn, paging, severityShape, verdictShape } from '../shapes.ts';
import { brief, issueBriefShape } from './issues.ts';

const vulnerabilityShape = named(
  'Vulnerability',
  z.strictObject({
    id: z.string(),
    known: z.boolean().describe('Whether anybody we read has spoken of it; what is not known is not safe'),
    aliases: z.array(z.string()),
    state: z.enum(['published', 'reserved', 'rejected']).nullable(),
    stateSince: moment.nullable().describe('As the records say, else since we saw it'),
    stateBy: z
      .array(z.string())
      .describe('Sources whose records say so; empty where reports name it and no record describes it'),
    neighbours: z
      .strictObject({ before: z.string().nullable(), after: z.string().nullable() })
      .nullable()
      .describe('Of a CVE number that nobody has spoken of: the nearest known ones of its year'),
    announcedFirst: z
      .strictObject({ source: z.string(), key: z.string(), published: moment.nullable() })
      .nullable()
      .describe('Of one that is reserved, or not described: who announced it all the same'),
    exploited: z
      .strictObject({ since: day, due: day.nullable(), ransomware: z.boolean() })
      .nullable()
      .describe('It stands in CISA’s catalogue of what is used by attackers'),
    likelihood: z
      .strictObject({ score: z.number(), percentile: z.number().nullable() })
      .nullable()
      .describe('EPSS: that it is used within 30 days, and the share of all that are less likely'),
    title: z.string().nullable(),
    description: z.string().nullable(),
    published: moment.nullable(),
    severity: severityShape.nullable(),
    score: z.number().nullable(),
    weaknesses: z.array(z.string()),
    reports: z.array(
      z.strictObject({ source: z.string(), key: z.string(), title: z.string(), kind: z.string() }),
    ),
    issues: z.array(issueBriefShape),
    packages: z
      .array(
        z.strictObject({
          issue: z.string(),
          channel: z.string(),
          package: z.string(),
          version: z.string(),
          verdict: verdictShape,
          why: z.string(),
        }),
      )
      .describe('What the matcher makes of it, channel by channel'),
  }),
);

const count = z.int().min(0);
const numbersShape = named(
  'Numbers',
  z.strictObject({
    madeAt: moment.nullable().describe('Null where nothing has been counted yet'),
    years: z.array(
      z.strictObject({
        year: z.int(),
        published: count,
        reserved: count.describe('Some record says so'),
        rejected: count,
        unrecorded: count.describe('Reports name it, and no record describes it'),
        highest: z.string(),
        missing: count.describe('Between two known ones, and spoken of by nobody'),
        gaps: count,
      }),
    ),
    reservedPublic: count,
    recordsRead: z
      .boolean()
      .describe('Whether the CVE list was ever read: if not, what reports name counts as not described'),
    provisional: z.array(z.strictObject({ prefix: z.string(), ids: count, issues: count })),
  }),
);
const reservedShape = named(
  'ReservedNumber',
  z.strictObject({
    id: z.string(),
    since: moment.nullable(),
    by: z.array(z.string()).describe('Sources whose records say that it is reserved'),
    first: z.strictObject({ source: z.string(), key: z.string(), published: moment.nullable() }),
    announcements: z.int(),
  }),
);

const provisionalShape = named(
  'ProvisionalId',
  z.strictObject({
    id: z.string(),
    kind: z
      .enum(['placeholder', 'temporary', 'renamed'])
      .describe('A placeholder is not unique: all that bear it are listed'),
    of: z.string().nullable().describe('The number that it is another name of'),
    entries: z.array(
      z.strictObject({
        ...{ source: z.string(), key: z.string(), title: z.string(), since: moment },
        goneAt: moment.nullable().describe('The source has it no more: it may have got its number'),
        packages: z.array(
          z.strictObject({ ecosystem: z.string(), vendor: z.string().nullable(), name: z.string() }),
        ),
      }),
    ),
  }),
);

export const vulnerabilityOperations = [
  operation({
    id: 'getProvisionalId',
    tag: 'Vulnerabilities',
    method: 'GET',
    path: '/provisional-ids/{id}',
    summary: 'What bears a provisional id (`CVE-2017-XXXX`, `TEMP-0628843-DBAD28`, `UBUNTU-CVE-2017-3731`)',
    params: z.strictObject({ id: nameIn }),
    answers: { 200: provisionalShape },
    problems: [404],
    async answer({ site, params }) {
      const wanted = parseProvisionalId(params.id);
      if (wanted === null) throw new MusterError('NOT_FOUND', `"${params.id}" is no provisional id`);
      const entries = await provisionalEntries(site.database.queries, wanted);
      return reply(200, {
        ...{ id: wanted.id, kind: wanted.kind, of: wanted.kind === 'renamed' ? wanted.of : null },
        entries: entries.map(({ source, key, title, since, goneAt, packages }) => ({
          ...{ source, key, title, packages },
          ...{ since: since.toISOString(), goneAt: goneAt?.toISOString() ?? null },
        })),
      });
    },
  }),
  operation({
    id: 'getNumbers',
    tag: 'Vulnerabilities',
    method: 'GET',
    path: '/numbers',
    summary: 'How many CVE numbers of each year are public, reserved, rejected, or spoken of by nobody',
    answers: { 200: numbersShape },
    async answer({ site }) {
      const [figures, sources] = await Promise.all([numberFigures(site.database.queries), site.sources()]);
      return reply(200, {
        madeAt: figures?.madeAt.toISOString() ?? null,
        years: figures?.years ?? [],
        reservedPublic: figures?.reservedPublic.total ?? 0,
        recordsRead: sources.some(({ source, reports }) => source === 'cve' && reports > 0),
        provisional: figures?.provisional ?? [],
      });
    },
  }),
  operation({
    id: 'listReservedNumbers',
    tag: 'Vulnerabilities',
    method: 'GET',
    path: '/numbers/reserved',
    summary: 'CVE numbers that distributions announce and no record describes, the latest announcement first',
    description: `The latest ${LISTED_NUMBERS}; \`reservedPublic\` of \`/numbers\` counts all of them.`,
    query: z.strictObject({ ...paging }),
    answers: { 200: listOf(reservedShape) },
    async answer({ site, query: { cursor, limit } }) {
      const offset = placeOf(cursor, z.tuple([z.int().min(0).max(100_000)]))?.[0] ?? 0;
      const latest = (await numberFigures(site.database.queries))?.reservedPublic.latest ?? [];
      const items = latest.slice(offset, offset + limit);
      const more = latest.length > offset + limit;
      return reply(200, { items, next: more ? cursorOf([offset + limit]) : null });
    },
  }),
  operation({
    id: 'getVulnerability',
    tag: 'Vulnerabilities',
    method: 'GET',
    path: '/vulnerabilities/{id}',
    summary: 'A vulnerability by any of its ids; there is an answer for every id',
    params: z.strictObject({ id: nameIn }),
    answers: { 200: vulnerabilityShape },
    problems: [404],
    async answer({ site, params }) {
      const { queries } = site.database;
      const id = parseId(params.id);
      if (id === null) throw new MusterError('NOT_FOUND', `"${params.id}" is no id of a vulnerability`);
      const [[own], reports, others, standing, [signals]] = await Promise.all([
        vulnerabilitiesById(queries, [id]),
        reportsNaming(queries, [id]),
        aliasesOf(queries, [id]),
        numberStanding(queries, id),
        exploitationOf(queries, [id]),
      ]);
      const aliases = [
        ...(own === undefined || own.canonical === id ? [] : [own.canonical]),
        ...others.map((other) => other.id),
      ];
      const ids = new Set([id, ...aliases]);
      const found = await Promise.all([...ids].map((name) => issuesOfVulnerability(queries, name)));
      const issues = [...new Map(found.flat().map((issue) => [issue.id, issue])).values()];
      const hits = await hitsOfIssues(
        queries,
        issues.map((issue) => issue.id),
      );
      return reply(200, {
        id,
        known: own !== undefined || reports.length > 0,
        aliases,
        state: own?.state ?? null,
        stateSince: standing.since?.toISOString() ?? null,
        stateBy: standing.by,
        neighbours: standing.neighbours,
        announcedFirst:
          standing.announced === null
            ? null
            : {
                ...standing.announced.first,
                published: standing.announced.first.published?.toISOString() ?? null,
              },
        exploited: signals?.known ?? null,
        likelihood: signals?.likelihood ?? null,
        title: own?.title ?? null,
        description: own?.description ?? null,
        published: own?.published?.toISOString() ?? null,
        severity: own?.severity ?? null,
        score: own?.score ?? null,
        weaknesses: own?.weaknesses ?? [],
        reports: reports.map(({ source, key, title, kind }) => ({ source, key, title, kind })),
        issues: issues.map(brief),
        packages: hits.map(({ issue, channel, attr, version, evidence }) => {
          const line = evidence.find(({ vulnerability }) => ids.has(vulnerability));
          return {
            issue,
            channel,
            package: attr,
            version,
            verdict: line?.verdict ?? ('unknown' as const),
            why: line?.why ?? '',
          };
        }),
      });
    },
  }),
];
