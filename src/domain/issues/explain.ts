import { releaseNamed } from './fix-releases.ts';
import type { GroupedIssue, Membership, Partition, Reason } from './partition.ts';
import { disclosureNamed } from './scheduled-disclosures.ts';

/**
 * Sentences that tell a person why an issue is what it is: how it opened, why each report belongs to it, what was joined, and
 * what people decided. Plain text; ids as the sources write them. Empty where there is no issue of that index.
 */
export function explain(partition: Partition, issueIndex: number): string[] {
  const issue = partition.issues[issueIndex];
  if (issue === undefined) return [];
  return [
    ...issue.members.map((member) => explainMembership(member, issue)),
    ...issue.joins.map(
      ({ by, opened }) =>
        `What ${opened[0]} and ${opened[1]} opened is one issue: ${namedAs(by)} covers more than half of each.`,
    ),
    ...decisions(issue.linked, 'joined atoms of this issue'),
    ...decisions(issue.separated, 'took atoms out of this issue'),
  ];
}

/** One sentence: why the report belongs to the issue. */
export function explainMembership(member: Membership, issue: Pick<GroupedIssue, 'atoms'>): string {
  const nouns = issue.atoms.every(({ vulnerability }) => vulnerability.startsWith('CVE-'))
    ? 'CVE'
    : 'vulnerability';
  return `${because(member, nouns)}${beyond(member)}`;
}

function because({ report, published, named, reason }: Membership, noun: string): string {
  switch (reason.kind) {
    case 'opened':
      return `${report} opened it on ${published.slice(0, 10)} with ${count(named, noun)}${openedAs(reason)}`;
    case 'shares':
      return `${report} and ${namedAs(reason.with)} share ${share(reason, noun)}${deciding(reason)}`;
    case 'extends':
      return `${report} and ${namedAs(reason.with)} share ${share(reason, noun)}; ${days(reason.days)} it was the first to name ${list(reason.added)}${closing(reason)}${deciding(reason)}`;
    case 'joined':
      return `${report} names ${list(reason.added)}, which ${namedAs(reason.by)} shows to belong here`;
    case 'released':
      return `${report} names ${list(reason.added)}: upstream released it on one day with ${reason.with}`;
    case 'rebuild':
      return `${report} repeats ${reason.of} for a rebuild of the same packages: the two are one witness`;
    case 'linked':
      return `${report} names ${list(reason.added)}, which people put here${byDecisions(reason.constraints)}`;
  }
}

function openedAs({ release, rollup }: Extract<Reason, { kind: 'opened' }>): string {
  return release
    ? ', as one release of upstream'
    : rollup
      ? ', as a roll-up that nothing narrower preceded'
      : '';
}

function deciding({ release }: { release?: true }): string {
  return release === true ? '; it is upstream’s own release, which decides what belongs together' : '';
}

/** A report by its id, a record by what it describes, a release of upstream by its product and version. */
function namedAs(id: string): string {
  const release = releaseNamed(id);
  if (release !== null) return `upstream’s release ${release}`;
  const disclosure = disclosureNamed(id);
  if (disclosure !== null) return disclosure;
  return id.startsWith('record:') ? `the record of ${id.slice(7)}` : id;
}

function closing({ closedBy, added }: Extract<Reason, { kind: 'extends' }>): string {
  if (closedBy === undefined) return '';
  const { release, vulnerabilities } = closedBy;
  const them =
    vulnerabilities.length < added.length ? list(vulnerabilities) : added.length === 1 ? 'it' : 'them';
  return `; ${namedAs(release)} closes ${them} with the others`;
}

function beyond({ named, bundled }: Membership): string {
  return bundled > named
    ? `; ${bundled - named} more that it names ${bundled - named === 1 ? 'is' : 'are'} elsewhere.`
    : '.';
}

function share({ shared, of }: { shared: number; of: number }, noun: string): string {
  return `${shared} of ${count(of, noun)}`;
}

function count(n: number, noun: string): string {
  if (n === 1) return `1 ${noun}`;
  return `${n} ${noun === 'CVE' ? 'CVEs' : 'vulnerabilities'}`;
}

function days(n: number): string {
  return n === 0 ? 'on the day it opened' : n === 1 ? 'one day after it opened' : `${n} days after it opened`;
}

/** At most four by name: some bundles hold ninety. */
function list(ids: readonly string[]): string {
  if (ids.length > 4) return `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more`;
  const last = ids.at(-1) ?? '';
  return ids.length < 2 ? last : `${ids.slice(0, -1).join(', ')} and ${last}`;
}

function byDecisions(constraints: readonly number[]): string {
  return constraints.length === 0 ? '' : ` (${constraints.map((id) => `decision ${id}`).join(', ')})`;
}

function decisions(constraints: readonly number[], did: string): string[] {
  if (constraints.length === 0) return [];
  return [
    `People’s ${constraints.length === 1 ? 'decision' : 'decisions'} ${constraints.join(', ')} ${did}.`,
  ];
}
