import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PackageOutline } from '#domain/channels';
import { askedNames, candidates, nameIndex } from './candidates.ts';
import { changedNames, packageReader, packageSet } from './package-set.ts';

function outline(attr: string, version: string, more: Partial<PackageOutline> = {}): PackageOutline {
  return {
    ...{ attr, pname: attr, version, patches: [], knownVulnerabilities: [] },
    ...{ homepage: null, sourceUrl: null, position: `pkgs/${attr}.nix` },
    ...more,
  };
}

describe('packageReader', () => {
  test('what does not differ in anything that matters is one object, in whichever channels it is', () => {
    const read = packageReader();
    const [one] = read([outline('frobd', '1.0')]);
    const [moved] = read([outline('frobd', '1.0', { position: 'pkgs/by-name/frobd.nix' })]);
    assert.equal(moved, one);
    const others: Partial<PackageOutline>[] = [
      { version: '1.1' },
      { pname: 'frob' },
      { patches: ['a.patch'] },
      { knownVulnerabilities: ['a.patch'] },
      { homepage: 'https://example.org' },
      { sourceUrl: 'https://example.org' },
    ];
    const read2 = others.map((more) => read([outline('frobd', '1.0', more)])[0]);
    assert.equal(new Set([one, ...read2]).size, others.length + 1);
  });

  test('of attributes that are the same package it takes one, with the product that its name means', () => {
    const position = 'pkgs/httpd.nix';
    const packages = packageReader()([
      outline('apacheHttpd', '2.4', { pname: 'apache-httpd', position }),
      outline('pkgs.apacheHttpd_2_4', '2.4', { pname: 'apache-httpd', position }),
    ]);
    assert.deepEqual(
      packages.map(({ attr, name, product }) => [attr, name, product]),
      [['apacheHttpd', 'apache-httpd', 'apache2']],
    );
  });
});

describe('packageSet', () => {
  test('has each package once, with its channels in their order', () => {
    const read = packageReader();
    const set = packageSet([
      { channel: 'b', packages: read([outline('frobd', '1.0'), outline('quxd', '1')]) },
      { channel: 'a', packages: read([outline('frobd', '1.0'), outline('quxd', '2')]) },
    ]);
    const found = ['frobd', 'quxd'].flatMap((product) =>
      candidates(set.index, { product, distributions: [{ name: product, ecosystem: 'debian' }], cpes: [] }),
    );
    assert.deepEqual(
      found.map(({ pkg }) => [pkg.attr, pkg.version, set.channelsOf.get(pkg)]),
      [
        ['frobd', '1.0', ['b', 'a']],
        ['quxd', '1', ['b']],
        ['quxd', '2', ['a']],
      ],
    );
  });
});

describe('changedNames', () => {
  const read = packageReader();
  const before = read([outline('frobd', '1.0'), outline('openssl_1_0_2', '1.0.2k', { pname: 'openssl' })]);

  test('names nothing where nothing matters', () => {
    assert.deepEqual(changedNames(before, before), new Set());
    const moved = read([
      outline('openssl_1_0_2', '1.0.2k', { pname: 'openssl', position: 'pkgs/new.nix' }),
      outline('frobd', '1.0'),
    ]);
    assert.deepEqual(changedNames(before, moved), new Set());
  });

  test('names what came, what went and what changed, under every name that an issue may look for it by', () => {
    const now = read([outline('openssl_1_0_2', '1.0.2l', { pname: 'openssl' }), outline('quxd', '1')]);
    const changed = changedNames(before, now);
    for (const product of ['frobd', 'openssl', 'quxd']) {
      const names = { product, distributions: [], cpes: [] };
      const found = [before, now].flatMap((packages) =>
        [...askedNames(names)].flatMap((name) => nameIndex(packages).byName.get(name) ?? []),
      );
      assert.ok(found.length > 0, product);
      assert.ok(
        [...askedNames(names)].some((name) => changed.has(name)),
        product,
      );
    }
    assert.ok(!changed.has('curl'));
  });
});
