import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PackageHistory } from '#domain/matching';
import { without } from './exposure.ts';
import { issueExposure, type Said } from './issue-exposure.ts';

const nothing: Said = {
  opened: '2017-01-26',
  dismissed: false,
  notMeant: new Set(),
  decided: new Set(),
  statuses: [],
};
const hit: PackageHistory = {
  attr: 'openssl',
  periods: [
    { from: '2016-09-30', to: '2017-02-28', verdict: 'affected' },
    { from: '2017-02-28', to: null, verdict: 'not_affected' },
  ],
};
const doubtful: PackageHistory = {
  attr: 'libressl',
  periods: [{ from: '2017-02-05', to: null, verdict: 'unknown' }],
};
const status = (
  word: Said['statuses'][number]['word'],
  name: string,
  kind: 'attribute' | 'module' = 'attribute',
) => ({
  ...{ word, kind, package: name, channel: 'nixos-16.09', since: '2017-03-10' },
});

test('days count once, as hit before as doubtful', () => {
  assert.deepEqual(issueExposure([hit, doubtful], nothing, 'nixos-16.09'), {
    exposed: [{ from: '2017-01-26', to: '2017-02-28' }],
    unknown: [{ from: '2017-02-28', to: null }],
    hit: [],
    looked: false,
  });
});

test('what people dismissed is no exposure, and was looked at', () => {
  const all = { exposed: [], unknown: [], hit: [], looked: true };
  assert.deepEqual(issueExposure([hit, doubtful], { ...nothing, dismissed: true }, 'nixos-16.09'), all);
  const none = {
    ...nothing,
    notMeant: new Set(['openssl', 'libressl']),
    decided: new Set(['openssl', 'libressl']),
  };
  assert.deepEqual(issueExposure([hit, doubtful], none, 'nixos-16.09'), all);
});

test('a status of another channel says nothing here', () => {
  const said = { ...nothing, statuses: [{ ...status('not_affected', 'openssl'), channel: 'nixos-17.03' }] };
  assert.equal(issueExposure([hit], said, 'nixos-16.09').looked, false);
  assert.equal(issueExposure([hit], said, 'nixos-16.09').exposed.length, 1);
});

test('of what no package set has counts what people say', () => {
  const module = (word: 'affected' | 'fixed') =>
    issueExposure([], { ...nothing, statuses: [status(word, 'services.xserver', 'module')] }, 'nixos-16.09');
  assert.deepEqual(module('affected').exposed, [{ from: '2017-01-26', to: null }]);
  assert.deepEqual(module('affected').hit, ['services.xserver']);
  assert.deepEqual(module('fixed').exposed, [{ from: '2017-01-26', to: '2017-03-10' }]);
  // The matcher saw it, and it always looked safe.
  const fixed = { ...nothing, statuses: [status('fixed', 'openssl')] };
  assert.deepEqual(issueExposure([], fixed, 'nixos-16.09').exposed, []);
});

test('stretches without others', () => {
  const year = [{ from: '2017-01-01', to: null }];
  assert.deepEqual(without(year, [{ from: '2017-02-01', to: '2017-03-01' }]), [
    { from: '2017-01-01', to: '2017-02-01' },
    { from: '2017-03-01', to: null },
  ]);
  assert.deepEqual(without(year, [{ from: '2016-01-01', to: null }]), []);
  assert.deepEqual(without(year, [{ from: '2016-01-01', to: '2017-01-01' }]), year);
  assert.deepEqual(without([{ from: '2017-01-01', to: '2017-02-01' }], [{ from: '2017-02-01', to: null }]), [
    { from: '2017-01-01', to: '2017-02-01' },
  ]);
});
