import type { Permission } from './editing.ts';
import { type Actor, atLeast } from './roles.ts';

/** Anyone who is signed in may say something. Visitors report by form, and a triager releases it. */
export function mayComment(actor: Actor): Permission {
  return atLeast(actor, 'contributor') ? 'apply' : 'refuse';
}

/** One's own words are one's own: nobody else changes them. What hurts may be taken back by security, never reworded. */
export function mayEditComment(actor: Actor, comment: { author: string; takenBack: boolean }): Permission {
  if (actor.id === comment.author && atLeast(actor, 'contributor')) return 'apply';
  return comment.takenBack && atLeast(actor, 'security') ? 'apply' : 'refuse';
}

/** What visitors sent is seen and decided by triagers. */
export function mayDecideIntake(actor: Actor): Permission {
  return atLeast(actor, 'triager') ? 'apply' : 'refuse';
}

/** Erasing something from the history for good. */
export function mayRedact(actor: Actor): boolean {
  return atLeast(actor, 'security');
}
