import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { bcubed } from './bcubed.ts';
import { bundleOf, type LabelledAdvisory, readLabelledAdvisories } from './labelled-advisories.ts';
import { scoreGrouping, scoreReleases } from './score-grouping.ts';

function close(actual: number, wanted: number): void {
  assert.ok(Math.abs(actual - wanted) < 1e-12, `${actual}, not ${wanted}`);
}

describe('bcubed', () => {
  test('a grouping that is the reference agrees wholly', () => {
    const groups = new Map([
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ]);
    assert.deepEqual(bcubed(groups, [['a', 'b'], ['c']]), { f1: 1, precision: 1, recall: 1, atoms: 3 });
  });

  test('by hand: everything in one group', () => {
    const groups = new Map([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
    const { precision, recall, f1 } = bcubed(groups, [['a', 'b'], ['c']]);
    close(precision, (2 / 3 + 2 / 3 + 1 / 3) / 3);
    close(recall, 1);
    close(f1, (2 * (5 / 9)) / (5 / 9 + 1));
  });

  test('by hand: bundles that overlap', () => {
    // a shares a bundle with b, b with a and c, c with b.
    const groups = new Map([
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ]);
    const { precision, recall } = bcubed(groups, [
      ['a', 'b'],
      ['b', 'c'],
    ]);
    close(precision, 1);
    close(recall, (2 / 2 + 2 / 3 + 1 / 2) / 3);
  });

  test('only what both know counts, unless the whole is asked for', () => {
    const groups = new Map([
      ['a', 1],
      ['b', 1],
      ['x', 1],
    ]);
    const bundles = [['a', 'b', 'y', 'z']];
    assert.deepEqual(bcubed(groups, bundles), { f1: 1, precision: 1, recall: 1, atoms: 2 });
    const { precision, recall } = bcubed(groups, bundles, { whole: true });
    close(precision, 2 / 3);
    close(recall, 2 / 4);
  });

  test('nothing in common is nought, not a division by nought', () => {
    assert.deepEqual(bcubed(new Map([['a', 1]]), [['b']]), { f1: 0, precision: 0, recall: 0, atoms: 0 });
  });
});

function advisory(id: string, date: string, product: string, ...cves: string[]): LabelledAdvisory {
  return { id, source: id.slice(0, id.indexOf('-')), date, dateIs: 'exact', products: [product], cves };
}

describe('scoreGrouping', () => {
  test('leaves each source out in turn; by hand', () => {
    const score = scoreGrouping([
      advisory('DSA-1-1', '2017-01-01', 'x', 'CVE-1', 'CVE-2'),
      advisory('USN-1-1', '2017-01-02', 'x', 'CVE-1'),
      advisory('USN-2-1', '2017-01-03', 'x', 'CVE-2'),
    ]);
    // DSA out: two issues of one, one bundle of two. USN out: one issue of two, two bundles of one.
    assert.deepEqual(score.bySource, {
      DSA: { f1: 2 / 3, precision: 1, recall: 0.5, atoms: 2 },
      USN: { f1: 2 / 3, precision: 0.5, recall: 1, atoms: 2 },
    });
    close(score.f1, 2 / 3);
    assert.equal(score.largest, 2);
  });

  test('needs two sources', () => {
    assert.throws(() => scoreGrouping([advisory('DSA-1-1', '2017-01-01', 'x', 'CVE-1')]), {
      code: 'FILE_MALFORMED',
    });
    assert.throws(() => scoreGrouping([]), { code: 'FILE_MALFORMED' });
  });
});

describe('scoreReleases', () => {
  test('compares what reports alone make with what upstream releases together; by hand', () => {
    const reports = [
      advisory('DSA-1-1', '2017-01-01', 'x', 'CVE-1', 'CVE-2'),
      advisory('DSA-2-1', '2017-06-01', 'x', 'CVE-3'),
    ];
    const release = (name: string, ...ids: string[]) => ({ product: 'x', name, cves: ids });
    const agreed = scoreReleases(reports, [
      release('1', 'CVE-1'),
      release('1', 'CVE-2'),
      release('2', 'CVE-3'),
    ]);
    assert.deepEqual(agreed, { f1: 1, precision: 1, recall: 1, atoms: 3 });
    const { precision, recall } = scoreReleases(reports, [
      release('1', 'CVE-1', 'CVE-3'),
      release('2', 'CVE-2'),
    ]);
    close(precision, (1 / 2 + 1 / 2 + 1) / 3);
    close(recall, (1 / 2 + 1 + 1 / 2) / 3);
  });
});

describe('labelled advisories', () => {
  test('names lose their white space: grouping has none in them', () => {
    const line = '{"id":"A 1","source":"A","date":"2017-01-01","products":["http server"],"cves":["CVE-1 "]}';
    const [read] = readLabelledAdvisories(line, 'x');
    assert.deepEqual([read?.id, read?.products, read?.cves], ['A_1', ['http_server'], ['CVE-1']]);
  });

  test('are read from lines; a bad one is named by its number', () => {
    const line = '{"id":"DSA-1-1","source":"DSA","date":"2017-01-01","products":["x"],"cves":["CVE-1"]}';
    assert.deepEqual(readLabelledAdvisories(`${line}\n\n`, 'f'), [
      advisory('DSA-1-1', '2017-01-01', 'x', 'CVE-1'),
    ]);
    for (const bad of [
      '{',
      '[]',
      '{"id":1}',
      line.replace('2017-01-01', 'soon'),
      line.replace('["x"]', '[1]'),
    ])
      assert.throws(() => readLabelledAdvisories(`${line}\n${bad}`, 'f'), {
        code: 'FILE_MALFORMED',
        message: /f, line 2/,
      });
  });

  test('one whose day is unknown is placed by its number within the year of its id', () => {
    const guessed = (id: string) =>
      bundleOf({ ...advisory(id, '2017-07-01', 'x'), dateIs: 'mid-year of the id' }).published;
    assert.equal(guessed('RHSA-2017:0001'), '2017-01-01');
    assert.equal(guessed('RHSA-2017:1750'), '2017-07-02');
    assert.equal(guessed('SUSE-SU-2017:9999'), '2017-12-31');
    assert.equal(guessed('FEDORA-2017-007efacd1c'), '2017-07-01');
    assert.equal(bundleOf(advisory('RHSA-2017:0001', '2017-07-01', 'x')).published, '2017-07-01');
  });
});

describe('the labelled advisories of 2016 and 2017', () => {
  const file = join(import.meta.dirname, '../../../../shared/data/grouping/advisories-2016-2017.jsonl.gz');
  const skip = existsSync(file) ? false : 'needs ../shared/data';
  const read = () => readLabelledAdvisories(gunzipSync(readFileSync(file)).toString('utf8'), file);

  test('are foretold with F1 0.82, and no issue is larger than 100', { skip }, () => {
    const score = scoreGrouping(read());
    assert.equal(score.advisories, 4738);
    assert.ok(score.f1 >= 0.82, `F1 ${score.f1}`);
    assert.ok(score.readings.advisory.f1 >= 0.8, `by advisory ${score.readings.advisory.f1}`);
    assert.ok(score.largest <= 100, `largest ${score.largest}`);
    for (const [source, { f1 }] of Object.entries(score.bySource)) assert.ok(f1 >= 0.75, `${source} ${f1}`);
  });

  test('are foretold in either year', { skip }, () => {
    for (const year of ['2016', '2017']) {
      const { f1 } = scoreGrouping(read().filter(({ date }) => date.startsWith(year)));
      assert.ok(f1 >= 0.82, `${year}: F1 ${f1}`);
    }
  });
});
