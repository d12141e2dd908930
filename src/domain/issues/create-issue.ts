import type { Database } from '#base/db';
import type { Actor } from '#domain/policies';
import { type Answer, type FieldValue, type SubmitOptions, submit } from '#domain/proposals';
import type { IssueDraft } from './own-vulnerability.ts';
import { issueOfRequest } from './store-own.ts';

/** What came of it: the issue and the number of ours; both null where it is a proposal, or was refused. */
export interface CreatedIssue {
  answer: Answer;
  issue: string | null;
  vulnerability: string | null;
}

/**
 * Opens an issue that no report tells of, with a number of ours as its vulnerability; by whoever may not decide, proposes it.
 *
 * @param options.key what the sender calls it, eight to 64 letters, digits and dashes: sent again it is the same issue
 */
export async function createIssue(
  database: Database,
  actor: Actor,
  draft: IssueDraft,
  options: SubmitOptions & { key: string; remark?: string | undefined },
): Promise<CreatedIssue> {
  const { key, remark, ...rest } = options;
  const value = JSON.parse(JSON.stringify(draft)) as FieldValue;
  const change = { kind: 'new_issue', id: key, field: 'value', value, saw: 0 };
  const answer = await submit(database, actor, { changes: [change], key: `new-issue:${key}`, remark }, rest);
  const made = answer.outcome === 'accepted' ? await issueOfRequest(database.queries, key) : null;
  return { answer, issue: made?.issue ?? null, vulnerability: made?.vulnerability ?? null };
}
