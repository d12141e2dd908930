import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshnessOf } from './freshness.ts';
import type { SourceState } from './site.ts';

const SOURCE = { title: 'Debian', expectEveryHours: 48 };
const NOW = new Date('2017-03-10T00:00:00Z');
const READ = new Date('2017-03-09T23:00:00Z');

function state(changes: Partial<SourceState>): SourceState {
  return {
    source: 'debian',
    reports: 1,
    newest: READ,
    last_success: READ,
    last_error: null,
    quarantined: 0,
    alarms: 0,
    held: 0,
    ...changes,
  };
}

test('a source is fresh while its newest report is no older than its longest silence', () => {
  const fresh = { title: 'Debian', state: 'fresh', since: READ.toISOString() };
  assert.deepEqual(freshnessOf(SOURCE, state({}), NOW), fresh);
  assert.deepEqual(freshnessOf(SOURCE, state({ newest: new Date('2017-03-08T00:00:00Z') }), NOW), fresh);
  const late = new Date('2017-03-07T23:59:59Z');
  assert.deepEqual(freshnessOf(SOURCE, state({ newest: late }), NOW), {
    title: 'Debian',
    state: 'silent',
    since: late.toISOString(),
  });
});

test('reading it again and again does not make a silent source fresh', () => {
  const quiet = state({ newest: new Date('2017-01-01'), last_success: NOW });
  assert.equal(freshnessOf(SOURCE, quiet, NOW).state, 'silent');
});

test('one that cannot be read fails, since it was last read', () => {
  assert.deepEqual(freshnessOf(SOURCE, state({ last_error: 'no answer' }), NOW), {
    title: 'Debian',
    state: 'failing',
    since: READ.toISOString(),
  });
  assert.equal(freshnessOf(SOURCE, state({ last_error: 'x', last_success: null }), NOW).since, null);
});

test('one that was never read is never called fresh', () => {
  assert.equal(freshnessOf(SOURCE, undefined, NOW).state, 'never');
  assert.equal(freshnessOf(SOURCE, state({ newest: null, last_success: null }), NOW).state, 'never');
});

test('a report of the future does not keep a source fresh for ever', () => {
  const future = new Date('2099-01-01');
  assert.equal(freshnessOf(SOURCE, state({ newest: future }), NOW).state, 'fresh');
  assert.equal(
    freshnessOf(SOURCE, state({ newest: future, last_success: new Date('2017-01-01') }), NOW).state,
    'silent',
  );
});
