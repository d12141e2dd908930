import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unlikely } from './hold.ts';

const SOURCE = { maxRemovedShare: 0.02, usualPerWeek: [1, 40] } as const;

test('what is gone is held above the share that its source takes back, and a handful never is', () => {
  const held = (gone: number, of: number) => unlikely(SOURCE, { gone, of, now: of - gone, changed: 0 }, true);
  assert.deepEqual([held(0, 30), held(5, 30), held(6, 30)], [null, null, 'gone']);
  assert.deepEqual([held(20, 1000), held(21, 1000)], [null, 'gone']);
  assert.deepEqual([held(27, 30), held(20, 30)], ['few', 'gone'], '3 where 30 are usual; 10 are a third');
});

test('what changed is held where it is most of a file and more than a month brings, unless the parser is new', () => {
  const held = (changed: number, now: number, sameParser = true) =>
    unlikely(SOURCE, { gone: 0, of: now, now, changed }, sameParser);
  assert.deepEqual([held(199, 200), held(200, 200), held(200, 400)], [null, 'many', null]);
  assert.equal(held(200, 200, false), null);
  const busy = { ...SOURCE, usualPerWeek: [1, 400] } as const;
  assert.equal(unlikely(busy, { gone: 0, of: 300, now: 300, changed: 300 }, true), null, 'usual for it');
});
