import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bundleIds } from './bundle.ts';
import { group } from './grouping.ts';
import { bundle } from './grouping-samples.ts';

describe('ids of bundles', () => {
  test('a report’s key where that is enough, with its source where two have the same', () => {
    assert.deepEqual(
      bundleIds([
        { source: 'debian', key: 'DSA-3896-1' },
        { source: 'debian', key: 'X 1' },
        { source: 'osv', key: 'X 1' },
        { source: 'osv', key: 'X_1' },
        { source: 'osv', key: 'my advisory' },
      ]),
      ['DSA-3896-1', 'debian:X%201', 'osv:X%201', 'osv:X_1', 'my_advisory'],
    );
  });

  test('law: unique, without white space, whatever the order', () => {
    const report = fc.record({
      source: fc.constantFrom('a', 'b'),
      key: fc
        .array(fc.constantFrom('x', ' ', '_', '%', '\t', '\u00a0'), { maxLength: 4 })
        .map((marks) => `K${marks.join('')}K`),
    });
    const reports = fc.uniqueArray(report, {
      selector: ({ source, key }) => `${source} ${key}`,
      maxLength: 20,
    });
    fc.assert(
      fc.property(reports, (given) => {
        const ids = bundleIds(given);
        assert.equal(new Set(ids).size, given.length);
        assert.ok(ids.every((id) => !/\s/.test(id)));
        assert.deepEqual(bundleIds([...given].reverse()).reverse(), ids);
      }),
    );
  });

  test('white space in a name is refused: keys of atoms hang on it', () => {
    for (const bad of [
      bundle('A 1', 'a', '2017-01-01', 'x', ['CVE-1']),
      bundle('A-1', 'a', '2017-01-01', 'x y', ['CVE-1']),
      bundle('A-1', 'a', '2017-01-01', 'x', ['CVE\t1']),
    ])
      assert.throws(() => group([bad]), { code: 'FILE_MALFORMED', message: /white space/ });
  });
});
