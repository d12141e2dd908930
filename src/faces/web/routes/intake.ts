import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import {
  countWaitingIntake,
  type Intake,
  type IntakeDecision,
  intakeById,
  intakeDecision,
  issueById,
  waitingIntake,
} from '#domain/issues';
import { atLeast } from '#domain/policies';
import type { FieldValue } from '#domain/proposals';
import { sendChanges, valueWords } from '#faces/editing';
import { type Form, readings, sendPage } from '../answer.ts';
import { answerJson } from '../changes.ts';
import type { FormProblem } from '../components/form-fields.tsx';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { INTAKE_ADDRESS, intakeAddress, withQuery } from '../list-addresses.ts';
import { IntakeListPage, IntakePage, type IntakeRow } from '../pages/intake.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { requirePerson, sendToSignIn } from '../session-guard.ts';
import { mailsGoOut, type Site } from '../site.ts';
import { whoOf } from '../who.ts';
import { sendConflict } from './changes.ts';
import { sendNotFound } from './not-found.ts';

const SHOWN = 50;

/** `/intake` and `/intake/12`: what visitors sent, and what becomes of it. For triagers alone. */
export function intakeRoutes(app: Hono, site: Site): void {
  const { queries } = site.database;

  const list = async (c: Context, form: Form) => {
    const answer = forTriagers(c);
    if (answer !== null) return answer;
    const after = numberIn(c.req.query('after'));
    const found = await waitingIntake(queries, { limit: SHOWN + 1, ...(after === null ? {} : { after }) });
    const done = numberIn(c.req.query('done'));
    const decided = done === null ? null : await intakeById(queries, done);
    const rows = await rowsOf(site, found);
    const [own = null] = decided === null ? [] : await rowsOf(site, [decided]);
    const data = {
      rows: rows.slice(0, SHOWN),
      waiting: await countWaitingIntake(queries),
      next: rows.length > SHOWN ? (rows[SHOWN - 1]?.number ?? null) : null,
      done: own,
    };
    return sendPage(c, site, form, data, IntakeListPage);
  };
  app.get('/intake', (c) => list(c, 'html'));
  app.get('/intake.json', (c) => list(c, 'json'));

  app.get('/intake/:number', async (c) => {
    const answer = forTriagers(c);
    if (answer !== null) return answer;
    const wanted = readings(c.req.param('number')).at(-1);
    const one = await intakeOf(site, wanted?.name);
    if (wanted === undefined || one === null) return sendNotFound(c, site);
    if (wanted.form === 'json') return c.json((await rowsOf(site, [one]))[0]);
    return sendOne(c, site, one, {});
  });

  app.post('/intake/:number', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c, 'triager');
    const one = await intakeOf(site, c.req.param('number'));
    if (one === null) return sendNotFound(c, site);
    const form = await readFields(c);
    const read = await decisionIn(site, form);
    if ('why' in read) return sendOne(c, site, one, { form, why: read.why });
    return decideIntake(c, site, { id: one.id, saw: Number(form.get('saw')), value: read.value });
  });
}

/** Decides on what a visitor sent, and leads back to what else waits, or to what came of it. */
export async function decideIntake(
  c: Context,
  site: Site,
  { id, saw, value }: { id: number; saw: number; value: IntakeDecision | null },
): Promise<Response> {
  const change = {
    ...{ kind: 'intake', id: String(id), field: 'decision', saw: Number.isSafeInteger(saw) ? saw : 0 },
    value: value as unknown as FieldValue,
  };
  const answer = await sendChanges(
    site.database,
    whoOf(c).actor,
    { changes: [change] },
    {
      rules: site.rules,
      at: site.now(),
    },
  );
  if (answer.outcome === 'conflict')
    return sendConflict(c, site, {
      set: { changes: [change], propose: false },
      answer,
      back: intakeAddress(id),
    });
  const json = await answerJson(site, answer);
  if (wantsJson(c)) return c.json(json, json.status);
  if (answer.outcome === 'refused')
    throw new MusterError(json.status === 403 ? 'FORBIDDEN' : 'USAGE', json.said.replace(/\.$/, ''));
  return c.redirect(withQuery(INTAKE_ADDRESS, { done: id }), 303);
}

/** What visitors sent is not even counted for others: they are sent to sign in, or told that it takes more. */
function forTriagers(c: Context): Response | null {
  if (whoOf(c).actor.account === null) return sendToSignIn(c);
  if (!atLeast(whoOf(c).actor, 'triager'))
    throw new MusterError('FORBIDDEN', 'what visitors sent is for triagers');
  return null;
}

async function intakeOf(site: Site, name: string | undefined): Promise<Intake | null> {
  const number = numberIn(name);
  return number === null ? null : intakeById(site.database.queries, number);
}

function numberIn(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

async function rowsOf(site: Site, all: readonly Intake[]): Promise<IntakeRow[]> {
  const names = await site.names(all.map(({ decidedBy }) => decidedBy));
  return all.map(({ id, receivedAt, decision, decidedBy, decidedAt, issue, ...one }) => ({
    number: id,
    receivedAt: receivedAt.toISOString(),
    url: one.url,
    words: one.words,
    package: one.package,
    email: one.email,
    version: one.version,
    decided:
      decision === null
        ? null
        : {
            words: valueWords({ kind: 'intake', field: 'decision' }, decision as unknown as FieldValue),
            by: decidedBy === null ? null : names(decidedBy),
            at: decidedAt?.toISOString() ?? null,
            issue,
          },
  }));
}

/** What a form of the page decides. */
async function decisionIn(
  site: Site,
  form: URLSearchParams,
): Promise<{ value: IntakeDecision | null } | { why: string }> {
  const text = (name: string) => form.get(name)?.trim() || undefined;
  const as = form.get('as');
  if (as === 'waits') return { value: null };
  const answer = text('answer');
  const said = answer === undefined ? {} : { answer };
  const issue = text('issue')?.toUpperCase();
  const known = issue === undefined ? null : await issueById(site.database.queries, issue);
  if ((as === 'attached' || as === 'comment') && known === null)
    return { why: issue === undefined ? 'Say which issue.' : `There is no issue ${issue}.` };
  const parsed = intakeDecision.safeParse(
    as === 'dismissed'
      ? { as, reason: text('reason') ?? '', ...said }
      : { as, issue, ...(as === 'comment' ? { body: text('body') ?? '' } : {}), ...said },
  );
  if (parsed.success) return { value: parsed.data };
  return { why: parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ') };
}

async function sendOne(
  c: Context,
  site: Site,
  one: Intake,
  { form, why }: { form?: URLSearchParams; why?: string },
): Promise<Response> {
  const [row] = await rowsOf(site, [one]);
  if (row === undefined) return sendNotFound(c, site);
  if (why !== undefined && wantsJson(c)) return c.json({ outcome: 'refused', said: why }, 422);
  const typed = Object.fromEntries(
    ['issue', 'body', 'reason', 'answer'].flatMap((name) => {
      const text = form?.get(name) ?? null;
      return text === null ? [] : [[name, text]];
    }),
  );
  const problem: FormProblem | null =
    why === undefined ? null : { form: form?.get('as') ?? '', field: null, why };
  const page = IntakePage({
    frame: await makeFrame(c, site),
    one: row,
    mails: mailsGoOut(site),
    typed,
    problem,
  });
  c.header('Cache-Control', 'no-store');
  return c.html(htmlDocument(page), why === undefined ? 200 : 422);
}
