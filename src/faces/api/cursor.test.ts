import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { cursorOf, pageOf, placeOf } from './cursor.ts';

const PLACE = z.tuple([z.string(), z.int()]);

describe('a cursor', () => {
  test('leads back to where it was made, in letters that an address can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, number) => {
        const cursor = cursorOf([text, number]);
        assert.match(cursor, /^[\w-]+$/);
        assert.deepEqual(placeOf(cursor, PLACE), [text, number]);
      }),
    );
    assert.equal(placeOf(undefined, PLACE), null);
  });

  test('that is none of ours leads nowhere, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.throws(() => placeOf(text, PLACE), { code: 'USAGE' });
      }),
    );
    assert.throws(() => placeOf(cursorOf([1, 2]), PLACE), { code: 'USAGE' });
  });

  test('is there only where something follows', () => {
    const place = (value: number) => [value];
    assert.deepEqual(pageOf([1, 2, 3], 2, place), { items: [1, 2], next: cursorOf([2]) });
    assert.deepEqual(pageOf([1, 2], 2, place), { items: [1, 2], next: null });
    assert.deepEqual(pageOf([], 2, place), { items: [], next: null });
  });
});
