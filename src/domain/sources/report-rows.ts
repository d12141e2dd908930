import type { CopyRows } from '#base/db';
import { momentOf } from '#base/formats';
import { writeLinks } from './pack-links.ts';
import { writeVersions } from './pack-versions.ts';
import type { Affected, CvssScore, ParsedReport } from './source.ts';

/** A document read, with its bytes, on its way into the store. */
export interface ReadDocument {
  path: string;
  /** Name of the document in its file, see RawDocument. */
  document: string;
  format: string;
  bytes: Buffer;
  /** SHA-256 of the bytes, in hexadecimal. */
  hash: string;
  report: ParsedReport;
}

/** Columns of a report's row, in the order in which they are written. The first three are filled in later. */
export const REPORT_COLUMNS = [
  ...['id', 'pack', 'changed', 'parser_version', 'raw', 'published', 'modified'],
  ...['source', 'key', 'document', 'format', 'kind', 'path', 'title', 'description', 'url', 'state'],
  ...['withdrawn', 'severity', 'severity_as', 'vulnerabilities', 'aliases', 'weaknesses', 'cites'],
  ...['cvss', 'links'],
] as const;

/** Columns of a row of what a report says of a package. The first one is filled in later. */
export const AFFECTED_COLUMNS = [
  ...['report', 'ecosystem', 'vendor', 'name', 'release', 'vulnerability', 'status', 'fixed', 'note'],
  'versions',
] as const;

/** Bytes of a number of fields, and of one field of eight bytes with its length. */
const COUNT = 2;
const FIELD = 12;

/** Writes a report's row, but for its id, pack and mark of change. */
export function writeReport(
  rows: CopyRows,
  source: { id: string; version: number },
  { path, document, format, hash, report }: ReadDocument,
): void {
  rows.row(REPORT_COLUMNS.length);
  rows.bigint(0);
  rows.bigint(0);
  rows.bigint(0);
  rows.integer(source.version);
  rows.hex(hash);
  rows.time(report.published === null ? null : momentOf(report.published));
  rows.time(report.modified === null ? null : momentOf(report.modified));
  const { key, kind, title, description, url, state, withdrawn, severity, severityAs } = report;
  // One call in a loop rather than a dozen: the engine makes code of each.
  for (const text of [source.id, key, document, format, kind, path, title, description, url, state])
    rows.text(text);
  for (const text of [withdrawn, severity, severityAs]) rows.text(text);
  for (const list of [report.vulnerabilities, orNothing(report.aliases), orNothing(report.weaknesses)])
    rows.texts(list);
  rows.texts(orNothing(report.cites));
  writeScores(rows, report.cvss);
  writeLinks(rows, report.links);
}

/** Fills in what was not known when the row that begins at `at` was written. */
export function completeReport(rows: CopyRows, at: number, id: number, pack: number, changed: number): void {
  rows.setBigint(at + COUNT, id);
  rows.setBigint(at + COUNT + FIELD, pack);
  rows.setBigint(at + COUNT + 2 * FIELD, changed);
}

/** Writes one row of what a report says of packages, but for the report's id. */
export function writeAffected(rows: CopyRows, affected: Affected): void {
  rows.row(AFFECTED_COLUMNS.length);
  rows.bigint(0);
  const { ecosystem, vendor, name, release, vulnerability, status, fixed, note, versions } = affected;
  for (const text of [ecosystem, vendor, name, release, vulnerability, status, fixed, note]) rows.text(text);
  if (versions === undefined) rows.none();
  else writeVersions(rows, versions);
}

export function completeAffected(rows: CopyRows, at: number, report: number): void {
  rows.setBigint(at + COUNT, report);
}

function writeScores(rows: CopyRows, scores: readonly CvssScore[]): void {
  if (scores.length === 0) {
    rows.none();
    return;
  }
  rows.openText();
  for (let index = 0; index < scores.length; index++) {
    const { version, vector, score, by } = scores[index] as CvssScore;
    rows.put(index === 0 ? '[{"version":' : ',{"version":');
    rows.quote(version);
    rows.put(',"vector":');
    rows.quote(vector);
    rows.put(',"score":');
    rows.put(String(score));
    if (by !== undefined) {
      rows.put(',"by":');
      rows.quote(by);
    }
    rows.put('}');
  }
  rows.put(']');
  rows.closeText();
}

function orNothing(values: readonly string[]): readonly string[] | undefined {
  return values.length > 0 ? values : undefined;
}
