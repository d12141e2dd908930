import { type Actor, atLeast } from './roles.ts';

/** What is one issue and what is two: what people say of that outranks every rule for good, so security says it. */
export function mayGroup(actor: Actor): boolean {
  return atLeast(actor, 'security');
}
