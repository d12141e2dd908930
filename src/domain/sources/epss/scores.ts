import { parseIsoDate, sliceLines } from '#base/formats';
import { checkFile, plainText, readText } from '../document.ts';
import type { Signal, SignalDocument, SignalFormat } from '../signal.ts';
import { DocumentProblem, type RawDocument, type SourceFile } from '../source.ts';

const HEADER = /^cve,epss(,percentile)?$/;
const LINE =
  /^(CVE-(?:19|20|21)\d{2}-\d{4,19}),(\d(?:\.\d{1,20})?(?:e-\d{1,3})?)(?:,(\d(?:\.\d{1,20})?(?:e-\d{1,3})?))?$/;

/**
 * epss_scores-YYYY-MM-DD.csv: a line for each CVE. Since 2022 a comment says of which model and day the scores are; before, and where the
 * comment leaves the day out, the file's name tells it, which is in the document's key. Until September 2021 without percentiles.
 */
export const epssCsv: SignalFormat = {
  name: 'epss',
  recognises: (path, head) =>
    /^(?:#model_version:|cve,epss)/.test(head) || /(?:^|\/)epss_scores-[^/]*\.csv$/.test(path),
  split,
  read,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  yield { key: file.path, bytes: file.bytes };
}

function read(document: RawDocument): SignalDocument {
  const { key, bytes } = document;
  // The whole is looked at once for what is no text; lines are cut from the bytes.
  const head = readText(document).slice(0, 4096);
  if (bytes[bytes.length - 1] !== 0x0a && !LINE.test(lastLine(bytes)))
    throw new DocumentProblem('truncated', 'last line', `${key} ends in the middle of a line`);
  const asOf = dayOf(key, head);
  const read: SignalDocument = { key: asOf, asOf, signals: [], refused: [] };
  let columns: boolean | null = null;
  let number = 0;
  for (const slice of sliceLines(bytes)) {
    number += 1;
    const line = slice.toString('latin1').trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    if (columns === null) {
      const header = HEADER.exec(line);
      if (header === null)
        throw new DocumentProblem(
          'bad-grammar',
          `line ${number}`,
          `${key}: "${plainText(line, 80)}" is no header of EPSS`,
        );
      columns = header[1] !== undefined;
      continue;
    }
    const signal = signalOf(line, columns);
    if (signal !== null) read.signals.push(signal);
    else if (read.refused.length < MOST)
      read.refused.push({
        entry: `line ${number}`,
        bytes: Buffer.from(slice),
        problem: unread(key, number, line),
      });
    else
      throw new DocumentProblem(
        'bad-grammar',
        `line ${number}`,
        `${key}: more than ${MOST} lines are no scores`,
      );
  }
  if (columns === null || read.signals.length === 0)
    throw new DocumentProblem('empty', '(root)', `${key} holds no scores`);
  return read;
}

/** Where more lines than these are broken, the file is. */
const MOST = 1000;

function lastLine(bytes: Buffer): string {
  return bytes.subarray(bytes.lastIndexOf(0x0a) + 1).toString('latin1');
}

function signalOf(line: string, columns: boolean): Signal | null {
  const [, vulnerability, written, rank] = LINE.exec(line) ?? [];
  const score = Number(written);
  if (vulnerability === undefined || !(score <= 1) || (rank !== undefined) !== columns) return null;
  if (rank === undefined) return { vulnerability, score };
  const percentile = Number(rank);
  return percentile <= 1 ? { vulnerability, score, percentile } : null;
}

function unread(key: string, number: number, line: string): DocumentProblem {
  return new DocumentProblem(
    'bad-grammar',
    `line ${number}`,
    `${key}: "${plainText(line, 80)}" is no score of a CVE`,
  );
}

/** "#model_version:v2023.03.01,score_date:2025-02-20T00:00:00+0000" */
function dayOf(key: string, head: string): string {
  const written = /^#[^\n]{0,200}score_date:([^,\s]{1,40})/.exec(head)?.[1];
  const named = /(?:^|[^\d])(\d{4}-\d{2}-\d{2})(?:[^\d]|$)/.exec(key)?.[1];
  const date = parseIsoDate(written ?? named ?? '');
  if (date === null)
    throw new DocumentProblem('bad-date', 'score_date', `${key} does not say of which day its scores are`);
  return date.slice(0, 10);
}
