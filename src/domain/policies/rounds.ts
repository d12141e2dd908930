import { mayDecide, type Permission } from './editing.ts';
import type { Actor } from './roles.ts';

/** Who leads which week, and what is to be done before a round is closed. */
export function mayPlanRounds(actor: Actor): Permission {
  return mayDecide(actor);
}
