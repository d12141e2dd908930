import { z } from 'zod';
import { MusterError } from '#base/errors';
import { accountByHandle, actorOf } from '#domain/accounts';
import { mayDecide } from '#domain/policies';
import {
  acceptProposal,
  listProposals,
  type Proposal,
  proposalById,
  rejectProposal,
  touchOf,
  undoSet,
  withdrawProposal,
} from '#domain/proposals';
import {
  changeSchema,
  changeSetSchema,
  EDITABLES,
  isPublic,
  maySeeProposal,
  readSet,
  unknownNames,
} from '#faces/editing';
import { CHANGE_ANSWERS, fieldShape, madeShape, readField, sendSet, settled } from '../changes-answered.ts';
import { pageOf, placeOf } from '../cursor.ts';
import { type ApiSite, type ApiWho, operation, reply } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import {
  type Called,
  calledBy,
  calledShape,
  listOf,
  moment,
  named,
  nothing,
  numberIn,
  paging,
} from '../shapes.ts';

const changeShape = named(
  'Change',
  z.strictObject({ kind: z.string(), id: z.string(), field: z.string(), value: z.unknown(), saw: z.int() }),
);

const proposalShape = named(
  'Proposal',
  z.strictObject({
    number: z.int(),
    author: calledShape,
    createdAt: moment,
    remark: z.string().nullable(),
    state: z.enum(['open', 'accepted', 'rejected', 'withdrawn']),
    stale: z.boolean().describe('One of its fields changed since it was made'),
    waitsFor: z.enum(['decision', 'second_opinion']).nullable(),
    decidedBy: calledShape.nullable(),
    decidedAt: moment.nullable(),
    reason: z.string().nullable(),
    changes: z.array(changeShape).describe('As they were proposed'),
    amended: z.array(changeShape).nullable().describe('What was accepted instead'),
  }),
);

const numberParam = z.strictObject({ number: numberIn });
const sawShape = z
  .record(z.string().max(700), z.int().min(0))
  .describe('For a stale one: the versions that you have now before your eyes, by `kind/id#field`');

function asShown(proposal: Proposal, called: (actor: string) => Called): z.input<typeof proposalShape> {
  const { id, author, createdAt, remark, state, staleSince, waitsFor, decidedBy, decidedAt } = proposal;
  return {
    number: id,
    author: called(author),
    createdAt: createdAt.toISOString(),
    remark,
    state,
    stale: staleSince !== null,
    waitsFor,
    decidedBy: decidedBy === null ? null : called(decidedBy),
    decidedAt: decidedAt?.toISOString() ?? null,
    reason: proposal.decisionReason,
    changes: proposal.changes.map(plain),
    amended: proposal.amended?.map(plain) ?? null,
  };
}

function plain({ kind, id, field, value, saw }: Proposal['changes'][number]) {
  return { kind, id, field, value, saw };
}

async function shown(site: ApiSite, proposals: readonly Proposal[]) {
  const called = calledBy(
    await site.names(proposals.flatMap(({ author, decidedBy }) => [author, decidedBy])),
  );
  return proposals.map((proposal) => asShown(proposal, called));
}

/** The proposal of that number, if whoever asks may see what it is about. @throws MusterError NOT_FOUND */
async function proposalNumbered(site: ApiSite, who: ApiWho, number: number): Promise<Proposal> {
  const proposal = await proposalById(site.database.queries, number);
  if (proposal === null || !maySeeProposal(who.actor, proposal))
    throw new MusterError('NOT_FOUND', `there is no proposal ${number}`);
  return proposal;
}

async function authorNamed(
  site: ApiSite,
  who: ApiWho,
  author: string | undefined,
): Promise<string | undefined> {
  if (author === undefined) return undefined;
  if (author === 'me') return who.actor.id;
  const account = await accountByHandle(site.database.queries, author.replace(/^@/, ''));
  if (account === null) throw new MusterError('NOT_FOUND', `there is nobody called ${author}`);
  return actorOf(account).id;
}

const optionsOf = (site: ApiSite) => ({ kinds: EDITABLES, rules: site.rules, at: site.now() });

export const changeOperations = [
  operation({
    id: 'sendChanges',
    tag: 'Changes',
    method: 'POST',
    path: '/changes',
    summary: 'Change fields together: the one path of every change',
    description:
      'All of it is made (200), kept for somebody to decide on (202), or nothing is: 409 says of each field that somebody was faster with what it was, theirs and yours; 422 and 403 say what is wrong with which change. A field that holds the value already counts as made. What each kind holds is in the schemas `Change-…`.',
    least: 'contributor',
    body: named('ChangeSet', changeSetSchema),
    answers: CHANGE_ANSWERS,
    problems: [403, 409, 422],
    answer: ({ site, who, body }) => sendSet(site, who, readSet(body)),
  }),
  operation({
    id: 'getField',
    tag: 'Changes',
    method: 'GET',
    path: '/fields',
    summary: 'Any one field as it stands, with its version as ETag',
    description: 'For kinds that have no address of their own: rules, the rota, the checklist of a round.',
    query: z.strictObject({
      kind: z.enum([
        'status',
        'issue',
        'package',
        'comment',
        'suggestion',
        'rule',
        'rota',
        'roundup',
        'roundup_item',
      ]),
      id: z.string().min(1).max(600),
      field: z.string().max(40).default('value'),
    }),
    answers: { 200: fieldShape },
    problems: [404],
    answer: ({ site, query }) => readField(site, query),
  }),
  operation({
    id: 'listProposals',
    tag: 'Changes',
    method: 'GET',
    path: '/proposals',
    summary: 'Proposals that somebody has to decide, or had to; the newest first',
    query: z.strictObject({
      ...paging,
      state: z.enum(['open', 'accepted', 'rejected', 'withdrawn']).optional(),
      author: z.string().max(60).optional().describe('A handle, or `me`'),
      topic: z.string().max(300).optional().describe('`issue:NSI-2017-0043`, `package:openssl`'),
    }),
    answers: { 200: listOf(proposalShape) },
    problems: [404],
    async answer({ site, who, query: { cursor, limit, state, author, topic } }) {
      if (topic !== undefined && !isPublic(topic))
        throw new MusterError('USAGE', `"${topic}" is no topic that proposals can be asked by`);
      const by = await authorNamed(site, who, author);
      const place = placeOf(cursor, z.tuple([z.int()]));
      const found = await listProposals(site.database.queries, {
        waited: true,
        limit: limit + 1,
        ...(state === undefined ? {} : { state }),
        ...(by === undefined ? {} : { author: by }),
        ...(topic === undefined ? {} : { topic }),
        ...(place === null ? {} : { before: place[0] }),
      });
      const { items, next } = pageOf(found, limit, ({ id }) => [id]);
      const visible = items.filter((proposal) => maySeeProposal(who.actor, proposal));
      return reply(200, { items: await shown(site, visible), next });
    },
  }),
  operation({
    id: 'getProposal',
    tag: 'Changes',
    method: 'GET',
    path: '/proposals/{number}',
    summary: 'A proposal',
    params: numberParam,
    answers: { 200: proposalShape },
    problems: [404],
    async answer({ site, who, params: { number } }) {
      const [one] = await shown(site, [await proposalNumbered(site, who, number)]);
      if (one === undefined) throw new MusterError('NOT_FOUND', `there is no proposal ${number}`);
      return reply(200, one);
    },
  }),
  operation({
    id: 'acceptProposal',
    tag: 'Changes',
    method: 'POST',
    path: '/proposals/{number}/accept',
    summary: 'Accept a proposal, as it is or amended; the credit stays with its author',
    least: 'triager',
    params: numberParam,
    body: z.strictObject({
      amended: z.array(changeSchema).min(1).max(2000).optional(),
      saw: sawShape.optional(),
      reason: z.string().trim().max(4000).optional(),
    }),
    answers: { 200: madeShape },
    problems: [403, 404, 409, 422],
    async answer({ site, who, params: { number }, body: { amended, saw, reason } }) {
      await proposalNumbered(site, who, number);
      const changes = amended === undefined ? undefined : readSet({ changes: amended }).changes;
      const refusals = await unknownNames(site.database.queries, changes ?? []);
      if (refusals.length > 0) return onlyMade(await settled(site, { outcome: 'refused', refusals }));
      const own = Object.fromEntries((changes ?? []).map((change) => [touchOf(change), change.saw]));
      const acceptance = {
        amended: changes,
        saw: { ...own, ...saw },
        reason: reason === '' ? undefined : reason,
      };
      const answer = await acceptProposal(site.database, who.actor, number, acceptance, optionsOf(site));
      return onlyMade(await settled(site, answer));
    },
  }),
  operation({
    id: 'rejectProposal',
    tag: 'Changes',
    method: 'POST',
    path: '/proposals/{number}/reject',
    summary: 'Reject a proposal, with the reason that its author reads',
    least: 'triager',
    params: numberParam,
    body: z.strictObject({ reason: z.string().trim().min(1).max(4000) }),
    answers: { 200: nothing },
    problems: [403, 404, 409],
    async answer({ site, who, params: { number }, body: { reason } }) {
      await proposalNumbered(site, who, number);
      await rejectProposal(site.database, who.actor, number, reason, site.now());
      return reply(200, {});
    },
  }),
  operation({
    id: 'withdrawProposal',
    tag: 'Changes',
    method: 'POST',
    path: '/proposals/{number}/withdraw',
    summary: 'Take one’s own proposal back',
    least: 'contributor',
    params: numberParam,
    answers: { 200: nothing },
    problems: [403, 404, 409],
    async answer({ site, who, params: { number } }) {
      await proposalNumbered(site, who, number);
      await withdrawProposal(site.database, who.actor, number, site.now());
      return reply(200, {});
    },
  }),
  operation({
    id: 'undoChangeSet',
    tag: 'Changes',
    method: 'POST',
    path: '/proposals/{number}/undo',
    summary: 'Take a whole change set back: every field is what it was before, or none is touched',
    least: 'contributor',
    params: numberParam,
    answers: { 200: madeShape },
    problems: [403, 404, 409, 422],
    async answer({ site, who, params: { number } }) {
      await proposalNumbered(site, who, number);
      if (mayDecide(who.actor) !== 'apply')
        throw new MusterError('FORBIDDEN', 'taking back what others see takes a triager; propose it instead');
      return onlyMade(await settled(site, await undoSet(site.database, who.actor, number, optionsOf(site))));
    },
  }),
];

/** Of what cannot become a proposal. */
export function onlyMade<T extends { status: 200 } | { status: 202; body: { said: string } }>(
  answered: T,
): Extract<T, { status: 200 }> {
  if (answered.status === 202) throw new ProblemError('FORBIDDEN', 'it would have to be proposed', {});
  return answered as Extract<T, { status: 200 }>;
}
