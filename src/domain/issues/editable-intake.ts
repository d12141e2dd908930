import { z } from 'zod';
import { enqueueEffect, lockHistory, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { mayDecideIntake } from '#domain/policies';
import { carryValues, type Editable, editables, type FieldValue, type Written } from '#domain/proposals';
import { commentBody, editableComment } from './editable-comment.ts';
import { editableNewIssue } from './editable-new-issue.ts';
import { draftSchema, type IssueDraft } from './own-vulnerability.ts';
import { addComment } from './post-comment.ts';
import { standing } from './store.ts';
import { eraseIntake, type Intake, intakeById, readIntake, updateIntake } from './store-intake.ts';
import { issueOfRequest } from './store-own.ts';

const issueId = z.string().min(1).max(64);

/** What whoever sent it is told, by mail: only where they said where. */
const answer = z.string().trim().min(1).max(4000).optional();

/** What the outbox holds for a mail to a visitor (kind `mail.intake`); its words, and to whom it goes, are read when it is sent. */
export interface IntakeEffect {
  intake: number;
  /** That decision, and no later one. */
  version: number;
}

/** What becomes of what a visitor sent. */
export const intakeDecision = z.discriminatedUnion('as', [
  /** It is of no use; nobody but triagers ever sees it. */
  z.strictObject({
    as: z.literal('dismissed'),
    reason: z.string().trim().min(1, 'needs a reason').max(2000),
    answer,
  }),
  /** It belongs to that issue, and tells nothing that is not there already. */
  z.strictObject({ as: z.literal('attached'), issue: issueId, answer }),
  /** It is released as a comment: in the visitor's words, or in those of whoever releases it. */
  z.strictObject({ as: z.literal('comment'), issue: issueId, body: commentBody.optional(), answer }),
  /** It is a new issue. */
  z.strictObject({ as: z.literal('issue'), draft: draftSchema, answer }),
]);
export type IntakeDecision = z.infer<typeof intakeDecision>;

/** What a visitor sent, by its number; the one field `decision` is null while it waits. What came of it goes with the decision. */
export const editableIntake: Editable = {
  kind: 'intake',
  fields: { decision: intakeDecision.nullable() },
  read: readIntake,
  may: (actor) => mayDecideIntake(actor),
  async write(tx, changes) {
    for (const change of changes) await decide(tx, change);
  },
  erase: eraseIntake,
  story: true,
  hidden: true,
  history: (id) => ({ entity: 'intake', entityId: id, topics: ['intake'] }),
};

async function decide(tx: Tx, change: Written): Promise<void> {
  const intake = await intakeById(tx, Number(change.id));
  if (intake === null) throw new MusterError('NOT_FOUND', `nothing was received under ${change.id}`);
  await takeBack(tx, intake, change);
  const decision = change.value as IntakeDecision | null;
  const came = decision === null ? {} : await carryOut(tx, intake, decision, change);
  const answerTo = decision?.answer === undefined ? null : intake.email;
  if (answerTo !== null) {
    const payload: IntakeEffect = { intake: intake.id, version: change.version };
    const key = `intake:${intake.id}:${change.version}`;
    await enqueueEffect(tx, { key, kind: 'mail.intake', payload: { ...payload }, dueAt: change.at });
  }
  await updateIntake(tx, intake.id, {
    decision,
    version: change.version,
    by: change.actor,
    at: change.at,
    answerTo,
    issue: null,
    comment: null,
    request: null,
    ...came,
  });
}

interface CameOf {
  issue?: string;
  comment?: number;
  request?: string;
}

async function carryOut(
  tx: Tx,
  intake: Intake,
  decision: IntakeDecision,
  { actor, at, version }: Written,
): Promise<CameOf> {
  if (decision.as === 'dismissed') return {};
  if (decision.as === 'issue') {
    const request = `intake-${String(intake.id).padStart(8, '0')}`;
    await setDraft(tx, request, decision.draft, { actor, at, version });
    const made = await issueOfRequest(tx, request);
    return made === null ? { request } : { request, issue: made.issue };
  }
  const issue = (await standing(tx, [decision.issue])).get(decision.issue);
  if (issue === undefined) throw new MusterError('NOT_FOUND', `there is no issue ${decision.issue}`);
  if (decision.as === 'attached') return { issue };
  const body = decision.body ?? [intake.words, intake.url].filter((part) => part !== null).join('\n\n');
  const { id: after } = await lockHistory(tx);
  const { id } = await addComment(tx, { issue, body, author: 'visitor', actor, after, at, carried: version });
  return { issue, comment: id };
}

/** Takes back what came of an earlier decision. */
async function takeBack(
  tx: Tx,
  { comment, issue, request }: Intake,
  { actor, at, version }: Written,
): Promise<void> {
  if (comment !== null && issue !== null) {
    const id = `${issue}/${comment}`;
    const now = (await editableComment.read(tx, [id])).get(id)?.body;
    if (now === undefined || now.value === null) return;
    const change = { kind: 'comment', id, field: 'body', value: null, saw: now.version };
    await carryValues(tx, [{ change, before: now, author: actor, setAt: at, event: version }], {
      kinds: editables([editableComment]),
      actor,
      cause: 'what a visitor sent is decided anew',
      at,
    });
  }
  if (request !== null) await setDraft(tx, request, null, { actor, at, version });
}

async function setDraft(
  tx: Tx,
  request: string,
  draft: IssueDraft | null,
  { actor, at, version }: Pick<Written, 'actor' | 'at' | 'version'>,
): Promise<void> {
  const before = (await editableNewIssue.read(tx, [request])).get(request)?.value ?? {
    value: null,
    version: 0,
  };
  const value = draft === null ? null : (JSON.parse(JSON.stringify(draft)) as FieldValue);
  const change = { kind: 'new_issue', id: request, field: 'value', value, saw: before.version };
  const author = draft === null ? actor : 'visitor';
  await carryValues(tx, [{ change, before, author, setAt: at, event: version }], {
    kinds: editables([editableNewIssue]),
    actor,
    cause: 'released from what a visitor sent',
    at,
  });
}
