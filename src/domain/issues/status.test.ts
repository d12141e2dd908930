import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barredStep, boxId, parseBoxId, STATUSES, statusSchema, TRANSITIONS } from './status.ts';

test('a word asks for what it needs and refuses what it cannot have', () => {
  const allowed = [
    { status: 'under_investigation' },
    { status: 'affected', note: 'seen' },
    { status: 'fix_pending', link: 'https://github.com/NixOS/nixpkgs/pull/1' },
    { status: 'wont_fix', note: 'end of life upstream' },
    { status: 'postponed', until: '2017-07-01' },
    { status: 'fixed', fixedIn: '1.0.2k' },
    { status: 'not_affected', justification: 'component_not_present' },
    { status: 'not_affected', note: 'built without it' },
  ];
  for (const value of allowed) assert.deepEqual(statusSchema.parse(value), value);
  const refused = [
    { status: 'wont_fix' },
    { status: 'postponed' },
    { status: 'postponed', until: '2017-02-30' },
    { status: 'not_affected' },
    { status: 'not_affected', justification: 'because' },
    { status: 'affected', until: '2017-07-01' },
    { status: 'fixed', link: 'javascript:alert(1)' },
    { status: 'vulnerable' },
    {},
    'fixed',
  ];
  for (const value of refused)
    assert.equal(statusSchema.safeParse(value).success, false, JSON.stringify(value));
});

test('what is fixed or not affected is looked at again before it becomes anything else', () => {
  assert.equal(
    barredStep('fixed', 'wont_fix'),
    'what is fixed cannot become wont_fix: first under_investigation or affected',
  );
  assert.equal(barredStep('not_affected', 'fixed') === null, false);
  assert.equal(barredStep('fixed', 'affected'), null);
  for (const word of STATUSES) assert.equal(barredStep(null, word), null);
  for (const word of STATUSES) assert.equal(barredStep(word, null) === null, false);
});

test('from every status there is a way to every other', () => {
  for (const from of STATUSES) {
    const reached = new Set([from]);
    for (const word of reached) for (const next of TRANSITIONS[word]) reached.add(next);
    assert.deepEqual([...reached].sort(), [...STATUSES].sort());
  }
});

test('a box has one id, whatever the package is called', () => {
  const box = { issue: 'NSI-2017-0043', package: 'services/odd.name', channel: 'nixos-17.03' };
  assert.deepEqual(parseBoxId(boxId(box)), box);
  assert.equal(parseBoxId('NSI-2017-0043/openssl'), null);
  assert.equal(parseBoxId('//'), null);
});
