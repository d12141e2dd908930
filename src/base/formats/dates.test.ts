import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { momentOf, parseIsoDate } from './dates.ts';

test('the moment of a date is what the engine says of it, for days as for times', () => {
  const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(date, (each) => {
      const iso = each.toISOString();
      for (const text of [iso, iso.slice(0, 10), `${iso.slice(0, 19)}+02:00`, `${iso.slice(0, 19)}-05:30`]) {
        const parsed = parseIsoDate(text);
        assert.ok(parsed !== null, text);
        assert.equal(momentOf(parsed), Date.parse(parsed), text);
      }
    }),
  );
});
