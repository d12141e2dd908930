import type { ClaimState, Editing } from '../decisions.ts';
import { editAddress } from '../editing-addresses.ts';

export interface ClaimMarkProps {
  claim: ClaimState;
  editing: Editing;
  back: string;
  /** The line that it stands in, where an issue may have several on a page. */
  line?: string;
}

/** Who works on an issue, and where one says that one does. */
export function ClaimMark({ claim, editing, back, line }: ClaimMarkProps) {
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
  const field = { kind: 'issue', id: issue, field: 'claim', saw: version };
  return (
    <a
      class={`claim claim-${mine ? 'mine' : by === null ? 'free' : 'taken'}`}
      id={`claim-${line ?? issue}`}
      data-claim={mine ? 'mine' : by === null ? 'free' : 'taken'}
      data-edit
      data-version={version}
      href={editAddress([field], back)}
    >
      {words}
      <span class="hidden"> {issue}</span>
    </a>
  );
}
