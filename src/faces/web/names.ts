import type { Queries } from '#base/db';
import { initialsOf } from './presence.ts';

/** How pages call an actor. */
export interface Called {
  /** `@fpletz`, "Muster (grouping)", "a visitor" */
  label: string;
  initials: string;
  /** Handle without the @; null for machines and visitors. */
  handle: string | null;
}

export interface Names {
  (actor: string): Called;
  /** Another one as soon as anybody may be called otherwise than before. */
  readonly epoch: number;
}

/** Reads how accounts are called. */
export type ReadNames = (
  queries: Queries,
  ids: readonly number[],
) => Promise<{ id: number; handle: string; name: string }[]>;

/** Handles never change hands, and names seldom change: they are asked for again after that long. */
const KEPT_MS = 60_000;
const MOST_KEPT = 10_000;

/** How actors are called, of those that a page shows: one query for those that are not known yet. */
export function makeNames(queries: Queries, read: ReadNames, clock: () => number = Date.now) {
  const kept = new Map<number, { called: Called; until: number }>();
  let epoch = 0;
  return async (actors: Iterable<string | null | undefined>): Promise<Names> => {
    const wanted = [...new Set(actors)].flatMap((actor) => accountOf(actor) ?? []);
    const missing = wanted.filter((id) => (kept.get(id)?.until ?? 0) < clock());
    if (missing.length > 0) {
      const found = await read(queries, missing);
      if (kept.size > MOST_KEPT) {
        kept.clear();
        epoch++;
      }
      for (const { id, handle, name } of found) {
        const called = { label: `@${handle}`, initials: initialsOf(name, handle), handle };
        const before = kept.get(id)?.called;
        if (before !== undefined && (before.label !== called.label || before.initials !== called.initials))
          epoch++;
        kept.set(id, { called, until: clock() + KEPT_MS });
      }
    }
    return Object.assign(
      (actor: string) => kept.get(accountOf(actor) ?? -1)?.called ?? withoutAccount(actor),
      { epoch },
    );
  };
}

function accountOf(actor: string | null | undefined): number | null {
  const [, id] = /^person:(\d{1,15})$/.exec(actor ?? '') ?? [];
  return id === undefined ? null : Number(id);
}

function withoutAccount(actor: string): Called {
  const [kind, rest = ''] = actor.split(':', 2);
  if (kind === 'machine') return { label: `Muster (${rest})`, initials: 'M', handle: null };
  if (kind === 'rule') return { label: `rule ${rest}`, initials: 'R', handle: null };
  if (kind === 'visitor') return { label: 'a visitor', initials: 'V', handle: null };
  if (kind === 'person') return { label: `person ${rest}`, initials: '?', handle: null };
  return { label: actor, initials: initialsOf(null, actor), handle: null };
}
