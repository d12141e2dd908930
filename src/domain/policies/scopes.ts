import { atLeast, ROLES, type Role } from './roles.ts';

/** What an API token is for, each including the ones before it. A token never may more than its account. */
export const SCOPES = ['read', 'propose', 'write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** The most that somebody is who comes with a token of that scope and wants to change something. */
const MOST: Readonly<Record<Scope, Role | null>> = {
  read: null,
  propose: 'contributor',
  write: 'security',
  admin: 'admin',
};

/**
 * As whom a token acts: it reads what its account may read (an admin's things only with `admin`), and changes as much as
 * its scopes allow.
 *
 * @returns null where it may not change anything
 */
export function roleByToken(
  account: { role: Role },
  scopes: readonly Scope[],
  { changes }: { changes: boolean },
): Role | null {
  const scope = SCOPES.findLast((each) => scopes.includes(each));
  if (scope === undefined) return null;
  const most = changes ? MOST[scope] : scope === 'admin' ? 'admin' : 'security';
  return most === null ? null : lesser(account.role, most);
}

/** Which scopes make sense on a token of somebody with that role. */
export function scopesFor(actor: { role: Role }): Scope[] {
  return SCOPES.filter((scope) => {
    if (scope === 'admin') return atLeast(actor, 'admin');
    return atLeast(actor, scope === 'write' ? 'triager' : 'contributor');
  });
}

function lesser(a: Role, b: Role): Role {
  return ROLES.indexOf(a) <= ROLES.indexOf(b) ? a : b;
}
