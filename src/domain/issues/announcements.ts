import type { Queries } from '#base/db';
import { parseAdvisoryIds } from '#base/formats';
import { type Report, reportsById, reportsNaming } from '#domain/sources';
import { compareText } from './bundle.ts';
import { atomsOf, membershipsOf } from './store.ts';

/** Somebody's announcement that belongs to an issue. */
export interface Announcement {
  id: string;
  source: string;
  published: Date | null;
  url: string | null;
  /** Null where we have only seen it cited: then who cites it stands in `citedBy`. */
  report: number | null;
  citedBy: string[];
}

/** A change that one can apply. */
export interface Patch {
  url: string;
  vulnerability: string | null;
  /** Who links to it. */
  source: string;
  note: string | null;
}

/** What others have announced of one issue, and the patches that they link to. */
export interface Announcements {
  advisories: Announcement[];
  patches: Patch[];
}

/**
 * For each of the issues: every distribution's advisory, oldest first, and every patch link. Advisories come from the
 * grouping; those that we have not read ourselves, from reports on the issue's vulnerabilities that cite them.
 */
export async function announcementsOf(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, Announcements>> {
  const [atoms, memberships] = await Promise.all([atomsOf(queries, issues), membershipsOf(queries, issues)]);
  const vulnerabilities = [...new Set(atoms.map(({ vulnerability }) => vulnerability))];
  const [members, naming] = await Promise.all([
    reportsById(queries, [...new Set(memberships.map(({ report }) => report))]),
    reportsNaming(queries, vulnerabilities),
  ]);
  const memberById = new Map(members.map((report) => [report.id, report]));
  const byVulnerability = new Map<string, Report[]>();
  for (const report of naming) {
    for (const id of report.vulnerabilities)
      byVulnerability.set(id, [...(byVulnerability.get(id) ?? []), report]);
  }
  return new Map(
    issues.map((issue) => {
      const own = atoms.filter((atom) => atom.issue === issue).map(({ vulnerability }) => vulnerability);
      const advisories = memberships
        .filter((row) => row.issue === issue)
        .flatMap(({ report }) => memberById.get(report) ?? []);
      const others = own.flatMap((id) => byVulnerability.get(id) ?? []);
      return [issue, announcements(new Set(own), advisories, [...new Set(others)])];
    }),
  );
}

function announcements(
  vulnerabilities: ReadonlySet<string>,
  members: readonly Report[],
  others: readonly Report[],
): Announcements {
  const advisories = new Map<string, Announcement>();
  for (const { id, key, source, published, url } of members.filter(({ kind }) => kind === 'advisory'))
    advisories.set(asCited(key), { id: key, source, published, url, report: id, citedBy: [] });
  for (const report of [...members, ...others]) {
    // An advisory that cites another one speaks of its own bundle, not of this issue's flaws alone.
    if (report.kind === 'advisory') continue;
    for (const { id, source, url } of citations(report)) {
      const known = advisories.get(id);
      if (known === undefined)
        advisories.set(id, { id, source, published: null, url, report: null, citedBy: [report.key] });
      else if (known.report === null && !known.citedBy.includes(report.key)) known.citedBy.push(report.key);
    }
  }
  return {
    advisories: [...advisories.values()].sort(byDate),
    patches: patches(vulnerabilities, [...members, ...others]),
  };
}

/** Debian's advisories until 2007 bear no revision (`DSA-141`); who cites them means the first (`DSA-141-1`). */
function asCited(key: string): string {
  return /^(?:DSA|DLA|DTSA)-\d+$/.test(key) ? `${key}-1` : key;
}

/** Advisories that a report names, with the address where the report gives it. */
function citations(report: Report): { id: string; source: string; url: string | null }[] {
  const addresses = new Map(
    report.links.flatMap(({ id, url }) => (id === undefined ? [] : [[id, url] as const])),
  );
  return (report.cites ?? []).flatMap((cited) => {
    const parsed = parseAdvisoryIds(cited)[0];
    return parsed === undefined
      ? []
      : [{ ...parsed, url: addresses.get(parsed.id) ?? addresses.get(cited) ?? null }];
  });
}

function patches(vulnerabilities: ReadonlySet<string>, reports: readonly Report[]): Patch[] {
  const found = new Map<string, Patch>();
  for (const { source, links, vulnerabilities: named } of reports) {
    for (const link of links) {
      if (link.kind !== 'patch') continue;
      const vulnerability = link.vulnerability ?? (named.length === 1 ? (named[0] ?? null) : null);
      if (vulnerability !== null && !vulnerabilities.has(vulnerability)) continue;
      if (!found.has(link.url))
        found.set(link.url, { url: link.url, vulnerability, source, note: link.note ?? null });
    }
  }
  return [...found.values()].sort(
    (a, b) => compareText(a.vulnerability ?? '', b.vulnerability ?? '') || compareText(a.url, b.url),
  );
}

function byDate(a: Announcement, b: Announcement): number {
  const [x, y] = [
    a.published?.getTime() ?? Number.POSITIVE_INFINITY,
    b.published?.getTime() ?? Number.POSITIVE_INFINITY,
  ];
  return x === y ? (a.id < b.id ? -1 : 1) : x - y;
}
