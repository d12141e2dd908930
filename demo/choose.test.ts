import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Announcement } from './announcement.ts';
import { choose, type Wish } from './choose.ts';

const WISH: Wish = {
  window: { from: '2017-04-01', to: '2017-07-15' },
  core: { from: '2017-06-01', to: '2017-07-15' },
  around: { from: '2016-01-01', to: '2018-01-31' },
  cases: ['CVE-2017-5341'],
};

function announcement(
  id: string,
  source: Announcement['source'],
  day: string,
  ...vulnerabilities: string[]
): Announcement {
  return { id, source, day, vulnerabilities };
}

const ALL = [
  announcement('DSA-3896-1', 'debian', '2017-06-22', 'CVE-2017-3167', 'CVE-2017-7668'),
  announcement('GLSA-201710-32', 'gentoo', '2017-10-29', 'CVE-2017-3167', 'CVE-2017-9798'),
  announcement('RHSA-2017:2478', 'redhat', '2017-08-15', 'CVE-2017-3167'),
  announcement('RHSA-2017:1574', 'redhat', '2017-06-22', 'CVE-2017-1000368'),
  announcement('DSA-3775-1', 'debian', '2017-01-29', 'CVE-2017-5341'),
  announcement('DLA-900-1', 'debian', '2017-04-17', 'CVE-2017-7500'),
  announcement('USN-3500-1', 'ubuntu', '2017-11-01', 'CVE-2017-7500'),
  announcement('DSA-4100-1', 'debian', '2018-02-14', 'CVE-2017-3167'),
];

describe('choosing', () => {
  const { advisories, vulnerabilities } = choose(ALL, WISH);

  test('takes every advisory of the window, and who was early or late in the core', () => {
    for (const id of ['DSA-3896-1', 'DLA-900-1', 'GLSA-201710-32', 'RHSA-2017:2478'])
      assert.ok(advisories.has(id), id);
  });

  test('takes a story from outside the window', () => {
    assert.ok(advisories.has('DSA-3775-1'));
    assert.ok(vulnerabilities.has('CVE-2017-5341'));
  });

  test('leaves what nobody else announced in the window, what is outside the core, and what is too late', () => {
    for (const id of ['RHSA-2017:1574', 'USN-3500-1', 'DSA-4100-1']) assert.ok(!advisories.has(id), id);
  });

  test('wants no record of what only a late roll-up names', () => {
    assert.ok(!vulnerabilities.has('CVE-2017-9798'));
    assert.ok(vulnerabilities.has('CVE-2017-7668'));
  });
});
