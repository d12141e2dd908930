import { type Database, inTurn, type Queries } from '#base/db';
import { type ComputedExposures, computeExposures } from './compute-exposures.ts';
import type { Figures, ReckonedFigures } from './figures.ts';
import { lackingList, openList, unmaintainedList } from './lists.ts';
import { reckonFigures } from './reckon-figures.ts';
import { readFigures, touchFigures, writeFigures, writeLists } from './store.ts';

export interface RefreshedInsight extends ComputedExposures {
  seconds: { exposures: number; figures: number };
}

/** Brings exposures and figures up to everything that is stored. Where nothing is new, only the clock goes on. */
export async function refreshInsight(
  database: Database,
  now = new Date(),
  onProgress: (done: number, of: number) => void = () => {},
): Promise<RefreshedInsight> {
  return inTurn(database, 'insight', async () => {
    const start = performance.now();
    const computed = await computeExposures(database, onProgress);
    const middle = performance.now();
    // Where nothing happened, and no day began, every figure is what it was.
    const held =
      !computed.anythingNew &&
      (await database.transaction((tx) => touchFigures(tx, now.toISOString().slice(0, 10), now)));
    if (!held) {
      const { figures, lists } = await reckonFigures(database.queries, now);
      await database.transaction(async (tx) => {
        await writeFigures(tx, new Map(Object.entries(figures)), now);
        await writeLists(tx, { ...lists });
      });
    }
    return {
      ...computed,
      seconds: { exposures: seconds(start, middle), figures: seconds(middle, performance.now()) },
    };
  });
}

function seconds(from: number, to: number): number {
  return Math.round((to - from) / 10) / 100;
}

/** The figures as they were last reckoned, with when that was, without lists; null where they never were. */
export async function reckonedFigures(
  queries: Queries,
): Promise<(ReckonedFigures & { reckonedAt: Date }) | null> {
  return readFigures(queries);
}

/** The same with the first lines of each list: so many of what lacks and of packages, fewer of the others. */
export async function insightFigures(
  queries: Queries,
  { long, short } = { long: 30, short: 15 },
): Promise<(Figures & { reckonedAt: Date }) | null> {
  const figures = await readFigures(queries);
  if (figures === null) return null;
  const first = (limit: number) => ({ after: null, limit });
  const [longest, untouched, lacking, unmaintained] = await Promise.all([
    openList(queries, figures, 'longest', first(short)),
    openList(queries, figures, 'untouched', first(short)),
    lackingList(queries, figures, first(long)),
    unmaintainedList(queries, first(long)),
  ]);
  return {
    ...figures,
    exposure: { ...figures.exposure, longest: longest.lines },
    coverage: { ...figures.coverage, untouched: untouched.lines },
    unmaintained: { ...figures.unmaintained, packages: unmaintained.lines },
    lacking: { ...figures.lacking, lines: lacking.lines },
  };
}
