import { z } from 'zod';
import { MusterError } from '#base/errors';
import {
  type Account,
  accountByHandle,
  disableAccount,
  enableAccount,
  listAccounts,
  makeToken,
  readHandle,
  revokeToken,
  setRole,
  tokensOf,
} from '#domain/accounts';
import {
  countUnseenNotices,
  markNoticesSeen,
  NOTICE_REASONS,
  noticesOf,
  unwatch,
  watch,
  watchesOf,
} from '#domain/issues';
import { ROLES, SCOPES } from '#domain/policies';
import { cursorOf, pageOf, placeOf } from '../cursor.ts';
import { type ApiSite, type ApiWho, operation, reply } from '../operation.ts';
import { doneOf } from '../problem.ts';
import { listOf, moment, named, nameIn, nothing, numberIn, paging } from '../shapes.ts';

const roleShape = named('Role', z.enum(ROLES));

const personShape = named(
  'Person',
  z.strictObject({ id: z.string(), handle: z.string(), name: z.string(), role: roleShape, since: moment }),
);

const accountShape = named(
  'Account',
  z.strictObject({ ...personShape.shape, email: z.string().nullable(), closedSince: moment.nullable() }),
);

function person({ id, handle, name, role, createdAt }: Account): z.input<typeof personShape> {
  return { id: `person:${id}`, handle, name, role, since: createdAt.toISOString() };
}

function account(found: Account): z.input<typeof accountShape> {
  return { ...person(found), email: found.email, closedSince: found.disabledAt?.toISOString() ?? null };
}

const meShape = named(
  'Me',
  z.strictObject({
    id: z.string(),
    handle: z.string().nullable(),
    name: z.string().nullable(),
    role: roleShape.describe('With a token for reading it is what it may read as'),
    scopes: z.array(z.enum(SCOPES)).nullable().describe('Of the token; null for a session'),
    notices: z.int().describe('How many are not seen yet'),
  }),
);

const tokenShape = named(
  'Token',
  z.strictObject({
    number: z.int(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: moment,
    usedAt: moment.nullable(),
    expiresAt: moment.nullable(),
  }),
);

const noticeShape = named(
  'Notice',
  z.strictObject({
    number: z.int(),
    event: z.int(),
    reason: z.enum(NOTICE_REASONS),
    topic: z.string(),
    words: z.string(),
    at: moment,
    seenAt: moment.nullable(),
  }),
);

const topicParam = z.strictObject({
  topic: nameIn.describe('`issue:NSI-2017-0043`, `package:openssl`, `channel:nixos-17.03`'),
});
const handleParam = z.strictObject({ handle: nameIn });
const wordsOnly = { q: z.string().max(200).optional().describe('Part of a handle or a name') };

/** Whose account it is that asks. The operation asks for one, so there is one. */
function own({ actor }: ApiWho): number {
  if (actor.account === null) throw new MusterError('UNAUTHENTICATED', 'that is for people with an account');
  return actor.account;
}

function holder(who: ApiWho) {
  return { id: own(who), handle: who.handle ?? '', role: who.actor.role };
}

async function found(site: ApiSite, typed: string): Promise<Account> {
  const handle = readHandle(typed);
  const one = handle === null ? null : await accountByHandle(site.database.queries, handle);
  if (one === null) throw new MusterError('NOT_FOUND', `there is nobody called ${typed}`);
  return one;
}

async function listed(
  site: ApiSite,
  {
    cursor,
    limit,
    q,
    disabled,
  }: { cursor?: string | undefined; limit: number; q?: string | undefined; disabled: boolean },
) {
  const offset = placeOf(cursor, z.tuple([z.int().min(0).max(1_000_000)]))?.[0] ?? 0;
  const { rows, total } = await listAccounts(site.database.queries, {
    ...(q === undefined ? {} : { words: q }),
    disabled,
    limit,
    offset,
  });
  return { rows, next: offset + limit < total ? cursorOf([offset + limit]) : null };
}

export const peopleOperations = [
  operation({
    id: 'listPeople',
    tag: 'People',
    method: 'GET',
    path: '/people',
    summary: 'Who works here, those who may do most first',
    query: z.strictObject({ ...paging, ...wordsOnly }),
    answers: { 200: listOf(personShape) },
    async answer({ site, query }) {
      const { rows, next } = await listed(site, { ...query, disabled: false });
      return reply(200, { items: rows.map(person), next });
    },
  }),
  operation({
    id: 'getPerson',
    tag: 'People',
    method: 'GET',
    path: '/people/{handle}',
    summary: 'Somebody',
    params: handleParam,
    answers: { 200: personShape },
    problems: [404],
    async answer({ site, params: { handle } }) {
      return reply(200, person(await found(site, handle)));
    },
  }),
  operation({
    id: 'getMe',
    tag: 'People',
    method: 'GET',
    path: '/me',
    summary: 'Who one is here',
    least: 'contributor',
    answers: { 200: meShape },
    async answer({ site, who }) {
      return reply(200, {
        id: who.actor.id,
        handle: who.handle,
        name: who.name,
        role: who.actor.role,
        scopes: who.scopes === null ? null : [...who.scopes],
        notices: await countUnseenNotices(site.database.queries, own(who)),
      });
    },
  }),
  operation({
    id: 'listTokens',
    tag: 'People',
    method: 'GET',
    path: '/me/tokens',
    summary: 'One’s tokens that still open something; never the tokens themselves',
    least: 'contributor',
    answers: { 200: listOf(tokenShape) },
    async answer({ site, who }) {
      const tokens = await tokensOf(site.database.queries, own(who), site.now());
      const items = tokens.map(({ id, name, scopes, createdAt, usedAt, expiresAt }) => ({
        number: id,
        name,
        scopes,
        createdAt: createdAt.toISOString(),
        usedAt: usedAt?.toISOString() ?? null,
        expiresAt: expiresAt?.toISOString() ?? null,
      }));
      return reply(200, { items, next: null });
    },
  }),
  operation({
    id: 'makeToken',
    tag: 'People',
    method: 'POST',
    path: '/me/tokens',
    summary: 'Make a token; it is shown this once',
    least: 'contributor',
    session: true,
    body: z.strictObject({
      name: z.string().min(1).max(80),
      scopes: z.array(z.enum(SCOPES)).min(1),
      days: z.int().min(1).max(366).nullable().default(90),
    }),
    answers: { 201: named('TokenMade', z.strictObject({ number: z.int(), token: z.string() })) },
    problems: [403, 422],
    async answer({ site, who, body }) {
      const made = doneOf(await makeToken(site.database, { id: who.actor.id }, own(who), body, site.now()));
      return reply(201, { number: made.id, token: made.token });
    },
  }),
  operation({
    id: 'revokeToken',
    tag: 'People',
    method: 'DELETE',
    path: '/me/tokens/{number}',
    summary: 'Revoke a token',
    least: 'contributor',
    session: true,
    params: z.strictObject({ number: numberIn }),
    answers: { 200: nothing },
    problems: [403, 404],
    async answer({ site, who, params: { number } }) {
      doneOf(await revokeToken(site.database, holder(who), number, site.now()));
      return reply(200, {});
    },
  }),
  operation({
    id: 'listWatches',
    tag: 'People',
    method: 'GET',
    path: '/me/watches',
    summary: 'What one wants to hear of',
    least: 'contributor',
    answers: { 200: listOf(named('Watch', z.strictObject({ topic: z.string(), since: moment }))) },
    async answer({ site, who }) {
      const watches = await watchesOf(site.database.queries, own(who));
      return reply(200, {
        items: watches.map(({ topic, since }) => ({ topic, since: since.toISOString() })),
        next: null,
      });
    },
  }),
  operation({
    id: 'watch',
    tag: 'People',
    method: 'PUT',
    path: '/me/watches/{topic}',
    summary: 'Hear of what happens to an issue, a package or a channel',
    least: 'contributor',
    params: topicParam,
    answers: { 200: named('Watched', z.strictObject({ topic: z.string() })) },
    problems: [404],
    async answer({ site, who, params: { topic } }) {
      return reply(200, await watch(site.database, who.actor, topic, site.now()));
    },
  }),
  operation({
    id: 'unwatch',
    tag: 'People',
    method: 'DELETE',
    path: '/me/watches/{topic}',
    summary: '… and no more',
    least: 'contributor',
    params: topicParam,
    answers: { 200: named('Unwatched', z.strictObject({ topic: z.string() })) },
    problems: [404],
    async answer({ site, who, params: { topic } }) {
      return reply(200, await unwatch(site.database, who.actor, topic));
    },
  }),
  operation({
    id: 'listNotices',
    tag: 'People',
    method: 'GET',
    path: '/me/notices',
    summary: 'What one was told, the latest first',
    least: 'contributor',
    query: z.strictObject({ ...paging, unseen: z.stringbool().optional() }),
    answers: { 200: listOf(noticeShape) },
    async answer({ site, who, query: { cursor, limit, unseen } }) {
      const place = placeOf(cursor, z.tuple([z.int()]));
      const read = await noticesOf(site.database.queries, own(who), {
        limit: limit + 1,
        ...(unseen === undefined ? {} : { unseen }),
        ...(place === null ? {} : { before: place[0] }),
      });
      const { items, next } = pageOf(read, limit, ({ id }) => [id]);
      return reply(200, {
        items: items.map(({ id, event, reason, topic, words, createdAt, seenAt }) => ({
          number: id,
          event,
          reason,
          topic,
          words,
          at: createdAt.toISOString(),
          seenAt: seenAt?.toISOString() ?? null,
        })),
        next,
      });
    },
  }),
  operation({
    id: 'markNoticesSeen',
    tag: 'People',
    method: 'POST',
    path: '/me/notices/seen',
    summary: 'Say that one has seen what one was told: up to a notice, or of one topic',
    least: 'contributor',
    body: z.union([z.strictObject({ upTo: z.int().min(1) }), z.strictObject({ topic: z.string().max(300) })]),
    answers: { 200: nothing },
    async answer({ site, who, body }) {
      await markNoticesSeen(site.database.queries, own(who), body, site.now());
      return reply(200, {});
    },
  }),
  operation({
    id: 'listAccounts',
    tag: 'People',
    method: 'GET',
    path: '/accounts',
    summary: 'All accounts, with what only their owners see otherwise',
    least: 'admin',
    query: z.strictObject({ ...paging, ...wordsOnly }),
    answers: { 200: listOf(accountShape) },
    problems: [403],
    async answer({ site, query }) {
      const { rows, next } = await listed(site, { ...query, disabled: true });
      return reply(200, { items: rows.map(account), next });
    },
  }),
  operation({
    id: 'setRole',
    tag: 'People',
    method: 'PUT',
    path: '/accounts/{handle}/role',
    summary: 'Give an account another role',
    least: 'admin',
    params: handleParam,
    body: z.strictObject({
      role: z.enum(['contributor', 'triager', 'security', 'admin']),
      reason: z.string().trim().min(1).max(300),
    }),
    answers: { 200: accountShape },
    problems: [403, 404, 409, 422],
    async answer({ site, who, params: { handle }, body }) {
      return reply(
        200,
        account(doneOf(await setRole(site.database, who.actor, handle, body, site.now())).account),
      );
    },
  }),
  operation({
    id: 'closeAccount',
    tag: 'People',
    method: 'POST',
    path: '/accounts/{handle}/disable',
    summary: 'Close an account: its sessions end, its tokens open nothing any more',
    least: 'admin',
    params: handleParam,
    body: z.strictObject({ reason: z.string().trim().min(1).max(300) }),
    answers: { 200: accountShape },
    problems: [403, 404, 409, 422],
    async answer({ site, who, params: { handle }, body: { reason } }) {
      const closed = doneOf(await disableAccount(site.database, who.actor, handle, reason, site.now()));
      return reply(200, account(closed.account));
    },
  }),
  operation({
    id: 'openAccount',
    tag: 'People',
    method: 'POST',
    path: '/accounts/{handle}/enable',
    summary: 'Open it again, with the role that it had',
    least: 'admin',
    params: handleParam,
    answers: { 200: accountShape },
    problems: [403, 404, 409],
    async answer({ site, who, params: { handle } }) {
      return reply(
        200,
        account(doneOf(await enableAccount(site.database, who.actor, handle, site.now())).account),
      );
    },
  }),
];
