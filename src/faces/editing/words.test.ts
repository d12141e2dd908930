import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DISMISSALS, JUSTIFICATIONS, STATUSES } from '#domain/issues';
import { EDITABLES } from './kinds.ts';
import {
  DISMISSAL_WORDS,
  issueOfChange,
  JUSTIFICATION_WORDS,
  STATUS_WORDS,
  subjectWords,
  valueWords,
} from './words.ts';

test('there is a word for everything that can be chosen', () => {
  assert.deepEqual(Object.keys(STATUS_WORDS).sort(), [...STATUSES].sort());
  assert.deepEqual(Object.keys(JUSTIFICATION_WORDS).sort(), [...JUSTIFICATIONS].sort());
  assert.deepEqual(Object.keys(DISMISSAL_WORDS).sort(), [...DISMISSALS].sort());
});

test('changes read like sentences', () => {
  const box = { kind: 'status', id: 'NSI-2017-0043/openssl/nixos-17.03', field: 'value' };
  assert.equal(subjectWords(box), 'openssl in nixos-17.03');
  assert.equal(issueOfChange(box), 'NSI-2017-0043');
  assert.equal(valueWords(box, null), 'unknown');
  assert.equal(valueWords(box, undefined), 'no longer known');
  assert.equal(valueWords(box, { status: 'fixed', fixedIn: '1.0.2k' }), 'fixed in 1.0.2k');
  assert.equal(
    valueWords(box, { status: 'postponed', until: '2017-07-01', note: 'after the release' }),
    'postponed until 2017-07-01: after the release',
  );
  assert.equal(
    valueWords(box, { status: 'not_affected', justification: 'component_not_present' }),
    'not affected: the component is not present',
  );
  const claim = { kind: 'issue', field: 'claim' };
  const value = { person: 'person:3', until: '2017-03-08T12:00:00.000Z' };
  assert.equal(
    valueWords(claim, value, () => '@fpletz'),
    'claimed by @fpletz until 2017-03-08',
  );
  assert.equal(valueWords({ kind: 'issue', field: 'severity' }, null), 'as derived');
});

test('every field of every kind has a subject and words for nothing', () => {
  for (const [kind, { fields }] of EDITABLES)
    for (const field of Object.keys(fields)) {
      assert.notEqual(subjectWords({ kind, id: 'NSI-2017-0043/x/y', field }), '');
      assert.notEqual(valueWords({ kind, field }, null), '');
    }
});
