import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutText, cveKey, ownId, readDate, readRecord, splitRecords, titleFrom } from './json-records.ts';
import { problemOf } from './testing.ts';

const FORM = { list: 'items', id: ['meta', 'id'], key: cveKey };

function split(path: string, text: string | Buffer): string[] {
  return [...splitRecords({ path, bytes: Buffer.from(text) }, FORM)].map(
    ({ key, bytes }) => `${key} ${bytes}`,
  );
}

const ONE = '{"meta": {"id": "CVE-2017-3167"}}';
const TWO = '{ "meta":{"id":"CVE-2017-3169"} }';

describe('splitRecords', () => {
  test('one record, whatever the white space around it', () => {
    assert.deepEqual(split('a.json', `${ONE}\n`), [`CVE-2017-3167 ${ONE}\n`]);
  });

  test('a list in an object, a list, lines by name and lines by look', () => {
    const both = [`CVE-2017-3167 ${ONE}`, `CVE-2017-3169 ${TWO}`];
    assert.deepEqual(split('a.json', `{"n": 2, "items": [\n${ONE} , ${TWO}\n]}`), both);
    assert.deepEqual(split('a.json', ` [${ONE},${TWO}]`), both);
    assert.deepEqual(split('a.jsonl', `${ONE}\n\n${TWO}\n`), both);
    assert.deepEqual(split('b/a.jsonl.gz', `${ONE}\r\n${TWO}`), both);
    assert.deepEqual(split('a.json', `${ONE}\n${TWO}\n`), both);
    assert.deepEqual(split('a.json', '{"items": []}'), []);
  });

  test('a record that names no CVE is called by its place', () => {
    assert.deepEqual(split('a.jsonl', '{"meta": {"id": "CVE-2023-XXXX"}}\n{"meta": 3}\n{"me'), [
      'a.jsonl#1 {"meta": {"id": "CVE-2023-XXXX"}}',
      'a.jsonl#2 {"meta": 3}',
      'a.jsonl#3 {"me',
    ]);
    assert.deepEqual(split('a.json', '{"meta": {"id": 7}}'), ['a.json {"meta": {"id": 7}}']);
  });

  test('a file that is broken as a whole is refused with the reason', () => {
    const cases: [string, string][] = [
      ['', 'empty a.json'],
      [' \n', 'empty a.json'],
      ['<!DOCTYPE html><html>', 'html a.json'],
      [`{"items": [${ONE}, {"meta"`, 'truncated byte 53'],
      [`{"items": [${ONE}; 1]}`, 'not-json byte 44'],
      ['{"items": {}}', 'wrong-type byte 10'],
    ];
    for (const [text, expected] of cases)
      assert.equal(
        problemOf(() => split('a.json', text)),
        expected,
        text,
      );
  });

  test('a record of 33 MiB passes through quickly and without a copy', () => {
    const big = Buffer.alloc(33 << 20, 0x20);
    big.write('{"meta": {"id": "CVE-2017-3167"}, "x": "');
    big.write('"}', big.length - 2);
    const file = { path: 'a.jsonl', bytes: Buffer.concat([big, Buffer.from(`\n${TWO}`)]) };
    const documents = [...splitRecords(file, FORM)];
    assert.deepEqual(
      documents.map(({ key }) => key),
      ['CVE-2017-3167', 'CVE-2017-3169'],
    );
    assert.equal(documents[0]?.bytes.buffer, file.bytes.buffer);
  });
});

describe('readRecord', () => {
  const read = (bytes: Buffer | string) =>
    readRecord({ key: 'k', bytes: Buffer.from(bytes) }, (value) => value);

  test('says how a document is broken', () => {
    const cases: [Buffer | string, string][] = [
      ['', 'empty'],
      ['\n', 'empty'],
      ['<html>', 'html'],
      ['{"a": [1, 2', 'truncated byte 11'],
      ['{"a": "b', 'truncated byte 8'],
      ['{"a": tru}', 'not-json'],
      ['{"a": 1]', 'not-json byte 7'],
      ['what?', 'not-json'],
      [Buffer.from([0x22, 0x61, 0xc3, 0xa9, 0xff, 0x61, 0x22]), 'bad-encoding byte 4'],
      [Buffer.from([0x22, 0xe2, 0x82]), 'bad-encoding byte 1'],
      [Buffer.concat([Buffer.from('"\ufffd'), Buffer.from([0xc3])]), 'bad-encoding byte 4'],
    ];
    for (const [bytes, expected] of cases)
      assert.equal(
        problemOf(() => read(bytes)),
        expected,
        String(bytes),
      );
  });

  test('takes out of strings what no database takes, and nothing else', () => {
    assert.deepEqual(read('{"a": ["x\\u0000y\\ud800", "\\ud83d\\ude00 \\t\\n"], "\\u0041": 1}'), {
      a: ['xy\ufffd', '\ud83d\ude00 \t\n'],
      A: 1,
    });
    assert.equal(read('"a\\u0007b"'), 'ab');
    assert.equal(read('"\\\\u0000"'), '\\u0000');
  });

  test('passes over a byte order mark', () => {
    assert.deepEqual(read('\ufeff{"a": 1}'), { a: 1 });
  });
});

test('an own id is a CVE id; one that looks like it is refused', () => {
  assert.equal(ownId('CVE-2017-3167', 'id'), 'CVE-2017-3167');
  assert.equal(ownId('cve-2017-1000366', 'id'), 'CVE-2017-1000366');
  for (const text of [
    'CVE-2023-XXXX',
    'CVE-2023-123',
    '',
    'GHSA-jfh8-c2jp-5v3q',
    'CVE-2017-3167, CVE-2017-3169',
  ])
    assert.equal(
      problemOf(() => ownId(text, 'cve.id')),
      'bad-id cve.id',
      text,
    );
});

test('dates become UTC; a word is refused, and nothing stays nothing', () => {
  assert.equal(readDate('2017-06-20T01:29Z', 'd'), '2017-06-20T01:29:00Z');
  assert.equal(readDate('2024-05-14T15:45:11.543', 'd'), '2024-05-14T15:45:11Z');
  assert.equal(readDate('2023-11-21T15:34:29+00:00', 'd'), '2023-11-21T15:34:29Z');
  assert.equal(readDate('2024-02-29T10:00:00Z', 'd'), '2024-02-29T10:00:00Z');
  assert.equal(readDate('2017-06-20', 'd'), '2017-06-20');
  assert.equal(readDate(undefined, 'd'), null);
  for (const text of ['unknown', '', '2023-02-30T10:00:00Z', '2017-13-01T00:00Z', '20170620'])
    assert.equal(
      problemOf(() => readDate(text, 'published')),
      'bad-date published',
      text,
    );
});

test('titles and texts are cut where they must be', () => {
  assert.equal(titleFrom('Short.', 'CVE-1'), 'Short.');
  assert.equal(titleFrom('', 'CVE-1'), 'CVE-1');
  assert.equal(titleFrom('two\n  lines', 'CVE-1'), 'two lines');
  const long = titleFrom('word '.repeat(100), 'CVE-1');
  assert.ok(long.length <= 200 && long.endsWith('word…'), long);
  assert.ok(titleFrom('x'.repeat(1000), 'CVE-1').length <= 200);
  assert.equal(cutText('  abc ', 3), 'abc');
  assert.equal(cutText('abcdef', 4), 'abc…');
  assert.equal(cutText(`ab\ud83d\ude00${'x'.repeat(9)}`, 4), 'ab…');
});
