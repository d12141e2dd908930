import { oneLine, parseAdvisoryIds, parseId, parseIsoDate, scoreVector } from '#base/formats';
import { titleWith } from '../debian/notes.ts';
import { checkFile, plainText, readText } from '../document.ts';
import { isCvePage, linkTo, uniqueLinks, urlsIn } from '../links.ts';
import {
  type Affected,
  type CvssScore,
  DocumentProblem,
  type Link,
  type ParsedReport,
  type RawDocument,
  type Severity,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { readStatus } from './package-status.ts';
import { patchLinks } from './patches.ts';
import { readSections, type UctFile } from './uct-sections.ts';

const FILE_NAME = /(?:^|\/)(?:active|retired|ignored)\/((?:CVE|CAN)-[0-9A-Za-z-]{4,40})$/;

/** The CVE tracker: a file for each CVE, in `active/`, `retired/` or `ignored/`, between which it moves. */
export const uct: SourceFormat = {
  name: 'uct',
  recognises: (path, head) => FILE_NAME.test(path) || /^Candidate:[ \t]*(?:CVE|CAN)-/m.test(head),
  split,
  parse,
};

/** One document. Its key is the CVE, not the path, so that a file which is retired stays the same document. */
function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  const candidate = /^Candidate:[ \t]*(\S{1,60})/m.exec(bytes.toString('latin1', 0, 4096))?.[1];
  const key = FILE_NAME.exec(path)?.[1] ?? candidate ?? path;
  yield { key, bytes };
}

function parse(document: RawDocument): ParsedReport {
  const text = readText(document);
  const file = readSections(document.key, text);
  const key = readCandidate(document.key, file);
  if (!text.endsWith('\n'))
    throw new DocumentProblem(
      'truncated',
      `line ${text.split('\n').length}`,
      `${key} ends in the middle of a line`,
    );
  const field = (name: string) => required(key, file, name);
  const description = paragraph(field('Description'));
  const affected = readStatuses(key, file);
  const references = field('References').flatMap(urlsIn);
  const priority = /^[a-z]+/.exec(field('Priority').join(' '))?.[0] ?? '';
  return {
    key,
    kind: 'tracker',
    title: oneLine(plainText(titleWith(affected, description)) || key, 300),
    ...describe(description, file),
    published: readPublished(key, file),
    modified: null,
    url: `https://ubuntu.com/security/${key}`,
    ...stateOf(description),
    ...severityFrom(priority),
    cvss: (file.fields.get('CVSS') ?? []).flatMap(readCvss),
    vulnerabilities: [key],
    aliases: [],
    affected,
    links: uniqueLinks([
      ...file.patches.flatMap(({ name, line }) => patchLinks(name, line)),
      ...referenceLinks(references),
      ...bugLinks((file.fields.get('Bugs') ?? []).flatMap(urlsIn)),
    ]),
    cites: citedIn(references),
    weaknesses: [],
  };
}

/** The id inside, which must be a real one and the one that the file is called by: else one of the two is wrong. */
function readCandidate(key: string, file: UctFile): string {
  const written = required(key, file, 'Candidate').join(' ');
  const id = parseId(written);
  if (id === null)
    throw new DocumentProblem('bad-id', 'Candidate', `${key}: "${plainText(written, 60)}" is not a CVE id`);
  if (/^(?:CVE|CAN)-/.test(key) && parseId(key) !== id)
    throw new DocumentProblem('bad-id', 'Candidate', `The file is called ${key}, but is about ${id}`);
  return id;
}

function required(key: string, { fields }: UctFile, name: string): string[] {
  const lines = fields.get(name);
  if (lines === undefined) throw new DocumentProblem('missing-field', name, `${key} has no "${name}:"`);
  return lines;
}

/** When it became public: the tracker's own order of trust (README, "Triage Frequency"). */
function readPublished(key: string, file: UctFile): string | null {
  const dates = [
    readDate(key, 'CRD', file.fields.get('CRD')),
    readDate(key, 'PublicDateAtUSN', file.fields.get('PublicDateAtUSN')),
    readDate(key, 'PublicDate', required(key, file, 'PublicDate')),
  ];
  return dates.find((date) => date !== null) ?? null;
}

function readDate(key: string, name: string, lines: readonly string[] = []): string | null {
  const written = lines.join(' ').trim();
  if (written === '') return null;
  const date = parseIsoDate(written);
  if (date === null)
    throw new DocumentProblem('bad-date', name, `${key}: "${plainText(written, 60)}" is not a date`);
  return date;
}

function readStatuses(key: string, { statuses }: UctFile): Affected[] {
  return statuses.flatMap((status) => {
    // "xenial_php7.0:" with nothing after it: nobody has looked.
    if (status.status === '') return [];
    const row = readStatus(status);
    if (row === undefined)
      throw new DocumentProblem(
        'bad-grammar',
        `line ${status.line}`,
        `${key}, line ${status.line}: "${status.status}" is no status of a package`,
      );
    return row ?? [];
  });
}

function paragraph(lines: readonly string[]): string {
  return plainText(lines.map((line) => line.trim()).join('\n'));
}

function describe(description: string, { fields }: UctFile): { description?: string } {
  const parts = [
    description,
    paragraph(fields.get('Ubuntu-Description') ?? []),
    paragraph(fields.get('Notes') ?? []),
    paragraph(fields.get('Mitigation') ?? []),
  ];
  const text = plainText(parts.filter((part) => part !== '').join('\n\n'));
  return text === '' ? {} : { description: text };
}

/** MITRE writes what became of an id at the beginning of its description. */
export function stateOf(description: string): { state?: 'rejected' | 'reserved' } {
  const word = /^\*\* (REJECT|RESERVED)/.exec(description)?.[1];
  if (word === undefined) return {};
  return { state: word === 'RESERVED' ? 'reserved' : 'rejected' };
}

const SEVERITIES: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ['negligible', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['critical', 'critical'],
]);

/** Ubuntu's priority; `negligible` is still "technically a security problem". `untriaged` is none. */
export function severityFrom(priority: string): { severity?: Severity; severityAs?: string } {
  const severity = SEVERITIES.get(priority);
  return severity === undefined ? {} : { severity, severityAs: priority };
}

/** "nvd: CVSS:3.0/AV:N/… [9.8 CRITICAL]" */
function readCvss(line: string): CvssScore[] {
  const [, by = '', vector = ''] = /^\s*(?:([a-z][a-z0-9.-]{0,30}):\s+)?(\S+)/i.exec(line) ?? [];
  const score = scoreVector(vector);
  return score === null ? [] : [{ ...score, ...(by !== '' && { by }) }];
}

/** Links to where a text may read on; pages that only repeat the id are left out. */
export function referenceLinks(urls: readonly string[]): Link[] {
  return urls.filter((url) => !isCvePage(url)).map((url) => linkTo(url));
}

export function bugLinks(urls: readonly string[]): Link[] {
  return urls.map((url) => linkTo(url, { kind: 'bug' }));
}

export function citedIn(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => parseAdvisoryIds(text).map(({ id }) => id)))];
}
