import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { testDatabase } from '../../../test/database.ts';
import { keptRows } from './kept-rows.ts';
import { together } from './together.ts';

const MOST = 5;

function things() {
  return keptRows<{ word: string; more: string | null }, { word: string; more: string | null }>({
    marks: (
      ids,
    ) => `select t.id, concat(t.xmin, '.', m.xmin) as mark from thing t left join thing_more m on m.id = t.id
      where t.id = any(${ids})`,
    rows: `select t.id, json_build_object('word', t.word, 'more', m.more) as data from thing t
      left join thing_more m on m.id = t.id where t.id = any($1::text[])`,
    read: (data) => data,
    most: MOST,
  });
}

async function withThings() {
  const database = await testDatabase();
  await sql`create table thing (id text primary key, word text not null)`.execute(database.queries);
  await sql`create table thing_more (id text primary key, more text not null)`.execute(database.queries);
  const kept = things();
  const ask = together({ marks: kept.marks('$1::text[]') });
  const read = async (ids: readonly string[]) =>
    kept.read(database.pool, (await ask(database.pool, [ids])).marks);
  return { database, kept, read, [Symbol.asyncDispose]: () => database.close() };
}

const ID = fc.integer({ min: 0, max: 7 }).map((n) => `t${n}`);
const WORD = fc.string({ maxLength: 3, unit: 'grapheme-ascii' });
const ACT = fc.oneof(
  fc.record({ act: fc.constant('put' as const), id: ID, word: WORD }),
  fc.record({ act: fc.constant('more' as const), id: ID, word: WORD }),
  fc.record({ act: fc.constant('drop' as const), id: ID, word: WORD }),
  fc.record({ act: fc.constant('less' as const), id: ID, word: WORD }),
);

describe('rows that are kept', () => {
  test('are what the database has, whatever was written between two readings', async () => {
    await using world = await withThings();
    const { queries } = world.database;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(ACT, fc.uniqueArray(ID)), { maxLength: 12 }), async (turns) => {
        for (const [{ act, id, word }, wanted] of turns) {
          if (act === 'put')
            await sql`insert into thing values (${id}, ${word}) on conflict (id) do update set word = excluded.word`.execute(
              queries,
            );
          else if (act === 'more')
            await sql`insert into thing_more values (${id}, ${word}) on conflict (id) do update set more = excluded.more`.execute(
              queries,
            );
          else if (act === 'drop') await sql`delete from thing where id = ${id}`.execute(queries);
          else await sql`delete from thing_more where id = ${id}`.execute(queries);
          const { rows } = await sql<{ id: string; word: string; more: string | null }>`
            select t.id, t.word, m.more from thing t left join thing_more m on m.id = t.id where t.id = any(${wanted})`.execute(
            queries,
          );
          const expected = new Map(rows.map((row) => [row.id, { word: row.word, more: row.more }]));
          assert.deepEqual(new Map([...(await world.read(wanted))].sort()), new Map([...expected].sort()));
          const { all } = await together({ all: world.kept.all })(world.database.pool, [wanted]);
          assert.deepEqual(new Map([...all].sort()), new Map([...expected].sort()));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('are the same objects until they change, and no more of them than that', async () => {
    await using world = await withThings();
    const { queries } = world.database;
    await sql`insert into thing select 't' || n, 'one' from generate_series(0, 7) n`.execute(queries);
    const [first, again] = [await world.read(['t0', 't1']), await world.read(['t1', 't0'])];
    assert.equal(again.get('t0'), first.get('t0'));
    await sql`update thing set word = word where id = 't0'`.execute(queries);
    const changed = await world.read(['t0', 't1']);
    assert.notEqual(changed.get('t0'), first.get('t0'));
    assert.equal(changed.get('t1'), first.get('t1'));
    // t1 was asked for last; t0 goes when one too many comes.
    await world.read(['t1']);
    await world.read(['t2', 't3', 't4', 't5']);
    const later = await world.read(['t1', 't0']);
    assert.equal(later.get('t1'), first.get('t1'));
    assert.notEqual(later.get('t0'), changed.get('t0'));
  });

  test('belong to one database', async () => {
    await using one = await withThings();
    await using other = await testDatabase();
    await sql`create table thing (id text primary key, word text not null)`.execute(other.queries);
    await sql`create table thing_more (id text primary key, more text not null)`.execute(other.queries);
    await sql`insert into thing values ('t0', 'here')`.execute(one.database.queries);
    await sql`insert into thing values ('t0', 'there')`.execute(other.queries);
    const { marks } = await together({ marks: one.kept.marks('$1::text[]') })(one.database.pool, [['t0']]);
    assert.equal((await one.kept.read(one.database.pool, marks)).get('t0')?.word, 'here');
    assert.equal((await one.kept.read(other.pool, marks)).get('t0')?.word, 'there');
  });
});
