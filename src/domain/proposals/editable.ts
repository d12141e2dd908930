import type { z } from 'zod';
import type { Tx } from '#base/db';
import type { Actor, Permission, TeamRules } from '#domain/policies';

/** What a field can hold: JSON. Null is also what a field holds that nobody ever set. */
export type FieldValue = string | number | boolean | null | FieldValue[] | { [key: string]: FieldValue };

/** A field as it stands: its value, and the event that made it so (0: nobody ever set it). */
export interface FieldState {
  value: FieldValue;
  version: number;
}

/** One field of one thing that is to become `value`, by somebody who saw it at version `saw`. */
export interface Change {
  kind: string;
  id: string;
  field: string;
  value: FieldValue;
  saw: number;
  /** The entry of the history that says it of another thing, from which it was carried over. Never taken from outside. */
  carried?: number;
}

/** A change that is about to be written: what it replaces, and the event that tells of it. */
export interface Written extends Change {
  before: FieldState;
  /** Number of the event: the field's new version. */
  version: number;
  /** The event that this one takes back. */
  undoes: number | null;
  actor: string;
  at: Date;
}

/** A field of one thing, and the events whose words about it are erased from the history. */
export interface Forgotten {
  id: string;
  field: string;
  events: readonly number[];
}

/** A kind of thing whose fields people change: statuses, issues, lines of the roundup. One object a kind, in the room that owns it. */
export interface Editable {
  kind: string;
  /** What each field may hold. Null is always allowed where the schema allows it. */
  fields: Readonly<Record<string, z.ZodType>>;
  /**
   * The fields of those things as they stand, in the transaction that will write them; the caller holds the lock that
   * keeps others from writing. What does not exist is left out; a field that nobody set may be.
   */
  read(tx: Tx, ids: readonly string[]): Promise<Map<string, Readonly<Record<string, FieldState>>>>;
  /** Why a well-formed change may not be made all the same (an illegal transition), or null. */
  bar?(change: Change, before: FieldState): string | null;
  may(actor: Actor, change: Change, before: FieldState, rules: TeamRules): Permission;
  write(tx: Tx, changes: readonly Written[]): Promise<void>;
  /**
   * Forgets the words of a field as it stands, where one of those events set it, and every copy that the room keeps of
   * them (redaction). What holds no words need not have it.
   */
  erase?(tx: Tx, forgotten: readonly Forgotten[]): Promise<void>;
  /** Whoever may not set it does not know that it is there. Nobody proposes it either, for proposals are seen and counted by everybody. */
  hidden?: true;
  /** What is said of such a thing is one story: whoever has an entry of it redacted has all of them redacted. */
  story?: true;
  /** Where its history is read, and which pages show it. */
  history(id: string): { entity: string; entityId: string; topics: string[] };
}

/** Every kind that there is, by name. */
export type Editables = ReadonlyMap<string, Editable>;

/** @throws Error where two kinds bear one name */
export function editables(kinds: readonly Editable[]): Editables {
  const map = new Map(kinds.map((kind) => [kind.kind, kind]));
  if (map.size !== kinds.length) throw new Error('two editable kinds bear one name');
  return map;
}

/** What a change touches, as one word. */
export function touchOf({ kind, id, field }: Pick<Change, 'kind' | 'id' | 'field'>): string {
  return `${kind}/${id}#${field}`;
}
