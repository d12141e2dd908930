import type { StatusWord } from '#domain/issues';

/**
 * What can be said of one channel. People's word comes first: `affected`, `fixed`, `not_affected`, `under_investigation`; else
 * what the matcher sees. `absent`: the issue is known, and nothing there looks like its software; `not_matched`: the issue is
 * new, and our packages were not looked through yet; `no_issue`: the vulnerability is known, and nobody has tied it to software
 * of ours; `no_packages`: we never read that channel's packages; `unheard`: no source has spoken of the number; `reserved` and
 * `rejected`: the number is given out and says nothing yet, or was withdrawn.
 */
export type Answered =
  | 'affected'
  | 'fixed'
  | 'not_affected'
  | 'under_investigation'
  | 'unknown'
  | 'absent'
  | 'not_matched'
  | 'no_issue'
  | 'no_packages'
  | 'unheard'
  | 'reserved'
  | 'rejected';

/** What people said of a package in the channel. */
export interface DecidedWord {
  status: StatusWord;
  /** "fixed in 1.0.2k" */
  words: string;
  by: string;
  at: string;
}

/** One package of a channel that an issue may be in. */
export interface AnsweredPackage {
  issue: string;
  attr: string;
  /** Empty where the channel has no such package, and people spoke of it all the same. */
  version: string;
  verdict: 'affected' | 'not_affected' | 'unknown';
  /** What the matcher goes by. */
  why: string;
  decided: DecidedWord | null;
}

/** What is known of the number, before any channel is looked at. */
export interface KnownOfNumber {
  /** Whether any source has spoken of it. */
  known: boolean;
  state: 'published' | 'reserved' | 'rejected' | null;
  issues: number;
  /** Whether our packages were looked through for each of the issues. */
  matched: boolean;
}

/** From the worst to the best: a channel is as its worst package. */
const WORST = ['affected', 'under_investigation', 'unknown', 'fixed', 'not_affected'] as const;

/** The answer for one channel; never more than is known. `imported`: whether its packages were ever read. */
export function answerFor(
  { known, state, issues, matched }: KnownOfNumber,
  imported: boolean,
  packages: readonly AnsweredPackage[],
): Answered {
  const each = packages.map(answerOf);
  const worst = WORST.find((answer) => each.includes(answer));
  // What people said stands, whatever else is known.
  if (worst !== undefined && packages.some(({ decided }) => decided !== null)) return worst;
  if (!known) return 'unheard';
  if (state === 'rejected' && issues === 0) return 'rejected';
  if (state === 'reserved' && issues === 0) return 'reserved';
  if (!imported) return 'no_packages';
  if (issues === 0) return 'no_issue';
  return worst ?? (matched ? 'absent' : 'not_matched');
}

function answerOf({ decided, verdict }: AnsweredPackage): (typeof WORST)[number] {
  if (decided === null) return verdict;
  const { status } = decided;
  return status === 'fixed' || status === 'not_affected' || status === 'under_investigation'
    ? status
    : 'affected';
}

/** The whole answer in one sentence: never silence, and no all-clear that nobody gave. */
export function answerInWords(
  { known, state, issues }: Pick<KnownOfNumber, 'known' | 'state' | 'issues'>,
  channels: readonly { name: string; answer: Answered }[],
): string {
  const names = (...answers: Answered[]) =>
    channels.filter(({ answer }) => answers.includes(answer)).map(({ name }) => name);
  if (!known && channels.every(({ answer }) => answer === 'unheard'))
    return 'We have never heard of it: no source that we read has spoken of this number. That is no answer, and no all-clear.';
  const hit = names('affected');
  const open = names('unknown', 'under_investigation', 'not_matched');
  const fixed = names('fixed');
  if (hit.length > 0)
    return [
      `It looks so: ${listed(hit)}.`,
      ...(fixed.length === 0 ? [] : [`Fixed in ${listed(fixed)}.`]),
      ...(open.length === 0 ? [] : [`Nobody can say yet for ${listed(open)}.`]),
    ].join(' ');
  if (open.length > 0)
    return `${fixed.length === 0 ? '' : `Fixed in ${listed(fixed)}. `}Nobody can say yet for ${listed(open)}.`;
  if (fixed.length > 0) return `It was, and is fixed: ${listed(fixed)}.`;
  if (names('not_affected').length > 0)
    return 'It does not look so, as far as the records and our versions tell.';
  if (state === 'rejected' && issues === 0)
    return 'The number was withdrawn: it stands for nothing. What it named may have another one.';
  if (state === 'reserved' && issues === 0)
    return 'Nobody has looked yet: what the number stands for is not public.';
  if (issues > 0) return 'Nothing of ours looks like the software that it is in. That is no proof.';
  return 'Nobody has looked yet: no distribution that we read announced it, and no record names software of ours.';
}

/** "a, b and c" */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
