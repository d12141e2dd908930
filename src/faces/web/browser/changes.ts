import type { AnswerJson, AnswersJson, ConflictJson } from '../changes-answer.ts';
import { showConflict } from './conflict.ts';
import { renewNow } from './live.ts';
import { madeHere } from './morph.ts';
import { kept, make, person, randomName } from './page.ts';
import { say } from './said.ts';

/** A field that is to become `value`, as `POST /changes` takes it. */
export interface Change {
  kind: string;
  id: string;
  field: string;
  saw: number;
  value: unknown;
}

/** A change set, and where on the page it was made: a conflict is shown there. */
export interface ChangeSet {
  changes: Change[];
  key?: string;
  remark?: string;
  at?: Element | null;
}

interface Unsent {
  sets: { changes: Change[]; key: string; remark?: string }[];
}

const UNSENT = 'muster:unsent';

/** Makes changes, and says what became of them. Several sets are each made for themselves. */
export async function sendSets(sets: ChangeSet[]): Promise<void> {
  const named = sets.map(({ changes, key = randomName(), remark }) => ({
    changes,
    key,
    ...(remark === undefined ? {} : { remark }),
  }));
  let answers: AnswerJson[];
  try {
    answers = await post(named);
  } catch {
    keepUnsent({ sets: named });
    return;
  }
  await tellAll(sets, answers);
}

async function post(sets: Unsent['sets']): Promise<AnswerJson[]> {
  const answer = await postJson('/changes', { sets });
  if ('answers' in answer) return (answer as AnswersJson).answers;
  say((answer as { message?: string }).message ?? 'It could not be done.', { stays: true });
  return [];
}

/** @throws TypeError where there is no connection */
async function postJson(address: string, body: unknown): Promise<object> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  });
  // Whatever went wrong there may go better later: it is kept and sent again, under its key.
  if (response.status >= 500) throw new TypeError(`status ${response.status}`);
  return (await response.json()) as object;
}

/** A form as it is, answered as JSON. @throws TypeError where there is no connection */
export async function postForm(
  address: string,
  fields: URLSearchParams,
): Promise<AnswerJson | { message?: string }> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: fields,
  });
  return (await response.json()) as AnswerJson | { message?: string };
}

async function tellAll(sets: readonly ChangeSet[], answers: readonly AnswerJson[]): Promise<void> {
  for (const answer of answers)
    if (answer.outcome === 'accepted') for (const { version } of answer.made) madeHere(version);
  const touched = [...new Set(sets.flatMap(({ changes }) => changes.map(topicOf)))];
  await renewNow(touched);
  if (answers.length === 1 && answers[0] !== undefined) {
    tellOne(answers[0], sets[0]);
    return;
  }
  const done = answers.flatMap(setMade);
  if (done.length > 0) rememberSets(done);
  if (answers.length > 1) tellList(sets, answers, done);
}

/** The change set that an answer made, if it made one. */
function setMade(answer: AnswerJson): number[] {
  if (answer.outcome !== 'accepted' || answer.proposal === null) return [];
  return answer.made.some(({ changed }) => changed) ? [answer.proposal] : [];
}

/** What became of one change set. */
export function tellOne(answer: AnswerJson, set: ChangeSet | undefined): void {
  const done = setMade(answer);
  if (done.length > 0) rememberSets(done);
  if (answer.outcome === 'conflict' && set !== undefined) conflicts(answer.conflicts, set);
  else if (answer.outcome === 'refused') say(answer.said, { stays: true });
  else say(answer.said, done.length === 0 ? {} : { deeds: [{ label: 'Undo', run: () => void undoLast() }] });
}

function conflicts(list: readonly ConflictJson[], set: ChangeSet): void {
  const contested = new Map(
    list.map(({ kind, id, field, version, yours }): [string, Change] => {
      const change = { kind, id, field, saw: version, value: yours };
      return [touchOf(change), change];
    }),
  );
  const others = set.changes.filter((change) => !contested.has(touchOf(change)));
  showConflict(list, set.at ?? null, (mine) => {
    const changes = mine ? [...others, ...contested.values()] : others;
    if (changes.length > 0) void sendSets([{ ...set, key: randomName(), changes }]);
    else void renewNow([...contested.values()].map(topicOf));
  });
}

const OUTCOMES = {
  accepted: 'done',
  proposed: 'proposed',
  conflict: 'somebody was faster',
  refused: 'not done',
};

function tellList(sets: readonly ChangeSet[], answers: readonly AnswerJson[], done: readonly number[]): void {
  const list = make('ul', { class: 'plain answers' });
  answers.forEach((answer, index) => {
    const about = issueOf(sets[index]?.changes[0]);
    list.append(
      make(
        'li',
        { class: `answer answer-${answer.outcome}` },
        `${about}: `,
        make('strong', {}, OUTCOMES[answer.outcome]),
        ` ${answer.said}`,
      ),
    );
    if (answer.outcome === 'conflict') {
      const set = sets[index];
      if (set !== undefined) conflicts(answer.conflicts, set);
    }
  });
  const good = answers.filter(({ outcome }) => outcome === 'accepted').length;
  say(`${good} of ${answers.length} done`, {
    list,
    stays: true,
    deeds: done.length === 0 ? [] : [{ label: 'Undo them', run: () => void undoLast() }],
  });
}

function issueOf(change: Change | undefined): string {
  return issueIn(change?.id ?? '');
}

function topicOf({ id }: Pick<Change, 'id'>): string {
  return `issue:${issueIn(id)}`;
}

/** `NSI-2017-0043/openssl/nixos-17.03`, `31/NSI-2017-0043` → `NSI-2017-0043` */
function issueIn(id: string): string {
  const [first = '', second] = id.split('/');
  return second !== undefined && /^\d+$/.test(first) ? second : first;
}

function touchOf({ kind, id, field }: Pick<Change, 'kind' | 'id' | 'field'>): string {
  return `${kind}/${id}#${field}`;
}

/** What a button that opens a form is about, as it was when the page was made. */
export function seenAt(at: Element): Omit<Change, 'value'>[] {
  if (!(at instanceof HTMLButtonElement)) return [];
  return at.name === 'cell' ? parseCell(at) : [parseSeen(at.value) ?? []].flat();
}

/** The page with the form that a button or link opens. */
export function formAddress(at: HTMLAnchorElement | HTMLButtonElement): string {
  if (at instanceof HTMLAnchorElement) return at.href;
  const query = new URLSearchParams({ back: location.pathname, [at.name]: at.value });
  return `/edit?${query}`;
}

/**
 * `NSI-2017-0043/nixos-17.03/openssl@123`, as cells on the page of an issue have it; in lines of lists
 * `NSI-2017-0043/nixos-17.03@123,,0`, with the versions of the line's packages that are in the channel.
 */
function parseCell(at: HTMLButtonElement): Omit<Change, 'value'>[] {
  const [path = '', versions = ''] = at.value.split('@', 2);
  const [issue = '', channel = '', name] = path.split('/').map(decodeURIComponent);
  const names =
    name === undefined
      ? (at.closest<HTMLElement>('[data-packages]')?.dataset.packages ?? '')
          .split(' ')
          .map(decodeURIComponent)
      : [name];
  return versions.split(',').flatMap((saw, place) => {
    const own = names[place];
    if (saw === '' || own === undefined) return [];
    return [{ kind: 'status', id: `${issue}/${own}/${channel}`, field: 'value', saw: Number(saw) }];
  });
}

/** `status/NSI-2017-0043/openssl/nixos-17.03#value@123`, as links to forms have it. */
export function parseSeen(text: string): Omit<Change, 'value'> | null {
  const [, kind, id, field, saw] = /^([a-z_]+)\/(.+)#([a-z_]+)@(\d+)$/.exec(text) ?? [];
  if (kind === undefined || id === undefined || field === undefined) return null;
  return { kind, id, field, saw: Number(saw) };
}

// What was done here, so that it can be undone: by change set, the last one last.

const DONE = 'muster:done';

function remembered(): number[][] {
  try {
    return JSON.parse(sessionStorage.getItem(DONE) ?? '[]') as number[][];
  } catch {
    return [];
  }
}

/** Change sets that were made at once, so that they can be undone. */
export function rememberSets(proposals: readonly number[]): void {
  try {
    sessionStorage.setItem(DONE, JSON.stringify([...remembered(), proposals].slice(-50)));
  } catch {
    // Then it can be undone on its page.
  }
}

/** Takes back what was last done in this window. */
export async function undoLast(): Promise<void> {
  const all = remembered();
  const last = all.pop();
  if (last === undefined) {
    say('There is nothing of yours to undo in this window.');
    return;
  }
  const answers: (AnswerJson | { message?: string })[] = [];
  try {
    for (const proposal of last)
      answers.push(await postForm(`/proposals/${proposal}/undo`, new URLSearchParams()));
  } catch {
    say('Not undone: there is no connection.', { stays: true });
    return;
  }
  sessionStorage.setItem(DONE, JSON.stringify(all));
  const made = answers.flatMap((answer) =>
    'outcome' in answer && answer.outcome === 'accepted' ? answer.made : [],
  );
  for (const { version } of made) madeHere(version);
  await renewNow([...new Set(made.map(topicOf))]);
  const wrong = answers.find((answer) => !('outcome' in answer) || answer.outcome !== 'accepted');
  if (wrong !== undefined)
    say(`Not undone: ${'said' in wrong ? wrong.said : (wrong as { message?: string }).message}`, {
      stays: true,
    });
  else if (made.length === 1) say(`Undone. ${made[0]?.subject}: ${made[0]?.words}.`);
  else say(`Undone: ${made.length} changes.`);
}

// What could not be sent, since there was no connection. Its keys make sure that it is made once.

function unsent(): Unsent[] {
  try {
    return JSON.parse(kept.get(`${UNSENT}:${person()}`) ?? '[]') as Unsent[];
  } catch {
    return [];
  }
}

function keepUnsent(what: Unsent): void {
  kept.set(`${UNSENT}:${person()}`, JSON.stringify([...unsent(), what]));
  say('There is no connection. What you did is kept here, and sent as soon as there is one.', {
    stays: true,
  });
}

/** Sends what was kept, now and whenever the connection comes back. */
export function sendKept(): void {
  if (person() === '') return;
  addEventListener('online', () => void sendUnsent());
  void sendUnsent();
}

async function sendUnsent(): Promise<void> {
  for (let all = unsent(); all.length > 0; all = unsent()) {
    const [first, ...rest] = all;
    if (first === undefined) return;
    let answers: AnswerJson[];
    try {
      answers = await post(first.sets);
    } catch {
      return;
    }
    kept.set(`${UNSENT}:${person()}`, JSON.stringify(rest));
    if (rest.length === 0) kept.drop(`${UNSENT}:${person()}`);
    say('What you did while there was no connection was sent.');
    await tellAll(first.sets, answers);
  }
}
