import { make } from './page.ts';

/** Something that can be done about what is said. */
export interface Deed {
  label: string;
  run(): void;
}

export interface Saying {
  deeds?: Deed[];
  /** Stays until somebody closes it: what did not go well. */
  stays?: boolean;
  /** Lines below the sentence. */
  list?: HTMLElement;
}

const GONE_AFTER_MS = 8_000;

let region: HTMLElement | null = null;

/** The place of all that is said: screen readers read out what comes into it. */
function place(): HTMLElement {
  region ??= document.body.appendChild(make('div', { id: 'said', role: 'status', 'aria-live': 'polite' }));
  return region;
}

/** Says something at the foot of the window. What was said before and is over goes. */
export function say(text: string, { deeds = [], stays = false, list }: Saying = {}): HTMLElement {
  for (const old of place().querySelectorAll('.saying:not(.saying-stays)')) old.remove();
  const saying = make('div', { class: stays ? 'saying saying-stays' : 'saying' }, make('p', {}, text));
  if (list !== undefined) saying.append(list);
  const buttons = make('div', { class: 'buttons' });
  for (const { label, run } of deeds) {
    const button = make('button', { type: 'button', class: 'button button-small' }, label);
    button.addEventListener('click', () => {
      saying.remove();
      run();
    });
    buttons.append(button);
  }
  if (stays) {
    const close = make('button', { type: 'button', class: 'button button-small' }, 'Close');
    close.addEventListener('click', () => saying.remove());
    buttons.append(close);
  }
  if (buttons.children.length > 0) saying.append(buttons);
  place().append(saying);
  if (!stays) setTimeout(() => saying.remove(), GONE_AFTER_MS);
  return saying;
}

/** Says something that has only to be heard. */
export function murmur(text: string): void {
  const words = place().appendChild(make('p', { class: 'hidden' }, text));
  setTimeout(() => words.remove(), GONE_AFTER_MS);
}
