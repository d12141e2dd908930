import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { MusterError } from '#base/errors';
import { emptyDatabase } from '../../../test/database.ts';
import { tablesSource } from './generate-tables.ts';
import { migrate, migrations } from './migrate.ts';

const all = migrations().map(({ number }) => number);

describe('migrations', () => {
  test('bring an empty database to today, and a second run does nothing', async () => {
    await using database = await emptyDatabase();
    assert.deepEqual(await migrate(database.pool), all);
    assert.deepEqual(await migrate(database.pool), []);
  });

  for (const from of all.slice(0, -1)) {
    test(`bring a database of version ${from} to today`, async () => {
      await using database = await emptyDatabase();
      await migrate(database.pool, from);
      assert.deepEqual(await migrate(database.pool), all.slice(from));
      assert.equal(await tablesSource(database.pool), await fresh());
    });
  }

  test('keep why people linked two atoms: the link names the entry that says it', async () => {
    await using database = await emptyDatabase();
    await migrate(database.pool, 8);
    await database.pool.query(`insert into event (id, at, entity, entity_id, type, actor, cause, payload, salt, payload_hash, previous, hash)
      select n, now(), 'issue', 'NSI-2017-0001', 'issue.merge_decided', 'ada', case n when 1 then 'other' else 'one fix' end, '{}',
        '', '', int4send(n), int4send(n) from generate_series(1, 3) n`);
    await database.pool.query(`insert into issue_link (kind, product_a, vulnerability_a, product_b, vulnerability_b, author, reason)
      values ('must', 'a', 'CVE-1', 'b', 'CVE-2', 'ada', 'other'), ('must', 'a', 'CVE-1', 'b', 'CVE-3', 'ada', 'one fix')`);
    await migrate(database.pool);
    const { rows } = await database.pool.query('select event from issue_link order by id');
    assert.deepEqual(rows, [{ event: 1 }, { event: 3 }]);
  });

  test('run once though several processes start at once', async () => {
    await using database = await emptyDatabase();
    const runs = await Promise.all([migrate(database.pool), migrate(database.pool), migrate(database.pool)]);
    assert.deepEqual(runs.flat(), all);
  });

  test('refuse a database of a newer Muster, and one whose migration had another text', async () => {
    await using database = await emptyDatabase();
    await migrate(database.pool);
    const newer = (error: unknown) => error instanceof MusterError && error.code === 'DATABASE_NEWER';
    await database.pool.query(`update migration set hash = 'x' where number = 1`);
    await assert.rejects(migrate(database.pool), newer);
    await database.pool.query(
      `insert into migration (number, name, hash) values (${all.length + 1}, '9999_future', 'x')`,
    );
    await assert.rejects(migrate(database.pool), newer);
  });

  test('agree with the generated types of the tables', async () => {
    const formatted = (text: string) => text.replace(/\s+/g, ' ');
    assert.equal(
      formatted(readFileSync(join(import.meta.dirname, 'tables.ts'), 'utf8')),
      formatted(await fresh()),
    );
  });
});

async function fresh(): Promise<string> {
  await using database = await emptyDatabase();
  await migrate(database.pool);
  return await tablesSource(database.pool);
}
