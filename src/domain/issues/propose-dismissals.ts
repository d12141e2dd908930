import { type Database, lockHistory } from '#base/db';
import { editables, keepAsProposal } from '#domain/proposals';
import { editableIssue } from './editable-issue.ts';
import { readIssueFields } from './store-fields.ts';
import { markRejected, newlyRejected, unmarkRejected } from './store-rejected.ts';

/** Changes of a proposal that machines make bear this author. */
const AUTHOR = 'machine:grouping';

/**
 * Proposes to dismiss each issue whose vulnerabilities have all been rejected: once, for people to decide; what they decided
 * stays. An issue that has another vulnerability again may be proposed another time.
 *
 * @returns how many were proposed
 */
export async function proposeDismissals(database: Database, at = new Date()): Promise<number> {
  await unmarkRejected(database.queries);
  if ((await newlyRejected(database.queries)).length === 0) return 0;
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const rejected = await newlyRejected(tx);
    const fields = await readIssueFields(
      tx,
      rejected.map(({ issue }) => issue),
    );
    const kinds = editables([editableIssue]);
    let proposed = 0;
    for (const { issue, vulnerabilities } of rejected) {
      const dismissed = fields.get(issue)?.dismissed;
      if (dismissed?.value != null) continue;
      const numbers = listed(vulnerabilities);
      const value = {
        reason: 'not_a_vulnerability',
        note: `${numbers}: rejected by whoever gives the numbers out.`,
      };
      const change = { kind: 'issue', id: issue, field: 'dismissed', value, saw: dismissed?.version ?? 0 };
      const remark = `All of its vulnerabilities were rejected: ${numbers}.`;
      await keepAsProposal(
        tx,
        { author: AUTHOR, changes: [change], remark },
        { kinds, actor: AUTHOR, cause: 'rejected', at },
      );
      proposed += 1;
    }
    await markRejected(
      tx,
      rejected.map(({ issue }) => issue),
    );
    return proposed;
  });
}

const SHOWN = 10;

function listed(ids: readonly string[]): string {
  const more = ids.length - SHOWN;
  return `${ids.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
