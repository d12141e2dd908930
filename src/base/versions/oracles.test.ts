import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { deb } from './deb.ts';
import { nix } from './nix.ts';
import { parseDrvName } from './parse-drv-name.ts';

const DATA = resolve(import.meta.dirname, '../../../../shared/data/versions');
const noData = existsSync(DATA) ? false : `no ${DATA} on this machine`;

function isMissing(program: string): string | false {
  return spawnSync(program, ['--version']).error === undefined ? false : `no ${program} on this machine`;
}

function pairsOf(pieces: string[], count: number): [string, string][] {
  const version = fc
    .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 })
    .map((parts) => `1${parts.join('')}`);
  return fc.sample(fc.tuple(version, version), { numRuns: count, seed: 2017 });
}

describe('dpkg', () => {
  test('orders the same versions alike', { skip: isMissing('dpkg') }, () => {
    const pieces = ['0', '1', '9', '10', '.', '~', '+', '-', 'a', 'Z', 'rc', '00', '.0', '~~'];
    const pairs = pairsOf(pieces, 400)
      .map(([a, b], i): [string, string] => [i % 7 === 0 ? `1:${a}` : a, b])
      .filter(([a, b]) => deb.isValid(a) && deb.isValid(b));
    assert.ok(pairs.length > 200, `${pairs.length} pairs`);
    const script =
      'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo -1; elif dpkg --compare-versions "$a" gt "$b"; then echo 1; else echo 0; fi; done';
    const { stdout } = spawnSync('sh', ['-c', script], {
      input: pairs.map((pair) => `${pair.join(' ')}\n`).join(''),
      encoding: 'utf8',
    });
    const answers = stdout.trim().split('\n').map(Number);
    assert.equal(answers.length, pairs.length);
    for (const [i, [a, b]] of pairs.entries())
      assert.equal(deb.compare(a, b), answers[i], `${a} against ${b}`);
  });

  test('takes what is valid here', { skip: isMissing('dpkg') }, () => {
    for (const version of ['1:7.4p1-10+deb9u1', '0', '1.0~', '2.0+really1.9-1', '1.0-1-2']) {
      const { status, stderr } = spawnSync('dpkg', ['--compare-versions', version, 'eq', version]);
      assert.equal(deb.isValid(version), true, version);
      assert.equal(status, 0, `${version}: ${stderr}`);
    }
  });
});

describe('Nix', () => {
  test('orders the recorded pairs alike', { skip: noData }, () => {
    const pairs: { a: string; b: string; cmp: number }[] = JSON.parse(
      readFileSync(`${DATA}/nix-compareVersions.oracle.json`, 'utf8'),
    );
    assert.ok(pairs.length > 3900);
    for (const { a, b, cmp } of pairs) assert.equal(nix.compare(a, b), cmp, `“${a}” against “${b}”`);
  });

  test('splits the recorded names alike', { skip: noData }, () => {
    const names: { input: string; name: string; version: string }[] = JSON.parse(
      readFileSync(`${DATA}/nix-parseDrvName.oracle.json`, 'utf8'),
    );
    assert.ok(names.length > 1800);
    for (const { input, name, version } of names) assert.deepEqual(parseDrvName(input), { name, version });
  });

  test('orders the same versions alike when asked', { skip: isMissing('nix-instantiate') }, () => {
    const pairs = pairsOf(['0', '1', '9', '10', '.', '-', 'pre', 'rc', 'a', '_', '2147483648', '.0'], 300);
    const list = pairs.map(([a, b]) => `(builtins.compareVersions "${a}" "${b}")`).join(' ');
    const { stdout } = spawnSync(
      'nix-instantiate',
      ['--eval', '--strict', '--json', '--expr', `[ ${list} ]`],
      { encoding: 'utf8' },
    );
    const answers: number[] = JSON.parse(stdout);
    for (const [i, [a, b]] of pairs.entries())
      assert.equal(nix.compare(a, b), answers[i], `${a} against ${b}`);
  });
});

test('parseDrvName splits at the first dash before anything but a letter', () => {
  assert.deepEqual(parseDrvName('openssl-1.0.2j'), { name: 'openssl', version: '1.0.2j' });
  assert.deepEqual(parseDrvName('gtk+-2.24.31'), { name: 'gtk+', version: '2.24.31' });
  assert.deepEqual(parseDrvName('xf86-video-i810'), { name: 'xf86-video-i810', version: '' });
  assert.deepEqual(parseDrvName('python2.7-Django-1.10'), { name: 'python2.7-Django', version: '1.10' });
  assert.deepEqual(parseDrvName('a--1'), { name: 'a', version: '-1' });
  assert.deepEqual(parseDrvName('a-'), { name: 'a-', version: '' });
});
