import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { eventsById } from '#base/db';
import { boxId, issuesById } from '#domain/issues';
import { hitsOfIssues } from '#domain/matching';
import { mayDecide } from '#domain/policies';
import { type Answer, type Change, touchOf } from '#domain/proposals';
import {
  EDITABLES,
  issueOfChange,
  type NameOf,
  parseCell,
  parseSeen,
  personIn,
  type Seen,
  type SentSet,
  seenText,
  subjectWords,
  valueWords,
} from '#faces/editing';
import { answerJson, type Sent, send, sentByForm, sentByProgram } from '../changes.ts';
import type { AnswerJson } from '../changes-answer.ts';
import { issueAddress, ownAddress } from '../components/addresses.ts';
import type { Answered } from '../components/answers-list.tsx';
import { typedOf } from '../components/editing-forms.tsx';
import { readFieldStates } from '../editing-state.ts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { AnswersPage } from '../pages/answers.tsx';
import { ConflictPage } from '../pages/conflict.tsx';
import { EditPage, type EditPageProps, type EditRow } from '../pages/editing.tsx';
import { isJson, readFields, readJson, wantsJson } from '../request-body.ts';
import { RequestRefused } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { type Who, whoOf } from '../who.ts';

/**
 * `POST /changes`: the one address of every change, for forms and for programs; `/edit`: the form for some fields.
 *
 * A program sends `{changes: [{kind, id, field, value, saw}], key?, remark?}`, or `{sets: […]}` to have several made each for
 * itself, and is answered 200 accepted, 202 proposed, 409 with was, theirs and yours, 422 or 403 with the reasons. A form is
 * led back to its page, or to a page that shows the conflict.
 */
export function changesRoutes(app: Hono, site: Site): void {
  app.post('/changes', async (c) => {
    c.header('Cache-Control', 'no-store');
    if (isJson(c)) return answerProgram(c, site, sentByProgram(await readJson(c)));
    const form = await readFields(c);
    const sent = sentByForm(form, whoOf(c), site.now());
    if (sent.sets.every(({ changes }) => changes.length === 0) && sent.problems.length === 0)
      sent.problems.push({ field: 'at', why: 'nothing was chosen' });
    if (sent.problems.length > 0)
      return sendEditPage(
        c,
        site,
        form,
        422,
        sent.problems.map(({ why }) => why),
      );
    return wantsJson(c) ? answerProgram(c, site, sent) : answerForm(c, site, form, sent);
  });

  app.get('/edit', async (c) => sendEditPage(c, site, new URL(c.req.url).searchParams, 200, []));
  // What is chosen on a long page does not fit into an address.
  app.post('/edit', async (c) => sendEditPage(c, site, await readFields(c), 200, []));
}

async function answerProgram(c: Context, site: Site, { sets, listed }: Sent): Promise<Response> {
  const answers: AnswerJson[] = [];
  for (const set of sets) answers.push(await answerJson(site, await send(site, whoOf(c), set)));
  if (listed) return c.json({ answers });
  const [answer] = answers;
  if (answer === undefined) throw new RequestRefused(400, 'There is no change in it.');
  return c.json(answer, answer.status);
}

async function answerForm(c: Context, site: Site, form: URLSearchParams, sent: Sent): Promise<Response> {
  const back = ownAddress(form.get('back') ?? '/');
  if (sent.listed) {
    const answered: Answered[] = [];
    for (const set of sent.sets) {
      const answer = await answerJson(site, await send(site, whoOf(c), set));
      const about = set.changes[0] === undefined ? null : issueOfChange(set.changes[0]);
      answered.push({ about: about ?? 'change', href: about === null ? back : issueAddress(about), answer });
    }
    return c.html(
      htmlDocument(AnswersPage({ frame: await makeFrame(c, site, { json: false }), answered, back })),
    );
  }
  const [set] = sent.sets;
  if (set === undefined) throw new RequestRefused(400, 'There is no change in it.');
  const answer = await send(site, whoOf(c), set);
  if (answer.outcome === 'conflict') return sendConflict(c, site, { set, answer, back });
  if (answer.outcome === 'refused') {
    const json = await answerJson(site, answer);
    const why = answer.refusals.map((refusal) => `${subjectWords(refusal)}: ${refusal.why}`);
    return sendEditPage(c, site, form, json.status === 403 ? 403 : 422, [...new Set(why)], set.changes);
  }
  const number = answer.proposal;
  return c.redirect(withResult(back, number === null ? {} : { set: String(number) }, set.changes), 303);
}

/** The page with what tells of the result, at the line that it is about. */
export function withResult(
  back: string,
  result: Readonly<Record<string, string>>,
  changes: readonly Pick<Change, 'kind' | 'id'>[] = [],
): string {
  const url = new URL(back, 'http://own.invalid');
  for (const name of ['set', 'undone']) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(result)) url.searchParams.set(name, value);
  const about = changes[0] === undefined ? null : issueOfChange(changes[0]);
  const hash =
    url.hash !== ''
      ? url.hash
      : about === null || !/^\/(?:roundups|gates)\//.test(url.pathname)
        ? ''
        : `#${about}`;
  return ownAddress(`${url.pathname}${url.search}${hash}`);
}

/** The page of a conflict: the whole set again, with what is now before the reader's eyes. */
export async function sendConflict(
  c: Context,
  site: Site,
  {
    set,
    answer,
    back,
    action,
  }: { set: SentSet; answer: Extract<Answer, { outcome: 'conflict' }>; back: string; action?: string },
): Promise<Response> {
  const json = await answerJson(site, answer);
  if (wantsJson(c)) return c.json(json, json.status);
  const versions = new Map(answer.conflicts.map((conflict) => [touchOf(conflict), conflict.version]));
  const mine = set.changes.map((change) => ({ ...change, saw: versions.get(touchOf(change)) ?? change.saw }));
  const others = set.changes.filter((change) => !versions.has(touchOf(change)));
  const page = ConflictPage({
    frame: await makeFrame(c, site, { json: false }),
    conflicts: json.outcome === 'conflict' ? json.conflicts : [],
    choice: {
      mine: mine.map((change) => JSON.stringify(change)),
      others: others.map((change) => JSON.stringify(change)),
      back,
      remark: set.remark ?? '',
      propose: set.propose,
      ...(action === undefined ? {} : { action }),
    },
  });
  c.header('Cache-Control', 'no-store');
  return c.html(htmlDocument(page), 409);
}

/** The form for the fields that were asked for, with what was typed where it comes back. */
async function sendEditPage(
  c: Context,
  site: Site,
  form: URLSearchParams,
  status: 200 | 403 | 422,
  problems: string[],
  sent: readonly Change[] = [],
): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  if (problems.length > 0 && wantsJson(c))
    return c.json({ outcome: 'refused', said: problems.join('; ') }, status);
  const cells = form.getAll('cell').map((text) => parseCell(text));
  const asked = [
    ...form.getAll('at').map((text) => parseSeen(text)),
    ...cells.filter((cell) => cell === null || 'kind' in cell),
  ];
  const wanted = asked.length === 0 && sent.length > 0 ? [...sent] : asked;
  if (wanted.includes(null)) throw new RequestRefused(400, '"at" names no field, or "cell" no boxes.');
  const seen = wanted.flatMap((each) => each ?? []);
  const boxes = [...seen];
  if (form.has('issue')) boxes.push(...(await boxesOf(site, form.getAll('issue'), form.getAll('channel'))));
  for (const cell of cells)
    if (cell !== null && 'channel' in cell)
      boxes.push(...(await boxesOf(site, [cell.issue], [cell.channel])));
  const [first] = boxes;
  const who = whoOf(c);
  if (first === undefined)
    throw new RequestRefused(400, 'Nothing is chosen: "at" names a field, "issue" an issue.');
  if (boxes.some(({ kind, field }) => kind !== first.kind || field !== first.field))
    throw new RequestRefused(400, 'A form sets one kind of field at a time.');
  if (!isKnownTo(who, first, site))
    throw new RequestRefused(400, `There is no field ${first.field} of a ${first.kind}.`);
  const props = await editProps(who, site, boxes, form, problems);
  if (props.rows.length === 0) throw new RequestRefused(400, 'There is no such thing to change any more.');
  return c.html(
    htmlDocument(EditPage({ ...props, frame: await makeFrame(c, site, { json: false }) })),
    status,
  );
}

/** Whether there is such a field; of what is hidden, whether they may set it. */
function isKnownTo({ actor }: Who, { kind: name, id, field, saw }: Seen, { rules }: Site): boolean {
  const kind = EDITABLES.get(name);
  if (kind?.fields[field] === undefined) return false;
  const change = { kind: name, id, field, saw, value: null };
  return kind.hidden !== true || kind.may(actor, change, { value: null, version: 0 }, rules) === 'apply';
}

async function editProps(
  who: Who,
  site: Site,
  fields: readonly Seen[],
  form: URLSearchParams,
  problems: string[],
): Promise<Omit<EditPageProps, 'frame'>> {
  const { queries } = site.database;
  const states = await readFieldStates(site.database, fields);
  const issues = await issuesById(queries, [
    ...new Set(fields.flatMap((field) => issueOfChange(field) ?? [])),
  ]);
  const titles = new Map(issues.map(({ id, title }) => [id, title]));
  const tellers = await eventsById(
    queries,
    [...states.values()].flatMap(({ version }) => (version > 0 ? [version] : [])),
  );
  const names = await site.names([
    ...[...states.values()].flatMap(({ value }) => personIn(value)),
    ...[...tellers.values()].map(({ actor }) => actor),
  ]);
  const nameOf: NameOf = (actor) => names(actor).label;
  const chosen = new Set(
    form.getAll('at').map((text) => touchOf(parseSeen(text) ?? { kind: '', id: '', field: '' })),
  );
  const rows = fields.flatMap((field): EditRow[] => {
    const state = states.get(touchOf(field));
    if (state === undefined) return [];
    const issue = issueOfChange(field);
    const teller = tellers.get(state.version)?.actor;
    return [
      {
        // Whoever has the form before them has seen what it says now.
        at: seenText({ ...field, saw: state.version }),
        issue,
        title: issue === null ? null : (titles.get(issue) ?? null),
        subject: subjectWords(field),
        now: valueWords(field, state.value, nameOf),
        by: teller === undefined ? null : nameOf(teller),
        chosen: chosen.size === 0 || chosen.has(touchOf(field)),
      },
    ];
  });
  const [first] = fields;
  const kind = first?.kind ?? '';
  const field = first?.field ?? '';
  const typed = Object.fromEntries([...form].filter(([name]) => TYPED.has(name)));
  const stands = rows.length === 1 ? states.get(touchOf(first ?? { kind, id: '', field }))?.value : undefined;
  return {
    kind,
    field,
    rows,
    typed: Object.keys(typed).length > 0 ? typed : typedOf(kind, field, stands, who.actor.id),
    // The finest point (whose claim it is) the room decides when it is sent.
    permission:
      (field === 'claim' || kind === 'comment') && mayDecide(who.actor) === 'propose'
        ? 'apply'
        : mayDecide(who.actor),
    problems,
    back: ownAddress(form.get('back') ?? '/'),
    changeKey: randomUUID(),
  };
}

const TYPED = new Set([
  'status',
  'justification',
  'fixedIn',
  'until',
  'note',
  'link',
  'value',
  'reason',
  'remark',
]);

const MOST_ISSUES = 200;

/** Every box of some issues that looks as if something had to be said of it, in some channels or in all. */
async function boxesOf(site: Site, issues: readonly string[], named: readonly string[]): Promise<Seen[]> {
  const channels = new Set(named.filter((name) => name !== ''));
  const hits = await hitsOfIssues(site.database.queries, issues.slice(0, MOST_ISSUES));
  return hits
    .filter(({ channel }) => channels.size === 0 || channels.has(channel))
    .map(({ issue, attr, channel }) => ({
      kind: 'status',
      id: boxId({ issue, package: attr, channel }),
      field: 'value',
      saw: 0,
    }));
}
