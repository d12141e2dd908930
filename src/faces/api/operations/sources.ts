import { z } from 'zod';
import { MusterError } from '#base/errors';
import { issuesOfReport } from '#domain/issues';
import {
  affectedOf,
  allLinks,
  describedReport,
  lastAttempts,
  quarantinePage,
  reportByKey,
  SOURCES,
  sourceStates,
} from '#domain/sources';
import { cursorOf, placeOf } from '../cursor.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import { listOf, moment, named, nameIn, paging, severityShape } from '../shapes.ts';
import { brief, issueBriefShape } from './issues.ts';

const sourceShape = named(
  'Source',
  z.strictObject({
    id: z.string(),
    title: z.string(),
    homepage: z.string(),
    licence: z.strictObject({ name: z.string(), url: z.string(), attribution: z.string() }),
    reports: z.int(),
    newest: moment.nullable(),
    lastSuccess: moment.nullable(),
    lastAttempt: moment.nullable(),
    lastError: z.string().nullable(),
    quarantined: z.int(),
    expectEveryHours: z.number().describe('A longer silence than this raises an alarm'),
  }),
);

async function sources(site: ApiSite): Promise<z.input<typeof sourceShape>[]> {
  const { queries } = site.database;
  const [states, attempts] = await Promise.all([sourceStates(queries), lastAttempts(queries)]);
  const byId = new Map(states.map((state) => [state.source, state]));
  return SOURCES.map(({ id, title, homepage, licence, expectEveryHours }) => {
    const state = byId.get(id);
    return {
      id,
      title,
      homepage,
      licence: { name: licence.name, url: licence.url, attribution: licence.attribution },
      reports: state?.reports ?? 0,
      newest: state?.newest?.toISOString() ?? null,
      lastSuccess: state?.last_success?.toISOString() ?? null,
      lastAttempt: attempts.get(id)?.toISOString() ?? null,
      lastError: state?.last_error ?? null,
      quarantined: state?.quarantined ?? 0,
      expectEveryHours,
    };
  });
}

const quarantineShape = named(
  'QuarantinedDocument',
  z.strictObject({
    number: z.int(),
    source: z.string(),
    path: z.string(),
    document: z.string(),
    reason: z.string(),
    place: z.string(),
    message: z.string(),
    firstSeen: moment,
    lastSeen: moment,
    raw: z.string().describe('Where its bytes are'),
  }),
);

const reportShape = named(
  'Report',
  z.strictObject({
    source: z.string(),
    key: z.string(),
    kind: z.enum(['advisory', 'record', 'tracker']),
    title: z.string(),
    description: z.string().nullable(),
    url: z.string().nullable(),
    published: moment.nullable(),
    modified: moment.nullable(),
    fetchedFirst: moment,
    fetchedLast: moment,
    revision: z.int(),
    goneAt: moment.nullable(),
    withdrawn: z.string().nullable(),
    severity: severityShape.nullable(),
    severityAs: z.string().nullable().describe('As the source wrote it'),
    vulnerabilities: z.array(z.string()),
    aliases: z.array(z.string()),
    cites: z.array(z.string()),
    weaknesses: z.array(z.string()),
    cvss: z.array(
      z.strictObject({
        version: z.string(),
        vector: z.string(),
        score: z.number(),
        by: z.string().nullable(),
      }),
    ),
    links: z.array(z.strictObject({ url: z.string(), kind: z.string(), note: z.string().nullable() })),
    affected: z.array(
      z.strictObject({
        ecosystem: z.string(),
        vendor: z.string().nullable(),
        name: z.string(),
        release: z.string().nullable(),
        status: z.string().nullable(),
        fixed: z.string().nullable(),
        versions: z.unknown(),
        vulnerability: z.string().nullable(),
        note: z.string().nullable(),
      }),
    ),
    issues: z.array(issueBriefShape),
    raw: z.string().describe('Where its bytes are, as they came'),
  }),
);

export const sourceOperations = [
  operation({
    id: 'listSources',
    tag: 'Sources',
    method: 'GET',
    path: '/sources',
    summary: 'Who publishes, and how each source does',
    answers: { 200: listOf(sourceShape) },
    async answer({ site }) {
      return reply(200, { items: await sources(site), next: null });
    },
  }),
  operation({
    id: 'getSource',
    tag: 'Sources',
    method: 'GET',
    path: '/sources/{id}',
    summary: 'One source',
    params: z.strictObject({ id: nameIn }),
    answers: { 200: sourceShape },
    problems: [404],
    async answer({ site, params: { id } }) {
      const source = (await sources(site)).find((each) => each.id === id);
      if (source === undefined) throw new MusterError('NOT_FOUND', `there is no source ${id}`);
      return reply(200, source);
    },
  }),
  operation({
    id: 'listQuarantine',
    tag: 'Sources',
    method: 'GET',
    path: '/quarantine',
    summary: 'Documents that could not be read, the latest first',
    query: z.strictObject(paging),
    answers: { 200: listOf(quarantineShape) },
    async answer({ site, query: { cursor, limit } }) {
      const offset = placeOf(cursor, z.tuple([z.int().min(0).max(1_000_000)]))?.[0] ?? 0;
      const { entries, total } = await quarantinePage(site.database.queries, { limit, offset });
      const items = entries.map(
        ({ id, source, path, document, reason, place, message, firstSeen, lastSeen }) => ({
          number: id,
          source,
          path,
          document,
          reason,
          place,
          message,
          firstSeen: firstSeen.toISOString(),
          lastSeen: lastSeen.toISOString(),
          raw: `/sources/quarantine/${id}/raw`,
        }),
      );
      return reply(200, { items, next: offset + limit < total ? cursorOf([offset + limit]) : null });
    },
  }),
  operation({
    id: 'getReport',
    tag: 'Vulnerabilities',
    method: 'GET',
    path: '/reports/{source}/{key}',
    summary: 'One document of a source, as it was read',
    params: z.strictObject({ source: nameIn, key: nameIn }),
    answers: { 200: reportShape },
    problems: [404],
    async answer({ site, params: { source, key } }) {
      const { queries } = site.database;
      const report = await reportByKey(queries, source, key);
      if (report === null) throw new MusterError('NOT_FOUND', `there is no report ${key} of ${source}`);
      const [affected, issues, links] = await Promise.all([
        affectedOf(queries, [report.id]),
        issuesOfReport(queries, report.id),
        allLinks(queries, report),
      ]);
      return reply(200, {
        source,
        key: report.key,
        ...describedReport(report, links),
        affected: affected.map(
          ({ ecosystem, vendor, name, release, status, fixed, versions, vulnerability, note }) => ({
            ecosystem,
            vendor,
            name,
            release,
            status,
            fixed,
            versions,
            vulnerability,
            note,
          }),
        ),
        issues: issues.map(brief),
        raw: `/reports/${encodeURIComponent(source)}/${encodeURIComponent(report.key)}/raw`,
      });
    },
  }),
];
