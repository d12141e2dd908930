import { parseIds } from '#base/formats';
import { compose, ratingBy, rebuiltIn } from '../compose.ts';
import { isOval, type OvalDefinition, readOval, rpmIn, splitOval } from '../forms/oval.ts';
import { foldBinaries } from '../forms/rpm.ts';
import type { Affected, ParsedReport, SourceFormat } from '../source.ts';
import { releaseOf } from './products.ts';

/** OVAL of one product: a definition for each CVE (`-affected` with those that have no fix), or for each patch. */
export const suseOval: SourceFormat = {
  name: 'oval',
  recognises: (_path, head) => isOval(head, /org\.opensuse\.security|Marcus (?:Updateinfo to )?OVAL/),
  split: splitOval,
  parse: (document) => reportOf(document.key, readOval(document)),
};

function reportOf(key: string, definition: OvalDefinition): ParsedReport {
  const { title, references, cves } = definition;
  const named = references.flatMap(({ source, id }) => (/CVE/.test(source) ? parseIds(id) : []));
  const own = definition.class === 'patch' ? [...named, ...cves.map(({ id }) => id)] : parseIds(title);
  const patch = references.find(({ source }) => source === 'SUSE-SU');
  return compose({
    key,
    kind: 'tracker',
    title: `${title} in ${definition.platforms[0] ?? 'SUSE'}`,
    description: definition.description,
    published: definition.issued,
    modified: definition.updated,
    url:
      (definition.class === 'patch'
        ? patch?.url
        : references.find(({ source }) => source === 'SUSE CVE')?.url) ?? null,
    severity: ratingBy(definition.severity),
    cvss: cves.flatMap(({ scores }) => scores.map((score) => ({ ...score, by: 'suse' }))),
    vulnerabilities: own.length > 0 ? own : named,
    affected: foldBinaries(rowsOf(definition), title),
    links: [
      ...references
        .filter(({ source }) => source === 'SUSE-SU')
        .map(({ url }) => ({ url, kind: 'advisory' as const })),
      ...definition.bugs.map((url) => ({ url, kind: 'bug' as const })),
    ],
    cited: references.map(({ id }) => id),
  });
}

/** A row for each package and release. Where one has "is affected" beside versions, the versions say more. */
function rowsOf(definition: OvalDefinition): Affected[] {
  const rows = new Map<string, Affected>();
  for (const { comment, platforms } of definition.criteria) {
    const pkg = rpmIn(comment);
    if (pkg === null) continue;
    const { name, before, state } = pkg;
    for (const platform of platforms.length > 0 ? platforms : definition.platforms.slice(0, 1)) {
      const row: Affected = {
        ecosystem: 'suse',
        name,
        release: releaseOf(platform),
        status: state,
        ...(before !== undefined && { fixed: before, versions: rebuiltIn('rpm', before) }),
      };
      rows.set(`${row.release}\n${name}\n${state}\n${before}`, row);
    }
  }
  return [...rows.values()];
}
