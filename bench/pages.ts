import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { createAccount, signInByPassword } from '#domain/accounts';
import { createApp, loadAssets, startServer } from '#faces/web';
import { serverOf, serverSeconds } from './cpu.ts';
import { seeded } from './seed.ts';

/** What one page costs. */
export interface PageFigure {
  name: string;
  path: string;
  /** Bytes of an answer. */
  bytes: number;
  /** CPU milliseconds a request: web and database, and the two together. */
  node: number;
  postgres: number;
  cpu: number;
  goal: number | null;
}

export interface PagesFigure {
  pages: PageFigure[];
  requests: number;
  holds: boolean;
}

/** CPU seconds that each page is asked for before its cost is counted. */
const WARM_SECONDS = 10;

const PASSWORD = 'engines weave algebra';

/**
 * Asks for pages of a seeded database over HTTP, one after the other on one connection, as somebody who is signed in and
 * keeps nothing; counts the CPU of the web's process and of PostgreSQL, not that of whoever asks.
 *
 * @param data the folder of the built-in database
 */
export async function benchPages(
  database: Database,
  data: string,
  { requests = 1000, only }: { requests?: number; only?: string } = {},
): Promise<PagesFigure> {
  const { medianIssue, largeIssue, roundup } = await seeded(database);
  const app = createApp({
    database,
    config: loadConfig({}),
    assets: loadAssets(),
    log: { error: console.error, warn: () => {} },
  });
  const server = await startServer(app, { host: '127.0.0.1', port: 0 });
  const cookie = `muster=${await signIn(database)}`;
  const postgres = serverOf(data);
  try {
    const pages: PageFigure[] = [];
    for (const [name, path, goal] of [
      ['issue, the median one', `/issues/${medianIssue}`, 2],
      ['issue, one in a hundred', `/issues/${largeIssue}`, 2],

      ['roundup, 100 lines', `/roundups/${roundup}`, 6],
      ['queue, 100 lines', '/queue', 6],
      ['issues, a list', '/issues', null],
      ['home', '/', null],
    ] as const) {
      if (only !== undefined && !name.includes(only)) continue;
      // As on a server that has run for a minute: plans and kept names are made, and what is hot is compiled.
      const cold = process.cpuUsage();
      while (secondsOf(process.cpuUsage(cold)) < WARM_SECONDS)
        await ask({ url: server.url + path, cookie, requests: 100 });
      const before = { node: process.cpuUsage(), postgres: serverSeconds(postgres) };
      const bytes = await ask({ url: server.url + path, cookie, requests });
      const own = (secondsOf(process.cpuUsage(before.node)) * 1000) / requests;
      const theirs = ((serverSeconds(postgres) - before.postgres) * 1000) / requests;
      pages.push({
        ...{ name, path, bytes, goal },
        ...{ node: round(own), postgres: round(theirs), cpu: round(own + theirs) },
      });
    }
    return { pages, requests, holds: pages.every(({ cpu, goal }) => goal === null || cpu <= goal) };
  } finally {
    await server.close();
  }
}

function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6;
}

async function signIn(database: Database): Promise<string> {
  const handle = `bench-${process.pid}`;
  const operator = { id: 'cli:bench', role: 'admin', account: null } as const;
  const now = new Date();
  const person = {
    handle,
    name: 'Bench',
    email: `${handle}@example.org`,
    role: 'triager',
    password: PASSWORD,
  } as const;
  const made = await createAccount(database, operator, person, now);
  if (made.outcome !== 'done') throw new Error(`no account: ${JSON.stringify(made)}`);
  const from = { address: '127.0.0.1', browser: 'bench', replaces: undefined };
  const signed = await signInByPassword(database, { handle, password: PASSWORD }, from, now);
  if (signed.outcome !== 'done') throw new Error(`cannot sign in: ${JSON.stringify(signed)}`);
  return signed.secret;
}

/** Asks in a process of its own. @returns bytes of an answer */
async function ask(options: { url: string; cookie: string; requests: number }): Promise<number> {
  const child = fork(join(import.meta.dirname, 'pages-client.mjs'), { execArgv: [] });
  child.send(options);
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`whoever asks ended with ${code}`))),
  ])) as [{ bytes: number; status: number }];
  if (message.status !== 200) throw new Error(`${options.url} answered ${message.status}`);
  return message.bytes;
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}
