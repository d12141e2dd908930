import { compose, fixedRow, ratingBy, rebuiltIn } from '../compose.ts';
import { plainText } from '../document.ts';
import { isOval, type OvalDefinition, readOval, rpmIn, splitOval } from '../forms/oval.ts';
import { foldBinaries } from '../forms/rpm.ts';
import type { ParsedReport, SourceFormat } from '../source.ts';
import { almaId, almaUrl } from './ids.ts';

/** org.almalinux.alsa-9.xml: a definition for each advisory. */
export const almaOval: SourceFormat = {
  name: 'oval',
  recognises: (_path, head) => isOval(head, /AlmaLinux OS Errata System|oval:org\.almalinux\./),
  split: splitOval,
  parse: (document) => reportOf(readOval(document)),
};

function reportOf(definition: OvalDefinition): ParsedReport {
  const { references, cves, criteria } = definition;
  const title = definition.title.replace(/^AL[SBE]A-\d{4}[:-]\d+:\s*/, '');
  const own = references.find(({ source }) => source === 'ALSA');
  const key = almaId(own?.id ?? definition.title.split(': ', 1)[0] ?? '', 'metadata/reference');
  const rows = criteria.flatMap(({ comment, platforms }) => {
    const pkg = rpmIn(comment);
    if (pkg?.before === undefined) return [];
    const version = /^AlmaLinux (\d{1,2})$/.exec(platforms[0] ?? '')?.[1];
    return [
      fixedRow(
        { ecosystem: 'alma', name: pkg.name, release: version === undefined ? undefined : `el${version}` },
        rebuiltIn('rpm', pkg.before),
      ),
    ];
  });
  return compose({
    key,
    kind: 'advisory',
    title,
    description: definition.description,
    published: definition.issued,
    modified: definition.updated,
    url: own?.url ?? almaUrl(key),
    severity: ratingBy(plainText(definition.severity, 60)),
    cvss: cves.flatMap(({ scores }) => scores.map((score) => ({ ...score, by: 'redhat' }))),
    vulnerabilities: cves.map(({ id }) => id),
    affected: foldBinaries(rows, title),
    links: definition.bugs.map((url) => ({ url, kind: 'bug' })),
    weaknesses: cves.flatMap(({ weaknesses }) => weaknesses),
  });
}
