import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** How often somebody did something in a stretch of time. */
export interface Deed {
  /** Who did it, and whose idea it was where that is somebody else. */
  actor: string;
  author: string | null;
  type: string;
  count: number;
}

/**
 * What people did from one moment up to another, exclusive. What was taken back, or only carried over to another thing, is
 * nobody's deed; neither is what machines did by themselves.
 */
export async function whoActed(queries: Queries, since: Date, until: Date): Promise<Deed[]> {
  const { rows } =
    await sql<Deed>`select actor, payload->>'author' as author, type, count(*) as count from event
    where at >= ${since} and at < ${until} and (actor like 'person:%' or payload->>'author' like 'person:%')
      and payload->'carried' is null and payload->'undoes' is null
    group by 1, 2, 3 order by 1, 2, 3`.execute(queries);
  return rows;
}
