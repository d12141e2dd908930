import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Actor, ROLES, type Role } from './roles.ts';
import { mayMakeRule } from './suppressing.ts';
import { mayComment, mayDecideIntake, mayEditComment, mayRedact } from './talking.ts';

const person = (role: Role, account = 1): Actor => ({ id: `person:${account}`, role, account });

test('everybody who is signed in may comment; what visitors sent is for triagers', () => {
  assert.deepEqual(
    ROLES.map((role) => mayComment(person(role))),
    ['refuse', 'apply', 'apply', 'apply', 'apply'],
  );
  assert.deepEqual(
    ROLES.map((role) => mayDecideIntake(person(role))),
    ['refuse', 'refuse', 'apply', 'apply', 'apply'],
  );
});

test('nobody rewords somebody else’s comment; security may take it back', () => {
  const theirs = { author: 'person:2', takenBack: false };
  assert.deepEqual(
    ROLES.map((role) => mayEditComment(person(role), theirs)),
    ROLES.map(() => 'refuse'),
  );
  assert.deepEqual(
    ROLES.map((role) => mayEditComment(person(role), { ...theirs, takenBack: true })),
    ['refuse', 'refuse', 'refuse', 'apply', 'apply'],
  );
  assert.equal(mayEditComment(person('contributor', 2), theirs), 'apply');
});

test('rules are made by security and proposed by others; only security redacts', () => {
  assert.deepEqual(
    ROLES.map((role) => mayMakeRule(person(role))),
    ['refuse', 'propose', 'propose', 'apply', 'apply'],
  );
  assert.deepEqual(
    ROLES.map((role) => mayRedact(person(role))),
    [false, false, false, true, true],
  );
});
