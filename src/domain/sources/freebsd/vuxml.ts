import { parseIds, parseIsoDate } from '#base/formats';
import type { VersionRange, VersionStatement } from '#base/versions';
import { compose } from '../compose.ts';
import { plainText, readText } from '../document.ts';
import { sliceXml } from '../forms/xml-slices.ts';
import {
  childrenOf,
  elementsOf,
  paragraphsOf,
  parseXml,
  textOf,
  type XmlElement,
} from '../forms/xml-tree.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFormat,
} from '../source.ts';

const VID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** VuXML 1.1: an entry for each problem of one or several ports. Entities that the file declares for its own parts are not expanded. */
export const vuxml: SourceFormat = {
  name: 'vuxml',
  recognises: (_path, head) => /<vuxml\b|<!DOCTYPE vuxml\b/.test(head),
  namedByReport: true,
  split: (file) =>
    sliceXml(file, {
      root: 'vuxml',
      entry: 'vuln',
      key: (head) => /\bvid="([0-9a-fA-F-]{36})"/.exec(head)?.[1] ?? null,
    }),
  parse,
};

function parse(document: RawDocument): ParsedReport {
  const root = parseXml(document.key, readText(document));
  const key = (root.attributes.get('vid') ?? '').toLowerCase();
  if (!VID.test(key))
    throw new DocumentProblem('bad-id', 'vuln/@vid', `"${plainText(key, 60)}" is not the id of an entry`);
  const url = `https://vuxml.freebsd.org/freebsd/${key}.html`;
  const cancelled = childrenOf(root, 'cancelled')[0];
  if (cancelled !== undefined) return cancelledReport(key, url, cancelled.attributes.get('superseded'));
  const references = childrenOf(root, 'references')[0];
  const texts = (name: string) => elementsOf(references, name).map(textOf);
  const dates = childrenOf(root, 'dates')[0];
  return compose({
    key,
    kind: 'advisory',
    title: textOf(childrenOf(root, 'topic')[0]),
    description: describe(childrenOf(root, 'description')[0]),
    published: readDate(key, dates, 'entry', true),
    modified: readDate(key, dates, 'modified', false),
    url,
    // Some entries name a CVE by an address only.
    vulnerabilities: [...texts('cvename'), ...texts('url')].flatMap(parseIds),
    affected: childrenOf(childrenOf(root, 'affects')[0]).flatMap((element) => rowsOf(key, element)),
    links: [
      ...texts('url').map((address) => ({ url: address })),
      ...texts('mlist').map((address) => ({ url: address })),
      ...texts('freebsdpr').map((pr) => ({
        url: `https://bugs.freebsd.org/${pr.replace(/^\D+/, '')}`,
        kind: 'bug' as const,
      })),
    ],
    cited: [...texts('freebsdsa'), ...texts('url')],
  });
}

/** An entry that turned out to be another's, or none at all. */
function cancelledReport(key: string, url: string, by: string | undefined): ParsedReport {
  return compose({
    key,
    kind: 'advisory',
    title: 'cancelled',
    published: null,
    url,
    withdrawn: by === undefined ? 'cancelled' : `superseded by ${by}`,
    vulnerabilities: [],
    affected: [],
  });
}

function describe(description: XmlElement | undefined): string {
  const blocks = elementsOf(description, 'body').flatMap(blocksOf);
  return blocks.join('\n');
}

/** Paragraphs and lists, those in quotations as well. */
function blocksOf(element: XmlElement): string[] {
  return childrenOf(element).flatMap((child) =>
    child.name === 'blockquote' || child.name === 'div'
      ? blocksOf(child)
      : paragraphsOf({ ...element, children: [child] }),
  );
}

function readDate(key: string, dates: XmlElement | undefined, name: string, must: boolean): string | null {
  const written = textOf(childrenOf(dates, name)[0]);
  if (written === '' && !must) return null;
  if (written === '')
    throw new DocumentProblem('missing-field', `vuln/dates/${name}`, `${key} has no <${name}>`);
  const date = parseIsoDate(written);
  if (date === null)
    throw new DocumentProblem(
      'bad-date',
      `vuln/dates/${name}`,
      `${key}: "${plainText(written, 60)}" is not a date`,
    );
  return date;
}

/** `<package>` is of ports, `<system>` of FreeBSD itself. Each may have several names, and several ranges for all of them. */
function rowsOf(key: string, element: XmlElement): Affected[] {
  if (element.name !== 'package' && element.name !== 'system') return [];
  const names = childrenOf(element, 'name')
    .map(textOf)
    .filter((name) => name !== '');
  const ranges = childrenOf(element, 'range').map((range) => rangeOf(key, range));
  const fixes = ranges.flatMap(({ max, maxInclusive }) => (max === undefined || maxInclusive ? [] : [max]));
  const versions: VersionStatement = {
    scheme: 'generic',
    affected: ranges,
    unaffected: [],
    otherwise: 'unknown',
  };
  const [fixed] = fixes;
  return names.map((name) => ({
    ecosystem: 'freebsd',
    name: plainText(name, 300),
    ...(element.name === 'system' && { release: 'system' }),
    status: fixes.length > 0 ? ('fixed' as const) : ('affected' as const),
    ...(fixes.length === 1 && fixed !== undefined && { fixed }),
    ...(ranges.length > 0 && { versions }),
  }));
}

/** `<ge>2.4.0</ge><lt>2.4.3</lt>`, or `<eq>`. Throws for anything else: a range that is not understood must not count as all versions. */
function rangeOf(key: string, element: XmlElement): VersionRange {
  const range: VersionRange = {};
  for (const end of childrenOf(element)) {
    const version = textOf(end);
    if (!/^[0-9A-Za-z][\w.,:+~*-]{0,100}$/.test(version))
      throw unclear(key, `"${plainText(version, 60)}" is not a version`);
    if (end.name === 'lt') range.max = version;
    else if (end.name === 'le') Object.assign(range, { max: version, maxInclusive: true });
    else if (end.name === 'ge') range.min = version;
    else if (end.name === 'gt') Object.assign(range, { min: version, minInclusive: false });
    else if (end.name === 'eq') Object.assign(range, { min: version, max: version, maxInclusive: true });
    else throw unclear(key, `<${plainText(end.name, 60)}> is no end of a range`);
  }
  if (range.min === undefined && range.max === undefined) throw unclear(key, 'a range has no end');
  return range;
}

function unclear(key: string, message: string): DocumentProblem {
  return new DocumentProblem('bad-grammar', 'vuln/affects/package/range', `${key}: ${message}`);
}
