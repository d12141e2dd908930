import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isRelease, witnesses } from './witness-source.ts';

const report = (source: string, key: string, ...vulnerabilities: string[]) => ({
  source,
  key,
  vulnerabilities,
  packages: 1,
});

describe('on whose word a report rests', () => {
  test('errata of rebuilds are Red Hat’s word, whoever came first in the list', () => {
    const reports = [
      report('oracle', 'ELSA-2017-2478', 'CVE-2017-3167'),
      report('redhat', 'RHSA-2017:2478', 'CVE-2017-3167', 'CVE-2017-3169'),
      report('redhat', 'CESA-2017:2478', 'CVE-2017-3169'),
      report('alma', 'ALSA-2017:2478', 'CVE-2017-3167'),
      report('rocky', 'RLSA-2017:2478', 'CVE-2017-3167'),
      report('rocky', 'RLSA-2017:02479', 'CVE-2017-3167'),
    ];
    assert.deepEqual(
      witnesses(reports).map(({ source, rebuildOf }) => [source, rebuildOf]),
      [
        ['RHSA', 1],
        ['RHSA', null],
        ['RHSA', 1],
        ['RHSA', 1],
        ['RHSA', 1],
        ['RLSA', null],
      ],
    );
  });

  test('without Red Hat’s own the first by name stands for the others', () => {
    const found = witnesses([
      report('rocky', 'RLSA-2025:21816', 'CVE-2025-1'),
      report('alma', 'ALSA-2025:21816', 'CVE-2025-1'),
    ]);
    assert.deepEqual(found, [
      { source: 'ALSA', rebuildOf: 1 },
      { source: 'ALSA', rebuildOf: null },
    ]);
  });

  test('without it, who names sources goes before who lists what is built from them', () => {
    const found = witnesses([
      { ...report('alma', 'ALSA-2026:1905', 'CVE-2026-1'), packages: 35 },
      report('rocky', 'RLSA-2026:1905', 'CVE-2026-1'),
    ]);
    assert.deepEqual(
      found.map(({ rebuildOf }) => rebuildOf),
      [1, null],
    );
  });

  test('a number that Oracle gave to its own kernel is its own word', () => {
    const found = witnesses([
      report('redhat', 'RHSA-2024:12345', 'CVE-2024-1'),
      report('oracle', 'ELSA-2024-12345', 'CVE-2024-2'),
    ]);
    assert.deepEqual(
      found.map(({ source, rebuildOf }) => [source, rebuildOf]),
      [
        ['RHSA', null],
        ['ELSA', null],
      ],
    );
  });

  test('each kind of advisory by its word; ids that bear none by their source', () => {
    const names = (source: string, key: string) => witnesses([report(source, key, 'CVE-1')])[0]?.source;
    assert.equal(names('debian', 'DSA-3896-1'), 'DSA');
    assert.equal(names('debian', 'DLA-1009-1'), 'DLA');
    assert.equal(names('freebsd', 'a7003121-56bf-11e7-8e66-08606e46faad'), 'freebsd');
    assert.equal(names('freebsd', '0c2db2aa-5584-11e7-9a7d-b499baebfeaf'), 'freebsd');
    assert.equal(names('suse', 'openSUSE-SU-2016:1623-1'), 'SUSE');
    assert.equal(names('suse', 'SUSE-SU-2017:1446-1'), 'SUSE');
    assert.equal(names('mozilla', 'MFSA2017-15'), 'MFSA');
    assert.equal(names('fedora', 'FEDORA-EPEL-2017-a1b2c3d4e5'), 'FEDORA');
  });

  test('the order of the list never tells', () => {
    const keys = ['RHSA-2017:1', 'ELSA-2017-1', 'ALSA-2017:1', 'CESA-2017:1', 'DSA-1-1', 'RHSA-2017:2'];
    const any = fc.uniqueArray(
      fc.record({
        source: fc.constantFrom('a', 'b'),
        key: fc.constantFrom(...keys),
        vulnerabilities: fc.subarray(['CVE-1', 'CVE-2'], { minLength: 0 }),
        packages: fc.nat(2),
      }),
      { selector: ({ source, key }) => `${source} ${key}` },
    );
    const told = (reports: readonly ReturnType<typeof report>[]) =>
      witnesses(reports)
        .map(({ source, rebuildOf }, index) => {
          const [own, other] = [reports[index], rebuildOf === null ? undefined : reports[rebuildOf]];
          return `${own?.source} ${own?.key}: ${source} ${other?.source} ${other?.key}`;
        })
        .sort();
    fc.assert(
      fc.property(
        any.chain((given) =>
          fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
        ),
        ([given, shuffled]) => assert.deepEqual(told(shuffled), told(given)),
      ),
    );
  });

  test('releases of upstream are those of who makes the product', () => {
    assert.deepEqual(['mozilla', 'chrome', 'debian'].map(isRelease), [true, true, false]);
  });
});
