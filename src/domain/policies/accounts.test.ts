import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayAdminister, mayAskRecovery, mayGrantRecovery, maySignUp } from './accounts.ts';
import { type Actor, ROLES, type Role } from './roles.ts';
import { roleByToken, scopesFor } from './scopes.ts';

const person = (role: Role, account = 1): Actor => ({ id: `person:${account}`, role, account });

test('who may make an account for themselves is the team’s choice', () => {
  const cases: [Parameters<typeof maySignUp>[0], boolean, boolean][] = [
    ['open', false, true],
    ['open', true, true],
    ['invite', false, false],
    ['invite', true, true],
    ['closed', false, false],
    ['closed', true, false],
  ];
  for (const [mode, invited, may] of cases)
    assert.equal(maySignUp(mode, { invited }), may, `${mode} ${invited}`);
});

test('only admins look after accounts', () => {
  assert.deepEqual(
    ROLES.map((role) => mayAdminister(person(role))),
    [false, false, false, false, true],
  );
});

test('a way into an account takes two admins, neither of them its owner', () => {
  assert.equal(mayAskRecovery(person('admin', 1), { id: 2 }), true);
  assert.equal(mayAskRecovery(person('admin', 1), { id: 1 }), false);
  assert.equal(mayAskRecovery(person('security', 1), { id: 2 }), false);
  const asked = { askedBy: 'person:1', account: 2 };
  assert.equal(mayGrantRecovery(person('admin', 3), asked), true);
  assert.equal(mayGrantRecovery(person('admin', 1), asked), false, 'who asked');
  assert.equal(mayGrantRecovery(person('admin', 2), asked), false, 'whose account it is');
  assert.equal(mayGrantRecovery(person('security', 3), asked), false);
});

test('a token changes no more than its scopes say, and never more than its account may', () => {
  const cases: [Role, Parameters<typeof roleByToken>[1], reads: Role | null, changes: Role | null][] = [
    ['admin', ['read'], 'security', null],
    ['admin', ['propose'], 'security', 'contributor'],
    ['admin', ['write'], 'security', 'security'],
    ['admin', ['admin'], 'admin', 'admin'],
    ['admin', ['read', 'admin'], 'admin', 'admin'],
    ['triager', ['read'], 'triager', null],
    ['triager', ['propose', 'read'], 'triager', 'contributor'],
    ['triager', ['write'], 'triager', 'triager'],
    ['contributor', ['admin'], 'contributor', 'contributor'],
    ['contributor', ['write'], 'contributor', 'contributor'],
    ['admin', [], null, null],
  ];
  for (const [role, scopes, reads, changes] of cases) {
    assert.equal(roleByToken({ role }, scopes, { changes: false }), reads, `${role} ${scopes} reads`);
    assert.equal(roleByToken({ role }, scopes, { changes: true }), changes, `${role} ${scopes} changes`);
  }
});

test('a token is offered the scopes that its owner can use', () => {
  assert.deepEqual(
    ROLES.map((role) => scopesFor({ role }).length),
    [0, 2, 3, 3, 4],
  );
});
