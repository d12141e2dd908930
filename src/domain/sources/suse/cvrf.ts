import { parseIds } from '#base/formats';
import { compose, fixedRow, ratingBy, rebuiltIn } from '../compose.ts';
import { checkFile } from '../document.ts';
import { type Cvrf, readCvrf } from '../forms/cvrf.ts';
import { foldBinaries, splitNvr } from '../forms/rpm.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { ANNOUNCEMENT, announcementUrl, type Component, componentIn, rowsOf, together } from './products.ts';

function isSuse(head: string): boolean {
  return /<(?:\w+:)?cvrfdoc\b/.test(head) && /security@suse\.de|SUSE (?:Patch|CVE|Image)/.test(head);
}

/** SUSE's and openSUSE's announcements in CVRF 1.1 and 1.2. Some are not UTF-8, within names of people. */
export const cvrf: SourceFormat = {
  name: 'cvrf',
  recognises: (_path, head) => isSuse(head) && !/>\s*SUSE CVE\s*</.test(head),
  namedByReport: true,
  split,
  parse: (document) => {
    const read = readCvrf(document, true);
    // Images (SUSE-IU, SUSE-CU) are made of packages that were announced.
    return /^SUSE (?:Image|Container) /.test(read.id) ? null : announcement(read);
  },
};

/** What SUSE knows of one CVE, in CVRF 1.2. */
export const cvrfCve: SourceFormat = {
  name: 'cvrf-cve',
  recognises: (_path, head) => isSuse(head) && />\s*SUSE CVE\s*</.test(head),
  split,
  parse: (document) => tracker(readCvrf(document, true)),
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const id = /<ID\s*>\s*([^<]{3,80}?)\s*</.exec(file.bytes.toString('latin1', 0, 4096))?.[1];
  yield { key: id ?? file.path, bytes: file.bytes };
}

function announcement(document: Cvrf): ParsedReport {
  const { id } = document;
  if (!ANNOUNCEMENT.test(id))
    throw new DocumentProblem(
      'bad-id',
      'Identification/ID',
      `${JSON.stringify(id.slice(0, 60))} is no announcement of SUSE`,
    );
  const page = document.references.find(({ url }) => /\/support\/update\/announcement\//.test(url))?.url;
  return reportOf(document, id, 'advisory', page ?? announcementUrl(id));
}

function tracker(document: Cvrf): ParsedReport {
  const [cve] = parseIds(document.id);
  if (cve === undefined)
    throw new DocumentProblem(
      'bad-id',
      'Identification/ID',
      `${JSON.stringify(document.id.slice(0, 60))} names no CVE`,
    );
  return reportOf(document, `CVRF-${cve}`, 'tracker', `https://www.suse.com/security/cve/${cve}`);
}

function reportOf(document: Cvrf, key: string, kind: ParsedReport['kind'], url: string): ParsedReport {
  const { vulnerabilities, products, title } = document;
  const component = (id: string): Component | null => {
    const product = products.get(id);
    if (product?.component === undefined || product.partOf === undefined) return componentIn(id);
    return { product: products.get(product.partOf)?.name ?? product.partOf, component: product.component };
  };
  const rows = vulnerabilities.map(({ statuses, cve }) =>
    rowsOf(
      statuses.map(({ type, products: ids }) => ({
        status: type,
        components: ids.flatMap((id) => component(id) ?? []),
      })),
      title,
      cve === '' ? undefined : cve,
    ),
  );
  const bare = rows.flat().length > 0 ? [] : bareRows(document);
  const described = kind === 'tracker' ? vulnerabilities[0]?.description : undefined;
  return compose({
    key,
    kind,
    title: described?.split('\n', 1)[0] ?? title,
    description: document.description,
    published: document.released,
    modified: document.current,
    url,
    severity: ratingBy(document.severity || worst(vulnerabilities.map(({ severity }) => severity))),
    cvss: vulnerabilities.flatMap(({ scores }) => scores.map((score) => ({ ...score, by: 'suse' }))),
    vulnerabilities: vulnerabilities.flatMap(({ cve }) => (cve === '' ? [] : [cve])),
    affected: [...together(rows), ...bare],
    links: [...document.references, ...vulnerabilities.flatMap(({ references }) => references)]
      .filter(
        (each) =>
          each.url !== url && !/\/security\/(?:cve|rating)\/|\/support\/security\/rating/.test(each.url),
      )
      .map((each) => ({ url: each.url, note: each.description })),
  });
}

/** Some of 2016 name no product: the packages alone, as what is fixed. */
function bareRows({ products, title }: Cvrf): Affected[] {
  const packages = [...products.values()].flatMap(({ name, component }) =>
    component === undefined ? (splitNvr(name) ?? []) : [],
  );
  const rows = packages.map(({ name, evr }) => fixedRow({ ecosystem: 'suse', name }, rebuiltIn('rpm', evr)));
  return foldBinaries(rows, title);
}

const ORDER = ['low', 'moderate', 'important', 'critical'];

/** Of words of SUSE's the worst; an announcement is as bad as the worst that it mends. */
function worst(words: readonly string[]): string {
  return words.reduce(
    (bad, word) => (ORDER.indexOf(word.toLowerCase()) > ORDER.indexOf(bad.toLowerCase()) ? word : bad),
    '',
  );
}
