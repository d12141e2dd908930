import type { CvssScore, Report, ReportAffected, Severity } from '#domain/sources';
import type { Announcements } from './announcements.ts';
import { canonicalProduct } from './products.ts';
import type { StoredMembership } from './store.ts';
import type { Vulnerability } from './store-vulnerabilities.ts';

/** What the reports say of one issue, ready for a line of a list: the first few of everything, and how many there are. */
export interface IssueBrief {
  vulnerabilities: string[];
  vulnerabilityCount: number;
  /** Advisories of distributions, oldest first. */
  advisories: AdvisoryLink[];
  advisoryCount: number;
  patchCount: number;
  /** Day of the oldest advisory that has one. */
  since: string | null;
}

/** So many of everything stand in a line. */
const BRIEF = { vulnerabilities: 3, advisories: 4 };

export interface AdvisoryLink {
  /** "DSA-3773-1" */
  id: string;
  source: string;
  /** ISO day, null where only a citation is known. */
  published: string | null;
  url: string | null;
}

/** … and ready for its own page. Dates are ISO days, moments ISO texts. */
export interface IssueCard {
  /** Sources whose rating gave the severity. */
  ratedBy: string[];
  advisories: CardAdvisory[];
  /** Patches that no advisory of the list brings. */
  patches: CardPatch[];
  vulnerabilities: CardVulnerability[];
  reports: CardReport[];
}

export interface CardPatch {
  url: string;
  vulnerability: string | null;
  source: string;
}

export interface CardAdvisory extends AdvisoryLink {
  /** Key of the report that we hold; null where we only know that others cite it. */
  report: string | null;
  /** Who cites it, where we do not hold it. */
  citedBy: string[];
  /** Version with the fix, for each package and release that it names; null where it says that there will be none. */
  fixed: { name: string; release: string | null; version: string | null }[];
  patches: CardPatch[];
}

export interface CardVulnerability {
  id: string;
  aliases: string[];
  state: 'published' | 'reserved' | 'rejected';
  /** Since when, and by whose records; by nobody's where reports alone name it. */
  stateSince: string | null;
  stateBy: string[];
  severity: Severity | null;
  score: number | null;
  cvss: { version: string; vector: string } | null;
  published: string | null;
  description: string | null;
  weaknesses: string[];
  /** Records that describe it. */
  records: { source: string; key: string }[];
}

/** A report that belongs to the issue, and why. */
export interface CardReport {
  source: string;
  key: string;
  title: string;
  published: string | null;
  /** `partial`: it also speaks of other issues. */
  coverage: 'full' | 'partial';
  why: string[];
}

/** All that a card is made of. */
export interface CardFacts {
  severity: Severity | null;
  atoms: readonly { product: string; vulnerability: string }[];
  announcements: Announcements;
  memberships: readonly StoredMembership[];
  /** The reports of the memberships. */
  members: readonly Report[];
  /** What its advisories say of packages. */
  affected: readonly ReportAffected[];
  vulnerabilities: readonly Vulnerability[];
  /** Records that name one of them. */
  records: readonly Report[];
  aliases: readonly { id: string; canonical: string }[];
  why: readonly { report: number; sentence: string }[];
}

/** The card of one issue. */
export function makeCard(facts: CardFacts): { brief: IssueBrief; page: IssueCard } {
  const { announcements, members, atoms } = facts;
  const ids = [...new Set(atoms.map(({ vulnerability }) => vulnerability))];
  const subject = { products: new Set(atoms.map(({ product }) => product)), vulnerabilities: new Set(ids) };
  const byId = new Map(members.map((report) => [report.id, report]));
  // A record may have opened the issue; it announces no fix.
  const announcing = announcements.advisories.filter(
    ({ report }) => report === null || byId.get(report)?.kind === 'advisory',
  );
  const advisories = announcing.map(({ id, source, published, url, report, citedBy }): CardAdvisory => {
    const held = report === null ? undefined : byId.get(report);
    return {
      id,
      source,
      published: day(published),
      url,
      report: held?.key ?? null,
      citedBy,
      fixed: held === undefined ? [] : fixedVersions(facts.affected, held.id, subject),
      patches: held === undefined ? [] : patchesOf(held, subject.vulnerabilities),
    };
  });
  const shown = new Set(advisories.flatMap(({ patches }) => patches.map(({ url }) => url)));
  const vulnerabilities = facts.vulnerabilities.map((one) =>
    describeVulnerability(
      one,
      facts.records.filter((record) => record.vulnerabilities.includes(one.id)),
      facts.aliases.filter(({ canonical }) => canonical === one.id).map(({ id }) => id),
    ),
  );
  return {
    brief: {
      vulnerabilities: ids.slice(0, BRIEF.vulnerabilities),
      vulnerabilityCount: ids.length,
      advisories: advisories
        .slice(0, BRIEF.advisories)
        .map(({ id, source, published, url }) => ({ id, source, published, url })),
      advisoryCount: advisories.length,
      patchCount: announcements.patches.length,
      since: advisories.reduce<string | null>(
        (first, { published }) =>
          published !== null && (first === null || published < first) ? published : first,
        null,
      ),
    },
    page: {
      ratedBy: ratedBy(facts.severity, vulnerabilities),
      advisories,
      patches: announcements.patches
        .filter(({ url }) => !shown.has(url))
        .map(({ url, vulnerability, source }) => ({ url, vulnerability, source })),
      vulnerabilities,
      reports: memberReports(facts),
    },
  };
}

interface Subject {
  products: ReadonlySet<string>;
  vulnerabilities: ReadonlySet<string>;
}

/** Which version brings the fix where: only of what the issue is about, as an advisory may speak of others too. */
function fixedVersions(
  affected: readonly ReportAffected[],
  report: number,
  { products, vulnerabilities }: Subject,
): CardAdvisory['fixed'] {
  const rows = affected.filter(
    (row) =>
      row.report === report &&
      products.has(canonicalProduct(row.ecosystem, row.name)) &&
      (row.vulnerability == null || vulnerabilities.has(row.vulnerability)) &&
      (row.fixed != null || row.status === 'wont_fix'),
  );
  const distinct = new Map(
    rows.map(({ name, release, fixed }) => [
      JSON.stringify([name, release, fixed]),
      { name, release: release ?? null, version: fixed ?? null },
    ]),
  );
  return [...distinct.values()];
}

function patchesOf(
  { links, source, vulnerabilities: named }: Report,
  wanted: ReadonlySet<string>,
): CardPatch[] {
  return (links ?? []).flatMap(({ kind, url, vulnerability }) => {
    const about = vulnerability ?? (named.length === 1 ? (named[0] ?? null) : null);
    if (kind !== 'patch' || (about !== null && !wanted.has(about))) return [];
    return [{ url, vulnerability: about, source }];
  });
}

/** Who rated the gravest of its flaws as the issue is rated. */
function ratedBy(severity: Severity | null, vulnerabilities: readonly CardVulnerability[]): string[] {
  if (severity === null) return [];
  const raters = vulnerabilities
    .filter((one) => one.severity === severity)
    .flatMap(({ records }) => records.map(({ source }) => source));
  return [...new Set(raters)].sort();
}

function memberReports({ members, memberships, why }: CardFacts): CardReport[] {
  const coverage = new Map(memberships.map((row) => [row.report, row.coverage]));
  return members.map(({ id, source, key, title, published }) => ({
    source,
    key,
    title,
    published: day(published),
    coverage: coverage.get(id) ?? 'full',
    why: why.filter(({ report }) => report === id).map(({ sentence }) => sentence),
  }));
}

/** A flaw as its records describe it. */
export function describeVulnerability(
  one: Vulnerability,
  records: readonly Report[],
  aliases: string[],
): CardVulnerability {
  const cvss = scoreBehind(one.score, records);
  return {
    id: one.id,
    aliases: one.canonical === one.id ? aliases : [one.canonical, ...aliases],
    state: one.state,
    stateSince: one.stateSince?.toISOString() ?? null,
    stateBy: one.stateBy,
    severity: one.severity,
    score: one.score,
    cvss: cvss === null ? null : { version: cvss.version, vector: cvss.vector },
    published: one.published?.toISOString() ?? null,
    description: one.description,
    weaknesses: one.weaknesses ?? [],
    records: records.map(({ source, key }) => ({ source, key })),
  };
}

/** The vector that gave the score; of several the newest version of CVSS. */
function scoreBehind(score: number | null, records: readonly Report[]): CvssScore | null {
  if (score === null) return null;
  const scores = records.flatMap(({ cvss }) => cvss ?? []);
  // Scores are kept in four bytes, so 9.8 comes back as 9.80000019.
  const same = scores.filter((each) => Math.abs(each.score - score) < 0.05);
  return same.sort((a, b) => Number(b.version) - Number(a.version))[0] ?? null;
}

function day(moment: Date | null): string | null {
  return moment?.toISOString().slice(0, 10) ?? null;
}
