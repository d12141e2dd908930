import { sql } from 'kysely';
import { CopyRows, copyRows, storableJson, type Tx, takeNumbers } from '#base/db';
import { momentOf } from '#base/formats';
import {
  AFFECTED_COLUMNS,
  completeAffected,
  completeReport,
  REPORT_COLUMNS,
  type ReadDocument,
  writeAffected,
  writeReport,
} from './report-rows.ts';
import { RawBytes, type RawPlace, storeRaw } from './store-raw.ts';

export interface StoredCounts {
  stored: number;
  unchanged: number;
}

/** Whose documents are stored: the source, the version of its parser, and the names of its forms, best first. */
export interface StoringSource {
  id: string;
  version: number;
  ranks: readonly string[];
}

/** What decides between two documents with the same report. */
interface Standing {
  format: string;
  /** Milliseconds. */
  modified: number | null;
}

/** One document of a batch: what is needed to decide whether it is stored, and where its rows are. */
interface Entry extends Standing, RawPlace {
  key: string;
  path: string;
  document: string;
  vulnerabilities: readonly string[];
  /** Where its row is. */
  row: number;
  rowEnd: number;
  /** Which of the batch's rows are what it says of packages: numbers of the first, and of the first that is none. */
  affected: number;
  affectedEnd: number;
}

/** A document that is to be written; `known` where a report of that key stands already. */
interface Writing {
  entry: Entry;
  id: number;
  known: boolean;
  replacesRaw: boolean;
}

/**
 * Documents of one source on their way into the store, some hundred at once: raw bytes, then what was read in them. Their
 * rows are written at once, so that what was read need not be kept: half a thousand parsed documents at a time make the
 * collection of garbage as dear as the parsing.
 *
 * A document whose bytes and parser are those of the stored one changes nothing. A changed one replaces what was read, and
 * the earlier bytes stay as a revision. Where two files carry the same report, the outcome does not depend on which came
 * first: the form that the source ranks higher wins, then the later `modified`.
 */
export class ReportBatch {
  readonly #source: StoringSource;
  readonly #reports = new CopyRows();
  readonly #affected = new CopyRows();
  /** Where each row of `#affected` begins, and where the last one ends. */
  #affectedAt: number[] = [0];
  readonly #raw = new RawBytes();
  readonly #links = new CopyRows();
  #best = new Map<string, Entry>();
  #documents = 0;

  constructor(source: StoringSource) {
    this.#source = source;
  }

  /** Number of documents. */
  get documents(): number {
    return this.#documents;
  }

  /** Bytes of the documents. */
  get bytes(): number {
    return this.#raw.length;
  }

  add(document: ReadDocument): void {
    const { report, format, hash, bytes } = document;
    this.#documents += 1;
    const modified = report.modified === null ? null : momentOf(report.modified);
    // Within one batch the same rule as against the store.
    const other = this.#best.get(report.key);
    if (other !== undefined && !supersedes(this.#source.ranks, { format, modified }, other)) return;
    const row = this.#reports.at;
    writeReport(this.#reports, this.#source, document);
    const affected = this.#affectedAt.length - 1;
    for (const each of report.affected) {
      writeAffected(this.#affected, each);
      this.#affectedAt.push(this.#affected.at);
    }
    this.#best.set(report.key, {
      key: report.key,
      ...{ path: document.path, document: document.document },
      format,
      modified,
      hash,
      start: this.#raw.add(bytes),
      length: bytes.length,
      vulnerabilities: unique(report.vulnerabilities),
      row,
      rowEnd: this.#reports.at,
      affected,
      affectedEnd: this.#affectedAt.length - 1,
    });
  }

  /**
   * Writes what has to be written, and is empty after.
   *
   * @param whole whether the documents stand in a file that holds all of its source or of a part of it
   */
  async store(tx: Tx, whole = false): Promise<StoredCounts> {
    if (this.#documents === 0) return { stored: 0, unchanged: 0 };
    const { writings, elsewhere } = await choose(tx, this.#source, [...this.#best.values()]);
    if (whole && elsewhere.length > 0) await takeOver(tx, this.#source.id, elsewhere);
    if (writings.length > 0) await this.#write(tx, writings);
    const counts = { stored: writings.length, unchanged: this.#documents - writings.length };
    this.clear();
    return counts;
  }

  clear(): void {
    this.#best = new Map();
    this.#documents = 0;
    this.#affectedAt = [0];
    for (const rows of [this.#reports, this.#affected, this.#links, this.#raw]) rows.clear();
  }

  async #write(tx: Tx, writings: Writing[]): Promise<void> {
    const entries = writings.map(({ entry }) => entry);
    const packs = await storeRaw(tx, this.#raw, entries);
    const fresh = writings.filter(({ known }) => !known);
    const replaced = writings.filter(({ known }) => known);
    const changed = await number(tx, fresh);
    for (let index = 0; index < writings.length; index++)
      this.#complete(writings[index] as Writing, packs[index] ?? 0, changed);
    await copyRows(tx, 'report', REPORT_COLUMNS, this.#rowsOf(fresh));
    if (replaced.length > 0) await replace(tx, replaced, this.#rowsOf(replaced));
    const affected = new Stretches(this.#affected);
    for (const entry of entries)
      affected.add(this.#affectedAt[entry.affected] ?? 0, this.#affectedAt[entry.affectedEnd] ?? 0);
    await copyRows(tx, 'report_affected', AFFECTED_COLUMNS, affected.bytes());
    const links = [this.#links.stretch(0, this.#links.at)];
    await copyRows(tx, 'report_vulnerability', ['vulnerability', 'report'], links);
  }

  /** Fills in what is known only now, and adds the rows of its vulnerabilities. */
  #complete({ entry, id }: Writing, pack: number, changed: number): void {
    completeReport(this.#reports, entry.row, id, pack, changed);
    for (let index = entry.affected; index < entry.affectedEnd; index++)
      completeAffected(this.#affected, this.#affectedAt[index] ?? 0, id);
    for (const vulnerability of entry.vulnerabilities) {
      this.#links.row(2);
      this.#links.text(vulnerability);
      this.#links.bigint(id);
    }
  }

  #rowsOf(writings: readonly Writing[]): Buffer[] {
    const found = new Stretches(this.#reports);
    for (const { entry } of writings) found.add(entry.row, entry.rowEnd);
    return found.bytes();
  }
}

/** A report that stands as it is, but was read in another file. */
type Elsewhere = Pick<Entry, 'path' | 'document'> & { id: number };

/** Those that are new, or that replace what stands; and those that are the same in another file. */
async function choose(
  tx: Tx,
  source: StoringSource,
  entries: readonly Entry[],
): Promise<{ writings: Writing[]; elsewhere: Elsewhere[] }> {
  const existing = await tx
    .selectFrom('report')
    .select(['id', 'key', 'raw', 'format', 'modified', 'parser_version', 'gone_at', 'path'])
    .where('source', '=', source.id)
    .where('key', '=', sql<string>`any(${literal(entries)}::text[])`)
    .execute();
  const stored = new Map(existing.map((row) => [row.key, row]));
  const writings: Writing[] = [];
  const elsewhere: Elsewhere[] = [];
  for (const entry of entries) {
    const row = stored.get(entry.key);
    if (row === undefined) {
      writings.push({ entry, id: 0, known: false, replacesRaw: false });
      continue;
    }
    const sameBytes = row.raw.toString('hex') === entry.hash;
    if (sameBytes && row.parser_version === source.version && row.gone_at === null) {
      const { path, document } = entry;
      if (row.path !== path) elsewhere.push({ id: row.id, path, document });
      continue;
    }
    const old = { format: row.format, modified: row.modified?.getTime() ?? null };
    if (!sameBytes && row.gone_at === null && !supersedes(source.ranks, entry, old)) continue;
    writings.push({ entry, id: row.id, known: true, replacesRaw: !sameBytes });
  }
  return { writings, elsewhere };
}

/**
 * What a difference brought stands in the whole by now: there it is missed when it is gone. What stands in another whole
 * stays there. Its mark does not grow, since nothing that it says has changed.
 */
async function takeOver(tx: Tx, source: string, elsewhere: readonly Elsewhere[]): Promise<void> {
  await sql`update report r set path = n.path, document = n.document
    from json_to_recordset(${storableJson(elsewhere)}::json) as n(id bigint, path text, document text)
    where r.id = n.id and not exists (select from source_file f
      where f.source = ${source} and f.path = split_part(r.path, '!/', 1))`.execute(tx);
}

/** Their keys as an array in PostgreSQL's own notation: the driver takes ten times as long to write one. */
function literal(entries: readonly Entry[]): string {
  return `{${entries.map(({ key }) => `"${key.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}

/** Whether `a` replaces `b`. With nothing to choose by, what was read last wins. */
function supersedes(ranks: readonly string[], a: Standing, b: Standing): boolean {
  const rank = ranks.indexOf(a.format) - ranks.indexOf(b.format);
  if (rank !== 0) return rank < 0;
  if (a.modified === null || b.modified === null) return true;
  return a.modified >= b.modified;
}

/** Gives every new report its id. Answers with the mark of this change: one for all, since they become visible at once. */
async function number(tx: Tx, fresh: readonly Writing[]): Promise<number> {
  let id = await takeNumbers(tx, 'report_id_seq', fresh.length);
  for (const writing of fresh) writing.id = id++;
  return await takeNumbers(tx, 'report_changed', 1);
}

/** Stretches of rows, those that touch joined. */
class Stretches {
  readonly #rows: CopyRows;
  readonly #found: Buffer[] = [];
  #from = 0;
  #to = 0;

  constructor(rows: CopyRows) {
    this.#rows = rows;
  }

  add(from: number, to: number): void {
    if (from !== this.#to && from < to) {
      this.#end();
      this.#from = from;
    }
    if (from < to) this.#to = to;
  }

  bytes(): Buffer[] {
    this.#end();
    return this.#found;
  }

  #end(): void {
    if (this.#from < this.#to) this.#found.push(this.#rows.stretch(this.#from, this.#to));
  }
}

function unique(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)];
}

/** Of a report that is replaced: its key columns stay, and when it was first fetched. */
const REPLACED = REPORT_COLUMNS.filter(
  (column) => column !== 'id' && column !== 'source' && column !== 'key',
);

/** Puts what stood among the revisions, takes away what was read in it, and puts the new rows in its place. */
async function replace(tx: Tx, writings: readonly Writing[], rows: readonly Buffer[]): Promise<void> {
  const ids = writings.map(({ id }) => id);
  const changed = writings.flatMap(({ id, replacesRaw }) => (replacesRaw ? [id] : []));
  if (changed.length > 0)
    await sql`insert into report_revision (report, revision, raw, pack, parser_version)
      select id, revision, raw, pack, parser_version from report where id = any(${changed}::bigint[])`.execute(
      tx,
    );
  await sql`delete from report_affected where report = any(${ids}::bigint[])`.execute(tx);
  await sql`delete from report_vulnerability v using report r
    where r.id = any(${ids}::bigint[]) and v.vulnerability = any(r.vulnerabilities) and v.report = r.id`.execute(
    tx,
  );
  const columns = sql.join(REPORT_COLUMNS.map((column) => sql.ref(column)));
  await sql`create temp table if not exists report_incoming with (toast_tuple_target = 8160) on commit delete rows as select ${columns} from report with no data`.execute(
    tx,
  );
  await copyRows(tx, 'report_incoming', REPORT_COLUMNS, rows);
  const assignments = sql.join(REPLACED.map((column) => sql`${sql.ref(column)} = n.${sql.ref(column)}`));
  await sql`update report r set ${assignments}, fetched_last = now(), gone_at = null,
      revision = r.revision + case when r.raw = n.raw then 0 else 1 end
    from report_incoming n where r.id = n.id and r.id = any(${ids}::bigint[])`.execute(tx);
  await sql`delete from report_incoming`.execute(tx);
}
