import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, openDatabase, verifyLog } from '#base/db';
import { makeHttpClient } from '#base/http';
import { importRevision, parsePackageSet } from '#domain/channels';
import { rematch } from '#domain/matching';
import { openRoundup } from '#domain/roundup';
import {
  type AlarmKind,
  alarmWords,
  fetchSource,
  listAlarms,
  type Source,
  sourceNamed,
} from '#domain/sources';
import { type Manner, type OutageServer, startOutageServer } from './outage-server.ts';

/** What each source does, and the alarm that is due. */
const PLAN: readonly { source: string; manner: Manner; alarm: AlarmKind | null }[] = [
  { source: 'drill-off', manner: 'off', alarm: 'off' },
  { source: 'drill-frozen', manner: 'frozen', alarm: 'silent' },
  { source: 'drill-html', manner: 'html', alarm: 'html' },
  { source: 'drill-few', manner: 'few', alarm: 'few' },
  { source: 'drill-half', manner: 'half', alarm: 'gone' },
  { source: 'drill-well', manner: 'well', alarm: null },
];

export interface OutageFigure {
  holds: boolean;
  /** Alarms that were open while the sources misbehaved. */
  alarms: number;
  /** Of each source: what was due, and what was raised in words. */
  bySource: Record<string, { due: AlarmKind | null; raised: AlarmKind[]; words: string[] }>;
  /** Reports before, and those of them that were taken back, changed or missing afterwards. */
  reports: number;
  lost: number;
  /** Reports that the source that worked brought meanwhile. */
  came: number;
  roundup: { number: number; lines: number };
  /** Alarms that were still open once all sources worked again. */
  stillOpen: number;
  log: { entries: number; holds: boolean };
  seconds: number;
}

const DAY_MS = 86_400_000;

/**
 * Lets five of six sources fail, each in its own way, against a server on this machine and a database of its own: first all
 * work, then two runs in which they misbehave, then all work again: most of them answer that nothing changed since they did.
 */
export async function drillOutage(progress: (words: string) => void = () => {}): Promise<OutageFigure> {
  const data = await mkdtemp(join(tmpdir(), 'muster-drill-'));
  const started = performance.now();
  // Noon, so that a day is the same one throughout.
  const today = new Date();
  today.setUTCHours(12, 0, 0, 0);
  const begin = new Date(today.getTime() - 5 * DAY_MS);
  try {
    await using database = await openDatabase({ data }, { lingerSeconds: 1 });
    await using server = await startOutageServer(
      PLAN.map(({ source }) => source),
      begin,
    );
    await using client = makeHttpClient({ local: true, pauseMs: 1 });
    const run = async (now: Date) => {
      for (const source of sourcesAt(server)) {
        progress(`${source.id} on ${now.toISOString().slice(0, 10)}`);
        // That it fails is what the drill is for: the alarms tell.
        await fetchSource(database, source, { client, folder: join(data, 'fetch'), now: () => now }).catch(
          () => {},
        );
      }
    };
    await importPackages(database);
    await run(begin);
    const before = await reportsOf(database);
    for (const { source, manner } of PLAN) server.behave(source, manner);
    server.pass(today);
    await run(new Date(today.getTime() - 3_600_000));
    await run(today);
    const raised = await listAlarms(database.queries, { open: true });
    const after = await reportsOf(database);
    progress('grouping, matching, opening the roundup');
    await rematch(database);
    const { number, lines } = await openRoundup(database, { actor: 'drill', at: today });
    for (const { source } of PLAN) server.behave(source, 'well');
    server.pass(today, 'drill-frozen');
    await run(new Date(today.getTime() + 3_600_000));
    const stillOpen = (await listAlarms(database.queries, { open: true })).length;
    const bySource: OutageFigure['bySource'] = {};
    for (const { source, alarm } of PLAN) {
      const own = raised.filter((each) => each.source === source);
      bySource[source] = {
        due: alarm,
        raised: own.map(({ kind }) => kind),
        words: own.map(({ kind, facts }) => alarmWords(kind, facts)),
      };
    }
    const lost = [...before].filter(([key, raw]) => after.get(key) !== raw).length;
    const came = after.size - before.size;
    const log = await proof(database);
    const due = Object.values(bySource).every(({ due: one, raised: kinds }) =>
      one === null ? kinds.length === 0 : kinds.length === 1 && kinds[0] === one,
    );
    return {
      holds:
        due && raised.length === 5 && lost === 0 && came > 0 && lines > 0 && stillOpen === 0 && log.holds,
      alarms: raised.length,
      bySource,
      ...{ reports: before.size, lost, came, roundup: { number, lines }, stillOpen, log },
      seconds: Math.round(performance.now() - started) / 1000,
    };
  } finally {
    await rm(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  }
}

/** Six sources that publish as Debian does; only one of them is expected to say something every other day. */
function sourcesAt({ url }: OutageServer): Source[] {
  const debian = sourceNamed('debian');
  return PLAN.map(({ source, manner }) => ({
    ...debian,
    id: source,
    aliases: [],
    expectEveryHours: manner === 'frozen' ? 48 : 30 * 24,
    feeds: [{ format: 'dsa-list', url: `${url}/${source}`, path: 'data/DSA/list', since: '2017-01-01' }],
  }));
}

/** Packages that the advisories may hit: without them nothing comes on a roundup. */
async function importPackages(database: Database): Promise<void> {
  const names = ['openssl', 'curl', 'bash', 'gnutls', 'libxml2', 'zlib'];
  const set = Object.fromEntries(
    names.map((name) => [name, { name: `${name}-1.0`, pname: name, version: '1.0' }]),
  );
  await importRevision(database, {
    channel: 'nixos-unstable',
    commit: 'd'.repeat(40),
    committedAt: new Date('2017-01-01T00:00:00Z'),
    set: parsePackageSet(Buffer.from(JSON.stringify(set))),
    patches: new Map(),
  });
}

/** Reports that stand, each with the hash of its bytes. */
async function reportsOf({ queries }: Database): Promise<Map<string, string>> {
  const { rows } = await sql<{ key: string; raw: string }>`
    select source || ' ' || key as key, encode(raw, 'hex') as raw from report where gone_at is null`.execute(
    queries,
  );
  return new Map(rows.map(({ key, raw }) => [key, raw]));
}

async function proof({ queries }: Database): Promise<OutageFigure['log']> {
  try {
    return { entries: (await verifyLog(queries)).entries, holds: true };
  } catch {
    return { entries: 0, holds: false };
  }
}
