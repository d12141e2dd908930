import { type RawBuilder, sql } from 'kysely';
import { type KeptRows, keptRows, type Queries, type Reading } from '#base/db';
import type { Verdict } from '#base/versions';
import type { ScorePart } from './candidates.ts';
import { type CellPackage, type PackedCells, packCells, unpackCells } from './pack-cells.ts';
import { type IssueEvidence, type PackedEvidence, unpackEvidence } from './pack-evidence.ts';
import type { VulnerabilityVerdict } from './verdict.ts';

/** One suggestion in one channel, as lists and pages show it. */
export interface Hit {
  suggestion: number;
  issue: string;
  attr: string;
  pname: string;
  score: number;
  reasons: ScorePart[];
  channel: string;
  version: string;
  verdict: Verdict;
  evidence: VulnerabilityVerdict[];
  patched: string[];
}

/** Of the given issues, those that have something to look at: what may be hit, or nobody knows. */
export async function issuesWithSuggestion(
  queries: Queries,
  issues: readonly string[],
): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('suggestion')
    .select('issue')
    .distinct()
    .where('issue', '=', sql<string>`any(${issues}::text[])`)
    .where('due_since', 'is not', null)
    .execute();
  return new Set(rows.map(({ issue }) => issue));
}

/** Issues for which the matcher found something to look at after `since` that was not there before, or looked safe. */
export async function issuesSuggestedSince(queries: Queries, since: Date): Promise<string[]> {
  const rows = await queries
    .selectFrom('suggestion')
    .select('issue')
    .distinct()
    .where('due_since', '>', since)
    .execute();
  return rows.map(({ issue }) => issue);
}

/** A hit as its rows have it: places in the issue's evidence instead of the evidence. */
type StoredHit = Omit<Hit, 'reasons' | 'evidence' | 'patched'> & { reasons: number; evidence: number };

/** Every suggestion for the given issues in every channel, the likeliest packages first. */
export async function hitsOfIssues(queries: Queries, issues: readonly string[]): Promise<Hit[]> {
  return selectHits(queries, sql`s.issue = any(${issues}::text[])`);
}

/** A hit without what the question says: [suggestion, attr, pname, score, reasons, channel, version, verdict, evidence]. */
type PackedHit = [number, string, string, number, number, string, string, Verdict, number];

/** Every suggestion for the issue whose id is `$1`, as hitsOfIssues gives them. */
export const hitsReading: Reading<Hit[]> = {
  sql: `select json_build_array($1::text, e.evidence, (
      select json_agg(json_build_array(s.id, s.attr, s.pname, s.score, s.reasons, c.channel, c.version, c.verdict, c.evidence))
      from suggestion s join suggestion_channel c on c.suggestion = s.id where s.issue = $1 and s.state = 'open'))
    from issue_evidence e where e.issue = $1`,
  read: (json) => {
    if (json === null) return [];
    const [issue, evidence, hits] = json as [string, PackedEvidence, PackedHit[] | null];
    const stored = (hits ?? []).map(
      ([suggestion, attr, pname, score, reasons, channel, version, verdict, place]): StoredHit => ({
        ...{ suggestion, issue, attr, pname, score, reasons, channel, version, verdict, evidence: place },
      }),
    );
    return withEvidence(stored, unpackEvidence(evidence)).sort(byLikelihood);
  },
};

/** What looks like issues, by issue; those of which it has to be read (cellsOfIssues) are left out. */
export const issueCells: KeptRows<IssueCells> = keptRows<PackedCells, IssueCells>({
  marks: (ids) => `select c.issue as id, c.xmin::text as mark from issue_cells c where c.issue = any(${ids})`,
  rows: `select c.issue as id, c.cells as data from issue_cells c where c.issue = any($1::text[])`,
  read: (packed) => unpackCells(packed),
  most: 3000,
});

/** Packages that look like an issue's product, by channel, the worst first. */
export type IssueCells = ReadonlyMap<string, readonly CellPackage[]>;

/** The same, made of what issueCells is made of. */
export async function cellsOfIssues(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, IssueCells>> {
  const hits = new Map<string, Hit[]>(issues.map((issue) => [issue, []]));
  for (const hit of await hitsOfIssues(queries, issues)) hits.get(hit.issue)?.push(hit);
  return new Map([...hits].map(([issue, own]) => [issue, cellsOfHits(own)]));
}

/** The same of the hits of one issue. */
export function cellsOfHits(hits: readonly Hit[]): IssueCells {
  return unpackCells(
    packCells(
      hits.map(({ attr, channel, version, verdict, evidence, patched }) => ({
        attr,
        channels: [{ channel, version, verdict: { verdict, evidence, patched } }],
      })),
    ),
  );
}

/** The suggestions of some issues for one package. */
export async function hitsOfPackage(
  queries: Queries,
  attr: string,
  issues: readonly string[],
): Promise<Hit[]> {
  return selectHits(queries, sql`s.attr = ${attr} and s.issue = any(${issues}::text[])`);
}

/** Issues that are suggested for any of some packages, each package in the channels for which it is named. */
export async function issuesSuggestedFor(
  queries: Queries,
  named: readonly { attr: string; channel: string }[],
): Promise<string[]> {
  const { rows } = await sql<{ issues: string[] | null }>`select json_agg(distinct s.issue) as issues
    from json_to_recordset(${JSON.stringify(named)}::json) as n(attr text, channel text)
    join suggestion s on s.attr = n.attr and s.state = 'open'
    join suggestion_channel c on c.suggestion = s.id and c.channel = n.channel`.execute(queries);
  return rows[0]?.issues ?? [];
}

/** The given suggestions, as far as they are open. */
export async function hitsOf(queries: Queries, suggestions: readonly number[]): Promise<Hit[]> {
  return selectHits(queries, sql`s.id = any(${suggestions}::bigint[])`);
}

async function selectHits(queries: Queries, which: RawBuilder<unknown>): Promise<Hit[]> {
  const { rows } = await sql<{ evidence: PackedEvidence; hits: StoredHit[] }>`
    select e.evidence, json_agg(json_build_object('suggestion', s.id, 'issue', s.issue, 'attr', s.attr, 'pname', s.pname,
      'score', s.score, 'reasons', s.reasons, 'channel', c.channel, 'version', c.version, 'verdict', c.verdict,
      'evidence', c.evidence)) as hits
    from suggestion s join suggestion_channel c on c.suggestion = s.id join issue_evidence e on e.issue = s.issue
    where s.state = 'open' and ${which} group by e.issue`.execute(queries);
  return rows
    .flatMap(({ evidence, hits }) => withEvidence(hits, unpackEvidence(evidence)))
    .sort(byLikelihood);
}

function withEvidence(hits: readonly StoredHit[], { reasons, verdicts }: IssueEvidence): Hit[] {
  return hits.map((hit) => {
    const verdict = verdicts[hit.evidence];
    return {
      ...hit,
      reasons: reasons[hit.reasons] ?? [],
      evidence: verdict?.evidence ?? [],
      patched: verdict?.patched ?? [],
    };
  });
}

function byLikelihood(a: Hit, b: Hit): number {
  const names = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return b.score - a.score || names(a.attr, b.attr) || names(a.issue, b.issue) || names(a.channel, b.channel);
}

/** Suggestions that somebody has to look at, and all. */
export async function countSuggestions(queries: Queries): Promise<{ toLookAt: number; all: number }> {
  const { rows } = await sql<{ toLookAt: number; all: number }>`
    select coalesce(sum(to_look_at), 0) as "toLookAt", coalesce(sum(suggestions), 0) as "all" from matched_issue`.execute(
    queries,
  );
  return rows[0] ?? { toLookAt: 0, all: 0 };
}

/** Issues that may be open in a channel: `affected` where some package of it looks hit, else `unknown` where nobody can say. */
export interface OpenInChannel {
  channel: string;
  verdict: 'affected' | 'unknown';
  issues: string[];
}

/** For every channel (or the one named) the issues that may be open there, by the worst of their packages. */
export async function openByChannel(queries: Queries, channel?: string): Promise<OpenInChannel[]> {
  const one = channel === undefined ? sql`` : sql`where channel = ${channel}`;
  // One text: the driver takes its time over arrays of so many ids.
  const { rows } = await sql<Omit<OpenInChannel, 'issues'> & { issues: string }>`
    select channel, verdict, string_agg(issue, ' ') as issues from issue_channel ${one} group by channel, verdict`.execute(
    queries,
  );
  return rows.map(({ channel: name, verdict, issues }) => ({
    channel: name,
    verdict,
    issues: issues.split(' ').sort(),
  }));
}

/** What the matcher sees of a channel's packages: everything that is not safe, and was not dismissed. */
export async function doubtsIn(
  queries: Queries,
  channel: string,
): Promise<{ issue: string; attr: string; verdict: 'affected' | 'unknown' }[]> {
  const { rows } = await sql<{ issue: string; attr: string; verdict: 'affected' | 'unknown' }>`
    select s.issue, s.attr, c.verdict from suggestion_channel c join suggestion s on s.id = c.suggestion
    left join suggestion_decision d on d.suggestion = s.id
    where c.channel = ${channel} and c.verdict <> 'not_affected' and s.state = 'open'
      and d.decision is distinct from 'dismissed'
    order by s.issue, s.attr`.execute(queries);
  return rows;
}
