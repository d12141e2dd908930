import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { findJsonValue, JsonSliceError, sliceJsonArray, sliceJsonObject, sliceLines } from './json-slices.ts';

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

function parsed(slices: Iterable<Buffer>): unknown[] {
  return [...slices].map((slice) => JSON.parse(slice.toString()));
}

function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof JsonSliceError, String(error));
    return error.reason;
  }
  return 'none';
}

/** JSON text of a value with white space of the given kinds wherever JSON allows it, and escapes in every string. */
function spaced(value: unknown, space: () => string): string {
  const s = space;
  if (typeof value === 'string') {
    const escaped = [...JSON.stringify(value).slice(1, -1)].join('');
    return `"${escaped}"`;
  }
  if (Array.isArray(value))
    return value.length === 0
      ? `[${s()}]`
      : `[${value.map((item) => `${s()}${spaced(item, space)}${s()}`).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, item]) => `${s()}${JSON.stringify(key)}${s()}:${s()}${spaced(item, space)}${s()}`,
    );
    return members.length === 0 ? `{${s()}}` : `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

const anySpace = fc.array(fc.constantFrom('', '', ' ', '\n', '\t', '\r\n  '), { minLength: 1, maxLength: 7 });
const nasty = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '[',
    ']}',
    '"',
    '\\',
    '\\"',
    '\\\\"',
    '{"a":[',
    ',',
    ':',
    '\u0000',
    'é\ud83d\ude00',
    '\\'.repeat(99),
  ),
  fc.string({ minLength: 60, maxLength: 200 }),
);
const nastyJson = fc
  .oneof(fc.jsonValue(), nasty, fc.array(nasty), fc.dictionary(nasty, fc.oneof(fc.jsonValue(), nasty)))
  // As JSON makes it: with the usual prototype, and without -0.
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);

function cycle(spaces: readonly string[]): () => string {
  let at = 0;
  return () => spaces[at++ % spaces.length] ?? '';
}

describe('sliceJsonArray', () => {
  test('any array in any white space falls into its elements, at any path', () => {
    fc.assert(
      fc.property(fc.array(nastyJson), fc.array(nasty, { maxLength: 3 }), anySpace, (list, path, spaces) => {
        const root = path.reduceRight<unknown>(
          (inner, key) => ({ before: list, [key]: inner, after: 1 }),
          list,
        );
        // A key that is called like one of the neighbours would be two keys of one name.
        fc.pre(!path.includes('before') && !path.includes('after') && !path.includes('__proto__'));
        const text = bytes(spaced(root, cycle(spaces)));
        assert.deepEqual(parsed(sliceJsonArray(text, path)), list);
      }),
      { numRuns: 400 },
    );
  });

  test('an element keeps its bytes, white space inside and all', () => {
    const text = bytes(' [ {"a" : [1 , "]"]}\n, "x\\"," ,-1.5e3,null ] \n');
    assert.deepEqual([...sliceJsonArray(text, [])].map(String), [
      '{"a" : [1 , "]"]}',
      '"x\\","',
      '-1.5e3',
      'null',
    ]);
  });

  test('whatever is cut off at whatever byte is said to be cut short, and never passes for whole', () => {
    const whole = '{"n": 1, "list": [{"a": "b\\"c"}, [2], "…é", true], "after": {"x": []}}';
    const all = bytes(whole);
    for (let end = 1; end < all.length; end++) {
      const reason = reasonOf(() => [...sliceJsonArray(all.subarray(0, end), ['list'])]);
      assert.equal(reason, 'truncated', `cut at ${end}: ${all.subarray(0, end).toString()}`);
    }
    assert.equal(parsed(sliceJsonArray(all, ['list'])).length, 4);
  });

  test('each kind of wrongness has its reason', () => {
    const cases: [string, string[], string][] = [
      ['', [], 'empty'],
      [' \n ', ['a'], 'empty'],
      ['<!doctype html><p>', [], 'not-json'],
      ['{"a": [1]}', ['b'], 'missing-field'],
      ['{}', ['b'], 'missing-field'],
      ['{"a": {"b": [1]}}', ['a', 'c'], 'missing-field'],
      ['{"a": {}}', ['a'], 'wrong-type'],
      ['{"a": "x"}', ['a', 'b'], 'wrong-type'],
      ['[]', ['a'], 'wrong-type'],
      ['[1 2]', [], 'not-json'],
      ['[1,]', [], 'not-json'],
      ['[{"a":]}]', [], 'not-json'],
      ['[1] x', [], 'not-json'],
      ['{"a": [1], }', ['a'], 'not-json'],
      ['{"a" [1]}', ['a'], 'not-json'],
      ['{a: [1]}', ['a'], 'not-json'],
      ['{"\\x": 1, "a": []}', ['a'], 'not-json'],
      [`[${'['.repeat(20_000)}${']'.repeat(20_000)}]`, [], 'not-json'],
    ];
    for (const [text, path, reason] of cases)
      assert.equal(
        reasonOf(() => [...sliceJsonArray(bytes(text), path)]),
        reason,
        text.slice(0, 40),
      );
  });

  test('says at which byte it stops', () => {
    try {
      assert.fail([...sliceJsonArray(bytes('[1, 2; 3]'), [])].join());
    } catch (error) {
      assert.ok(error instanceof JsonSliceError);
      assert.equal(error.offset, 5);
      assert.match(error.message, /byte 5/);
    }
  });

  test('passes over a byte order mark', () => {
    assert.deepEqual(parsed(sliceJsonArray(bytes('\ufeff[1]'), [])), [1]);
  });
});

describe('sliceJsonObject', () => {
  test('any object falls into its members', () => {
    fc.assert(
      fc.property(fc.dictionary(nasty, nastyJson), anySpace, (object, spaces) => {
        const members = [...sliceJsonObject(bytes(spaced(object, cycle(spaces))), [])];
        assert.deepEqual(
          members.map(({ key, bytes: value }) => [key, JSON.parse(value.toString())]),
          Object.entries(object),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('goes down two levels', () => {
    const text = bytes('{"openssl": {"CVE-2016-2107": {"x": 1}, "CVE-2016-2108": {}}, "zlib": {}}');
    const found = [...sliceJsonObject(text, [])].flatMap(({ key, bytes: inner }) =>
      [...sliceJsonObject(inner, [])].map((entry) => `${key} ${entry.key} ${entry.bytes.toString()}`),
    );
    assert.deepEqual(found, ['openssl CVE-2016-2107 {"x": 1}', 'openssl CVE-2016-2108 {}']);
  });

  test('reads escapes in keys', () => {
    const [member] = sliceJsonObject(bytes('{"a\\u0062\\"": 1}'), []);
    assert.equal(member?.key, 'ab"');
  });
});

describe('findJsonValue', () => {
  test('finds a value, and reads no further', () => {
    const text = bytes('{"x": [1, {"id": 0}], "cve": {"meta": {"id": "CVE-2017-3167"}, "rest": {{{');
    assert.equal(findJsonValue(text, ['cve', 'meta', 'id'])?.toString(), '"CVE-2017-3167"');
  });

  test('null where a key is missing or leads through something else', () => {
    assert.equal(findJsonValue(bytes('{"a": {"b": 1}}'), ['a', 'c']), null);
    assert.equal(findJsonValue(bytes('{"a": [1]}'), ['a', 'b']), null);
    assert.equal(findJsonValue(bytes('[]'), ['a']), null);
  });
});

describe('sliceLines', () => {
  test('leaves out blank lines, line ends and the byte order mark', () => {
    assert.deepEqual([...sliceLines(bytes('\ufeff{"a":1}\r\n\n  {"b":2}  \n \t\n3'))].map(String), [
      '{"a":1}',
      '{"b":2}',
      '3',
    ]);
    assert.deepEqual([...sliceLines(bytes(''))], []);
  });

  test('100 MB without a line end are one line, at once', () => {
    const [line, ...rest] = sliceLines(Buffer.alloc(100 << 20, 'a'));
    assert.equal(line?.length, 100 << 20);
    assert.deepEqual(rest, []);
  });
});
