import { looksLikeHtml } from '#base/formats';
import type { ReadDocument } from './report-rows.ts';
import type { SignalFormat } from './signal.ts';
import {
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type Source,
  type SourceFile,
  type SourceFormat,
} from './source.ts';
import type { RefusedDocument } from './store-quarantine.ts';
import { hashOf } from './store-raw.ts';
import { type ReadSignals, readSignals } from './store-signals.ts';
import type { UnpackedFile } from './unpack.ts';

/** A document larger than this is refused: the largest real ones (a kernel advisory, scores of a day) have 4 and 10 MiB. */
export const MAX_DOCUMENT_BYTES = 32 << 20;
const HEAD_BYTES = 4096;

export type ReadOutcome =
  | { kind: 'read'; document: ReadDocument }
  /** In order, but it says nothing that is kept. */
  | { kind: 'empty' }
  | { kind: 'refused'; document: RefusedDocument }
  | { kind: 'signals'; document: ReadSignals }
  /** No form of this source: somebody else's file, a readme. */
  | { kind: 'foreign'; path: string };

/**
 * Reads one unpacked file of a source, document by document. Pure but for the hash; never throws for what the bytes hold.
 *
 * @param ours whether the file came from a place where only this source's files are: then a web page, an empty file or
 *   broken JSON in no known form is refused rather than passed over
 */
export function readFile(source: Source, file: SourceFile, ours: boolean): Generator<ReadOutcome> {
  return fileReader(source, ours)(file);
}

/** As `readFile`, for one file after the other: of one that comes in pieces it keeps the form and the number of records. */
export function fileReader(source: Source, ours: boolean): (file: UnpackedFile) => Generator<ReadOutcome> {
  let format: SourceFormat | SignalFormat | null = null;
  let records = 0;
  return function* ({ goesOn, ...file }) {
    if (!goesOn) {
      format = formatOf(source, file);
      records = 0;
    }
    if (format === null) {
      if (!goesOn) yield unknownForm(source, file, ours);
      return;
    }
    if ('read' in format) {
      yield* readSignalsAs(format, file);
      return;
    }
    for (const outcome of readAs(format, goesOn ? { ...file, after: records } : file)) {
      records++;
      yield outcome;
    }
  };
}

function unknownForm(source: Source, file: SourceFile, ours: boolean): ReadOutcome {
  const problem = ours ? unreadable(source, file) : null;
  return problem === null
    ? { kind: 'foreign', path: file.path }
    : refused(file.path, '', null, file.bytes, problem);
}

/** What is in a file of that form, document by document. Never throws for what the bytes hold. */
export function* readAs(format: SourceFormat, file: SourceFile): Generator<ReadOutcome> {
  const documents = format.split(file)[Symbol.iterator]();
  for (;;) {
    let next: IteratorResult<RawDocument>;
    try {
      next = documents.next();
    } catch (error) {
      // The file as a whole: what came before its broken place is not taken either, see read-files.
      yield refused(file.path, '', format.name, file.bytes, asProblem(error));
      return;
    }
    if (next.done) return;
    // A document without a name is not the file as a whole.
    const unnamed = format.namedByReport !== true && next.value.key === '';
    const document = unnamed ? { key: `${file.path}#`, bytes: next.value.bytes } : next.value;
    yield readDocument(format, file.path, document);
  }
}

/** Signals of a file; entries of it that cannot be read are refused by themselves. */
function* readSignalsAs(format: SignalFormat, file: SourceFile): Generator<ReadOutcome> {
  try {
    for (const document of format.split(file)) {
      assertSize(document);
      const read = format.read(document);
      yield { kind: 'signals', document: readSignals(file.path, format.name, document.bytes, read) };
      for (const { entry, bytes, problem } of read.refused)
        yield refused(file.path, entry, format.name, bytes, problem);
    }
  } catch (error) {
    yield refused(file.path, '', format.name, file.bytes, asProblem(error));
  }
}

/** Reads one document in a known form. */
export function readDocument(format: SourceFormat, path: string, document: RawDocument): ReadOutcome {
  try {
    assertSize(document);
    const report: ParsedReport | null = format.parse(document);
    if (report === null) return { kind: 'empty' };
    assertFits(report);
    return {
      kind: 'read',
      document: {
        path,
        document: format.namedByReport ? report.key : document.key,
        format: format.name,
        bytes: document.bytes,
        hash: hashOf(document.bytes),
        report,
      },
    };
  } catch (error) {
    return refused(path, document.key, format.name, document.bytes, asProblem(error));
  }
}

function assertSize({ bytes }: RawDocument): void {
  if (bytes.length <= MAX_DOCUMENT_BYTES) return;
  const why = `${bytes.length} bytes; no document of a source has more than ${MAX_DOCUMENT_BYTES}`;
  throw new DocumentProblem('too-large', '', why);
}

/** Longer names and ids are nobody's, and no index takes them: the file would be lost for one of them. */
const MOST_NAME = 300;

function assertFits({ key, affected }: ParsedReport): void {
  if (key.length > MOST_NAME || key === '')
    throw new DocumentProblem(
      'bad-id',
      '',
      `"${key.slice(0, 60)}…" is no id: it has ${key.length} characters`,
    );
  for (let index = 0; index < affected.length; index++) {
    const { name } = affected[index] as ParsedReport['affected'][number];
    if (name.length === 0 || name.length > MOST_NAME)
      throw new DocumentProblem(
        'bad-grammar',
        `affected[${index}]`,
        `"${name.slice(0, 60)}…" is no name of a package: it has ${name.length} characters`,
      );
  }
}

/** The form that a file is in, or null. */
function formatOf(source: Source, file: SourceFile): SourceFormat | SignalFormat | null {
  const head = file.bytes.toString('latin1', 0, HEAD_BYTES);
  const recognises = (format: SourceFormat | SignalFormat) => format.recognises(file.path, head);
  return source.formats.find(recognises) ?? source.signals?.find(recognises) ?? null;
}

/** Why a file in no known form cannot be what it claims by its name; null where it may be in order, and not for us. */
function unreadable({ feeds }: Source, { path, bytes }: SourceFile): DocumentProblem | null {
  const name = path.toLowerCase();
  const claims =
    /\.(json|jsonl|xml)(\.(gz|bz2|xz|zstd?|br))?$/.test(name) ||
    /(^|\/)(list|cve-\d{4}-\w+)$/.test(name) ||
    feeds.some((feed) => lastPart(feed.path).toLowerCase() === lastPart(name));
  if (!claims) return null;
  const problem = noData(bytes);
  if (problem !== null) return problem;
  if (!/\.json(\.(gz|bz2|xz|zstd?|br))?$/.test(name)) return null;
  if (bytes.length > MAX_DOCUMENT_BYTES) return null;
  try {
    JSON.parse(bytes.toString('utf8'));
    return null;
  } catch (error) {
    return new DocumentProblem('not-json', '', (error as Error).message);
  }
}

/** Why bytes are nobody's data: none, or a web page. */
function noData(bytes: Buffer): DocumentProblem | null {
  if (bytes.length === 0) return new DocumentProblem('empty', '', 'the file is empty');
  const html = looksLikeHtml(bytes.toString('latin1', 0, HEAD_BYTES));
  return html ? new DocumentProblem('html', '', 'a web page stands where data was due') : null;
}

/** A file that has to be in a form of its source, and is in none. */
export function inNoForm({ title }: Source, { path, bytes }: SourceFile): RefusedDocument {
  const problem = noData(bytes) ?? new DocumentProblem('bad-grammar', '', `it is in no form of ${title}`);
  const { reason, where: place, message } = problem;
  return { path, document: '', format: null, bytes, reason, place, message };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function refused(
  path: string,
  document: string,
  format: string | null,
  bytes: Buffer,
  problem: DocumentProblem,
): ReadOutcome {
  const { reason, where: place, message } = problem;
  return { kind: 'refused', document: { path, document, format, bytes, reason, place, message } };
}

/** A parser that fails in a way of its own is a defect of ours; the document waits in quarantine until it is mended. */
export function asProblem(error: unknown): DocumentProblem {
  if (error instanceof DocumentProblem) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DocumentProblem('bad-grammar', '', `the parser failed: ${message}`, { cause: error });
}
