import assert from 'node:assert/strict';
import { test } from 'node:test';
import { affectedBefore } from './fixes.ts';
import { judge } from './judge.ts';

test('each line is affected up to its own fix', () => {
  assert.deepEqual(affectedBefore(['2.4.2-r0', '2.2.8-r0', '2.3.5-r0', '2.3.5-r0'], 'apk'), [
    { max: '2.2.8-r0' },
    { min: '2.3', max: '2.3.5-r0' },
    { min: '2.4', max: '2.4.2-r0' },
  ]);
  assert.deepEqual(affectedBefore(['1.0.2k', '1.0.1u', '1.1.0d'], 'generic'), [
    { max: '1.0.1u' },
    { min: '1.0.2', max: '1.0.2k' },
    { min: '1.1.0', max: '1.1.0d' },
  ]);
});

test('of several fixes on a line a new upstream release counts before a patch, and the oldest of those', () => {
  assert.deepEqual(affectedBefore(['3.5.17-r2', '3.5.19-r0', '3.5.20-r0'], 'apk'), [{ max: '3.5.19-r0' }]);
  assert.deepEqual(affectedBefore(['7.4p1-9', '1:7.4p1-10+deb9u1'], 'deb').length, 1);
});

test('what cannot be read is left out', () => {
  assert.deepEqual(affectedBefore(['8d47fd5', '2017-03-03'], 'generic'), []);
  assert.deepEqual(affectedBefore([], 'deb'), []);
});

test('the ranges judge the versions of every line', () => {
  const affected = affectedBefore(['2.2.8-r0', '2.3.5-r0'], 'apk');
  const verdicts = ['2.1.10', '2.2.8', '2.2.9', '2.3.4', '2.3.5', '2.4.0'].map(
    (version) => judge(version, { scheme: 'apk', affected, unaffected: [], otherwise: 'unknown' }).verdict,
  );
  assert.deepEqual(verdicts, [
    'affected',
    'not_affected',
    'not_affected',
    'affected',
    'not_affected',
    'not_affected',
  ]);
});
