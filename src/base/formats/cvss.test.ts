import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ratingOf, scoreVector } from './cvss.ts';

// Scores as NVD and FIRST publish them.
const KNOWN: [string, string, number][] = [
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', '2.0', 10],
  ['(AV:N/AC:L/Au:N/C:P/I:P/A:P)', '2.0', 7.5],
  ['AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C', '2.0', 6.2],
  ['CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:L/A:N', '3.0', 4.2],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', '3.1', 10],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P', '3.1', 9.8],
  ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:N', '3.1', 0],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 9.3],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', '4.0', 10],
];

test('scores vectors of every version', () => {
  for (const [text, version, score] of KNOWN) {
    const found = scoreVector(text);
    assert.equal(found?.version, version, text);
    assert.equal(found?.score, score, text);
    assert.equal(found?.vector, text.replace(/[()]/g, ''));
  }
});

test('what is no vector is null', () => {
  const none = [
    '',
    'high',
    'CVSS:3.1',
    'CVSS:3.1/AV:N',
    'CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:Z',
    'AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N',
    'AttackVector:N/AC:L/Au:N/C:P/I:P/A:P',
    `${'AV:N/'.repeat(1000)}AC:L`,
  ];
  for (const text of none) assert.equal(scoreVector(text), null, text.slice(0, 60));
});

test('never throws, and scores lie between 0 and 10', () => {
  const metric = fc.constantFrom(
    'AV:N',
    'AC:L',
    'PR:H',
    'UI:R',
    'S:C',
    'C:H',
    'I:N',
    'A:L',
    'Au:S',
    'E:X',
    ':',
    'x:y',
    'AV',
  );
  const vector = fc
    .tuple(fc.constantFrom('', 'CVSS:3.0/', 'CVSS:3.1/', 'CVSS:4.0/'), fc.array(metric, { maxLength: 9 }))
    .map(([prefix, metrics]) => prefix + metrics.join('/'));
  fc.assert(
    fc.property(fc.oneof(vector, fc.string()), (text) => {
      const found = scoreVector(text);
      assert.ok(found === null || (found.score >= 0 && found.score <= 10));
    }),
  );
});

test('ratings begin where the specification says', () => {
  const at: [number, string][] = [
    [0, 'none'],
    [0.1, 'low'],
    [3.9, 'low'],
    [4, 'medium'],
    [6.9, 'medium'],
    [7, 'high'],
    [8.9, 'high'],
    [9, 'critical'],
    [10, 'critical'],
  ];
  for (const [score, rating] of at) assert.equal(ratingOf(score), rating, String(score));
});
