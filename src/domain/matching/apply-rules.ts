import { lockHistory, type Tx } from '#base/db';
import { namesOfIssues } from '#domain/issues';
import { type Change, editables, type FieldValue, MOST_CHANGES, submitIn } from '#domain/proposals';
import type { Decision } from './decision.ts';
import { editableSuggestion } from './editable-suggestion.ts';
import { type ActiveRule, suppressedBy } from './rule.ts';
import {
  decisionsOf,
  type StoredDecision,
  type SuggestionShown,
  suggestionsNumbered,
} from './store-decisions.ts';
import { activeRules, suggestionsUnderRules } from './store-rules.ts';

const BATCH = 500;

/**
 * Brings what rules dismiss up to the rules and to what the matcher proposes: each dismissal in the name of its rule
 * (`rule:12`) and in the history like anybody's; taken back where the rule does not hold or does not cover it any more.
 * What a person decided, or took back from a rule, no rule touches.
 *
 * @param attrs only for these attributes
 */
export async function applyRules(
  tx: Tx,
  { attrs, at }: { attrs?: readonly string[]; at: Date },
): Promise<{ suppressed: number; returned: number }> {
  await lockHistory(tx);
  const rules = await activeRules(tx, at.toISOString().slice(0, 10), attrs);
  const changes = new Map<string, Change[]>();
  let [suppressed, returned] = [0, 0];
  for (let after = 0; ; ) {
    const numbers = await suggestionsUnderRules(tx, attrs, after, BATCH);
    if (numbers.length === 0) break;
    after = numbers.at(-1) ?? after;
    const shown = await suggestionsNumbered(tx, numbers);
    const [names, decisions] = [
      await namesOfIssues(tx, [...new Set(shown.map(({ issue }) => issue))]),
      await decisionsOf(tx, numbers),
    ];
    for (const suggestion of shown) {
      const known = names.get(suggestion.issue) ?? { products: [], named: [] };
      const change = changeBy(
        suppressedBy(rules, suggestion, known),
        suggestion,
        decisions.get(suggestion.suggestion),
      );
      if (change === null) continue;
      if (change.value === null) returned += 1;
      else suppressed += 1;
      changes.set(change.actor, [...(changes.get(change.actor) ?? []), change]);
    }
  }
  for (const [actor, own] of changes) {
    for (let start = 0; start < own.length; start += MOST_CHANGES) {
      const options = { kinds: editables([editableSuggestion]), rules: { secondOpinion: false }, at };
      const part = {
        changes: own
          .slice(start, start + MOST_CHANGES)
          .map(({ kind, id, field, value, saw }) => ({ kind, id, field, value, saw })),
      };
      const answer = await submitIn(tx, { id: actor, role: 'security', account: null }, part, options);
      if (answer.outcome !== 'accepted')
        throw new Error(`what ${actor} decides was not accepted: ${JSON.stringify(answer)}`);
    }
  }
  return { suppressed, returned };
}

/** What a rule changes of a suggestion; null where all is as the rules say. */
function changeBy(
  rule: ActiveRule | null,
  { id, channels }: SuggestionShown,
  decided: StoredDecision | undefined,
): (Change & { actor: string }) | null {
  const by = decided?.value?.decision === 'dismissed' ? (decided.value.rule ?? null) : null;
  if (rule === null) {
    // With nothing left to suppress, what was suppressed stays so.
    const nothing = channels.every(({ verdict }) => verdict === 'not_affected');
    if (by === null || nothing) return null;
    return {
      kind: 'suggestion',
      id,
      field: 'decision',
      value: null,
      saw: decided?.version ?? 0,
      actor: `rule:${by}`,
    };
  }
  if (by !== null) return null;
  const value: Decision = {
    decision: 'dismissed',
    reason: rule.value.reason,
    note: `suppressed by rule ${rule.id}`,
    rule: rule.id,
  };
  return {
    kind: 'suggestion',
    id,
    field: 'decision',
    value: value as FieldValue,
    saw: decided?.version ?? 0,
    actor: `rule:${rule.id}`,
  };
}
