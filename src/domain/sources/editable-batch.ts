import { MusterError } from '#base/errors';
import { mayReleaseBatch } from '#domain/policies';
import type { Editable } from '#domain/proposals';
import { batchDecision } from './batch-decision.ts';
import { readDecisions, settled, writeDecision } from './store-batches.ts';
import { wantSource } from './store-runs.ts';

/**
 * A file of a source that is too unlike the one before to be applied without a person, by its number. `decision` is null while
 * nobody decided: released, it is fetched and applied as soon as may be; refused, what is stored stays.
 */
export const editableBatch: Editable = {
  kind: 'batch',
  fields: { decision: batchDecision.nullable() },
  read: readDecisions,
  may: (actor) => mayReleaseBatch(actor),
  async write(tx, changes) {
    for (const change of changes) {
      const past = await settled(tx, Number(change.id));
      if (past === 'applied')
        throw new MusterError('TRANSITION_BARRED', `batch ${change.id} was applied: it cannot be held again`);
      if (past === 'overtaken')
        throw new MusterError(
          'TRANSITION_BARRED',
          `batch ${change.id} waits no more: another file came in its place`,
        );
      const source = await writeDecision(tx, change);
      const { as } = (change.value ?? {}) as { as?: string };
      if (source !== null && as === 'released') await wantSource(tx, source, change.at);
    }
  },
  history: (id) => ({ entity: 'batch', entityId: id, topics: ['sources'] }),
};
