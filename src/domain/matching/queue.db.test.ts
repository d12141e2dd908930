import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Database, lockHistory } from '#base/db';
import { submit, submitIn } from '#domain/proposals';
import { ADA, BEN, CLEO, field, made, OPTIONS, waitsForHistory, withPeople } from '../../../test/people.ts';
import { suggest } from '../../../test/suggestions.ts';
import { decideSuggestions } from './decide-suggestions.ts';
import {
  currentBatch,
  nextSuggestions,
  releaseBatch,
  skipSuggestions,
  takeBatch,
  unskipSuggestions,
} from './next-suggestions.ts';
import { rewriteQueue, settleSuggestions } from './settle.ts';
import { queueCounts } from './store-queue.ts';

/** Forty suggestions on four issues; the first issue is critical, the second high, the others nobody rated. */
async function withQueue(): Promise<Database> {
  const database = await withPeople();
  await sql`update issue set severity = case number when 1 then 'critical' when 2 then 'high' end,
    opened = opened + number * interval '1 day'`.execute(database.queries);
  await sql`update channel set lifecycle = 'end_of_life' where name = 'nixos-16.09'`.execute(
    database.queries,
  );
  const numbers = (most: number) => Array.from({ length: most }, (_, index) => index + 1);
  await suggest(
    database,
    numbers(4).flatMap((issue) =>
      numbers(10).map((n) => ({
        issue: `NSI-2017-000${issue}`,
        attr: `package-${n}`,
        score: 0.5 + n / 100,
        cells: [
          {
            channel: n === 1 ? 'nixos-16.09' : 'nixos-17.03',
            ...{ version: '1.0', verdict: 'affected', vulnerability: 'CVE-2017-0001', why: '1.0 < 1.1' },
          } as const,
        ],
      })),
    ),
  );
  await settleSuggestions(database);
  return database;
}

const next = async (database: Database, account: number | null, more: object = {}) =>
  (await nextSuggestions(database.queries, { account, ...more })).map(({ id }) => id);

describe('the queue', () => {
  test('that is as it should be is brought up to date while somebody else writes history', async () => {
    await using database = await withQueue();
    await database.transaction(async (tx) => {
      await lockHistory(tx);
      await rewriteQueue(database);
    });
    assert.equal((await next(database, null, { limit: 200 })).length, 40);
  });

  test('what somebody decides while it is brought up to date stays decided', async () => {
    await using database = await withQueue();
    const [id = ''] = await next(database, null);
    await sql`update queue_entry set content = 'x'`.execute(database.queries);
    let brought: Promise<void> | undefined;
    await database.transaction(async (tx) => {
      await lockHistory(tx);
      brought = rewriteQueue(database);
      await waitsForHistory(database);
      const change = { kind: 'suggestion', id, field: 'decision', value: { decision: 'accepted' }, saw: 0 };
      assert.equal((await submitIn(tx, ADA, { changes: [change] }, OPTIONS)).outcome, 'accepted');
    });
    await brought;
    const left = await next(database, null, { limit: 200 });
    assert.deepEqual([left.length, left.includes(id)], [39, false]);
  });

  test('the most urgent first, with why; what is past its end comes last, the unrated by the latest', async () => {
    await using database = await withQueue();
    const all = await nextSuggestions(database.queries, { account: 1, limit: 200 });
    assert.equal(all.length, 40);
    assert.deepEqual([all[0]?.id, all[0]?.urgency], ['NSI-2017-0001/package-10', 400 + 150 + 60]);
    assert.deepEqual(
      all[0]?.parts.map(({ why }) => why),
      [
        'critical severity',
        'affected in nixos-17.03, which is supported',
        '60 of 100 that it is the package',
      ],
    );
    assert.deepEqual(
      [all[0]?.channels[0]?.evidence[0]?.why, all[0]?.title],
      ['1.0 < 1.1', 'openssl: flaw 1'],
    );
    for (const [index, each] of all.entries()) assert.ok(each.urgency <= (all[index - 1]?.urgency ?? 10_000));
    assert.deepEqual(
      all.slice(17, 21).map(({ id }) => id),
      [
        'NSI-2017-0002/package-2',
        'NSI-2017-0001/package-1',
        'NSI-2017-0004/package-10',
        'NSI-2017-0003/package-10',
      ],
    );
  });

  test('an emergency rises, what was dismissed is gone, also before the queue is written anew', async () => {
    await using database = await withQueue();
    await made(submit(database, ADA, { changes: [field('NSI-2017-0004', 'emergency', true)] }, OPTIONS));
    const dismissal = { reason: 'not_packaged', note: 'no' };
    await made(submit(database, ADA, { changes: [field('NSI-2017-0001', 'dismissed', dismissal)] }, OPTIONS));
    const early = await next(database, 1, { limit: 10 });
    assert.equal(early.length, 10);
    assert.ok(early.every((id) => !id.startsWith('NSI-2017-0001')));
    await rewriteQueue(database);
    assert.match((await next(database, 1))[0] ?? '', /^NSI-2017-0004/);
    assert.equal((await queueCounts(database.queries)).waiting, 30);
  });

  test('what one has passed over one is not shown again, unless it changed; others are', async () => {
    await using database = await withQueue();
    const [first] = await nextSuggestions(database.queries, { account: 1, limit: 1 });
    assert.equal(await skipSuggestions(database, ADA, [first?.suggestion ?? 0]), 1);
    assert.notEqual((await next(database, 1))[0], first?.id);
    assert.equal((await next(database, 2))[0], first?.id);
    await settleSuggestions(database);
    await rewriteQueue(database);
    assert.notEqual((await next(database, 1))[0], first?.id, 'written anew it is still the same');
    await sql`update suggestion_channel set verdict = 'unknown' where suggestion = ${first?.suggestion}`.execute(
      database.queries,
    );
    await rewriteQueue(database);
    assert.ok((await next(database, 1, { limit: 40 })).includes(first?.id ?? ''));
    await skipSuggestions(database, ADA, [first?.suggestion ?? 0]);
    assert.ok(!(await next(database, 1, { limit: 40 })).includes(first?.id ?? ''));
    await unskipSuggestions(database, ADA, [first?.suggestion ?? 0]);
    assert.ok((await next(database, 1, { limit: 40 })).includes(first?.id ?? ''));
  });

  test('is filtered by severity, channel, package and issue', async () => {
    await using database = await withQueue();
    const count = async (filter: object) => (await next(database, 1, { limit: 100, filter })).length;
    assert.equal(await count({ severity: 'critical' }), 10);
    assert.equal(await count({ severity: 'unknown' }), 20);
    assert.equal(await count({ channel: 'nixos-16.09' }), 4);
    assert.equal(await count({ attr: 'package-3' }), 4);
    assert.equal(await count({ issue: 'NSI-2017-0002', channel: 'nixos-17.03' }), 9);
    assert.equal(await count({ again: true }), 0);
  });

  test('is counted as it is, whatever is decided and written anew', async () => {
    await using database = await withQueue();
    const counted = async () => {
      const { rows } = await sql<{ count: number }>`select count(*) as count from queue_entry`.execute(
        database.queries,
      );
      const { waiting, bySeverity, again } = await queueCounts(database.queries);
      assert.equal(waiting, rows[0]?.count);
      return { waiting, again, ...bySeverity };
    };
    assert.deepEqual(await counted(), { waiting: 40, again: 0, critical: 10, high: 10, unknown: 20 });
    const ids = await next(database, 1, { limit: 15 });
    const decisions = ids.map((id) => ({
      id,
      saw: 0,
      decision: { decision: 'dismissed' as const, reason: 'wrong_product' as const },
    }));
    const { answer } = await decideSuggestions(database, ADA, decisions, OPTIONS);
    assert.equal(answer.outcome, 'accepted');
    assert.deepEqual(await counted(), { waiting: 25, again: 0, critical: 1, high: 4, unknown: 20 });
    await made(submit(database, ADA, { changes: [field('NSI-2017-0003', 'severity', 'low')] }, OPTIONS));
    await sql`insert into issue_atom (product, vulnerability, issue) values ('openssl', 'CVE-2017-0009', 'NSI-2017-0001')`.execute(
      database.queries,
    );
    await rewriteQueue(database);
    assert.deepEqual(await counted(), { waiting: 34, again: 9, critical: 10, high: 4, low: 10, unknown: 10 });
  });
});

describe('a batch', () => {
  test('ten people who ask at the same moment get different ones, and each gets their own again', async () => {
    await using database = await withQueue();
    await sql`insert into account (handle, name) select 'person-' || n, 'Person ' || n from generate_series(1, 5) n`.execute(
      database.queries,
    );
    const people = Array.from({ length: 10 }, (_, index) => ({
      id: `person:${index + 1}`,
      role: 'triager' as const,
      account: index + 1,
    }));
    const batches = await Promise.all(people.map((person) => takeBatch(database, person, { limit: 4 })));
    const ids = batches.flatMap(({ suggestions }) => suggestions.map(({ id }) => id));
    assert.equal(ids.length, 40);
    assert.equal(new Set(ids).size, 40);
    const mine = batches[0]?.suggestions.map(({ id }) => id);
    assert.deepEqual(
      (await takeBatch(database, ADA, { limit: 4 })).suggestions.map(({ id }) => id),
      mine,
    );
    assert.deepEqual(
      (await next(database, 1, { limit: 40 })).sort(),
      mine?.sort(),
      'what others took one is not shown',
    );
    assert.equal((await next(database, null, { limit: 40 })).length, 40);
  });

  test('is filled up as one decides and passes over, runs out, and can be given back', async () => {
    await using database = await withQueue();
    const now = new Date();
    const { suggestions, until } = await takeBatch(database, ADA, { now });
    assert.equal(suggestions.length, 10);
    assert.ok((until?.getTime() ?? 0) > now.getTime());
    const [one, two] = suggestions;
    await decideSuggestions(
      database,
      ADA,
      [{ id: one?.id ?? '', decision: { decision: 'accepted' }, saw: 0 }],
      OPTIONS,
    );
    await skipSuggestions(database, ADA, [two?.suggestion ?? 0]);
    assert.equal((await currentBatch(database.queries, 1, now)).suggestions.length, 8);
    const more = await takeBatch(database, ADA, { now });
    assert.equal(more.suggestions.length, 10);
    assert.ok(!more.suggestions.some(({ id }) => id === one?.id || id === two?.id));

    const late = new Date(now.getTime() + 3 * 3_600_000);
    assert.equal((await currentBatch(database.queries, 1, late)).suggestions.length, 0);
    const theirs = await takeBatch(database, BEN, { limit: 12, now: late });
    assert.ok(theirs.suggestions.some(({ id }) => more.suggestions.some((each) => each.id === id)));
    await releaseBatch(database, BEN);
    assert.equal((await currentBatch(database.queries, 2, late)).suggestions.length, 0);
    await assert.rejects(takeBatch(database, { ...CLEO, account: null }), /takes an account/);
  });
});
