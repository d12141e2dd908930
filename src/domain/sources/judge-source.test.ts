import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ALARM_KINDS, alarmWords } from './alarm.ts';
import { judgeFiles, judgeRhythm, type SourceStanding } from './judge-source.ts';
import type { FileSeen } from './sync.ts';

const NOW = new Date('2017-07-01T12:00:00Z');
const RHYTHM = { expectEveryHours: 48, usualPerWeek: [30, 400] } as const;
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

const WELL: SourceStanding = {
  ...{ fetchedAt: hoursAgo(1), firstFetchedAt: hoursAgo(24 * 30), failures: 0, lastSuccess: hoursAgo(1) },
  ...{ newest: hoursAgo(47), changedAt: hoursAgo(1), storedInWeek: 30 },
};

function wrong(changes: Partial<SourceStanding>): string[] {
  return judgeRhythm(RHYTHM, { ...WELL, ...changes }, NOW).flatMap(({ kind, facts }) =>
    facts === null ? [] : [`${kind}: ${alarmWords(kind, facts)}`],
  );
}

describe('the rhythm of a source', () => {
  test('is well while its newest report is no older than its longest silence, and enough came in a week', () => {
    assert.deepEqual(wrong({}), []);
  });

  test('of one that was only ever read from a folder nothing is known', () => {
    assert.deepEqual(judgeRhythm(RHYTHM, { ...WELL, fetchedAt: null, newest: null }, NOW), []);
  });

  test('is silent by its newest report, whatever it answers; where reports bear no day, by when anything changed', () => {
    assert.deepEqual(wrong({ newest: hoursAgo(49) }), ['silent: silent since 2017-06-29']);
    assert.deepEqual(wrong({ newest: null }), []);
    assert.deepEqual(wrong({ newest: null, changedAt: hoursAgo(49) }), ['silent: silent since 2017-06-29']);
    assert.deepEqual(
      wrong({ newest: hoursAgo(-48), changedAt: hoursAgo(49) }),
      ['silent: silent since 2017-06-29'],
      'a day that has not come yet tells nothing',
    );
  });

  test('is off after two runs that failed', () => {
    assert.deepEqual(wrong({ failures: 1 }), []);
    assert.deepEqual(wrong({ failures: 2, lastSuccess: hoursAgo(24) }), [
      'off: does not answer since 2017-06-30 (2 runs)',
    ]);
  });

  test('brings few in a week once it is known for two, and not beside what is worse', () => {
    assert.deepEqual(wrong({ storedInWeek: 3 }), ['few: 3 where 30 are usual']);
    assert.deepEqual(wrong({ storedInWeek: 3, firstFetchedAt: hoursAgo(24 * 13) }), []);
    assert.deepEqual(wrong({ storedInWeek: 0, newest: hoursAgo(49) }).length, 1);
  });
});

describe('the files of a run', () => {
  const SEEN: FileSeen = { path: 'list', outcome: 'read', documents: 30, quarantined: 0, usual: 30 };
  const open = (changes: Partial<FileSeen>) =>
    judgeFiles([{ ...SEEN, ...changes }]).flatMap(({ kind, facts }) =>
      facts === null ? [] : [`${kind}: ${alarmWords(kind, facts)}`],
    );

  test('that are as ever raise nothing, and close whatever was raised of them', () => {
    const judged = judgeFiles([SEEN]);
    assert.ok(judged.every(({ facts }) => facts === null));
    const closed = new Set(judged.map(({ kind }) => kind));
    // Those of the rhythm and the shape are no matter of one file.
    assert.deepEqual(
      ALARM_KINDS.filter((kind) => !closed.has(kind)),
      ['off', 'silent', 'schema'],
    );
  });

  test('the same bytes say that they can be read, and nothing new else: what was raised stays as it is', () => {
    const readable = ['html', 'unreadable'].map((kind) => ({ kind, subject: 'list', facts: null }));
    for (const outcome of ['same', 'sound'] as const)
      assert.deepEqual(judgeFiles([{ ...SEEN, outcome }]), readable);
    assert.deepEqual(judgeFiles([{ ...SEEN, outcome: 'same', documents: 0 }]), [], 'refused, once more');
  });

  test('of one path are judged together: the worst, and of what was read the sum', () => {
    const openOf = (...files: Partial<FileSeen>[]) =>
      judgeFiles(files.map((changes) => ({ ...SEEN, usual: null, ...changes }))).flatMap(({ kind, facts }) =>
        facts === null ? [] : [`${kind}: ${alarmWords(kind, facts)}`],
      );
    assert.deepEqual(openOf({ documents: 14, quarantined: 6 }, { documents: 20 }), [
      'quarantine: 6 of 40 documents cannot be read',
    ]);
    assert.deepEqual(openOf({ documents: 14, quarantined: 6 }, { documents: 100 }), [], 'a twentieth of all');
    const refused = { outcome: 'refused', reason: 'html' } as const;
    for (const files of [[{ outcome: 'sound' }, refused, {}] as const, [refused, {}] as const])
      assert.deepEqual(openOf(...files), ['html: answers with a web page where data were due']);
  });

  test('that are refused, short, or in large part unreadable', () => {
    assert.deepEqual(open({ outcome: 'refused', reason: 'html' }), [
      'html: answers with a web page where data were due',
    ]);
    assert.deepEqual(open({ outcome: 'refused', reason: 'truncated' }), [
      'unreadable: cannot be read (truncated)',
    ]);
    assert.deepEqual(open({ documents: 3 }), ['few: 3 where 30 are usual']);
    assert.deepEqual(open({ documents: 10 }), [], 'a third');
    assert.deepEqual(open({ documents: 2, usual: 9 }), [], 'of so few nothing is usual');
    assert.deepEqual(open({ documents: 95, usual: 95, quarantined: 4 }), []);
    assert.deepEqual(open({ documents: 90, usual: 95, quarantined: 5 }), [
      'quarantine: 5 of 95 documents cannot be read',
    ]);
  });
});
