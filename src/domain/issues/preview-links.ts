import type { Database } from '#base/db';
import { canonicalJson } from '#base/formats';
import { type FieldValue, touchOf } from '#domain/proposals';
import { reportsById } from '#domain/sources';
import { onIssue, type Said, saidOf } from './said.ts';
import { atomsOf, issueById, membershipsOf, standing } from './store.ts';
import { commentsOf } from './store-comments.ts';
import { headsOfIssues } from './store-fields.ts';
import { vulnerabilitiesById } from './store-vulnerabilities.ts';

/** An issue as somebody has to see it who joins it with another, or takes it apart. */
export interface IssuePart {
  id: string;
  title: string;
  vulnerabilities: string[];
  /** Its reports in the order in which they were published, each with those of its vulnerabilities that it names. */
  reports: { source: string; key: string; title: string; names: string[] }[];
  comments: number;
  /** How much people say of it: statuses, packages, fields. */
  said: number;
}

/** What both issues hold, with different values: after a merge one of them stands, the other is an open proposal. */
export interface Collision {
  kind: Said['kind'];
  id: string;
  field: string;
  values: [FieldValue, FieldValue];
}

export interface MergePreview {
  parts: [IssuePart, IssuePart];
  collisions: Collision[];
}

/** The issue of that id where it stands today; null where there is none, or where it holds nothing any more. */
export async function issuePart(database: Database, wanted: string): Promise<IssuePart | null> {
  const { queries } = database;
  if ((await issueById(queries, wanted)) === null) return null;
  const id = (await standing(queries, [wanted])).get(wanted) ?? wanted;
  const [heads, atoms, memberships, comments, said] = await Promise.all([
    headsOfIssues(queries, [id]),
    atomsOf(queries, [id]),
    membershipsOf(queries, [id]),
    commentsOf(queries, [id]),
    database.transaction((tx) => saidOf(tx, [id])),
  ]);
  const issue = heads.get(id);
  if (issue === undefined || atoms.length === 0) return null;
  const vulnerabilities = [...new Set(atoms.map(({ vulnerability }) => vulnerability))];
  const own = new Set(vulnerabilities);
  const reports = await reportsById(
    queries,
    memberships.map(({ report }) => report),
  );
  const named = await vulnerabilitiesById(queries, [
    ...new Set(reports.flatMap((report) => report.vulnerabilities)),
  ]);
  const canonical = new Map(named.map((one) => [one.id, one.canonical]));
  return {
    id,
    title: issue.title,
    vulnerabilities,
    reports: reports.map((report) => ({
      source: report.source,
      key: report.key,
      title: report.title,
      names: [...new Set(report.vulnerabilities.map((name) => canonical.get(name) ?? name))].filter((name) =>
        own.has(name),
      ),
    })),
    comments: comments.filter(({ body }) => body !== null).length,
    said: (said.get(id) ?? []).filter(({ value }) => value !== null).length,
  };
}

/** What making one of two issues would bring together, and where people say different things of them; null where one is none. */
export async function previewMerge(database: Database, a: string, b: string): Promise<MergePreview | null> {
  const [one, other] = [await issuePart(database, a), await issuePart(database, b)];
  if (one === null || other === null) return null;
  const said = await database.transaction((tx) => saidOf(tx, [one.id, other.id]));
  return {
    parts: [one, other],
    collisions: collisionsOf(said.get(one.id) ?? [], said.get(other.id) ?? [], [one.id, other.id]),
  };
}

/** Where both say something, and not the same. A claim is one, too: two people cannot have one issue. */
function collisionsOf(
  one: readonly Said[],
  other: readonly Said[],
  [a, b]: readonly [string, string],
): Collision[] {
  const held = new Map(one.filter(({ value }) => value !== null).map((each) => [touchOf(each), each]));
  return other.flatMap(({ kind, id, field, value }) => {
    const there = held.get(touchOf({ kind, id: onIssue(id, b, a), field }));
    if (there === undefined || value === null || canonicalJson(there.value) === canonicalJson(value))
      return [];
    return [{ kind, id: there.id, field, values: [there.value, value] as [FieldValue, FieldValue] }];
  });
}

/** What becomes of an issue's reports when some of its vulnerabilities go. */
export interface SplitPreview {
  goes: string[];
  stays: string[];
  /** Reports that name only what goes, only what stays, and both: those are in both issues then. */
  reports: Record<'goes' | 'stays' | 'both', IssuePart['reports']>;
}

/** What taking some vulnerabilities out would leave and take; null where nothing would be left on one side. */
export function previewSplit(
  { vulnerabilities, reports }: Pick<IssuePart, 'vulnerabilities' | 'reports'>,
  chosen: readonly string[],
): SplitPreview | null {
  const out = new Set(chosen);
  const goes = vulnerabilities.filter((name) => out.has(name));
  const stays = vulnerabilities.filter((name) => !out.has(name));
  if (goes.length === 0 || stays.length === 0) return null;
  const side = ({ names }: IssuePart['reports'][number]) =>
    names.length > 0 && names.every((name) => out.has(name))
      ? 'goes'
      : names.some((name) => out.has(name))
        ? 'both'
        : 'stays';
  const sided = reports.map((report) => ({ report, side: side(report) }));
  const of = (wanted: string) => sided.flatMap((each) => (each.side === wanted ? [each.report] : []));
  return { goes, stays, reports: { goes: of('goes'), stays: of('stays'), both: of('both') } };
}
