/** Damage for tests: wounded copies of good files, the same at every run. Only tests import it. */
import assert from 'node:assert/strict';
import { seeded } from './broken-json.ts';
import type { SourceFile, SourceFormat } from './source.ts';
import { assertLimits, assertPieces, readFile } from './testing.ts';

const POISON = [
  'unknown',
  'CVE-2023-XXXX',
  '__proto__',
  '<html>',
  '<!DOCTYPE x [<!ENTITY a "b">]>',
  '&a;',
  '\u0000',
  '{}[]',
  '"',
  '\\ud800',
  'null',
  '-1e999',
  '\n',
  ' - ',
  '[jessie] - ',
  '<unfixed>',
  '31 Feb 2017',
  ']]>',
  'javascript:alert(1)',
  '9'.repeat(400),
].map((word) => Buffer.from(word));

/** A copy of some bytes with one to four wounds: cut, removed, repeated, changed, or with something put in. */
function mutate(bytes: Buffer, random: () => number): Buffer {
  const pick = (limit: number) => Math.floor(random() * limit);
  let wounded = Buffer.from(bytes);
  for (let wounds = 1 + pick(4); wounds > 0; wounds--) {
    const at = pick(wounded.length + 1);
    const to = Math.min(wounded.length, at + pick(40));
    const head = wounded.subarray(0, at);
    const kind = pick(6);
    if (kind === 0) wounded = Buffer.from(head);
    else if (kind === 1) wounded = Buffer.concat([head, wounded.subarray(to)]);
    else if (kind === 2) wounded = Buffer.concat([head, wounded.subarray(at, to), wounded.subarray(at)]);
    else if (kind === 3 && at < wounded.length) wounded[at] = pick(256);
    else wounded = Buffer.concat([head, POISON[pick(POISON.length)] ?? head, wounded.subarray(to)]);
  }
  return wounded;
}

/** A copy of a JSON document in which one value, at any depth, is another one. */
function mutateJson(bytes: Buffer, random: () => number): Buffer {
  const pick = (limit: number) => Math.floor(random() * limit);
  const values = [
    null,
    0,
    -1.5,
    true,
    '',
    [],
    {},
    [null],
    { id: 'CVE-2023-XXXX' },
    POISON[pick(POISON.length)]?.toString(),
  ];
  const root: unknown = JSON.parse(bytes.toString());
  const places: { holder: object; key: string }[] = [];
  const collect = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      places.push({ holder: value, key });
      collect(inner);
    }
  };
  collect(root);
  const place = places[pick(places.length)];
  if (place !== undefined && pick(5) === 0) Reflect.deleteProperty(place.holder, place.key);
  else if (place !== undefined) Reflect.set(place.holder, place.key, values[pick(values.length)]);
  return Buffer.from(JSON.stringify(root));
}

/**
 * 2,000 wounded copies of good files: each is read, or refused with a problem; nothing else is thrown, and what is read
 * keeps to the limits of a report. Of JSON, every other copy is still JSON. Answers how many were refused, and how many
 * read, for a test that both happen.
 */
export function woundAll(format: SourceFormat, samples: readonly SourceFile[], seed = 1): [number, number] {
  const random = seeded(seed);
  let refused = 0;
  let read = 0;
  for (let round = 0; round < 2000; round++) {
    const sample = samples[round % samples.length];
    assert.ok(sample !== undefined);
    const isJson = sample.bytes[0] === 0x7b;
    const bytes = isJson && round % 2 === 0 ? mutateJson(sample.bytes, random) : mutate(sample.bytes, random);
    const file = { path: sample.path, bytes };
    assert.equal(typeof format.recognises(file.path, file.bytes.toString('latin1', 0, 4096)), 'boolean');
    const { documents, reports, problems } = readFile(format, file);
    assertPieces(file, documents);
    for (const report of reports) assertLimits(report);
    refused += problems.length;
    read += reports.length;
  }
  return [refused, read];
}
