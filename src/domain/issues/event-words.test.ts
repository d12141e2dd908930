import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventWords } from './event-words.ts';

const nameOf = (actor: string) => (actor === 'person:1' ? '@ada' : 'Muster');

function words(
  type: string,
  payload: Record<string, unknown> | null,
  entity = 'issue',
  entityId = 'NSI-2017-0001',
) {
  const event = {
    id: 1,
    at: new Date(0),
    entity,
    entityId,
    type,
    actor: 'person:1',
    cause: 'edit',
    payload,
    redactedAt: null,
  };
  return eventWords(event, nameOf);
}

test('an entry is told in words of ours, whatever it holds', () => {
  const box = 'NSI-2017-0001/openssl/nixos-17.03';
  const set = (kind: string, field: string, value: unknown, id = 'NSI-2017-0001', was = 0) => ({
    kind,
    field,
    value,
    id,
    was,
  });
  const cases: [string, string][] = [
    [
      words('status.set', set('status', 'value', { status: 'fix_pending', note: 'x' }, box)),
      'NSI-2017-0001: openssl in nixos-17.03 is fix pending (@ada)',
    ],
    [
      words('status.set', set('status', 'value', null, box)),
      'NSI-2017-0001: openssl in nixos-17.03 is unknown (@ada)',
    ],
    [
      words('comment.body.set', set('comment', 'body', 'x', `NSI-2017-0001/1`)),
      '@ada commented on NSI-2017-0001',
    ],
    [
      words('comment.body.set', set('comment', 'body', null, `NSI-2017-0001/1`, 7)),
      '@ada took a comment back on NSI-2017-0001',
    ],
    [
      words('package.set', set('package', 'value', 'attribute', 'NSI-2017-0001/curl')),
      '@ada listed curl under NSI-2017-0001',
    ],
    [
      words('package.set', set('package', 'value', null, 'NSI-2017-0001/curl')),
      '@ada took curl off NSI-2017-0001',
    ],
    [
      words('suggestion.made', set('suggestion', 'made', undefined, 'NSI-2017-0001/curl')),
      'NSI-2017-0001 may hit curl',
    ],
    [
      words(
        'suggestion.decision.set',
        set('suggestion', 'decision', { decision: 'dismissed' }, 'NSI-2017-0001/curl'),
      ),
      '@ada dismissed curl for NSI-2017-0001',
    ],
    [
      words('issue.help_wanted.set', set('issue', 'help_wanted', true)),
      '@ada set the help wanted of NSI-2017-0001',
    ],
    [words('issue.merged', { into: 'NSI-2017-0002' }), 'NSI-2017-0001 is part of NSI-2017-0002 now'],
    [words('issue.split_off', { to: 'NSI-2017-0003' }), 'NSI-2017-0003 was split off from NSI-2017-0001'],
    [words('roundup.closed', {}, 'roundup', '31'), '@ada: roundup closed, roundup 31'],
    [words('status.set', null), '@ada: status set, issue NSI-2017-0001'],
  ];
  for (const [told, expected] of cases) assert.equal(told, expected);
});
