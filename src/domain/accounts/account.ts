import type { NewEvent } from '#base/db';
import type { Actor, Role } from '#domain/policies';

/** Somebody who can sign in. */
export interface Account {
  id: number;
  /** Without the @. */
  handle: string;
  name: string;
  email: string | null;
  /** Null until mail to it was shown to reach them. */
  emailConfirmedAt: Date | null;
  role: Exclude<Role, 'visitor'>;
  /** Login at GitHub, as GitHub said. */
  github: string | null;
  createdAt: Date;
  disabledAt: Date | null;
}

/** Whose account it is, as what they do to it needs to know. */
export interface Holder {
  id: number;
  handle: string;
  role: Role;
}

/** Who an account is when it acts. */
export function actorOf({ id, role }: { id: number; role: Role }): Actor {
  return { id: `person:${id}`, role, account: id };
}

/** An entry of the history about an account. Secrets and addresses have no place in it. */
export function toldOf(
  { id, handle }: { id: number; handle: string },
  type: string,
  by: { id: string },
  cause: string,
  payload: Record<string, unknown> = {},
): NewEvent {
  return {
    entity: 'account',
    entityId: String(id),
    type: `account.${type}`,
    actor: by.id,
    cause,
    payload,
    topics: [`person:${handle}`],
  };
}
