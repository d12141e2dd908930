/** For tests: what happens to JSON on its way. */
import assert from 'node:assert/strict';
import { DocumentProblem, type SourceFormat } from './source.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const OTHERS: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1.5,
    1e308,
    '',
    ' ',
    'unknown',
    'CVE-2023-XXXX',
    '\u0000\ud800',
    '*',
    '-',
    'x'.repeat(30_000),
  ],
  ...[[], {}, [[]], [{}], { value: 1 }, ['*'], [null], { __proto__: null }],
];

/**
 * `count` variations of a JSON value as bytes: a field replaced by something of another type, taken away or doubled,
 * bytes flipped, cut off, put in, or no UTF-8.
 */
export function* brokenJson(value: unknown, count: number, seed: number): Generator<Buffer> {
  const random = seeded(seed);
  const whole = Buffer.from(JSON.stringify(value));
  for (let number = 0; number < count; number++) {
    yield random() < 0.7 ? Buffer.from(JSON.stringify(altered(value, random))) : damaged(whole, random);
  }
}

function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** A copy with one thing in it changed, at any depth. */
function altered(value: unknown, random: () => number): unknown {
  if (Array.isArray(value) && value.length > 0 && random() < 0.9) {
    const at = Math.floor(random() * value.length);
    const chance = random();
    if (chance < 0.1) return value.toSpliced(at, 1);
    if (chance < 0.2) return [...value, ...value];
    return value.with(at, altered(value[at], random));
  }
  if (typeof value === 'object' && value !== null && random() < 0.9) {
    const entries = Object.entries(value);
    const at = Math.floor(random() * entries.length);
    const [key, inner] = entries[at] ?? ['extra', 0];
    if (random() < 0.12) return Object.fromEntries(entries.toSpliced(at, 1));
    return { ...value, [key]: altered(inner, random) };
  }
  return pick(OTHERS, random);
}

function damaged(whole: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(whole);
  const at = Math.floor(random() * bytes.length);
  const chance = random();
  if (chance < 0.3) return bytes.subarray(0, at);
  if (chance < 0.4)
    return Buffer.concat([bytes, Buffer.from(pick(['}', ' x', '\u0000', '{}'], random) ?? '')]);
  if (chance < 0.5)
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xc3]), bytes.subarray(at)]);
  for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips--)
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return bytes;
}

/**
 * 2,000 broken copies of a good document: a form reads each, or refuses it with a problem; nothing else is thrown, what is
 * read can be stored, and both happen.
 */
export function assertBearsBrokenJson(format: SourceFormat, sample: unknown, seed: number): void {
  let refused = 0;
  for (const bytes of brokenJson(sample, 2000, seed)) {
    try {
      const report = format.parse({ key: 'k', bytes });
      assert.doesNotMatch(JSON.stringify(report), /\\u0000|\\ud8/);
      assert.ok((report?.description?.length ?? 0) <= 20_000 && (report?.title.length ?? 0) <= 300);
      assert.ok(report?.affected.every(({ note = '' }) => note.length <= 500) ?? true);
    } catch (error) {
      assert.ok(error instanceof DocumentProblem, `${error} for ${bytes.toString().slice(0, 500)}`);
      refused++;
    }
    format.recognises('x.json', bytes.toString('latin1', 0, 4096));
  }
  assert.ok(refused > 400 && refused < 2000, `${refused} of 2000 refused`);
}
