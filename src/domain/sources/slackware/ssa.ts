import { parseIds, parseUnixDate } from '#base/formats';
import { compose } from '../compose.ts';
import { checkFile, plainText, readText } from '../document.ts';
import { urlsIn } from '../links.ts';
import {
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { packageOf, rowOf } from './package-file.ts';

const HEADLINE = /^\[slackware-security\] {1,3}(.{1,200}?) {1,3}\((SSA:\d{4}-\d{3}-\d{2})\)\s*$/m;

/** The text of an advisory, as it goes to the mailing list: clear-signed or not. */
export const ssa: SourceFormat = {
  name: 'ssa',
  recognises: (_path, head) => /^\[slackware-security\] .*\(SSA:/m.test(head),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const head = file.bytes.toString('latin1', 0, 4096);
  yield { key: HEADLINE.exec(head)?.[2] ?? file.path, bytes: file.bytes };
}

function parse(document: RawDocument): ParsedReport {
  const text = readText(document).replace(/\r/g, '');
  const [, title = '', key] = HEADLINE.exec(text) ?? [];
  if (key === undefined)
    throw new DocumentProblem('bad-id', 'line 1', `${document.key} names no advisory of Slackware`);
  const details = /^\+-{10,}\+\n([\s\S]{0,20000}?)\n\+-{10,}\+/m.exec(text)?.[1] ?? '';
  const files = [...text.matchAll(/^(?:ftp|https?):\/\/\S{1,300}\.t[gx]z$/gm)].map(([url]) => url);
  const named = (
    files.length > 0 ? files : [...details.matchAll(/^\S{3,200}\.t[gx]z(?=:)/gm)].map(([file]) => file)
  ).flatMap((file) => packageOf(file) ?? []);
  const builds = new Map(named.map((pkg) => [`${pkg.name} ${pkg.version} ${pkg.release}`, pkg]));
  return compose({
    key,
    kind: 'advisory',
    title,
    description: details,
    published: dateOf(key, details),
    url: 'http://www.slackware.com/security/',
    vulnerabilities: parseIds(text),
    affected: [...builds.values()].map(rowOf),
    links: urlsIn(details).map((url) => ({ url })),
  });
}

/** The date that stands above the excerpt of the ChangeLog; else that of the id: day 165 of 2017. */
function dateOf(key: string, details: string): string {
  const written = parseUnixDate(details.split('\n', 1)[0] ?? '');
  if (written !== null) return written;
  const [, year, day] = /^SSA:(\d{4})-(\d{3})-/.exec(key) ?? [];
  const at = new Date(Date.UTC(Number(year), 0, Number(day)));
  if (Number(year) < 1995 || Number(day) < 1 || at.getUTCFullYear() !== Number(year))
    throw new DocumentProblem('bad-date', 'SSA', `${plainText(key, 40)} is of no day of its year`);
  return at.toISOString().slice(0, 10);
}
