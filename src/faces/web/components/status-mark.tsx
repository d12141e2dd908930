import type { StatusWord } from '#domain/issues';
import { STATUS_WORDS } from '#faces/editing';
import { html, type Markup } from '../markup/markup.ts';
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
export function StatusMark({ status, words, by }: StatusMarkProps): Markup {
  const who =
    by === undefined
      ? null
      : html`<span class="by" aria-hidden="true">${by.initials}</span><span class="hidden"> as ${by.label} says</span>`;
  const title = statusTitle({ status, words, by });
  const about = title === undefined ? null : html` title="${title}"`;
  return html`<span class="mark set-${status}"${about}>${STATUS_WORDS[status]}${who}</span>`;
}
