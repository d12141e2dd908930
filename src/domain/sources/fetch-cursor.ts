import { createHash } from 'node:crypto';
import type { Validators } from '#base/http';
import type { Cursor } from './fetch-step.ts';

export const DAY_MS = 24 * 3_600_000;

/** Differences are asked for from this long before the last ones: what was late, or came while we read, is not missed. */
export const OVERLAP_MS = 2 * DAY_MS;

/** Even where a server says for ever that nothing changed, the whole is asked for after this long. */
const ASK_ANEW_MS = 7 * DAY_MS;

/** A moment of a cursor, in milliseconds; null where it has none. */
export function momentIn(cursor: Cursor | null, name: string): number | null {
  const value = cursor?.[name];
  const moment = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(moment) ? moment : null;
}

export function iso(moment: number): string {
  return new Date(moment).toISOString();
}

/** Validators that an earlier answer came with, unless they are of another address, or too old to be believed. */
export function stillKnown(cursor: Cursor | null, url: string, now: Date): Validators | undefined {
  if (cursor === null || cursor.url !== url || typeof cursor.at !== 'string') return undefined;
  if (now.getTime() - Date.parse(cursor.at) > ASK_ANEW_MS) return undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return { etag: text(cursor.etag), lastModified: text(cursor.lastModified) };
}

export function validatorsOf(url: string, { etag, lastModified }: Validators, now: Date): Cursor {
  return { url, etag, lastModified, at: now.toISOString() };
}

/** A row of a source's list of what it changed. */
export interface ListRow {
  name: string;
  /** When, in milliseconds. */
  at: number;
}

/**
 * How far one has come in a list of changes. Rows of the last two days are read although later ones were read before, since
 * some come late, and which of them were read is kept: each is asked for once.
 */
export class ListPlace {
  readonly since: number | null;
  /** Rows until then were read with a whole, or are too many to be kept one by one. */
  readonly #floor: number;
  /** Rows of the overlap that were read. */
  readonly #read: ReadonlyMap<string, number>;
  readonly #rows: readonly ListRow[];
  readonly #most: number;

  private constructor(
    since: number | null,
    floor: number,
    read: Iterable<[string, number]>,
    rows: readonly ListRow[],
    most: number,
  ) {
    this.since = since;
    this.#floor = floor;
    const from = this.#from();
    this.#read = new Map([...read].filter(([, at]) => at > from));
    this.#rows = rows;
    this.#most = most;
  }

  /** @param most that many rows are kept one by one, unless they are all of one moment */
  static of(cursor: Cursor | null, rows: readonly ListRow[], most: number): ListPlace {
    const [since, floor] = [momentIn(cursor, 'since'), momentIn(cursor, 'floor') ?? Number.NEGATIVE_INFINITY];
    const keys = new Set(Array.isArray(cursor?.read) ? cursor.read : []);
    const from = Math.max(floor, (since ?? Number.POSITIVE_INFINITY) - OVERLAP_MS);
    const read = rows.flatMap((row): [string, number][] => {
      const key = row.at > from ? keyOf(row) : '';
      return keys.has(key) ? [[key, row.at]] : [];
    });
    return new ListPlace(since, floor, read, rows, most);
  }

  #from(): number {
    return Math.max(this.#floor, (this.since ?? Number.NEGATIVE_INFINITY) - OVERLAP_MS);
  }

  /** Rows that are to be read, the oldest first. */
  due(): ListRow[] {
    const from = this.#from();
    return this.#rows
      .filter((row) => row.at > from && !this.#read.has(keyOf(row)))
      .sort((a, b) => a.at - b.at);
  }

  /** After the first of the rows that are due. No row moves it so far ahead that what comes now is passed over. */
  after(row: ListRow, now: Date): ListPlace {
    const since = Math.max(
      this.since ?? Number.NEGATIVE_INFINITY,
      Math.min(row.at, now.getTime() + OVERLAP_MS),
    );
    const read = [...this.#read, [keyOf(row), row.at] as [string, number]];
    let floor = this.#floor;
    if (read.length > this.#most) {
      // Of what is older than the first that was due, nothing is.
      const older = read
        .map(([, at]) => at)
        .filter((at) => at < row.at)
        .sort((a, b) => a - b);
      floor = Math.max(floor, older[Math.floor(older.length / 2)] ?? floor);
    }
    return new ListPlace(since, floor, read, this.#rows, this.#most);
  }

  /**
   * After everything, as it was made at that moment, was read. It never goes back: what was read of the list is newer. Where
   * too many rows of the overlap are in it, they count as read.
   */
  afterWhole(made: number): ListPlace {
    const since = Math.max(this.since ?? Number.NEGATIVE_INFINITY, made);
    const place = new ListPlace(since, this.#floor, this.#read, this.#rows, this.#most);
    const within = place.due().filter(({ at }) => at <= made);
    if (within.length <= this.#most) return place;
    return new ListPlace(since, Math.max(this.#floor, made), this.#read, this.#rows, this.#most);
  }

  cursor(): Cursor {
    return {
      ...(this.since === null ? {} : { since: iso(this.since) }),
      ...(Number.isFinite(this.#floor) ? { floor: iso(this.#floor) } : {}),
      read: [...this.#read.keys()],
    };
  }
}

/** Short, since some thousand of them stand in a cursor; 48 bits tell a few thousand rows apart. */
function keyOf({ name, at }: ListRow): string {
  return createHash('sha256').update(`${name}\n${at}`).digest('base64url').slice(0, 8);
}
