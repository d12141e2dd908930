import type { Tx } from '#base/db';
import { atomsOf, recordLooks, recordsOf } from '#domain/issues';
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
    await refreshQueue(
      tx,
      [...on.values()].map(({ suggestion }) => suggestion),
    );
  },
  erase: eraseDecisions,
  history(id) {
    const slash = id.indexOf('/');
    return {
      entity: 'issue',
      entityId: id.slice(0, slash),
      topics: [`package:${id.slice(slash + 1)}`, 'queue'],
    };
  },
};

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
