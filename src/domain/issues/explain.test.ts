import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from './explain.ts';
import { group } from './grouping.ts';
import { bundle } from './grouping-samples.ts';

const FIVE = ['CVE-2017-3167', 'CVE-2017-3169', 'CVE-2017-7659', 'CVE-2017-7668', 'CVE-2017-7679'];
const FOUR = FIVE.filter((id) => id !== 'CVE-2017-7659');

test('sentences say how an issue opened and why each report belongs to it', () => {
  const partition = group([
    bundle('DSA-3896-1', 'DSA', '2017-06-22', 'apache2', FOUR),
    bundle('USN-3340-1', 'USN', '2017-06-26', 'apache2', FIVE),
    {
      ...bundle('GLSA-201710-32', 'GLSA', '2017-10-29', 'apache2', [...FIVE, 'CVE-2017-9789']),
      rollup: true,
    },
  ]);
  assert.deepEqual(explain(partition, 0), [
    'DSA-3896-1 opened it on 2017-06-22 with 4 CVEs.',
    'USN-3340-1 and DSA-3896-1 share 4 of 5 CVEs; 4 days after it opened it was the first to name CVE-2017-7659.',
    'GLSA-201710-32 and DSA-3896-1 share 4 of 5 CVEs; 1 more that it names is elsewhere.',
  ]);
  assert.deepEqual(explain(partition, 1), [
    'GLSA-201710-32 opened it on 2017-10-29 with 1 CVE, as a roll-up that nothing narrower preceded; 5 more that it names are elsewhere.',
  ]);
});

test('sentences say what was joined, and what people decided', () => {
  const joined = group([
    bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1']),
    bundle('B-1', 'b', '2017-01-02', 'x', ['CVE-2']),
    bundle('C-1', 'c', '2017-01-03', 'x', ['CVE-1', 'CVE-2']),
  ]);
  assert.deepEqual(explain(joined, 0).slice(1), [
    'B-1 names CVE-2, which C-1 shows to belong here.',
    'C-1 and A-1 share 1 of 2 CVEs.',
    'What A-1 and B-1 opened is one issue: C-1 covers more than half of each.',
  ]);
  const linked = group(
    [bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1']), bundle('B-1', 'b', '2017-09-02', 'x', [])],
    [
      {
        id: 3,
        kind: 'must',
        a: { product: 'x', vulnerability: 'CVE-1' },
        b: { product: 'x', vulnerability: 'B-1' },
      },
    ],
  );
  assert.deepEqual(explain(linked, 0), [
    'A-1 opened it on 2017-01-01 with 1 vulnerability.',
    'B-1 names B-1, which people put here (decision 3).',
    'People’s decision 3 joined atoms of this issue.',
  ]);
});

test('an issue that does not exist has no sentences', () => {
  assert.deepEqual(explain(group([]), 0), []);
});
