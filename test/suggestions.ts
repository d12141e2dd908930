// Suggestions as the matcher writes them, for tests of what people do with them.
import { sql } from 'kysely';
import type { Database } from '#base/db';
import type { Verdict } from '#base/versions';
import { type PackedEvidence, packEvidence, unpackEvidence } from '../src/domain/matching/pack-evidence.ts';

/** A package that an issue may be about, and what is shown of it in each channel. */
export interface MadeUp {
  issue: string;
  attr: string;
  /** 0.8 where it is left out. */
  score?: number;
  cells: { channel: string; version: string; verdict: Verdict; vulnerability?: string; why?: string }[];
}

/** Writes suggestions, or what is shown of them from now on; then the matcher has run. @returns their numbers */
export async function suggest(database: Database, suggestions: readonly MadeUp[]): Promise<number[]> {
  const { queries } = database;
  const numbers: number[] = [];
  for (const { issue, attr, score = 0.8, cells } of suggestions) {
    const worst = (['affected', 'unknown', 'not_affected'] as const).find((each) =>
      cells.some(({ verdict }) => verdict === each),
    );
    const { rows: known } = await sql<{
      evidence: PackedEvidence;
    }>`select evidence from issue_evidence where issue = ${issue}`.execute(queries);
    const evidence = unpackEvidence(known[0]?.evidence ?? packEvidence({ reasons: [], verdicts: [] }));
    const { rows } = await sql<{
      id: number;
    }>`insert into suggestion (issue, attr, pname, score, reasons, matcher_version,
        verdict, due_since)
      values (${issue}, ${attr}, ${attr}, ${score}, ${evidence.reasons.length}, 1, ${worst},
        ${worst === 'not_affected' ? null : sql`clock_timestamp()`})
      on conflict (issue, attr) do update set verdict = excluded.verdict, state = 'open', kept = null,
        reasons = excluded.reasons,
        due_since = case when excluded.due_since is not null then coalesce(suggestion.due_since, excluded.due_since) end
      returning id`.execute(queries);
    const id = rows[0]?.id ?? 0;
    numbers.push(id);
    evidence.reasons.push([{ part: 'name', points: score, why: 'the name is the same' }]);
    await sql`delete from suggestion_channel where suggestion = ${id}`.execute(queries);
    for (const { channel, version, verdict, vulnerability = 'CVE-2017-0001', why = 'made up' } of cells) {
      await sql`insert into suggestion_channel (suggestion, channel, version, verdict, evidence)
        values (${id}, ${channel}, ${version}, ${verdict}, ${evidence.verdicts.length})`.execute(queries);
      evidence.verdicts.push({ verdict, evidence: [{ vulnerability, verdict, why }], patched: [] });
    }
    await sql`insert into issue_evidence (issue, evidence) values (${issue}, ${JSON.stringify(packEvidence(evidence))})
      on conflict (issue) do update set evidence = excluded.evidence`.execute(queries);
  }
  await matcherRan(database);
  return numbers;
}

/** Says that the matcher has written something: what was decided is to be settled anew. */
export async function matcherRan(database: Database): Promise<void> {
  await sql`update matching_state set matched_at = clock_timestamp()`.execute(database.queries);
}
