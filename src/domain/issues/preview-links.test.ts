import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { previewSplit } from './preview-links.ts';

const report = (key: string, names: string[]) => ({ source: 'debian', key, title: key, names });

test('reports go with what they name, stay with it, or are in both', () => {
  const part = {
    vulnerabilities: ['CVE-2017-0001', 'CVE-2017-0002', 'CVE-2017-0003'],
    reports: [
      report('DSA-1-1', ['CVE-2017-0001']),
      report('DSA-2-1', ['CVE-2017-0001', 'CVE-2017-0002']),
      report('DSA-3-1', ['CVE-2017-0003']),
      report('DSA-4-1', []),
    ],
  };
  const preview = previewSplit(part, ['CVE-2017-0001', 'CVE-1999-0001']);
  assert.deepEqual([preview?.goes, preview?.stays], [['CVE-2017-0001'], ['CVE-2017-0002', 'CVE-2017-0003']]);
  const keys = (side: 'goes' | 'stays' | 'both') => preview?.reports[side].map(({ key }) => key);
  assert.deepEqual(
    [keys('goes'), keys('stays'), keys('both')],
    [['DSA-1-1'], ['DSA-3-1', 'DSA-4-1'], ['DSA-2-1']],
  );
  assert.equal(previewSplit(part, part.vulnerabilities), null);
  assert.equal(previewSplit(part, []), null);
});

test('whatever is chosen, nothing is lost and nothing is on both sides but what speaks of both', () => {
  const name = fc.integer({ min: 1, max: 6 }).map((n) => `CVE-2017-000${n}`);
  const names = fc.uniqueArray(name, { minLength: 1 });
  fc.assert(
    fc.property(names, fc.array(names), fc.array(name), (vulnerabilities, named, chosen) => {
      const reports = named.map((each, n) =>
        report(
          `DSA-${n}`,
          each.filter((one) => vulnerabilities.includes(one)),
        ),
      );
      const preview = previewSplit({ vulnerabilities, reports }, chosen);
      if (preview === null) return;
      assert.deepEqual([...preview.goes, ...preview.stays].sort(), [...vulnerabilities].sort());
      const { goes, stays, both } = preview.reports;
      assert.equal(goes.length + stays.length + both.length, reports.length);
      for (const each of both) {
        assert.ok(each.names.some((one) => preview.goes.includes(one)));
        assert.ok(each.names.some((one) => preview.stays.includes(one)));
      }
    }),
  );
});
