import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect, migrate, migrations, openDatabase } from '#base/db';
import { clusterOf } from '../src/base/db/embedded/cluster.ts';
import { tablesSource } from '../src/base/db/generate-tables.ts';
import { type DebianServer, NO_POSTGRESQL_15, startDebianServer } from './debian-postgresql.ts';
import { muster } from './muster.ts';

const ROOT = resolve(import.meta.dirname, '..');
const SAMPLE = join(ROOT, 'demo/sample/reports');
/** Every character of it has to be written otherwise in an address. */
const PASSWORD = 'p@ss/w#rd?:%';
const ENCODED = encodeURIComponent(PASSWORD);

describe('a PostgreSQL 15 of one’s own', { skip: NO_POSTGRESQL_15 ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-own-'));
  const nowhere = join(folder, 'no-database-here');
  let server: DebianServer;
  before(async () => {
    server = await startDebianServer();
    await server.admin(`create role muster login password '${PASSWORD}'`);
  });
  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function url(database: string, { user = 'muster', password = ENCODED, port = server.port } = {}): string {
    return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
  }

  async function newDatabase(name: string): Promise<string> {
    await server.admin(`create database ${name} owner muster`);
    return url(name);
  }

  /** The program on that server. Whatever it says, the password is not in it. */
  async function run(address: string, ...args: string[]) {
    const outcome = await muster(args, { env: { DATABASE_URL: address, MUSTER_DATA: nowhere } });
    for (const secret of [PASSWORD, ENCODED])
      assert.ok(!(outcome.out + outcome.err).includes(secret), `${args.join(' ')} printed the password`);
    return outcome;
  }

  test('is brought to today from nothing and from every earlier version', async () => {
    const all = migrations().map(({ number }) => number);
    const seen: string[] = [];
    for (const from of [0, ...all.slice(0, -1)]) {
      const address = await newDatabase(`from_${from}`);
      const old = connect({ connectionString: address });
      assert.deepEqual(await migrate(old.pool, from), all.slice(0, from));
      await old.close();
      await using database = await openDatabase({ data: nowhere, databaseUrl: address });
      assert.deepEqual(await migrate(database.pool), []);
      seen.push(await tablesSource(database.pool));
    }
    assert.equal(new Set(seen).size, 1);
  });

  test('carries a week as the built-in one does, though it sorts otherwise', async () => {
    const address = await newDatabase('week');
    const data = join(folder, 'built-in');
    const set = join(folder, 'set.json');
    const entry = (name: string) => ({ name, system: 'x86_64-linux', meta: {} });
    writeFileSync(
      set,
      JSON.stringify({ apacheHttpd: entry('apache-httpd-2.4.25'), vim: entry('vim-8.0.0442') }),
    );
    const week = [
      ['sync', '--from', SAMPLE],
      ['channel', 'import', 'nixos-17.03', set, '--commit', 'a'.repeat(40), '--date', '2017-06-20'],
      ['roundup', 'open', '--at', '2017-06-28', '--since', '2017-06-21'],
      ['roundup', 'show'],
      ['roundup', 'render', '--format', 'markdown'],
      ['issue', 'list', '--limit', '1000'],
      ['log', 'verify'],
    ];
    for (const words of week) {
      const there = await run(address, ...words, '--json');
      assert.equal(there.code, 0, `${words.join(' ')}: ${there.err}`);
      const here = await muster([...words, '--json'], { env: { MUSTER_DATA: data } });
      assert.deepEqual(sameEverywhere(there.out), sameEverywhere(here.out), words.join(' '));
    }
  });

  test('is enough: nothing of the built-in one was started', () => {
    assert.ok(!existsSync(nowhere), 'no folder for a database was made');
    assert.ok(!existsSync(clusterOf(nowhere).sockets), 'no server was prepared');
  });

  test('is reached by its socket as well', async () => {
    await newDatabase('socket');
    const address = `postgresql://muster:${ENCODED}@/socket?host=${server.sockets}&port=${server.port}`;
    assert.equal((await run(address, 'log', 'verify')).code, 0);
  });

  test('says what is in the way, where and why', async () => {
    const address = await newDatabase('ways');
    await server.admin(
      `create database latin owner muster template template0 encoding 'LATIN1' locale_provider libc locale 'C'`,
    );
    await server.admin(`create role reader login password '${PASSWORD}' in role muster`);
    await server.admin('alter role reader set default_transaction_read_only = on');
    await server.admin(`create role stranger login password '${PASSWORD}'`);
    const place = `127\\.0\\.0\\.1:${server.port}`;
    const ways: [string, number, RegExp][] = [
      [
        url('ways', { password: 'wrong' }),
        1,
        new RegExp(
          `DATABASE_REFUSED: the server at ${place} \\(database ways, user muster\\): password authentication failed`,
        ),
      ],
      [
        `postgresql://muster@127.0.0.1:${server.port}/ways`,
        1,
        /DATABASE_REFUSED: .*it asks for a password, and DATABASE_URL has none/,
      ],
      [url('weys'), 1, /DATABASE_REFUSED: .*database "weys" does not exist/],
      [
        url('ways', { user: 'nobody' }),
        1,
        /DATABASE_REFUSED: .*user nobody\): password authentication failed/,
      ],
      [
        url('ways', { user: 'stranger' }),
        1,
        /DATABASE_REFUSED: .*user stranger\): permission denied for schema public/,
      ],
      [url('ways', { user: 'reader' }), 1, /DATABASE_UNSUITABLE: .*can only be read/],
      [url('latin'), 1, /DATABASE_UNSUITABLE: .*its encoding is LATIN1/],
      [
        url('ways', { port: 1 }),
        1,
        /DATABASE_UNREACHABLE: the server at 127\.0\.0\.1:1 .*nothing listens there/,
      ],
      [
        `postgresql://muster:${ENCODED}@no-such-machine.invalid/ways`,
        1,
        /DATABASE_UNREACHABLE: .*no-such-machine\.invalid/,
      ],
      [
        `postgresql://muster:${ENCODED}@/ways?host=${folder}`,
        1,
        /DATABASE_UNREACHABLE: .*there is no such socket/,
      ],
      [`postgresql://muster:${PASSWORD}@127.0.0.1/ways`, 2, /CONFIG_INVALID: DATABASE_URL .*%2F/],
      ['mysql://muster@127.0.0.1/ways', 2, /CONFIG_INVALID: .*must begin with postgres/],
    ];
    for (const [at, code, words] of ways) {
      const { code: seen, err } = await run(at, 'roundup', 'list');
      assert.match(err, words);
      assert.equal(seen, code, err);
      assert.match(err, /^ {2}\S/m, 'with advice');
    }
    await run(address, 'log', 'verify');
    await server.admin(
      `insert into migration (number, name, hash) values (9999, '9999_of_tomorrow', 'x')`,
      'ways',
    );
    const newer = await run(address, 'roundup', 'list');
    assert.match(
      newer.err,
      new RegExp(`DATABASE_NEWER: the server at ${place} \\(database ways, .*9999_of_tomorrow`),
    );
    assert.equal(newer.code, 1);
    const shown = await run(address, 'config');
    assert.match(shown.out, /databaseUrl = "postgresql:\/\/muster:\*\*\*@127/);
  });

  test('without contrib names the extension and the package, and goes on where it stopped once it is there', async () => {
    const address = await newDatabase('bare');
    await server.restartWithout('pg_trgm');
    const { code, err } = await run(address, 'roundup', 'list');
    assert.match(err, /DATABASE_UNSUITABLE: .*extension "pg_trgm" is not available.*postgresql-contrib/);
    assert.equal(code, 1);
    assert.ok(!existsSync(nowhere));
  });
});

/** A result but for what is of the clock and of the machine. */
function sameEverywhere(out: string): unknown {
  const clock = new Set(['createdAt', 'grownAt', 'createdat', 'seconds']);
  return JSON.parse(out, (key, value) => (clock.has(key) ? undefined : value));
}
