/** From who may do least to who may do most; each may do what the ones before it may (DESIGN.md, Roles). */
export const ROLES = ['visitor', 'contributor', 'triager', 'security', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/**
 * Who acts. `id` is what the history keeps: `person:3`, `machine:grouping`, `visitor`. A machine acts with the role that
 * its work needs, and is named as what it is.
 */
export interface Actor {
  id: string;
  role: Role;
  /** Null for machines and visitors. */
  account: number | null;
}

/** Somebody without an account. */
export const VISITOR: Actor = { id: 'visitor', role: 'visitor', account: null };

/** A part of Muster that acts by itself: `machine('grouping')`. */
export function machine(name: string): Actor {
  return { id: `machine:${name}`, role: 'security', account: null };
}

/** Whether an actor, by its id, is such a part. */
export function isMachine(id: string): boolean {
  return id.startsWith('machine:');
}

/** Whether a role is at least that one. */
export function atLeast(actor: { role: Role }, role: Role): boolean {
  return ROLES.indexOf(actor.role) >= ROLES.indexOf(role);
}
