import type { Database } from './database.ts';

/** Numbers of PostgreSQL's locks, arbitrary and the same in every version; one for each thing that is done in turn. */
const TURNS = { roundups: 7_268_401_953, insight: 7_268_401_954 } as const;

/** Does something that no other process does meanwhile, over several transactions. */
export async function inTurn<T>(
  database: Pick<Database, 'pool'>,
  what: keyof typeof TURNS,
  work: () => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [TURNS[what]]);
    return await work();
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TURNS[what]]).catch(() => {});
    client.release();
  }
}
