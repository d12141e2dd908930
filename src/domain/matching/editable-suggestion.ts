import type { Tx } from '#base/db';
import { atomsOf, boxesLookedAt, recordLooks, recordsOf } from '#domain/issues';
import { mayDecide, mayDismiss } from '#domain/policies';
import type { Editable } from '#domain/proposals';
import { type DecidedOn, type Decision, decisionSchema } from './decision.ts';
import { refreshQueue } from './refresh-queue.ts';
import {
  eraseDecisions,
  readDecisions,
  type SuggestionShown,
  suggestionsShown,
  writeDecisions,
} from './store-decisions.ts';

/** What the matcher proposes, `NSI-2017-0043/openssl`; its one field `decision` is null while nobody has decided. */
export const editableSuggestion: Editable = {
  kind: 'suggestion',
  fields: { decision: decisionSchema.nullable() },
  read: readDecisions,
  may(actor, { value }, _before, rules) {
    return (value as Decision | null)?.decision === 'dismissed' ? mayDismiss(actor, rules) : mayDecide(actor);
  },
  async write(tx, changes) {
    const ids = [...new Set(changes.map(({ id }) => id))];
    const on = await looksOf(tx, await suggestionsShown(tx, ids));
    await writeDecisions(tx, changes, on);
    await boxesLookedAt(
      tx,
      changes.flatMap(({ id, value }) => (saidByPerson(value as Decision | null) ? [parted(id)] : [])),
    );
    await refreshQueue(
      tx,
      [...on.values()].map(({ suggestion }) => suggestion),
    );
  },
  erase: eraseDecisions,
  history(id) {
    const { issue, package: attr } = parted(id);
    return { entity: 'issue', entityId: issue, topics: [`package:${attr}`, 'queue'] };
  },
};

/** A rule has looked at nothing; and what is taken back is said of no package. */
function saidByPerson(value: Decision | null): boolean {
  return value !== null && !(value.decision === 'dismissed' && value.rule !== undefined);
}

function parted(id: string): { issue: string; package: string } {
  const slash = id.indexOf('/');
  return { issue: id.slice(0, slash), package: id.slice(slash + 1) };
}

/** What suggestions look like at this moment, by id. */
export async function looksOf(
  tx: Tx,
  shown: readonly SuggestionShown[],
): Promise<Map<string, { suggestion: number; decidedOn: DecidedOn }>> {
  const atoms = await atomsOf(tx, [...new Set(shown.map(({ issue }) => issue))]);
  const looks = await recordLooks(
    tx,
    atoms.map(({ vulnerability }) => vulnerability),
  );
  return new Map(
    shown.map(({ id, suggestion, issue, channels }) => {
      const own = atoms.filter((atom) => atom.issue === issue).map(({ vulnerability }) => vulnerability);
      const verdicts = Object.fromEntries(channels.map(({ channel, verdict }) => [channel, verdict]));
      const vulnerabilities = [...new Set(own)].sort();
      const records = recordsOf(vulnerabilities, looks);
      return [id, { suggestion, decidedOn: { vulnerabilities, verdicts, records } }];
    }),
  );
}
