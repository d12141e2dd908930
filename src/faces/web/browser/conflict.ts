import type { ConflictJson } from '../changes-answer.ts';
import { make } from './page.ts';
import { murmur } from './said.ts';

/**
 * Shows a conflict where it happened: what it was, what they set, what you set, and two buttons.
 *
 * @param at the box; without one it is shown at the top of the page
 * @param choose true: set mine; false: keep theirs
 */
export function showConflict(
  conflicts: readonly ConflictJson[],
  at: Element | null,
  choose: (mine: boolean) => void,
): void {
  const place = at?.closest('td') ?? at?.parentElement ?? document.querySelector('main');
  place?.querySelector('.conflict-here')?.remove();
  const back = document.activeElement;
  const box = make('div', {
    class: 'conflict-here',
    role: 'group',
    'aria-label': 'Somebody was faster',
    'data-stay': '',
  });
  for (const { subject, byName, words } of conflicts)
    box.append(
      make('p', { class: 'conflict-subject' }, make('strong', {}, 'Somebody was faster'), ` · ${subject}`),
      make(
        'dl',
        { class: 'three' },
        pair('It was', words.was),
        pair(`${byName} set`, words.theirs),
        pair('You set', words.yours),
      ),
    );
  const close = (mine: boolean) => {
    box.remove();
    if (back instanceof HTMLElement && back.isConnected) back.focus();
    choose(mine);
  };
  const theirs = make('button', { type: 'button', class: 'button' }, 'Keep theirs');
  const mine = make('button', { type: 'button', class: 'button button-strong' }, 'Set mine');
  theirs.addEventListener('click', () => close(false));
  mine.addEventListener('click', () => close(true));
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close(false);
  });
  box.append(make('div', { class: 'buttons' }, theirs, mine));
  place?.append(box);
  theirs.focus();
  box.scrollIntoView({ block: 'nearest' });
  const [first] = conflicts;
  murmur(
    `${first?.byName} was faster: ${first?.subject} is ${first?.words.theirs}. Keep theirs, or set yours.`,
  );
}

function pair(term: string, words: string): HTMLElement {
  return make('div', {}, make('dt', {}, term), make('dd', {}, words));
}
