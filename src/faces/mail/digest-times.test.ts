import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestTimes } from './digest-times.ts';

const next = digestTimes({ digestAt: '07:00', timezone: 'Europe/Berlin' });

test('the daily mail goes at the next such time of the zone, also when the clocks change', () => {
  for (const [after, due] of [
    ['2017-06-22T04:59:59Z', '2017-06-22T05:00:00Z'],
    ['2017-06-22T05:00:00Z', '2017-06-23T05:00:00Z'],
    ['2017-06-22T22:30:00Z', '2017-06-23T05:00:00Z'],
    ['2017-10-28T12:00:00Z', '2017-10-29T06:00:00Z'],
    ['2017-03-25T12:00:00Z', '2017-03-26T05:00:00Z'],
  ] as const)
    assert.equal(next(new Date(after)).toISOString(), new Date(due).toISOString(), after);
});
