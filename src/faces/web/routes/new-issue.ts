import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import { type Intake, intakeById, issueOfRequest } from '#domain/issues';
import { atLeast, mayDecide } from '#domain/policies';
import type { Change, FieldValue } from '#domain/proposals';
import { sendChanges, unknownNames } from '#faces/editing';
import { answerJson } from '../changes.ts';
import { issueAddress } from '../components/addresses.ts';
import type { FormProblem } from '../components/form-fields.tsx';
import { draftOf, typedDraft } from '../draft-form.ts';
import { proposalAddress } from '../editing-addresses.ts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { NewIssuePage } from '../pages/new-issue.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { requirePerson } from '../session-guard.ts';
import { mailsGoOut, type Site } from '../site.ts';
import { whoOf } from '../who.ts';
import { withResult } from './changes.ts';
import { decideIntake } from './intake.ts';

/** `/issues/new`: opens an issue that no report tells of; by whoever may not decide, proposes it. */
export function newIssueRoutes(app: Hono, site: Site): void {
  app.get('/issues/new', async (c) => {
    const form = new URL(c.req.url).searchParams;
    const intake = await intakeIn(c, site, form);
    if (intake !== null) {
      form.set('summary', intake.words ?? '');
      form.set('references', intake.url ?? '');
      form.set('attributes', intake.package ?? '');
    }
    return sendForm(c, site, { form, intake });
  });

  app.post('/issues/new', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const form = await readFields(c);
    const intake = await intakeIn(c, site, form);
    const read = draftOf(typedDraft(form));
    if (!('draft' in read)) return refuse(c, site, { form, intake, problem: { form: FORM, ...read } });
    const key = /^[\w-]{8,64}$/.exec(form.get('key') ?? '')?.[0] ?? randomUUID();
    const value = JSON.parse(JSON.stringify(read.draft)) as FieldValue;
    const change: Change = { kind: 'new_issue', id: key, field: 'value', value, saw: 0 };
    const wrong = (await unknownNames(site.database.queries, [change])).map(({ why }) => why);
    if (wrong.length > 0) return refuse(c, site, { form, intake, problem: problemOf(wrong) });
    if (intake !== null) {
      const answer = form.get('answer')?.trim() || undefined;
      const said = answer === undefined ? {} : { answer };
      const decision = { as: 'issue' as const, draft: read.draft, ...said };
      return decideIntake(c, site, { id: intake.id, saw: Number(form.get('saw')), value: decision });
    }
    const set = {
      changes: [change],
      key: `new-issue:${key}`,
      remark: form.get('remark')?.trim().slice(0, 4000) || undefined,
    };
    const answer = await sendChanges(site.database, whoOf(c).actor, set, {
      rules: site.rules,
      at: site.now(),
      onlyPropose: form.get('propose') === 'yes',
    });
    const json = await answerJson(site, answer);
    const made = answer.outcome === 'accepted' ? await issueOfRequest(site.database.queries, key) : null;
    if (wantsJson(c)) return c.json({ ...json, issue: made?.issue ?? null }, json.status);
    if (answer.outcome === 'proposed') return c.redirect(proposalAddress(answer.proposal), 303);
    if (answer.outcome === 'accepted' && made !== null)
      return c.redirect(withResult(issueAddress(made.issue), { set: String(answer.proposal) }), 303);
    return refuse(c, site, { form, intake, problem: problemOf([json.said]) });
  });
}

const FORM = 'new-issue';

function problemOf(why: readonly string[]): FormProblem {
  return { form: FORM, field: null, why: [...new Set(why)].join('; ') };
}

interface Shown {
  form: URLSearchParams;
  intake: Intake | null;
  problem?: FormProblem;
}

function refuse(c: Context, site: Site, shown: Shown): Response | Promise<Response> {
  if (wantsJson(c)) return c.json({ outcome: 'refused', said: shown.problem?.why ?? '' }, 422);
  return sendForm(c, site, shown, 422);
}

/** What a visitor sent, where the form is of that; only triagers may see it. */
async function intakeIn(c: Context, site: Site, form: URLSearchParams): Promise<Intake | null> {
  const text = form.get('intake');
  if (text === null) return null;
  if (!atLeast(whoOf(c).actor, 'triager'))
    throw new MusterError('FORBIDDEN', 'what visitors sent is for triagers');
  const found = /^[1-9]\d{0,14}$/.test(text) ? await intakeById(site.database.queries, Number(text)) : null;
  if (found === null) throw new MusterError('NOT_FOUND', `no visitor sent a report ${text.slice(0, 20)}`);
  return found;
}

async function sendForm(
  c: Context,
  site: Site,
  { form, intake, problem }: Shown,
  status: 200 | 422 = 200,
): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  const page = NewIssuePage({
    frame: await makeFrame(c, site, { json: false }),
    permission: mayDecide(whoOf(c).actor),
    typed: { ...typedDraft(form), remark: form.get('remark') ?? '', answer: form.get('answer') ?? '' },
    intake:
      intake === null
        ? null
        : {
            number: intake.id,
            version: intake.version,
            answerable: intake.email !== null && mailsGoOut(site),
          },
    changeKey: randomUUID(),
    problem: problem ?? null,
  });
  return c.html(htmlDocument(page), status);
}
