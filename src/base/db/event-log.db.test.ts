import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MusterError } from '#base/errors';
import { testDatabase } from '../../../test/database.ts';
import { appendEvents, CAUSE_ERASED, eventsOf, type NewEvent, redactEvent, verifyLog } from './event-log.ts';

function event(entityId: string, payload: Record<string, unknown> = {}): NewEvent {
  return { entity: 'issue', entityId, type: 'issue.opened', actor: 'machine:test', cause: 'a test', payload };
}

describe('the event log', () => {
  test('holds what was appended, in order, and verifies', async () => {
    await using database = await testDatabase();
    await database.transaction((tx) =>
      appendEvents(tx, [
        event('A', { n: 1 }),
        event('B'),
        event('A', { n: 2, nested: { b: 1, a: [1, 'ü'] } }),
      ]),
    );
    const history = await eventsOf(database.queries, 'issue', 'A');
    assert.deepEqual(
      history.map(({ id, payload }) => [id, payload]),
      [
        [1, { n: 1 }],
        [3, { n: 2, nested: { b: 1, a: [1, 'ü'] } }],
      ],
    );
    assert.deepEqual(await verifyLog(database.queries), { entries: 3, redacted: 0 });
  });

  test('stays one chain under concurrent writers, and a rolled back one leaves no gap', async () => {
    await using database = await testDatabase();
    const writers = Array.from({ length: 40 }, (_, n) =>
      database.transaction(async (tx) => {
        await appendEvents(tx, [event(`I${n}`, { n })]);
        if (n % 5 === 0) throw new Error('changed my mind');
      }),
    );
    const outcomes = await Promise.allSettled(writers);
    assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 8);
    assert.deepEqual(await verifyLog(database.queries), { entries: 32, redacted: 0 });
  });

  test('refuses to change, delete or empty it, and to fork it', async () => {
    await using database = await testDatabase();
    await database.transaction((tx) => appendEvents(tx, [event('A'), event('B')]));
    const refused = /append-only/;
    await assert.rejects(database.pool.query(`update event set actor = 'me' where id = 1`), refused);
    await assert.rejects(database.pool.query('delete from event where id = 2'), refused);
    await assert.rejects(database.pool.query('truncate event'), refused);
    await assert.rejects(
      database.pool.query(
        `insert into event select 3, at, entity, entity_id, type, actor, cause, payload, salt, payload_hash, previous, sha256('x') from event where id = 2`,
      ),
      /unique/,
    );
  });

  const forgeries: [string, string][] = [
    ['a changed actor', `update event set actor = 'somebody' where id = 2`],
    ['a changed payload', `update event set payload = '{"n": 3}' where id = 2`],
    ['a missing entry', 'delete from event where id = 2'],
    ['a missing end', 'delete from event where id = 3'],
  ];
  for (const [name, forgery] of forgeries) {
    test(`verification finds ${name} by somebody who switched the triggers off`, async () => {
      await using database = await testDatabase();
      await database.transaction((tx) =>
        appendEvents(tx, [event('A', { n: 1 }), event('B', { n: 2 }), event('C')]),
      );
      const client = await database.pool.connect();
      await client.query('set session_replication_role = replica');
      await client.query(forgery);
      client.release(true);
      await assert.rejects(
        verifyLog(database.queries),
        (error) => error instanceof MusterError && error.code === 'LOG_BROKEN',
      );
    });
  }

  test('redaction erases payload and salt, says so, and the chain still holds', async () => {
    await using database = await testDatabase();
    await database.transaction((tx) => appendEvents(tx, [event('A', { secret: 'a name' }), event('B')]));
    await database.transaction((tx) =>
      redactEvent(tx, 1, { actor: 'person:1', reason: 'asked for by its owner' }),
    );
    const { rows } = await database.pool.query('select payload, salt from event where id = 1');
    assert.deepEqual(rows, [{ payload: null, salt: null }]);
    const history = await eventsOf(database.queries, 'issue', 'A');
    assert.deepEqual(
      history.map(({ type, payload }) => [type, payload]),
      [
        ['issue.opened', null],
        ['event.redacted', { event: 1 }],
      ],
    );
    assert.deepEqual(await verifyLog(database.queries), { entries: 3, redacted: 1 });
  });

  test('a cause can be erased as well: what is left of the entry is proved by another one', async () => {
    await using database = await testDatabase();
    await database.transaction((tx) => appendEvents(tx, [event('A', { n: 1 }), event('B')]));
    const by = { actor: 'person:1', reason: 'asked for by its owner', cause: true };
    await database.transaction((tx) => redactEvent(tx, 1, by));
    await database.transaction((tx) => redactEvent(tx, 1, by));
    const history = await eventsOf(database.queries, 'issue', 'A');
    assert.deepEqual(
      history.map(({ type, cause }) => [type, cause]),
      [
        ['issue.opened', '(redacted)'],
        [CAUSE_ERASED, 'redaction'],
        ['event.redacted', 'asked for by its owner'],
      ],
    );
    assert.deepEqual(await verifyLog(database.queries), { entries: 4, redacted: 1 });
    await assert.rejects(
      database.transaction((tx) => redactEvent(tx, 3, by)),
      /holds no words/,
    );
    await database.transaction((tx) => redactEvent(tx, 4, { ...by, reason: 'again' }));
    assert.deepEqual(await verifyLog(database.queries), { entries: 6, redacted: 2 });
  });

  for (const [name, forgery] of [
    [
      'a cause that nobody was told was erased',
      `update event set cause = '(redacted)', payload = null, salt = null, redacted_at = now() where id = 2`,
    ],
    ['another field of an entry without its cause', `update event set actor = 'somebody' where id = 1`],
    ['another payload of it', `update event set payload_hash = sha256('x') where id = 1`],
  ] as const)
    test(`verification finds ${name}`, async () => {
      await using database = await testDatabase();
      await database.transaction((tx) => appendEvents(tx, [event('A', { n: 1 }), event('B')]));
      const by = { actor: 'person:1', reason: 'asked for by its owner', cause: true };
      await database.transaction((tx) => redactEvent(tx, 1, by));
      const client = await database.pool.connect();
      await client.query('set session_replication_role = replica');
      await client.query(forgery);
      client.release(true);
      await assert.rejects(
        verifyLog(database.queries),
        (error) => error instanceof MusterError && error.code === 'LOG_BROKEN',
      );
    });
});
