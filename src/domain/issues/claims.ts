import { type Database, lockHistory } from '#base/db';
import { machine } from '#domain/policies';
import { type Change, editables, type SubmitOptions, submit } from '#domain/proposals';
import { type Claim, editableIssue } from './editable-issue.ts';
import { type NextDigest, notify } from './notify.ts';
import { claimsEndingBy } from './store-fields.ts';

/** How long a claim holds, in days, where nobody says otherwise. */
export const CLAIM_DAYS = 7;
const DAY_MS = 86_400_000;

const OPTIONS: SubmitOptions = { kinds: editables([editableIssue]), rules: { secondOpinion: false } };

/** The change by which somebody claims an issue, for a week or up to a moment. */
export function claimChange(
  issue: string,
  person: string,
  saw: number,
  { at = new Date(), until }: { at?: Date; until?: Date } = {},
): Change {
  const end = until ?? new Date(at.getTime() + CLAIM_DAYS * DAY_MS);
  const claim: Claim = { person, until: end.toISOString() };
  return { kind: 'issue', id: issue, field: 'claim', value: { ...claim }, saw };
}

/**
 * Gives back what was claimed up to now, each claim as an entry of the history (who claimed it is told by tellPeople), and
 * tells whose claim ends within a day. Doing it late, or twice, makes no difference.
 *
 * @returns how many ended, and how many were told that theirs is about to
 */
export async function endClaims(
  database: Database,
  at = new Date(),
  nextDigest?: NextDigest,
): Promise<{ ended: number; warned: number }> {
  let ended = 0;
  for (const { issue, version } of await claimsEndingBy(database.queries, at)) {
    const change = { kind: 'issue', id: issue, field: 'claim', value: null, saw: version };
    const changeSet = { changes: [change], key: `claim-ended:${issue}:${version}` };
    // A conflict is somebody who claimed it just now.
    const answer = await submit(database, machine('claims'), changeSet, { ...OPTIONS, at });
    if (answer.outcome === 'accepted' && answer.made.length > 0) ended += 1;
  }
  const warned = await database.transaction(async (tx) => {
    await lockHistory(tx);
    const soon = await claimsEndingBy(tx, new Date(at.getTime() + DAY_MS));
    const { notices } = await notify(
      tx,
      soon.flatMap(({ issue, person, until, version }) => {
        if (until <= at) return [];
        const words = `Your claim of ${issue} ends on ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
        const account = Number(person.slice('person:'.length));
        return [{ account, event: version, reason: 'claim' as const, topic: `issue:${issue}`, words }];
      }),
      at,
      nextDigest,
    );
    return notices;
  });
  return { ended, warned };
}
