/** Damage to good documents, with an eye to how they are built: for tests of every parser, and for `bench fuzz`. */

import { readAs } from './read-file.ts';
import { SOURCES } from './registry.ts';
import type { Sample } from './samples.ts';
import { SAMPLES } from './samples.ts';
import type { SignalFormat } from './signal.ts';
import {
  DocumentProblem,
  type ParsedReport,
  PROBLEM_REASONS,
  type ProblemReason,
  type Source,
  type SourceFormat,
} from './source.ts';

/** A form of a source with good documents of it. */
export interface FuzzTarget {
  source: string;
  form: string;
  samples: { path: string; bytes: Buffer }[];
}

/** What became of one damaged document. */
export interface FuzzOutcome {
  reports: number;
  refused: number;
  /** Milliseconds of CPU. */
  took: number;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every form of the sources with the made-up documents of it; more may be added to `samples`. */
export function fuzzTargets(sources: readonly Source[] = SOURCES): FuzzTarget[] {
  return sources.flatMap(({ id, formats, signals = [] }) =>
    [...formats, ...signals].map(({ name }) => ({
      source: id,
      form: name,
      samples: SAMPLES.filter((sample: Sample) => sample.source === id && sample.form === name).map(
        ({ path, text }) => ({
          path,
          bytes: Buffer.from(text),
        }),
      ),
    })),
  );
}

const POISON: readonly string[] = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '-1e999',
    '1e308',
    'null',
    'true',
    'unknown',
    'CVE-2023-XXXX',
    'CVE',
    'CAN-1999-0001',
    '__proto__',
    'constructor',
  ],
  ...[
    '<html>',
    '<!DOCTYPE x [<!ENTITY a "b">]>',
    '&a;',
    '&#0;',
    ']]>',
    '<!--',
    '-->',
    '<![CDATA[',
    '</a>',
    '{}[]',
    '"',
    '\\',
    "'",
    '\\ud800',
  ],
  ...[
    '\u0000',
    '\n',
    '\r\n',
    '\t',
    '\u2028',
    '\ufeff',
    ' - ',
    '31 Feb 2017',
    '2017-02-31',
    '9999-99-99T99:99:99Z',
    '*',
    '&x',
    '*x',
    '!!js/function x',
  ],
  ...[
    'javascript:alert(1)',
    '%',
    '../../etc/passwd',
    '{a,b}',
    '{',
    '}',
    '>=',
    '<',
    '#',
    '---',
    '...',
    '+----------------+',
  ],
  ...[
    '9'.repeat(400),
    'a-'.repeat(3000),
    ' '.repeat(20_000),
    '('.repeat(5000),
    '{'.repeat(300),
    '[['.repeat(3000),
    '/'.repeat(5000),
    '.'.repeat(5000),
    '\n'.repeat(800),
  ],
];
/** Bytes that are no UTF-8, and a mark of another encoding. */
const RAW_POISON: readonly Buffer[] = [
  Buffer.from([0xff]),
  Buffer.from([0xc3]),
  Buffer.from([0xfe, 0xff]),
  Buffer.from([0xed, 0xa0, 0x80]),
];

/** A damaged copy of a document, whole in its structure more often than not, so that what lies behind the first check is reached. */
export function damage(bytes: Buffer, random: () => number): Buffer {
  let wounded = bytes;
  for (let wounds = 1 + Math.floor(random() * 3); wounds > 0; wounds--) {
    const head = wounded.toString('latin1', 0, 200).trimStart();
    const structured = random() < 0.75;
    if (structured && (head.startsWith('{') || head.startsWith('['))) wounded = woundJson(wounded, random);
    else if (structured && head.startsWith('<')) wounded = woundMarkup(wounded, random);
    else if (structured) wounded = woundLines(wounded, random);
    else wounded = woundBytes(wounded, random);
  }
  return wounded;
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  1e308,
  '',
  [],
  {},
  [[]],
  [{}],
  [null],
  { value: 1 },
  { $date: 'x' },
];

/** A value at any depth is another one, is gone, doubled, wrapped, or has another's place. */
function woundJson(bytes: Buffer, random: () => number): Buffer {
  let root: unknown;
  try {
    root = JSON.parse(bytes.toString());
  } catch {
    return woundBytes(bytes, random);
  }
  const places: { holder: object; key: string }[] = [];
  const due: unknown[] = [root];
  for (let value = due.pop(); value !== undefined && places.length < 20_000; value = due.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      places.push({ holder: value, key });
      due.push(inner);
    }
  }
  if (places.length === 0) return woundBytes(bytes, random);
  const { holder, key } = pick(places, random);
  const old: unknown = Reflect.get(holder, key);
  const chance = random();
  if (chance < 0.15) Reflect.deleteProperty(holder, key);
  else if (chance < 0.3) Reflect.set(holder, key, pick(VALUES, random));
  else if (chance < 0.6)
    Reflect.set(holder, key, typeof old === 'string' ? woundText(old, random) : pick(POISON, random));
  else if (chance < 0.7) Reflect.set(holder, key, [old, old]);
  else if (chance < 0.8) Reflect.set(holder, key, { [pick(POISON, random)]: old });
  else if (chance < 0.9) {
    const other = pick(places, random);
    Reflect.set(holder, key, structuredClone(Reflect.get(other.holder, other.key) ?? null));
  } else
    Object.defineProperty(holder, pick(POISON, random).slice(0, 50), {
      value: old,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return Buffer.from(JSON.stringify(root) ?? 'null');
}

function woundText(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1));
  const to = Math.min(text.length, at + Math.floor(random() * 12));
  const chance = random();
  if (chance < 0.3) return pick(POISON, random);
  if (chance < 0.6) return text.slice(0, at) + pick(POISON, random) + text.slice(to);
  return chance < 0.8 ? text.slice(0, at) + text.slice(to) : text.repeat(1 + Math.floor(random() * 40));
}

/** Elements, attributes and texts are gone, doubled, moved, or hold something else. */
function woundMarkup(bytes: Buffer, random: () => number): Buffer {
  const text = bytes.toString('latin1');
  const tokens = [...text.slice(0, 400_000).matchAll(/<[^<>]{0,2000}>|"[^"<>]{0,500}"|[^<>"]{1,2000}/g)];
  if (tokens.length === 0) return woundBytes(bytes, random);
  const token = pick(tokens, random);
  const { index, 0: old } = token;
  const chance = random();
  const put = (replacement: string) =>
    Buffer.from(text.slice(0, index) + replacement + text.slice(index + old.length), 'latin1');
  if (chance < 0.15) return put('');
  if (chance < 0.3) return put(old + old);
  if (chance < 0.45) return put(pick(tokens, random)[0]);
  if (chance < 0.55) return put(`${old}${'<x>'.repeat(Math.floor(random() * 100))}`);
  if (old.startsWith('<') && chance < 0.7) return put(old.replace(/^<\/?\w+/, (name) => `${name}x`));
  return put(
    old.startsWith('"')
      ? `"${pick(POISON, random)}"`
      : Buffer.from(woundText(old, random)).toString('latin1'),
  );
}

/** Lines are gone, doubled, exchanged, indented otherwise, or hold something else. */
function woundLines(bytes: Buffer, random: () => number): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const at = Math.floor(random() * lines.length);
  const line = lines[at] ?? '';
  const chance = random();
  if (chance < 0.15) lines.splice(at, 1);
  else if (chance < 0.3) lines.splice(at, 0, ...Array<string>(1 + Math.floor(random() * 50)).fill(line));
  else if (chance < 0.45) lines[at] = pick(lines, random);
  else if (chance < 0.6) lines[at] = `${' '.repeat(Math.floor(random() * 8))}${line.trimStart()}`;
  else lines[at] = Buffer.from(woundText(line, random)).toString('latin1');
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** Cut, removed, repeated, changed, or with something put in. */
function woundBytes(bytes: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * (bytes.length + 1));
  const to = Math.min(bytes.length, at + Math.floor(random() * 60));
  const chance = random();
  if (chance < 0.15) return bytes.subarray(0, at);
  if (chance < 0.35) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
  if (chance < 0.5) return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
  const put = random() < 0.2 ? pick(RAW_POISON, random) : Buffer.from(pick(POISON, random));
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(chance < 0.75 ? to : at)]);
}

/**
 * Reads one damaged document as a sync does. Refusals are values; anything else is thrown, with what was wrong.
 *
 * @throws Error where the parser threw anything but a DocumentProblem, or what it read could not be stored
 */
export function readDamaged(source: Source, form: string, path: string, bytes: Buffer): FuzzOutcome {
  const begun = process.cpuUsage();
  const outcome = { reports: 0, refused: 0, took: 0 };
  const head = bytes.toString('latin1', 0, 4096);
  for (const format of [...source.formats, ...(source.signals ?? [])]) format.recognises(path, head);
  const format = source.formats.find(({ name }) => name === form);
  const signals = source.signals?.find(({ name }) => name === form);
  try {
    if (format !== undefined) readReports(format, path, bytes, outcome);
    else if (signals !== undefined) readSignals(signals, path, bytes, outcome);
  } catch (error) {
    assertProblem(error);
    outcome.refused += 1;
  }
  const { user, system } = process.cpuUsage(begun);
  outcome.took = (user + system) / 1000;
  return outcome;
}

function readReports(format: SourceFormat, path: string, bytes: Buffer, outcome: FuzzOutcome): void {
  let at = 0;
  for (const read of readAs(format, { path, bytes })) {
    if (read.kind === 'empty' || read.kind === 'foreign' || read.kind === 'signals') continue;
    const { document } = read;
    if (read.kind === 'refused') {
      assertReason(read.document.reason, read.document.message);
      outcome.refused += 1;
      if (document.document === '') continue;
    } else {
      assertStorable(read.document.report);
      outcome.reports += 1;
    }
    // A document is a piece of the file, after the one before it: nothing is made up and nothing moved.
    const offset = document.bytes.byteOffset - bytes.byteOffset;
    if (document.bytes.buffer !== bytes.buffer || offset < at || document.document === '')
      throw new Error(`${document.document} is no piece of its file`);
    at = offset + document.bytes.length;
  }
}

function assertReason(reason: string, message: string): void {
  if (!PROBLEM_REASONS.includes(reason as ProblemReason) || message === '')
    throw new Error(`a problem without a reason: ${reason}`);
  // How readDocument passes on what a parser threw that is no problem of the document.
  if (message.startsWith('the parser failed')) throw new Error(message);
}

function readSignals(format: SignalFormat, path: string, bytes: Buffer, outcome: FuzzOutcome): void {
  for (const document of format.split({ path, bytes })) {
    const { signals, refused, asOf } = format.read(document);
    outcome.reports += signals.length;
    outcome.refused += refused.length;
    if (!/^\d{4}-\d\d-\d\d$/.test(asOf)) throw new Error(`${asOf} is no day`);
    for (const { vulnerability, score = 0, percentile = 0 } of signals)
      if (
        !/^CVE-\d{4}-\d{4,19}$/.test(vulnerability) ||
        !(score >= 0 && score <= 1) ||
        !(percentile >= 0 && percentile <= 1)
      )
        throw new Error(`${vulnerability} ${score} ${percentile} is no signal`);
  }
}

function assertProblem(error: unknown): void {
  if (!(error instanceof DocumentProblem)) throw error;
  assertReason(error.reason, error.message);
}

/** What a report keeps to, whatever it was read from: the database takes no NUL and no half of a character, and pages no script. */
function assertStorable(report: ParsedReport): void {
  const { key, title, description = '', published, modified, links, affected, vulnerabilities } = report;
  const bad = (what: string) => new Error(`${what} of ${JSON.stringify(key.slice(0, 100))}`);
  if (key === '' || title === '' || title.length > 300 || title.includes('\n')) throw bad('title');
  if (description.length > 20_000) throw bad('description');
  for (const date of [published, modified])
    if (date !== null && !/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?$/.test(date)) throw bad('date');
  for (const { url, note = '' } of links)
    if (!/^(?:https?|ftp):\/\//.test(url) || note.length > 500) throw bad('link');
  for (const { name, note = '' } of affected)
    if (name === '' || name.length > 300 || note.length > 500) throw bad('row');
  if (new Set(vulnerabilities).size !== vulnerabilities.length) throw bad('vulnerabilities');
  // An escape, and not a backslash that is itself escaped.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(JSON.stringify(report))) throw bad('text');
}
