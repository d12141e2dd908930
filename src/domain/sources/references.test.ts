import assert from 'node:assert/strict';
import { test } from 'node:test';
import { citedAdvisory, linksOf, readReferences } from './references.ts';

test('finds the advisory of a distribution in a name or an address', () => {
  const cases: [string, string | null][] = [
    ['DSA-3896', 'DSA-3896-1'],
    ['http://www.debian.org/security/2017/dsa-3896', 'DSA-3896-1'],
    ['[debian-lts-announce] 20170629 [SECURITY] [DLA 1009-1] apache2 security update', 'DLA-1009-1'],
    ['USN-3340-1', 'USN-3340-1'],
    ['https://usn.ubuntu.com/3340-1/', 'USN-3340-1'],
    ['http://www.ubuntu.com/usn/USN-3340-1', 'USN-3340-1'],
    ['GLSA-201710-32', 'GLSA-201710-32'],
    ['https://security.gentoo.org/glsa/201710-32', 'GLSA-201710-32'],
    ['http://security.gentoo.org/glsa/glsa-201710-32.xml', 'GLSA-201710-32'],
    ['RHSA-2017:2478', 'RHSA-2017:2478'],
    ['https://access.redhat.com/errata/RHSA-2017:2478', 'RHSA-2017:2478'],
    ['http://rhn.redhat.com/errata/RHSA-2017-2478.html', 'RHSA-2017:2478'],
    ['openSUSE-SU-2017:1234', 'openSUSE-SU-2017:1234-1'],
    ['SUSE-SU-2017:1446-2', 'SUSE-SU-2017:1446-2'],
    ['FEDORA-2017-A1B2C3D4E5', 'FEDORA-2017-a1b2c3d4e5'],
    ['FEDORA-2015-3186', 'FEDORA-2015-3186'],
    ['https://www.example.org/usn', null],
    ['ADSA-12 and XRHSA-2017:24789012', null],
    ['', null],
  ];
  for (const [text, id] of cases) assert.equal(citedAdvisory(text), id, text);
});

test('a link is what its address or its tags make it', () => {
  const { links, cites } = linksOf([
    { url: 'http://www.debian.org/security/2017/dsa-3896', name: 'DSA-3896', tags: ['Third Party Advisory'] },
    { url: 'https://git.kernel.org/stable/c/97bc3683c24999ee621d847c9348c75d2fe86272' },
    { url: 'https://github.com/gin-gonic/gin/pull/2237', tags: ['Patch'] },
    { url: 'https://github.com/gin-gonic/gin/issues/2236' },
    { url: 'https://a.example/x', tags: ['issue-tracking'] },
    { url: 'https://b.example/poc', tags: ['Exploit', 'Third Party Advisory'] },
    { url: 'https://c.example/page', tags: ['vendor-advisory'] },
    { url: 'https://d.example/page', tags: null, name: null },
    { url: 'https://www.mozilla.org/en-US/security/advisories/mfsa2023-44/' },
  ]);
  assert.deepEqual(
    links.map(({ kind, id, note }) => [kind, id ?? note ?? '']),
    [
      ['advisory', 'DSA-3896-1'],
      ['patch', ''],
      ['web', 'tagged patch'],
      ['bug', ''],
      ['bug', ''],
      ['exploit', ''],
      ['advisory', ''],
      ['web', ''],
      ['advisory', ''],
    ],
  );
  assert.deepEqual(cites, ['DSA-3896-1']);
});

test('each address once, with the tags of all; what is no address, or only the record again, is left out', () => {
  const { links } = linksOf([
    { url: 'https://a.example/x' },
    { url: 'https://a.example/x', tags: ['exploit'] },
    { url: 'https://nvd.nist.gov/vuln/detail/CVE-2017-3167' },
    { url: 'javascript:alert(1)' },
    { url: 'https://a.example/"><script>' },
    { url: 'n/a' },
    { url: `https://a.example/${'x'.repeat(2000)}` },
  ]);
  assert.deepEqual(links, [{ url: 'https://a.example/x', kind: 'exploit' }]);
});

test('references are checked as they stand', () => {
  assert.throws(
    () => readReferences([{ url: 'a' }, { url: 1 }], 'refs'),
    /refs\[1\]\.url should be a string/,
  );
  assert.throws(() => readReferences([{}], 'refs'), /refs\[0\]\.url is missing/);
  assert.throws(
    () => readReferences([{ url: 'a', tags: 'Patch' }], 'refs'),
    /refs\[0\]\.tags should be a list/,
  );
  assert.throws(() => readReferences([7], 'refs'), /refs\[0\] should be an object/);
});
