import { type CsafDocument, type CsafVulnerability, oneLine, readCsaf } from '#base/formats';
import { cutText, ownId, readDate, readRecord, splitRecords } from '../json-records.ts';
import { linksOf, type Reference } from '../references.ts';
import {
  type CvssScore,
  DocumentProblem,
  type Link,
  type ParsedReport,
  type SourceFormat,
} from '../source.ts';
import { affectedIn } from './csaf-affected.ts';
import { cveUrl, errataUrl, severityOf } from './words.ts';

const ID = ['document', 'tracking', 'id'];
const ADVISORY = /^RH[SBE]A-\d{4}:\d{3,6}$/;

/** A VEX document's name or address has the CVE; what else is CSAF of Red Hat is an advisory. */
function isVex(path: string, head: string): boolean {
  return /(?:^|\/)cve-\d{4}-\d{4,}[^/]*$/i.test(path) || head.includes('/data/csaf/v2/vex');
}

function isRedHat(path: string, head: string): boolean {
  if (!/"csaf_version"\s*:/.test(head)) return false;
  return head.includes('redhat.com') || /(?:^|\/)rh[sbe]a-\d{4}_\d+[^/]*$/i.test(path);
}

/** Red Hat's advisories (RHSA, RHBA, RHEA) in CSAF 2.0. */
export const csafAdvisory: SourceFormat = {
  name: 'csaf-advisory',
  recognises: (path, head) => isRedHat(path, head) && !isVex(path, head),
  split: (file) => splitRecords(file, { id: ID, key: keyOf }),
  parse: (document) => readRecord(document, (value) => reportOf(readCsaf(value))),
};

/** What Red Hat knows of one CVE in all its products, in CSAF 2.0 by the VEX profile. */
export const csafVex: SourceFormat = {
  ...csafAdvisory,
  name: 'csaf-vex',
  recognises: (path, head) => isRedHat(path, head) && isVex(path, head),
};

/** The API has a report of the same CVE, which is another document. */
function keyOf(id: string): string | null {
  if (ADVISORY.test(id)) return id;
  return /^CVE-\d{4}-\d{4,19}$/.test(id) ? `VEX-${id}` : null;
}

function reportOf(document: CsafDocument): ParsedReport {
  if (!/^https?:\/\/(?:www\.)?redhat\.com\/?$/.test(document.publisher))
    throw new DocumentProblem(
      'bad-id',
      'document.publisher.namespace',
      `${document.publisher.slice(0, 100)} publishes this, not Red Hat`,
    );
  const advisory = ADVISORY.test(document.id);
  if (!advisory && !document.id.startsWith('CVE-'))
    throw new DocumentProblem(
      'bad-id',
      'document.tracking.id',
      `document.tracking.id is ${JSON.stringify(document.id.slice(0, 100))}, neither RHSA, RHBA, RHEA nor CVE`,
    );
  const id = advisory ? document.id : ownId(document.id, 'document.tracking.id');
  const vulnerabilities = subjectsOf(document);
  const url = advisory ? errataUrl(id) : cveUrl(id);
  const { links, cites } = linksIn(document, id);
  const description = descriptionOf(document, advisory);
  return {
    key: advisory ? id : `VEX-${id}`,
    kind: advisory ? 'advisory' : 'tracker',
    title: oneLine(document.title.slice(0, 600), 300) || id,
    ...(description !== '' && { description }),
    published: readDate(document.released, 'document.tracking.initial_release_date'),
    modified: readDate(document.current, 'document.tracking.current_release_date'),
    url,
    ...severityOf(document.severity),
    cvss: scoresOf(document.vulnerabilities),
    vulnerabilities,
    aliases: [],
    affected: affectedIn(document),
    links: links.filter((link) => link.url !== url),
    cites: cites.filter((cited) => cited !== id),
    weaknesses: [...new Set(document.vulnerabilities.flatMap(({ cwe }) => cwe ?? []))],
  };
}

function subjectsOf(document: CsafDocument): string[] {
  const ids = document.vulnerabilities.flatMap(({ cve }, index) =>
    cve === undefined ? [] : [ownId(cve, `vulnerabilities[${index}].cve`)],
  );
  return [...new Set(ids)];
}

/** An advisory tells its topic and details; a VEX document has its text with the vulnerability. */
function descriptionOf(document: CsafDocument, advisory: boolean): string {
  const notes = advisory
    ? document.notes.filter(({ category }) => category === 'summary' || category === 'general')
    : document.vulnerabilities.flatMap(({ notes }) =>
        notes.filter(({ category }) => category === 'description'),
      );
  return cutText(notes.map(({ text }) => text.trim()).join('\n\n'), 20_000);
}

function scoresOf(vulnerabilities: readonly CsafVulnerability[]): CvssScore[] {
  const scores = new Map<string, CvssScore>();
  for (const { version, vector, score } of vulnerabilities.flatMap((one) => one.scores))
    scores.set(`${version} ${vector}`, { version, vector, score, by: 'redhat' });
  return [...scores.values()];
}

/** Pages of Red Hat's own that say nothing beyond the document. */
const OWN_PAGE =
  /^https:\/\/(?:access\.redhat\.com\/security\/(?:cve\/|updates\/classification)|security\.access\.redhat\.com\/data\/)/;

function linksIn(document: CsafDocument, id: string): { links: Link[]; cites: string[] } {
  const whole = linksOf(ofOthers(document.references));
  const links = new Map(whole.links.map((link) => [link.url, withBug(link)]));
  const cites = new Set(whole.cites);
  for (const vulnerability of document.vulnerabilities) {
    const { cve, references, remediations } = vulnerability;
    const fixes = remediations.flatMap(({ category, url }) =>
      category === 'vendor_fix' && url !== undefined ? [{ url }] : [],
    );
    const said = linksOf([...ofOthers(references), ...fixes]);
    for (const cited of said.cites) cites.add(cited);
    for (const link of said.links) {
      if (link.id === id) continue;
      const known = links.get(link.url);
      const about =
        cve === undefined || (known !== undefined && known.vulnerability !== undefined)
          ? {}
          : { vulnerability: cve };
      links.set(link.url, { ...withBug(link), ...known, ...about });
    }
  }
  return { links: [...links.values()], cites: [...cites] };
}

function ofOthers(references: CsafDocument['references']): Reference[] {
  return references.filter(({ url }) => !OWN_PAGE.test(url)).map(({ url }) => ({ url }));
}

function withBug(link: Link): Link {
  const bug = /^https:\/\/bugzilla\.redhat\.com\/show_bug\.cgi\?id=(\d+)$/.exec(link.url);
  return bug === null ? link : { ...link, id: `RHBZ#${bug[1]}` };
}
