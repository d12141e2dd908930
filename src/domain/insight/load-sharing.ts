/** What one person did in a stretch of time. */
export interface Share {
  person: string;
  done: number;
}

export interface LoadFigures {
  people: number;
  done: number;
  /** The fewest people who did half of it: if they left, half would be left undone. Null where nothing was done. */
  busFactor: number | null;
  /** What the busiest did, of all. */
  busiest: number | null;
  shares: Share[];
}

/** How the work is spread. */
export function loadFigures(shares: readonly Share[]): LoadFigures {
  const sorted = shares
    .filter(({ done }) => done > 0)
    .sort((a, b) => b.done - a.done || (a.person < b.person ? -1 : 1));
  const done = sorted.reduce((sum, share) => sum + share.done, 0);
  let sum = 0;
  let busFactor: number | null = null;
  for (const [index, share] of sorted.entries()) {
    sum += share.done;
    if (sum * 2 >= done) {
      busFactor = index + 1;
      break;
    }
  }
  const [first] = sorted;
  return {
    people: sorted.length,
    done,
    busFactor,
    busiest: first === undefined ? null : first.done / done,
    shares: sorted,
  };
}
