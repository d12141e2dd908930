import type { Queries } from '#base/db';
import { type At, diffRevisions, type PackageState, packagesNamed, type Revision } from '#domain/channels';
import { gravestFirst, headsOfIssues } from '#domain/issues';
import type { Severity } from '#domain/sources';
import { type PackedHistories, unpackHistories } from './histories.ts';
import { exposedOnDays, historiesIn } from './store.ts';

/** An issue that one of two revisions, or both, were exposed to. */
export interface ComparedIssue {
  issue: string;
  title: string;
  severity: Severity | null;
  opened: string;
  /** Packages that looked hit in one of the two, with the version there; null where it does not have them. */
  packages: { attr: string; before: string | null; after: string | null }[];
}

export interface Comparison {
  channel: string;
  from: Revision;
  to: Revision;
  /** How many there are; the lists may be shorter. `cameWithPackages`: of those that came, what was public already when the earlier revision was made. */
  counts: { came: number; cameWithPackages: number; went: number; stayed: number };
  /** Only the later one is exposed. The gravest first, as in the others. */
  came: ComparedIssue[];
  /** Only the earlier one was. */
  went: ComparedIssue[];
  stayed: ComparedIssue[];
  packages: { added: number; removed: number; changed: number };
  /** What changed of packages that are named above: attribute, and both states. */
  versions: { attr: string; before: PackageState | null; after: PackageState | null }[];
}

/** Issues whose packages are read at once. */
const SLICE = 5000;

/**
 * What a channel was exposed to at two of its revisions, by what is known today. Exposure is counted in days: of several
 * revisions of one day, it is that of the last.
 *
 * @param limit so many of each list, and as many are passed over as `offset` says; otherwise all
 * @throws MusterError as `revisionAt`
 */
export async function compareRevisions(
  queries: Queries,
  channel: string,
  from: At,
  to: At,
  { limit = Number.POSITIVE_INFINITY, offset = 0 } = {},
): Promise<Comparison> {
  const diff = await diffRevisions(queries, channel, from, to);
  const [first, second] = [dayOf(diff.from), dayOf(diff.to)];
  const exposed = await exposedOnDays(queries, channel, first, second);
  const [came, went, stayed] = await Promise.all(
    [exposed.came, exposed.went, exposed.stayed].map((issues) => gravestFirst(queries, issues)),
  );
  const all = { came: came ?? [], went: went ?? [], stayed: stayed ?? [] };
  const shown = [all.came, all.went, all.stayed].flatMap((issues) => issues.slice(offset, offset + limit));
  const heads: Awaited<ReturnType<typeof headsOfIssues>> = new Map();
  const hits = new Map<string, string[]>();
  for (let start = 0; start < shown.length; start += SLICE) {
    const slice = shown.slice(start, start + SLICE);
    for (const [id, head] of await headsOfIssues(queries, slice)) heads.set(id, head);
    for (const [issue, histories] of await historiesIn(queries, channel, slice))
      hits.set(issue, hitOn(histories, [first, second]));
  }
  const attrs = [...new Set([...hits.values()].flat())];
  const old = await versionsOf(queries, channel, attrs, diff.from);
  const now = new Map(old);
  for (const { attr } of diff.removed) now.delete(attr);
  for (const { attr, version } of diff.added) now.set(attr, version);
  for (const { attr, after } of diff.changed) now.set(attr, after.version);
  const compared = (issues: readonly string[]) =>
    issues.slice(offset, offset + limit).flatMap((issue): ComparedIssue[] => {
      const head = heads.get(issue);
      if (head === undefined) return [];
      const packages = (hits.get(issue) ?? []).map((attr) => ({
        attr,
        before: old.get(attr) ?? null,
        after: now.get(attr) ?? null,
      }));
      const { title, severity, opened } = head;
      return [{ issue, title, severity, opened: opened.toISOString().slice(0, 10), packages }];
    });
  const named = new Set(attrs);
  const changed = diff.changed.map(({ attr, before: was, after: is }) => ({ attr, before: was, after: is }));
  return {
    channel,
    from: diff.from,
    to: diff.to,
    counts: {
      came: all.came.length,
      cameWithPackages: await publicBy(queries, all.came, first),
      went: all.went.length,
      stayed: all.stayed.length,
    },
    came: compared(all.came),
    went: compared(all.went),
    stayed: compared(all.stayed),
    packages: { added: diff.added.length, removed: diff.removed.length, changed: diff.changed.length },
    versions: changed.filter(({ attr }) => named.has(attr)),
  };
}

function dayOf({ committedAt }: Revision): string {
  return committedAt.toISOString().slice(0, 10);
}

/** Packages that looked hit on one of some days. */
function hitOn(histories: PackedHistories, days: readonly string[]): string[] {
  return unpackHistories(histories).flatMap(({ attr, periods }) =>
    periods.some(
      ({ from, to, verdict }) =>
        verdict === 'affected' && days.some((day) => from <= day && (to === null || day < to)),
    )
      ? [attr]
      : [],
  );
}

async function publicBy(queries: Queries, issues: readonly string[], day: string): Promise<number> {
  const heads = await headsOfIssues(queries, issues);
  return [...heads.values()].filter(({ opened }) => opened.toISOString().slice(0, 10) <= day).length;
}

async function versionsOf(
  queries: Queries,
  channel: string,
  attrs: readonly string[],
  { commit }: Revision,
): Promise<Map<string, string>> {
  const rows = await packagesNamed(queries, channel, attrs, commit);
  return new Map(rows.map(({ attr, version }) => [attr, version]));
}
