import { appendEvents, type Database, type NewEvent, type Queries, type Tx } from '#base/db';
import {
  type AdvisoryFacts,
  advisories,
  recordNames,
  recordsNaming,
  reportsMark,
  SEVERITIES,
  type Severity,
} from '#domain/sources';
import { atomKey, atomOfKey, type Bundle, bundleIds } from './bundle.ts';
import { underCanonicalIds } from './constraints.ts';
import { group } from './grouping.ts';
import { issueTitle } from './issue-title.ts';
import { keepIds, renameAtoms } from './keep-ids.ts';
import type { GroupedIssue, Membership, Partition } from './partition.ts';
import { productOf } from './product-of.ts';
import { readWitnesses } from './read-witnesses.ts';
import { refreshVulnerabilities } from './refresh-vulnerabilities.ts';
import {
  activeLinks,
  allAtoms,
  allIssues,
  allMemberships,
  endIssues,
  type IssueRow,
  insertWatched,
  lastNumbers,
  linksMark,
  lockGrouping,
  productsMark,
  recordGrouping,
  redirectIssues,
  refreshIssueStatistics,
  replaceAtoms,
  replaceMemberships,
  type StoredAtom,
  type StoredMembership,
  saveNumbers,
  upsertIssues,
  vulnerabilityFlaws,
  watchedProducts,
} from './store.ts';
import { reckonDays } from './undated.ts';

/** Raised when the rule, the product names or the titles change: everything is then computed anew. */
export const GROUPING_VERSION = 2;

export interface ComputeResult {
  /** False where nothing had changed. */
  ran: boolean;
  issues: number;
  opened: number;
  /** Issues that went into another one. */
  merged: number;
}

/**
 * Brings vulnerabilities and issues up to the stored reports, people's links and the watched products. The outcome depends
 * on these alone, never on the order in which they came; an issue keeps its id as long as it keeps most of its atoms.
 */
export async function computeIssues(database: Database): Promise<ComputeResult> {
  const outcome = await database.transaction(async (tx) => {
    const state = await lockGrouping(tx);
    const seen = {
      reports_changed: await reportsMark(tx),
      links_seen: await linksMark(tx),
      products_seen: await productsMark(tx),
      grouping_version: GROUPING_VERSION,
    };
    const same =
      state.reports_changed === seen.reports_changed &&
      state.links_seen === seen.links_seen &&
      state.products_seen === seen.products_seen &&
      state.grouping_version === GROUPING_VERSION;
    if (same) return { ran: false, issues: 0, opened: 0, merged: 0 };
    const canonicalIds = await refreshVulnerabilities(
      tx,
      state.grouping_version === GROUPING_VERSION ? state.reports_changed : 0,
    );
    const reports = await readBundles(tx, canonicalIds);
    const partition = group(
      [...reports.map(({ bundle }) => bundle), ...(await readWitnesses(tx, canonicalIds))],
      underCanonicalIds(await activeLinks(tx), canonicalIds),
    );
    const reportIds = new Map(reports.map(({ bundle, report }) => [bundle.id, report]));
    const result = await write(tx, partition, reportIds, canonicalIds);
    await recordGrouping(tx, seen);
    return { ran: true, ...result };
  });
  if (outcome.ran) await refreshIssueStatistics(database);
  return outcome;
}

/** Says which products (canonical names) are ours: what nobody announced opens issues only for these. */
export async function watchProducts(database: Database, products: readonly string[]): Promise<void> {
  await database.transaction(async (tx) => {
    const known = await watchedProducts(tx);
    await insertWatched(
      tx,
      products.filter((product) => !known.has(product)),
    );
  });
}

interface ReportBundle {
  bundle: Bundle;
  report: number;
}

async function readBundles(
  queries: Queries,
  canonicalIds: ReadonlyMap<string, string>,
): Promise<ReportBundle[]> {
  const facts = (await advisories(queries)).filter(isFirstOfItsKind);
  const reckoned = reckonDays(
    facts.map(({ key, published }) => ({ key, published: published?.toISOString() ?? null })),
  );
  const ids = bundleIds(facts);
  const announced = facts.map((each, index) =>
    advisoryBundle(each, ids[index] ?? each.key, reckoned, canonicalIds),
  );
  const atoms = new Set(
    announced.flatMap(({ bundle }) =>
      bundle.products.flatMap((product) =>
        bundle.vulnerabilities.map((vulnerability) => atomKey({ product, vulnerability })),
      ),
    ),
  );
  const watched = await watchedProducts(queries);
  const names = (await recordNames(queries)).filter((named) => watched.has(productOf(named)));
  const records = await recordsNaming(queries, [...new Set(names.map(({ name }) => name))]);
  const alone = new Map<string, ReportBundle>();
  for (const record of records) {
    const [id] = record.vulnerabilities;
    if (id === undefined || alone.has(id)) continue;
    const vulnerability = canonicalIds.get(id) ?? id;
    const products = productsOf(record).filter(
      (product) => watched.has(product) && !atoms.has(atomKey({ product, vulnerability })),
    );
    if (products.length === 0) continue;
    // A source of its own: that two records are two says nothing about whether their flaws belong together.
    const source = `record:${id}`;
    alone.set(id, {
      report: record.report,
      bundle: {
        ...{ id: source, source, products, vulnerabilities: [vulnerability] },
        published: day(record, reckoned),
      },
    });
  }
  return [...announced, ...alone.values()];
}

/** A correction of an earlier advisory that names no vulnerability (`DSA-5356-2 regression update`) is no problem of its own. */
function isFirstOfItsKind({ key, vulnerabilities, packages }: AdvisoryFacts): boolean {
  if (vulnerabilities.length > 0) return true;
  return packages.length > 0 && !/^(?:DSA|DLA|USN|LSN)-\d+-(?!1$)\d+$/.test(key);
}

function advisoryBundle(
  facts: AdvisoryFacts,
  id: string,
  reckoned: ReadonlyMap<string, string>,
  canonicalIds: ReadonlyMap<string, string>,
): ReportBundle {
  const source = facts.key.slice(0, facts.key.search(/[-:]/));
  const vulnerabilities = [...new Set(facts.vulnerabilities.map((id) => canonicalIds.get(id) ?? id))];
  const bundle = {
    id,
    source,
    published: day(facts, reckoned),
    products: productsOf(facts),
    vulnerabilities,
  };
  return { report: facts.report, bundle: source === 'GLSA' ? { ...bundle, rollup: true } : bundle };
}

function productsOf({ packages }: AdvisoryFacts): string[] {
  return [...new Set(packages.map(productOf))].sort();
}

/**
 * A report without a date is placed by its number among those of its source (`undated.ts`), or else by the middle of the
 * year of its id: it must not move with the day on which we fetched it.
 */
function day(
  { published, key, vulnerabilities }: AdvisoryFacts,
  reckoned: ReadonlyMap<string, string>,
): string {
  if (published !== null) return published.toISOString();
  const year = /(?:19|20)\d{2}/.exec(`${key} ${vulnerabilities[0] ?? ''}`)?.[0] ?? '1999';
  return reckoned.get(key) ?? `${year}-07-01`;
}

async function write(
  tx: Tx,
  partition: Partition,
  reportIds: ReadonlyMap<string, number>,
  canonicalIds: ReadonlyMap<string, string>,
): Promise<Omit<ComputeResult, 'ran'>> {
  const before = await allAtoms(tx);
  const standing = new Map((await allIssues(tx)).map((issue) => [issue.id, issue]));
  const last = await lastNumbers(tx);
  const previous = new Map(before.map((atom) => [atomKey(atom), atom.issue]));
  const kept = keepIds(
    partition,
    renameAtoms(previous, (key) => renamed(key, canonicalIds)),
    (year) => {
      const number = (last.get(year) ?? 0) + 1;
      last.set(year, number);
      return number;
    },
  );
  const flaws = await vulnerabilityFlaws(tx);
  const count = atomCounts(before);
  const rows: IssueRow[] = [];
  const atoms: StoredAtom[] = [];
  const members: StoredMembership[] = [];
  for (const [index, issue] of partition.issues.entries()) {
    const id = kept.ids[index];
    if (id === undefined) continue;
    atoms.push(...issue.atoms.map((atom) => ({ ...atom, issue: id })));
    members.push(...memberships(id, issue.members, reportIds));
    const row = issueRow(id, issue, flaws, (count.get(id) ?? 0) < issue.atoms.length);
    const old = standing.get(id);
    const changed =
      old === undefined ||
      row.grown ||
      old.title !== row.title ||
      old.severity !== row.severity ||
      old.product !== row.product ||
      old.opened.getTime() !== row.opened.getTime() ||
      old.lastReport.getTime() !== row.last_report.getTime();
    if (changed) rows.push(row);
  }
  const redirects = [...kept.redirects]
    .filter(([from]) => standing.has(from))
    .map(([from, to]) => ({ from, to }));

  await upsertIssues(tx, rows);
  await writeAtoms(tx, before, atoms);
  await writeMemberships(tx, members);
  await redirectIssues(tx, redirects);
  await endIssues(tx, kept.ended);
  await saveNumbers(tx, last);
  const fresh = rows.filter(({ id }) => !standing.has(id));
  await appendEvents(tx, [...fresh.map(openedEvent), ...redirects.map(mergedEvent)]);
  return { issues: partition.issues.length, opened: fresh.length, merged: redirects.length };
}

/** The key of an atom under the canonical id of its vulnerability. */
function renamed(key: string, canonicalIds: ReadonlyMap<string, string>): string {
  const { product, vulnerability } = atomOfKey(key);
  return atomKey({ product, vulnerability: canonicalIds.get(vulnerability) ?? vulnerability });
}

function atomCounts(atoms: readonly StoredAtom[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { issue } of atoms) counts.set(issue, (counts.get(issue) ?? 0) + 1);
  return counts;
}

function issueRow(
  id: string,
  issue: GroupedIssue,
  flaws: ReadonlyMap<string, { flaw: string | null; severity: Severity | null }>,
  grown: boolean,
): IssueRow {
  const [, year = '0', number = '0'] = /-(\d{4})-(\d+)$/.exec(id) ?? [];
  const product = issue.products[0] ?? 'unknown';
  const known = issue.atoms.flatMap(({ vulnerability }) => flaws.get(vulnerability) ?? []);
  const severity = known.reduce<Severity | null>((worst, { severity: each }) => graver(worst, each), null);
  const title = issueTitle(
    issue.products.join(', ') || product,
    known.map(({ flaw }) => flaw),
  );
  const dates = issue.members.map(({ published }) => new Date(published).getTime());
  const last = new Date(Math.max(...dates, new Date(issue.opened).getTime()));
  return {
    id,
    year: Number(year),
    number: Number(number),
    product,
    title,
    severity,
    opened: new Date(issue.opened),
    last_report: last,
    grown,
  };
}

function graver(a: Severity | null, b: Severity | null): Severity | null {
  if (a === null || b === null) return a ?? b;
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}

function memberships(
  issue: string,
  members: readonly Membership[],
  reportIds: ReadonlyMap<string, number>,
): StoredMembership[] {
  return members.flatMap(({ report, published, coverage, named, bundled, reason }) => {
    const id = reportIds.get(report);
    return id === undefined
      ? []
      : [{ issue, report: id, published: new Date(published), coverage, why: { named, bundled, ...reason } }];
  });
}

async function writeAtoms(tx: Tx, before: readonly StoredAtom[], now: readonly StoredAtom[]): Promise<void> {
  const old = new Map(before.map((atom) => [atomKey(atom), atom.issue]));
  const kept = new Set(now.map(atomKey));
  await replaceAtoms(
    tx,
    before.filter((atom) => !kept.has(atomKey(atom))),
    now.filter((atom) => old.get(atomKey(atom)) !== atom.issue),
  );
}

async function writeMemberships(tx: Tx, now: readonly StoredMembership[]): Promise<void> {
  const key = ({ issue, report }: { issue: string; report: number }) => `${issue} ${report}`;
  const before = await allMemberships(tx);
  const old = new Map(before.map((row) => [key(row), content(row)]));
  const kept = new Set(now.map(key));
  await replaceMemberships(
    tx,
    before.filter((row) => !kept.has(key(row))),
    now.filter((row) => old.get(key(row)) !== content(row)),
  );
}

function content({ published, coverage, why }: StoredMembership): string {
  const sorted = Object.entries(why as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([published?.getTime(), coverage, sorted]);
}

function openedEvent({ id, product, title }: IssueRow): NewEvent {
  return {
    entity: 'issue',
    entityId: id,
    type: 'issue.opened',
    actor: 'machine:grouping',
    cause: `rule ${GROUPING_VERSION}`,
    payload: { product, title },
  };
}

function mergedEvent({ from, to }: { from: string; to: string }): NewEvent {
  return {
    entity: 'issue',
    entityId: from,
    type: 'issue.merged',
    actor: 'machine:grouping',
    cause: `rule ${GROUPING_VERSION}`,
    payload: { into: to },
  };
}
