import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordChanges } from './record-changes.ts';
import type { RecordLook } from './record-looks.ts';

const look: RecordLook = { state: 'published', severity: 'medium', ranges: ['openssl before 1.0.2k'] };
const told = (was: Partial<RecordLook>, is: Partial<RecordLook>, mayBeHit = true) =>
  recordChanges({ 'CVE-1': { ...look, ...was } }, { 'CVE-1': { ...look, ...is } }, mayBeHit);

test('what a record says otherwise is told with what it said before', () => {
  assert.deepEqual(told({}, { severity: 'critical' }), ['CVE-1 is critical now, medium then']);
  assert.deepEqual(told({ severity: null }, { severity: 'high' }), ['CVE-1 is high now, unrated then']);
  assert.deepEqual(told({}, { ranges: ['openssl before 1.0.2m'] }), [
    'CVE-1 affects openssl before 1.0.2m now, openssl before 1.0.2k then',
  ]);
  assert.deepEqual(told({}, { ranges: ['libressl all', 'openssl before 1.0.2k'] }), [
    'CVE-1 affects libressl all now, openssl before 1.0.2k then',
  ]);
  assert.deepEqual(told({}, { ranges: [] }), [
    'CVE-1 affects no versions that it names now, openssl before 1.0.2k then',
  ]);
  assert.deepEqual(told({}, { state: 'rejected', severity: null, ranges: [] }), ['CVE-1 was rejected since']);
  assert.deepEqual(told({ state: 'reserved', severity: null, ranges: [] }, {}), [
    'CVE-1 is published now, reserved then',
    'CVE-1 is medium now, unrated then',
  ]);
});

test('what takes nothing back of a decision asks nobody', () => {
  assert.deepEqual(told({ severity: 'critical' }, { severity: 'low' }), []);
  assert.deepEqual(told({ severity: null }, { severity: 'low' }), []);
  assert.deepEqual(told({}, { ranges: ['openssl before 1.0.2m'] }, false), [], 'no version of ours is hit');
  assert.deepEqual(told({ state: 'rejected' }, { state: 'rejected', ranges: [] }), []);
  assert.deepEqual(recordChanges({}, { 'CVE-1': look }, true), [], 'that it came in is told otherwise');
  const any = fc.dictionary(
    fc.constantFrom('CVE-1', 'CVE-2'),
    fc.record<RecordLook>({
      state: fc.constantFrom('published', 'reserved', 'rejected'),
      severity: fc.constantFrom('none', 'low', 'medium', 'high', 'critical', null),
      ranges: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
    }),
  );
  fc.assert(
    fc.property(any, fc.boolean(), (same, hit) => assert.deepEqual(recordChanges(same, same, hit), [])),
  );
});
