import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keep } from './keep.ts';

/** A reading that a test answers by hand, at a time that it sets by hand. */
function reading() {
  const state = { now: 0, reads: 0, answers: [] as ((value: number | Error) => void)[] };
  const read = () =>
    new Promise<number>((resolve, reject) => {
      state.reads += 1;
      state.answers.push((value) => (value instanceof Error ? reject(value) : resolve(value)));
    });
  const kept = keep(read, 1000, () => state.now);
  return { state, kept };
}

describe('what is kept', () => {
  test('is read once for all who ask at once, and given again while it is young', async () => {
    const { state, kept } = reading();
    const all = Promise.all([kept(), kept(), kept()]);
    state.answers[0]?.(1);
    assert.deepEqual(await all, [1, 1, 1]);
    state.now = 999;
    assert.equal(await kept(), 1);
    assert.equal(state.reads, 1);
  });

  test('is given at once when it is older, while a new reading is under way', async () => {
    const { state, kept } = reading();
    const first = kept();
    state.answers[0]?.(1);
    await first;
    state.now = 1000;
    assert.equal(await kept(), 1);
    assert.equal(await kept(), 1);
    assert.equal(state.reads, 2);
    state.answers[1]?.(2);
    await new Promise(setImmediate);
    assert.equal(await kept(), 2);
  });

  test('is waited for when it is much older', async () => {
    const { state, kept } = reading();
    const first = kept();
    state.answers[0]?.(1);
    await first;
    state.now = 10_000;
    const second = kept();
    state.answers[1]?.(2);
    assert.equal(await second, 2);
  });

  test('an error reaches whoever waits, and the next one tries again', async () => {
    const { state, kept } = reading();
    const first = kept();
    state.answers[0]?.(new Error('gone'));
    await assert.rejects(first, /gone/);
    const second = kept();
    state.answers[1]?.(2);
    assert.equal(await second, 2);
    state.now = 1000;
    assert.equal(await kept(), 2);
    state.answers[2]?.(new Error('gone again'));
    await new Promise(setImmediate);
    assert.equal(await kept(), 2);
  });

  test('with no time to keep it, it is read every time', async () => {
    let reads = 0;
    const kept = keep(
      async () => ++reads,
      0,
      () => 0,
    );
    assert.deepEqual([await kept(), await kept()], [1, 2]);
  });
});
