import type { Basis, Judgement } from './judge.ts';
import type { Verdict } from './range.ts';

/** What one source's statement came to. */
export interface SourcedJudgement extends Judgement {
  source: string;
  /** How much the source is trusted on this product against others of the same basis; default 0, higher outranks. */
  rank?: number;
}

export interface CombinedVerdict {
  verdict: Verdict;
  /** Every source's reason, "debian: …", those that decided first. */
  reasons: string[];
  /** Whether sources that count alike contradict each other. */
  conflict: boolean;
}

const FIRMNESS: Record<Basis, number> = { exact: 4, through: 3, elsewhere: 2, open: 1, none: 0 };

/**
 * One verdict from what several sources say of one product and one vulnerability.
 *
 * - Who knows nothing has no say; only where nobody knows it is `unknown`.
 * - A firmer basis beats a weaker one: whoever names the fix has looked, an open range often only means that nobody went
 *   back to close it.
 * - On the same basis the higher rank wins.
 * - Who still contradict each other leave it `unknown`, with both reasons: absence of agreement is no safety.
 */
export function combine(judgements: readonly SourcedJudgement[]): CombinedVerdict {
  const known = judgements.filter(({ verdict }) => verdict !== 'unknown');
  const best = known.reduce<SourcedJudgement | null>(
    (top, next) => (top === null || weight(next, top) > 0 ? next : top),
    null,
  );
  const deciding = best === null ? [] : known.filter((judgement) => weight(judgement, best) === 0);
  const verdicts = new Set(deciding.map(({ verdict }) => verdict));
  const [only] = verdicts;
  const others = judgements.filter((judgement) => !deciding.includes(judgement));
  return {
    verdict: verdicts.size === 1 && only !== undefined ? only : 'unknown',
    reasons: [...deciding, ...others].map(({ source, reason }) => `${source}: ${reason}`),
    conflict: verdicts.size > 1,
  };
}

/** Above 0 where `a` counts for more than `b`. */
function weight(a: SourcedJudgement, b: SourcedJudgement): number {
  return FIRMNESS[a.basis] - FIRMNESS[b.basis] || (a.rank ?? 0) - (b.rank ?? 0);
}
