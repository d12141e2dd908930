import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from '#base/db';
import { MusterError } from '#base/errors';
import { type HttpClient, makeHttpClient } from '#base/http';
import type { Task } from '#base/jobs';
import { judgeByClock } from './end-run.ts';
import { askEveryHours } from './fetch-plans.ts';
import { fetchSource } from './fetch-source.ts';
import { SOURCES } from './registry.ts';
import type { Source } from './source.ts';
import { type SourceTimes, timesOfSources } from './store-runs.ts';

export interface SourceTaskOptions {
  /** Whether sources are fetched at all; they are judged all the same. */
  fetch: boolean;
  /** Folder of Muster's own files. */
  data: string;
  contact?: string | undefined;
  /** Others than those that Muster knows; for tests. */
  sources?: readonly Source[];
  client?: HttpClient;
}

const HOUR_MS = 3_600_000;

/**
 * What this room does by itself: each source that a person has fetched once is fetched again, each at a minute of its own,
 * and all are judged by the clock. A source that nobody ever fetched from the network is never gone out for.
 */
export function sourceTasks(
  database: Database,
  { fetch, data, contact, sources = SOURCES, client }: SourceTaskOptions,
): Task[] {
  let made = client;
  const keepUp = async (source: Source, now: Date): Promise<Record<string, unknown>> => {
    made ??= makeHttpClient({ contact });
    try {
      const options = { client: made, folder: join(data, 'fetch'), now: () => now };
      const done = await fetchSource(database, source, options);
      return done === null
        ? { busy: 1 }
        : { stored: done.stored, gone: done.gone, quarantined: done.quarantined };
    } catch (error) {
      // The run is written down and the source judged by it; the next one comes by its schedule, not sooner.
      if (error instanceof MusterError) return { failed: error.code };
      throw error;
    }
  };
  const fetching = sources.map(
    (source): Task => ({
      name: `sync-${source.id}`,
      schedule: scheduleOfSource(source),
      async run(now) {
        const times = (await timesOfSources(database.queries)).get(source.id);
        return isDue(source, times, now) ? keepUp(source, now) : { due: 0 };
      },
    }),
  );
  const watching: Task = {
    name: 'sources',
    schedule: '*/5 * * * *',
    async run(now) {
      const times = await timesOfSources(database.queries);
      const wanted = sources.filter(
        ({ id }) => times.get(id)?.wantedAt != null && times.get(id)?.fetchedAt != null,
      );
      const broken: unknown[] = [];
      if (fetch)
        for (const source of wanted) await keepUp(source, now).catch((error: unknown) => broken.push(error));
      let alarms = 0;
      for (const source of sources)
        if (times.get(source.id)?.fetchedAt != null) alarms += await judgeByClock(database, source, now);
      // A defect of ours in one keeps no other from being judged, and is told all the same.
      if (broken.length > 0) throw broken[0];
      return { wanted: wanted.length, alarms };
    },
  };
  return [...(fetch ? fetching : []), watching];
}

/** Every so many hours, at a minute and from an hour on that come from its name: so they are spread, and stay where they are. */
export function scheduleOfSource(source: Pick<Source, 'id' | 'expectEveryHours'>): string {
  const { minute, hour, every } = slotOf(source);
  const hours = Array.from({ length: 24 / every }, (_, n) => hour + n * every);
  return `${minute} ${hours.join(',')} * * *`;
}

function slotOf(source: Pick<Source, 'id' | 'expectEveryHours'>): {
  minute: number;
  hour: number;
  every: number;
} {
  const [a = 0, b = 0] = createHash('sha256').update(source.id).digest();
  const every = askEveryHours(source);
  return { minute: a % 60, hour: b % every, every };
}

/** When a source is fetched next by itself; null where nobody has fetched it yet. */
export function nextFetch(
  source: Pick<Source, 'id' | 'expectEveryHours'>,
  times: Pick<SourceTimes, 'fetchedAt' | 'wantedAt'> | undefined,
  now: Date,
): Date | null {
  if (times?.fetchedAt == null) return null;
  if (times.wantedAt !== null) return now;
  const { minute, hour, every } = slotOf(source);
  const next = new Date(now);
  next.setUTCMinutes(minute, 0, 0);
  if (next <= now) next.setTime(next.getTime() + HOUR_MS);
  while (next.getUTCHours() % every !== hour) next.setTime(next.getTime() + HOUR_MS);
  return next;
}

/** A worker that starts does what fell due meanwhile, and nothing that was just done. */
function isDue(source: Source, times: SourceTimes | undefined, now: Date): boolean {
  if (times?.fetchedAt == null || times.lastAttempt === null) return false;
  const passed = now.getTime() - times.lastAttempt.getTime();
  return times.wantedAt !== null || passed > (askEveryHours(source) - 0.5) * HOUR_MS;
}
