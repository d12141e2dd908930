import type { Context } from 'hono';
import { type Database, tell } from '#base/db';
import { whoOf } from './who.ts';

/** Somebody who looks at a page. */
export interface Viewer {
  /** `person:3` */
  id: string;
  handle: string;
  name: string;
}

/** Who looks at which page just now, over all processes: each tells the others, none stores it. */
export interface Presence {
  /** Under which it is told in the database. */
  channel: string;
  /** Somebody looks at a page, or has left it, in one of their windows. */
  say(sighting: { page: string; window: string; viewer: Viewer; gone: boolean }): Promise<void>;
  hear(text: string): void;
  /** Who is there, as it is sent; null where nobody is. */
  message(page: string): Uint8Array | null;
}

/** Who was not heard of for that long has gone. Browsers say so every ten seconds. */
export const GONE_AFTER_MS = 30_000;

interface Sighting {
  viewer: Viewer;
  at: number;
}

/** @param show sends the bytes to whoever looks at the page and is signed in */
export function makePresence(
  database: Pick<Database, 'queries'>,
  show: (page: string, bytes: Uint8Array) => void,
  clock: () => number = Date.now,
): Presence {
  /** By page, then by person and window. */
  const pages = new Map<string, Map<string, Sighting>>();
  const shown = new Map<string, string>();
  let sweeping: NodeJS.Timeout | null = null;

  function hear(text: string): void {
    const heard = JSON.parse(text) as { page: string; window: string; viewer: Viewer; gone: boolean };
    const windows = pages.get(heard.page) ?? new Map<string, Sighting>();
    const key = `${heard.viewer.id} ${heard.window}`;
    if (heard.gone) windows.delete(key);
    else windows.set(key, { viewer: heard.viewer, at: clock() });
    pages.set(heard.page, windows);
    update(heard.page);
    if (sweeping === null) sweeping = sweepLater();
  }

  function sweepLater(): NodeJS.Timeout {
    const timer = setTimeout(() => {
      sweeping = null;
      sweep();
      if (pages.size > 0 && sweeping === null) sweeping = sweepLater();
    }, GONE_AFTER_MS / 6);
    timer.unref();
    return timer;
  }

  function sweep(): void {
    const oldest = clock() - GONE_AFTER_MS;
    for (const [page, windows] of pages) {
      for (const [key, { at }] of windows) if (at < oldest) windows.delete(key);
      update(page);
    }
  }

  /** Shows who is there where that has changed. */
  function update(page: string): void {
    const windows = pages.get(page);
    const text = JSON.stringify(people(windows ?? new Map()));
    if (windows?.size === 0) pages.delete(page);
    if (shown.get(page) === text) return;
    if (text === '[]') shown.delete(page);
    else shown.set(page, text);
    show(page, bytesOf(text));
  }

  return {
    channel: 'muster_presence',
    async say(sighting) {
      await tell(database.queries, 'muster_presence', JSON.stringify(sighting));
    },
    hear,
    message(page) {
      const text = shown.get(page);
      return text === undefined ? null : bytesOf(text);
    },
  };
}

function people(windows: ReadonlyMap<string, Sighting>) {
  const each = new Map([...windows.values()].map(({ viewer }) => [viewer.id, viewer]));
  return [...each.values()]
    .sort((a, b) => (a.handle < b.handle ? -1 : 1))
    .map(({ id, handle, name }) => ({ id, handle, name, initials: initialsOf(name, handle) }));
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(`event: presence\ndata: ${text}\n\n`);
}

/** "Graham Christensen" → "GC", else the beginning of the handle. */
export function initialsOf(name: string | null, handle: string): string {
  const words = (name ?? '').split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  const initials =
    first !== undefined && last !== undefined
      ? `${[...first][0]}${[...last][0]}`
      : handle.replace(/^@/, '').slice(0, 2);
  return initials.toUpperCase();
}

/** Who looks, of a request; null for visitors. */
export function viewerOf(c: Context): Viewer | null {
  const { actor, handle, name } = whoOf(c);
  return actor.account === null || handle === null ? null : { id: actor.id, handle, name: name ?? handle };
}
