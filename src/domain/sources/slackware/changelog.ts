import { parseIds, parseUnixDate, sliceLines } from '#base/formats';
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

const DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2} [A-Z]{3,4} \d{4}$/;
const RULE = /^\+-{10,}\+$/;
const PACKAGE = /^(\S{3,200}\.t[gx]z): {1,3}([A-Z][a-z]+)/;

/**
 * ChangeLog.txt of one release, the newest first: a date, then a paragraph for each package, where `(* Security fix *)` marks what
 * mends a flaw. A document is one paragraph; the date that stands above it is in its key.
 */
export const changelog: SourceFormat = {
  name: 'changelog',
  recognises: (path, head) =>
    /(?:^|\/)ChangeLog\.txt$/.test(path) && (head === '' || DATE.test(head.split('\n', 1)[0] ?? '')),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { bytes, path } = file;
  let date: string | null = null;
  let start = -1;
  let name = '';
  let number = 0;
  const ended = (end: number): RawDocument => ({ key: name, bytes: bytes.subarray(start, end) });
  for (const line of sliceLines(bytes)) {
    number += 1;
    const at = line.byteOffset - bytes.byteOffset;
    const text = line.toString('latin1', 0, 300).trimEnd();
    const named = PACKAGE.exec(text)?.[1];
    if (DATE.test(text) || RULE.test(text) || named !== undefined) {
      if (start >= 0) yield ended(at);
      start = -1;
    }
    if (DATE.test(text)) date = parseUnixDate(text);
    if (RULE.test(text)) date = null;
    if (named === undefined) continue;
    if (date === null)
      throw new DocumentProblem(
        'bad-date',
        `line ${number}`,
        `${path}: no date stands above ${plainText(named, 80)}`,
      );
    start = at;
    name = `${date} ${named.replace(/^.*\//, '')}`;
  }
  if (start >= 0) yield ended(bytes.length);
  if (number === 0 || name === '')
    throw new DocumentProblem('bad-grammar', 'line 1', `${path} names no package`);
}

/** Null for what mends no flaw. */
function parse(document: RawDocument): ParsedReport | null {
  const { key } = document;
  const text = readText(document);
  if (!/\(\* ?Security fix ?\*\)/i.test(text)) return null;
  const file = PACKAGE.exec(text)?.[1] ?? '';
  const pkg = packageOf(file);
  if (pkg === null)
    throw new DocumentProblem('bad-grammar', 'line 1', `${key}: "${plainText(file, 80)}" is no package`);
  const [date = ''] = key.split(' ', 1);
  const lines = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  return compose({
    key,
    kind: 'advisory',
    title: `${pkg.name} ${pkg.version}`,
    description: lines.filter((line) => !/^\(\*.*\*\)$/.test(line)).join('\n'),
    published: date,
    url: 'http://www.slackware.com/security/',
    vulnerabilities: parseIds(text),
    affected: [rowOf(pkg)],
    links: urlsIn(text).map((url) => ({ url })),
  });
}
