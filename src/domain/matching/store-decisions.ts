import { type RawBuilder, sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { Verdict } from '#base/versions';
import type { FieldState, FieldValue, Forgotten, Written } from '#domain/proposals';
import type { ScorePart } from './candidates.ts';
import type { DecidedOn, Decision, SuggestionDismissal } from './decision.ts';
import { type IssueEvidence, type PackedEvidence, unpackEvidence } from './pack-evidence.ts';
import type { VulnerabilityVerdict } from './verdict.ts';

/** A suggestion with what each channel shows, as somebody who decides sees it. */
export interface SuggestionShown {
  /** `NSI-2017-0043/openssl`: what changes name. */
  id: string;
  suggestion: number;
  issue: string;
  attr: string;
  pname: string;
  score: number;
  reasons: ScorePart[];
  verdict: Verdict;
  state: 'open' | 'stale';
  channels: {
    channel: string;
    version: string;
    verdict: Verdict;
    evidence: VulnerabilityVerdict[];
    patched: string[];
  }[];
}

/** A suggestion as its rows have it: places in the issue's evidence, or what was kept when it became stale. */
interface ShownRow extends Omit<SuggestionShown, 'reasons' | 'channels'> {
  reasons: number;
  channels: { channel: string; version: string; verdict: Verdict; evidence: number }[];
  kept: Pick<SuggestionShown, 'reasons' | 'channels'> | null;
}

/** Suggestions `s` that meet a condition, in the order of their numbers. In one statement: the matcher may be writing. */
export async function shownWhere(queries: Queries, which: RawBuilder<unknown>): Promise<SuggestionShown[]> {
  const { rows } = await sql<{ shown: ShownRow[]; evidence: PackedEvidence | null }>`
    select g.shown, e.evidence from (select s.issue, json_agg(json_build_object('id', s.issue || '/' || s.attr,
      'suggestion', s.id, 'issue', s.issue, 'attr', s.attr, 'pname', s.pname, 'score', s.score, 'verdict', s.verdict,
      'state', s.state, 'reasons', s.reasons, 'kept', s.kept, 'channels',
      (select coalesce(json_agg(json_build_object('channel', c.channel, 'version', c.version, 'verdict', c.verdict,
          'evidence', c.evidence) order by c.channel), '[]')
        from suggestion_channel c where c.suggestion = s.id))) as shown
      from suggestion s where ${which} group by s.issue) g
    left join issue_evidence e on e.issue = g.issue`.execute(queries);
  return rows
    .flatMap(({ shown, evidence }) => {
      const known = evidence === null ? null : unpackEvidence(evidence);
      return shown.map((row) => withEvidence(row, known));
    })
    .sort((a, b) => a.suggestion - b.suggestion);
}

function withEvidence({ kept, ...row }: ShownRow, known: IssueEvidence | null): SuggestionShown {
  if (kept !== null) return { ...row, ...kept };
  return {
    ...row,
    reasons: known?.reasons[row.reasons] ?? [],
    channels: row.channels.map((cell) => {
      const { evidence = [], patched = [] } = known?.verdicts[cell.evidence] ?? {};
      return { ...cell, evidence, patched };
    }),
  };
}

/** Suggestions by their ids (`issue/attribute`), in that order; unknown ones are left out. */
export async function suggestionsShown(queries: Queries, ids: readonly string[]): Promise<SuggestionShown[]> {
  const wanted = JSON.stringify(ids.flatMap(parted));
  const shown = await shownWhere(
    queries,
    sql`(s.issue, s.attr) in (select issue, attr from json_to_recordset(${wanted}::json) as r(issue text, attr text))`,
  );
  const byId = new Map(shown.map((each) => [each.id, each]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** The same by number, in the order of the numbers. */
export async function suggestionsNumbered(
  queries: Queries,
  numbers: readonly number[],
): Promise<SuggestionShown[]> {
  return shownWhere(queries, sql`s.id = any(${numbers}::bigint[])`);
}

function parted(id: string, o: number): { o: number; issue: string; attr: string }[] {
  const slash = id.indexOf('/');
  return slash < 1 ? [] : [{ o, issue: id.slice(0, slash), attr: id.slice(slash + 1) }];
}

/** What was decided of a suggestion. */
export interface StoredDecision {
  id: string;
  suggestion: number;
  /** Null where it was taken back. */
  value: Decision | null;
  version: number;
  by: string;
  at: Date;
  decidedOn: DecidedOn | null;
}

/** A decision as its row says it. */
export interface DecisionRow {
  id: string;
  suggestion: number;
  decision: 'accepted' | 'dismissed' | null;
  reason: SuggestionDismissal | null;
  note: string | null;
  rule: number | null;
  confirms: number | null;
  version: number;
  by: string;
  at: Date;
  decidedOn: DecidedOn | null;
}

const DECIDED = sql`s.issue || '/' || s.attr as id, d.suggestion, d.decision, d.reason, d.note, d.rule, d.confirms, d.version,
  d.decided_by as by, d.decided_at as at, d.decided_on as "decidedOn"`;

export function storedDecision(row: DecisionRow): StoredDecision {
  const { id, suggestion, version, by, at, decidedOn } = row;
  return { id, suggestion, version, by, at, decidedOn, value: asSet(row) };
}

function asSet({ decision, reason, note, rule, confirms }: DecisionRow): Decision | null {
  if (decision === null) return null;
  const value = { decision, reason, note, rule, confirms };
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null)) as Decision;
}

/** What was decided of the suggestions of some issues; those of which nobody decided are left out. */
export async function decisionsOfIssues(
  queries: Queries,
  issues: readonly string[],
): Promise<StoredDecision[]> {
  const { rows } =
    await sql<DecisionRow>`select ${DECIDED} from suggestion s join suggestion_decision d on d.suggestion = s.id
    where s.issue = any(${issues}::text[]) order by s.issue, s.attr`.execute(queries);
  return rows.map(storedDecision);
}

/** The same for suggestions by number. */
export async function decisionsOf(
  queries: Queries,
  suggestions: readonly number[],
): Promise<Map<number, StoredDecision>> {
  const { rows } =
    await sql<DecisionRow>`select ${DECIDED} from suggestion_decision d join suggestion s on s.id = d.suggestion
    where d.suggestion = any(${suggestions}::bigint[])`.execute(queries);
  return new Map(rows.map((row) => [row.suggestion, storedDecision(row)]));
}

/** Decisions on what the matcher does not propose any more: their issue may have become part of another. */
export async function decisionsOnStale(queries: Queries): Promise<StoredDecision[]> {
  const { rows } =
    await sql<DecisionRow>`select ${DECIDED} from suggestion_decision d join suggestion s on s.id = d.suggestion
    where s.state = 'stale' and d.decision is not null order by d.suggestion`.execute(queries);
  return rows.map(storedDecision);
}

/** Decisions as fields, by `issue/attribute`. */
export async function readDecisions(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { decision: FieldState }>> {
  const { rows } = await sql<
    DecisionRow & { version: number | null }
  >`select s.issue || '/' || s.attr as id, s.id as suggestion,
      d.decision, d.reason, d.note, d.rule, d.confirms, d.version
    from json_to_recordset(${JSON.stringify(ids.flatMap(parted))}::json) as r(o int, issue text, attr text)
    join suggestion s on s.issue = r.issue and s.attr = r.attr left join suggestion_decision d on d.suggestion = s.id`.execute(
    tx,
  );
  return new Map(
    rows.map((row) => [row.id, { decision: { value: asSet(row) as FieldValue, version: row.version ?? 0 } }]),
  );
}

/** Writes decisions that were checked, with what each suggestion looks like. */
export async function writeDecisions(
  tx: Tx,
  written: readonly Written[],
  on: ReadonlyMap<string, { suggestion: number; decidedOn: DecidedOn }>,
): Promise<void> {
  const rows = written.flatMap(({ id, value, version, actor, at }) => {
    const known = on.get(id);
    if (known === undefined) return [];
    const set = (value ?? {}) as Partial<
      Record<'decision' | 'reason' | 'note' | 'rule' | 'confirms', unknown>
    >;
    const { decision, reason, note, rule, confirms } = set;
    return [{ ...known, decision, reason, note, rule, confirms, version, actor, at }];
  });
  await sql`insert into suggestion_decision (suggestion, decision, reason, note, rule, confirms, version, decided_by, decided_at,
      decided_on)
    select suggestion, decision, reason, note, rule, confirms, version, actor, at, "decidedOn"
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(suggestion bigint, decision text, reason text, note text, rule bigint,
      confirms bigint, version bigint, actor text, at timestamptz, "decidedOn" jsonb)
    on conflict (suggestion) do update set decision = excluded.decision, reason = excluded.reason, note = excluded.note,
      rule = excluded.rule, confirms = excluded.confirms, version = excluded.version, decided_by = excluded.decided_by,
      decided_at = excluded.decided_at, decided_on = excluded.decided_on`.execute(tx);
}

/** Leaves a decision with what it was made on before it was carried over. */
export async function keepDecidedOn(tx: Tx, suggestion: number, decidedOn: DecidedOn | null): Promise<void> {
  await tx
    .updateTable('suggestion_decision')
    .set({ decided_on: decidedOn === null ? null : JSON.stringify(decidedOn) })
    .where('suggestion', '=', suggestion)
    .execute();
}

/** Takes away decisions that are said of another suggestion now. */
export async function clearDecision(tx: Tx, suggestion: number): Promise<void> {
  await tx.deleteFrom('suggestion_decision').where('suggestion', '=', suggestion).execute();
}

/** Forgets the words of decisions that one of those events made. */
export async function eraseDecisions(tx: Tx, forgotten: readonly Forgotten[]): Promise<void> {
  const rows = forgotten.flatMap(({ id, events }, o) => parted(id, o).map((part) => ({ ...part, events })));
  await sql`update suggestion_decision d set note = case when note is not null then '(redacted)' end
    from suggestion s, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(issue text, attr text, events bigint[])
    where d.suggestion = s.id and s.issue = r.issue and s.attr = r.attr and d.version = any(r.events)`.execute(
    tx,
  );
}
