import { parseIds } from '#base/formats';
import { compose, fixedRow, rebuiltIn } from '../compose.ts';
import { isOval, type OvalDefinition, readOval, rpmIn, splitOval } from '../forms/oval.ts';
import { foldBinaries } from '../forms/rpm.ts';
import { childrenOf, elementsOf, textOf, type XmlElement } from '../forms/xml-tree.ts';
import type { Affected, ParsedReport, SourceFormat } from '../source.ts';
import { releaseInName, releaseOf } from './release.ts';
import { cveUrl, errataUrl, severityOf, statusOf } from './words.ts';

/** OVAL of the first and the second edition (frozen since the end of 2024): advisories, and CVEs that are not mended. */
export const redhatOval: SourceFormat = {
  name: 'oval',
  recognises: (_path, head) => isOval(head, /Red Hat OVAL Patch Definition Merger|oval:com\.redhat\./),
  split: splitOval,
  parse: (document) => {
    const definition = readOval(document);
    const advisory = /^RH[SBE]A-\d{4}:\d{3,6}/.exec(
      definition.references.find(({ source }) => /^RH[SBE]A$/.test(source))?.id ?? '',
    )?.[0];
    return advisory === undefined ? tracker(document.key, definition) : patch(advisory, definition);
  },
};

function patch(key: string, definition: OvalDefinition): ParsedReport {
  const { title, criteria, cpes } = definition;
  const general = cpes.map(releaseOf).find((release) => release !== undefined);
  const rows = criteria.flatMap(({ comment, platforms }) => {
    const pkg = rpmIn(comment);
    if (pkg?.before === undefined) return [];
    const version = /^Red Hat Enterprise Linux (\d{1,2})\b/.exec(platforms[0] ?? '')?.[1];
    const release = version === undefined ? (releaseInName(pkg.before) ?? general) : `el${version}`;
    return [fixedRow({ ecosystem: 'redhat', name: pkg.name, release }, rebuiltIn('rpm', pkg.before))];
  });
  return reportOf(definition, {
    key,
    kind: 'advisory',
    title: title.replace(/^RH[SBE]A-\d{4}:\d+: /, ''),
    url: errataUrl(key),
    affected: foldBinaries(rows, title),
  });
}

/** A CVE with what Red Hat says of each component ("Will not fix"); a component may be in a module. */
function tracker(key: string, definition: OvalDefinition): ParsedReport {
  const { advisory, cpes, title } = definition;
  const release = cpes.map(releaseOf).find((each) => each !== undefined);
  const [cve] = parseIds(title);
  return reportOf(definition, {
    key,
    kind: 'tracker',
    title,
    url: cve === undefined ? null : cveUrl(cve),
    affected: elementsOf(advisory, 'resolution').flatMap((resolution) => stateRows(resolution, release)),
  });
}

function stateRows(resolution: XmlElement, release: string | undefined): Affected[] {
  const state = resolution.attributes.get('state') ?? '';
  const status = statusOf(state);
  return childrenOf(resolution, 'component').map((component) => {
    const name = textOf(component);
    const slash = name.lastIndexOf('/');
    const notes = [
      ...(slash > 0 ? [`module ${name.slice(0, slash)}`] : []),
      ...(state === '' ? [] : [state]),
    ];
    return {
      ecosystem: 'redhat',
      name: name.slice(slash + 1, slash + 301) || '-',
      ...(release !== undefined && { release }),
      ...(status !== undefined && { status }),
      ...(notes.length > 0 && { note: notes.join('; ').slice(0, 500) }),
    };
  });
}

function reportOf(
  definition: OvalDefinition,
  said: Pick<ParsedReport, 'key' | 'kind' | 'title' | 'url' | 'affected'>,
): ParsedReport {
  const { cves, references } = definition;
  return compose({
    ...said,
    description: definition.description,
    published: definition.issued ?? definition.updated,
    modified: definition.updated,
    severity: severityOf(definition.severity),
    cvss: cves.flatMap(({ scores }) => scores.map((score) => ({ ...score, by: 'redhat' }))),
    vulnerabilities: [
      ...cves.map(({ id }) => id),
      ...references.flatMap(({ source, id }) => (source === 'CVE' ? parseIds(id) : [])),
    ],
    links: definition.bugs.map((url) => ({ url, kind: 'bug' })),
    weaknesses: cves.flatMap(({ weaknesses }) => weaknesses),
  });
}
