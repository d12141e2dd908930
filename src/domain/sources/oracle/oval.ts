import { compose, fixedRow, ratingBy, rebuiltIn } from '../compose.ts';
import { plainText } from '../document.ts';
import { type Criterion, isOval, type OvalDefinition, readOval, rpmIn, splitOval } from '../forms/oval.ts';
import { foldBinaries } from '../forms/rpm.ts';
import { type Affected, DocumentProblem, type ParsedReport, type SourceFormat } from '../source.ts';

/** com.oracle.elsa-*.xml: a definition for each advisory. */
export const elsaOval: SourceFormat = {
  name: 'oval',
  recognises: (_path, head) => isOval(head, /Oracle Errata System|oval:com\.oracle\.elsa:/),
  split: splitOval,
  parse: (document) => reportOf(readOval(document)),
};

const ID = /\bELSA-\d{4}-\d{1,6}(?:-\d{1,2})?\b/;

function reportOf(definition: OvalDefinition): ParsedReport {
  const { title, references } = definition;
  const key = ID.exec(references.find(({ source }) => source === 'elsa')?.id ?? title)?.[0];
  if (key === undefined)
    throw new DocumentProblem(
      'bad-id',
      'metadata/reference',
      `${plainText(definition.id, 100)} names no ELSA`,
    );
  const url = `https://linux.oracle.com/errata/${key}.html`;
  return compose({
    key,
    kind: 'advisory',
    title: title.replace(/^ELSA-[\d-]+:\s*/, ''),
    description: definition.description,
    published: definition.issued,
    modified: definition.updated,
    url,
    severity: ratingBy(definition.severity),
    cvss: definition.cves.flatMap(({ scores }) => scores.map((score) => ({ ...score, by: 'oracle' }))),
    vulnerabilities: definition.cves.map(({ id }) => id),
    affected: rowsOf(definition, title),
    links: [
      { url, kind: 'advisory' },
      ...references
        .filter((each) => each.url !== url && !/oracle\.com\/cve\//.test(each.url))
        .map((each) => ({ url: each.url })),
      ...definition.bugs.map((bug) => ({ url: bug, kind: 'bug' as const })),
    ],
  });
}

/**
 * Rows by release. An advisory of ksplice has the same packages built to be patched while they run: they are no fix of the others, and
 * where both stand in one definition only the others count. Where architectures have different versions the row says which.
 */
function rowsOf({ criteria }: OvalDefinition, title: string): Affected[] {
  const found = criteria.flatMap((criterion) => packageIn(criterion));
  const plain = found.filter(({ evr }) => !evr.includes('.ksplice'));
  const used = plain.length > 0 ? plain : found;
  const versions = new Map<string, Set<string>>();
  for (const { name, release, evr } of used) {
    const known = versions.get(`${release} ${name}`);
    if (known === undefined) versions.set(`${release} ${name}`, new Set([evr]));
    else known.add(evr);
  }
  const rows = used.map(({ name, release, evr, arch }) => {
    const differs = (versions.get(`${release} ${name}`)?.size ?? 1) > 1;
    const notes = [
      ...(evr.includes('.ksplice') ? ['ksplice'] : []),
      ...(differs && arch !== null ? [`only on ${arch}`] : []),
    ];
    return fixedRow({ ecosystem: 'oracle', name, release }, rebuiltIn('rpm', evr), notes.join('; '));
  });
  return foldBinaries([...new Map(rows.map((row) => [JSON.stringify(row), row])).values()], title);
}

interface Build {
  name: string;
  release: string;
  evr: string;
  arch: string | null;
}

function packageIn({ comment, platforms, arch }: Criterion): Build[] {
  const pkg = rpmIn(comment);
  if (pkg?.before === undefined) return [];
  const version = /^Oracle Linux (\d{1,2})$/.exec(platforms[0] ?? '')?.[1];
  return [{ name: pkg.name, release: version === undefined ? '' : `ol${version}`, evr: pkg.before, arch }];
}
