import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import { unwatch, watch, watchedAmong } from '#domain/issues';
import { mayReleaseBatch, mayRunSource } from '#domain/policies';
import {
  type Alarm,
  alarmWords,
  type Batch,
  lastAttempts,
  listAlarms,
  listBatches,
  nextFetch,
  PROBLEM_REASONS,
  quarantineCounts,
  quarantinedDocument,
  quarantinePage,
  type ReplayWish,
  readRaw,
  replay,
  runsOf,
  SOURCES,
  timesOfSources,
  wantSource,
} from '#domain/sources';
import { type Form, readings, sendPage, sendRaw } from '../answer.ts';
import { ownAddress, SOURCES_ADDRESS } from '../components/addresses.ts';
import { freshnessOf } from '../freshness.ts';
import { quarantinedRawAddress } from '../list-addresses.ts';
import type { Names } from '../names.ts';
import { type AlarmRow, type BatchRow, SourcePage, type SourcePageProps } from '../pages/source.tsx';
import { type SourceRow, SourcesPage, type SourcesPageProps } from '../pages/sources.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { pageOf, pagesOf, RequestRefused, wordsOf } from '../request-checks.ts';
import { requirePerson } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { whoOf } from '../who.ts';
import { sendNotFound } from './not-found.ts';

const SIZE = 50;
const SHOWN_ALARMS = 100;

/**
 * `/sources`: who publishes, how each source does, what waits for a person and what could not be read; `/sources/debian` with
 * its runs and alarms; the bytes of what could not be read below `/sources/quarantine/`.
 */
export function sourcesRoutes(app: Hono, site: Site): void {
  const { database, now } = site;
  const { queries } = database;
  const send = async (c: Context, form: Form) =>
    sendPage(c, site, form, await sourcesData(c, site), SourcesPage);
  app.get('/sources', (c) => send(c, 'html'));
  app.get('/sources.json', (c) => send(c, 'json'));

  app.get('/sources/:id', async (c) => {
    const wanted = readings(c.req.param('id')).at(-1);
    const source = SOURCES.find(({ id }) => id === wanted?.name);
    if (wanted === undefined || source === undefined) return sendNotFound(c, site);
    return sendPage(c, site, wanted.form, await sourceData(c, site, source.id), SourcePage);
  });

  app.get('/sources/quarantine/:id/raw', async (c) => {
    const id = c.req.param('id');
    const found = /^[1-9]\d{0,14}$/.test(id) ? await quarantinedDocument(queries, Number(id)) : null;
    const bytes = found === null ? null : await readRaw(queries, found);
    if (found === null || bytes === null) return sendNotFound(c, site);
    return sendRaw(c, bytes, `${found.source}-${found.document === '' ? found.path : found.document}`);
  });

  app.post('/sources/quarantine/replay', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const form = await readFields(c);
    const done = await replay(database, whoOf(c).actor, wishOf(form), now());
    if (wantsJson(c)) return c.json(done);
    return c.redirect(`${SOURCES_ADDRESS}?freed=${done.freed}&tried=${done.tried}#quarantine`, 303);
  });

  app.post('/sources/:id/watch', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const id = c.req.param('id');
    const known = id === 'all' || SOURCES.some((source) => source.id === id);
    return known ? watchSource(c, site, id) : sendNotFound(c, site);
  });

  app.post('/sources/:id/fetch', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const source = SOURCES.find(({ id }) => id === c.req.param('id'));
    if (source === undefined) return sendNotFound(c, site);
    if (!mayRunSource(whoOf(c).actor)) throw new MusterError('FORBIDDEN', 'fetching at once is for triagers');
    await wantSource(queries, source.id, now());
    if (wantsJson(c)) return c.json({ wanted: source.id });
    return c.redirect(ownAddress((await readFields(c)).get('back') ?? SOURCES_ADDRESS), 303);
  });
}

/** Tells whoever asks of what is wrong with a source from now on, or no more. */
async function watchSource(c: Context, site: Site, id: string): Promise<Response> {
  const form = await readFields(c);
  const topic = `source:${id}`;
  const { actor } = whoOf(c);
  const done =
    form.get('watch') === 'no'
      ? await unwatch(site.database, actor, topic)
      : await watch(site.database, actor, topic, site.now());
  if (wantsJson(c)) return c.json(done);
  return c.redirect(ownAddress(form.get('back') ?? SOURCES_ADDRESS), 303);
}

/** What somebody was just led here with; numbers alone, so that no address makes this page say anything else. */
function replayedIn(c: Context): { freed: number; tried: number } | null {
  const [freed = '', tried = ''] = [wordsOf(c, 'freed'), wordsOf(c, 'tried')];
  const number = /^\d{1,6}$/;
  return number.test(freed) && number.test(tried) ? { freed: Number(freed), tried: Number(tried) } : null;
}

/** One document by its number, or all of a source and a reason. */
function wishOf(form: URLSearchParams): ReplayWish {
  const id = form.get('id');
  if (id !== null) {
    if (!/^[1-9]\d{0,14}$/.test(id)) throw new RequestRefused(400, '"id" is the number of a document.');
    return { id: Number(id) };
  }
  const [source, reason] = [form.get('source') ?? '', form.get('reason') ?? ''];
  if (source !== '' && !SOURCES.some((each) => each.id === source))
    throw new RequestRefused(400, '"source" is none that there is.');
  if (reason !== '' && !PROBLEM_REASONS.some((each) => each === reason))
    throw new RequestRefused(400, '"reason" is none that there is.');
  return { source: source === '' ? undefined : source, reason: reason === '' ? undefined : reason };
}

async function sourcesData(c: Context, site: Site): Promise<Omit<SourcesPageProps, 'frame'>> {
  const { queries } = site.database;
  const { actor } = whoOf(c);
  const wanted = pageOf(c);
  const [of, reason] = [wordsOf(c, 'of'), wordsOf(c, 'reason')];
  const filter = { ...(of === '' ? {} : { source: of }), ...(reason === '' ? {} : { reason }) };
  const read = (page: number) =>
    quarantinePage(queries, { limit: SIZE, offset: (page - 1) * SIZE, ...filter });
  const [rows, alarms, waiting, first, counts, watched] = await Promise.all([
    sourceRows(site),
    listAlarms(queries, { open: true, limit: SHOWN_ALARMS }),
    listBatches(queries, { waiting: true }),
    read(wanted),
    quarantineCounts(queries),
    actor.account === null ? new Set<string>() : watchedAmong(queries, actor.account, ['source:all']),
  ]);
  const { page, pages } = pagesOf(first.total, SIZE, wanted);
  const { entries } = page === wanted ? first : await read(page);
  const names = await site.names([]);
  return {
    sources: rows,
    alarms: alarms.map(alarmRow),
    batches: waiting.map((batch) => batchRow(batch, names)),
    permission: actor.account === null ? 'refuse' : mayReleaseBatch(actor),
    mayRun: mayRunSource(actor),
    watching: actor.account === null ? null : watched.has('source:all'),
    replayed: replayedIn(c),
    quarantine: {
      rows: entries.map((entry) => ({
        ...entry,
        firstSeen: entry.firstSeen.toISOString(),
        lastSeen: entry.lastSeen.toISOString(),
        raw: quarantinedRawAddress(entry.id),
      })),
      counts,
      filter: { of: of === '' ? null : of, reason: reason === '' ? null : reason },
      page,
      pages,
      total: first.total,
    },
  };
}

async function sourceRows(site: Site): Promise<SourceRow[]> {
  const { queries } = site.database;
  const [states, attempts, times, alarms] = await Promise.all([
    site.sources(),
    lastAttempts(queries),
    timesOfSources(queries),
    listAlarms(queries, { open: true, limit: 1000 }),
  ]);
  const byId = new Map(states.map((state) => [state.source, state]));
  const now = site.now();
  return SOURCES.map((source) => {
    const state = byId.get(source.id);
    return {
      id: source.id,
      title: source.title,
      homepage: source.homepage,
      licence: { name: source.licence.name, url: source.licence.url },
      state: freshnessOf(source, state, now).state,
      // What was never held against real documents is said to be so until the network has shown some.
      unproven: !source.proven && times.get(source.id)?.provenAt == null,
      lastSuccess: state?.last_success?.toISOString() ?? null,
      lastAttempt: attempts.get(source.id)?.toISOString() ?? null,
      lastError: state?.last_error ?? null,
      nextRun: site.config.fetch
        ? (nextFetch(source, times.get(source.id), now)?.toISOString() ?? null)
        : null,
      newestReport: state?.newest?.toISOString() ?? null,
      reports: state?.reports ?? 0,
      quarantined: state?.quarantined ?? 0,
      expectEveryHours: source.expectEveryHours,
      usualPerWeek: source.usualPerWeek,
      alarms: alarms.filter((alarm) => alarm.source === source.id).length,
    };
  });
}

async function sourceData(c: Context, site: Site, id: string): Promise<Omit<SourcePageProps, 'frame'>> {
  const { queries } = site.database;
  const { actor } = whoOf(c);
  const topic = `source:${id}`;
  const [rows, alarms, batches, runs, counts, watched] = await Promise.all([
    sourceRows(site),
    listAlarms(queries, { source: id, limit: SHOWN_ALARMS }),
    listBatches(queries, { source: id, limit: 20 }),
    runsOf(queries, id, 20),
    quarantineCounts(queries),
    actor.account === null ? new Set<string>() : watchedAmong(queries, actor.account, [topic]),
  ]);
  const source = rows.find((row) => row.id === id);
  if (source === undefined) throw new MusterError('NOT_FOUND', `there is no source ${id}`);
  const names = await site.names(batches.map(({ decidedBy }) => decidedBy));
  return {
    source,
    alarms: alarms.map(alarmRow),
    batches: batches.map((batch) => batchRow(batch, names)),
    runs: runs.map((run) => ({
      ...run,
      startedAt: run.startedAt.toISOString(),
      endedAt: run.endedAt.toISOString(),
    })),
    quarantine: counts.filter((row) => row.source === id).map(({ reason, count }) => ({ reason, count })),
    permission: actor.account === null ? 'refuse' : mayReleaseBatch(actor),
    mayRun: mayRunSource(actor),
    watching: actor.account === null ? null : watched.has(topic),
  };
}

function alarmRow({ id, source, kind, subject, facts, openedAt, seenAt, closedAt }: Alarm): AlarmRow {
  return {
    ...{ id, source, kind, subject, facts },
    words: alarmWords(kind, facts),
    openedAt: openedAt.toISOString(),
    seenAt: seenAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  };
}

function batchRow(batch: Batch, names: Names): BatchRow {
  const { id, source, path, kind, facts, version, decision, decidedBy } = batch;
  return {
    ...{ id, source, path, kind, facts, version },
    heldAt: batch.heldAt.toISOString(),
    decision: decision?.as ?? null,
    by: decidedBy === null ? null : names(decidedBy).label,
    decidedAt: batch.decidedAt?.toISOString() ?? null,
    appliedAt: batch.appliedAt?.toISOString() ?? null,
    overtaken: batch.overtakenAt !== null,
  };
}
