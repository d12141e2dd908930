import { createHash } from 'node:crypto';
import type { Database } from './database.ts';

/**
 * One thing that a page shows, as its room reads it: a query of one JSON value. `$1`, `$2` … are the values that the page
 * gives to all of its readings; dates in it are texts of ISO 8601.
 */
export interface Reading<T> {
  sql: string;
  /** Makes what the page uses of what came. */
  read(json: unknown): T;
}

type Readings = Readonly<Record<string, Reading<unknown>>>;
export type ReadTogether<R extends Readings> = {
  [Name in keyof R]: R[Name] extends Reading<infer T> ? T : never;
};

/** Rows that readings stand on, by the name of a table that is not one: what is on the page of a list. */
export interface ReadFirst {
  name: string;
  sql: string;
}

/**
 * A page in one question: rooms say what they read, and the database answers all of it at once. Half of the cost of a page
 * was asking ten times. The statement is prepared once for each connection.
 */
export function together<R extends Readings>(
  readings: R,
  first?: ReadFirst,
): (pool: Database['pool'], values: readonly unknown[]) => Promise<ReadTogether<R>> {
  const names = Object.keys(readings);
  const before = first === undefined ? '' : `with ${first.name} as materialized (${first.sql})\n`;
  const text = `${before}select ${names.map((name) => `(${readings[name]?.sql}) as "${name}"`).join(',\n')}`;
  const name = `together_${createHash('sha1').update(text).digest('hex').slice(0, 20)}`;
  return async (pool, values) => {
    const { rows } = await pool.query<Record<string, unknown>>({ name, text, values: [...values] });
    const [row = {}] = rows;
    return Object.fromEntries(
      names.map((each) => [each, readings[each]?.read(row[each])]),
    ) as ReadTogether<R>;
  };
}
