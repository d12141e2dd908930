import assert from 'node:assert/strict';
import type { Database } from '#base/db';
import {
  type Account,
  addPasskey,
  askRecovery,
  beginPasskey,
  beginPasskeySignIn,
  disableAccount,
  grantRecovery,
  linkIdentity,
  listSessions,
  makeInvite,
  makeMailLink,
  makeToken,
  type RelyingParty,
} from '#domain/accounts';
import { refreshRegroupings, regroupingsThat } from '#domain/campaigns';
import { atomsOf, createIssue, mergeIssues, postComment, receiveReport } from '#domain/issues';
import { listRules } from '#domain/matching';
import type { Actor, Role } from '#domain/policies';
import { type Change, submit } from '#domain/proposals';
import { openGate, tickLines, untick } from '#domain/roundup';
import { listBatches, quarantinePage } from '#domain/sources';
import { findThreads, mailsOf } from '#domain/threads';
import { EDITABLES } from '#faces/editing';
import { NOW, type SampleIds, seedThread, seedTwins } from './sample-database.ts';
import { makeAccount, OPERATOR, PASSWORD, signInAgain, type TestPerson } from './testing-people.ts';

/** What fills the braces in the table of routes, on the sample database. Loaded by tests alone. */

/** The world that the table's test asks in. */
export interface RoutesWorld {
  database: Database;
  ids: SampleIds;
  /** Who asks; null for a visitor. */
  asker: TestPerson | null;
  /** Somebody else, who never asks. */
  bystander: TestPerson;
  /** Another admin than the one who asks. */
  otherAdmin: Actor;
  party: RelyingParty;
  /** Makes what a browser would send of a new passkey. */
  newKey(): { register(challenge: string): object; signIn(challenge: string): object; id: string };
  /** Another number each time. */
  next(): number;
}

/** A channel that something is open in. */
const GATED = 'nixos-16.09';

export type Sample = (world: RoutesWorld) => unknown;

/** By the word in braces. Each is made anew for every request, so that none is used up by the one before. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  issue: ({ ids }) => ids.issue,
  handle: ({ bystander }) => bystander.account.handle,
  number: ({ next }) => next(),
  password: () => PASSWORD,
  quarantined: async ({ database }) =>
    (await quarantinePage(database.queries, { limit: 1, offset: 0 })).entries[0]?.id,

  gated: async ({ database }) => (await openGate(database, GATED, { actor: 'sample' })).channel,
  'gate-release': async ({ database }) => (await openGate(database, GATED, { actor: 'sample' })).release,

  'gate-ticked': async ({ database, ids }) => {
    const { number } = await openGate(database, GATED, { actor: 'sample' });
    const ticks = [{ issue: ids.issue, remark: null }];
    await tickLines(database, ticks, { number, by: 'bystander', cause: 'sample' });
    return ids.issue;
  },

  'gate-open-line': async ({ database, ids }) => {
    const { number } = await openGate(database, GATED, { actor: 'sample' });
    await untick(database, ids.issue, { number, by: 'bystander' });
    return ids.issue;
  },

  'new-handle': ({ next }) => `new-${next()}`,
  account: async (world) => (await freshAccount(world)).handle,
  session: async ({ database, asker }) => {
    const [other] = asker === null ? [] : [await signInAgain(database, asker.account)];
    const sessions = other === undefined ? [] : await listSessions(database.queries, other.account.id, NOW);
    return sessions[0]?.id ?? '0';
  },
  token: async ({ database, asker }) => {
    if (asker === null) return '0';
    const wanted = { name: 'ci', scopes: ['read'], days: 9 };
    return done(await makeToken(database, asker.actor, asker.account.id, wanted, NOW)).id;
  },
  identity: async ({ database, asker, next }) => {
    const subject = String(next());
    if (asker !== null) done(await linkIdentity(database, asker.account, github(subject), NOW));
    return subject;
  },
  passkey: async (world) => (world.asker === null ? 'none' : (await addKey(world, world.asker.account)).id),
  'passkey-new': async ({ database, asker, party, newKey }) => {
    if (asker === null) return {};
    return newKey().register((await beginPasskey(database, asker.account, party, NOW)).challenge);
  },
  'passkey-answer': async (world) => {
    const key = await addKey(world, await freshAccount(world));
    const begun = await beginPasskeySignIn(world.database, world.party, `samples ${world.next()}`, NOW);
    return key.signIn(done(begun).options.challenge);
  },
  invite: async ({ database, otherAdmin }) =>
    done(await makeInvite(database, otherAdmin, { note: 'for Grace', role: 'triager' }, NOW)).id,
  recovery: (world) => askedRecovery(world),
  'recovery-secret': async (world) =>
    done(await grantRecovery(world.database, world.otherAdmin, await askedRecovery(world, OPERATOR), NOW))
      .secret,

  'stop-link': async (world) => {
    const { id, email } = await freshAccount(world);
    const link = { account: id, email: email ?? '', purpose: 'stop' as const };
    return makeMailLink(world.database.queries, link, NOW);
  },

  saw: async ({ database, ids }) => (await summaryOf(database, ids.issue)).version,
  proposal: async (world) => (await changeSummary(world, 'contributor')).proposal,
  accepted: async (world) => (await changeSummary(world, 'triager')).proposal,
  event: async (world) => {
    await changeSummary(world, 'triager');
    return (await summaryOf(world.database, world.ids.issue)).version;
  },

  'fresh-issue': (world) => openIssue(world),
  'joined-issue': async (world) => (await joinedIssue(world)).issue,
  'joined-part': () => lastJoined,
  'joined-part-name': () => lastJoined[0],
  'box-saw': ({ database, ids }) =>
    versionOf(database, { kind: 'status', id: `${ids.issue}/openssl/nixos-16.09`, field: 'value' }),
  'listed-saw': async ({ database, ids }) => (await listedFrobd(database, ids.issue)).version,
  'listed-other': async ({ database, ids }) =>
    (await listedFrobd(database, ids.issue)).value === null ? 'attribute' : null,
  'decision-saw': ({ database, ids }) =>
    versionOf(database, { kind: 'suggestion', id: `${ids.issue}/openssl`, field: 'decision' }),
  comment: async ({ database, ids, bystander, next }) =>
    (await postComment(database, bystander.actor, { issue: ids.issue, body: `sample ${next()}` }, NOW)).id,
  'own-comment': async ({ database, ids, asker, bystander, next }) => {
    const { actor } = asker ?? bystander;
    lastComment = (await postComment(database, actor, { issue: ids.issue, body: `sample ${next()}` }, NOW))
      .id;
    return lastComment;
  },
  'own-comment-saw': ({ database, ids }) =>
    versionOf(database, { kind: 'comment', id: `${ids.issue}/${lastComment}`, field: 'body' }),
  rule: async (world) => {
    const value = { attr: 'openssl', product: `sample-${world.next()}`, reason: 'wrong_product' };
    const id = `rule-sample-${world.next()}`;
    await submitAs(world, 'security', [{ kind: 'rule', id, field: 'value', value, saw: 0 }]);
    return (await listRules(world.database.queries, { limit: 1 }))[0]?.id;
  },
  ticked: async ({ database, ids }) => {
    await tickLines(database, [{ issue: ids.issue, remark: null }], { by: 'bystander', cause: 'sample' });
    return ids.issue;
  },
  'open-line': async ({ database, ids }) => {
    await untick(database, ids.issue, { by: 'bystander' });
    return ids.issue;
  },
  'closed-account': async (world) => {
    const { handle } = await freshAccount(world);
    done(await disableAccount(world.database, world.otherAdmin, handle, 'has left', NOW));
    return handle;
  },
  batch: ({ database }) => heldBatch(database),
  'batch-saw': async ({ database }) =>
    versionOf(database, { kind: 'batch', id: String(await heldBatch(database)), field: 'decision' }),
  thread: ({ database }) => sampleThread(database),
  mail: async ({ database }) =>
    (await mailsOf(database.queries, await sampleThread(database), { limit: 1 }))[0]?.id,
  'thread-saw': async ({ database }) =>
    versionOf(database, { kind: 'thread', id: String(await sampleThread(database)), field: 'decision' }),
  'fresh-mail': async ({ database, next }) => {
    const [mail] = await mailsOf(database.queries, await sampleThread(database, next()), { limit: 100 }).then(
      (mails) => mails.slice(-1),
    );
    return mail?.id;
  },
  campaign: async (world) => {
    const value = { title: 'A sample' };
    const change = { kind: 'campaign', id: 'a-sample', field: 'value' };
    await submitAs(world, 'security', [{ ...change, value, saw: await versionOf(world.database, change) }]);
    return 'a-sample';
  },
  'part-saw': async ({ database, ids }) =>
    (await stateOf(database, { kind: 'campaign_issue', id: `a-sample/${ids.issue}`, field: 'value' }))
      .version,
  'part-other': async ({ database, ids }) =>
    (await stateOf(database, { kind: 'campaign_issue', id: `a-sample/${ids.issue}`, field: 'value' }))
      .value === 'in'
      ? 'out'
      : 'in',
  regrouping: async ({ database }) => {
    lastRegrouping = await sampleRegrouping(database, 1);
    return lastRegrouping;
  },
  'fresh-regrouping': ({ database, next }) => sampleRegrouping(database, next() + 1),
  'regrouping-saw': ({ database }) =>
    versionOf(database, { kind: 'regrouping', id: lastRegrouping, field: 'value' }),
  intake: async ({ database, next }) => {
    const url = `https://blog.example/${'a-long-way-'.repeat(12)}`;
    const report = { isPublic: true, words: 'frobd frobs', url, email: 'visitor@a.example' };
    const options = { sender: `sample ${next()}`, securityContact: null, securityKey: null, at: NOW };
    const received = await receiveReport(database, report, options);
    assert.ok(received.outcome === 'received');
    return received.id;
  },
};

/** The file that the sample holds back. */
async function heldBatch(database: Database): Promise<number> {
  const [batch] = await listBatches(database.queries);
  assert.ok(batch !== undefined);
  return batch.id;
}

/** The thread of the sample; with a number, after one more message came to it. */
async function sampleThread(database: Database, more?: number): Promise<number> {
  if (more !== undefined) await seedThread(database, more);
  const [thread] = await findThreads(database.queries, { state: 'all', about: 'CVE-2017-3731', limit: 1 });
  assert.ok(thread !== undefined);
  return thread.id;
}

/** A suggestion to make one of two issues, which one thread names. */
async function sampleRegrouping(database: Database, number: number): Promise<string> {
  const issue = await seedTwins(database, number);
  await refreshRegroupings(database, NOW);
  const [found] = await regroupingsThat(database.queries, { state: 'all', issue, limit: 1 });
  assert.ok(found !== undefined);
  return found.key;
}

/** What the sample before in the same row made. */
let lastRegrouping = '';
let lastComment = 0;
let lastJoined: string[] = [];

/** An issue that only this sample has. */
async function openIssue({ database, bystander, next }: RoutesWorld): Promise<string> {
  const draft = { product: `sample${next()}`, title: 'it forgets everything' };
  const options = {
    kinds: EDITABLES,
    rules: { secondOpinion: false },
    at: NOW,
    key: `sample-issue-${next()}`,
  };
  const { issue } = await createIssue(database, { ...bystander.actor, role: 'triager' }, draft, options);
  assert.ok(issue !== null);
  return issue;
}

/** One issue of two. */
async function joinedIssue(world: RoutesWorld): Promise<{ issue: string }> {
  const [a, b] = [await openIssue(world), await openIssue(world)];
  const [part] = await atomsOf(world.database.queries, [b]);
  const issue = await mergeIssues(world.database, a, b, { author: 'sample', reason: 'sample' });
  const parts = await atomsOf(world.database.queries, [issue]);
  lastJoined = [part?.vulnerability ?? parts[0]?.vulnerability ?? ''];
  return { issue };
}

async function versionOf(database: Database, place: Pick<Change, 'kind' | 'id' | 'field'>): Promise<number> {
  return (await stateOf(database, place)).version;
}

async function stateOf(database: Database, { kind, id, field }: Pick<Change, 'kind' | 'id' | 'field'>) {
  const editable = EDITABLES.get(kind);
  assert.ok(editable !== undefined);
  const states = await database.transaction((tx) => editable.read(tx, [id]));
  return states.get(id)?.[field] ?? { value: null, version: 0 };
}

function listedFrobd(database: Database, issue: string) {
  return stateOf(database, { kind: 'package', id: `${issue}/frobd`, field: 'value' });
}

async function submitAs({ database, bystander }: RoutesWorld, role: Role, changes: Change[]) {
  const options = { kinds: EDITABLES, rules: { secondOpinion: false }, at: NOW };
  const answer = await submit(database, { ...bystander.actor, role }, { changes }, options);
  assert.equal(answer.outcome, 'accepted', JSON.stringify(answer));
}

async function freshAccount({ database, next }: RoutesWorld): Promise<Account> {
  return makeAccount(database, `fresh-${next()}`);
}

async function askedRecovery(world: RoutesWorld, by: Actor = world.otherAdmin): Promise<number> {
  const { handle } = await freshAccount(world);
  return done(await askRecovery(world.database, by, handle, 'called me', NOW)).id;
}

async function addKey({ database, party, newKey }: RoutesWorld, account: Account) {
  const key = newKey();
  const { challenge } = await beginPasskey(database, account, party, NOW);
  const answer = key.register(challenge);
  done(await addPasskey(database, account, party, { answer, name: 'key' }, NOW));
  return key;
}

function github(subject: string) {
  return {
    provider: 'github',
    subject,
    name: 'github' as const,
    label: null,
    displayName: null,
    email: null,
    emailVerified: false,
    github: null,
  };
}

async function summaryOf(database: Database, issue: string) {
  const kind = EDITABLES.get('issue');
  assert.ok(kind !== undefined);
  const states = await database.transaction((tx) => kind.read(tx, [issue]));
  return states.get(issue)?.summary ?? { value: null, version: 0 };
}

/** Somebody else sets what is said of the issue, or proposes it. */
async function changeSummary({ database, ids, bystander, next }: RoutesWorld, role: Role) {
  const { version } = await summaryOf(database, ids.issue);
  const change = { kind: 'issue', id: ids.issue, field: 'summary', value: `sample ${next()}`, saw: version };
  const answer = await submit(
    database,
    { ...bystander.actor, role },
    { changes: [change] },
    { kinds: EDITABLES, rules: { secondOpinion: false }, at: NOW },
  );
  assert.ok(answer.outcome === 'accepted' || answer.outcome === 'proposed', JSON.stringify(answer));
  return answer;
}

function done<T extends { outcome: string }>(outcome: T): Extract<T, { outcome: 'done' }> {
  assert.equal(outcome.outcome, 'done', JSON.stringify(outcome));
  return outcome as Extract<T, { outcome: 'done' }>;
}
