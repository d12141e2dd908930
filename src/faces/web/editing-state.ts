import { type Database, eventsById } from '#base/db';
import type { Change, FieldState, FieldValue } from '#domain/proposals';
import { touchOf, valueTold } from '#domain/proposals';
import { EDITABLES } from '#faces/editing';

type Field = Pick<Change, 'kind' | 'id' | 'field'>;

const NEVER: FieldState = { value: null, version: 0 };

/** What fields hold just now; those of things that do not exist are left out. */
export async function readFieldStates(
  database: Database,
  fields: readonly Field[],
): Promise<Map<string, FieldState>> {
  const states = new Map<string, FieldState>();
  if (fields.length === 0) return states;
  await database.transaction(async (tx) => {
    for (const [name, kind] of EDITABLES) {
      const own = fields.filter((field) => field.kind === name);
      if (own.length === 0) continue;
      const things = await kind.read(tx, [...new Set(own.map(({ id }) => id))]);
      for (const field of own) {
        const thing = things.get(field.id);
        if (thing !== undefined) states.set(touchOf(field), thing[field.field] ?? NEVER);
      }
    }
  });
  return states;
}

/** A change beside what it would replace. */
export interface Compared {
  change: Change;
  /** What its author saw; undefined where the history no longer tells. */
  was: FieldValue | undefined;
  /** Null where the thing does not exist any more. */
  now: (FieldState & { by: string | null; at: Date | null }) | null;
  /** Somebody changed it since its author saw it. */
  overtaken: boolean;
}

/** Changes beside what they would replace: few queries, however many they are. */
export async function compare(database: Database, changes: readonly Change[]): Promise<Compared[]> {
  const states = await readFieldStates(database, changes);
  const events = await eventsById(
    database.queries,
    changes
      .flatMap((change) => [change.saw, states.get(touchOf(change))?.version ?? 0])
      .filter((id) => id > 0),
  );
  return changes.map((change) => {
    const state = states.get(touchOf(change));
    const teller = state === undefined ? undefined : events.get(state.version);
    return {
      change,
      was: change.saw === 0 ? null : valueTold(events.get(change.saw), change),
      now: state === undefined ? null : { ...state, by: teller?.actor ?? null, at: teller?.at ?? null },
      overtaken: state !== undefined && state.version !== change.saw,
    };
  });
}
