import { seenText } from '#faces/editing';
import type { Editing } from '../decisions.ts';
import { CHANGES_ADDRESS } from '../editing-addresses.ts';
import { html, type Markup } from '../markup/markup.ts';
import { TickMark } from './marks.tsx';

/** The forms that the boxes of a list belong to: one that ticks a line, one that takes its tick back. */
export function TickForms({ back }: { back: string }) {
  return (
    <>
      {['yes', ''].map((value) => (
        <form id={value === '' ? 'untick' : 'tick'} method="post" action={CHANGES_ADDRESS}>
          <input type="hidden" name="back" value={back} />
          <input type="hidden" name="value" value={value} />
        </form>
      ))}
    </>
  );
}

export interface TickBoxProps {
  /** Number under which the list is stored. */
  list: number;
  line: { issue: string; done: boolean; doneBy: string | null; version: number };
  editing: Editing;
}

/** Whether a line is done; for whoever may say so, a button (of TickForms). */
export function TickBox({ list, line, editing }: TickBoxProps): Markup {
  const { issue, done, doneBy, version } = line;
  if (editing.permission === 'refuse') return html`${TickMark({ done })}`;
  const at = seenText({ kind: 'roundup_line', id: `${list}/${issue}`, field: 'done', saw: version });
  const asks = done ? 'open it again' : 'mark as done';
  const title = `${doneBy === null ? '' : `ticked by ${doneBy} · `}${editing.permission === 'propose' ? 'propose to ' : ''}${asks}`;
  return html`<button class="tick-box" form="${done ? 'untick' : 'tick'}" name="at" id="tick-${issue}" value="${at}" aria-pressed="${done ? 'true' : 'false'}" title="${title}">${TickMark(
    { done, label: `${issue} done` },
  )}</button>`;
}

/** What opens the form for what stands behind a line (of EditForm); nothing for whoever may not say anything there. */
export function RemarkButton({
  list,
  line,
  editing,
}: Pick<TickBoxProps, 'list' | 'editing'> & {
  line: { issue: string; remark: string | null; remarkVersion: number };
}): Markup | null {
  if (editing.permission === 'refuse') return null;
  const { issue, remark, remarkVersion: saw } = line;
  const at = seenText({ kind: 'roundup_line', id: `${list}/${issue}`, field: 'remark', saw });
  return html` <button class="add-remark" form="edit" name="at" id="remark-${issue}" value="${at}">${remark === null ? 'remark' : 'edit remark'}<span class="hidden"> ${issue}</span></button>`;
}
