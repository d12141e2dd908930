import { mayDecide, type Permission } from './editing.ts';
import { type Actor, atLeast } from './roles.ts';

/** To apply what a source sends though it is unlike it, or to refuse it: triagers decide, contributors propose. */
export function mayReleaseBatch(actor: Actor): Permission {
  return mayDecide(actor);
}

/** To have quarantined documents read again, and a source fetched at once. */
export function mayRunSource(actor: Actor): boolean {
  return atLeast(actor, 'triager');
}
