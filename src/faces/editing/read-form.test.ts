import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseSeen, readForm, seenText } from './read-form.ts';

const filler = {
  actor: { id: 'person:3', role: 'triager' as const, account: 3 },
  now: new Date('2017-03-01T12:00:00Z'),
};
const BOX = 'status/NSI-2017-0043/openssl/nixos-17.03#value@12';
const read = (pairs: [string, string][]) => readForm(new URLSearchParams(pairs), filler);

describe('a form', () => {
  test('sets all that it names to what its inputs say', () => {
    const other = 'status/NSI-2017-0043/openssl_1_0_2/nixos-17.03#value@0';
    const { changes, problems } = read([
      ['at', BOX],
      ['at', other],
      ['status', 'fixed'],
      ['fixedIn', ' 1.0.2k '],
      ['justification', 'component_not_present'],
      ['until', '2017-07-01'],
      ['note', ''],
    ]);
    assert.deepEqual(problems, []);
    // What belongs to another state is not taken along.
    assert.deepEqual(
      changes.map(({ id, saw, value }) => [id, saw, value]),
      [
        ['NSI-2017-0043/openssl/nixos-17.03', 12, { status: 'fixed', fixedIn: '1.0.2k' }],
        ['NSI-2017-0043/openssl_1_0_2/nixos-17.03', 0, { status: 'fixed', fixedIn: '1.0.2k' }],
      ],
    );
  });

  test('says what is missing and what names nothing', () => {
    assert.match(read([['at', BOX]]).problems[0]?.why ?? '', /choose one of the states/);
    assert.match(
      read([
        ['at', 'nonsense'],
        ['status', 'fixed'],
      ]).problems[0]?.why ?? '',
      /names no field/,
    );
  });

  test('claims in one’s own name for a week, whatever it says', () => {
    const claim = (value: string) =>
      read([
        ['at', 'issue/NSI-2017-0043#claim@0'],
        ['value', value],
      ]).changes[0]?.value;
    assert.deepEqual(claim('me'), { person: 'person:3', until: '2017-03-08T12:00:00.000Z' });
    assert.equal(claim(''), null);
    assert.equal(claim('person:4'), null);
  });

  test('reads numbered groups each for itself, without what is left out', () => {
    const { changes } = read([
      ['0.at', BOX],
      ['0.status', 'affected'],
      ['1.at', 'issue/NSI-2017-0043#severity@7'],
      ['1.value', 'high'],
      ['2.at', 'issue/NSI-2017-0043#title@0'],
      ['2.value', 'x'],
      ['2.leave_out', 'yes'],
    ]);
    assert.deepEqual(
      changes.map(({ field, value }) => [field, value]),
      [
        ['value', { status: 'affected' }],
        ['severity', 'high'],
      ],
    );
  });

  test('a dismissal has its reason, and an empty field is what was derived', () => {
    const at = (field: string) => ['at', `issue/NSI-2017-0043#${field}@0`] as [string, string];
    assert.deepEqual(
      read([at('dismissed'), ['value', 'yes'], ['reason', 'disputed'], ['note', 'see the thread']]).changes[0]
        ?.value,
      { reason: 'disputed', note: 'see the thread' },
    );
    assert.equal(read([at('summary'), ['value', '  ']]).changes[0]?.value, null);
    assert.equal(read([at('emergency'), ['value', 'yes']]).changes[0]?.value, true);
  });
});

test('a field as it was seen is read as it was written, whatever a package is called', () => {
  fc.assert(
    fc.property(
      fc
        .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
        .filter((name) => !/[\p{Cc}\p{Cs}]/u.test(name)),
      fc.nat(),
      (name, saw) => {
        const seen = { kind: 'status', id: `NSI-2017-0043/${name}/nixos-17.03`, field: 'value', saw };
        assert.deepEqual(parseSeen(seenText(seen)), seen);
      },
    ),
  );
  assert.equal(parseSeen('status/a\u0000b#value@1'), null);
});
