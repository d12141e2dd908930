import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CveAffected, CveContainer, CveVersion } from '#base/formats';
import { judge } from '#base/versions';
import { affectedByCna } from './affected.ts';

function container(affected: CveAffected[], cpeApplicability: unknown[] = []): CveContainer {
  return {
    provider: undefined,
    title: undefined,
    description: undefined,
    rejectedReason: undefined,
    advisory: undefined,
    rating: undefined,
    affected,
    cpeApplicability,
    metrics: [],
    references: [],
    weaknesses: [],
  };
}

function entry(versions: CveVersion[], fields: Partial<CveAffected> = {}): CveAffected {
  return {
    vendor: 'V',
    product: 'P',
    packageName: undefined,
    collection: undefined,
    defaultStatus: undefined,
    platforms: [],
    modules: [],
    cpes: [],
    versions,
    ...fields,
  };
}

function rows(entries: CveAffected[], cpe: unknown[] = []) {
  return affectedByCna([container(entries, cpe)]);
}

function only(versions: CveVersion[], fields: Partial<CveAffected> = {}) {
  const [row, ...rest] = rows([entry(versions, fields)]);
  assert.deepEqual(rest, []);
  return row?.versions;
}

const AFFECTED = { status: 'affected' };
const UNAFFECTED = { status: 'unaffected' };

describe('versions of an entry', () => {
  test('ranges, single versions, and what holds for all others', () => {
    assert.deepEqual(
      only(
        [
          { version: '1.0', lessThan: '1.2.5', versionType: 'semver', ...AFFECTED },
          { version: '2.0', lessThanOrEqual: '2.3', versionType: 'semver', ...AFFECTED },
          { version: '3.0.1', ...AFFECTED },
          { version: '1.1.9', ...UNAFFECTED },
        ],
        { defaultStatus: 'unaffected' },
      ),
      {
        scheme: 'semver',
        affected: [
          { min: '1.0', max: '1.2.5' },
          { min: '2.0', max: '2.3', maxInclusive: true },
          { min: '3.0.1', max: '3.0.1', maxInclusive: true },
        ],
        unaffected: [{ min: '1.1.9', max: '1.1.9', maxInclusive: true }],
        otherwise: 'unaffected',
      },
    );
  });

  test('open ends, and words that say nothing', () => {
    assert.deepEqual(
      only([
        { version: '0', lessThan: '1.6.0', ...AFFECTED },
        { version: 'unspecified', lessThanOrEqual: '2.0', ...AFFECTED },
        { version: '3.0', lessThan: '*', ...AFFECTED },
        { version: 'n/a', ...AFFECTED },
        { version: '5.10.235', lessThanOrEqual: '5.10.*', ...UNAFFECTED },
      ]),
      {
        scheme: 'generic',
        affected: [{ max: '1.6.0' }, { max: '2.0', maxInclusive: true }, { min: '3.0' }],
        unaffected: [{ min: '5.10.235', max: '5.10.*', maxInclusive: true }],
        otherwise: 'unknown',
      },
    );
    assert.deepEqual(only([{ version: '*', ...AFFECTED }])?.affected, [{}]);
  });

  test('changes cut a range in pieces', () => {
    const said = only(
      [
        {
          version: '2.0',
          lessThanOrEqual: '2.9',
          ...AFFECTED,
          changes: [
            { at: '2.4.3', status: 'unaffected' },
            { at: '2.6', status: 'affected' },
          ],
        },
      ],
      { defaultStatus: 'unaffected' },
    );
    assert.deepEqual(said?.affected, [
      { min: '2.0', max: '2.4.3' },
      { min: '2.6', max: '2.9', maxInclusive: true },
    ]);
    assert.deepEqual(said?.unaffected, [{ min: '2.4.3', max: '2.6' }]);
  });

  test('a version of unknown status makes the rest unknown', () => {
    const said = only([{ version: '1', lessThan: '2', status: 'unknown' }], { defaultStatus: 'unaffected' });
    assert.equal(said?.otherwise, 'unknown');
    assert.deepEqual(said?.affected, []);
  });

  test('repetitions count once', () => {
    const same: CveVersion = { version: '1', lessThan: '2', ...AFFECTED };
    assert.equal(only([same, { ...same }, { ...same, lessThan: '3' }])?.affected.length, 2);
  });

  test('without versions the default is all that is said', () => {
    assert.deepEqual(
      rows([
        entry([], { defaultStatus: 'affected' }),
        entry([], { product: 'Q', defaultStatus: 'unaffected' }),
        entry([], { product: 'R' }),
      ]).map(({ name, status, versions }) => [name, status, versions?.otherwise]),
      [
        ['P', 'affected', 'affected'],
        ['Q', 'not_affected', 'unaffected'],
        ['R', undefined, 'unknown'],
      ],
    );
  });
});

test('the scheme is what all entries name, if it is true', () => {
  const scheme = (...types: [string, string?][]) =>
    only(
      types.map(([version, versionType]) => ({
        version,
        ...AFFECTED,
        ...(versionType !== undefined && { versionType }),
      })),
    )?.scheme;
  assert.equal(scheme(['1.2.3', 'semver'], ['2.0']), 'semver');
  assert.equal(scheme(['6.12-rc1', 'semver'], ['6.9', 'original_commit_for_fix']), 'semver');
  assert.equal(scheme(['2.6.16.28', 'semver']), 'generic');
  assert.equal(scheme(['1.0.2k', 'semver']), 'generic');
  assert.equal(scheme(['1', 'maven'], ['2', 'rpm']), 'generic');
  assert.equal(scheme(['1', 'maven']), 'maven');
  assert.equal(scheme(['0:1.2-3.el8', 'rpm']), 'rpm');
  assert.equal(scheme(['1.0a1', 'python']), 'pep440');
  assert.equal(scheme(['7', 'custom']), 'generic');
  assert.equal(scheme(['7']), 'generic');
});

test('commits are a statement of their own', () => {
  const found = rows([
    entry([
      {
        version: '446fda4f26822b2d42ab3396aafcedf38a9ff2b6',
        lessThan: '97bc3683c24999ee621d847c9348c75d2fe86272',
        versionType: 'git',
        ...AFFECTED,
      },
      { version: '2.6.19', lessThan: '5.0', versionType: 'custom', ...AFFECTED },
    ]),
  ]);
  assert.deepEqual(
    found.map(({ versions }) => [versions?.scheme, versions?.affected.length]),
    [
      ['generic', 1],
      ['git', 1],
    ],
  );
});

test('a kernel record as its CNA writes it is judged right', () => {
  // CVE-2025-21772, its lines of stable releases.
  const said = only(
    [
      ...[
        ['5.4.291', '5.4.*'],
        ['5.10.235', '5.10.*'],
        ['6.6.79', '6.6.*'],
      ].map(([version = '', lessThanOrEqual = '']) => ({
        version,
        lessThanOrEqual,
        versionType: 'semver',
        ...UNAFFECTED,
      })),
      { version: '6.14', lessThanOrEqual: '*', versionType: 'original_commit_for_fix', ...UNAFFECTED },
    ],
    { vendor: 'Linux', product: 'Linux', defaultStatus: 'affected' },
  );
  assert.ok(said !== undefined);
  const verdicts: [string, string][] = [
    ['5.10.234', 'affected'],
    ['5.10.235', 'not_affected'],
    ['5.10.300', 'not_affected'],
    ['5.11', 'affected'],
    ['6.6.79', 'not_affected'],
    ['6.13', 'affected'],
    ['6.14', 'not_affected'],
    ['6.15.2', 'not_affected'],
  ];
  for (const [version, verdict] of verdicts) assert.equal(judge(version, said).verdict, verdict, version);
});

describe('names', () => {
  test('vendor and product as they are written; n/a is none', () => {
    assert.deepEqual(rows([entry([{ version: '1', ...AFFECTED }], { vendor: 'n/a', product: 'n/a' })]), []);
    const [row] = rows([entry([], { vendor: 'n/a', product: ' Apache HTTP Server ' })]);
    assert.equal(row?.name, 'Apache HTTP Server');
    assert.equal(row?.vendor, undefined);
    const packaged = entry([], { packageName: 'github.com/x/y', product: undefined });
    assert.equal(rows([packaged])[0]?.name, 'github.com/x/y');
  });

  test('what narrows an entry stands in the note', () => {
    const [row] = rows([
      entry([], {
        product: 'RHEL 8',
        packageName: 'gnutls',
        collection: 'https://access.redhat.com/x',
        platforms: ['Windows', 'x86'],
        modules: ['tls'],
      }),
    ]);
    assert.equal(
      row?.note,
      'package=gnutls; collection=https://access.redhat.com/x; platforms=Windows,x86; modules=tls',
    );
  });

  test('a CPE that names the product otherwise adds a row with the same versions', () => {
    const versions = [{ version: '2.4.0', lessThan: '2.4.26', ...AFFECTED }];
    const cpes = ['cpe:2.3:a:apache:http_server:*:*:*:*:*:*:*:*'];
    const found = rows([entry(versions, { product: 'Apache HTTP Server', cpes })]);
    assert.deepEqual(
      found.map(({ ecosystem, vendor, name }) => [ecosystem, vendor, name]),
      [
        ['cve', 'V', 'Apache HTTP Server'],
        ['cpe', 'apache', 'http_server'],
      ],
    );
    assert.deepEqual(found[0]?.versions, found[1]?.versions);
    assert.equal(rows([entry(versions, { product: 'HTTP Server', cpes })]).length, 1);
    // With a package named, they are the platform.
    assert.equal(
      rows([entry(versions, { cpes: ['cpe:/o:redhat:enterprise_linux:8'], packageName: 'httpd' })]).length,
      1,
    );
  });

  test('containers that repeat each other make one row', () => {
    const one = entry([{ version: '1', lessThan: '2', ...AFFECTED }]);
    assert.equal(affectedByCna([container([one]), container([structuredClone(one)])]).length, 1);
    const other = entry([{ version: '1', lessThan: '3', ...AFFECTED }]);
    assert.equal(affectedByCna([container([one]), container([other])]).length, 2);
  });
});

test('cpeApplicability counts only where affected has no versions', () => {
  const applicability = [
    {
      nodes: [
        {
          operator: 'OR',
          negate: false,
          cpeMatch: [
            {
              vulnerable: true,
              criteria: 'cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*',
              versionEndExcluding: '5.4.291',
            },
          ],
        },
      ],
    },
  ];
  assert.deepEqual(
    rows([entry([{ version: '1', ...AFFECTED }])], applicability).map(({ ecosystem }) => ecosystem),
    ['cve'],
  );
  assert.deepEqual(
    rows([entry([{ version: 'n/a', ...AFFECTED }])], applicability).map(({ ecosystem, name, versions }) => [
      ecosystem,
      name,
      versions?.affected,
    ]),
    [
      ['cve', 'P', []],
      ['cpe', 'linux_kernel', [{ max: '5.4.291' }]],
    ],
  );
});
