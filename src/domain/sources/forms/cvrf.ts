import { parseIds, parseIsoDate, scoreVector } from '#base/formats';
import { plainText, readText } from '../document.ts';
import { type CvssScore, DocumentProblem, type RawDocument } from '../source.ts';
import { childrenOf, elementsOf, paragraphsOf, parseXml, textOf, type XmlElement } from './xml-tree.ts';

/** What is read of a CVRF document (ICASI 1.1, OASIS csaf-cvrf 1.2). Strings are as the document has them. */
export interface Cvrf {
  id: string;
  title: string;
  publisher: string;
  released: string;
  current: string;
  description: string;
  /** AggregateSeverity, where there is one. */
  severity: string;
  references: readonly CvrfReference[];
  /** By product id. */
  products: ReadonlyMap<string, CvrfProduct>;
  vulnerabilities: readonly CvrfVulnerability[];
}

interface CvrfReference {
  url: string;
  description: string;
}

interface CvrfProduct {
  name: string;
  cpe: string | undefined;
  /** Of a product that a relationship makes: the component, and what it is a component of. */
  component?: string;
  partOf?: string;
}

interface CvrfVulnerability {
  cve: string;
  description: string;
  /** Threat of the type Impact. */
  severity: string;
  statuses: readonly { type: string; products: readonly string[] }[];
  scores: readonly CvssScore[];
  references: readonly CvrfReference[];
}

/**
 * Reads a CVRF document.
 *
 * @param lenient puts U+FFFD for what is not UTF-8: real documents of SUSE are so, within words of people's names
 * @throws DocumentProblem
 */
export function readCvrf(document: RawDocument, lenient = false): Cvrf {
  const root = parseXml(document.key, lenient ? lenientText(document) : readText(document));
  if (root.name !== 'cvrfdoc')
    throw new DocumentProblem(
      'wrong-type',
      plainText(root.name, 60) || '(root)',
      `${document.key} is no CVRF document`,
    );
  const tracking = child(root, 'DocumentTracking');
  const id = textOf(child(child(tracking, 'Identification'), 'ID'));
  if (id === '')
    throw new DocumentProblem(
      'missing-field',
      'DocumentTracking/Identification/ID',
      `${document.key} has no id`,
    );
  return {
    id,
    title: textOf(child(root, 'DocumentTitle')),
    publisher: textOf(child(root, 'DocumentPublisher')),
    released: dateIn(id, tracking, 'InitialReleaseDate'),
    current: dateIn(id, tracking, 'CurrentReleaseDate'),
    description: childrenOf(child(root, 'DocumentNotes'), 'Note')
      .filter(({ attributes }) =>
        /^(?:General|Summary|Description|Details)$/.test(attributes.get('Type') ?? ''),
      )
      .map(noteText)
      .join('\n\n'),
    severity: textOf(child(root, 'AggregateSeverity')),
    references: referencesIn(child(root, 'DocumentReferences')),
    products: productsIn(child(root, 'ProductTree')),
    vulnerabilities: childrenOf(root, 'Vulnerability').map(readVulnerability),
  };
}

/** NUL stays an error: it is in no text of anybody. */
function lenientText({ key, bytes }: RawDocument): string {
  return readText({ key, bytes: Buffer.from(bytes.toString('utf8')) });
}

function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

function dateIn(id: string, tracking: XmlElement | undefined, name: string): string {
  const written = textOf(child(tracking, name));
  const where = `DocumentTracking/${name}`;
  if (written === '') throw new DocumentProblem('missing-field', where, `${id} has no <${name}>`);
  const date = parseIsoDate(written);
  if (date === null)
    throw new DocumentProblem('bad-date', where, `${id}: "${plainText(written, 60)}" is not a date`);
  return date;
}

/** Line breaks are the author's. */
function noteText(note: XmlElement): string {
  const plain = note.children.every((each) => typeof each === 'string');
  return (plain ? note.children.join('') : paragraphsOf(note).join('\n')).trim();
}

function referencesIn(element: XmlElement | undefined): CvrfReference[] {
  return childrenOf(element, 'Reference').map((reference) => ({
    url: textOf(child(reference, 'URL')),
    description: textOf(child(reference, 'Description')),
  }));
}

function productsIn(tree: XmlElement | undefined): Map<string, CvrfProduct> {
  const products = new Map<string, CvrfProduct>();
  const add = (element: XmlElement, relation: Pick<CvrfProduct, 'component' | 'partOf'> = {}) => {
    const id = element.attributes.get('ProductID');
    if (id !== undefined)
      products.set(id, { name: textOf(element), cpe: element.attributes.get('CPE'), ...relation });
  };
  for (const element of childrenOf(tree, 'FullProductName')) add(element);
  for (const branch of childrenOf(tree, 'Branch'))
    for (const element of elementsOf(branch, 'FullProductName')) add(element);
  for (const relationship of childrenOf(tree, 'Relationship')) {
    const component = relationship.attributes.get('ProductReference');
    const partOf = relationship.attributes.get('RelatesToProductReference');
    for (const element of childrenOf(relationship, 'FullProductName'))
      add(element, {
        ...(component !== undefined && { component }),
        ...(partOf !== undefined && { partOf }),
      });
  }
  return products;
}

function readVulnerability(element: XmlElement): CvrfVulnerability {
  const impact = childrenOf(child(element, 'Threats'), 'Threat').find(
    ({ attributes }) => attributes.get('Type') === 'Impact',
  );
  return {
    cve: parseIds(textOf(child(element, 'CVE')))[0] ?? '',
    description: childrenOf(child(element, 'Notes'), 'Note').map(noteText).join('\n\n'),
    severity: textOf(child(impact, 'Description')),
    statuses: childrenOf(child(element, 'ProductStatuses'), 'Status').map((status) => ({
      type: status.attributes.get('Type') ?? '',
      products: childrenOf(status, 'ProductID').map(textOf),
    })),
    scores: scoresIn(child(element, 'CVSSScoreSets')),
    references: referencesIn(child(element, 'References')),
  };
}

/** `<ScoreSetV3><VectorV3>` in 1.2, `<ScoreSet><Vector>` before. */
function scoresIn(sets: XmlElement | undefined): CvssScore[] {
  return ['Vector', 'VectorV2', 'VectorV3', 'VectorV4'].flatMap((name) =>
    elementsOf(sets, name).flatMap((vector) => {
      const score = scoreVector(textOf(vector));
      return score === null ? [] : [score];
    }),
  );
}
