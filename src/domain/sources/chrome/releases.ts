import { parseIds, parseIsoDate } from '#base/formats';
import { compose, mendedIn } from '../compose.ts';
import { plainText, readText } from '../document.ts';
import { sliceXml } from '../forms/xml-slices.ts';
import { childrenOf, parseXml, textOf, type XmlElement } from '../forms/xml-tree.ts';
import {
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type Severity,
  type SourceFormat,
} from '../source.ts';

/** The Atom feed of the Chrome Releases blog (RFC 4287): an entry for each release of each channel, its text as HTML. */
export const chromeReleases: SourceFormat = {
  name: 'releases',
  recognises: (_path, head) =>
    /<feed\b/.test(head) && /Chrome Releases|chromereleases\.googleblog\.com|blogger/.test(head),
  split: (file) =>
    sliceXml(file, {
      root: 'feed',
      entry: 'entry',
      key: (head) => /<id>\s*([^<\s]{3,200})\s*<\/id>/.exec(head)?.[1] ?? null,
    }),
  parse,
};

/** Null for a release that names no flaw: most of them, those of other channels above all. */
function parse(document: RawDocument): ParsedReport | null {
  const entry = parseXml(document.key, readText(document));
  const child = (name: string) => childrenOf(entry, name)[0];
  const title = textOf(child('title'));
  const body = plainHtml(wholeText(child('content') ?? child('summary')));
  const vulnerabilities = parseIds(body);
  if (vulnerabilities.length === 0) return null;
  const url =
    childrenOf(entry, 'link')
      .find(({ attributes }) => attributes.get('rel') === 'alternate')
      ?.attributes.get('href') ?? '';
  const slug = /^https?:\/\/chromereleases\.googleblog\.com\/(\d{4}\/\d{2}\/[\w-]{1,150})\.html$/.exec(
    url,
  )?.[1];
  if (slug === undefined)
    throw new DocumentProblem(
      'bad-id',
      'entry/link',
      `${document.key}: "${plainText(url, 100)}" is no page of the blog`,
    );
  const version = linuxVersion(body);
  return compose({
    key: `CHROME-${slug}`,
    kind: 'advisory',
    title: version === null ? title : `${title}: ${version}`,
    description: body,
    published: dateOf(document.key, 'published', child('published')),
    modified: dateOf(document.key, 'updated', child('updated')),
    url,
    severity: worst(body),
    vulnerabilities,
    affected:
      version === null
        ? [{ ecosystem: 'chrome', name: 'chromium', status: 'fixed' }]
        : [
            {
              ecosystem: 'chrome',
              name: 'chromium',
              status: 'fixed',
              fixed: version,
              versions: mendedIn('generic', version),
            },
          ],
    links: bugsIn(body),
  });
}

function dateOf(key: string, name: string, element: XmlElement | undefined): string {
  const written = textOf(element);
  if (written === '') throw new DocumentProblem('missing-field', `entry/${name}`, `${key} has no <${name}>`);
  const date = parseIsoDate(written);
  if (date === null)
    throw new DocumentProblem(
      'bad-date',
      `entry/${name}`,
      `${key}: "${plainText(written, 60)}" is not a date`,
    );
  return date;
}

/** HTML stands in the feed as text; a feed that has it as elements reads alike. */
function wholeText(element: XmlElement | undefined): string {
  return (element?.children ?? [])
    .map((each) => (typeof each === 'string' ? each : ` ${wholeText(each)} `))
    .join('');
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['#39', "'"],
  ['nbsp', ' '],
]);

function plainHtml(html: string): string {
  return html
    .slice(0, 1 << 20)
    .replace(/<(?:br|\/?p|\/?div|\/?li|\/?ul)\b[^<>]{0,2000}>/gi, '\n')
    .replace(/<[^<>]{0,5000}>/g, '')
    .replace(/&([a-z]{2,6}|#39);/g, (whole, name: string) => ENTITIES.get(name) ?? whole)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/\n[\s]+/g, '\n')
    .trim();
}

/** "The Stable channel has been updated to 137.0.7151.68/.69 for Windows, Mac and 137.0.7151.68 for Linux". */
function linuxVersion(body: string): string | null {
  const versions = [
    ...body.slice(0, 5000).matchAll(/\b(\d{1,3}\.\d{1,2}\.\d{1,5}\.\d{1,4})\b([^\d]{0,60})/g),
  ];
  const linux = versions.find(([, , after = '']) => /^[^.]*\bLinux\b/i.test(after));
  return (linux ?? versions[0])?.[1] ?? null;
}

const WORDS: readonly [RegExp, Severity][] = [
  [/\bCritical CVE-|\]\s*Critical\b/, 'critical'],
  [/\bHigh CVE-|\]\s*High\b/, 'high'],
  [/\bMedium CVE-|\]\s*Medium\b/, 'medium'],
  [/\bLow CVE-|\]\s*Low\b/, 'low'],
];

/** "[$7000][40068800] High CVE-2025-1234: …": a release is as bad as the worst that it mends. */
function worst(body: string): { severity: Severity; severityAs: string } | undefined {
  const found = WORDS.find(([word]) => word.test(body))?.[1];
  return found === undefined
    ? undefined
    : { severity: found, severityAs: `${found[0]?.toUpperCase()}${found.slice(1)}` };
}

function bugsIn(body: string): { url: string; kind: 'bug' }[] {
  const lines = body.split('\n').filter((line) => /CVE-\d{4}-/.test(line));
  const numbers = lines.flatMap((line) =>
    [...line.slice(0, 500).matchAll(/\[(\d{5,10})\]/g)].map(([, number]) => number ?? ''),
  );
  return [...new Set(numbers)].map((number) => ({ url: `https://crbug.com/${number}`, kind: 'bug' }));
}
