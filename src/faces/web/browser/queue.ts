import type { ConflictJson } from '../changes-answer.ts';
import type { DecidedJson, DecidedListJson, SkippedJson } from '../queue-answer.ts';
import { postForm, rememberSets, undoLast } from './changes.ts';
import { showConflict } from './conflict.ts';
import { ask } from './dialogs.ts';
import { openEditor } from './forms.ts';
import { onKey } from './keys.ts';
import { renewNow, renewParts } from './live.ts';
import { madeHere } from './morph.ts';
import { kept, make, person, randomName } from './page.ts';
import { murmur, say } from './said.ts';
import { currentLine, goToLine, move, pick, picked, unpick } from './triage.ts';

/**
 * The queue by keyboard: one key decides a line, the next one follows at once, and what was decided is saved behind one's
 * back, one after the other. What could not be saved is shown in its line and stays; without a connection it is kept in
 * this browser and sent when there is one.
 */
export function watchQueue(): void {
  if (document.querySelector('[data-queue]') === null) return;
  document.querySelector('.queue-keys')?.removeAttribute('hidden');
  onKey('ArrowDown', () => move(1));
  onKey('ArrowUp', () => move(-1));
  onKey('y', () => decide('accept'));
  onKey('d', () => decide('dismiss'));
  onKey('s', () => decide('skip'));
  onKey('D', openForm);
  onKey('x', pick);
  onKey('u', () => void undo());
  onKey('z', () => void undo());
  for (const [index, reason] of reasons().entries()) onKey(String(index + 1), () => void otherReason(reason));
  onKey('7', () => void otherReason('other'));
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.id !== 'queue') return;
    const { submitter } = event;
    if (!(submitter instanceof HTMLButtonElement)) return;
    const deed = (submitter.name === 'deed' ? submitter.value : submitter.name) as Deed['deed'];
    const line = submitter.closest<HTMLElement>('[data-item]');
    event.preventDefault();
    if (line === null) decide(deed, picked());
    else decide(deed, [line]);
  });
  document.querySelector('[data-queue-reason]')?.addEventListener('change', (event) => {
    if (event.target instanceof HTMLSelectElement) lastReason.set(event.target.value);
  });
  chooseReason(lastReason.get());
  addEventListener('online', () => void sendKept());
  for (const { at } of unsent()) for (const each of at) markKept(rowOf(each));
  void sendKept();
  const [first] = waitingLines();
  if (currentLine() === null && first !== undefined && location.hash === '') goToLine(first, false);
}

/** What is done with some suggestions, as it is sent. */
interface Deed {
  deed: 'accept' | 'dismiss' | 'skip' | 'unskip';
  at: string[];
  key: string;
  reason?: string;
  note?: string;
}

/** What was done last, so that it can be taken back. */
type Done = { kind: 'set' } | { kind: 'skip'; at: string[]; rows: string[] };
const done: { what: Done; rows: string[] }[] = [];
/** The dismissal that a digit gives another reason. */
let lastDismissal: { rows: string[]; at: string[]; saved: Promise<unknown> } | null = null;

/** The versions of what was decided here, by suggestion: what another reason for it has to have seen. */
const decided = new Map<string, number>();

function waitingLines(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-queue] [data-item]:not([data-decided])')];
}

function reasons(): string[] {
  return [...document.querySelectorAll<HTMLOptionElement>('[data-queue-reason] option')].map(
    ({ value }) => value,
  );
}

/** The reason that was last given in this window; before the first one, what the line is most likely. */
const LAST_REASON = 'muster:dismissed-as';
const lastReason = {
  get(): string | null {
    try {
      return sessionStorage.getItem(LAST_REASON);
    } catch {
      return null;
    }
  },
  set(reason: string): void {
    try {
      sessionStorage.setItem(LAST_REASON, reason);
    } catch {
      // Then the likeliest one is taken again.
    }
  },
};

function chooseReason(reason: string | null): void {
  const select = document.querySelector<HTMLSelectElement>('[data-queue-reason]');
  if (select !== null && reason !== null && reasons().includes(reason)) select.value = reason;
}

function reasonWords(reason: string): string {
  const option = document.querySelector(`[data-queue-reason] option[value="${CSS.escape(reason)}"]`);
  return option?.textContent ?? 'another reason';
}

function atOf(line: HTMLElement): string {
  return line.querySelector<HTMLInputElement>('input.pick')?.value ?? '';
}

/** Decides the line that one is at, or all that are ticked, and goes on to the next. */
function decide(deed: Deed['deed'], chosen = picked()): void {
  if (document.querySelector('form#queue') === null) {
    say('Deciding takes an account; proposing takes no rights beyond that.');
    return;
  }
  const line = currentLine();
  const lines = (chosen.length > 0 ? chosen : line === null ? [] : [line]).filter(
    (each) => 'item' in each.dataset && !('decided' in each.dataset),
  );
  const [one] = lines;
  if (one === undefined) {
    say('Choose a line first: j and k move.');
    return;
  }
  unpick();
  const reason = lastReason.get() ?? one.dataset.likely ?? 'wrong_product';
  void send(lines, {
    deed,
    at: lines.map(atOf),
    key: randomName(),
    ...(deed === 'dismiss' ? { reason } : {}),
  });
  if (lines.includes(line ?? one)) goOn(line ?? one);
}

/** The next line that is still to be decided comes into focus; after the last one the list is read anew. */
function goOn(from: HTMLElement): void {
  const all = waitingLines();
  const next =
    all.find((each) => (from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0) ??
    all.at(-1);
  if (next === undefined) {
    void nextPage();
    return;
  }
  goToLine(next);
  if (all.length <= FEW) void readOn();
}

/** When so few lines are left, what follows is read: whoever decides comes to an end where the queue does. */
const FEW = 10;
let readingOn = false;

async function readOn(): Promise<void> {
  if (readingOn || document.querySelector('[data-queue] .pager [rel=next]') === null) return;
  readingOn = true;
  // What is not saved yet would still fill the page.
  await queue;
  await renewNow(['*']);
  readingOn = false;
}

async function nextPage(): Promise<void> {
  await queue;
  await reading;
  if (document.querySelector('[data-unsaved]') !== null) return;
  // What was decided is gone from the list: it begins with what comes next, whatever place this page began at.
  const url = new URL(location.href);
  if (url.searchParams.has('after')) {
    url.searchParams.delete('after');
    location.assign(url);
    return;
  }
  await renewNow(['*']);
  const [first] = waitingLines();
  if (first !== undefined) goToLine(first);
  else say('Nothing more waits here.');
}

/** What is saved is saved in the order in which it was decided. */
let queue: Promise<unknown> = Promise.resolve();

const WORDS = { accept: 'accepted', dismiss: 'dismissed', skip: 'skipped', unskip: '' } as const;

/** Marks lines as decided, and saves it. */
function send(lines: readonly HTMLElement[], deed: Deed): Promise<unknown> {
  const words = deed.deed === 'dismiss' ? `dismissed (${reasonWords(deed.reason ?? '')})` : WORDS[deed.deed];
  for (const line of lines) mark(line, `${words}…`);
  const rows = lines.map(({ id }) => id);
  const saved = queue.then(() => save(rows, deed));
  queue = saved;
  if (deed.deed === 'dismiss') lastDismissal = { rows, at: deed.at, saved };
  else lastDismissal = null;
  return saved;
}

function mark(line: HTMLElement, words: string): void {
  line.dataset.decided = '';
  delete line.dataset.unsaved;
  line.querySelector('.queue-state')?.remove();
  line.querySelector<HTMLElement>('.cell-deeds')?.setAttribute('data-state', words);
}

/** What was decided of the line is kept here. */
function markKept(id: string): void {
  const line = document.getElementById(id);
  if (line === null) return;
  mark(line, 'kept here; sent when there is a connection');
  line.dataset.unsaved = '';
}

/** The line is to be decided again; `why` it was not saved stays in it. */
function unmark(id: string, why: string | null): HTMLElement | null {
  const line = document.getElementById(id);
  if (line === null) return null;
  delete line.dataset.decided;
  line.querySelector('.queue-state')?.remove();
  if (why === null) delete line.dataset.unsaved;
  else {
    line.dataset.unsaved = '';
    line
      .querySelector('.cell-deeds')
      ?.append(make('span', { class: 'queue-state', role: 'alert', 'data-stay': '' }, why));
  }
  return line;
}

function fieldsOf({ deed, at, key, reason, note }: Deed): URLSearchParams {
  const fields = new URLSearchParams({ deed, key });
  for (const each of at) fields.append('at', each);
  if (reason !== undefined) fields.set('reason', reason);
  if (note !== undefined) fields.set('note', note);
  return fields;
}

type Answer = DecidedJson | DecidedListJson | SkippedJson | { message?: string };

async function save(rows: string[], deed: Deed): Promise<void> {
  let answer: Answer;
  try {
    answer = (await postForm('/queue', fieldsOf(deed))) as Answer;
  } catch {
    keep(deed);
    for (const id of rows) markKept(id);
    say('There is no connection. What you decide is kept here, and sent as soon as there is one.', {
      stays: true,
    });
    return;
  }
  told(rows, deed, answer);
}

function told(rows: string[], deed: Deed, answer: Answer): void {
  const byId = new Map(deed.at.map((at, index) => [idIn(at), rows[index] ?? '']));
  if ('skipped' in answer) {
    done.push({ what: { kind: 'skip', at: deed.at, rows }, rows });
    readAnew(rows);
    return;
  }
  if (!('outcome' in answer) && !('answers' in answer)) {
    for (const row of rows) unmark(row, answer.message ?? 'It could not be saved.');
    say(answer.message ?? 'It could not be saved.', { stays: true });
    return;
  }
  const answers = 'answers' in answer ? answer.answers : [answer];
  const sets = answers.flatMap((each) =>
    each.outcome === 'accepted' && each.proposal !== null ? [each.proposal] : [],
  );
  if (sets.length > 0) {
    rememberSets(sets);
    done.push({ what: { kind: 'set' }, rows });
  }
  for (const each of answers) {
    if (each.outcome === 'accepted') {
      for (const { kind, id, version } of each.made) {
        madeHere(version);
        if (kind === 'suggestion') decided.set(id, version);
      }
      continue;
    }
    for (const id of each.ids) {
      const line = unmark(
        byId.get(id) ?? '',
        each.outcome === 'proposed' || each.outcome === 'conflict' ? null : each.said,
      );
      if (each.outcome === 'conflict' && line !== null) conflict(line, deed, id, each.conflicts);
    }
    if (each.outcome === 'proposed') say(each.said);
    if (each.outcome === 'refused') say(each.said, { stays: true });
  }
  if (answers.some(({ outcome }) => outcome === 'accepted')) readAnew(rows);
}

/** What is being read anew: nobody who decides waits for it. */
let reading: Promise<unknown> = Promise.resolve();

/** Lines of which something was decided, as the server has them now. */
function readAnew(rows: readonly string[]): void {
  const own = renewParts(rows).then(() => {
    for (const row of rows) {
      const line = document.getElementById(row);
      // What is decided is gone; what is still there (a proposal, say) is to be decided as before.
      if (line !== null && !('unsaved' in line.dataset)) delete line.dataset.decided;
    }
  });
  reading = Promise.all([reading, own]);
}

/** `suggestion/NSI-2017-0043/openssl#decision@0` → `NSI-2017-0043/openssl` */
function idIn(at: string): string {
  return at.slice('suggestion/'.length, at.lastIndexOf('#decision@'));
}

function withVersion(at: string, version: number): string {
  return `${at.slice(0, at.lastIndexOf('@'))}@${version}`;
}

/** Shown in the line: what it was, what they decided, what you decided. */
function conflict(line: HTMLElement, deed: Deed, id: string, list: readonly ConflictJson[]): void {
  const at = deed.at.find((each) => idIn(each) === id) ?? '';
  const version = list.find(({ kind }) => kind === 'suggestion')?.version;
  showConflict(list, line.querySelector('.cell-deeds'), (mine) => {
    if (mine && version !== undefined)
      void send([line], { ...deed, at: [withVersion(at, version)], key: randomName() });
    else void renewNow([`issue:${id.split('/', 1)[0]}`]);
  });
}

/** A digit right after a dismissal: the same for another reason. */
async function otherReason(reason: string): Promise<void> {
  const last = lastDismissal;
  if (last === null) {
    say('d dismisses; a digit after it says why.');
    return;
  }
  const more = reason === 'other' ? await ask('dismiss-other') : {};
  if (more === null) return;
  if (reason !== 'other') {
    lastReason.set(reason);
    chooseReason(reason);
  }
  murmur(`Dismissed (${reasonWords(reason)}).`);
  const saved = queue.then(async () => {
    const at = last.at.map((each) => withVersion(each, decided.get(idIn(each)) ?? 0));
    const lines = last.rows.flatMap((id) => document.getElementById(id) ?? []);
    if (lines.length === 0) return;
    await save(last.rows, { deed: 'dismiss', at, key: randomName(), reason, ...more });
  });
  queue = saved;
  lastDismissal = { ...last, saved };
}

/** Takes back what was done last in this window: a decision, or that one passed over something. */
async function undo(): Promise<void> {
  await queue;
  await reading;
  const last = done.pop();
  lastDismissal = null;
  if (last?.what.kind === 'skip') {
    const { at } = last.what;
    try {
      await postForm('/queue', fieldsOf({ deed: 'unskip', at, key: randomName() }));
    } catch {
      done.push(last);
      say('Not undone: there is no connection.', { stays: true });
      return;
    }
    await renewNow(at.map((each) => `issue:${idIn(each).split('/', 1)[0]}`));
    say('Undone: it is shown to you again.');
  } else await undoLast();
  const line = document.getElementById(last?.rows[0] ?? '');
  if (line !== null && 'item' in line.dataset) goToLine(line);
}

function openForm(): void {
  const link = currentLine()?.querySelector<HTMLAnchorElement>('.cell-deeds a[data-edit]');
  if (link == null) say('Choose a line first: j and k move.');
  else void openEditor(link);
}

// What could not be sent. Its keys make sure that it is made once.

const UNSENT = () => `muster:unsent-queue:${person()}`;

function unsent(): Deed[] {
  try {
    return JSON.parse(kept.get(UNSENT()) ?? '[]') as Deed[];
  } catch {
    return [];
  }
}

function keep(deed: Deed): void {
  kept.set(UNSENT(), JSON.stringify([...unsent(), deed]));
}

async function sendKept(): Promise<void> {
  for (let all = unsent(); all.length > 0; all = unsent()) {
    const [first, ...rest] = all;
    if (first === undefined) return;
    const rows = first.at.map((at) => rowOf(at));
    let answer: Answer;
    try {
      answer = (await postForm('/queue', fieldsOf(first))) as Answer;
    } catch {
      return;
    }
    kept.set(UNSENT(), JSON.stringify(rest));
    if (rest.length === 0) kept.drop(UNSENT());
    for (const row of rows) unmark(row, null);
    say('What you decided while there was no connection was sent.');
    told(rows, first, answer);
  }
}

/** The line of a suggestion, where this page has it. */
function rowOf(at: string): string {
  const boxes = [...document.querySelectorAll<HTMLInputElement>('[data-queue] input.pick')];
  return boxes.find(({ value }) => idIn(value) === idIn(at))?.closest('tr')?.id ?? '';
}
