import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv } from './csv.ts';

test('quotes what needs it, and makes no formula of a text', () => {
  const text = csv(
    ['a', 'b', 'c'],
    [
      ['x,"y"\nz', 12, null],
      ['=1+1', -3, '-x'],
    ],
  );
  assert.equal(text, 'a,b,c\r\n"x,""y""\nz",12,\r\n\'=1+1,-3,\'-x\r\n');
});
