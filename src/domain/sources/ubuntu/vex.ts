import { PackageURL } from 'packageurl-js';
import { parseIds } from '#base/formats';
import { compose } from '../compose.ts';
import { fixedIn, isDebVersion } from '../debian/deb-version.ts';
import { plainText } from '../document.ts';
import { type OpenVex, readOpenVex, type VexStatement } from '../forms/openvex.ts';
import { readRecord, splitRecords } from '../json-records.ts';
import { type Affected, DocumentProblem, type ParsedReport, type SourceFormat } from '../source.ts';

const FILE =
  /(?:^|\/)vex\/(?:cve\/(?:\d{4}\/)?(CVE-\d{4}-\d{4,19})|(?:usn|lsn)\/((?:USN|LSN)-\d{1,6}-\d{1,3}))\.json$/;

/** vex/cve/2025/CVE-2025-0167.json, vex/usn/USN-7372-1.json: OpenVEX of one CVE, or of what one notice mends. */
export const vex: SourceFormat = {
  name: 'vex',
  recognises: (path, head) =>
    /"@context"\s*:\s*"https:\/\/openvex\.dev\//.test(head) &&
    (FILE.test(path) || /canonical|ubuntu/i.test(head)),
  namedByReport: true,
  split: (file) => splitRecords(file, { id: ['metadata', '@id'], key: (id) => idIn(id) }),
  parse: (document) => readRecord(document, (value) => reportOf(readOpenVex(value))),
};

/** The document's address ends with what it is about. */
function idIn(address: string): string | null {
  const id = /\/((?:CVE-\d{4}-\d{4,19})|(?:USN|LSN)-\d{1,6}-\d{1,3})(?:\.json)?$/.exec(address)?.[1];
  return id === undefined ? null : `VEX-${id}`;
}

function reportOf(document: OpenVex): ParsedReport {
  const key = idIn(document.id);
  if (key === null)
    throw new DocumentProblem(
      'bad-id',
      'metadata.@id',
      `${plainText(document.id, 100)} ends with no CVE and no notice`,
    );
  const about = key.slice(4);
  const { statements } = document;
  const ids = [
    ...parseIds(about),
    ...statements.flatMap(({ vulnerability, aliases }) => [vulnerability, ...aliases].flatMap(parseIds)),
  ];
  const rows = statements.flatMap(rowsOf);
  return compose({
    key,
    kind: 'tracker',
    title: statements[0]?.description || about,
    description: [...new Set(statements.map(({ description }) => description))].join('\n\n'),
    published: document.published,
    modified:
      document.modified ??
      statements
        .flatMap(({ timestamp }) => timestamp ?? [])
        .sort()
        .at(-1) ??
      null,
    url: /^CVE-/.test(about)
      ? `https://ubuntu.com/security/${about}`
      : `https://ubuntu.com/security/notices/${about}`,
    vulnerabilities: ids,
    affected: rows,
    cited: /^CVE-/.test(about) ? [] : [about],
  });
}

/** Source packages alone: each of them is listed with every binary on every architecture. */
function rowsOf({ status, products, justification, impact }: VexStatement): Affected[] {
  const note = plainText([justification, impact].filter((part) => part !== '').join('; '), 500);
  return products.flatMap((product) => {
    if (!product.includes('arch=source')) return [];
    let purl: PackageURL;
    try {
      purl = PackageURL.fromString(product);
    } catch {
      return [];
    }
    const { name, version, qualifiers } = purl;
    const release = qualifiers?.distro;
    const fixed =
      status === 'fixed' && typeof version === 'string' && isDebVersion(version) ? version : undefined;
    return [
      {
        ecosystem: 'ubuntu',
        name: plainText(name, 300),
        ...(typeof release === 'string' && release !== '' && { release: plainText(release, 60) }),
        status,
        ...(fixed !== undefined && { fixed, versions: fixedIn(fixed) }),
        ...(note !== '' && { note }),
      },
    ];
  });
}
