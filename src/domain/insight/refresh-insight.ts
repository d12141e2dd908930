import type { Database, Queries } from '#base/db';
import { type ComputedExposures, computeExposures } from './compute-exposures.ts';
import type { Figures } from './figures.ts';
import { reckonFigures } from './reckon-figures.ts';
import { inTurn, readFigures, writeFigures } from './store.ts';

export interface RefreshedInsight extends ComputedExposures {
  seconds: { exposures: number; figures: number };
}

/** Brings exposures and figures up to everything that is stored. Where nothing is new, only the clock goes on. */
export async function refreshInsight(
  database: Database,
  now = new Date(),
  onProgress: (done: number, of: number) => void = () => {},
): Promise<RefreshedInsight> {
  return inTurn(database, async () => {
    const start = performance.now();
    const computed = await computeExposures(database, onProgress);
    const middle = performance.now();
    const figures = await reckonFigures(database.queries, now);
    await database.transaction((tx) => writeFigures(tx, new Map(Object.entries(figures)), now));
    return {
      ...computed,
      seconds: { exposures: seconds(start, middle), figures: seconds(middle, performance.now()) },
    };
  });
}

function seconds(from: number, to: number): number {
  return Math.round((to - from) / 10) / 100;
}

/** The figures as they were last reckoned, with when that was; null where they never were. */
export async function insightFigures(queries: Queries): Promise<(Figures & { reckonedAt: Date }) | null> {
  return readFigures(queries);
}
