import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import {
  issuePart,
  mergeIssues,
  PACKAGE_KINDS,
  postComment,
  previewMerge,
  previewSplit,
  type SplitPreview,
  splitIssue,
} from '#domain/issues';
import { type Actor, mayGroup } from '#domain/policies';
import { touchOf } from '#domain/proposals';
import { sendChanges, subjectWords, valueWords } from '#faces/editing';
import { answerJson } from '../changes.ts';
import { issueAddress } from '../components/addresses.ts';
import type { FormProblem } from '../components/form-fields.tsx';
import { readFieldStates } from '../editing-state.ts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { MergePage, type MergePageProps } from '../pages/merge.tsx';
import { SplitPage } from '../pages/split.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { RequestRefused, wordsOf } from '../request-checks.ts';
import { requirePerson, sendToSignIn } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { whoOf } from '../who.ts';
import { sendConflict, withResult } from './changes.ts';
import { sendNotFound } from './not-found.ts';

/** Forms of an issue as a whole: say something, list a package, join it with another, take it apart. */
export function issueDeedRoutes(app: Hono, site: Site): void {
  const { database } = site;

  app.post('/issues/:id/comments', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const { actor } = whoOf(c);
    const form = await readFields(c);
    const body = form.get('body') ?? '';
    const issue = idIn(c);
    const key = keyOf(actor, [issue, form.get('after') ?? '', body]);
    const made = await postComment(database, actor, { issue, body, key }, site.now());
    if (wantsJson(c)) return c.json({ issue: made.issue, number: made.id }, 201);
    return c.redirect(`${issueAddress(made.issue)}#comment-${made.id}`, 303);
  });

  app.post('/issues/:id/packages', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const form = await readFields(c);
    const issue = idIn(c);
    const name = (form.get('package') ?? '').trim();
    const kind = PACKAGE_KINDS.find((each) => each === form.get('kind'));
    if (kind === undefined) throw new RequestRefused(400, `"kind" is one of ${PACKAGE_KINDS.join(', ')}.`);
    if (!/^[^\s/\p{Cc}]{1,200}$/u.test(name)) throw new RequestRefused(400, 'That is no name of a package.');
    const field = { kind: 'package', id: `${issue}/${name}`, field: 'value' };
    const saw = (await readFieldStates(database, [field])).get(touchOf(field))?.version ?? 0;
    const set = { changes: [{ ...field, value: kind, saw }] };
    const answer = await sendChanges(database, whoOf(c).actor, set, { rules: site.rules, at: site.now() });
    const back = `${issueAddress(issue)}#list-package`;
    if (answer.outcome === 'conflict')
      return sendConflict(c, site, { set: { ...set, propose: false }, answer, back });
    const json = await answerJson(site, answer);
    if (wantsJson(c)) return c.json(json, json.status);
    if (answer.outcome === 'refused')
      throw new MusterError(json.status === 403 ? 'FORBIDDEN' : 'USAGE', json.said.replace(/\.$/, ''));
    return c.redirect(
      withResult(back, answer.proposal === null ? {} : { set: String(answer.proposal) }),
      303,
    );
  });

  app.get(
    '/issues/:id/merge',
    async (c) => forGroupers(c) ?? sendMerge(c, site, { other: wordsOf(c, 'with'), reason: '' }),
  );

  app.post('/issues/:id/merge', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c, 'security');
    const form = await readFields(c);
    const other = (form.get('with') ?? '').trim().toUpperCase().slice(0, 40);
    const reason = reasonIn(form);
    if (reason === null || (await previewMerge(database, idIn(c), other)) === null)
      return sendMerge(
        c,
        site,
        { other, reason: reason ?? '', ...(reason === null ? { why: WHY } : {}) },
        422,
      );
    const issue = await mergeIssues(database, idIn(c), other, { author: whoOf(c).actor.id, reason });
    return wantsJson(c) ? c.json({ issue }) : c.redirect(issueAddress(issue), 303);
  });

  app.get('/issues/:id/split', async (c) => forGroupers(c) ?? sendSplit(c, site, new URLSearchParams()));

  app.post('/issues/:id/split', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c, 'security');
    const form = await readFields(c);
    const reason = reasonIn(form);
    if (form.get('deed') !== 'split') return sendSplit(c, site, form);
    if (reason === null) return sendSplit(c, site, form, WHY);
    const part = await issuePart(database, idIn(c));
    if (part === null) return sendNotFound(c, site);
    const preview = previewSplit(part, form.getAll('vulnerability'));
    if (preview === null) return sendSplit(c, site, form);
    const decision = { author: whoOf(c).actor.id, reason };
    const [kept, taken] = await splitIssue(database, part.id, preview.goes, decision);
    return wantsJson(c) ? c.json({ kept, taken }) : c.redirect(issueAddress(taken), 303);
  });
}

const WHY = 'Say why: it is kept for good.';

function idIn(c: Context): string {
  const id = (c.req.param('id') ?? '').toUpperCase();
  if (!/^[A-Z]{2,8}-\d{4}-\d{1,9}$/.test(id)) throw new MusterError('NOT_FOUND', 'there is no such issue');
  return id;
}

/** The same words, said of the same page by the same person, are one comment however often they are sent. */
function keyOf(actor: Actor, parts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([actor.id, ...parts]))
    .digest('base64url');
}

function reasonIn(form: URLSearchParams): string | null {
  const reason = (form.get('reason') ?? '').trim().slice(0, 1000);
  return reason === '' ? null : reason;
}

function forGroupers(c: Context): Response | null {
  c.header('Cache-Control', 'no-store');
  if (whoOf(c).actor.account === null) return sendToSignIn(c);
  if (!mayGroup(whoOf(c).actor))
    throw new MusterError('FORBIDDEN', 'what is one issue is decided by security');
  return null;
}

async function sendMerge(
  c: Context,
  site: Site,
  { other, reason, why }: { other: string; reason: string; why?: string },
  status: 200 | 422 = 200,
): Promise<Response> {
  const part = await issuePart(site.database, idIn(c));
  if (part === null) return sendNotFound(c, site);
  const wanted = other.trim().toUpperCase();
  const found = wanted === '' ? null : await previewMerge(site.database, part.id, wanted);
  const same = found !== null && found.parts[0].id === found.parts[1].id;
  const problem =
    why ??
    (same
      ? 'These two are one issue already.'
      : wanted !== '' && found === null
        ? `There is no issue ${wanted} that holds anything.`
        : null);
  const page = MergePage({
    frame: await makeFrame(c, site, { json: false }),
    ...{ id: part.id, title: part.title, with: wanted, reason },
    preview: found === null || same ? null : await inWords(site, found),
    problem: problemOf('merge', problem),
  });
  return c.html(htmlDocument(page), problem === null ? status : 422);
}

async function inWords(
  site: Site,
  { parts, collisions }: NonNullable<Awaited<ReturnType<typeof previewMerge>>>,
): Promise<NonNullable<MergePageProps['preview']>> {
  const names = await site.names(
    collisions.flatMap(({ values }) =>
      values.map((value) =>
        typeof value === 'object' && value !== null && 'person' in value ? String(value.person) : null,
      ),
    ),
  );
  const nameOf = (actor: string) => names(actor).label;
  return {
    parts,
    collisions: collisions.map((each) => ({
      subject: subjectWords(each),
      words: [valueWords(each, each.values[0], nameOf), valueWords(each, each.values[1], nameOf)],
    })),
  };
}

async function sendSplit(c: Context, site: Site, form: URLSearchParams, why?: string): Promise<Response> {
  const part = await issuePart(site.database, idIn(c));
  if (part === null) return sendNotFound(c, site);
  const reports = new Set(form.getAll('report'));
  const chosen = [
    ...form.getAll('vulnerability'),
    ...part.reports.flatMap(({ source, key, names }) => (reports.has(`${source}/${key}`) ? names : [])),
  ];
  const preview: SplitPreview | null = previewSplit(part, chosen);
  const problem =
    why ??
    (c.req.method === 'POST' && preview === null
      ? 'Choose some of them, and leave some: both sides need one.'
      : null);
  if (wantsJson(c)) return c.json({ preview, said: problem }, problem === null ? 200 : 422);
  const page = SplitPage({
    frame: await makeFrame(c, site, { json: false }),
    part,
    chosen,
    reason: form.get('reason') ?? '',
    preview,
    problem: problemOf('split', problem),
  });
  return c.html(htmlDocument(page), problem === null ? 200 : 422);
}

function problemOf(form: string, why: string | null): FormProblem | null {
  return why === null ? null : { form, field: null, why };
}
