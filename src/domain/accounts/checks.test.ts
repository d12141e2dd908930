import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isReserved, readEmail, readHandle, readLine, readName } from './checks.ts';

describe('a handle', () => {
  test('is what the database takes, from what people type', () => {
    for (const [typed, handle] of [
      ['ada', 'ada'],
      [' @Ada ', 'ada'],
      ['a', 'a'],
      ['0x41-b', '0x41-b'],
      ['a'.repeat(39), 'a'.repeat(39)],
    ])
      assert.equal(readHandle(typed ?? ''), handle);
  });

  test('has no letters that only look like ours, no signs of an address, and an end', () => {
    for (const typed of [
      '',
      '@',
      '@@ada',
      '-ada',
      'ada-',
      'a'.repeat(40),
      'a da',
      'ad\u0430',
      // The sign of the kelvin becomes a k in lower case.
      '\u212a',
      'ａｄａ',
      'a\u200bda',
      'ada\0',
      'ada\n',
      'a/b',
      '..',
      '%61da',
      'İ',
      '\ud800',
    ])
      assert.equal(
        typed.includes('\n') ? readHandle(`${typed}x`) : readHandle(typed),
        null,
        JSON.stringify(typed),
      );
  });

  test('is of one form whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (typed) => {
        const handle = readHandle(typed);
        if (handle === null) return;
        assert.match(handle, /^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?$/);
        assert.equal(readHandle(handle), handle);
      }),
    );
  });

  test('that would read as if the team spoke is reserved', () => {
    assert.ok(isReserved('admin') && isReserved('machine') && !isReserved('ada'));
  });
});

test('a name is one line that keeps its direction', () => {
  assert.equal(readName('  Ada   Lovelace '), 'Ada Lovelace');
  assert.equal(readName('Ádám  Würtz 山田'), 'Ádám Würtz 山田');
  assert.equal(readName('A\u030a'), 'Å');
  assert.equal(readName('a\nb'), 'a b');
  for (const bad of ['', '   ', 'x'.repeat(81), 'a\u202eb', 'a\u0000b', 'a\u2066b', '\ud800', 'a\u001bb'])
    assert.equal(readName(bad), null, JSON.stringify(bad));
  assert.equal(readName('👩‍🚀'.repeat(20))?.length, 100);
});

test('an address is one', () => {
  for (const good of ['ada@example.org', ' a.b+c@sub.example.org ', 'ü@bücher.example'])
    assert.equal(readEmail(good), good.trim());
  for (const bad of [
    '',
    'ada',
    'ada@',
    '@example.org',
    'ada@example',
    'a@b@c.org',
    'a b@example.org',
    'ada@example..org',
    'ada@.org',
    'ada@example.org\nBcc: x@example.org',
    'ada@example.org,eve@example.org',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'e'.repeat(260)}.org`,
    '"ada"@example.org',
  ])
    assert.equal(readEmail(bad), null, JSON.stringify(bad));
});

test('a line is one line', () => {
  assert.equal(readLine(' my\tphone ', 60), 'my phone');
  assert.equal(readLine('x'.repeat(61), 60), null);
  assert.equal(readLine('a\u202eb', 60), null);
});
