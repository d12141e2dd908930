import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordChanges } from './record-changes.ts';
import { type RecordLook, rangesLook } from './record-looks.ts';

type Saying = Omit<RecordLook, 'whole'>;
const looking = (saying: Saying): RecordLook => ({ ...saying, whole: saying.ranges.join() });
const base: Saying = { state: 'published', severity: 'medium', ranges: ['openssl before 1.0.2k'] };
const look = looking(base);
const told = (was: Partial<Saying>, is: Partial<Saying>, mayBeHit = true) =>
  recordChanges(
    { 'CVE-1': looking({ ...base, ...was }) },
    { 'CVE-1': looking({ ...base, ...is }) },
    mayBeHit,
  );

test('other versions are news however many a record tells of', () => {
  const kernel = (ninth: string): Pick<RecordLook, 'ranges' | 'whole'> =>
    rangesLook([
      {
        name: 'linux',
        versions: {
          affected: Array.from({ length: 10 }, (_, n) => ({
            ...{ min: `5.${n}`, max: n === 8 ? ninth : `5.${n}.200` },
          })),
          unaffected: [],
          otherwise: 'unaffected',
          scheme: 'generic',
        },
      },
    ]);
  const before = { ...look, ...kernel('5.8.100') };
  assert.deepEqual(
    recordChanges({ 'CVE-1': before }, { 'CVE-1': { ...look, ...kernel('5.8.100') } }, true),
    [],
  );
  assert.deepEqual(recordChanges({ 'CVE-1': before }, { 'CVE-1': { ...look, ...kernel('5.8.110') } }, true), [
    'CVE-1 affects other versions now than then, beyond those that are remembered in words',
  ]);
  const thirteen = (last: string) =>
    rangesLook(
      Array.from({ length: 13 }, (_, n) => ({
        name: `p${10 + n}`,
        versions: {
          affected: [{ max: n === 12 ? last : '2' }],
          unaffected: [],
          otherwise: 'unknown' as const,
          scheme: 'generic' as const,
        },
      })),
    );
  assert.deepEqual(thirteen('2').ranges, thirteen('3').ranges);
  assert.notEqual(thirteen('2').whole, thirteen('3').whole);
});

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
    fc
      .record<Saying>({
        state: fc.constantFrom('published', 'reserved', 'rejected'),
        severity: fc.constantFrom('none', 'low', 'medium', 'high', 'critical', null),
        ranges: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
      })
      .map(looking),
  );
  fc.assert(
    fc.property(any, fc.boolean(), (same, hit) => assert.deepEqual(recordChanges(same, same, hit), [])),
  );
});
