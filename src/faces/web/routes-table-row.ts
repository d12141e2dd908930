import { ROLES, type Role } from '#domain/policies';

/** A route with what it answers to whom. */
export interface RouteRow {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As it is registered; `{hash}` stands for the hash in the name of a file. */
  path: string;
  /** What it is for, in a few words. */
  what: string;
  /** The status that each role gets for a request that is well-formed and possible. */
  answers: Readonly<Record<Role, number>>;
  /** How the test asks, where the path alone does not say it. */
  ask?: Asking;
}

/** Texts in braces are filled in by the test (routes-table-samples.ts): `{issue}`, or something made afresh, `{recovery}`. */
export interface Asking {
  path?: string;
  method?: 'HEAD';
  /** Fields of the form; [] where it has none. */
  form?: readonly (readonly [name: string, value: string])[];
  json?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** The same answer to everybody. */
export function everybody(status: number): RouteRow['answers'] {
  return byRole({ visitor: status });
}

/** Each role gets what is said of it, else what the role before it gets: `byRole({ visitor: 401, triager: 303 })`. */
export function byRole(answers: Partial<Record<Role, number>> & { visitor: number }): RouteRow['answers'] {
  let status = answers.visitor;
  return Object.fromEntries(
    ROLES.map((role) => {
      status = answers[role] ?? status;
      return [role, status];
    }),
  ) as Record<Role, number>;
}
