import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ageOf, counted, daysBetween, lasting } from './times.tsx';

const NOW = '2017-03-01T10:20:00Z';

describe('ageOf', () => {
  test('reads as one would say it', () => {
    const ages: [string, string][] = [
      ['2017-03-01T10:19:30Z', 'just now'],
      ['2017-03-01T10:08:00Z', '12 min ago'],
      ['2017-03-01T05:45:00Z', '4 h ago'],
      ['2017-02-23T10:00:00Z', '6 days ago'],
      ['2017-03-08T05:45:00Z', 'in 6 days'],
      ['2016-10-29T08:00:00Z', '4 months ago'],
      ['2014-09-24', '2 years ago'],
      ['2017-03-01', 'today'],
      ['2017-02-28', '1 day ago'],
      ['2017-03-02', 'in 1 day'],
    ];
    for (const [at, age] of ages) assert.equal(ageOf(at, NOW), age, at);
  });

  test('is null of what is no date', () => {
    assert.equal(ageOf('unknown', NOW), null);
    assert.equal(ageOf('2017-03-01', 'soon'), null);
  });
});

test('lasting never says 0', () => {
  assert.equal(lasting(0), '1 min');
  assert.equal(lasting(47 * 3_600_000), '47 h');
});

test('daysBetween counts calendar days', () => {
  assert.equal(daysBetween('2017-01-27T23:59:00Z', '2017-01-28T00:01:00Z'), 1);
  assert.equal(daysBetween('x', '2017-01-28'), null);
});

test('counted knows one and many', () => {
  assert.deepEqual([counted(1, 'patch', 'patches'), counted(2_914, 'report')], ['1 patch', '2,914 reports']);
});
