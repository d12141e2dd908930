import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { MusterError } from '#base/errors';
import { factHash } from './package.ts';
import { parsePackageSet } from './package-set.ts';

const hello = {
  name: 'hello-2.10',
  pname: 'hello',
  version: '2.10',
  system: 'x86_64-linux',
  meta: {
    description: 'Greets\n  whoever  runs it',
    homepage: 'https://example.org/hello',
    license: { shortName: 'gpl3Plus', fullName: 'GNU GPL', free: true },
    maintainers: ['Ada Lovelace <ada@example.org>'],
    platforms: ['x86_64-linux'],
    position: 'pkgs/applications/misc/hello/default.nix:14',
  },
};

function parse(value: unknown) {
  return parsePackageSet(Buffer.from(JSON.stringify(value)));
}

function only(value: unknown) {
  const { packages, problems } = parse({ one: value });
  assert.deepEqual(problems, []);
  assert.ok(packages[0]);
  return packages[0];
}

function refused(value: unknown, what: RegExp) {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  assert.throws(
    () => parsePackageSet(bytes, 'set.json'),
    (error) => error instanceof MusterError && error.code === 'FILE_MALFORMED' && what.test(error.message),
  );
}

describe('forms of package sets', () => {
  test('packages.json and nix-env give the same packages', () => {
    const whole = parse({ version: 2, packages: { hello } });
    const bare = parse({
      hello: { ...hello, drvPath: '/nix/store/x.drv', outputs: { out: '/nix/store/x' } },
    });
    assert.equal(whole.form, 'packages-json');
    assert.equal(bare.form, 'nix-env');
    assert.deepEqual(whole.packages, bare.packages);
    assert.deepEqual(whole.packages[0], {
      attr: 'hello',
      kind: 'attribute',
      name: 'hello-2.10',
      pname: 'hello',
      version: '2.10',
      description: 'Greets whoever runs it',
      homepage: 'https://example.org/hello',
      position: 'pkgs/applications/misc/hello/default.nix',
      patches: [],
      knownVulnerabilities: [],
      maintainers: [{ name: 'Ada Lovelace', github: null, githubId: null, email: 'ada@example.org' }],
      licences: ['gpl3Plus'],
      broken: false,
      unfree: false,
      insecure: false,
    });
  });

  test('a delta says what it builds on', () => {
    const delta = parse({
      base: 'c@1',
      name: 'c@2',
      revision: 'abcdef0',
      removed: ['gone'],
      packages: { hello },
    });
    assert.deepEqual(
      [delta.form, delta.base, delta.commit, delta.removed, delta.packages.length],
      ['delta', 'c@1', 'abcdef0', ['gone'], 1],
    );
    assert.deepEqual(parse({ base: 'c@1', removed: [], packages: {} }).packages, []);
    refused({ base: 'c@1', removed: 'gone', packages: {} }, /"removed" is not a list/);
  });

  test("the name of the user's channel is no part of an attribute", () => {
    const attrs = (value: unknown) => parse(value).packages.map(({ attr }) => attr);
    assert.deepEqual(attrs({ 'nixos.hello': hello, 'nixos.gnome3.gedit': hello }), ['hello', 'gnome3.gedit']);
    assert.deepEqual(attrs({ 'nixos-unstable.hello': hello }), ['hello']);
    assert.deepEqual(attrs({ 'nixos.hello': hello, openssl: hello }), ['nixos.hello', 'openssl']);
  });

  test('packages that are called like fields of the file are packages', () => {
    const set = parse({ version: hello, base: hello, packages: hello, __proto__x: hello });
    assert.deepEqual(
      set.packages.map(({ attr }) => attr),
      ['version', 'base', 'packages', '__proto__x'],
    );
    const evil = parsePackageSet(Buffer.from(`{"__proto__": ${JSON.stringify(hello)}}`));
    assert.deepEqual(
      evil.packages.map(({ attr }) => attr),
      ['__proto__'],
    );
  });

  test('what is no package set is refused, naming the place', () => {
    refused(Buffer.from(''), /set\.json.*nothing in it/i);
    refused(Buffer.from('<html>'), /set\.json.*at byte 0/);
    refused(Buffer.from('{"hello": {"name": "hel'), /ends inside a string \(at byte 23\)/);
    refused(Buffer.from([0x7b, 0xff, 0x7d]), /not UTF-8/);
    refused([hello], /at byte 0/);
    refused({}, /nothing in it/);
    refused({ version: 2, packages: {} }, /nothing in it/);
    refused({ version: 2 }, /no "packages"/);
    refused({ version: 3, packages: { hello } }, /version 3/);
    refused({ patches: { hello: ['a.patch'] }, cve_patches: {} }, /"patches" has no name/);
    refused({ hello: 'https://example.org/hello.tar.gz' }, /"hello" is a string/);
  });

  test('an entry that cannot be read is reported and the rest is read', () => {
    const bytes = Buffer.from(
      `{"a": 1, "b": null, "c": {}, "d": {"name": []}, "e": {"name": 01}, "hello": ${JSON.stringify(hello)}}`,
    );
    const { packages, problems } = parsePackageSet(bytes);
    assert.deepEqual(
      packages.map(({ attr }) => attr),
      ['hello'],
    );
    assert.deepEqual(problems, [
      { attr: 'a', why: 'is a number, not an object' },
      { attr: 'b', why: 'is null, not an object' },
      { attr: 'c', why: 'has no name' },
      { attr: 'd', why: 'has no name' },
      { attr: 'e', why: 'is not JSON' },
    ]);
    const long = parse({ hello, ['x'.repeat(301)]: hello, y: { name: 'y'.repeat(301) } });
    assert.equal(long.packages.length, 1);
    assert.deepEqual(
      long.problems.map(({ why }) => why),
      ['has an attribute path of 301 characters', 'has a name of more than 300 characters'],
    );
  });

  test('whatever JSON an entry is, it is read or reported, and what is read can be stored', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.string({ unit: 'binary' }), (entry, meta, name) => {
        const { packages, problems } = parse({
          hello,
          a: entry,
          b: { name, meta },
          c: { ...hello, meta: { license: meta, maintainers: meta } },
        });
        assert.equal(packages.length + problems.length, 4);
        for (const one of packages) assert.doesNotMatch(JSON.stringify(one), /\\u0000|\\ud[89a-f]/i);
      }),
      { numRuns: 300 },
    );
  });
});

describe('fields of an entry', () => {
  test('name and version are split as Nix does where the set does not say them', () => {
    const { pname, version } = only({ name: 'python2.7-requests-2.13.0' });
    assert.deepEqual({ pname, version }, { pname: 'python2.7-requests', version: '2.13.0' });
    assert.equal(only({ pname: 'a', version: '1' }).name, 'a-1');
    assert.equal(only({ name: 'ssldump', pname: 'ssldump', version: '' }).version, '');
  });

  test('positions lose line and checkout', () => {
    const position = (value: unknown) => only({ name: 'a', meta: { position: value } }).position;
    assert.equal(position('/nix/store/0c5b-nixos-17.03/nixos/pkgs/a/default.nix:3'), 'pkgs/a/default.nix');
    assert.equal(position('/nix/store/0c5b-source/pkgs/a/default.nix:3'), 'pkgs/a/default.nix');
    assert.equal(position('/home/me/nixpkgs/pkgs/a/default.nix:3'), 'pkgs/a/default.nix');
    assert.equal(position('/home/me/own.nix:3'), '/home/me/own.nix');
    assert.equal(position(7), null);
  });

  test('licences, homepages and flags in every form', () => {
    const of = (meta: object) => only({ name: 'a', meta });
    assert.deepEqual(of({ license: 'GPL' }).licences, ['GPL']);
    assert.deepEqual(
      of({ license: [{ shortName: 'mit' }, 'BSD', { spdxId: 'ISC' }, { fullName: 'Own' }, {}, null] })
        .licences,
      ['mit', 'BSD', 'ISC', 'Own'],
    );
    assert.equal(of({ license: { fullName: 'EULA', free: false } }).unfree, true);
    assert.equal(of({ license: ['unfree-redistributable'] }).unfree, true);
    assert.equal(of({ license: { shortName: 'mit', free: true } }).unfree, false);
    assert.equal(of({ homepage: ['https://a.example', 'https://b.example'] }).homepage, 'https://a.example');
    assert.equal(of({ homepage: [] }).homepage, null);
    assert.deepEqual(
      [of({ broken: true }).broken, of({ broken: null }).broken, of({ broken: 'yes' }).broken],
      [true, false, false],
    );
    const known = of({ knownVulnerabilities: ['CVE-2017-1000385'] });
    assert.deepEqual([known.knownVulnerabilities, known.insecure], [['CVE-2017-1000385'], true]);
    assert.equal(of({ knownVulnerabilities: [] }).insecure, false);
  });

  test('a mail address is never part of a name', () => {
    const read = (...maintainers: unknown[]) => only({ name: 'a', meta: { maintainers } }).maintainers;
    assert.deepEqual(read('only@example.org'), [
      { name: 'only', github: null, githubId: null, email: 'only@example.org' },
    ]);
    assert.deepEqual(read('Ada<ada@example.org>'), [
      { name: 'Ada', github: null, githubId: null, email: 'ada@example.org' },
    ]);
    assert.deepEqual(read('Ada <ada AT example DOT org>'), [
      { name: 'Ada', github: null, githubId: null, email: null },
    ]);
    assert.deepEqual(read({ email: 'x@example.org', github: 'x', githubId: 7 }), [
      { name: 'x', github: 'x', githubId: 7, email: 'x@example.org' },
    ]);
    assert.deepEqual(read({ name: 'who@example.org' }), [
      { name: 'who', github: null, githubId: null, email: null },
    ]);
    assert.deepEqual(read({ githubId: 1 }, 5, null, ''), []);
    assert.deepEqual(
      read([{ name: 'In a list' }], { name: 'In a list' }).map(({ name }) => name),
      ['In a list'],
    );
    assert.equal(only({ name: 'a', meta: { maintainers: 'Ada <ada@example.org>' } }).maintainers.length, 1);
  });

  test('what is no change of the package does not change its hash', () => {
    const hash = (entry: object) => factHash(only(entry));
    const { meta } = hello;
    const same = {
      ...hello,
      system: 'i686-linux',
      meta: {
        ...meta,
        position: 'pkgs/applications/misc/hello/default.nix:99',
        platforms: [],
        maintainers: ['Ada Lovelace <new@example.org>'],
      },
    };
    assert.equal(hash(same), hash(hello));
    for (const other of [
      { description: 'x' },
      { broken: true },
      { maintainers: [] },
      { license: 'x' },
      { position: 'pkgs/x.nix:14' },
    ])
      assert.notEqual(hash({ ...hello, meta: { ...meta, ...other } }), hash(hello), JSON.stringify(other));
    assert.notEqual(factHash({ ...only(hello), patches: ['a.patch'] }), hash(hello));
  });
});
