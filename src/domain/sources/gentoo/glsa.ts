import { oneLine, parseAdvisoryIds, parseIds, parseIsoDate, parseMonthDayYear } from '#base/formats';
import { checkFile, plainText, readText } from '../document.ts';
import {
  childrenOf,
  elementsOf,
  paragraphsOf,
  parseXml,
  textOf,
  type XmlElement,
} from '../forms/xml-tree.ts';
import { isCvePage, isWebUrl, linkTo, uniqueLinks } from '../links.ts';
import {
  type Affected,
  DocumentProblem,
  type Link,
  type ParsedReport,
  type RawDocument,
  type Severity,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { type GlsaRange, slotStatements } from './ranges.ts';

const FILE_NAME = /(?:^|\/)glsa-(\d{6}-\d{2})\.xml$/;

/** A Gentoo Linux Security Advisory: one XML file, in the form of the DTD of 2008 as in that of today. */
export const glsa: SourceFormat = {
  name: 'glsa',
  recognises: (path, head) => FILE_NAME.test(path) || /<glsa\s[^>]{0,80}?\bid\s*=/.test(head),
  split,
  parse,
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  const written = /<glsa\s[^>]{0,80}?\bid\s*=\s*["'](\d{6}-\d{2})["']/.exec(
    bytes.toString('latin1', 0, 4096),
  )?.[1];
  const id = FILE_NAME.exec(path)?.[1] ?? written;
  yield { key: id === undefined ? path : `GLSA-${id}`, bytes };
}

function parse(document: RawDocument): ParsedReport {
  const root = parseXml(document.key, readText(document));
  if (root.name !== 'glsa')
    throw new DocumentProblem('wrong-type', plainText(root.name, 60), `${document.key} is not a GLSA`);
  const key = readId(document.key, root);
  const references = elementsOf(childOf(root, 'references'), 'uri');
  const url = `https://security.gentoo.org/glsa/${key.slice(5)}`;
  return {
    key,
    kind: 'advisory',
    title: oneLine(plainText(textOf(required(key, root, 'title'))) || key, 300),
    ...describe(root),
    published: readDate(key, root, 'announced'),
    modified: readDate(key, root, 'revised'),
    url,
    ...severityOf(root),
    cvss: [],
    vulnerabilities: [...new Set(references.flatMap(idsOf))],
    aliases: [],
    affected: elementsOf(required(key, root, 'affected'), 'package').flatMap((each) =>
      readPackage(key, each),
    ),
    links: uniqueLinks([
      { url, kind: 'advisory', id: key },
      ...bugLinks(root),
      ...referenceLinks(references),
    ]),
    cites: citesOf(key, references),
    weaknesses: [],
  };
}

function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

function required(key: string, root: XmlElement, name: string): XmlElement {
  const child = childOf(root, name);
  if (child === undefined)
    throw new DocumentProblem('missing-field', `glsa/${name}`, `${key} has no <${name}>`);
  return child;
}

function readId(key: string, root: XmlElement): string {
  const written = root.attributes.get('id');
  if (written === undefined) throw new DocumentProblem('missing-field', 'glsa/@id', `${key} has no id`);
  if (!/^\d{6}-\d{2}$/.test(written))
    throw new DocumentProblem(
      'bad-id',
      'glsa/@id',
      `${key}: "${plainText(written, 60)}" is not the id of a GLSA`,
    );
  const id = `GLSA-${written}`;
  if (key.startsWith('GLSA-') && key !== id)
    throw new DocumentProblem('bad-id', 'glsa/@id', `The file is called ${key}, but is ${id}`);
  return id;
}

/** "2017-10-29", "2017-10-29: 1" (the number of the revision, until 2018), "May 22, 2006: 02". */
function readDate(key: string, root: XmlElement, name: string): string {
  const written = textOf(required(key, root, name));
  const day = written.replace(/\s*:\s*\d{1,3}$/, '');
  const date = parseIsoDate(day) ?? parseMonthDayYear(day);
  if (date === null)
    throw new DocumentProblem(
      'bad-date',
      `glsa/${name}`,
      `${key}: "${plainText(written, 60)}" is not a date`,
    );
  return date;
}

/** CVE ids stand in references only, as the text of a link; where that is "CVE" or a name, in its address. */
function idsOf(reference: XmlElement): string[] {
  const ids = parseIds(textOf(reference));
  return ids.length > 0 ? ids : parseIds(reference.attributes.get('link') ?? '');
}

function describe(root: XmlElement): { description?: string } {
  const parts = ['synopsis', 'description', 'impact', 'workaround'].map((name) =>
    paragraphsOf(childOf(root, name)).join('\n'),
  );
  const said = parts.filter(
    (part) => part !== '' && !/^There is no known workaround at this time\.?$/.test(part),
  );
  const description = plainText(said.join('\n\n'));
  return description === '' ? {} : { description };
}

const SEVERITIES: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ['minimal', 'low'],
  ['low', 'low'],
  ['normal', 'medium'],
  ['medium', 'medium'],
  ['high', 'high'],
]);

/** Gentoo rates the impact, and says beside it whether one has to be on the machine: "normal (remote)". */
function severityOf(root: XmlElement): { severity?: Severity; severityAs?: string } {
  const impact = plainText(childOf(root, 'impact')?.attributes.get('type') ?? '', 60);
  const access = plainText(textOf(childOf(root, 'access')), 60);
  const severity = SEVERITIES.get(impact);
  if (impact === '') return {};
  return {
    ...(severity !== undefined && { severity }),
    severityAs: access === '' ? impact : `${impact} (${access})`,
  };
}

function readPackage(key: string, element: XmlElement): Affected[] {
  const name = (element.attributes.get('name') ?? '').trim();
  if (!/^[A-Za-z0-9_][\w.+-]{0,80}\/[A-Za-z0-9_][\w.+-]{0,120}$/.test(name))
    throw new DocumentProblem(
      'bad-grammar',
      'glsa/affected/package/@name',
      `${key}: "${plainText(name, 60)}" is not a package of a category`,
    );
  const ranges = childrenOf(element)
    .filter((child) => child.name === 'vulnerable' || child.name === 'unaffected')
    .map(readRange);
  const arch = plainText(element.attributes.get('arch') ?? '*', 200);
  return slotStatements(ranges, `package ${name}`).map(({ slot, statement, fixed, hasFix }) => ({
    ecosystem: 'gentoo',
    name,
    ...(slot !== null && { release: `slot:${plainText(slot, 60)}` }),
    status: hasFix ? 'fixed' : 'affected',
    ...(fixed !== null && { fixed }),
    versions: statement,
    ...(arch !== '*' && arch !== '' && { note: `only on ${arch}` }),
  }));
}

/** The slot stands in an attribute, or (since 2025, now and then) behind the version: "6.9.3:6". */
function readRange(element: XmlElement): GlsaRange {
  const [version = '', behind] = textOf(element).split(':');
  return {
    unaffected: element.name === 'unaffected',
    range: element.attributes.get('range') ?? '',
    version,
    slot: element.attributes.get('slot')?.trim() || behind || '*',
  };
}

function bugLinks(root: XmlElement): Link[] {
  return childrenOf(root, 'bug')
    .map(textOf)
    .filter((bug) => /^\d{1,9}$/.test(bug))
    .map((bug) => ({ url: `https://bugs.gentoo.org/${bug}`, kind: 'bug' }));
}

function referenceLinks(references: readonly XmlElement[]): Link[] {
  return references.flatMap((reference) => {
    const url = reference.attributes.get('link')?.trim() ?? '';
    if (!isWebUrl(url) || isCvePage(url)) return [];
    const text = textOf(reference);
    const advisory = parseAdvisoryIds(text)[0];
    const link = linkTo(url, { note: text, ...(advisory !== undefined && { kind: 'advisory' as const }) });
    return advisory === undefined ? link : { ...link, id: advisory.id };
  });
}

function citesOf(key: string, references: readonly XmlElement[]): string[] {
  const texts = references.flatMap((each) => [textOf(each), each.attributes.get('link') ?? '']);
  const ids = texts.flatMap((text) => parseAdvisoryIds(text).map(({ id }) => id));
  return [...new Set(ids)].filter((id) => id !== key);
}
