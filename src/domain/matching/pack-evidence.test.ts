import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { packEvidence, unpackEvidence } from './pack-evidence.ts';

const id = fc.constantFrom('CVE-2017-3731', 'CVE-2017-3732', 'DSA-3773-1', '__proto__');
const verdict = fc.constantFrom('affected' as const, 'not_affected' as const, 'unknown' as const);
const evidence = fc.record({
  reasons: fc.array(
    fc.array(
      fc.record({
        part: fc.constantFrom('name' as const, 'cpe' as const),
        points: fc.double({ noNaN: true }),
        why: fc.string(),
      }),
    ),
  ),
  verdicts: fc.array(
    fc.record({
      verdict,
      evidence: fc.array(fc.record({ vulnerability: id, verdict, why: fc.string() })),
      patched: fc.uniqueArray(id),
    }),
  ),
});

describe('packEvidence', () => {
  test('is told back as it was, over the way as text', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const text = JSON.stringify(packEvidence(given));
        assert.ok(!text.includes('\n'), 'one line, as it is sent');
        // JSON knows no negative zero.
        assert.deepEqual(unpackEvidence(JSON.parse(text)), JSON.parse(JSON.stringify(given)));
      }),
    );
  });
});
