import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { createApp, loadAssets } from '#faces/web';

/** How long searching takes, from the request to the whole page, one after the other. */
export interface SearchFigure {
  searches: number;
  milliseconds: { median: number; p95: number; worst: number };
  /** By kind of words, the slowest last. */
  kinds: { kind: string; p95: number; worst: number; slowest: string }[];
  goal: number;
  holds: boolean;
}

const GOAL_MS = 100;

/** What people type: names and parts of them, words that are rare, everywhere and nowhere, ids, people. `n` differs each time. */
const KINDS: Readonly<Record<string, (n: number) => string>> = {
  'a name': (n) => `package-${n * 37}`,
  'a part of a name': (n) => `kage-${n % 90}`,
  'two letters': (n) => ['op', 'zq', 'pa', 'de'][n % 4] ?? 'op',
  'words of a title': (n) => `package-${n * 11}: denial`,
  'words that are everywhere': (n) => ['denial of service', 'crafted file', 'security update'][n % 3] ?? '',
  'words of a description': (n) => `number ${n * 101} handles a length`,
  'words of comments': (n) => `vulnerable part is not built NSI ${n}`,
  'words that are nowhere': (n) => `xylophone${n} quux`,
  'a number': (n) => `CVE-${2010 + (n % 9)}-${10000 + n}`,
  'an issue': (n) => `NSI-${2010 + (n % 9)}-${String(n).padStart(4, '0')}`,
  somebody: (n) => `@person-${1 + (n % 50)}`,
};

/** Searches a seeded database (`muster bench seed`) through the whole application, as a visitor. */
export async function benchSearch(database: Database, { rounds = 20 } = {}): Promise<SearchFigure> {
  const log = { error: console.error, warn: () => {} };
  const app = createApp({ database, config: loadConfig({}), assets: loadAssets(), log });
  const took: { kind: string; words: string; ms: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    for (const [kind, wordsOf] of Object.entries(KINDS)) {
      const words = wordsOf(round * 7 + 1);
      const began = performance.now();
      const response = await app.request(`/search?q=${encodeURIComponent(words)}`);
      await response.text();
      const ms = performance.now() - began;
      if (![200, 302].includes(response.status)) throw new Error(`${words}: status ${response.status}`);
      // The first round fills what is kept anyway: statements, pages of the database.
      if (round > 0) took.push({ kind, words, ms });
    }
  }
  const all = took.map(({ ms }) => ms);
  const p95 = share(all, 0.95);
  return {
    searches: took.length,
    milliseconds: { median: share(all, 0.5), p95, worst: share(all, 1) },
    kinds: Object.keys(KINDS)
      .map((kind) => {
        const own = took.filter((one) => one.kind === kind);
        const times = own.map(({ ms }) => ms);
        const slowest = own.reduce((a, b) => (b.ms > a.ms ? b : a));
        return { kind, p95: share(times, 0.95), worst: share(times, 1), slowest: slowest.words };
      })
      .sort((a, b) => a.worst - b.worst),
    goal: GOAL_MS,
    holds: p95 <= GOAL_MS,
  };
}

function share(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return Math.round(at * 10) / 10;
}
