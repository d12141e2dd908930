import { createHash } from 'node:crypto';
import { parseIds, sliceLines } from '#base/formats';
import type { VersionRange } from '#base/versions';
import { compose } from '../compose.ts';
import { checkFile, plainText, readText } from '../document.ts';
import { isWebUrl } from '../links.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';

/** pkg-vulnerabilities, format 1.0.0 (pkg_install, audit-packages): a line each of package, kind of flaw and address, signed as a whole. */
export const pkgVulnerabilities: SourceFormat = {
  name: 'pkg-vulnerabilities',
  recognises: (path, head) => /^#FORMAT 1\.\d+\.\d+/m.test(head) || /(?:^|\/)pkg-vulnerabilities$/.test(path),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { bytes, path } = file;
  const head = bytes.toString('latin1', 0, 4096);
  if (!/^#FORMAT 1\.\d+\.\d+\s*$/m.test(head))
    throw new DocumentProblem('bad-grammar', 'line 1', `${path} does not say that it is of format 1`);
  const signed = head.startsWith('-----BEGIN PGP SIGNED MESSAGE-----');
  let begun = !signed;
  let ended = !signed;
  const seen = new Map<string, number>();
  for (const line of sliceLines(bytes)) {
    const text = line.toString('latin1').trimEnd();
    if (!begun) {
      // Headers of the signature (Hash: SHA512) end with an empty line, which is no slice; comments begin the file.
      begun = text.startsWith('#');
      continue;
    }
    if (text.startsWith('-----BEGIN PGP SIGNATURE-----')) {
      ended = true;
      break;
    }
    if (text === '' || text.startsWith('#') || text.startsWith('-')) continue;
    const key = keyOf(text) || 'a line';
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    yield { key: times === 1 ? key : `${key} (${times})`, bytes: line };
  }
  if (!ended) throw new DocumentProblem('truncated', path, `${path} ends before its signature`);
}

/** The pattern and what it is about; long ones by their hash. */
function keyOf(line: string): string {
  const [pattern = '', , url = ''] = line.split(/\t+/);
  const about = parseIds(url)[0] ?? url.replace(/^https?:\/\//, '');
  const key = plainText(`${pattern} ${about}`, 2000);
  return key.length <= 160
    ? key
    : `${key.slice(0, 120)}… ${createHash('sha256').update(line).digest('hex').slice(0, 16)}`;
}

/** Null for "eol": a package that is no longer looked after, which is no flaw. */
function parse(document: RawDocument): ParsedReport | null {
  const { key } = document;
  const [pattern = '', kind = '', url = '', ...more] = readText(document).trim().split(/\t+/);
  if (kind === '' || url === '' || more.length > 0)
    throw new DocumentProblem('bad-grammar', 'line', `${key}: a line has a package, a kind and an address`);
  if (!/^[a-z][\w-]{0,80}$/.test(kind))
    throw new DocumentProblem('bad-grammar', 'kind', `${key}: "${plainText(kind, 60)}" is no kind of flaw`);
  if (kind === 'eol') return null;
  if (!isWebUrl(url))
    throw new DocumentProblem('bad-grammar', 'address', `${key}: "${plainText(url, 60)}" is no address`);
  const affected = alternatives(pattern, key).map((each) => rowOf(each, key));
  return compose({
    key,
    kind: 'tracker',
    title: `${pattern}: ${kind.replaceAll('-', ' ')}`,
    published: null,
    url: 'https://ftp.netbsd.org/pub/NetBSD/packages/vulns/pkg-vulnerabilities',
    vulnerabilities: parseIds(url),
    affected,
    links: [{ url }],
  });
}

const MOST = 64;

/** `{a,b}-c` stands for `a-c` and `b-c`, also within each other. Throws where braces do not match, or stand for very many. */
function alternatives(pattern: string, key: string): string[] {
  if (pattern.length > 500) throw unclear(key, 'the pattern is too long');
  let due = [pattern];
  for (let round = 0; due.some((each) => each.includes('{')); round++) {
    due = due.flatMap((each) => expandFirst(each, key));
    if (due.length > MOST || round > MOST) throw unclear(key, 'the pattern stands for too many');
  }
  if (due.some((each) => each.includes('}'))) throw unclear(key, 'a brace does not match');
  return [...new Set(due)];
}

/** Undoes one innermost pair. */
function expandFirst(pattern: string, key: string): string[] {
  const close = pattern.indexOf('}');
  const open = pattern.lastIndexOf('{', close);
  if (!pattern.includes('{')) return [pattern];
  if (close < 0 || open < 0) throw unclear(key, 'a brace does not match');
  const [before, after] = [pattern.slice(0, open), pattern.slice(close + 1)];
  return pattern
    .slice(open + 1, close)
    .split(',')
    .map((part) => before + part + after);
}

/** `name>=1<2`, `name<2`, `name-1.2` (one version), `name-[0-9]*` and `name-*` (all), `name-1.2{,nb*}` (that one, however often built). */
function rowOf(pattern: string, key: string): Affected {
  const [, name = '', tests = ''] =
    /^([A-Za-z0-9_][\w.+-]*?)((?:[<>]=?[\w.+~*-]+){1,2})$/.exec(pattern) ?? [];
  if (name !== '') return row(name, rangeOf(tests, key));
  const [, base, version = ''] =
    /^([A-Za-z0-9_][\w.+-]*?)-(\*|\[0-9\]\*|\d[\w.+~]*?(?:nb(?:\[0-9\])?\*)?)$/.exec(pattern) ?? [];
  if (base === undefined) throw unclear(key, `"${plainText(pattern, 80)}" is no pattern of a package`);
  if (version.startsWith('*') || version.startsWith('[')) return row(base, {});
  const exact = version.replace(/nb(?:\[0-9\])?\*$/, '');
  return row(base, { min: exact, max: exact, maxInclusive: true });
}

function rangeOf(tests: string, key: string): VersionRange {
  const range: VersionRange = {};
  for (const [, operator = '', version = ''] of tests.matchAll(/([<>]=?)([^<>=]+)/g)) {
    if (operator.startsWith('>'))
      Object.assign(range, { min: version, ...(operator === '>' && { minInclusive: false }) });
    else Object.assign(range, { max: version, ...(operator === '<=' && { maxInclusive: true }) });
  }
  if (range.min === undefined && range.max === undefined) throw unclear(key, 'the pattern has no end');
  return range;
}

function row(name: string, range: VersionRange): Affected {
  const fixed = range.maxInclusive === true ? undefined : range.max;
  return {
    ecosystem: 'netbsd',
    name: plainText(name, 300),
    status: fixed === undefined ? 'affected' : 'fixed',
    ...(fixed !== undefined && { fixed }),
    versions: { scheme: 'generic', affected: [range], unaffected: [], otherwise: 'unknown' },
  };
}

function unclear(key: string, message: string): DocumentProblem {
  return new DocumentProblem('bad-grammar', 'pattern', `${key}: ${message}`);
}
