import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { MusterError } from '#base/errors';

interface Migration {
  number: number;
  name: string;
  sql: string;
}

const FOLDER = join(import.meta.dirname, 'migrations');
/** Arbitrary, the same in every version of Muster: two processes never migrate at once. */
const LOCK = 7_268_401_952;

/** The migrations of this version of Muster in their order: numbered from 1 without a gap. */
export function migrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort()
    .map((file, index) => {
      const number = Number(file.slice(0, 4));
      if (number !== index + 1) throw new Error(`migration ${file} is out of sequence`);
      return { number, name: file.slice(0, -4), sql: readFileSync(join(FOLDER, file), 'utf8') };
    });
}

/**
 * Brings a database to this version of Muster: forward only, each migration in a transaction of its own, under a lock.
 *
 * @param upTo stops after this number (for tests of upgrades)
 * @returns numbers of the migrations that were applied now
 * @throws MusterError DATABASE_NEWER where a newer Muster was here, or an applied migration was edited since
 */
export async function migrate(pool: pg.Pool, upTo = Number.POSITIVE_INFINITY): Promise<number[]> {
  const ours = migrations();
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      `create table if not exists migration (
         number int primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`,
    );
    const { rows } = await client.query<{ number: number; name: string; hash: string }>(
      'select number, name, hash from migration order by number',
    );
    for (const row of rows) checkApplied(row, ours[row.number - 1]);
    const applied: number[] = [];
    for (const migration of ours.slice(rows.length)) {
      if (migration.number > upTo) break;
      await client.query('begin');
      try {
        await client.query(migration.sql);
        await client.query('insert into migration (number, name, hash) values ($1, $2, $3)', [
          migration.number,
          migration.name,
          hashOf(migration),
        ]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
      applied.push(migration.number);
    }
    return applied;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => {});
    client.release();
  }
}

function checkApplied(
  row: { number: number; name: string; hash: string },
  migration: Migration | undefined,
): void {
  if (migration === undefined) {
    throw new MusterError(
      'DATABASE_NEWER',
      `the database has migration ${row.name}, which this Muster does not know`,
    );
  }
  if (row.hash !== hashOf(migration)) {
    throw new MusterError(
      'DATABASE_NEWER',
      `migration ${row.name} was applied with another text than this Muster carries`,
    );
  }
}

function hashOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
