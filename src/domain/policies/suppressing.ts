import { mayDecide, type Permission } from './editing.ts';
import { type Actor, atLeast } from './roles.ts';

/** A rule hides what nobody has seen yet: security makes and revokes them, others propose. */
export function mayMakeRule(actor: Actor): Permission {
  if (atLeast(actor, 'security')) return 'apply';
  return mayDecide(actor) === 'refuse' ? 'refuse' : 'propose';
}
