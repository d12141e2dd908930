import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, isOutdated, isPassword } from './password.ts';
import { problemOfPassword } from './password-rules.ts';

const ADA = { handle: 'ada-lovelace', name: 'Ada Lovelace', email: 'countess@example.org' };

test('a password is long, not a known one, not made of who one is, and nothing else', () => {
  for (const good of [
    'engines weave algebra',
    'zwölf Boxkämpfer jagen',
    'tr0ub4dor&3 and more',
    '山田太郎は今日も元気です。',
    ' leading and trailing ',
    'aAbBcCdDeE1!',
  ])
    assert.equal(problemOfPassword(good, ADA), null, good);
  const bad: [string, RegExp][] = [
    ['', /at least 12/],
    ['short one', /at least 12/],
    // Eleven people, though more bytes.
    ['👩‍🚀👩‍🚀', /at least 12/],
    ['x'.repeat(1025), /at most 1024/],
    ['ü'.repeat(513), /at most 1024/],
    ['ada-lovelace', /your handle/],
    ['Ada_Lovelace_1815', /your handle/],
    ['ecalevol-ada', /your handle/],
    ['adalovelaceadalovelace', /your handle/],
    ['countess@example.org', /your handle/],
    ['Password-1234', /first that anybody/],
    ['correct horse battery staple', /first that anybody/],
    ['aaaaaaaaaaaa', /too simple/],
    ['abababababab', /too simple/],
    ['abcdefghijklmn', /too simple/],
    ['109876543210', /too simple/],
  ];
  for (const [password, why] of bad) assert.match(problemOfPassword(password, ADA) ?? '', why, password);
});

test('what is stored opens for that password alone, however its characters were typed', async () => {
  const stored = await hashPassword('ångström engines');
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await isPassword(stored, 'ångström engines'), true);
  assert.equal(await isPassword(stored, 'a\u030angström engines'), true);
  assert.equal(await isPassword(stored, 'angstrom engines'), false);
  assert.equal(await isPassword('not a hash', 'ångström engines'), false);
  assert.notEqual(stored, await hashPassword('ångström engines'));
  assert.equal(isOutdated(stored), false);
  assert.equal(isOutdated(stored.replace('m=19456', 'm=4096')), true);
  assert.equal(isOutdated(stored.replace('argon2id', 'argon2i')), true);
});

test('where nothing is stored no password opens, not even the one that is hashed for nobody', async () => {
  assert.equal(await isPassword(null, 'whoever has no password'), false);
});
