import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { loadConfig } from '#base/config';
import { type Database, openDatabase } from '#base/db';
import { machine } from '#domain/policies';
import { submitIn } from '#domain/proposals';
import { EDITABLES } from '#faces/editing';
import { createApp, loadAssets, startServer } from '#faces/web';

/** How long a change takes from its commit to everybody who looks at the page. */
export interface LiveFigure {
  listeners: number;
  changes: number;
  /** Messages that came; all is well where it is listeners × changes. */
  received: number;
  /** Milliseconds from the moment before COMMIT is sent to the message at a listener. */
  milliseconds: { median: number; p95: number; p99: number; worst: number };
  goal: number;
  holds: boolean;
}

const GOAL_MS = 100;
const ISSUE = 'NSI-2017-0001';
/** So many changes a second are more than fifty people make. */
const PAUSE_MS = 100;

/**
 * Opens real connections to a real server on a database of its own, changes a box again and again, and looks when each of
 * them hears of it. The listeners are a process of their own; times are of the one clock of the machine (process.hrtime).
 */
export async function benchLive({ listeners = 1_000, changes = 100 } = {}): Promise<LiveFigure> {
  const data = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  try {
    await using database = await openDatabase({ data }, { lingerSeconds: 1 });
    await seed(database);
    const app = createApp({
      database,
      config: loadConfig({}),
      assets: loadAssets(),
      log: { error: console.error, warn: () => {} },
      liveLimits: { total: listeners + 10, perAddress: listeners + 10 },
    });
    const server = await startServer(app, { host: '127.0.0.1', port: 0 });
    const asked = JSON.stringify({ url: server.url, listeners, topics: 'roundup:1,issue:*' });
    const clients = fork(join(import.meta.dirname, 'live-listeners.mjs'), [asked], {
      execArgv: [],
      serialization: 'advanced',
    });
    try {
      await messageOf(clients, 'listening');
      const committed = new Map<number, bigint>();
      for (let number = 0, saw = 0; number < changes; number++) {
        const { version, at } = await change(database, number, saw);
        committed.set(version, at);
        saw = version;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      clients.send('report');
      const heard = (await messageOf(clients, 'heard')) as { events: number[]; at: bigint[] };
      return figure(listeners, changes, committed, heard);
    } finally {
      clients.kill();
      await server.close();
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

function figure(
  listeners: number,
  changes: number,
  committed: ReadonlyMap<number, bigint>,
  heard: { events: number[]; at: bigint[] },
): LiveFigure {
  const took = heard.events
    .flatMap((event, index) => {
      const [began, at] = [committed.get(event), heard.at[index]];
      return began === undefined || at === undefined ? [] : [Number(at - began) / 1e6];
    })
    .sort((a, b) => a - b);
  const at = (share: number) =>
    round(took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN);
  const p95 = at(0.95);
  return {
    listeners,
    changes,
    received: took.length,
    milliseconds: { median: at(0.5), p95, p99: at(0.99), worst: at(1) },
    goal: GOAL_MS,
    holds: took.length === listeners * changes && p95 <= GOAL_MS,
  };
}

async function seed(database: Database): Promise<void> {
  await sql`insert into channel (name) values ('nixos-17.03')`.execute(database.queries);
  await sql`insert into issue (id, year, number, product, title, opened, last_report)
    values (${ISSUE}, 2017, 1, 'openssl', 'openssl: denial of service', '2017-01-26', '2017-01-26')`.execute(
    database.queries,
  );
}

/** Sets the box. @returns its entry in the history, and the moment before it was committed */
async function change(
  database: Database,
  number: number,
  saw: number,
): Promise<{ version: number; at: bigint }> {
  const value = { status: 'affected', note: `change ${number}` };
  const one = { kind: 'status', id: `${ISSUE}/openssl/nixos-17.03`, field: 'value', value, saw };
  const rules = { secondOpinion: false };
  return database.transaction(async (tx) => {
    const answer = await submitIn(tx, machine('bench'), { changes: [one] }, { kinds: EDITABLES, rules });
    const version = answer.outcome === 'accepted' ? answer.made[0]?.version : undefined;
    if (version === undefined) throw new Error(`the change was not made: ${JSON.stringify(answer)}`);
    return { version, at: process.hrtime.bigint() };
  });
}

function messageOf(clients: ChildProcess, kind: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const hear = (message: unknown) => {
      if ((message as { kind?: unknown }).kind !== kind) return;
      clients.off('message', hear);
      resolve(message);
    };
    clients.on('message', hear);
    clients.once('error', reject);
    clients.once('exit', (code) => reject(new Error(`the listeners ended with ${code}`)));
  });
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
