import { type Database, lockHistory, type Tx } from '#base/db';
import { boxId, editablePackage, editableStatus } from '#domain/issues';
import type { Actor } from '#domain/policies';
import {
  type Answer,
  type Change,
  type FieldValue,
  type SubmitOptions,
  submit,
  submitIn,
} from '#domain/proposals';
import { type Decision, statusShown } from './decision.ts';
import type { RuleValue } from './rule.ts';
import { type SuggestionShown, suggestionsShown } from './store-decisions.ts';

/** What somebody decides of one suggestion. */
export interface SuggestionDecision {
  /** `NSI-2017-0043/openssl` */
  id: string;
  decision: Decision;
  /** The version of its decision that they saw; 0 where nobody had decided. */
  saw: number;
}

/** What of a dismissal is remembered as a rule, beside its attribute, reason and note. */
export type Remembered = Pick<
  RuleValue,
  'product' | 'vendor' | 'channel' | 'versions' | 'evidence' | 'expiresOn'
>;

export interface DecideOptions extends SubmitOptions {
  /** Sent twice under one key it is one change set. */
  key?: string | undefined;
  remark?: string | undefined;
  /** Makes a rule of a dismissal; by whoever may not make rules, proposes it. */
  remember?: Remembered | undefined;
}

export interface Decided {
  answer: Answer;
  /** One for each attribute that was dismissed, where a rule was asked for and the dismissal was not refused. */
  rules: Answer[];
}

/**
 * Decides suggestions as one change set, all of them or none. Accepting one also lists its package under the issue and says
 * of each channel what the verdict shows (decision.ts), where nobody has said anything yet. `kinds` must hold those of
 * suggestions, packages, statuses and rules.
 */
export async function decideSuggestions(
  database: Database,
  actor: Actor,
  decisions: readonly SuggestionDecision[],
  options: DecideOptions,
): Promise<Decided> {
  const { key, remark, remember, ...rest } = options;
  const answer = await database.transaction(async (tx) => {
    await lockHistory(tx);
    return submitIn(tx, actor, { changes: await changesOf(tx, decisions), key, remark }, rest);
  });
  const settled = answer.outcome === 'accepted' || answer.outcome === 'proposed';
  if (remember === undefined || !settled) return { answer, rules: [] };
  const rules: Answer[] = [];
  const dismissed = new Map(
    decisions.flatMap(({ id, decision }) =>
      decision.decision === 'dismissed' ? [[id.slice(id.indexOf('/') + 1), decision] as const] : [],
    ),
  );
  for (const [attr, { reason }] of dismissed) {
    const value = JSON.parse(JSON.stringify({ ...remember, attr, reason })) as FieldValue;
    const request = `rule-${answer.proposal ?? 0}-${rules.length}`.padEnd(8, '0');
    const change = { kind: 'rule', id: request, field: 'value', value, saw: 0 };
    rules.push(
      await submit(database, actor, { changes: [change], key: `${request}:${actor.id}`, remark }, rest),
    );
  }
  return { answer, rules };
}

async function changesOf(tx: Tx, decisions: readonly SuggestionDecision[]): Promise<Change[]> {
  const accepted = decisions.filter(({ decision }) => decision.decision === 'accepted').map(({ id }) => id);
  const shown = await suggestionsShown(tx, accepted);
  return [
    ...decisions.map(({ id, decision, saw }) => ({
      kind: 'suggestion',
      id,
      field: 'decision',
      value: JSON.parse(JSON.stringify(decision)) as FieldValue,
      saw,
    })),
    ...(await listings(tx, shown)),
    ...(await statuses(tx, shown)),
  ];
}

/** Packages that are not listed yet. Where somebody took one off, they are overruled by name: it is in the history. */
async function listings(tx: Tx, shown: readonly SuggestionShown[]): Promise<Change[]> {
  const states = await editablePackage.read(
    tx,
    shown.map(({ id }) => id),
  );
  return shown.flatMap(({ id }) => {
    const now = states.get(id)?.value;
    if (now === undefined || now.value !== null) return [];
    return [{ kind: 'package', id, field: 'value', value: 'attribute', saw: now.version }];
  });
}

/** What each channel shows, for the boxes of which nobody has said anything: a person's word stays. */
async function statuses(tx: Tx, shown: readonly SuggestionShown[]): Promise<Change[]> {
  const boxes = new Map(
    shown.flatMap(({ issue, attr, channels }) =>
      channels.map((cell) => [boxId({ issue, package: attr, channel: cell.channel }), cell] as const),
    ),
  );
  const states = await editableStatus.read(tx, [...boxes.keys()]);
  return [...boxes].flatMap(([id, cell]) => {
    const now = states.get(id)?.value;
    if (now === undefined || now.value !== null) return [];
    return [{ kind: 'status', id, field: 'value', value: statusShown(cell), saw: now.version }];
  });
}
