import type { Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { editableNewIssue, type IssueDraft, issueOfRequest, standing } from '#domain/issues';
import { mayClaim, mayDecide, mayDismiss } from '#domain/policies';
import { carryValues, type Editable, editables, type FieldValue, type Written } from '#domain/proposals';
import { type ThreadClaim, type ThreadDecision, threadClaim, threadDecision } from './decision.ts';
import { eraseThread, readThreads, stateOf, writeClaim, writeDecision } from './store-deciding.ts';

/**
 * A thread of a mailing list, by its number. `decision` is null while nobody decided; a decision holds for what its author
 * knew of the thread: what is added later brings it back, and nothing is undone by that. `claim`: who looks into it.
 */
export const editableThread: Editable = {
  kind: 'thread',
  fields: { decision: threadDecision.nullable(), claim: threadClaim.nullable() },
  read: readThreads,
  may(actor, { field, value }, before, rules) {
    if (field === 'claim')
      return mayClaim(actor, {
        before: holderOf(before.value as ThreadClaim | null),
        after: holderOf(value as ThreadClaim | null),
      });
    const decision = value as ThreadDecision | null;
    return decision?.as === 'dismissed' ? mayDismiss(actor, rules) : mayDecide(actor);
  },
  async write(tx, changes) {
    for (const change of changes) {
      if (change.field === 'claim') await writeClaim(tx, change);
      else await decide(tx, change);
    }
  },
  erase: eraseThread,
  history: (id) => ({ entity: 'thread', entityId: id, topics: ['threads'] }),
};

function holderOf(claim: ThreadClaim | null, now = new Date()): string | null {
  return claim === null || new Date(claim.until) <= now ? null : claim.person;
}

async function decide(tx: Tx, change: Written): Promise<void> {
  const thread = Number(change.id);
  const { request, factsVersion } = await stateOf(tx, thread);
  const decision = change.value as ThreadDecision | null;
  // Else what comes would never bring it back.
  if (decision !== null && decision.knew > factsVersion)
    throw new MusterError(
      'USAGE',
      `nobody knew version ${decision.knew} of thread ${thread}: it is at ${factsVersion}`,
    );
  // A new issue that it had become is taken back, unless it still is that one.
  if (request !== null && decision?.as !== 'issue') await setDraft(tx, request, null, change);
  const came = decision === null ? {} : await carryOut(tx, thread, decision, change);
  await writeDecision(tx, change, { issue: null, request: null, ...came });
}

async function carryOut(
  tx: Tx,
  thread: number,
  decision: ThreadDecision,
  change: Written,
): Promise<{ issue?: string; request?: string }> {
  if (decision.as === 'dismissed' || decision.as === 'waiting') return {};
  if (decision.as === 'issue') {
    const request = `thread-${String(thread).padStart(8, '0')}`;
    await setDraft(tx, request, decision.draft, change);
    const made = await issueOfRequest(tx, request);
    return made === null ? { request } : { request, issue: made.issue };
  }
  const issue = (await standing(tx, [decision.issue])).get(decision.issue);
  if (issue === undefined) throw new MusterError('NOT_FOUND', `there is no issue ${decision.issue}`);
  return { issue };
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
  await carryValues(tx, [{ change, before, author: actor, setAt: at, event: version }], {
    kinds: editables([editableNewIssue]),
    actor,
    cause: 'decision',
    at,
  });
}
