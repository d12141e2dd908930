import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { MusterError } from '#base/errors';
import { checkServer } from './check-server.ts';
import { databaseError } from './database-error.ts';
import { holdEmbedded, joinEmbedded } from './embedded/join.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

/** Whole numbers of the database (bigint) as numbers: none of ours comes near 2^53. */
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => Number(text));
/** Days of the calendar as they are ("2017-06-22"): as a moment they would shift with the zone. */
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** Either the database or a transaction in it: what stores take. */
export type Queries = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** The store of one Muster. */
export interface Database extends AsyncDisposable {
  queries: Queries;
  pool: pg.Pool;
  /** Runs `work` in one transaction: all of it or nothing. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens the database that the settings name, the built-in one where they name none, and brings it up to date.
 *
 * @throws MusterError DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_UNSUITABLE or DATABASE_NEWER, and CONFIG_INVALID for an
 *   address that is none; EMBEDDED_UNAVAILABLE of the built-in one
 */
export async function openDatabase(
  config: { data: string; databaseUrl?: string | undefined },
  options: { lingerSeconds?: number } = {},
): Promise<Database> {
  const { databaseUrl } = config;
  const where =
    databaseUrl === undefined ? `the built-in database in ${config.data}` : await checkServer(databaseUrl);
  const embedded = databaseUrl === undefined ? await joinEmbedded(config.data, options) : null;
  const holder = embedded === null ? null : await holdEmbedded(embedded);
  const address: pg.PoolConfig = embedded ?? { connectionString: databaseUrl };
  const database = connect({ ...address, max: 12, application_name: 'muster' }, async () => {
    // Without a hold on the loop the process could end before the goodbye is said.
    holder?.ref();
    await holder?.end();
  });
  try {
    await migrate(database.pool);
  } catch (error) {
    await database.close();
    throw located(error, where);
  }
  return database;
}

/** A migration knows only its connection; whoever reads the message wants to know which database it was. */
function located(error: unknown, where: string): unknown {
  return error instanceof MusterError
    ? new MusterError(error.code, `${where}: ${error.message}`, { cause: error })
    : (databaseError(error, where) ?? error);
}

/** A database as it is, without migrations: for tests and for tools that look at an old one. */
export function connect(
  settings: pg.PoolConfig,
  afterwards: () => Promise<unknown> = async () => {},
): Database {
  const pool = new pg.Pool(settings);
  // An idle connection that breaks must not end the process; the next query gets a fresh one.
  pool.on('error', () => {});
  // Nor one that somebody holds: their next query fails, and the pool does not take it back.
  pool.on('connect', (client) => client.on('error', () => {}));
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const close = async () => {
    // Kysely ends the pool only if it has used it.
    await queries.destroy();
    if (!pool.ended) await pool.end();
    await afterwards();
  };
  return {
    queries,
    pool,
    transaction: (work) => runTransaction(pool, work),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The connection of each transaction: COPY needs it, and Kysely does not give it. */
const CLIENTS = new WeakMap<Tx, pg.PoolClient>();

async function runTransaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Kysely gives the connection back to the pool at the end of the transaction.
  const one = { connect: async () => client, end: async () => {} };
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: one }) });
  return queries.transaction().execute((tx) => {
    CLIENTS.set(tx, client);
    return work(tx);
  });
}

/** Beginning and end of PostgreSQL's binary COPY (its documentation, "COPY", File Formats): no flags, no extension. */
const HEAD = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TAIL = Buffer.from([0xff, 0xff]);

/**
 * Sends rows into a table by COPY. They are in it when the promise is fulfilled, and their bytes are free again.
 *
 * @param tx what `Database.transaction` gave
 * @param stretches of whole rows of a CopyRows, in their order
 */
export async function copyRows(
  tx: Tx,
  table: string,
  columns: readonly string[],
  stretches: readonly Buffer[],
): Promise<void> {
  if (stretches.length === 0) return;
  const client = CLIENTS.get(tx);
  if (client === undefined) throw new Error('COPY works in a transaction of Database.transaction only');
  const sink = client.query(from(`copy ${table} (${columns.join(', ')}) from stdin (format binary)`));
  await pipeline(Readable.from([HEAD, ...stretches, TAIL]), sink);
}

/**
 * Takes `count` numbers of a sequence that follow each other, for rows that come by COPY.
 *
 * @returns the first of them
 */
export async function takeNumbers(tx: Tx, sequence: string, count: number): Promise<number> {
  if (count === 0) return 0;
  for (;;) {
    const { rows } = await sql<{ first: number; last: number }>`
      select min(number) as first, max(number) as last
      from (select nextval(${sequence}::regclass) as number from generate_series(1, ${count}::int)) taken`.execute(
      tx,
    );
    const [{ first, last } = { first: 0, last: 0 }] = rows;
    // Somebody else took one in between: these are lost, as numbers of a sequence may be.
    if (last - first + 1 === count) return first;
  }
}

/** Brings the planner's statistics up to date after much was written, which the server itself does only minutes later. */
export async function refreshStatistics(
  database: Database,
  tables: readonly (keyof Tables)[],
): Promise<void> {
  for (const table of tables) await database.pool.query(`analyze ${table}`);
}
