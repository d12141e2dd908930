import { make, person, randomName } from './page.ts';

const EVERY_MS = 10_000;

interface Somebody {
  id: string;
  handle: string;
  name: string;
  initials: string;
}

const ownWindow = randomName();

/** Tells the others that somebody is here, for as long as they are. */
export function showPresence(): void {
  if (person() === '' || document.querySelector('main')?.dataset.live === undefined) return;
  setInterval(sayHere, EVERY_MS);
  document.addEventListener('visibilitychange', () => tell(document.visibilityState === 'hidden'));
  addEventListener('pagehide', () => tell(true));
}

/** Says that somebody is here: as soon as the server listens, and again and again. */
export function sayHere(): void {
  if (person() !== '' && document.visibilityState === 'visible') tell(false);
}

function tell(gone: boolean): void {
  const body = new URLSearchParams({ page: location.pathname, window: ownWindow, gone: gone ? 'yes' : '' });
  // Whoever cannot be told is told again soon.
  fetch('/presence', { method: 'POST', body, keepalive: true }).catch(() => {});
}

/** Shows who else looks at the page. */
export function heardPresence(data: string): void {
  const others = (JSON.parse(data) as Somebody[]).filter(({ id }) => id !== person());
  document.getElementById('presence')?.remove();
  if (others.length === 0) return;
  const list = make('ul', { class: 'plain', 'aria-label': 'Also looking at this page' });
  for (const { handle, name, initials } of others)
    list.append(
      make(
        'li',
        { class: 'face', title: `${name} (@${handle})` },
        make('span', { 'aria-hidden': 'true' }, initials),
        make('span', { class: 'hidden' }, `${name}, @${handle}`),
      ),
    );
  const box = make('div', { id: 'presence', 'data-stay': '' }, list);
  document.querySelector('main')?.prepend(box);
}
