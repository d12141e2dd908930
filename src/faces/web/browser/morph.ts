import { Idiomorph } from 'idiomorph';
import { seenAt } from './changes.ts';
import { pageAddress } from './page.ts';
import { murmur } from './said.ts';

const MARK = 'data-just-changed';
/** For how long what changed is marked: as long as its animation. */
const MARKED_MS = 2_000;
/** What scripts set, and no page that is read anew takes away. */
const OURS = new Set([
  'tabindex',
  'open',
  'data-current',
  'data-column',
  'data-decided',
  'data-unsaved',
  'data-state',
]);

/**
 * Reads the page anew and makes what differs as it is now: some fragments, or all of it. Focus, selection, what is typed,
 * what is open stay as they are.
 *
 * @param ids the fragments that changed; null for the whole page
 * @throws TypeError where there is no connection
 */
export async function renew(ids: readonly string[] | null): Promise<void> {
  const headers = { Accept: 'text/html', 'Muster-Fragments': ids === null ? '*' : ids.join(' ') };
  const response = await fetch(pageAddress(), { headers, cache: 'no-store' });
  // Merged away, or no longer ours to see: the browser shows what is there instead.
  if (response.redirected || response.status === 404) return location.reload();
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const main = document.querySelector('main');
  const fresh = page.querySelector('main');
  if (main === null || fresh === null) return;
  const nav = [document.querySelector('.nav'), page.querySelector('.nav')] as const;
  if (nav[0] !== null && nav[1] !== null) morph(nav[0], nav[1], 'outerHTML');
  if (ids === null) return morph(main, fresh, 'innerHTML');
  const along = [...main.querySelectorAll('[data-with-any]')].map(({ id }) => id);
  for (const id of [...ids, ...along]) {
    const [old, next] = [document.getElementById(id), page.getElementById(id)];
    if (old !== null && next !== null) morph(old, next, 'outerHTML');
    // A whole page that lacks it says that it is gone.
    else if (old !== null && !('partial' in fresh.dataset)) old.remove();
    else if (old === null && next !== null) return renew(null);
  }
}

function morph(old: Element, fresh: Element, morphStyle: 'innerHTML' | 'outerHTML'): void {
  const versions = versionsIn(old);
  const whole = morphStyle === 'outerHTML' ? old.id : null;
  void Idiomorph.morph(old, morphStyle === 'innerHTML' ? [...fresh.childNodes] : fresh, {
    morphStyle,
    // Not `ignoreActiveValue`: it would leave the inside of a cell alone that has the focus.
    restoreFocus: true,
    callbacks: {
      beforeNodeMorphed: (node: Element) => !isTouched(node),
      beforeNodeRemoved: (node: Element) => !(node instanceof HTMLElement && 'stay' in node.dataset),
      beforeAttributeUpdated: (name: string) => !OURS.has(name),
    },
  });
  const now = whole === null ? old : whole === '' ? null : document.getElementById(whole);
  if (now !== null) mark(now, versions);
}

/** What somebody typed or chose, and what is put into a page for a while, is not theirs to lose. */
function isTouched(node: Node): boolean {
  if (
    node === document.activeElement &&
    node instanceof HTMLElement &&
    node.matches('input, textarea, select')
  )
    return true;
  if (node instanceof HTMLInputElement) {
    const ticks = node.type === 'checkbox' || node.type === 'radio';
    return ticks
      ? node.checked !== node.defaultChecked
      : node.type !== 'hidden' && node.value !== node.defaultValue;
  }
  if (node instanceof HTMLTextAreaElement) return node.value !== node.defaultValue;
  if (node instanceof HTMLSelectElement)
    return [...node.options].some((option) => option.selected !== option.defaultSelected);
  return node instanceof HTMLElement && 'stay' in node.dataset;
}

function versionsIn(root: Element): Map<string, string> {
  return new Map(versioned(root).map((each) => [nameOf(each), String(versionOf(each))]));
}

function versioned(root: Element): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('button[form=edit], button.tick-box, [data-version]')];
}

/** What it is about, whatever its version. */
function nameOf(each: HTMLElement): string {
  if (each instanceof HTMLButtonElement)
    return seenAt(each)
      .map(({ kind, id }) => `${kind}/${id}`)
      .join(' ');
  return each.id !== '' ? each.id : `${each.closest('[id]')?.id} ${each.closest('td')?.dataset.label}`;
}

/** The newest change that somebody has seen who sees this. */
function versionOf(each: HTMLElement): number {
  if (!(each instanceof HTMLButtonElement)) return Number(each.dataset.version);
  return Math.max(0, ...seenAt(each).map(({ saw }) => saw));
}

/** Marks what changed under the reader's eyes for a moment; what changed in the line they are at is also read out. */
function mark(root: Element, before: ReadonlyMap<string, string>): void {
  for (const each of versioned(root)) {
    const version = before.get(nameOf(each));
    const now = versionOf(each);
    if (version === undefined || version === String(now)) continue;
    each.setAttribute(MARK, '');
    setTimeout(() => each.removeAttribute(MARK), MARKED_MS);
    const line = each.closest('[data-item]');
    const own = now <= newestOwn;
    if (line?.hasAttribute('data-current') && !own) murmur(`Now ${each.textContent?.trim()}`);
  }
}

let newestOwn = 0;

/** Changes up to this one were made here: nobody has to be told of them. */
export function madeHere(version: number): void {
  newestOwn = Math.max(newestOwn, version);
}
