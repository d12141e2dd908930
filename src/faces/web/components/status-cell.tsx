import type { StatusWord } from '#domain/issues';
import { boxId } from '#domain/issues';
import type { DecidedBox, Editing } from '../decisions.ts';
import { editAddress } from '../editing-addresses.ts';
import { anchor } from './addresses.ts';
import { type Verdict, VerdictMark } from './marks.tsx';
import { StatusMark } from './status-mark.tsx';

/** A package in one channel: what the machine sees, and what people decided. */
export interface Box {
  package: string;
  verdict: Verdict;
  /** Why the machine sees it so, on hover. */
  why?: string | undefined;
  decided: DecidedBox | null;
}

export interface StatusCellProps {
  issue: string;
  channel: string;
  /** The boxes of the cell: one on the page of an issue, every package that looks like it in a line of a list. */
  boxes: readonly Box[];
  editing: Editing;
  /** The page that the form leads back to. */
  back: string;
}

/** More of them are set on the page of the issue, one by one. */
const MOST_BOXES = 12;

/** The state of a cell. Whoever may change it finds a link to the form; scripts take it for a button that opens in place. */
export function StatusCell({ issue, channel, boxes, editing, back }: StatusCellProps) {
  const worst = worstOf(boxes);
  const decided = worst?.decided ?? null;
  const mark =
    worst === null ? (
      <VerdictMark verdict="absent" />
    ) : decided === null ? (
      <VerdictMark verdict={worst.verdict} why={worst.why} />
    ) : (
      <StatusMark status={decided.status} words={decided.words} by={decided.by} />
    );
  const version = boxes.reduce((newest, box) => Math.max(newest, box.decided?.version ?? 0), 0);
  const id = anchor('state', `${issue}/${boxes.length === 1 ? `${boxes[0]?.package}/` : ''}${channel}`);
  if (editing.permission === 'refuse' || boxes.length === 0 || boxes.length > MOST_BOXES)
    return (
      <span class="state" id={id} data-version={version}>
        {mark}
      </span>
    );
  const fields = boxes.map(({ package: name, decided: own }) => ({
    kind: 'status',
    id: boxId({ issue, package: name, channel }),
    field: 'value',
    saw: own?.version ?? 0,
  }));
  const what = boxes.length === 1 ? boxes[0]?.package : `${boxes.length} packages`;
  return (
    <a class="state edit-state" id={id} data-version={version} href={editAddress(fields, back)}>
      {mark}
      <span class="hidden">
        , {editing.permission === 'apply' ? 'set' : 'propose'} {what} in {channel}
      </span>
    </a>
  );
}

/** From what needs a hand most to what needs none. */
const RANKS: readonly (StatusWord | `looks ${Verdict}`)[] = [
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
];

/** The box whose state the whole cell shows; null where there is none. */
export function worstOf(boxes: readonly Box[]): Box | null {
  const rank = ({ decided, verdict }: Box) => RANKS.indexOf(decided?.status ?? `looks ${verdict}`);
  return boxes.reduce<Box | null>(
    (worst, box) => (worst === null || rank(box) < rank(worst) ? box : worst),
    null,
  );
}
