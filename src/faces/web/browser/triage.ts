import { type Change, type ChangeSet, postForm, seenAt, sendSets, tellOne, undoLast } from './changes.ts';
import { ask } from './dialogs.ts';
import { openEditor } from './forms.ts';
import { onKey } from './keys.ts';
import { renewNow } from './live.ts';
import { say } from './said.ts';

/** Moves through lines and channels by key, and sets what one is at. */
export function watchTriage(): void {
  restorePlace();
  onKey('j', () => move(1));
  onKey('k', () => move(-1));
  onKey('Enter', openLine);
  onKey('c', () => void claim());
  onKey('m', comment);
  // In the queue nothing is set channel by channel: its keys mean other things.
  if (document.querySelector('[data-queue]') !== null) return;
  onKey('h', () => moveColumn(-1));
  onKey('l', () => moveColumn(1));
  onKey('z', () => void undoLast());
  onKey('x', pick);
  onKey('t', () => void tick());
  watchTicks();
  onKey('e', () => {
    const [link] = linksAt(currentLine(), column);
    if (link === undefined) nothingHere();
    else void openEditor(link);
  });
  const words: Record<string, string> = {
    a: 'affected',
    f: 'fixed',
    n: 'not_affected',
    u: 'under_investigation',
    p: 'postponed',
    w: 'wont_fix',
  };
  for (const [key, status] of Object.entries(words)) {
    onKey(key, () => void set(status, false));
    onKey(key.toUpperCase(), () => void set(status, true));
  }
}

// Where one is: a line, and a channel in it.

let column = 0;
const PLACE = `muster:place:${location.pathname}`;

function lines(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-item]')];
}

/** The line that one is at. */
export function currentLine(): HTMLElement | null {
  const focused = document.activeElement?.closest<HTMLElement>('[data-item]') ?? null;
  return focused ?? document.querySelector<HTMLElement>('[data-item][data-current]');
}

/** Places in a line; in the queue it is one as a whole. */
function cellsOf(line: HTMLElement): HTMLElement[] {
  if (line.closest('[data-queue]') !== null) return [];
  return [...line.querySelectorAll<HTMLElement>('td.cell-channel')];
}

/** One line on, or back. */
export function move(by: number): void {
  const all = lines();
  if (all.length === 0) return;
  const line = currentLine();
  const at = line === null ? (by > 0 ? -1 : all.length) : all.indexOf(line);
  goTo(all[Math.max(0, Math.min(all.length - 1, at + by))], column);
}

function moveColumn(by: number): void {
  const line = currentLine() ?? lines()[0];
  if (line === undefined) return;
  const count = cellsOf(line).length;
  goTo(line, currentLine() === null ? column : Math.max(0, Math.min(count - 1, column + by)));
}

function goTo(line: HTMLElement | undefined, wanted: number): void {
  if (line === undefined) return;
  const place = placeIn(line, wanted);
  try {
    sessionStorage.setItem(PLACE, `${column} ${line.id}`);
  } catch {
    // Then one begins at the top again.
  }
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  line.scrollIntoView({ block: 'nearest' });
}

/** Goes to a line, or only marks it as the one that one is at. */
export function goToLine(line: HTMLElement, focus = true): void {
  if (focus) goTo(line, column);
  else placeIn(line, column);
}

/** The cell that is the place in a line, or the line itself where it has none. It alone is reached by Tab. */
function placeIn(line: HTMLElement, wanted: number): HTMLElement {
  const cells = cellsOf(line);
  column = Math.max(0, Math.min(cells.length - 1, wanted));
  const place = cells[column] ?? line;
  for (const each of document.querySelectorAll('[data-current]')) each.removeAttribute('data-current');
  for (const each of document.querySelectorAll('[data-items] [tabindex="0"]'))
    each.setAttribute('tabindex', '-1');
  line.setAttribute('data-current', '');
  place.setAttribute('tabindex', '0');
  return place;
}

/** Whoever comes back from an issue is where they were. */
function restorePlace(): void {
  let text = '';
  try {
    text = sessionStorage.getItem(PLACE) ?? '';
  } catch {
    return;
  }
  const [, at, id] = /^(-?\d+) (.+)$/.exec(text) ?? [];
  const line = document.getElementById(id ?? '') ?? lines()[0];
  if (
    line instanceof HTMLElement &&
    'item' in line.dataset &&
    (cellsOf(line).length > 0 || line.closest('[data-queue]') !== null)
  ) {
    placeIn(line, Number(at ?? 0));
    if (id === undefined) line.removeAttribute('data-current');
  }
}

function openLine(): void {
  currentLine()?.querySelector<HTMLAnchorElement>('a[data-open]')?.click();
}

function comment(): void {
  const link = currentLine()?.querySelector<HTMLAnchorElement>('a[data-open]');
  if (link != null) location.assign(`${link.pathname}#comment`);
}

// What one sets.

/** Lines that are ticked. */
export function picked(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLInputElement>('input.pick:checked')].flatMap(
    (box) => box.closest<HTMLElement>('[data-item]') ?? [],
  );
}

export function unpick(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>('input.pick:checked')) box.checked = false;
}

/** Ticks the line that one is at, or takes its tick away. */
export function pick(): void {
  const box = currentLine()?.querySelector<HTMLInputElement>('input.pick');
  if (box == null) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event('change', { bubbles: true }));
  const count = document.querySelectorAll('input.pick:checked').length;
  say(count === 0 ? 'Nothing is selected.' : `${count} ${count === 1 ? 'line' : 'lines'} selected.`);
}

/** Links to the forms of the boxes in a cell, or in all cells of a line. */
function linksAt(line: HTMLElement | null, at: number | 'all'): HTMLButtonElement[] {
  if (line === null) return [];
  const cells = at === 'all' ? cellsOf(line) : cellsOf(line).slice(at, at + 1);
  return cells.flatMap((cell) => [...cell.querySelectorAll<HTMLButtonElement>('button[name=cell]')]);
}

function changesOf(link: Element, value: unknown): Change[] {
  return seenAt(link).map((seen) => ({ ...seen, value }));
}

async function set(status: string, everywhere: boolean): Promise<void> {
  const ticked = picked();
  const line = currentLine();
  const targets = ticked.length > 0 ? ticked : line === null ? [] : [line];
  if (targets.length === 0) {
    say('Choose a line first: j and k move.');
    return;
  }
  const at = everywhere ? 'all' : column;
  if (targets.every((target) => linksAt(target, at).length === 0)) return nothingHere();
  const more = await ask(status);
  if (more === null) return;
  const sets = targets.flatMap((target): ChangeSet[] => {
    const links = linksAt(target, at);
    const changes = links.flatMap((link) => changesOf(link, { status, ...more }));
    return changes.length === 0 ? [] : [{ changes, at: links[0] ?? null }];
  });
  unpick();
  await sendSets(sets);
}

/** Boxes that are clicked are ticked in place. */
function watchTicks(): void {
  document.addEventListener('click', (event) => {
    const box = event.target instanceof Element ? event.target.closest('button.tick-box') : null;
    if (event.defaultPrevented || box === null) return;
    event.preventDefault();
    void tickBoxes([box]);
  });
}

/** Ticks the lines that are selected, or the one that one is at; where all of them are done, takes their ticks back. */
async function tick(): Promise<void> {
  const chosen = picked();
  const line = currentLine();
  const targets = chosen.length > 0 ? chosen : line === null ? [] : [line];
  if (targets.length === 0) {
    say('Choose a line first: j and k move.');
    return;
  }
  const boxes = targets.flatMap((target) => target.querySelector('button.tick-box') ?? []);
  if (boxes.length === 0) {
    say(
      document.querySelector('td.cell-tick') === null
        ? 'There are no lines to tick here.'
        : 'Ticking takes an account; proposing it takes no rights beyond that.',
    );
    return;
  }
  unpick();
  await tickBoxes(boxes);
}

async function tickBoxes(boxes: readonly Element[]): Promise<void> {
  const open = boxes.filter((box) => box.getAttribute('aria-pressed') !== 'true');
  const value = open.length > 0 ? true : null;
  await sendSets(
    (open.length > 0 ? open : boxes).map((box) => ({ changes: changesOf(box, value), at: box })),
  );
}

function nothingHere(): void {
  const signedIn = document.querySelector('button[name=cell]') !== null;
  say(
    signedIn
      ? 'Nothing in this channel looks like it: there is nothing to set.'
      : 'Setting a state takes an account; proposing takes no rights beyond that.',
  );
}

/** Claims the line's issue for a week, or lets go of it. */
async function claim(): Promise<void> {
  const link = (currentLine() ?? document).querySelector<HTMLButtonElement>('button[data-claim]');
  if (link === null) {
    say('There is nothing here that you could claim.');
    return;
  }
  const fields = new URLSearchParams({ value: link.dataset.claim === 'mine' ? '' : 'me' });
  fields.append('at', link.value);
  try {
    const answer = await postForm('/changes', fields);
    await renewNow(seenAt(link).map(({ id }) => `issue:${id}`));
    if ('outcome' in answer) tellOne(answer, { changes: [], at: link });
    else say(answer.message ?? 'It could not be claimed.', { stays: true });
  } catch {
    say('There is no connection: it is not claimed.', { stays: true });
  }
}
