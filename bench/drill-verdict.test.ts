import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Attempt, type Entry, isClean, judge, type Standing } from './drill-verdict.ts';

const BOX = 'NSI-2017-0001/openssl/nixos-17.03';

function accepted(note: string, saw: number, version: number, box = BOX): Attempt {
  return { box, note, saw, answer: { outcome: 'accepted', version } };
}

function entry(id: number, note: string, was: number, box = BOX): Entry {
  return { id, box, note, was };
}

function standing(version: number, note: string): Map<string, Standing> {
  return new Map([[BOX, { version, note }]]);
}

const REFUSED: Attempt = {
  box: BOX,
  note: 'c',
  saw: 1,
  answer: { outcome: 'conflict', version: 2, theirs: 'b', yours: 'c' },
};

describe('the verdict of a drill', () => {
  test('is clean where two changes follow each other and a third is refused', () => {
    const verdict = judge(
      [accepted('a', 0, 1), accepted('b', 1, 2), REFUSED],
      [entry(1, 'a', 0), entry(2, 'b', 1)],
      standing(2, 'b'),
    );
    const zero = { lost: 0, duplicated: 0, unasked: 0, withoutAnswer: 0, astray: 0 };
    assert.deepEqual(verdict, { accepted: 2, refused: 1, ...zero });
    assert.ok(isClean(verdict));
  });

  test('counts what was acknowledged and is not in the history', () => {
    const verdict = judge([accepted('a', 0, 1), accepted('b', 1, 2)], [entry(1, 'a', 0)], standing(1, 'a'));
    assert.equal(verdict.lost, 1);
  });

  test('counts what somebody wrote over who had not seen it', () => {
    const attempts = [accepted('a', 0, 1), accepted('b', 0, 2)];
    assert.equal(judge(attempts, [entry(1, 'a', 0), entry(2, 'b', 1)], standing(2, 'b')).lost, 1);
    assert.equal(judge(attempts, [entry(1, 'a', 0), entry(2, 'b', 0)], standing(2, 'b')).lost, 1);
  });

  test('counts a change that was made twice', () => {
    const verdict = judge([accepted('a', 0, 2)], [entry(1, 'a', 0), entry(2, 'a', 1)], standing(2, 'a'));
    assert.equal(verdict.duplicated, 1);
    assert.equal(verdict.unasked, 1);
  });

  test('counts a box that holds something else than its last entry says', () => {
    assert.equal(judge([accepted('a', 0, 1)], [entry(1, 'a', 0)], new Map()).astray, 1);
    assert.equal(judge([accepted('a', 0, 1)], [entry(1, 'a', 0)], standing(1, 'b')).astray, 1);
    assert.equal(judge([], [], standing(1, 'b')).astray, 1);
  });

  test('counts a refusal without its reason, or with a wrong one', () => {
    const entries = [entry(1, 'a', 0), entry(2, 'b', 1)];
    const others = [accepted('a', 0, 1), accepted('b', 1, 2)];
    for (const answer of [
      { outcome: 'other', why: 'status 500' },
      { outcome: 'conflict', version: 1, theirs: 'a', yours: 'c' },
      { outcome: 'conflict', version: 3, theirs: 'b', yours: 'c' },
      { outcome: 'conflict', version: 2, theirs: 'a', yours: 'c' },
      { outcome: 'conflict', version: 2, theirs: 'b', yours: null },
    ] as const)
      assert.equal(
        judge([...others, { ...REFUSED, answer }], entries, standing(2, 'b')).withoutAnswer,
        1,
        JSON.stringify(answer),
      );
  });
});
