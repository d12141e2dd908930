import type { StatusWord } from '#domain/issues';
import type { CellPackage } from '#domain/matching';
import { cellText } from '#faces/editing';
import type { BoxDecision, Editing } from '../decisions.ts';
import { EDIT_ADDRESS } from '../editing-addresses.ts';
import { escapeHtml, html, type Markup } from '../markup/markup.ts';
import { knownVerdict, type Verdict, VerdictMark, verdictWord } from './marks.tsx';
import { statusTitle, statusWord } from './status-mark.tsx';

export interface StatusCellProps {
  issue: string;
  package: string;
  channel: string;
  /** What the machine sees. */
  verdict: Verdict;
  /** What people decided. */
  decided: BoxDecision | null;
  editing: Editing;
}

/** The form that the cells of a page belong to: without scripts, a cell that is pressed opens the page that sets it. */
export function EditForm({ back }: { back: string }) {
  return (
    <form id="edit" method="get" action={EDIT_ADDRESS}>
      <input type="hidden" name="back" value={back} />
    </form>
  );
}

/**
 * The state of a package in a channel. For whoever may change it, it is a button (of EditForm) that names the box and what was
 * seen of it; scripts open the form in place.
 */
export function StatusCell({
  issue,
  package: name,
  channel,
  verdict,
  decided,
  editing,
}: StatusCellProps): Markup {
  if (editing.permission === 'refuse')
    // Scripts mark what changed.
    return decided === null
      ? VerdictMark({ verdict })
      : html`<span${stateOf(verdict, decided)} data-version="${decided.version}">${inState(verdict, decided)}</span>`;
  const value = cellText(issue, channel, name, decided?.version ?? 0);
  return html`<button${stateOf(verdict, decided)} form="edit" name="cell" value="${value}">${inState(verdict, decided)}<span class="hidden">, ${editing.permission === 'apply' ? 'set' : 'propose'} ${name} in ${channel}</span></button>`;
}

export interface LineCellProps {
  /** Its packages, the worst first. */
  packages: readonly CellPackage[];
  /** What people decided of each of them. */
  decided: readonly (BoxDecision | null)[];
  /** `NSI-2017-0043/nixos-17.03@123,,0`: the issue, the channel, the versions seen of the line's packages that are in it; escaped. */
  value: string;
  editing: Editing;
}

/** More of them are set on the page of the issue, one by one. */
const MOST_BOXES = 12;

/** The state of a channel in a line of a list, as HTML: that of its worst package. */
export function lineCell({ packages, decided, value, editing }: LineCellProps): string {
  const place = worstOf(packages, decided);
  const worst = packages[place];
  if (worst === undefined) return String(VerdictMark({ verdict: 'absent' }));
  const own = decided[place] ?? null;
  const title = own === null ? worst.why : statusTitle(own);
  const about = `class="mark ${own === null ? `mark-${knownVerdict(worst.verdict)}` : `set-${escapeHtml(own.status)}`}" title="${escapeHtml(title ?? '')}"`;
  const word =
    own === null
      ? verdictWord(worst.verdict)
      : `${statusWord(own.status)}<b class="by">${escapeHtml(own.by.initials)}</b>`;
  return editing.permission === 'refuse' || packages.length > MOST_BOXES
    ? `<span ${about} data-version="${own?.version ?? 0}">${word}</span>`
    : `<button ${about} form="edit" name="cell" value="${value}">${word}</button>`;
}

/** Class and title. */
function stateOf(verdict: Verdict, decided: BoxDecision | null): Markup {
  return decided === null
    ? html` class="mark mark-${knownVerdict(verdict)}"`
    : html` class="mark set-${decided.status}" title="${statusTitle(decided)}"`;
}

/** The word, and who says it. */
function inState(verdict: Verdict, decided: BoxDecision | null): Markup | string {
  return decided === null
    ? verdictWord(verdict)
    : html`${statusWord(decided.status)}<b class="by">${decided.by.initials}</b>`;
}

/** From what needs a hand most to what needs none. */
const RANKS: ReadonlyMap<StatusWord | `looks ${Verdict}`, number> = new Map(
  (
    [
      'affected',
      'fix_pending',
      'under_investigation',
      'looks affected',
      'looks unknown',
      'postponed',
      'wont_fix',
      'fixed',
      'not_affected',
      'looks not_affected',
      'looks absent',
    ] as const
  ).map((state, rank) => [state, rank]),
);

/** Place of the package whose state the whole cell shows; -1 where there is none. */
export function worstOf(
  packages: readonly Pick<CellPackage, 'verdict'>[],
  decided: readonly (Pick<BoxDecision, 'status'> | null)[],
): number {
  let worst = -1;
  let lowest = Number.POSITIVE_INFINITY;
  for (let place = 0; place < packages.length; place++) {
    const rank = RANKS.get(decided[place]?.status ?? `looks ${packages[place]?.verdict ?? 'unknown'}`) ?? 0;
    if (rank >= lowest) continue;
    worst = place;
    lowest = rank;
  }
  return worst;
}
