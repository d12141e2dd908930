import type { Database, Queries } from '#base/db';
import { affectedOf, type Report, reportsById, reportsNaming } from '#domain/sources';
import { announcementsOf } from './announcements.ts';
import { type CardFacts, makeCard } from './card.ts';
import { explainReports, readDecisions } from './explain-issue.ts';
import { atomsOf, issuesById, membershipsOf } from './store.ts';
import { type StoredCard, staleCards, writeCards } from './store-cards.ts';
import { aliasesOf } from './store-reading.ts';
import { vulnerabilitiesById } from './store-vulnerabilities.ts';

/** So many reports are in memory at once. */
const BATCH = 500;

/**
 * Makes the cards that are missing or stale, of all issues or of the given ones, some hundred at a time: a run that is cut
 * off goes on where it was.
 *
 * @returns how many were made
 */
export async function refreshCards(
  database: Database,
  { among, onStep }: { among?: readonly string[]; onStep?: (made: number) => void } = {},
): Promise<number> {
  for (let made = 0; ; ) {
    const stale = await staleCards(database.queries, {
      ...(among !== undefined && { among }),
      limit: BATCH,
    });
    if (stale.length === 0) return made;
    const cards = await makeCards(database.queries, stale);
    await database.transaction((tx) => writeCards(tx, cards));
    made += stale.length;
    onStep?.(made);
    // What changes faster than it is written down is for the next time.
    if (stale.length < BATCH) return made;
  }
}

/** The cards of some issues as they are now. */
export async function makeCards(
  queries: Queries,
  issues: readonly { id: string; changed: number }[],
): Promise<StoredCard[]> {
  const ids = issues.map(({ id }) => id);
  const [heads, atoms, memberships, announcements, decisions] = await Promise.all([
    issuesById(queries, ids),
    atomsOf(queries, ids),
    membershipsOf(queries, ids),
    announcementsOf(queries, ids),
    readDecisions(queries),
  ]);
  const named = [...new Set(atoms.map(({ vulnerability }) => vulnerability))];
  const [members, vulnerabilities, naming, aliases] = await Promise.all([
    reportsById(queries, [...new Set(memberships.map(({ report }) => report))]),
    vulnerabilitiesById(queries, named),
    reportsNaming(queries, named),
    aliasesOf(queries, named),
  ]);
  const affected = await affectedOf(
    queries,
    members.filter(({ kind }) => kind === 'advisory').map(({ id }) => id),
  );
  const facts = {
    atoms: listBy(atoms, ({ issue }) => issue),
    memberships: listBy(memberships, ({ issue }) => issue),
    affected: listBy(affected, ({ report }) => report),
    vulnerabilities: new Map(vulnerabilities.map((one) => [one.id, one])),
    aliases: listBy(aliases, ({ canonical }) => canonical),
    members: new Map(members.map((report) => [report.id, report])),
    records: recordsBy(naming),
    severities: new Map(heads.map(({ id, severity }) => [id, severity])),
  };
  return issues.map(({ id, changed }) => {
    const own = facts.atoms.get(id) ?? [];
    const rows = facts.memberships.get(id) ?? [];
    const about = [...new Set(own.map(({ vulnerability }) => vulnerability))];
    const inIt = new Set(rows.map(({ report }) => report));
    const reports = members.length > inIt.size ? inOrder(facts.members, inIt) : members;
    const card: CardFacts = {
      severity: facts.severities.get(id) ?? null,
      atoms: own,
      announcements: announcements.get(id) ?? { advisories: [], patches: [] },
      memberships: rows,
      members: reports,
      affected: reports.flatMap((report) => facts.affected.get(report.id) ?? []),
      vulnerabilities: about.flatMap((one) => facts.vulnerabilities.get(one) ?? []),
      records: [...new Set(about.flatMap((one) => facts.records.get(one) ?? []))],
      aliases: about.flatMap((one) => facts.aliases.get(one) ?? []),
      why: explainReports({ atoms: own, memberships: rows, reports }, decisions),
    };
    return { issue: id, changed, ...makeCard(card) };
  });
}

/** `all` is in the order in which they were published, and so is what is taken of it. */
function inOrder(all: ReadonlyMap<number, Report>, wanted: ReadonlySet<number>): Report[] {
  return [...all.values()].filter(({ id }) => wanted.has(id));
}

function recordsBy(naming: readonly Report[]): Map<string, Report[]> {
  const records = new Map<string, Report[]>();
  for (const report of naming) {
    if (report.kind !== 'record') continue;
    for (const id of report.vulnerabilities) records.set(id, [...(records.get(id) ?? []), report]);
  }
  return records;
}

function listBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const lists = new Map<K, T[]>();
  for (const row of rows) {
    const list = lists.get(keyOf(row));
    if (list === undefined) lists.set(keyOf(row), [row]);
    else list.push(row);
  }
  return lists;
}
