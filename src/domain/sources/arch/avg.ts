import { asList, asObject, asString, optionalString, parseId, parseIds } from '#base/formats';
import { compose, mendedIn, ratingBy } from '../compose.ts';
import { plainText } from '../document.ts';
import { readRecord, splitRecords } from '../json-records.ts';
import { type Affected, DocumentProblem, type ParsedReport, type SourceFormat } from '../source.ts';

const ID = /^AVG-\d{1,6}$/;

/** Groups of the tracker (all.json, issues.json, AVG-1.json): the packages of one source, one window of versions, many CVEs. */
export const avg: SourceFormat = {
  name: 'avg',
  recognises: (_path, head) =>
    /"name"\s*:\s*"AVG-\d/.test(head) && /"(?:issues|packages|status)"\s*:/.test(head),
  namedByReport: true,
  split: (file) => splitRecords(file, { id: ['name'], key: (id) => (ID.test(id) ? id : null) }),
  parse: (document) => readRecord(document, reportOf),
};

const STATUS: ReadonlyMap<string, Affected['status']> = new Map<string, Affected['status']>([
  ['Fixed', 'fixed'],
  ['Testing', 'affected'],
  ['Vulnerable', 'affected'],
  ['Not affected', 'not_affected'],
  ['Unknown', 'under_investigation'],
]);

function reportOf(value: unknown): ParsedReport {
  const group = asObject(value, '(root)');
  const key = asString(group.name, 'name');
  if (!ID.test(key))
    throw new DocumentProblem(
      'bad-id',
      'name',
      `name is ${JSON.stringify(key.slice(0, 60))}, no id of a group`,
    );
  const issues = asList(group.issues, 'issues').map((issue, index) => {
    const written = asString(issue, 'issues[]', index);
    if (parseId(written) === null)
      throw new DocumentProblem(
        'bad-id',
        `issues[${index}]`,
        `${key}: ${JSON.stringify(written.slice(0, 60))} is no CVE id`,
      );
    return written;
  });
  const packages = asList(group.packages, 'packages').map((name, index) =>
    asString(name, 'packages[]', index),
  );
  const type = optionalString(group.type, 'type') ?? '';
  const ticket = optionalString(group.ticket, 'ticket') ?? '';
  const url = `https://security.archlinux.org/${key}`;
  return compose({
    key,
    kind: 'tracker',
    title: `${packages.join(', ')}: ${type}`,
    // The tracker's lists have no dates; an advisory's text has.
    published: null,
    url,
    severity: group.severity === 'Unknown' ? undefined : ratingBy(optionalString(group.severity, 'severity')),
    vulnerabilities: issues.flatMap(parseIds),
    affected: packages.map((name) => rowOf(key, name, group)),
    links: /^\d{1,9}$/.test(ticket)
      ? [{ url: `https://bugs.archlinux.org/task/${ticket}`, kind: 'bug' }]
      : [],
    cited: asList(group.advisories, 'advisories').map((id, index) => asString(id, 'advisories[]', index)),
  });
}

function rowOf(key: string, name: string, group: Readonly<Record<string, unknown>>): Affected {
  const written = asString(group.status, 'status');
  if (!STATUS.has(written))
    throw new DocumentProblem(
      'bad-grammar',
      'status',
      `${key}: ${JSON.stringify(written.slice(0, 60))} is no status`,
    );
  const status = STATUS.get(written);
  const affected = optionalString(group.affected, 'affected') ?? '';
  const fixed = optionalString(group.fixed, 'fixed') ?? '';
  const row: Affected = {
    ecosystem: 'arch',
    name: plainText(name, 300),
    ...(status !== undefined && { status }),
  };
  if (written === 'Testing') row.note = 'in testing';
  if (status === 'not_affected') return row;
  if (fixed !== '') return { ...row, fixed: plainText(fixed, 200), versions: mendedIn('rpm', fixed) };
  if (affected === '') return row;
  // Found in that version, and not mended since.
  const versions = {
    scheme: 'rpm' as const,
    affected: [{ min: affected }],
    unaffected: [],
    otherwise: 'unknown' as const,
  };
  return { ...row, versions };
}
