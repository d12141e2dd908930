import type { Context } from 'hono';

export const FRAGMENTS_HEADER = 'Muster-Fragments';

/** Whether a script reads the page anew because something changed: what it is answered no cache keeps. */
export function isReadAnew(c: Context): boolean {
  return c.req.header(FRAGMENTS_HEADER) !== undefined;
}

/**
 * Which parts of a page a script wants anew (`Muster-Fragments: NSI-2017-0043 NSI-2017-0044`), by their ids. A page may
 * leave the others out, and then says so (`partial`); one that does not know of it answers as ever. Null (`*`): all of it.
 */
export function wantedFragments(c: Context): ReadonlySet<string> | null {
  const ids = (c.req.header(FRAGMENTS_HEADER) ?? '*').split(' ').filter((id) => id !== '');
  return ids.length === 0 || ids.includes('*') ? null : new Set(ids.slice(0, 2_000));
}

/** For how long what was made for one is given to all who ask for the same; how many of them. */
const SHARED_MS = 2_000;
const MOST_SHARED = 50;

/**
 * Makes one answer for all who ask for the same at about the same time: when something changes, a thousand visitors read the
 * same lines anew.
 */
export function makeShared<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const made = new Map<string, { answer: Promise<T>; at: number }>();
  return (key, make) => {
    const now = Date.now();
    const known = made.get(key);
    if (known !== undefined && now - known.at < SHARED_MS) return known.answer;
    for (const [other, { at }] of made)
      if (now - at >= SHARED_MS || made.size >= MOST_SHARED) made.delete(other);
    const answer = make();
    made.set(key, { answer, at: now });
    answer.catch(() => made.delete(key));
    return answer;
  };
}
