import { parse as parseCsv } from 'csv-parse/sync';
import { asList, asObject, asString, optionalString, parseIsoDate } from '#base/formats';
import { checkFile, plainText, readText } from '../document.ts';
import { ownId, readFields, readRecord } from '../json-records.ts';
import type { Signal, SignalDocument, SignalFormat } from '../signal.ts';
import { DocumentProblem, type RawDocument, type SourceFile } from '../source.ts';

/** known_exploited_vulnerabilities.json: the catalogue as a whole. */
export const kevJson: SignalFormat = {
  name: 'kev',
  recognises: (_path, head) => /"catalogVersion"\s*:/.test(head) && /"dateReleased"\s*:\s*"/.test(head),
  split,
  read: (document) =>
    readRecord(document, (value) => {
      const root = asObject(value, '(root)');
      const released = asString(root.dateReleased, 'dateReleased');
      const list = asList(root.vulnerabilities, 'vulnerabilities');
      if (list.length === 0)
        throw new DocumentProblem('empty', 'vulnerabilities', `${document.key} holds no vulnerability`);
      return catalogue(dayOf(released, 'dateReleased'), list, 'vulnerabilities');
    }),
};

/** known_exploited_vulnerabilities.csv: the same; its day is that of the entry added last. */
export const kevCsv: SignalFormat = {
  name: 'kev-csv',
  recognises: (_path, head) => /^\ufeff?(?:ï»¿)?"?cveID"?,"?vendorProject"?,/.test(head),
  split,
  read: (document) => {
    const text = readText(document);
    if (!text.endsWith('\n'))
      throw new DocumentProblem('truncated', 'last line', `${document.key} ends in the middle of a line`);
    const rows = readRows(document.key, text);
    const days = rows.flatMap((row) => parseIsoDate(row.dateAdded ?? '') ?? []);
    const last = days.sort().at(-1);
    if (last === undefined)
      throw new DocumentProblem('missing-field', 'dateAdded', `${document.key} has no dates`);
    return catalogue(last.slice(0, 10), rows, 'line');
  },
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  yield { key: file.path, bytes: file.bytes };
}

/** The catalogue has some 2,000 entries; what has far more is none, and would take its time. */
const MOST_ROWS = 100_000;

/** Rows by the names in the first one. The library's own naming makes an error of each row that is too short, however wide it is. */
function readRows(key: string, text: string): Readonly<Record<string, string>>[] {
  let rows: string[][];
  try {
    rows = parseCsv(text, {
      bom: true,
      relax_column_count: true,
      max_record_size: 1 << 20,
      to: MOST_ROWS + 1,
    });
  } catch (cause) {
    throw new DocumentProblem(
      'bad-grammar',
      '(root)',
      `${key} is no CSV: ${(cause as Error).message.slice(0, 200)}`,
      { cause },
    );
  }
  if (rows.length > MOST_ROWS)
    throw new DocumentProblem('too-large', '(root)', `${key} has more than ${MOST_ROWS} rows`);
  const [names = [], ...entries] = rows;
  const at = FIELDS.map((field) => [field, names.indexOf(field)] as const).filter(([, index]) => index >= 0);
  return entries.map((cells) => Object.fromEntries(at.map(([field, index]) => [field, cells[index] ?? ''])));
}

const FIELDS = ['cveID', 'dateAdded', 'dueDate', 'knownRansomwareCampaignUse'];

function catalogue(asOf: string, list: readonly unknown[], where: string): SignalDocument {
  const document: SignalDocument = { key: asOf, asOf, signals: [], refused: [] };
  for (const [index, value] of list.entries()) {
    const entry = `${where}[${index}]`;
    try {
      document.signals.push(readFields(entry, () => signalOf(value, entry)));
    } catch (problem) {
      if (!(problem instanceof DocumentProblem)) throw problem;
      document.refused.push({ entry, bytes: Buffer.from(JSON.stringify(value) ?? ''), problem });
    }
  }
  return document;
}

function signalOf(value: unknown, where: string): Signal {
  const entry = asObject(value, where);
  const due = optionalString(entry.dueDate, `${where}.dueDate`) ?? '';
  const ransomware = optionalString(entry.knownRansomwareCampaignUse, `${where}.knownRansomwareCampaignUse`);
  return {
    vulnerability: ownId(asString(entry.cveID, `${where}.cveID`), `${where}.cveID`),
    since: dayOf(asString(entry.dateAdded, `${where}.dateAdded`), `${where}.dateAdded`),
    ...(due !== '' && { due: dayOf(due, `${where}.dueDate`) }),
    // "Unknown" is not "no".
    ...(ransomware === 'Known' && { ransomware: true }),
  };
}

function dayOf(written: string, where: string): string {
  const date = parseIsoDate(written);
  if (date === null)
    throw new DocumentProblem('bad-date', where, `${where}: "${plainText(written, 60)}" is not a date`);
  return date.slice(0, 10);
}
