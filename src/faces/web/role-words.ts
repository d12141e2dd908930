import type { Scope } from '#domain/policies';

/** What people call the roles, and what each may besides what the ones before it may. */
const ROLE_WORDS: ReadonlyMap<string, { name: string; may: string }> = new Map([
  ['visitor', { name: 'Visitor', may: 'reads, and reports a problem by form' }],
  ['contributor', { name: 'Contributor', may: 'proposes, comments, claims, subscribes' }],
  ['triager', { name: 'Triager', may: 'decides' }],
  ['security', { name: 'Security team', may: 'publishes, makes rules, merges, redacts' }],
  ['admin', { name: 'Admin', may: 'looks after accounts and sources' }],
]);

export function roleWords(role: string): string {
  return ROLE_WORDS.get(role)?.name ?? role;
}

/** In a line. */
export function roleMay(role: string): string {
  return ROLE_WORDS.get(role)?.may ?? '';
}

const SCOPE_WORDS: ReadonlyMap<string, string> = new Map<Scope, string>([
  ['read', 'read what you may read'],
  ['propose', 'propose and comment; others decide'],
  ['write', 'decide as you may'],
  ['admin', 'look after accounts as you may'],
]);

export function scopeWords(scope: string): string {
  return SCOPE_WORDS.get(scope) ?? '';
}
