import { type Atom, atomKey } from './bundle.ts';
import { type Constraint, conflictsOf } from './constraints.ts';

/** A decision with who made it and why. */
export interface ReasonedConstraint extends Constraint {
  author: string;
  reason: string;
}

/**
 * Sentences on people's decisions about atoms of one issue: what each did, by whom and why, and of those that are not
 * followed, which earlier ones say the contrary. `decisions`: all that stand, under canonical ids.
 */
export function explainDecisions(atoms: readonly Atom[], decisions: readonly ReasonedConstraint[]): string[] {
  const own = new Set(atoms.map(atomKey));
  const contrary = new Map(conflictsOf(decisions).map(({ constraint, against }) => [constraint, against]));
  return decisions
    .filter(({ a, b }) => own.has(atomKey(a)) || own.has(atomKey(b)))
    .map((decision) => {
      const { id, kind, a, b, author, reason } = decision;
      const says = kind === 'must' ? 'belong together' : 'are to be kept apart';
      const what = `Decision ${id} of ${author}: ${a.vulnerability} and ${b.vulnerability} ${says} (${reason})`;
      const against = contrary.get(id);
      return against === undefined ? `${what}.` : `${what}. It is not followed${because(against)}.`;
    });
}

function because(against: readonly number[]): string {
  if (against.length === 0) return ': the two are one vulnerability';
  const [noun, verb] = against.length === 1 ? ['decision', 'says'] : ['decisions', 'say'];
  return `, for ${noun} ${against.join(', ')} ${verb} the contrary; revoke one of them`;
}
