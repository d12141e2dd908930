import type { Logger } from 'pino';
import type { Config } from '#base/config';
import type { Database } from '#base/db';
import { gradesOf, type IssueGrade } from '#domain/issues';
import { openByChannel } from '#domain/matching';
import { sourceStates } from '#domain/sources';
import type { Assets } from './assets.ts';
import { keep } from './keep.ts';

/** What every route works with. */
export interface Site {
  database: Database;
  config: Config;
  assets: Assets;
  log: Pick<Logger, 'error' | 'warn'>;
  now(): Date;
  /** Kept for a while, see `keep`: they are counted over everything. */
  sources(): Promise<SourceState[]>;
  openIssues(): Promise<OpenIssues>;
}

export type SourceState = Awaited<ReturnType<typeof sourceStates>>[number];

/** Which issues may be open in which channel. */
export interface OpenIssues {
  byChannel: ReadonlyMap<string, Record<'affected' | 'unknown', readonly string[]>>;
  grades: ReadonlyMap<string, IssueGrade>;
}

export interface SiteOptions {
  database: Database;
  config: Config;
  assets: Assets;
  log: Site['log'];
  /** The clock; for tests. */
  now?: (() => Date) | undefined;
  /** For how long costly figures are kept; default 20. */
  keepSeconds?: number | undefined;
}

export function makeSite({
  database,
  config,
  assets,
  log,
  now = () => new Date(),
  keepSeconds = 20,
}: SiteOptions): Site {
  const { queries } = database;
  const clock = () => now().getTime();
  return {
    database,
    config,
    assets,
    log,
    now,
    sources: keep(() => sourceStates(queries), keepSeconds * 1000, clock),
    openIssues: keep(() => readOpenIssues(queries), keepSeconds * 1000, clock),
  };
}

async function readOpenIssues(queries: Database['queries']): Promise<OpenIssues> {
  const open = await openByChannel(queries);
  const byChannel = new Map<string, Record<'affected' | 'unknown', readonly string[]>>();
  for (const { channel, verdict, issues } of open)
    byChannel.set(channel, {
      ...(byChannel.get(channel) ?? { affected: [], unknown: [] }),
      [verdict]: issues,
    });
  const grades = await gradesOf(queries, [...new Set(open.flatMap(({ issues }) => issues))]);
  return { byChannel, grades: new Map(grades.map((grade) => [grade.id, grade])) };
}
