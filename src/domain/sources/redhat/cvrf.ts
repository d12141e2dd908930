import { compose, fixedRow, rebuiltIn } from '../compose.ts';
import { checkFile } from '../document.ts';
import { type Cvrf, readCvrf } from '../forms/cvrf.ts';
import { splitNvr } from '../forms/rpm.ts';
import {
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { releaseOf } from './release.ts';
import { errataUrl, severityOf } from './words.ts';

const ID = /^RH[SBE]A-\d{4}:\d{3,6}$/;

/** Advisories in CVRF 1.1: published until October 2023. Packages are sources. */
export const redhatCvrf: SourceFormat = {
  name: 'cvrf',
  recognises: (_path, head) => /<(?:\w+:)?cvrfdoc\b/.test(head) && /Red Hat|redhat\.com/.test(head),
  namedByReport: true,
  split,
  parse: (document) => reportOf(readCvrf(document)),
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const id = /<ID>\s*(RH[SBE]A-\d{4}:\d{3,6})\s*</.exec(file.bytes.toString('latin1', 0, 4096))?.[1];
  yield { key: id ?? file.path, bytes: file.bytes };
}

function reportOf(document: Cvrf): ParsedReport {
  const { id, products, vulnerabilities } = document;
  if (!ID.test(id))
    throw new DocumentProblem(
      'bad-id',
      'Identification/ID',
      `${JSON.stringify(id.slice(0, 60))} is no advisory of Red Hat`,
    );
  const rows = vulnerabilities.flatMap(({ statuses }) =>
    statuses.flatMap(({ type, products: fixed }) => {
      if (type !== 'Fixed') return [];
      return fixed.flatMap((product) => {
        const { component = '', cpe, partOf = '' } = products.get(product) ?? {};
        const nvr = splitNvr(component);
        const release = releaseOf(cpe ?? products.get(partOf)?.cpe);
        return nvr === null
          ? []
          : [fixedRow({ ecosystem: 'redhat', name: nvr.name, release }, rebuiltIn('rpm', nvr.evr))];
      });
    }),
  );
  return compose({
    key: id,
    kind: 'advisory',
    title: document.title,
    description: document.description,
    published: document.released,
    modified: document.current,
    url: errataUrl(id),
    severity: severityOf(document.severity),
    cvss: vulnerabilities.flatMap(({ scores }) => scores.map((score) => ({ ...score, by: 'redhat' }))),
    vulnerabilities: vulnerabilities.flatMap(({ cve }) => (cve === '' ? [] : [cve])),
    affected: rows,
    links: [...document.references, ...vulnerabilities.flatMap(({ references }) => references)]
      .filter(({ url }) => !/access\.redhat\.com\/security\//.test(url) && url !== errataUrl(id))
      .map(({ url, description }) => ({ url, note: description === url ? '' : description })),
  });
}
