import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import { accountByHandle, actorOf } from '#domain/accounts';
import { mayDecide } from '#domain/policies';
import {
  type Acceptance,
  type Answer,
  acceptProposal,
  type Change,
  listProposals,
  type Proposal,
  proposalById,
  rejectProposal,
  touchOf,
  undoSet,
  withdrawProposal,
} from '#domain/proposals';
import { EDITABLES, isPublic, maySeeProposal, parseSeen, subjectWords, unknownNames } from '#faces/editing';
import { type Form, readings, sendPage } from '../answer.ts';
import { answerJson, sentByForm } from '../changes.ts';
import { ownAddress } from '../components/addresses.ts';
import { proposalAddress } from '../editing-addresses.ts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { AmendPage, ProposalPage } from '../pages/proposal.tsx';
import { PROPOSAL_STATES, type ProposalFilter, ProposalsPage } from '../pages/proposals.tsx';
import { viewProposals } from '../proposal-views.ts';
import { readFields, wantsJson } from '../request-body.ts';
import type { Site } from '../site.ts';
import { type Who, whoOf } from '../who.ts';
import { sendConflict, withResult } from './changes.ts';
import { sendNotFound } from './not-found.ts';

const SHOWN = 30;
const SHOWN_CHANGES = 300;

/** `/proposals`, `/proposals/12`, and `POST /proposals/12/accept`, `…/amend`, `…/reject`, `…/withdraw`, `…/undo`. */
export function proposalRoutes(app: Hono, site: Site): void {
  const { database } = site;
  const options = () => ({ kinds: EDITABLES, rules: site.rules, at: site.now() });

  app.get('/proposals', async (c) => sendList(c, site, 'html'));
  app.get('/proposals.json', async (c) => sendList(c, site, 'json'));

  app.get('/proposals/:id', async (c) => {
    const wanted = readings(c.req.param('id')).at(-1);
    const proposal = await proposalOf(c, site, wanted?.name ?? '');
    if (wanted === undefined || proposal === null) return sendNotFound(c, site);
    const [view] = await viewProposals(site, whoOf(c), [proposal], { shown: SHOWN_CHANGES });
    if (view === undefined) return sendNotFound(c, site);
    const mayUndo = proposal.state === 'accepted' && mayDecide(whoOf(c).actor) === 'apply';
    return sendPage(c, site, wanted.form, { proposal: view, mayUndo }, ProposalPage);
  });

  app.get('/proposals/:id/amend', async (c) => {
    const proposal = await proposalOf(c, site, c.req.param('id'));
    return proposal === null ? sendNotFound(c, site) : sendAmend(c, site, proposal, 200, [], null);
  });

  app.post('/proposals/:id/accept', async (c) =>
    decide(c, site, async (id, form, who) => {
      const saw = Object.fromEntries(
        form.getAll('saw').flatMap((text) => {
          const seen = parseSeen(text);
          return seen === null ? [] : [[touchOf(seen), seen.saw] as const];
        }),
      );
      const acceptance: Acceptance = { saw, reason: reasonOf(form) };
      return acceptProposal(database, who.actor, id, acceptance, options());
    }),
  );

  app.post('/proposals/:id/amend', async (c) => {
    c.header('Cache-Control', 'no-store');
    const proposal = await proposalOf(c, site, c.req.param('id'));
    if (proposal === null) return sendNotFound(c, site);
    const who = whoOf(c);
    const form = await readFields(c);
    const sent = sentByForm(form, who, site.now());
    const changes = sent.sets.flatMap((set) => set.changes);
    const wrong = [
      ...sent.problems.map(({ why }) => why),
      ...(changes.length === 0 ? ['Everything is left out: reject it instead.'] : []),
      ...(await unknownNames(database.queries, changes)).map(({ why }) => why),
    ];
    if (wrong.length > 0) return sendAmend(c, site, proposal, 422, wrong, form);
    // Whoever sends back what was proposed accepts it as it is.
    const amended = sameValues(proposal.changes, changes) ? undefined : changes;
    const saw = Object.fromEntries(changes.map((change) => [touchOf(change), change.saw]));
    const answer = await acceptProposal(
      database,
      who.actor,
      proposal.id,
      { amended, saw, reason: reasonOf(form) },
      options(),
    );
    if (answer.outcome === 'refused' && !wantsJson(c))
      return sendAmend(
        c,
        site,
        proposal,
        422,
        answer.refusals.map((each) => `${subjectWords(each)}: ${each.why}`),
        form,
      );
    return sendAnswer(c, site, proposal, answer, form, changes);
  });

  app.post('/proposals/:id/reject', async (c) =>
    decide(c, site, async (id, form, who) => {
      await rejectProposal(database, who.actor, id, form.get('reason') ?? '', site.now());
      return null;
    }),
  );

  app.post('/proposals/:id/withdraw', async (c) =>
    decide(c, site, async (id, _, who) => {
      await withdrawProposal(database, who.actor, id, site.now());
      return null;
    }),
  );

  app.post('/proposals/:id/undo', async (c) =>
    decide(c, site, async (id, _, who) => undoSet(database, who.actor, id, options()), 'undone'),
  );
}

/** Carries out a decision, and leads back to the page that it was taken on. */
async function decide(
  c: Context,
  site: Site,
  carryOut: (id: number, form: URLSearchParams, who: Who) => Promise<Answer | null>,
  what: 'decided' | 'undone' = 'decided',
): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  const proposal = await proposalOf(c, site, c.req.param('id') ?? '');
  if (proposal === null) return sendNotFound(c, site);
  const form = await readFields(c);
  const answer = await carryOut(proposal.id, form, whoOf(c));
  if (answer === null) {
    if (wantsJson(c))
      return c.json({ outcome: 'accepted', status: 200, proposal: null, made: [], said: 'Done.' });
    return c.redirect(backOf(form, proposal), 303);
  }
  return sendAnswer(c, site, proposal, answer, form, proposal.changes, what);
}

async function sendAnswer(
  c: Context,
  site: Site,
  proposal: Proposal,
  answer: Answer,
  form: URLSearchParams,
  changes: readonly Change[],
  what: 'decided' | 'undone' = 'decided',
): Promise<Response> {
  const back = backOf(form, proposal);
  if (answer.outcome === 'conflict')
    return sendConflict(c, site, {
      set: { changes, propose: false, remark: reasonOf(form) },
      answer,
      back,
      ...(what === 'decided' ? { action: `${proposalAddress(proposal.id)}/amend` } : {}),
    });
  const json = await answerJson(site, answer);
  if (wantsJson(c)) return c.json(json, json.status);
  if (answer.outcome === 'refused')
    throw new MusterError(json.status === 403 ? 'FORBIDDEN' : 'USAGE', json.said.replace(/\.$/, ''));
  return c.redirect(
    withResult(
      back,
      what === 'undone' ? { undone: String(lastVersion(answer)) } : { set: String(proposal.id) },
    ),
    303,
  );
}

function lastVersion(answer: Answer): number {
  return answer.outcome === 'accepted' ? Math.max(0, ...answer.made.map(({ version }) => version)) : 0;
}

function backOf(form: URLSearchParams, proposal: Proposal): string {
  return ownAddress(form.get('back') ?? proposalAddress(proposal.id));
}

function reasonOf(form: URLSearchParams): string | undefined {
  return form.get('reason')?.trim().slice(0, 4000) || undefined;
}

function sameValues(before: readonly Change[], after: readonly Change[]): boolean {
  const text = (changes: readonly Change[]) =>
    changes
      .map((change) => `${touchOf(change)} ${JSON.stringify(sorted(change.value))}`)
      .sort()
      .join('\n');
  return text(before) === text(after);
}

function sorted(value: Change['value']): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).sort()
    : value;
}

/** A proposal by its number, if whoever asks may see what it is about. */
async function proposalOf(c: Context, site: Site, name: string): Promise<Proposal | null> {
  if (!/^[1-9]\d{0,14}$/.test(name)) return null;
  const proposal = await proposalById(site.database.queries, Number(name));
  return proposal !== null && maySeeProposal(whoOf(c).actor, proposal) ? proposal : null;
}

async function sendList(c: Context, site: Site, form: Form): Promise<Response> {
  const who = whoOf(c);
  const filter = filterOf(c);
  const author = await authorOf(site, who, filter.author);
  const before = c.req.query('before') ?? '';
  const found =
    author === 'nobody'
      ? []
      : await listProposals(site.database.queries, {
          state: filter.state,
          waited: true,
          limit: SHOWN + 1,
          ...(author === null ? {} : { author }),
          ...(filter.topic === null ? {} : { topic: filter.topic }),
          ...(/^\d{1,15}$/.test(before) ? { before: Number(before) } : {}),
        });
  const shown = found.slice(0, SHOWN);
  return sendPage(
    c,
    site,
    form,
    {
      filter,
      proposals: await viewProposals(
        site,
        who,
        shown.filter((proposal) => maySeeProposal(who.actor, proposal)),
      ),
      older: found.length > SHOWN ? (shown.at(-1)?.id ?? null) : null,
      signedIn: who.actor.account !== null,
    },
    ProposalsPage,
  );
}

function filterOf(c: Context): ProposalFilter {
  const state = PROPOSAL_STATES.find((word) => word === c.req.query('state')) ?? 'open';
  const author = c.req.query('author') ?? '';
  const topic = c.req.query('topic') ?? '';
  return {
    state,
    author: /^(?:me|@?[a-z0-9-]{1,40})$/.test(author) ? author : null,
    topic: topic !== '' && isPublic(topic) ? topic : null,
  };
}

/** Whose proposals are wanted, as the history names them; null for everybody's. */
async function authorOf(site: Site, who: Who, author: string | null): Promise<string | null> {
  if (author === null) return null;
  if (author === 'me') return who.actor.account === null ? 'nobody' : who.actor.id;
  const account = await accountByHandle(site.database.queries, author.replace(/^@/, ''));
  return account === null ? 'nobody' : actorOf(account).id;
}

async function sendAmend(
  c: Context,
  site: Site,
  proposal: Proposal,
  status: 200 | 422,
  problems: string[],
  form: URLSearchParams | null,
): Promise<Response> {
  const who = whoOf(c);
  c.header('Cache-Control', 'no-store');
  const [view] = await viewProposals(site, who, [proposal], { shown: SHOWN_CHANGES });
  if (view === undefined) return sendNotFound(c, site);
  if (!view.mayDecide)
    throw new MusterError('FORBIDDEN', 'amending a proposal takes somebody who may decide it');
  if (view.more > 0)
    throw new MusterError(
      'USAGE',
      'it is too long to amend in one form: reject it, and say which part to propose anew',
    );
  const page = AmendPage({
    frame: await makeFrame(c, site, { json: false }),
    proposal: view,
    problems,
    typed: form === null ? null : Object.fromEntries(form),
    person: who.actor.account === null ? null : who.actor.id,
  });
  return c.html(htmlDocument(page), status);
}
