import pg from 'pg';
import { MusterError } from '#base/errors';
import { databaseError } from './database-error.ts';

/** Oldest PostgreSQL that Muster runs on. */
const FLOOR = 15;
const PATIENCE_MS = 10_000;

/** What a server says of itself. */
interface ServerFacts {
  /** As `server_version_num`: 150018. */
  version: number;
  encoding: string;
}

/**
 * Asks the server that DATABASE_URL names who it is.
 *
 * @returns the server in words, for messages: where, which database, which user; never the password
 * @throws MusterError CONFIG_INVALID, DATABASE_UNREACHABLE, DATABASE_REFUSED or DATABASE_UNSUITABLE
 */
export async function checkServer(url: string): Promise<string> {
  const client = clientOf(url);
  // A connection that breaks while nobody asks anything must not end the process.
  client.on('error', () => {});
  const { host, port, database = '', user = '' } = client;
  const place = host.startsWith('/') ? `${host}, port ${port}` : `${host}:${port}`;
  const where = `the server at ${place} (database ${database}, user ${user})`;
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; encoding: string }>(
      `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`,
    );
    judgeServer(where, { version: Number(rows[0]?.version), encoding: rows[0]?.encoding ?? '' });
    return where;
  } catch (error) {
    throw (
      databaseError(error, where) ??
      new MusterError('DATABASE_UNREACHABLE', `${where}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      })
    );
  } finally {
    await client.end().catch(() => {});
  }
}

/** @throws MusterError DATABASE_UNSUITABLE */
export function judgeServer(where: string, { version, encoding }: ServerFacts): void {
  const major = Math.floor(version / 10_000);
  if (major < FLOOR)
    throw new MusterError(
      'DATABASE_UNSUITABLE',
      `${where} is PostgreSQL ${major}; Muster needs ${FLOOR} or newer`,
    );
  if (encoding !== 'UTF8')
    throw new MusterError(
      'DATABASE_UNSUITABLE',
      `${where}: its encoding is ${encoding}, and names and titles need UTF8 (create database … template template0 encoding 'UTF8')`,
    );
}

/** @throws MusterError CONFIG_INVALID: in words of ours, since those of the parser, or what it made of a password, would show the secret */
function clientOf(url: string): pg.Client {
  const behind = /^\w+:\/\/[^/?#]*(.*)$/s.exec(url)?.[1] ?? '';
  try {
    // A password with such a character ends the name of the server in the middle of itself.
    if (/[#@]/.test(behind)) throw new Error('a reserved character');
    return new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: PATIENCE_MS,
      application_name: 'muster',
    });
  } catch {
    throw new MusterError(
      'CONFIG_INVALID',
      'DATABASE_URL cannot be read as an address: postgres://USER:PASSWORD@HOST:5432/DATABASE, where / # ? @ : and % of a password are written as %2F %23 %3F %40 %3A and %25',
    );
  }
}
