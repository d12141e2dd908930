import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MusterError } from '#base/errors';
import { loadConfig } from './load-config.ts';

function fails(run: () => unknown, code: string, words: RegExp): void {
  assert.throws(
    run,
    (error) => error instanceof MusterError && error.code === code && words.test(error.message),
  );
}

test('defaults hold where nothing is set, and an empty variable is not set', () => {
  const config = loadConfig({ MUSTER_PORT: '' });
  assert.equal(config.port, 8080);
  assert.equal(config.databaseUrl, undefined);
});

test('the command line outranks the environment, which outranks the file', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'muster.toml');
  writeFileSync(file, 'port = 1000\nteam = "From the file"\nhost = "file.example"\n');
  const config = loadConfig(
    { MUSTER_CONFIG: file, MUSTER_PORT: '2000', MUSTER_HOST: 'env.example' },
    { port: 3000 },
  );
  assert.deepEqual([config.port, config.host, config.team], [3000, 'env.example', 'From the file']);
});

test('a wrong value is named with where it stands', () => {
  fails(
    () => loadConfig({ MUSTER_PORT: 'eighty' }),
    'CONFIG_INVALID',
    /port \(environment variable MUSTER_PORT\)/,
  );
  fails(
    () => loadConfig({ DATABASE_URL: 'mysql://x' }),
    'CONFIG_INVALID',
    /databaseUrl \(environment variable DATABASE_URL\): must begin with/,
  );
});

test('an unknown setting, a missing file and broken TOML are refused', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'muster.toml');
  writeFileSync(file, 'prot = 1000\n');
  fails(() => loadConfig({ MUSTER_CONFIG: file }), 'CONFIG_INVALID', /prot .*no such setting/);
  writeFileSync(file, 'port = = 1\n');
  fails(() => loadConfig({ MUSTER_CONFIG: file }), 'CONFIG_INVALID', /muster\.toml/);
  fails(() => loadConfig({ MUSTER_CONFIG: join(folder, 'none.toml') }), 'FILE_UNREADABLE', /none\.toml/);
});
