import type { Queries } from '#base/db';
import { MusterError } from '#base/errors';
import { latestRevisions, listChannels } from '#domain/channels';
import {
  type Announcements,
  announcementsOf,
  atomsOf,
  exploitationOfIssues,
  type IssueExploitation,
  issuesById,
} from '#domain/issues';
import { type Hit, hitsOfIssues } from '#domain/matching';
import { findRoundup, linesOf, type Roundup, type StoredLine } from './store.ts';
import type { ChannelCell, ChannelHead, RoundupLine, RoundupView } from './view.ts';

const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low', 'none'];

/**
 * A roundup as it stands now: states, verdicts and links are those of this moment, ticks and carry-over those of its list.
 *
 * @param number default the latest
 * @throws MusterError NOT_FOUND
 */
export async function roundupView(queries: Queries, team: string, number?: number): Promise<RoundupView> {
  const roundup = await findRoundup(queries, number);
  if (roundup === null) {
    throw new MusterError(
      'NOT_FOUND',
      number === undefined
        ? 'there is no roundup yet (./muster roundup open)'
        : `there is no roundup ${number}`,
    );
  }
  const previous = previousOf(roundup);
  const stored = await linesOf(queries, roundup.number);
  const ids = stored.map(({ issue }) => issue);
  const [issues, atoms, hits, announcements, channels, used, before] = await Promise.all([
    issuesById(queries, ids),
    atomsOf(queries, ids),
    hitsOfIssues(queries, ids),
    announcementsOf(queries, ids),
    channelHeads(queries),
    exploitationOfIssues(queries, ids),
    previous === null ? Promise.resolve([]) : linesOf(queries, previous),
  ]);
  const byId = new Map(stored.map((line) => [line.issue, line]));
  const sections = new Map<string, RoundupLine[]>();
  for (const issue of issues) {
    const line = byId.get(issue.id);
    if (line === undefined) continue;
    const made: RoundupLine = {
      issue: issue.id,
      title: issue.title,
      severity: issue.severity,
      exploitation: exploitationIn(used.get(issue.id)),
      vulnerabilities: [
        ...new Set(atoms.filter((atom) => atom.issue === issue.id).map(({ vulnerability }) => vulnerability)),
      ],
      done: line.doneAt !== null,
      doneBy: line.doneBy,
      carriedFrom: line.carriedFrom,
      remark: line.remark,
      version: line.version,
      remarkVersion: line.remarkVersion,
      cells: cellsOf(
        channels,
        hits.filter((hit) => hit.issue === issue.id),
      ),
      ...links(announcements.get(issue.id)),
    };
    sections.set(issue.product, [...(sections.get(issue.product) ?? []), made]);
  }
  return {
    ...headOf(roundup, team),
    ...counts(stored),
    channels,
    sections: inOrder(sections),
    thanks: thanks([...before, ...stored].map(({ doneBy }) => doneBy)),
  };
}

function exploitationIn(used: IssueExploitation | undefined): IssueExploitation | null {
  return used === undefined ? null : { known: used.known, likely: used.likely };
}

/** Channels of which we know a package set: of any other nothing is known, and a column of `absent` would say otherwise. */
async function channelHeads(queries: Queries): Promise<ChannelHead[]> {
  const [channels, revisions] = await Promise.all([listChannels(queries), latestRevisions(queries)]);
  const known = new Set(revisions.map(({ channel }) => channel));
  return channels.filter(({ name }) => known.has(name)).map(({ name, lifecycle }) => ({ name, lifecycle }));
}

/** A gate follows on nothing. */
export function previousOf({ number, channel }: Roundup): number | null {
  return number > 1 && channel === null ? number - 1 : null;
}

export function headOf(roundup: Roundup, team: string) {
  return {
    number: roundup.number,
    ...(roundup.channel === null || roundup.release === null
      ? {}
      : { gate: roundup.channel, release: roundup.release }),
    team,
    openedAt: roundup.openedAt.toISOString(),
    coversSince: roundup.coversSince.toISOString().slice(0, 10),
    coversUntil: roundup.coversUntil.toISOString().slice(0, 10),
    lead: roundup.lead,
    closedAt: roundup.closedAt?.toISOString() ?? null,
    previous: previousOf(roundup),
  };
}

export function counts(lines: readonly Pick<StoredLine, 'doneBy' | 'carriedFrom'>[]) {
  const completed = lines.filter(({ doneBy }) => doneBy !== null).length;
  return {
    lines: lines.length,
    completed,
    remaining: lines.length - completed,
    carried: lines.filter(({ carriedFrom }) => carriedFrom !== null).length,
  };
}

/** Who ticked something. */
export function thanks(doneBy: readonly (string | null)[]): string[] {
  return [...new Set(doneBy.flatMap((one) => one ?? []))].sort();
}

/** Projects by name; in each what is used by attackers first, then the gravest, then what is likeliest to be used, then the oldest. */
export function inOrder<Line extends Pick<RoundupLine, 'issue' | 'severity' | 'exploitation'>>(
  sections: ReadonlyMap<string, Line[]>,
): { product: string; lines: Line[] }[] {
  const rank = ({ severity }: Line) =>
    severity === null ? SEVERITY_ORDER.length : SEVERITY_ORDER.indexOf(severity);
  const used = ({ exploitation }: Line) => (exploitation?.known == null ? 0 : 1);
  const likely = ({ exploitation }: Line) => exploitation?.likely?.percentile ?? 0;
  return [...sections]
    .map(([product, lines]) => ({
      product,
      lines: lines.sort(
        (a, b) =>
          used(b) - used(a) || rank(a) - rank(b) || likely(b) - likely(a) || (a.issue < b.issue ? -1 : 1),
      ),
    }))
    .sort((a, b) => (a.product < b.product ? -1 : 1));
}

const VERDICT_ORDER = ['affected', 'unknown', 'not_affected'] as const;

/** For each channel what looks like the product there, and the worst of it. */
export function cellsOf(channels: readonly ChannelHead[], hits: readonly Hit[]): ChannelCell[] {
  return channels.map(({ name }) => {
    const packages = hits
      .filter(({ channel }) => channel === name)
      .map(({ attr, version, verdict, evidence }) => {
        const telling = evidence.find((line) => line.verdict === verdict);
        return {
          attr,
          version,
          verdict,
          why: telling === undefined ? '' : `${telling.vulnerability}: ${telling.why}`,
        };
      })
      .sort(
        (a, b) =>
          VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict) || (a.attr < b.attr ? -1 : 1),
      );
    return { channel: name, verdict: packages[0]?.verdict ?? 'absent', packages };
  });
}

function links(announcements: Announcements | undefined): Pick<RoundupLine, 'advisories' | 'patches'> {
  return {
    advisories: (announcements?.advisories ?? []).map(({ id, source, published, url }) => ({
      id,
      source,
      url,
      published: published?.toISOString().slice(0, 10) ?? null,
    })),
    patches: (announcements?.patches ?? []).map(({ url, vulnerability, source }) => ({
      url,
      vulnerability,
      source,
    })),
  };
}
