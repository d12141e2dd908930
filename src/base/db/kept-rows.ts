import type { Database } from './database.ts';
import { type Reading, together } from './together.ts';

/** How rows are read that change seldom and are shown often. */
export interface KeptRowsOptions<Row, T> {
  /**
   * A select of `id` and `mark` (texts) of the rows whose ids an expression gives: `array(select issue from …)`. A row that
   * changed has another mark; `xmin` of all that it is made of is one, since every writing of a row gives it another.
   */
  marks: (ids: string) => string;
  /** A select of `id` and `data` (json) of the rows whose ids are `$1` (text[]). */
  rows: string;
  read: (data: Row, id: string) => T;
  /** How many are kept for each database; what was not asked for longest goes first. */
  most: number;
}

/** Rows by id, read again only when they changed. What did not change is the very same object. */
export interface KeptRows<T> {
  /** The marks of rows, by id, as part of a page's question. */
  marks(ids: string): Reading<ReadonlyMap<string, string>>;
  /** The rows of the marks: those that are kept, the others by one more question. What is gone meanwhile is left out. */
  read(pool: Database['pool'], marks: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, T>>;
  /** Rows whose ids are `$1` (text[]), kept by nobody: for whoever goes through thousands of them. */
  all: Reading<ReadonlyMap<string, T>>;
}

/**
 * Rows that pages show again and again: a page asks for their marks alone, and reads those that it does not have as they are
 * now. Nothing is ever shown of a row that has changed.
 */
export function keptRows<Row, T>({ marks, rows, read, most }: KeptRowsOptions<Row, T>): KeptRows<T> {
  const marksReading = (ids: string): Reading<ReadonlyMap<string, string>> => ({
    sql: `select json_agg(json_build_array(m.id, m.mark)) from (${marks(ids)}) m`,
    read: (json) => new Map((json ?? []) as [string, string][]),
  });
  const ask = together({
    rows: {
      sql: `select json_agg(json_build_array(r.id, m.mark, r.data)) from (${rows}) r join (${marks('$1::text[]')}) m on m.id = r.id`,
      read: (json) => (json ?? []) as [string, string, Row][],
    },
  });
  const kept = new WeakMap<Database['pool'], Map<string, { mark: string; value: T }>>();
  return {
    marks: marksReading,
    read: async (pool, wanted) => {
      const own = kept.get(pool) ?? new Map<string, { mark: string; value: T }>();
      kept.set(pool, own);
      const found = new Map<string, T>();
      const missing: string[] = [];
      for (const [id, mark] of wanted) {
        const one = own.get(id);
        if (one === undefined || one.mark !== mark) missing.push(id);
        else {
          // A Map is in the order in which things were put there: the last one asked for is the last one to go.
          own.delete(id);
          own.set(id, one);
          found.set(id, one.value);
        }
      }
      if (missing.length === 0) return found;
      // The marks come with the rows: they may have changed since.
      for (const [id, mark, data] of (await ask(pool, [missing])).rows) {
        const value = read(data, id);
        own.delete(id);
        own.set(id, { mark, value });
        found.set(id, value);
      }
      for (const id of own.keys()) {
        if (own.size <= most) break;
        own.delete(id);
      }
      return found;
    },
    all: {
      sql: `select json_agg(json_build_array(r.id, r.data)) from (${rows}) r`,
      read: (json) => new Map(((json ?? []) as [string, Row][]).map(([id, data]) => [id, read(data, id)])),
    },
  };
}
