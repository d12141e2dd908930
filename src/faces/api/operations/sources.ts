import { z } from 'zod';
import { MusterError } from '#base/errors';
import { issuesOfReport } from '#domain/issues';
import {
  ALARM_KINDS,
  affectedOf,
  alarmWords,
  allLinks,
  describedReport,
  lastAttempts,
  listAlarms,
  listBatches,
  nextFetch,
  PROBLEM_REASONS,
  quarantinePage,
  replay,
  reportByKey,
  runsOf,
  SOURCES,
  type Source,
  sourceStates,
  timesOfSources,
  wantSource,
} from '#domain/sources';
import { CHANGE_ANSWERS, fieldBody, setField } from '../changes-answered.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import { listOf, moment, named, nameIn, numberIn, paging, severityShape } from '../shapes.ts';
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
    usualPerWeek: z.tuple([z.int(), z.int()]).describe('New or changed reports of an ordinary week'),
    proven: z.boolean().describe('False until a real document of it was read'),
    nextRun: moment.nullable().describe('Null where nobody has fetched it yet'),
    alarms: z.int().describe('How many are open'),
  }),
);

const alarmShape = named(
  'SourceAlarm',
  z.strictObject({
    number: z.int(),
    source: z.string(),
    kind: z.enum(ALARM_KINDS),
    subject: z.string().describe('The file or form that it is about; empty for the source as a whole'),
    words: z.string(),
    facts: z.record(z.string(), z.unknown()),
    openedAt: moment,
    seenAt: moment.describe('When it last held'),
    closedAt: moment.nullable(),
  }),
);

const batchShape = named(
  'HeldBatch',
  z.strictObject({
    number: z.int(),
    source: z.string(),
    path: z.string(),
    kind: z.enum(['few', 'gone', 'many']),
    facts: z.strictObject({
      gone: z.int(),
      of: z.int(),
      now: z.int(),
      changed: z.int(),
      examples: z.array(z.string()),
    }),
    heldAt: moment,
    decision: z.enum(['released', 'refused']).nullable(),
    version: z.int().describe('What an edit has to have seen'),
    decidedBy: z.string().nullable(),
    decidedAt: moment.nullable(),
    appliedAt: moment.nullable(),
    overtakenAt: moment.nullable(),
  }),
);

const runShape = named(
  'SourceRun',
  z.strictObject({
    number: z.int(),
    startedAt: moment,
    endedAt: moment,
    outcome: z.enum(['done', 'held', 'failed']),
    stored: z.int(),
    unchanged: z.int(),
    quarantined: z.int(),
    gone: z.int(),
    requests: z.int(),
    bytes: z.int(),
    error: z.string().nullable(),
  }),
);

async function batches(
  site: ApiSite,
  filter: Parameters<typeof listBatches>[1],
): Promise<z.input<typeof batchShape>[]> {
  const found = await listBatches(site.database.queries, filter);
  const names = await site.names(found.map(({ decidedBy }) => decidedBy));
  return found.map(({ id, decision, decidedBy, heldAt, decidedAt, appliedAt, overtakenAt, ...batch }) => ({
    ...{ source: batch.source, path: batch.path, kind: batch.kind, version: batch.version },
    number: id,
    facts: {
      ...{ gone: batch.facts.gone, of: batch.facts.of, now: batch.facts.now },
      ...{ changed: batch.facts.changed, examples: batch.facts.examples },
    },
    heldAt: heldAt.toISOString(),
    decision: decision?.as ?? null,
    decidedBy: decidedBy === null ? null : names(decidedBy).label,
    decidedAt: decidedAt?.toISOString() ?? null,
    appliedAt: appliedAt?.toISOString() ?? null,
    overtakenAt: overtakenAt?.toISOString() ?? null,
  }));
}

function known(id: string): Source {
  const source = SOURCES.find((each) => each.id === id);
  if (source === undefined) throw new MusterError('NOT_FOUND', `there is no source ${id}`);
  return source;
}

const sourceFilter = z.string().max(60).optional().describe('Only of this source');

async function sources(site: ApiSite): Promise<z.input<typeof sourceShape>[]> {
  const { queries } = site.database;
  const [states, attempts, times, alarms] = await Promise.all([
    sourceStates(queries),
    lastAttempts(queries),
    timesOfSources(queries),
    listAlarms(queries, { open: true, limit: 1000 }),
  ]);
  const byId = new Map(states.map((state) => [state.source, state]));
  return SOURCES.map((source) => {
    const { id, title, homepage, licence, expectEveryHours, usualPerWeek } = source;
    const state = byId.get(id);
    const next = site.config.fetch ? nextFetch(source, times.get(id), site.now()) : null;
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
      usualPerWeek: [...usualPerWeek],
      proven: source.proven || times.get(id)?.provenAt != null,
      nextRun: next?.toISOString() ?? null,
      alarms: alarms.filter((alarm) => alarm.source === id).length,
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
    id: 'listSourceRuns',
    tag: 'Sources',
    method: 'GET',
    path: '/sources/{id}/runs',
    summary: 'The last runs over a source, the latest first',
    params: z.strictObject({ id: nameIn }),
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
    answers: { 200: listOf(runShape) },
    problems: [404],
    async answer({ site, params: { id }, query: { limit } }) {
      const runs = await runsOf(site.database.queries, known(id).id, limit);
      const items = runs.map(({ id: number, startedAt, endedAt, ...run }) => ({
        ...{ number, startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString() },
        ...run,
      }));
      return reply(200, { items, next: null });
    },
  }),
  operation({
    id: 'fetchSource',
    tag: 'Sources',
    method: 'POST',
    path: '/sources/{id}/fetch',
    summary: 'Have a source fetched within minutes',
    description: 'Only one that somebody has fetched before is fetched by itself.',
    least: 'triager',
    params: z.strictObject({ id: nameIn }),
    answers: { 200: named('SourceWanted', z.strictObject({ wanted: z.string() })) },
    problems: [403, 404],
    async answer({ site, params: { id } }) {
      await wantSource(site.database.queries, known(id).id, site.now());
      return reply(200, { wanted: id });
    },
  }),
  operation({
    id: 'listAlarms',
    tag: 'Sources',
    method: 'GET',
    path: '/alarms',
    summary: 'What is, or was, wrong with sources: those that are open first, then the latest',
    query: z.strictObject({
      ...paging,
      open: z.enum(['yes']).optional().describe('Only those that are open'),
      source: sourceFilter,
    }),
    answers: { 200: listOf(alarmShape) },
    async answer({ site, query: { cursor, limit, open, source } }) {
      const [offset] = placeOf(cursor, z.tuple([z.int().min(0).max(1_000_000)])) ?? [0];
      const found = await listAlarms(site.database.queries, {
        ...{ open: open === 'yes', limit: limit + 1, offset },
        ...(source === undefined ? {} : { source }),
      });
      const items = found
        .slice(0, limit)
        .map(({ id, kind, facts, subject, openedAt, seenAt, closedAt, ...alarm }) => ({
          ...{ number: id, source: alarm.source, kind, subject, words: alarmWords(kind, facts) },
          facts: { ...facts },
          openedAt: openedAt.toISOString(),
          seenAt: seenAt.toISOString(),
          closedAt: closedAt?.toISOString() ?? null,
        }));
      return reply(200, { items, next: found.length > limit ? cursorOf([offset + limit]) : null });
    },
  }),
  operation({
    id: 'listBatches',
    tag: 'Sources',
    method: 'GET',
    path: '/batches',
    summary:
      'Files that were held back since they are unlike what their source sent before, the latest first',
    query: z.strictObject({
      waiting: z.enum(['yes']).optional().describe('Only those that nobody decided on'),
      source: sourceFilter,
    }),
    answers: { 200: listOf(batchShape) },
    async answer({ site, query: { waiting, source } }) {
      const filter = { waiting: waiting === 'yes', ...(source === undefined ? {} : { source }) };
      return reply(200, { items: await batches(site, filter), next: null });
    },
  }),
  operation({
    id: 'decideBatch',
    tag: 'Sources',
    method: 'PUT',
    path: '/batches/{number}/decision',
    summary: 'Release a batch that was held back, or refuse it',
    description: 'The value is `{"as": "released"}`, `{"as": "refused"}` or null; why goes into the remark.',
    least: 'contributor',
    params: z.strictObject({ number: numberIn }),
    body: fieldBody,
    answers: CHANGE_ANSWERS,
    problems: [403, 404, 409, 412, 422, 428],
    ifMatch: true,
    answer: (asked) => setField(asked, { kind: 'batch', id: String(asked.params.number), field: 'decision' }),
  }),
  operation({
    id: 'replayQuarantine',
    tag: 'Sources',
    method: 'POST',
    path: '/quarantine/replay',
    summary: 'Have quarantined documents read again, after a parser was mended',
    least: 'triager',
    body: z.union([
      z.strictObject({ number: z.int().min(1) }),
      z.strictObject({
        source: z.string().max(60).optional(),
        reason: z.enum(PROBLEM_REASONS).optional(),
      }),
    ]),
    answers: {
      200: named('Replayed', z.strictObject({ tried: z.int(), freed: z.int(), refused: z.int() })),
    },
    problems: [403, 404, 422],
    async answer({ site, who, body }) {
      const wish =
        'number' in body
          ? { id: body.number }
          : { reason: body.reason, source: body.source === undefined ? undefined : known(body.source).id };
      return reply(200, { ...(await replay(site.database, who.actor, wish, site.now())) });
    },
  }),
  operation({
    id: 'listQuarantine',
    tag: 'Sources',
    method: 'GET',
    path: '/quarantine',
    summary: 'Documents that could not be read, the latest first',
    query: z.strictObject({
      ...paging,
      source: sourceFilter,
      reason: z.enum(PROBLEM_REASONS).optional().describe('Only for this reason'),
    }),
    answers: { 200: listOf(quarantineShape) },
    async answer({ site, query: { cursor, limit, source: of, reason: why } }) {
      const filter = {
        ...(of === undefined ? {} : { source: of }),
        ...(why === undefined ? {} : { reason: why }),
      };
      const offset = placeOf(cursor, z.tuple([z.int().min(0).max(1_000_000)]))?.[0] ?? 0;
      const { entries, total } = await quarantinePage(site.database.queries, { limit, offset, ...filter });
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
