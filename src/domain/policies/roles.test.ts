import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayClaim, mayDecide, mayDecideProposal, mayDismiss } from './editing.ts';
import { type Actor, atLeast, machine, ROLES, type Role, VISITOR } from './roles.ts';

const person = (role: Role, account = 1): Actor => ({ id: `person:${account}`, role, account });

test('each role may what the ones before it may', () => {
  for (const [higher, role] of ROLES.entries())
    for (const [lower, other] of ROLES.entries())
      assert.equal(atLeast({ role }, other), higher >= lower, `${role} at least ${other}`);
});

test('visitors change nothing, contributors propose, triagers decide', () => {
  assert.deepEqual(
    [VISITOR, person('contributor'), person('triager'), person('security'), person('admin')].map(mayDecide),
    ['refuse', 'propose', 'apply', 'apply', 'apply'],
  );
});

test('a dismissal waits for a second opinion where the team wants it, but not the machine’s', () => {
  const rules = { secondOpinion: true };
  assert.equal(mayDismiss(person('security'), rules), 'propose');
  assert.equal(mayDismiss(person('security'), { secondOpinion: false }), 'apply');
  assert.equal(mayDismiss(machine('rules'), rules), 'apply');
});

test('one’s own claim needs no rights; somebody else’s does', () => {
  const me = person('contributor', 1);
  assert.equal(mayClaim(me, { before: null, after: 'person:1' }), 'apply');
  assert.equal(mayClaim(me, { before: 'person:1', after: null }), 'apply');
  assert.equal(mayClaim(me, { before: 'person:2', after: 'person:1' }), 'propose');
  assert.equal(mayClaim(me, { before: null, after: 'person:2' }), 'propose');
  assert.equal(mayClaim(person('triager'), { before: 'person:2', after: null }), 'apply');
  assert.equal(mayClaim(VISITOR, { before: null, after: null }), 'refuse');
});

test('nobody is the second opinion on their own', () => {
  const own = { author: 'person:1', waitsFor: 'second_opinion' as const };
  assert.equal(mayDecideProposal(person('admin', 1), own), false);
  assert.equal(mayDecideProposal(person('triager', 2), own), true);
  assert.equal(mayDecideProposal(person('contributor', 2), own), false);
  assert.equal(mayDecideProposal(person('triager', 1), { ...own, waitsFor: 'decision' }), true);
});
