import type { Queries } from '#base/db';
import { type At, diffRevisions, type PackageState, packagesNamed, type Revision } from '#domain/channels';
import { headsOfIssues } from '#domain/issues';
import type { Severity } from '#domain/sources';
import { unpackHistories } from './histories.ts';
import { byGravity } from './reckon.ts';
import { exposedOnDays } from './store.ts';

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
  /** Only the later one is exposed; of these, what was public already when the earlier one was made. */
  came: ComparedIssue[];
  cameWithPackages: number;
  /** Only the earlier one was. */
  went: ComparedIssue[];
  stayed: ComparedIssue[];
  packages: { added: number; removed: number; changed: number };
  /** What changed of packages that are named above: attribute, and both states. */
  versions: { attr: string; before: PackageState | null; after: PackageState | null }[];
}

/**
 * What a channel was exposed to at two of its revisions, by what is known today. Exposure is counted in days: of several
 * revisions of one day, it is that of the last.
 *
 * @throws MusterError as `revisionAt`
 */
export async function compareRevisions(
  queries: Queries,
  channel: string,
  from: At,
  to: At,
): Promise<Comparison> {
  const diff = await diffRevisions(queries, channel, from, to);
  const [before, after] = [diff.from, diff.to].map(({ committedAt }) =>
    committedAt.toISOString().slice(0, 10),
  );
  const [first = '', second = ''] = [before, after];
  const rows = await exposedOnDays(queries, channel, first, second);
  const heads = await headsOfIssues(
    queries,
    rows.map(({ issue }) => issue),
  );
  const hits = new Map(
    rows.map(({ issue, histories }) => [
      issue,
      unpackHistories(histories).flatMap(({ attr, periods }) =>
        periods.some(
          ({ from: begin, to: end, verdict }) =>
            verdict === 'affected' &&
            [first, second].some((day) => begin <= day && (end === null || day < end)),
        )
          ? [attr]
          : [],
      ),
    ]),
  );
  const attrs = [...new Set([...hits.values()].flat())];
  const [old, now] = await Promise.all([
    versionsOf(queries, channel, attrs, diff.from),
    versionsOf(queries, channel, attrs, diff.to),
  ]);
  const compared = rows.flatMap((row) => {
    const head = heads.get(row.issue);
    if (head === undefined) return [];
    const packages = (hits.get(row.issue) ?? []).map((attr) => ({
      attr,
      before: old.get(attr) ?? null,
      after: now.get(attr) ?? null,
    }));
    const { title, severity, opened } = head;
    return [
      {
        ...row,
        issue: { issue: row.issue, title, severity, opened: opened.toISOString().slice(0, 10), packages },
      },
    ];
  });
  const which = (wasHit: boolean, isHit: boolean) =>
    compared
      .filter((row) => row.before === wasHit && row.after === isHit)
      .map(({ issue }) => issue)
      .sort(byGravity);
  const came = which(false, true);
  const named = new Set(attrs);
  const changed = diff.changed.map(({ attr, before: was, after: is }) => ({ attr, before: was, after: is }));
  return {
    channel,
    from: diff.from,
    to: diff.to,
    came,
    cameWithPackages: came.filter(({ opened }) => opened <= first).length,
    went: which(true, false),
    stayed: which(true, true),
    packages: { added: diff.added.length, removed: diff.removed.length, changed: diff.changed.length },
    versions: changed.filter(({ attr }) => named.has(attr)),
  };
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
