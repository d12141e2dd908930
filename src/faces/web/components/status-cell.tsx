import type { StatusWord } from '#domain/issues';
import { cellText } from '#faces/editing';
import type { BoxDecision, Editing } from '../decisions.ts';
import { EDIT_ADDRESS } from '../editing-addresses.ts';
import { html, type Markup } from '../markup/markup.ts';
import { anchor } from './addresses.ts';
import { type Verdict, VerdictMark, verdictWord } from './marks.tsx';
import { statusTitle, statusWord } from './status-mark.tsx';

/** A package in one channel: what the machine sees, and what people decided. */
export interface Box {
  package: string;
  verdict: Verdict;
  /** Why the machine sees it so, on hover. */
  why?: string | undefined;
  decided: BoxDecision | null;
}

export interface StatusCellProps {
  issue: string;
  channel: string;
  /** The boxes of the cell: one on the page of an issue, every package that looks like it in a line of a list. */
  boxes: readonly Box[];
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

/** More of them are set on the page of the issue, one by one. */
const MOST_BOXES = 12;

/**
 * The state of a cell. For whoever may change it, it is a button (of EditForm) that names the boxes and what was seen of
 * them; scripts open the form in place.
 */
export function StatusCell({ issue, channel, boxes, editing }: StatusCellProps): Markup {
  const worst = worstOf(boxes);
  if (worst === null) return VerdictMark({ verdict: 'absent' });
  const { decided, verdict, why } = worst;
  const id = cellId(`${issue}.${boxes.length === 1 ? `${worst.package}.` : ''}${channel}`);
  if (editing.permission === 'refuse' || boxes.length > MOST_BOXES) {
    if (decided === null) return VerdictMark({ verdict, why });
    // Scripts mark what changed.
    return html`<span class="mark set-${decided.status}" id="${id}" data-version="${decided.version}" title="${statusTitle(decided)}">${statusWord(decided.status)}<span class="by">${decided.by.initials}</span></span>`;
  }
  const what = boxes.length === 1 ? worst.package : `${boxes.length} packages`;
  const asks = `${editing.permission === 'apply' ? 'set' : 'propose'} ${what} in ${channel}`;
  const value = cellText(
    issue,
    channel,
    boxes.map((box) => ({ package: box.package, saw: box.decided?.version ?? 0 })),
  );
  if (decided === null)
    return html`<button class="mark mark-${verdict} edit-state" form="edit" name="cell" id="${id}" value="${value}" title="${why === undefined ? '' : `${why} · `}${asks}">${verdictWord(verdict)}</button>`;
  return html`<button class="mark set-${decided.status} edit-state" form="edit" name="cell" id="${id}" value="${value}" title="${statusTitle(decided)} · ${asks}">${statusWord(decided.status)}<span class="by">${decided.by.initials}</span></button>`;
}

function cellId(text: string): string {
  return /^[\w.+-]+$/.test(text) ? text : anchor('state', text);
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

/** The box whose state the whole cell shows; null where there is none. */
export function worstOf(boxes: readonly Box[]): Box | null {
  let worst: Box | null = null;
  let lowest = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const rank = RANKS.get(box.decided?.status ?? `looks ${box.verdict}`) ?? 0;
    if (rank >= lowest) continue;
    worst = box;
    lowest = rank;
  }
  return worst;
}
