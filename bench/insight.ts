import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { refreshInsight } from '#domain/insight';
import { createApp, loadAssets } from '#faces/web';
import { serverOf, serverSeconds } from './cpu.ts';
import { seeded } from './seed.ts';

/** CPU milliseconds, of Node and of PostgreSQL. */
export interface Cpu {
  node: number;
  postgres: number;
  cpu: number;
}

export interface InsightFigure {
  /** All issues in all revisions, where nothing was computed before; null where it was. */
  fromNothing: (Cpu & { issues: number }) | null;
  /** Nothing new but the clock. */
  nothingNew: Cpu;
  /** One more revision of one channel. */
  newRevision: Cpu & { changed: number; issues: number };
  /** One answer each: the first one of this process, and one of many after it. */
  pages: { path: string; bytes: number; first: Cpu; warm: Cpu; goal: number | null }[];
  holds: boolean;
}

/** The seed's own time: its channels are at various points of their life then. */
const TODAY = new Date('2018-06-10T00:00:00Z');
const CHANNEL = 'nixos-unstable';
const CHANGED = 500;
const WARM = 30;
const GOAL_MS = 100;

/**
 * Computes what the page of figures shows of a seeded database, and asks for that page, in this process; adds a revision with
 * some hundred changed packages, and computes again. Each run leaves its revision behind.
 *
 * @param data the folder of the built-in database
 */
export async function benchInsight(
  database: Database,
  data: string,
  progress: (words: string) => void = () => {},
): Promise<InsightFigure> {
  await seeded(database);
  const server = serverOf(data);
  const counted = async <T>(work: () => Promise<T>): Promise<Cpu & { result: T }> => {
    const before = { node: process.cpuUsage(), postgres: serverSeconds(server) };
    const result = await work();
    const { user, system } = process.cpuUsage(before.node);
    const node = (user + system) / 1000;
    const postgres = (serverSeconds(server) - before.postgres) * 1000;
    return { ...cpuOf(node, postgres), result };
  };
  const refresh = () => refreshInsight(database, TODAY);

  progress('bringing the exposures up to date');
  const { result: made, ...spent } = await counted(refresh);
  progress('nothing new');
  const { result: _, ...nothingNew } = await counted(refresh);
  progress(`${CHANGED} packages change in ${CHANNEL}`);
  await addRevision(database);
  const { result: again, ...newRevision } = await counted(refresh);

  const app = createApp({
    database,
    config: loadConfig({}),
    assets: loadAssets(),
    log: { error: console.error, warn: () => {} },
    now: () => TODAY,
    keepSeconds: 0,
  });
  const pages: InsightFigure['pages'] = [];
  for (const [path, goal] of [
    ['/insight', GOAL_MS],
    ['/insight/evidence', GOAL_MS],
    [`/channels/${CHANNEL}/compare`, null],
  ] as const) {
    progress(path);
    const ask = async () => {
      const answer = await app.request(path);
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
      return (await answer.arrayBuffer()).byteLength;
    };
    const { result: bytes, ...first } = await counted(ask);
    for (let n = 0; n < WARM; n += 1) await ask();
    const many = await counted(async () => {
      for (let n = 0; n < WARM; n += 1) await ask();
    });
    pages.push({ path, bytes, first, warm: cpuOf(many.node / WARM, many.postgres / WARM), goal });
  }
  return {
    fromNothing: made.matched > 1000 ? { ...spent, issues: made.matched } : null,
    nothingNew,
    newRevision: { ...newRevision, changed: CHANGED, issues: again.matched },
    pages,
    holds: pages.every(({ warm, goal }) => goal === null || warm.cpu <= goal),
  };
}

/** A week later some packages have the other of their two versions. */
async function addRevision({ pool }: Database): Promise<void> {
  await pool.query(
    `with latest as (
       select * from revision where channel = $1 order by committed_at desc limit 1),
     made as (
       insert into revision (channel, commit, committed_at, packages, content_hash, patches_known)
       select channel, encode(sha256(commit::bytea), 'hex'), committed_at + interval '7 days', packages, sha256(content_hash), true
       from latest returning committed_at),
     changing as (
       select p.ctid as place, p.attr, p.fact from package_period p
       where p.channel = $1 and p.until is null order by md5(p.attr || (select commit from latest)) limit $2),
     ended as (
       update package_period p set until = made.committed_at from changing c, made where p.ctid = c.place)
     insert into package_period (channel, attr, fact, since, until)
     select $1, c.attr, f.hash, made.committed_at, null from changing c
     join package_fact f on f.attr = c.attr and f.hash <> c.fact, made`,
    [CHANNEL, CHANGED],
  );
}

function cpuOf(node: number, postgres: number): Cpu {
  const round = (number: number) => Math.round(number * 10) / 10;
  return { node: round(node), postgres: round(postgres), cpu: round(node + postgres) };
}
