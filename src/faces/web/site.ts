import type { Logger } from 'pino';
import type { Config } from '#base/config';
import type { Database } from '#base/db';
import { makeProviders, namesOf, type Provider } from '#domain/accounts';
import { gradesOf, type IssueGrade } from '#domain/issues';
import { openByChannel } from '#domain/matching';
import type { TeamRules } from '#domain/policies';
import { sourceStates } from '#domain/sources';
import type { Assets } from './assets.ts';
import { keep } from './keep.ts';
import { type Live, type LiveLimits, makeLive } from './live.ts';
import { makeNames, type Names } from './names.ts';

/** What every route works with. */
export interface Site {
  database: Database;
  config: Config;
  assets: Assets;
  log: Pick<Logger, 'error' | 'warn'>;
  now(): Date;
  /** With whose word people may sign in. */
  providers: readonly Provider[];
  /** Kept for a while, see `keep`: they are counted over everything. */
  sources(): Promise<SourceState[]>;
  openIssues(): Promise<OpenIssues>;
  /** What the team chose about deciding together. */
  rules: TeamRules;
  /** How actors are called. */
  names(actors: Iterable<string | null | undefined>): Promise<Names>;
  /** Tells browsers what changed. */
  live: Live;
}

export type SourceState = Awaited<ReturnType<typeof sourceStates>>[number];

/** Whether mail goes out at all: what it would bring is handed over otherwise. */
export function mailsGoOut({ config }: Pick<Site, 'config'>): boolean {
  return config.smtpUrl !== undefined;
}

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
  /** How many may listen to changes. */
  liveLimits?: LiveLimits | undefined;
}

export function makeSite({
  database,
  config,
  assets,
  log,
  now = () => new Date(),
  keepSeconds = 20,
  liveLimits,
}: SiteOptions): Site {
  const { queries } = database;
  const clock = () => now().getTime();
  return {
    database,
    config,
    assets,
    log,
    now,
    providers: makeProviders(config),
    sources: keep(() => sourceStates(queries), keepSeconds * 1000, clock),
    openIssues: keep(() => readOpenIssues(queries), keepSeconds * 1000, clock),
    rules: { secondOpinion: config.secondOpinion },
    names: makeNames(queries, namesOf),
    live: makeLive(database, log, liveLimits),
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
