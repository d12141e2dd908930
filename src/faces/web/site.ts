import type { Logger } from 'pino';
import type { Config } from '#base/config';
import type { Database } from '#base/db';
import { makeProviders, namesOf, type Provider } from '#domain/accounts';
import { listChannels } from '#domain/channels';
import { countIssues } from '#domain/issues';
import { countSuggestions } from '#domain/matching';
import type { TeamRules } from '#domain/policies';
import { sourceStates } from '#domain/sources';
import type { Assets } from './assets.ts';
import { burningIssues } from './burning-issues.ts';
import { keep } from './keep.ts';
import { type Live, type LiveLimits, makeLive } from './live.ts';
import { makeNames, type Names } from './names.ts';
import { type OpenIssues, readOpenIssues } from './open-issues.ts';
import type { BurningIssue } from './pages/home.tsx';

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
  burning(): Promise<BurningIssue[]>;
  totals(): Promise<Totals>;
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
  const openIssues = keep(() => readOpenIssues(queries), keepSeconds * 1000, clock);
  return {
    database,
    config,
    assets,
    log,
    now,
    providers: makeProviders(config),
    sources: keep(() => sourceStates(queries), keepSeconds * 1000, clock),
    openIssues,
    burning: keep(
      async () =>
        burningIssues(
          database,
          await openIssues(),
          await listChannels(queries, now().toISOString().slice(0, 10)),
        ),
      keepSeconds * 1000,
      clock,
    ),
    totals: keep(() => readTotals(queries), keepSeconds * 1000, clock),
    rules: { secondOpinion: config.secondOpinion },
    names: makeNames(queries, namesOf),
    live: makeLive(database, log, liveLimits),
  };
}

/** How much there is of everything. */
export interface Totals {
  issues: number;
  vulnerabilities: number;
  suggestions: number;
}

async function readTotals(queries: Database['queries']): Promise<Totals> {
  const [known, suggestions] = await Promise.all([countIssues(queries), countSuggestions(queries)]);
  return { ...known, suggestions: suggestions.all };
}
