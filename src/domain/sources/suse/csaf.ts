import { type CsafDocument, oneLine, readCsaf } from '#base/formats';
import { compose, ratingBy } from '../compose.ts';
import { plainText } from '../document.ts';
import { ownId, readDate, readRecord, splitRecords } from '../json-records.ts';
import { type Affected, DocumentProblem, type ParsedReport, type SourceFormat } from '../source.ts';
import { ANNOUNCEMENT, announcementUrl, type Component, componentIn, rowsOf, together } from './products.ts';

const ID = ['document', 'tracking', 'id'];

function isSuse(path: string, head: string): boolean {
  return (
    /"csaf_version"\s*:/.test(head) &&
    (/suse\.com/.test(head) ||
      /(?:^|\/)(?:open)?suse-[a-z]{2}-[^/]*\.json$/.test(path) ||
      /csaf-vex[^/]*\//.test(path))
  );
}

function isVex(path: string, head: string): boolean {
  return /(?:^|\/)cve-\d{4}-\d{4,}[^/]*$/i.test(path) || /"category"\s*:\s*"csaf_vex"/.test(head);
}

/** SUSE's and openSUSE's announcements in CSAF 2.0. */
export const csaf: SourceFormat = {
  name: 'csaf',
  recognises: (path, head) => isSuse(path, head) && !isVex(path, head),
  namedByReport: true,
  split: (file) => splitRecords(file, { id: ID, key: (id) => id || null }),
  parse: (document) => readRecord(document, (value) => announcement(readCsaf(value))),
};

/** What SUSE knows of one CVE in all its products, in CSAF 2.0 by the VEX profile. */
export const csafVex: SourceFormat = {
  name: 'csaf-vex',
  recognises: (path, head) => isSuse(path, head) && isVex(path, head),
  namedByReport: true,
  split: (file) => splitRecords(file, { id: ID, key: (id) => (id.startsWith('CVE-') ? `VEX-${id}` : null) }),
  parse: (document) => readRecord(document, (value) => vex(readCsaf(value))),
};

function announcement(document: CsafDocument): ParsedReport {
  checkPublisher(document);
  const { id } = document;
  if (!ANNOUNCEMENT.test(id))
    throw new DocumentProblem(
      'bad-id',
      'document.tracking.id',
      `${JSON.stringify(id.slice(0, 60))} is no announcement of SUSE`,
    );
  return reportOf(document, id, 'advisory', ownPage(document) ?? announcementUrl(id));
}

function vex(document: CsafDocument): ParsedReport {
  checkPublisher(document);
  const id = ownId(document.id, 'document.tracking.id');
  return reportOf(document, `VEX-${id}`, 'tracker', `https://www.suse.com/security/cve/${id}`);
}

function checkPublisher({ publisher }: CsafDocument): void {
  if (!/^https?:\/\/(?:www\.)?suse\.com\/?$/.test(publisher))
    throw new DocumentProblem(
      'bad-id',
      'document.publisher.namespace',
      `${plainText(publisher, 100)} publishes this, not SUSE`,
    );
}

function reportOf(
  document: CsafDocument,
  key: string,
  kind: ParsedReport['kind'],
  url: string,
): ParsedReport {
  const { vulnerabilities } = document;
  const ids = vulnerabilities.flatMap(({ cve }, index) =>
    cve === undefined ? [] : [ownId(cve, `vulnerabilities[${index}].cve`)],
  );
  const notes = document.notes.filter(({ category }) => category === 'description' || category === 'summary');
  const own = kind === 'tracker' ? vulnerabilities.flatMap((each) => each.notes) : [];
  return compose({
    key,
    kind,
    title: kind === 'tracker' ? (own[0]?.text ?? document.title) : document.title,
    description: [...notes, ...own].map(({ text }) => text.trim()).join('\n\n'),
    published: readDate(document.released, 'document.tracking.initial_release_date'),
    modified: readDate(document.current, 'document.tracking.current_release_date'),
    url,
    severity: ratingBy(document.severity),
    cvss: vulnerabilities.flatMap(({ scores }) => scores.map((score) => ({ ...score, by: 'suse' }))),
    vulnerabilities: kind === 'tracker' ? [key.slice(4)] : ids,
    affected: affectedIn(document),
    links: [...document.references, ...vulnerabilities.flatMap(({ references }) => references)]
      .filter((each) => each.url !== url && !OWN_PAGE.test(each.url))
      .map(({ url: address, summary }) => ({
        url: address,
        note: summary === address ? '' : oneLine(summary, 300),
      })),
    weaknesses: vulnerabilities.flatMap(({ cwe }) => cwe ?? []),
  });
}

/** Pages that say nothing beyond the document. */
const OWN_PAGE =
  /^https:\/\/(?:www\.suse\.com\/(?:support\/security\/rating|security\/cve\/)|ftp\.suse\.com\/pub\/projects\/security\/)/;

function ownPage({ references }: CsafDocument): string | null {
  return (
    references.find(({ url }) => /^https:\/\/www\.suse\.com\/support\/update\/announcement\//.test(url))
      ?.url ?? null
  );
}

function affectedIn(document: CsafDocument): Affected[] {
  const { products, vulnerabilities, title } = document;
  const component = (id: string): Component | null => {
    const product = products.get(id);
    if (product?.component === undefined || product.partOf === undefined) return componentIn(id);
    return { product: products.get(product.partOf)?.name ?? product.partOf, component: product.component };
  };
  return together(
    vulnerabilities.map(({ status, cve }) =>
      rowsOf(
        status.map((each) => ({
          status: each.status,
          components: each.products.flatMap((id) => component(id) ?? []),
        })),
        title,
        cve,
      ),
    ),
  );
}
