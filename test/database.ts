import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connect, type Database, holdEmbedded, joinEmbedded, migrate } from '#base/db';

/**
 * Databases for tests: one server for the whole run (the built-in one, or the server that TEST_DATABASE_URL names), one
 * migrated template, and a clone of it for each caller.
 */
let server: Promise<{ settings: pg.PoolConfig; run: string }> | null = null;
let clones = 0;

async function startServer(): Promise<{ settings: pg.PoolConfig; run: string }> {
  const run = `muster_test_${process.pid}`;
  let settings: pg.PoolConfig;
  if (process.env.TEST_DATABASE_URL) {
    settings = { connectionString: process.env.TEST_DATABASE_URL };
  } else {
    const folder = mkdtempSync(join(tmpdir(), 'muster-test-'));
    // Where there are no user namespaces, the server runs as nobody and has to pass through.
    chmodSync(folder, 0o711);
    // Nothing here has to survive a crash; every file of tests has a database open at once.
    const fast = {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '400',
      max_wal_size: '256MB',
    };
    const embedded = await joinEmbedded(folder, { lingerSeconds: 1, settings: fast });
    await holdEmbedded(embedded);
    settings = embedded;
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  await command(settings, `create database ${run}`);
  const template = connect(inDatabase(settings, run));
  await migrate(template.pool);
  await template.close();
  process.once('beforeExit', () =>
    command(settings, `drop database if exists ${run} with (force)`).catch(() => {}),
  );
  return { settings, run };
}

/** A fresh, migrated database; it goes when the caller's file or test is done. */
export async function testDatabase(): Promise<Database> {
  server ??= startServer();
  const { settings, run } = await server;
  clones += 1;
  const name = `${run}_${clones}`;
  // Without a log of every page: nothing here has to survive a crash.
  await command(settings, `create database ${name} template ${run} strategy file_copy`);
  return withDrop(settings, name);
}

/** A fresh database without any table, for tests of migrations. */
export async function emptyDatabase(): Promise<Database> {
  server ??= startServer();
  const { settings, run } = await server;
  clones += 1;
  const name = `${run}_${clones}`;
  await command(settings, `create database ${name}`);
  return withDrop(settings, name);
}

function withDrop(settings: pg.PoolConfig, name: string): Database {
  const database = connect(inDatabase(settings, name));
  const close = async () => {
    await database.close();
    await command(settings, `drop database if exists ${name} with (force)`);
  };
  return { ...database, close, [Symbol.asyncDispose]: close };
}

function inDatabase(settings: pg.PoolConfig, name: string): pg.PoolConfig {
  if (settings.connectionString === undefined) return { ...settings, database: name, max: 10 };
  const url = new URL(settings.connectionString);
  url.pathname = `/${name}`;
  return { connectionString: url.href, max: 10 };
}

async function command(settings: pg.PoolConfig, sql: string): Promise<void> {
  const client = new pg.Client(
    settings.connectionString === undefined ? { ...settings, database: 'postgres' } : settings,
  );
  await client.connect();
  try {
    // A connection that was just closed may still count as a user of the template.
    for (let tries = 0; ; tries += 1) {
      try {
        await client.query(sql);
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== '55006' || tries === 50) throw error;
        await sleep(50);
      }
    }
  } finally {
    await client.end();
  }
}
