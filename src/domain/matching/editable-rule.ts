import { mayMakeRule } from '#domain/policies';
import type { Editable } from '#domain/proposals';
import { applyRules } from './apply-rules.ts';
import { ruleSchema } from './rule.ts';
import { eraseRules, readRules, writeRule } from './store-rules.ts';

const REQUEST = /^[A-Za-z0-9][A-Za-z0-9-]{7,63}$/;

/**
 * A remembered suppression; `id` is what its maker calls it, the one field `value` what it says, null where it does not hold
 * (any more). What it suppresses is dismissed in its name at once, and comes back when it is taken back.
 */
export const editableRule: Editable = {
  kind: 'rule',
  fields: { value: ruleSchema.nullable() },
  async read(tx, ids) {
    const known = await readRules(tx, ids);
    return new Map(
      ids
        .filter((id) => REQUEST.test(id))
        .map((id) => [id, known.get(id) ?? { value: { value: null, version: 0 } }]),
    );
  },
  may: (actor) => mayMakeRule(actor),
  async write(tx, changes) {
    for (const change of changes) {
      const { attrs } = await writeRule(tx, change);
      if (attrs.length > 0) await applyRules(tx, { attrs, at: change.at });
    }
  },
  erase: eraseRules,
  history: (id) => ({ entity: 'rule', entityId: id, topics: ['rules'] }),
};
