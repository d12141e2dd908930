import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, eventsAfter, openDatabase, verifyLog } from '#base/db';
import { createAccount, makeToken } from '#domain/accounts';
import { boxId, type Status, statusesOf } from '#domain/issues';
import { machine } from '#domain/policies';
import { type Editor, letEdit } from './drill-editors.ts';
import { type DrilledServer, startDrilledServer } from './drill-server.ts';
import { type Entry, isClean, judge, type Standing, type Verdict } from './drill-verdict.ts';

export interface DrillSize {
  editors: number;
  boxes: number;
  changes: number;
  /** How often the server is killed meanwhile. */
  kills: number;
}

/** What came out: `holds` where nothing was lost, duplicated or left without an answer, and the history proves itself. */
export interface DrillFigure extends Verdict {
  holds: boolean;
  changes: number;
  editors: number;
  boxes: number;
  /** How often the server was killed, and how often its database with it. */
  kills: { server: number; database: number };
  /** Requests that got no answer and were sent again. */
  resent: number;
  log: { entries: number; holds: boolean };
  seconds: number;
}

const CHANNELS = ['nixos-16.03', 'nixos-16.09', 'nixos-17.03', 'nixos-17.09', 'nixos-unstable'];
const PACKAGES = ['openssl', 'curl'];
const HASTE_MS = 500;

/**
 * Lets many edit few boxes at once, over HTTP, on a server and a database of its own, and afterwards compares what each of them
 * was told with what is there. With kills the server gets SIGKILL while they edit, and every second time PostgreSQL too.
 */
export async function drillEdits(
  { editors, boxes, changes, kills }: DrillSize,
  progress: (words: string) => void = () => {},
): Promise<DrillFigure> {
  const data = await mkdtemp(join(tmpdir(), 'muster-drill-'));
  let server: DrilledServer | null = null;
  try {
    progress('making accounts and issues');
    const everybody = await prepare(data, { editors, boxes, changes });
    server = await startDrilledServer(data);
    const killed = { server: 0, database: 0 };
    const started = performance.now();
    const killer = makeKiller(server, { changes, kills, killed, progress });
    const { attempts, resent } = await letEdit({
      url: server.url,
      editors: everybody,
      onAnswer: (answered) => {
        if (answered % 50 === 0) progress(`${answered} of ${changes} changes`);
        killer.look(answered);
      },
    });
    const seconds = Math.round(performance.now() - started) / 1000;
    await killer.done();
    await server.stop();
    progress('comparing');
    await using database = await openDatabase({ data }, { lingerSeconds: 1 });
    const verdict = judge(attempts, await entriesOf(database), await boxesOf(database));
    const log = await proof(database);
    return {
      holds: isClean(verdict) && log.holds && killed.server === kills && attempts.length === changes,
      changes: attempts.length,
      editors,
      boxes,
      kills: killed,
      ...verdict,
      resent,
      log,
      seconds,
    };
  } finally {
    await server?.stop();
    await rm(data, { recursive: true, force: true, maxRetries: 5, retryDelay: HASTE_MS });
  }
}

interface Killing {
  changes: number;
  kills: number;
  killed: { server: number; database: number };
  progress: (words: string) => void;
}

/** Kills at even distances, each time in the middle of what is under way. */
function makeKiller(server: DrilledServer, { changes, kills, killed, progress }: Killing) {
  let last: Promise<void> = Promise.resolve();
  return {
    look(answered: number) {
      if (killed.server === kills || answered < ((killed.server + 1) * changes) / (kills + 1)) return;
      killed.server += 1;
      const database = killed.server % 2 === 0;
      if (database) killed.database += 1;
      progress(`kill ${killed.server} of ${kills}`);
      last = last.then(() => server.kill({ database }));
    },
    done: () => last,
  };
}

/** Accounts with tokens, and issues with boxes that nobody has set. */
async function prepare(
  data: string,
  { editors, boxes, changes }: Omit<DrillSize, 'kills'>,
): Promise<Editor[]> {
  await using database = await openDatabase({ data }, { lingerSeconds: 1 });
  const all = await makeBoxes(database, boxes);
  const now = new Date();
  const everybody: Editor[] = [];
  for (let who = 0; who < editors; who += 1) {
    const handle = `editor-${who}`;
    const person = { handle, name: `Editor ${who}`, email: '', role: 'triager', password: null } as const;
    const made = await createAccount(database, machine('drill'), person, now);
    if (made.outcome !== 'done') throw new Error(made.why);
    const wanted = { name: 'drill', scopes: ['write'], days: 1 };
    const token = await makeToken(database, machine('drill'), made.account.id, wanted, now);
    if (token.outcome !== 'done') throw new Error(token.why);
    const share = Math.floor(changes / editors) + (who < changes % editors ? 1 : 0);
    everybody.push({ token: token.token, plan: planOf(all, who, share) });
  }
  return everybody;
}

async function makeBoxes({ queries }: Database, count: number): Promise<string[]> {
  await sql`insert into channel (name) select unnest(${CHANNELS}::text[])`.execute(queries);
  const perIssue = CHANNELS.length * PACKAGES.length;
  const issues = Array.from(
    { length: Math.ceil(count / perIssue) },
    (_, i) => `NSI-2017-${String(i + 1).padStart(4, '0')}`,
  );
  await sql`insert into issue (id, year, number, product, title, opened, last_report)
    select id, 2017, right(id, 4)::int, 'openssl', 'openssl: flaw', '2017-01-26', '2017-01-26'
    from unnest(${issues}::text[]) id`.execute(queries);
  await sql`insert into issue_package (issue, package, version)
    select id, name, 0 from unnest(${issues}::text[]) id, unnest(${PACKAGES}::text[]) name`.execute(queries);
  return issues
    .flatMap((issue) =>
      PACKAGES.flatMap((name) => CHANNELS.map((channel) => boxId({ issue, package: name, channel }))),
    )
    .slice(0, count);
}

/** Which boxes somebody goes through: every second time one of the first tenth, where everybody is. The same in every run. */
function planOf(boxes: readonly string[], who: number, length: number): string[] {
  const crowded = Math.max(1, Math.floor(boxes.length / 10));
  return Array.from({ length }, (_, number) => {
    const step = number * 37 + who * 13;
    return boxes[number % 2 === 0 ? step % crowded : step % boxes.length] ?? '';
  });
}

async function entriesOf({ queries }: Database): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let after = 0; ; ) {
    const events = await eventsAfter(queries, after, 5000);
    const last = events.at(-1);
    if (last === undefined) return entries;
    after = last.id;
    for (const { id, type, payload } of events) {
      if (type !== 'status.set' || payload === null) continue;
      const { id: box, value, was } = payload as { id: string; value: Status | null; was: number };
      entries.push({ id, box, note: value?.note ?? null, was });
    }
  }
}

async function boxesOf({ queries }: Database): Promise<Map<string, Standing>> {
  const { rows } = await sql<{ id: string }>`select id from issue`.execute(queries);
  const statuses = await statusesOf(
    queries,
    rows.map(({ id }) => id),
  );
  return new Map(
    statuses.map((status) => [boxId(status), { version: status.version, note: status.value.note ?? null }]),
  );
}

async function proof({ queries }: Database): Promise<DrillFigure['log']> {
  try {
    return { entries: (await verifyLog(queries)).entries, holds: true };
  } catch {
    return { entries: 0, holds: false };
  }
}
