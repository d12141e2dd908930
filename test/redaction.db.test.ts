import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { type Database, eventById, eventsOf, lastEvent, verifyLog } from '#base/db';
import {
  commentsOf,
  createIssue,
  fieldsOfIssues,
  forgetNotices,
  issueOfRequest,
  mergeIssues,
  postComment,
  receiveReport,
  revokeDecision,
  splitIssue,
  statusesOf,
  tellPeople,
  watch,
} from '#domain/issues';
import { decideSuggestions, rewriteQueue, settleSuggestions } from '#domain/matching';
import {
  acceptProposal,
  type Change,
  editables,
  type FieldValue,
  proposalById,
  redact,
  rejectProposal,
  submit,
  undo,
} from '#domain/proposals';
import { closeRoundup, editableItem, editableLine, forgetRemarks, openRoundup } from '#domain/roundup';
import { ADA, BEN, CLEO, DORA, EVE, field, made, OPTIONS, status, withPeople } from './people.ts';
import { suggest } from './suggestions.ts';

const TOKEN = 'hunter2-4711';
const DRAFT = { product: 'openssl', title: 'openssl: flaw of ours' };
const KINDS = editables([...OPTIONS.kinds.values(), editableItem, editableLine]);
const ALL = { ...OPTIONS, kinds: KINDS };

/** Two issues that can really be merged: a number of ours makes each. */
async function withTwoIssues(): Promise<{ database: Database; a: string; b: string }> {
  const database = await withPeople();
  const [one, two] = [
    await createIssue(database, ADA, DRAFT, { ...ALL, key: 'request-1' }),
    await createIssue(database, ADA, DRAFT, { ...ALL, key: 'request-2' }),
  ];
  const [a, b] = [one.issue ?? '', two.issue ?? ''];
  const cells = [{ channel: 'nixos-17.03', version: '1.0', verdict: 'affected' as const }];
  await suggest(
    database,
    [a, b].map((issue) => ({ issue, attr: 'openssl', cells })),
  );
  await settleSuggestions(database);
  return { database, a, b };
}

/** Every table, of ours and of the queue, in which a text occurs anywhere. */
async function tablesHolding(database: Database, text: string): Promise<string[]> {
  const { rows } = await sql<{
    table: string;
  }>`select quote_ident(table_schema) || '.' || quote_ident(table_name) as table
    from information_schema.tables where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`.execute(
    database.queries,
  );
  assert.ok(rows.length > 50);
  const found: string[] = [];
  for (const { table } of rows) {
    const { rows: hits } = await sql<{
      count: number;
    }>`select count(*) as count from ${sql.raw(table)} t where t::text like ${`%${text}%`}`.execute(
      database.queries,
    );
    if ((hits[0]?.count ?? 0) > 0) found.push(table);
  }
  return found;
}

const erase = (database: Database, event: number) =>
  redact(database, DORA, event, 'a password was pasted', {
    kinds: KINDS,
    copies: [forgetNotices, forgetRemarks],
  });

type Where = { database: Database; a: string; b: string };

async function proposed(where: Where, change: Change, remark?: string): Promise<number> {
  const answer = await submit(where.database, CLEO, { changes: [change], remark }, ALL);
  return answer.outcome === 'proposed' ? answer.proposal : 0;
}

const proposalEvent = async ({ database }: Where, id: number, type: string) =>
  (await eventsOf(database.queries, 'proposal', String(id))).find((event) => event.type === type)?.id ?? 0;

/** The last entry that tells why issues were made one or two. */
async function decided({ queries }: Database, ...issues: string[]): Promise<number> {
  const entries = (await Promise.all(issues.map((id) => eventsOf(queries, 'issue', id)))).flat();
  const own = entries.filter(({ type }) => /^issue\.(?:merge|split)_decided$/.test(type)).map(({ id }) => id);
  return Math.max(...own);
}

/** Every way in which somebody can say something, once; each returns the entry of the history that says it. */
const SAYINGS: Record<string, (where: Where) => Promise<number>> = {
  async comment({ database, b }) {
    await postComment(database, CLEO, { issue: b, body: `@ada it is ${TOKEN}` });
    return lastEvent(database.queries);
  },
  async 'a note of a status'({ database, b }) {
    const value = { status: 'wont_fix', note: TOKEN, link: `https://a.example/${TOKEN}` };
    return (await made(submit(database, ADA, { changes: [status(b, value)] }, ALL)))[0]?.version ?? 0;
  },
  async title({ database, b }) {
    await made(submit(database, ADA, { changes: [field(b, 'severity', 'high')] }, ALL));
    const [before] = await eventsOf(database.queries, 'issue', b).then((all) =>
      all.filter(({ payload }) => payload?.field === 'title'),
    );
    const change = field(b, 'title', `openssl: ${TOKEN}`, before?.id ?? 0);
    return (await made(submit(database, ADA, { changes: [change] }, ALL)))[0]?.version ?? 0;
  },
  async 'a dismissal'({ database, b }) {
    const value = { reason: 'not_packaged', note: TOKEN };
    return (
      (await made(submit(database, ADA, { changes: [field(b, 'dismissed', value)] }, ALL)))[0]?.version ?? 0
    );
  },
  async 'a remark'({ database, b }) {
    const set = { changes: [status(b, { status: 'affected' }), field(b, 'emergency', true)], remark: TOKEN };
    const [first, second] = await made(submit(database, ADA, set, ALL));
    // A remark is told with each change of its set.
    await erase(database, second?.version ?? 0);
    return first?.version ?? 0;
  },
  async 'an accepted proposal'(where) {
    const id = await proposed(where, status(where.b, { status: 'affected', note: TOKEN }));
    return (await made(acceptProposal(where.database, BEN, id, {}, ALL)))[0]?.version ?? 0;
  },
  async 'an amended proposal'(where) {
    const id = await proposed(where, status(where.b, { status: 'affected', note: `${TOKEN} of mine` }));
    const amended = [status(where.b, { status: 'affected', note: `not ${TOKEN}` })];
    return (await made(acceptProposal(where.database, BEN, id, { amended }, ALL)))[0]?.version ?? 0;
  },
  async 'an open proposal'(where) {
    const id = await proposed(where, field(where.b, 'summary', TOKEN), `because of ${TOKEN}`);
    return proposalEvent(where, id, 'proposal.made');
  },
  async 'a reason for a rejection'(where) {
    const id = await proposed(where, field(where.b, 'summary', 'harmless'));
    await rejectProposal(where.database, BEN, id, TOKEN);
    return proposalEvent(where, id, 'proposal.rejected');
  },
  async 'a decision on a suggestion'({ database, b }) {
    const decision = { decision: 'dismissed' as const, reason: 'other' as const, note: TOKEN };
    const { answer } = await decideSuggestions(
      database,
      ADA,
      [{ id: `${b}/openssl`, decision, saw: 0 }],
      ALL,
    );
    return answer.outcome === 'accepted' ? (answer.made[0]?.version ?? 0) : 0;
  },
  async 'a rule'({ database }) {
    const value = {
      attr: 'openssl',
      product: 'libressl',
      reason: 'other',
      note: TOKEN,
      evidence: `https://a.example/${TOKEN}`,
    };
    const change = { kind: 'rule', id: 'request-7', field: 'value', value, saw: 0 };
    return (await made(submit(database, DORA, { changes: [change] }, ALL)))[0]?.version ?? 0;
  },
  async 'an issue of ours'({ database }) {
    const draft = {
      ...DRAFT,
      title: `a ${TOKEN}`,
      summary: TOKEN,
      references: [`https://a.example/${TOKEN}`],
    };
    const { answer } = await createIssue(database, ADA, draft, { ...ALL, key: 'request-3', remark: TOKEN });
    return answer.outcome === 'accepted' ? (answer.made[0]?.version ?? 0) : 0;
  },
  async 'what a visitor sent, released as a comment'({ database, b }) {
    const answer = await receiveReport(
      database,
      { isPublic: true, words: TOKEN, url: `https://a.example/${TOKEN}` },
      { sender: 'x', securityContact: null, securityKey: null },
    );
    const received = await lastEvent(database.queries);
    const id = answer.outcome === 'received' ? String(answer.id) : '';
    const change = { kind: 'intake', id, field: 'decision', value: { as: 'comment', issue: b }, saw: 0 };
    await made(submit(database, ADA, { changes: [change] }, ALL));
    return received;
  },
  async 'what a visitor sent, released as an issue'({ database }) {
    const answer = await receiveReport(
      database,
      { isPublic: true, words: TOKEN, package: TOKEN },
      { sender: 'x', securityContact: null, securityKey: null },
    );
    const received = await lastEvent(database.queries);
    const id = answer.outcome === 'received' ? String(answer.id) : '';
    const value = { as: 'issue', draft: { ...DRAFT, title: `a ${TOKEN}` } } as FieldValue;
    await made(
      submit(database, ADA, { changes: [{ kind: 'intake', id, field: 'decision', value, saw: 0 }] }, ALL),
    );
    return received;
  },
  async 'why two issues are one'({ database, a, b }) {
    await mergeIssues(database, a, b, { author: ADA.id, reason: TOKEN });
    return decided(database, a, b);
  },
  async 'why they are two after all'({ database, a, b }) {
    await mergeIssues(database, a, b, { author: ADA.id, reason: 'the same' });
    const two = await issueOfRequest(database.queries, 'request-2');
    await splitIssue(database, two?.issue ?? '', [two?.vulnerability ?? ''], {
      author: BEN.id,
      reason: TOKEN,
    });
    return decided(database, a, b);
  },
  async 'why a decision is taken back'({ database, a, b }) {
    await mergeIssues(database, a, b, { author: ADA.id, reason: 'the same' });
    await revokeDecision(database, 1, { author: BEN.id, reason: TOKEN });
    return (await eventsOf(database.queries, 'issue_link', '1')).at(-1)?.id ?? 0;
  },
  async 'an item of a checklist'({ database }) {
    await openRoundup(database, { at: new Date('2017-03-01'), actor: 'test' });
    const change = {
      kind: 'roundup_item',
      id: '1/secret',
      field: 'value',
      value: { words: TOKEN, done: false },
      saw: 0,
    };
    return (await made(submit(database, ADA, { changes: [change] }, ALL)))[0]?.version ?? 0;
  },
  async 'what stands behind a line'({ database, b }) {
    await openRoundup(database, { at: new Date('2017-03-01'), actor: 'test' });
    await sql`insert into roundup_line (roundup, issue) values (1, ${b}) on conflict do nothing`.execute(
      database.queries,
    );
    const change = { kind: 'roundup_line', id: `1/${b}`, field: 'remark', value: TOKEN, saw: 0 };
    return (await made(submit(database, ADA, { changes: [change] }, ALL)))[0]?.version ?? 0;
  },
};

/** What may happen afterwards, and make copies. */
const AFTERWARDS: Record<string, (where: Where, event: number) => Promise<unknown>> = {
  async merged({ database, a, b }) {
    const standing = await issueOfRequest(database.queries, 'request-2');
    if (standing?.issue === b) await mergeIssues(database, a, b, { author: ADA.id, reason: 'the same' });
  },
  async 'merged with something that says otherwise'({ database, a, b }) {
    const standing = await issueOfRequest(database.queries, 'request-2');
    if (standing?.issue !== b) return;
    for (const change of [
      status(a, { status: 'fixed' }),
      field(a, 'title', 'other'),
      field(a, 'summary', 'other'),
    ]) {
      const saw = await lastOf(database, change);
      await submit(database, BEN, { changes: [{ ...change, saw }] }, ALL);
    }
    await mergeIssues(database, a, b, { author: ADA.id, reason: 'the same' });
  },
  async 'undone and done again'({ database }, event) {
    const first = await undo(database, DORA, event, ALL).catch(() => null);
    if (first?.outcome === 'accepted') await undo(database, DORA, first.made[0]?.version ?? 0, ALL);
  },
  async 'carried over'({ database }) {
    const { rows } = await sql<{ number: number; at: Date; open: boolean }>`
      select number, opened_at as at, closed_at is null as open from roundup order by number desc limit 1`.execute(
      database.queries,
    );
    const [last] = rows;
    if (last === undefined) return;
    if (last.open) await closeRoundup(database, { actor: 'test' });
    await openRoundup(database, { at: new Date(last.at.getTime() + 7 * 86_400_000), actor: 'test' });
  },
  told: ({ database }) => tellPeople(database, { kinds: KINDS }),
  'queue rewritten': ({ database }) => rewriteQueue(database),
};

async function lastOf(database: Database, { kind, id, field: name }: Change): Promise<number> {
  const entity = id.includes('/') ? id.slice(0, id.indexOf('/')) : id;
  const own = (await eventsOf(database.queries, 'issue', entity)).filter(
    ({ payload }) => payload?.kind === kind && payload.id === id && payload.field === name,
  );
  return own.at(-1)?.id ?? 0;
}

describe('redacting', () => {
  for (const [name, say] of Object.entries(SAYINGS)) {
    test(`${name}: afterwards the words are nowhere, and the log verifies`, async () => {
      const afterwards = fc.uniqueArray(fc.constantFrom(...Object.keys(AFTERWARDS)), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(afterwards, async (steps) => {
          const where = await withTwoIssues();
          await using database = where.database;
          await watch(database, EVE, `issue:${where.b}`);
          const event = await say(where);
          assert.ok((await tablesHolding(database, TOKEN)).length > 0, 'it was said at all');
          for (const step of steps) await AFTERWARDS[step]?.(where, event);
          await erase(database, event);
          assert.deepEqual(await tablesHolding(database, TOKEN), [], steps.join(', '));
          assert.ok((await verifyLog(database.queries)).redacted > 0);
          for (const [, step] of Object.entries(AFTERWARDS)) await step(where, event);
          assert.deepEqual(
            await tablesHolding(database, TOKEN),
            [],
            'nothing that comes later brings it back',
          );
        }),
        { numRuns: 4, examples: [[['merged']]] },
      );
    });
  }

  test('leaves the rest as it is: the status, who said it and when, and what others said', async () => {
    const where = await withTwoIssues();
    await using database = where.database;
    const event = (await SAYINGS['a note of a status']?.(where)) ?? 0;
    await postComment(database, EVE, { issue: where.b, body: 'mine' });
    assert.deepEqual(await erase(database, event), { events: [event], others: [] });
    const [box] = await statusesOf(database.queries, [where.b]);
    assert.deepEqual([box?.value, box?.changedBy], [{ status: 'wont_fix', note: '(redacted)' }, ADA.id]);
    assert.equal((await commentsOf(database.queries, [where.b]))[0]?.body, 'mine');
    const told = (await eventsOf(database.queries, 'issue', where.b)).at(-1);
    assert.deepEqual(
      [told?.type, told?.actor, told?.cause],
      ['event.redacted', DORA.id, 'a password was pasted'],
    );
    assert.equal((await eventById(database.queries, event))?.payload, null);
  });

  test('names the other entries about the same that still hold words', async () => {
    const { database: opened, a } = await withTwoIssues();
    await using database = opened;
    const first = (await fieldsOfIssues(database.queries, [a])).get(a)?.title?.version ?? 0;
    const [second] = await made(
      submit(database, ADA, { changes: [field(a, 'title', `${TOKEN} once`, first)] }, ALL),
    );
    const [third] = await made(
      submit(database, ADA, { changes: [field(a, 'title', `${TOKEN} twice`, second?.version)] }, ALL),
    );
    const redacted = await erase(database, third?.version ?? 0);
    assert.deepEqual(redacted.others, [first, second?.version]);
  });

  test('an open proposal that held nothing else is closed, and a field that was set by it can be set again', async () => {
    const where = await withTwoIssues();
    await using database = where.database;
    const event = (await SAYINGS['an open proposal']?.(where)) ?? 0;
    await erase(database, event);
    const { rows } = await sql<{
      id: number;
    }>`select max(id) as id from proposal where author = ${CLEO.id}`.execute(database.queries);
    assert.equal((await proposalById(database.queries, rows[0]?.id ?? 0))?.state, 'rejected');
    const title = (await SAYINGS.title?.(where)) ?? 0;
    await erase(database, title);
    assert.equal((await fieldsOfIssues(database.queries, [where.b])).get(where.b)?.title?.value, null);
    await made(submit(database, ADA, { changes: [field(where.b, 'title', 'clean', title)] }, ALL));
  });

  test('takes the security role and a reason', async () => {
    const where = await withTwoIssues();
    await using database = where.database;
    const event = (await SAYINGS.comment?.(where)) ?? 0;
    const options = { kinds: KINDS };
    await assert.rejects(redact(database, ADA, event, 'x', options), /security role/);
    await assert.rejects(redact(database, DORA, event, ' ', options), /needs a reason/);
    await assert.rejects(redact(database, DORA, 99_999, 'x', options), /no entry 99999/);
  });
});
