import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { testDatabase } from '../../../test/database.ts';
import { CopyRows } from './copy-rows.ts';
import { copyRows, type Database, takeNumbers } from './database.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    '\\',
    '"',
    '\0',
    'a\0b',
    '\\N',
    '\u2028',
    '\ud800',
    '\\u0000',
    '\\\\ud800"',
    'x'.repeat(23),
    'x'.repeat(24),
    'é'.repeat(30),
  ),
);
const row = fc.record({
  words: fc.option(text),
  list: fc.option(fc.array(text, { maxLength: 5 }), { nil: undefined }),
  small: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  large: fc.maxSafeInteger(),
  bytes: fc.uint8Array({ maxLength: 40 }),
  at: fc.option(fc.integer({ min: Date.UTC(1970), max: Date.UTC(2100) })),
  value: fc.oneof(fc.jsonValue({ maxDepth: 2 }), text),
  quoted: fc.array(text, { maxLength: 3 }),
});

/** As the database keeps it: no NUL, and what is half a character is none. */
const kept = (words: string) => words.replaceAll('\0', '\ufffd').replace(/\p{Cs}/gu, '\ufffd');

function keptIn(value: unknown): unknown {
  if (typeof value === 'string') return kept(value);
  if (Array.isArray(value)) return value.map(keptIn);
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [kept(name), keptIn(one)]));
}

describe('CopyRows', () => {
  let database: Database;
  before(async () => {
    database = await testDatabase();
    await database.pool.query(
      'create table copied (place int, words text, list text[], small int, large bigint, bytes bytea, hexed bytea, at timestamptz, value json, quoted json)',
    );
  });
  after(() => database.close());

  test('what goes in comes out, whatever it is; what PostgreSQL cannot keep is U+FFFD', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const writer = new CopyRows();
        for (const [place, each] of rows.entries()) {
          writer.row(10);
          writer.integer(place);
          writer.text(each.words);
          writer.texts(each.list);
          writer.integer(each.small);
          const at = writer.at;
          writer.bigint(0);
          writer.setBigint(at, each.large);
          writer.bytes(Buffer.from(each.bytes));
          writer.hex(Buffer.from(each.bytes).toString('hex'));
          writer.time(each.at);
          writer.openText();
          writer.json(each.value);
          writer.closeText();
          writer.openText();
          writer.put('[');
          for (const [index, one] of each.quoted.entries()) {
            if (index > 0) writer.put(',');
            writer.quote(one, 'p:');
          }
          writer.put(']');
          writer.closeText();
        }
        await database.pool.query('truncate copied');
        await database.transaction((tx) =>
          copyRows(
            tx,
            'copied',
            ['place', 'words', 'list', 'small', 'large', 'bytes', 'hexed', 'at', 'value', 'quoted'],
            [writer.stretch(0, writer.at)],
          ),
        );
        const { rows: found } = await database.pool.query('select * from copied order by place');
        assert.equal(found.length, rows.length);
        for (const [place, each] of rows.entries()) {
          const { words, list, small, large, bytes, hexed, at, value, quoted } = found[place];
          assert.equal(words, each.words === null ? null : kept(each.words));
          assert.deepEqual(list, each.list?.map(kept) ?? null);
          assert.deepEqual([small, large], [each.small, each.large]);
          assert.deepEqual([...bytes], [...each.bytes]);
          assert.deepEqual([...hexed], [...each.bytes]);
          assert.equal(at?.getTime() ?? null, each.at);
          assert.deepEqual(value, keptIn(JSON.parse(JSON.stringify(each.value))));
          assert.deepEqual(
            quoted,
            each.quoted.map((one) => kept(`p:${one}`)),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the writer is used again after it was cleared; nothing at all is nothing', async () => {
    const writer = new CopyRows();
    writer.row(1);
    writer.integer(1);
    writer.clear();
    writer.row(1);
    writer.integer(2);
    await database.pool.query('truncate copied');
    await database.transaction(async (tx) => {
      await copyRows(tx, 'copied', ['place'], [writer.stretch(0, writer.at)]);
      await copyRows(tx, 'copied', ['place'], []);
    });
    const { rows } = await database.pool.query('select place from copied');
    assert.deepEqual(rows, [{ place: 2 }]);
  });

  test('numbers follow each other, though others take some at the same time', async () => {
    await database.pool.query('create sequence counted');
    const taken = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        database.transaction(async (tx) => {
          const count = 1 + index * 7;
          const first = await takeNumbers(tx, 'counted', count);
          return Array.from({ length: count }, (_each, place) => first + place);
        }),
      ),
    );
    const all = taken.flat();
    assert.equal(new Set(all).size, all.length);
  });
});
