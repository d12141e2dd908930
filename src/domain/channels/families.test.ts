import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { representatives } from './families.ts';

function member(
  attr: string,
  pname: string,
  version: string,
  position = `pkgs/${pname}.nix`,
  patches: string[] = [],
) {
  return { attr, pname, version, position, patches };
}

function families(...members: ReturnType<typeof member>[]): Record<string, string> {
  return Object.fromEntries(representatives(members));
}

test('the same release under several attributes is one', () => {
  const file = 'pkgs/top-level/python-packages.nix';
  assert.deepEqual(
    families(
      member('python35Packages.requests', 'python3.5-requests', '2.13.0', file),
      member('python27Packages.requests', 'python2.7-requests', '2.13.0', file),
      member('bind', 'bind', '9.10.6'),
      member('dnsutils', 'bind', '9.10.6'),
      member('gnome3.gvfs', 'gvfs', '1.30.3'),
      member('gvfs', 'gvfs', '1.30.3'),
    ),
    {
      'python35Packages.requests': 'python27Packages.requests',
      'python27Packages.requests': 'python27Packages.requests',
      bind: 'bind',
      dnsutils: 'bind',
      'gnome3.gvfs': 'gvfs',
      gvfs: 'gvfs',
    },
  );
});

test('another version, file or list of patches stays apart', () => {
  const found = families(
    member('openssl', 'openssl', '1.1.0g'),
    member('openssl_1_0_2', 'openssl', '1.0.2m'),
    member('curl', 'curl', '7.56.1'),
    member('rPackages.curl', 'r-curl', '7.56.1', 'pkgs/development/r-modules/default.nix'),
    member('patched', 'openssl', '1.1.0g', 'pkgs/openssl.nix', ['CVE-2017-1.patch']),
  );
  for (const [attr, representative] of Object.entries(found)) assert.equal(representative, attr);
});

test('a module is one package whatever kernel it was built for; a kernel and its tools are not', () => {
  const built = (set: string, kernel: string) => [
    member(`${set}.perf`, 'perf-linux', kernel, 'pkgs/perf.nix'),
    member(`${set}.bbswitch`, 'bbswitch', `0.8-${kernel}`),
    member(`${set}.netatop`, 'netatop', `${kernel}-1.0`),
    member(`${set}.blcr`, `blcr_${kernel}`, '0.8.6', 'pkgs/blcr.nix'),
  ];
  const found = families(
    ...built('linuxPackages', '4.9.46'),
    ...built('linuxPackages_4_4', '4.4.95'),
    member('linuxPackages_4_4.kernel', 'linux', '4.4.95', 'pkgs/linux.nix'),
    member('linux_testing', 'linux', '4.12-rc1', 'pkgs/linux.nix'),
  );
  for (const name of ['bbswitch', 'netatop', 'blcr'])
    assert.equal(found[`linuxPackages_4_4.${name}`], `linuxPackages.${name}`);
  for (const attr of ['linuxPackages_4_4.perf', 'linuxPackages_4_4.kernel', 'linux_testing'])
    assert.equal(found[attr], attr);
});

test('a representative stands for itself, and the order of the set is nothing', () => {
  const names = fc.constantFrom(
    'a',
    'b',
    'x.a',
    'x.b',
    'y.a',
    'long',
    'x.y.a',
    'linuxPackages.kernel',
    'linuxPackages.a',
  );
  const versions = fc.constantFrom('1', '2', '1-4.4.95', '4.4.95', '');
  const members = fc.uniqueArray(
    fc
      .tuple(names, fc.constantFrom('p', 'python2.7-p', 'q'), versions)
      .map((fields) => member(fields[0], fields[1], fields[2], 'f.nix')),
    { selector: ({ attr }) => attr },
  );
  fc.assert(
    fc.property(members, fc.infiniteStream(fc.nat()), (all, order) => {
      const found = representatives(all);
      assert.equal(found.size, all.length);
      for (const representative of found.values()) assert.equal(found.get(representative), representative);
      const shuffled = all.map((one) => ({ one, at: order.next().value ?? 0 })).sort((a, b) => a.at - b.at);
      const again = representatives(shuffled.map(({ one }) => one));
      for (const [attr, representative] of found) assert.equal(again.get(attr), representative);
    }),
  );
});
