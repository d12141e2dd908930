import { oneLine, parseDayMonthYear, parseId, parseMonthDayYear } from '#base/formats';
import { plainText, readText } from '../document.ts';
import { uniqueLinks } from '../links.ts';
import {
  DocumentProblem,
  type Link,
  type ParsedReport,
  type RawDocument,
  type SourceFormat,
} from '../source.ts';
import { readEntryLines, severityOf } from './entry-lines.ts';
import { splitList } from './list-entries.ts';
import { bugLinks, citedAdvisories, noteLinks } from './notes.ts';

/** Advisories of the security team (DSA), of long-term support (DLA), and of the testing security team of 2005 to 2008 (DTSA). */
export const dsaList = advisoryList('dsa-list', 'DSA');
export const dlaList = advisoryList('dla-list', 'DLA');
export const dtsaList = advisoryList('dtsa-list', 'DTSA');

function advisoryList(name: string, prefix: string): SourceFormat {
  const path = new RegExp(`(?:^|/)${prefix}/list$`);
  const head = new RegExp(`^(?:\\ufeff|ï»¿)?\\s*\\[[^\\]\\n]{8,24}\\] ${prefix}-\\d`);
  return {
    name,
    recognises: (file, beginning) => path.test(file) || head.test(beginning),
    split: (file) => splitList(file, (line) => HEADER.exec(line)?.[2] ?? null),
    parse: parseAdvisory,
  };
}

/** [22 Jun 2017] DSA-3896-1 apache2 - security update; advisories before 2005 carry no revision. */
const HEADER = /^\[([^\]]{1,40})\]\s+((?:DSA|DLA|DTSA)-\d{1,6}(?:-\d{1,4})?)(?:\s+(.*))?$/s;

function parseAdvisory(document: RawDocument): ParsedReport {
  const [headline = '', ...lines] = readText(document).trimEnd().split('\n');
  const header = HEADER.exec(headline.trim());
  if (header === null)
    throw new DocumentProblem(
      'bad-grammar',
      'line 1',
      `${document.key}: no entry begins with: ${plainText(headline, 120)}`,
    );
  const [, date = '', key = '', subject = ''] = header;
  const published = parseDayMonthYear(date) ?? parseMonthDayYear(date);
  if (published === null)
    throw new DocumentProblem('bad-date', 'line 1', `${key}: "${plainText(date, 60)}" is not a date`);
  const entry = readEntryLines(key, lines);
  const url = `https://security-tracker.debian.org/tracker/${key}`;
  const page = pageOf(key, published);
  const links = [page, { url, kind: 'advisory' as const, id: key }, ...noteLinks(entry.notes)];
  return {
    key,
    kind: 'advisory',
    title: titleOf(key, subject),
    ...describe(entry.notes),
    published,
    modified: null,
    url: page?.url ?? url,
    ...severityOf(entry.packages.map(({ urgency }) => urgency)),
    cvss: [],
    vulnerabilities: [...new Set(entry.references.flatMap((word) => parseId(word) ?? []))],
    aliases: [],
    affected: entry.packages.map(({ affected }) => affected),
    links: uniqueLinks([...links.filter((link) => link !== null), ...bugLinks(entry.packages)]),
    cites: citedAdvisories(key, entry.references, entry.notes),
    weaknesses: [],
  };
}

/** "apache2 - security update", "libapache-mod-ssl -- buffer overflow", "- horde2 - …", "jessie end-of-life". */
function titleOf(key: string, subject: string): string {
  const [first = '', ...rest] = oneLine(plainText(subject), 1000)
    .replace(/^-+\s+/, '')
    .split(/\s+-{1,2}\s+/);
  return oneLine(
    [first.trim(), rest.join(' - ').trim()].filter((part) => part !== '').join(' -- ') || key,
    300,
  );
}

/**
 * The page on debian.org, where there is one that can be known: it lies in the folder of the year of the first revision,
 * which the entry of a later one does not tell. The testing security team had none there.
 */
function pageOf(key: string, published: string): Link | null {
  const [, list, number] = /^(DSA|DLA)-(\d+)(?:-1)?$/.exec(key) ?? [];
  if (list === undefined) return null;
  const folder = list === 'DSA' ? 'security' : 'lts/security';
  const url = `https://www.debian.org/${folder}/${published.slice(0, 4)}/${list.toLowerCase()}-${number}`;
  return { url, kind: 'advisory', id: key };
}

function describe(notes: readonly string[]): { description?: string } {
  const description = plainText(notes.join('\n'));
  return description === '' ? {} : { description };
}
