import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { damage, fuzzTargets, numbersFrom, readDamaged } from './fuzz.ts';
import { sourceNamed } from './registry.ts';

/** Milliseconds of CPU for a document of some kilobytes: a hundred times what one takes, however slow the machine. */
const MOST = 1500;

describe('2,000 damaged copies of a document of each form are read or refused, and nothing else', () => {
  for (const { source, form, samples } of fuzzTargets()) {
    if (samples.length === 0) continue;
    test(`${source} ${form}`, () => {
      const random = numbersFrom(1);
      const total = { reports: 0, refused: 0 };
      for (let round = 0; round < 2000; round++) {
        const sample = samples[round % samples.length];
        assert.ok(sample !== undefined);
        const bytes = damage(sample.bytes, random);
        try {
          const { reports, refused, took } = readDamaged(sourceNamed(source), form, sample.path, bytes);
          total.reports += reports;
          total.refused += refused;
          assert.ok(took < MOST, `took ${took} ms`);
        } catch (error) {
          throw new Error(`round ${round}: ${error instanceof Error ? error.stack : error}`, {
            cause: error,
          });
        }
      }
      // Else the damage is too small, or too great, to have tried anything.
      assert.ok(total.refused > 100 && total.reports > 100, JSON.stringify(total));
    });
  }
});

test('the same seed makes the same damage', () => {
  const bytes = Buffer.from('{"a":[1,{"b":"c"}],"d":"e"}');
  const [one, two] = [numbersFrom(7), numbersFrom(7)];
  for (let round = 0; round < 50; round++) assert.ok(damage(bytes, one).equals(damage(bytes, two)));
});
