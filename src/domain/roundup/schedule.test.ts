import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { dueOpening, lastOpening, nextOpening, scheduleOf, weekOf, weeksAhead } from './schedule.ts';

const BERLIN = { weekday: 3, time: '06:45', zone: 'Europe/Berlin' };
const at = (text: string) => new Date(text);

describe('when rounds open', () => {
  test('06:45 of the team’s zone, before and after the clocks change', () => {
    assert.equal(nextOpening(BERLIN, at('2017-03-20T00:00:00Z')).toISOString(), '2017-03-22T05:45:00.000Z');
    assert.equal(nextOpening(BERLIN, at('2017-03-22T05:45:00Z')).toISOString(), '2017-03-29T04:45:00.000Z');
    assert.equal(lastOpening(BERLIN, at('2017-03-29T04:44:59Z')).toISOString(), '2017-03-22T05:45:00.000Z');
    assert.equal(nextOpening(BERLIN, at('2017-10-27T00:00:00Z')).toISOString(), '2017-11-01T05:45:00.000Z');
  });

  test('a time that the clocks pass over is as much later, one that they pass twice is the first', () => {
    const sunday = { weekday: 7, time: '02:30', zone: 'Europe/Berlin' };
    assert.equal(nextOpening(sunday, at('2017-03-25T00:00:00Z')).toISOString(), '2017-03-26T01:30:00.000Z');
    assert.equal(nextOpening(sunday, at('2017-10-28T00:00:00Z')).toISOString(), '2017-10-29T00:30:00.000Z');
  });

  test('the day is that of the zone, on whichever side of the day’s line', () => {
    const kiritimati = { weekday: 3, time: '06:45', zone: 'Pacific/Kiritimati' };
    const opened = nextOpening(kiritimati, at('2017-03-20T00:00:00Z'));
    assert.deepEqual(
      [opened.toISOString(), weekOf(kiritimati, opened)],
      ['2017-03-21T16:45:00.000Z', '2017-03-22'],
    );
    assert.deepEqual(weeksAhead(kiritimati, at('2017-03-20T00:00:00Z'), 3), [
      '2017-03-22',
      '2017-03-29',
      '2017-04-05',
    ]);
  });

  test('however many weeks were missed, one round is due; none twice', () => {
    const opened = at('2017-03-01T05:45:00Z');
    assert.equal(dueOpening(BERLIN, opened, at('2017-03-08T05:44:00Z')), null);
    assert.equal(
      dueOpening(BERLIN, opened, at('2017-04-20T00:00:00Z'))?.toISOString(),
      '2017-04-19T04:45:00.000Z',
    );
    assert.equal(dueOpening(BERLIN, at('2017-04-19T04:45:00Z'), at('2017-04-20T00:00:00Z')), null);
  });

  test('the last one is never later than now, the next one never earlier, and a week of the zone lies between', () => {
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'UTC',
      'Pacific/Apia',
    );
    const schedule = fc.record({
      weekday: fc.integer({ min: 1, max: 7 }),
      time: fc
        .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
        .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`),
      zone,
    });
    const moment = fc.date({ min: at('2015-01-01'), max: at('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(schedule, moment, (when, now) => {
        const [last, next] = [lastOpening(when, now), nextOpening(when, now)];
        assert.ok(last <= now && now < next);
        const days = Temporal.PlainDate.from(weekOf(when, last)).until(weekOf(when, next)).days;
        assert.equal(days, 7);
        assert.equal(Temporal.PlainDate.from(weekOf(when, last)).dayOfWeek, when.weekday);
        assert.deepEqual(lastOpening(when, last), last);
        assert.deepEqual(dueOpening(when, last, now), null);
      }),
      { numRuns: 500 },
    );
  });
});

test('the settings are read, and what is none is refused by name', () => {
  assert.deepEqual(scheduleOf({ roundupOpens: 'wednesday 06:45', timezone: 'Europe/Berlin' }), BERLIN);
  assert.equal(scheduleOf({ roundupOpens: 'never', timezone: 'Europe/Berlin' }), null);
  assert.throws(() => scheduleOf({ roundupOpens: 'someday 06:45', timezone: 'UTC' }), /roundupOpens/);
  assert.throws(() => scheduleOf({ roundupOpens: 'sunday 06:45', timezone: 'Europe/Atlantis' }), /timezone/);
});
