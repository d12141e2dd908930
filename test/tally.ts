/** What a process of tests tells of them; `text` is to be printed. */
export interface Told {
  kind: 'pass' | 'fail' | 'skip' | 'said' | 'end';
  name?: string;
  ms?: number;
  text?: string;
}

/** The name of the test that holds up the others until all files are loaded: it is none of theirs. */
export const GATE = '(all files are loaded)';

/**
 * What is said at the end of a run: the slowest tests, what failed, and as the very last line `N passed, N failed`
 * (`, N skipped` where some were), which CI reads.
 */
export function tally(told: readonly Told[]): { lines: string; failed: number } {
  const passed = told.filter(({ kind }) => kind === 'pass');
  const failed = told.filter(({ kind }) => kind === 'fail');
  const skipped = told.filter(({ kind }) => kind === 'skip').length;
  const slow = passed
    .filter(({ ms = 0 }) => ms > 2000)
    .sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0))
    .slice(0, 10);
  const lines = [
    ...slow.map(({ name, ms = 0 }) => `slow: ${(ms / 1000).toFixed(1)} s  ${name}`),
    ...(failed.length === 0 ? [] : ['', 'failed:', ...failed.map(({ name }) => `  ${name}`)]),
    `${passed.length} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  ];
  return { lines: `${lines.join('\n')}\n`, failed: failed.length };
}
