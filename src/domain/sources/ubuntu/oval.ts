import { parseIds, parseIsoDate } from '#base/formats';
import { compose, ratingBy } from '../compose.ts';
import { fixedIn, isDebVersion } from '../debian/deb-version.ts';
import { isOval, type OvalDefinition, readOval, splitOval } from '../forms/oval.ts';
import { foldBinaries } from '../forms/rpm.ts';
import { childrenOf, textOf } from '../forms/xml-tree.ts';
import type { Affected, ParsedReport, SourceFormat } from '../source.ts';
import { noticeId } from './usn.ts';

/** com.ubuntu.<codename>.{cve,pkg,usn}.oval.xml: a definition for each CVE, each package, or each notice. */
export const ubuntuOval: SourceFormat = {
  name: 'oval',
  recognises: (_path, head) => isOval(head, /Canonical (?:CVE|Package|USN|OVAL)|oval:com\.ubuntu\./),
  split: splitOval,
  parse: (document) => reportOf(document.key, readOval(document)),
};

function reportOf(key: string, definition: OvalDefinition): ParsedReport {
  const { title, references, cves } = definition;
  const notice = references.find(({ source }) => source === 'USN');
  const own = notice === undefined ? null : noticeId(notice.id, 'metadata/reference');
  const rows = definition.criteria.flatMap(({ comment }) => rowIn(comment));
  const named = [...references.flatMap(({ id }) => parseIds(id)), ...cves.map(({ id }) => id)];
  return compose({
    key: own ?? key,
    kind: own === null ? 'tracker' : 'advisory',
    title: title.replace(/^USN-[\d-]+ -- /, ''),
    description: definition.description,
    published: definition.issued ?? publicDate(definition),
    modified: definition.updated,
    url: own === null ? (references[0]?.url ?? null) : `https://ubuntu.com/security/notices/${own}`,
    severity: ratingBy(definition.severity),
    cvss: cves.flatMap(({ scores }) => scores),
    vulnerabilities: named,
    affected: own === null ? rows : foldBinaries(noticeRows(definition), title),
    links: definition.bugs.map((url) => ({ url })),
  });
}

function publicDate({ advisory }: OvalDefinition): string | null {
  return parseIsoDate(textOf(childrenOf(advisory, 'public_date')[0]));
}

const FIXED = /^was vulnerable but has been fixed/;
/** What the generator writes for each word of the tracker. */
const STATES: readonly (readonly [RegExp, NonNullable<Affected['status']>])[] = [
  [FIXED, 'fixed'],
  [/^is not affected/, 'not_affected'],
  [/^is affected, but a decision has been made to defer/, 'postponed'],
  [/a decision has been made to ignore/, 'wont_fix'],
  [/^is affected\b/, 'affected'],
  [/^may (?:be|need)|^is related to the CVE/, 'under_investigation'],
];

/** "(CVE-2023-48795) libssh package in jammy was vulnerable but has been fixed (note: '0.9.6-2ubuntu0.22.04.2')." */
function rowIn(comment: string): Affected[] {
  const [, cve, name, release, said = ''] =
    /^(?:\((CVE-\d{4}-\d{4,19})\) )?(\S{1,120}) package in (\S{1,60}),? (.{1,400})$/.exec(comment) ?? [];
  if (name === undefined || release === undefined) return [];
  const status = STATES.find(([words]) =>
    words.test(said.replace(/^while related to the CVE in some way, /, '')),
  )?.[1];
  const remark = /\(note: '([^']{1,300})'\)/.exec(said)?.[1] ?? '';
  const fixed = status === 'fixed' && isDebVersion(remark) ? remark : undefined;
  return [
    {
      ecosystem: 'ubuntu',
      name,
      release,
      ...(cve !== undefined && { vulnerability: cve }),
      ...(status !== undefined && { status }),
      ...(fixed === undefined ? remark !== '' && { note: remark } : { fixed, versions: fixedIn(fixed) }),
    },
  ];
}

/** A notice's versions stand in its text: "libssh-4 - 0.9.6-2ubuntu0.22.04.2". Its criteria only say "Long Term Support". */
function noticeRows({ id, description }: OvalDefinition): Affected[] {
  const release = /^oval:com\.ubuntu\.([a-z]{3,20}):/.exec(id)?.[1] ?? '';
  const list = description.slice(0, 1 << 20).split('following package versions:')[1] ?? '';
  return [
    ...list.matchAll(/(?<=^|\s)([a-z0-9][a-z0-9.+-]{1,120}) - (\d[A-Za-z0-9.+~:-]{0,200})(?=\s|$)/g),
  ].map(([, name = '', version = '']) => ({
    ecosystem: 'ubuntu',
    name,
    ...(release !== '' && { release }),
    status: 'fixed',
    fixed: version,
    versions: fixedIn(version),
  }));
}
