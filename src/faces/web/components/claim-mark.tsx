import { seenText } from '#faces/editing';
import type { ClaimState, Editing } from '../decisions.ts';
import { html } from '../markup/markup.ts';

export interface ClaimMarkProps {
  claim: ClaimState;
  editing: Editing;
  /** The line that it stands in, where an issue may have several on a page. */
  line?: string;
}

/** Who works on an issue; for whoever may say that they do, a button (of EditForm). */
export function ClaimMark({ claim, editing, line }: ClaimMarkProps) {
  const { issue, version, by, person, until } = claim;
  const mine = person !== null && person === editing.person;
  const day = until?.slice(0, 10);
  const words =
    by === null ? (
      'claim'
    ) : (
      <>
        {mine ? 'yours' : `claimed by ${by.label}`} <span class="quiet">until {day}</span>
      </>
    );
  if (editing.person === null) return by === null ? null : <span class="claim">{words}</span>;
  const whose = mine ? 'mine' : by === null ? 'free' : 'taken';
  const seen = seenText({ kind: 'issue', id: issue, field: 'claim', saw: version });
  return html`<button class="claim claim-${whose}" form="edit" name="at" id="claim-${line ?? issue}" value="${seen}" data-claim="${whose}">${words}<span class="hidden"> ${issue}</span></button>`;
}
