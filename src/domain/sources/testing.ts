/** What the tests of the sources here share. Nothing else imports it. */
import assert from 'node:assert/strict';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  PROBLEM_REASONS,
  type RawDocument,
  type Source,
  type SourceFile,
  type SourceFormat,
} from './source.ts';
import { filesOfFolder, unpack } from './unpack.ts';

const FEEDS = resolve(import.meta.dirname, '../../../../shared/data/feeds');

/** For the `skip` of a test that reads real data: false where they are there. */
export const noCorpus = existsSync(FEEDS) ? false : `${FEEDS} is not there`;

/** The path of a real file, for tests that are skipped without it. */
export function corpusPath(...parts: string[]): string {
  return join(FEEDS, ...parts);
}

export function realFile(...parts: string[]): SourceFile {
  return { path: parts.slice(1).join('/'), bytes: readFileSync(corpusPath(...parts)) };
}

/** Every file of a source's folder, and every member of its archives, as the pipeline passes them on. */
export async function* corpusFiles(source: string): AsyncGenerator<SourceFile> {
  for (const file of await filesOfFolder(corpusPath(source))) yield* unpack(file);
}

/** A real file that is packed: itself, or its members. */
export function unpacked(...parts: string[]): AsyncGenerator<SourceFile> {
  return unpack({ path: parts.slice(1).join('/'), open: () => createReadStream(corpusPath(...parts)) });
}

/** The one form of a source that a file has, null for none. Two would be a defect. */
export function formatOf(source: Source, file: SourceFile): SourceFormat | null {
  const head = file.bytes.toString('latin1', 0, 4096);
  const found = source.formats.filter((format) => format.recognises(file.path, head));
  assert.ok(found.length <= 1, `${file.path} is taken for ${found.map(({ name }) => name).join(' and ')}`);
  return found[0] ?? null;
}

export interface Outcome {
  documents: RawDocument[];
  reports: ParsedReport[];
  problems: DocumentProblem[];
}

/** Reads a file as the pipeline does: a problem of the file ends it, one of a document does not. */
export function readFile(format: SourceFormat, file: SourceFile): Outcome {
  const outcome: Outcome = { documents: [], reports: [], problems: [] };
  try {
    for (const document of format.split(file)) {
      outcome.documents.push(document);
      try {
        const report = format.parse(document);
        if (report !== null) outcome.reports.push(report);
      } catch (error) {
        outcome.problems.push(asProblem(error));
      }
    }
  } catch (error) {
    outcome.problems.push(asProblem(error));
  }
  return outcome;
}

function asProblem(error: unknown): DocumentProblem {
  if (!(error instanceof DocumentProblem)) throw error;
  assert.ok(PROBLEM_REASONS.includes(error.reason) && error.where !== '' && error.message !== '');
  return error;
}

export function fileOf(path: string, text: string | Buffer): SourceFile {
  return { path, bytes: Buffer.from(text) };
}

/** The only report of a file that has no problem. */
export function onlyReport(format: SourceFormat, file: SourceFile): ParsedReport {
  const { reports, problems } = readFile(format, file);
  assert.deepEqual(problems, []);
  const [report] = reports;
  assert.ok(report !== undefined && reports.length === 1, `${reports.length} reports`);
  return report;
}

/** "bad-date at PublicDate": the only problem of a file. */
export function onlyProblem(format: SourceFormat, file: SourceFile): string {
  const { problems } = readFile(format, file);
  assert.equal(problems.length, 1, `${problems.length} problems`);
  return problems.map(({ reason, where }) => `${reason} at ${where}`).join();
}

/** Reads a JSON value as one document. */
export function parseValue(format: SourceFormat, value: unknown): ParsedReport | null {
  return format.parse({ key: 'k', bytes: Buffer.from(JSON.stringify(value)) });
}

/** "bad-date PublicDate": the problem that something throws. */
export function problemOf(run: () => unknown): string {
  try {
    return `no problem: ${JSON.stringify(run())}`;
  } catch (error) {
    assert.ok(error instanceof DocumentProblem, String(error));
    const { reason, where } = error;
    return `${reason} ${where}`.trim();
  }
}

/** A package of a Debian-like distribution that a release fixed in that version. */
export function fixedPackageRow(ecosystem: string, name: string, release: string, fixed: string): Affected {
  return {
    ecosystem,
    name,
    release,
    status: 'fixed',
    fixed,
    versions: {
      scheme: 'deb',
      affected: [{ max: fixed }],
      unaffected: [{ min: fixed }],
      otherwise: 'unknown',
    },
  };
}

/** Documents are pieces of the file's own bytes, in its order, without overlap; so that nothing is made up and nothing moved. */
export function assertPieces(file: SourceFile, documents: readonly RawDocument[]): void {
  let at = 0;
  for (const { key, bytes } of documents) {
    const found = file.bytes.indexOf(bytes, at);
    assert.ok(found >= at && bytes.length > 0, `${key} is no piece of ${file.path} after byte ${at}`);
    at = found + bytes.length;
  }
}

/** What every report keeps to, whatever it was read from. */
export function assertLimits(report: ParsedReport): void {
  assert.ok(report.key !== '' && report.title !== '' && report.title.length <= 300, report.title);
  assert.ok(!report.title.includes('\n') && !`${report.title}${report.description}`.includes('\u0000'));
  assert.ok((report.description?.length ?? 0) <= 20_000);
  assert.deepEqual([...new Set(report.vulnerabilities)], report.vulnerabilities);
  for (const id of report.vulnerabilities)
    assert.match(
      id,
      /^(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|(?:PYSEC|RUSTSEC|GO|OSV|HSEC|OSEC|RSEC|JLSEC|GSD)-\d{4}-\d{1,9})$/,
    );
  for (const date of [report.published, report.modified])
    if (date !== null) assert.match(date, /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?$/);
  for (const { url, note = '' } of report.links) {
    assert.match(url, /^(?:https?|ftp):\/\//);
    assert.ok(note.length <= 500);
  }
  for (const { name, note = '' } of report.affected) assert.ok(name !== '' && note.length <= 500);
}
