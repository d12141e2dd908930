import type { StatusWord } from '#domain/issues';
import { STATUS_WORDS } from '#faces/editing';
import type { Called } from '../names.ts';

export interface StatusMarkProps {
  status: StatusWord;
  /** The whole of it, on hover: "not affected: the component is not present". */
  words?: string | undefined;
  /** Who set it; their initials stand beside, so that one sees that a person decided. */
  by?: Called | undefined;
}

/** The word for a status. */
export function statusWord(status: StatusWord): string {
  return STATUS_WORDS[status];
}

/** The whole of it, for who hovers: "not affected: the component is not present (@fpletz)". */
export function statusTitle({ status, words, by }: StatusMarkProps): string | undefined {
  return by === undefined ? words : `${words ?? STATUS_WORDS[status]} (${by.label})`;
}

/** What people decided of a box: a word, a shape, a colour, and who. */
export function StatusMark({ status, words, by }: StatusMarkProps) {
  return (
    <span class={`mark set-${status}`} title={statusTitle({ status, words, by })}>
      {STATUS_WORDS[status]}
      {by === undefined ? null : (
        <>
          <span class="by" aria-hidden="true">
            {by.initials}
          </span>
          <span class="hidden"> as {by.label} says</span>
        </>
      )}
    </span>
  );
}
