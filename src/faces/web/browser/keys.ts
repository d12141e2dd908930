import { openDialog } from './dialogs.ts';
import { kept, person } from './page.ts';
import { say } from './said.ts';

const handlers = new Map<string, () => void>();

/** Has a key do something on this page, wherever nobody types. */
export function onKey(key: string, run: () => void): void {
  handlers.set(key, run);
}

/** Kept for each person in this browser: several may use it. */
const SWITCH = () => `muster:keys:${person()}`;

function keysAreOff(): boolean {
  return kept.get(SWITCH()) === 'off';
}

export function watchKeys(): void {
  onKey('?', () => void showHelp());
  onKey('/', () => document.querySelector<HTMLElement>('#search')?.focus());
  wireSwitch(document);
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
    if (event.key.length === 1 && keysAreOff()) return;
    if (event.key === 'Enter' && !isPlace(event.target)) return;
    // With Caps Lock on, a letter is still the letter.
    const key = event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
    const run = markedKey(key) ?? handlers.get(key);
    if (run === undefined) return;
    event.preventDefault();
    run();
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href="/keys"]') : null;
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void showHelp();
  });
}

/** Where Enter is not the element's own: links, buttons and fields keep theirs. */
function isPlace(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.matches('td, tr, [data-item]'));
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'button', 'submit'].includes(target.type);
}

/** What a page itself says that a key does (`data-key="y"`): in the line that one is at, else on the page. */
function markedKey(key: string): (() => void) | undefined {
  const selector = `[data-key~="${CSS.escape(key)}"]`;
  const own = document.querySelector<HTMLElement>(`[data-current] ${selector}`);
  const marked =
    own ??
    [...document.querySelectorAll<HTMLElement>(selector)].find(
      (each) => each.closest('[data-item]') === null,
    );
  if (marked === undefined || marked === null) return undefined;
  return () =>
    marked.matches('input:not([type=checkbox]), textarea, select') ? marked.focus() : marked.click();
}

/** The page of keys, in a dialog. */
async function showHelp(): Promise<void> {
  let help: Element | null = null;
  try {
    const response = await fetch('/keys', { headers: { Accept: 'text/html' } });
    help = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('#keys');
  } catch {
    say('The list of keys cannot be read: there is no connection.');
  }
  if (help === null) return;
  document.querySelector('dialog .keys')?.closest('dialog')?.close();
  const dialog = openDialog('Keys', help);
  wireSwitch(dialog);
  dialog.querySelector<HTMLElement>('#keys-on')?.focus();
}

/** The switch for keys of one character. */
function wireSwitch(root: ParentNode): void {
  const box = root.querySelector<HTMLInputElement>('#keys-on');
  if (box === null) return;
  box.closest<HTMLElement>('.keys-switch')?.removeAttribute('hidden');
  box.checked = !keysAreOff();
  box.addEventListener('change', () => {
    if (box.checked) kept.drop(SWITCH());
    else kept.set(SWITCH(), 'off');
    say(box.checked ? 'Keys of one character work.' : 'Keys of one character are off in this browser.');
  });
}
