/** For tests: what is read of real documents, as facts alone, held against what was read of them before. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileReader } from './read-file.ts';
import type { SignalDocument } from './signal.ts';
import type { Affected, ParsedReport, Source } from './source.ts';
import { assertLimits, corpusPath, noCorpus } from './testing.ts';
import { filesOfFolder, type PackedFile, unpack } from './unpack.ts';

/** Of a file that holds many reports the first ones are written down whole, the others as one hash. */
const WHOLE = 4;
const ROWS = 12;
const LINKS = 6;

export interface GoldenOptions {
  /** Folders below `feeds` of the real documents. */
  folders: readonly string[];
  /** Files in no form of the source, by the beginning of their path: somebody else's, indexes, expected results of others. */
  foreign: readonly (string | RegExp)[];
  /** What is refused, and rightly: "path: reason". */
  refused?: readonly string[];
}

interface FileReading {
  path: string;
  documents: number;
  empty: number;
  refused: string[];
  reports: { format: string; report: ParsedReport }[];
  signals: SignalDocument[];
}

/**
 * Reads every real document of a source and compares with `golden.txt` in its folder: one section a file. `MUSTER_GOLDEN=write` writes
 * it anew, for a person to look at the difference. What was read is printed.
 */
export function goldenTest(source: Source, folder: string, options: GoldenOptions): void {
  test(`${source.id}: real documents are read as they were`, { skip: noCorpus }, async () => {
    const foreign: string[] = [];
    const readings: FileReading[] = [];
    for (const base of options.folders) {
      for (const packed of await filesOfFolder(corpusPath(base)))
        readings.push(await readPacked(source, { ...packed, path: `${base}/${packed.path}` }, foreign));
    }
    const sections = readings.filter((each) => each.documents + each.empty + each.refused.length > 0);
    const text = sections.map(sectionOf).join('\n');
    const path = join(folder, 'golden.txt');
    if (process.env.MUSTER_GOLDEN === 'write') writeFileSync(path, text);
    print(source, sections);
    const unknown = foreign.filter((file) => !options.foreign.some((known) => isAt(file, known)));
    assert.deepEqual(unknown, [], 'files in no form of the source');
    assert.deepEqual(sections.flatMap(({ refused }) => refused).sort(), [...(options.refused ?? [])].sort());
    assert.ok(existsSync(path), `${path} is not there`);
    assert.equal(text, readFileSync(path, 'utf8'));
  });
}

function isAt(file: string, known: string | RegExp): boolean {
  return typeof known === 'string' ? file === known || file.startsWith(known) : known.test(file);
}

async function readPacked(source: Source, packed: PackedFile, foreign: string[]): Promise<FileReading> {
  const reading: FileReading = {
    path: packed.path,
    documents: 0,
    empty: 0,
    refused: [],
    reports: [],
    signals: [],
  };
  const read = fileReader(source, true);
  try {
    for await (const file of unpack(packed)) {
      for (const outcome of read(file)) {
        if (outcome.kind === 'foreign') foreign.push(outcome.path);
        else if (outcome.kind === 'signals') {
          reading.documents += 1;
          reading.signals.push(outcome.document.read);
        } else if (outcome.kind === 'empty') reading.empty += 1;
        else if (outcome.kind === 'refused') {
          const { path, reason, place } = outcome.document;
          reading.refused.push(`${path}: ${reason} ${place}`.trim());
        } else {
          const { format, report } = outcome.document;
          assertLimits(report);
          reading.documents += 1;
          reading.reports.push({ format, report });
        }
      }
    }
  } catch (error) {
    reading.refused.push(`${packed.path}: ${(error as { reason?: string }).reason ?? error}`);
  }
  return reading;
}

/** What the brief of a source's reading is: so many documents, so many reports, refused for which reason. */
function print(source: Source, sections: readonly FileReading[]): void {
  const sum = (count: (reading: FileReading) => number) =>
    sections.reduce((all, each) => all + count(each), 0);
  const reasons = new Map<string, number>();
  for (const refused of sections.flatMap((each) => each.refused)) {
    const reason = /: ([a-z-]+)(?: |$)/.exec(refused)?.[1] ?? refused;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const said = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  const refused = sum((each) => each.refused.length);
  console.log(
    `${source.id}: ${sections.length} files, ${sum((each) => each.documents + each.empty) + refused} documents, ${sum((each) => each.documents)} reports, ${sum((each) => each.empty)} that say nothing, ${refused} refused${said === '' ? '' : ` (${said})`}`,
  );
}

function sectionOf({ path, documents, empty, refused, reports, signals }: FileReading): string {
  const formats = [...new Set(reports.map(({ format }) => format))].join(' ');
  const facts = [...reports.map(({ report }) => factsOf(report)), ...signals.map(signalFacts)];
  const lines = [
    `# ${path}`,
    `${formats || '-'}: ${documents} reports, ${empty} that say nothing, ${refused.length} refused`,
  ];
  lines.push(
    ...refused.map((each) => `refused ${each.slice(path.length + 2)}`),
    ...facts.slice(0, WHOLE).flat(),
  );
  if (facts.length > WHOLE) lines.push(`all ${facts.length}: sha256 ${hashOf(facts.flat().join('\n'))}`);
  return `${lines.join('\n')}\n`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function signalFacts({ asOf, signals }: SignalDocument): string[] {
  const lines = signals.map((each) => JSON.stringify(each));
  return [
    `signals of ${asOf}: ${signals.length}`,
    ...lines.slice(0, ROWS).map((line) => `  ${line}`),
    `  sha256 ${hashOf(lines.join('\n'))}`,
  ];
}

/** Ids, names, versions, dates, scores, addresses; words only as their hash. */
function factsOf(report: ParsedReport): string[] {
  const { key, kind, published, modified, url, state, severity, severityAs, withdrawn } = report;
  const words = [
    report.title,
    report.description,
    withdrawn,
    ...report.affected.map(({ note }) => note),
  ].join('\n');
  const list = (name: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`  ${name} ${values.join(' ')}`];
  const cut = (values: string[], most: number) =>
    values.length <= most
      ? values
      : [...values.slice(0, most), `  … ${values.length}: sha256 ${hashOf(values.join('\n'))}`];
  return [
    `${kind} ${key}`,
    `  ${published ?? '-'} ${modified ?? '-'} ${url ?? '-'}`,
    ...list(
      'state',
      [state ?? '', withdrawn === undefined ? '' : 'withdrawn'].filter((each) => each !== ''),
    ),
    ...list('severity', severityAs === undefined ? [] : [severity ?? '-', severityAs]),
    ...list('vulnerabilities', report.vulnerabilities),
    ...list('aliases', report.aliases),
    ...report.cvss.map(({ version, vector, score, by }) =>
      `  cvss ${version} ${score} ${vector} ${by ?? ''}`.trimEnd(),
    ),
    ...cut(report.affected.map(rowOf), ROWS),
    ...cut(
      report.links.map((link) => `  ${link.kind} ${link.url}`),
      LINKS,
    ),
    ...list('cites', report.cites),
    ...list('weaknesses', report.weaknesses),
    `  words sha256 ${hashOf(words)}`,
  ];
}

function rowOf({
  ecosystem,
  vendor,
  name,
  release,
  vulnerability,
  status,
  fixed,
  versions,
}: Affected): string {
  const range =
    versions === undefined
      ? ''
      : `${versions.scheme} ${JSON.stringify([versions.affected, versions.unaffected])}`;
  const parts = [ecosystem, vendor, name, release ?? '-', vulnerability, status ?? '-', fixed, range];
  return `  row ${parts.filter((part) => part !== undefined && part !== '').join(' ')}`;
}
