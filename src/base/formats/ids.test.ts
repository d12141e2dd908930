import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseAdvisoryIds, parseId, parseIds, parseProvisionalId, placeholderIds } from './ids.ts';

describe('parseIds', () => {
  const cases: [string, string[]][] = [
    ['CVE-2017-3167', ['CVE-2017-3167']],
    ['cve-2017-3167, CAN-2004-1171', ['CVE-2017-3167', 'CVE-2004-1171']],
    ['CAN 2004-1171', ['CVE-2004-1171']],
    ['CVE\u00a02017\u20113167', ['CVE-2017-3167']],
    ['CVE-2017-3167 CVE-2017-3167', ['CVE-2017-3167']],
    ['(CVE-2017-1000366)', ['CVE-2017-1000366']],
    ['CVE-2023-XXXX', []],
    ['CVE-2017-123', []],
    ['CVE-1066-1234', []],
    ['CVE', []],
    ['xCVE-2017-3167', []],
    ['CVE-2017-3167a', []],
    ['GHSA-7rjr-3q55-vv33 fixes CVE-2021-44228', ['GHSA-7rjr-3q55-vv33', 'CVE-2021-44228']],
    ['ghsa-7RJR-3q55-vv33', ['GHSA-7rjr-3q55-vv33']],
  ];
  for (const [text, ids] of cases) test(JSON.stringify(text), () => assert.deepEqual(parseIds(text), ids));

  test('is its own fixed point: what it prints it reads again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1999, max: 2099 }),
        fc.integer({ min: 1, max: 99999999 }),
        (year, number) => {
          const id = `CVE-${year}-${String(number).padStart(4, '0')}`;
          assert.deepEqual(parseIds(`see ${id.toLowerCase()}; ${id}`), [id]);
          assert.equal(parseId(id), id);
        },
      ),
    );
  });
});

test('parseId takes one id and nothing else', () => {
  assert.equal(parseId(' CVE-2017-3167 '), 'CVE-2017-3167');
  assert.equal(parseId('CVE-2017-3167 CVE-2017-3168'), null);
  assert.equal(parseId('fixes CVE-2017-3167'), null);
});

test('placeholderIds finds what only stands for an id', () => {
  assert.deepEqual(placeholderIds('CVE-2023-XXXX and CVE-2009-NNN3, not CVE-2023-1234'), [
    'CVE-2023-XXXX',
    'CVE-2009-NNN3',
  ]);
});

test('parseAdvisoryIds knows who numbers how', () => {
  assert.deepEqual(
    parseAdvisoryIds(
      'https://www.debian.org/security/2017/dsa-3896-1 RHSA-2017-2478 https://security.gentoo.org/glsa/201710-32 usn-3340-1',
    ),
    [
      { source: 'debian', id: 'DSA-3896-1' },
      { source: 'redhat', id: 'RHSA-2017:2478' },
      { source: 'gentoo', id: 'GLSA-201710-32' },
      { source: 'ubuntu', id: 'USN-3340-1' },
    ],
  );
});

test('provisional ids are read for what they are, and nothing else is one', () => {
  const kinds = [
    'CVE-2017-XXXX',
    'can-2005-xxxx',
    'CVE-2009-NNN3',
    'TEMP-0628843-DBAD28',
    'UBUNTU-CVE-2017-3731',
  ];
  assert.deepEqual(
    kinds.map((text) => parseProvisionalId(text)),
    [
      { kind: 'placeholder', id: 'CVE-2017-XXXX', hash: null },
      { kind: 'placeholder', id: 'CVE-2005-XXXX', hash: null },
      { kind: 'placeholder', id: 'CVE-2009-NNN3', hash: null },
      { kind: 'temporary', id: 'TEMP-0628843-DBAD28', hash: 'DBAD28' },
      { kind: 'renamed', id: 'UBUNTU-CVE-2017-3731', of: 'CVE-2017-3731' },
    ],
  );
  for (const text of ['CVE-2017-3731', 'CVE-2017', 'TEMP-1', 'UBUNTU-CVE-2017-XXXX', 'XXXX', ''])
    assert.equal(parseProvisionalId(text), null, text);
});
