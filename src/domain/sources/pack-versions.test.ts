import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SCHEMES } from '#base/versions';
import { packVersions, unpackVersions } from './pack-versions.ts';

const version = fc.string({ minLength: 1, maxLength: 8 });
const range = fc.oneof(
  version.map((exact) => ({ min: exact, max: exact, maxInclusive: true })),
  fc.record({ min: version, max: version }, { requiredKeys: [] }),
  fc.record(
    { min: version, minInclusive: fc.constant(false), max: version, maxInclusive: fc.constant(true) },
    { requiredKeys: ['minInclusive'] },
  ),
);

test('what was packed comes back as it was', () => {
  const statement = fc.record({
    scheme: fc.constantFrom(...SCHEMES),
    affected: fc.array(range),
    unaffected: fc.array(range),
    otherwise: fc.constantFrom('affected' as const, 'unaffected' as const, 'unknown' as const),
  });
  fc.assert(
    fc.property(statement, (given) => {
      const stored = JSON.parse(JSON.stringify(packVersions(given)));
      assert.deepEqual(unpackVersions(stored), JSON.parse(JSON.stringify(given)));
    }),
  );
});

test('an exact version is one string', () => {
  const statement = {
    scheme: 'generic' as const,
    affected: [{ min: '1.0', max: '1.0', maxInclusive: true }, { max: '2.0' }],
    unaffected: [],
    otherwise: 'unknown' as const,
  };
  assert.deepEqual(packVersions(statement), ['generic', 'unknown', ['1.0', [0, '2.0', 0]], []]);
});
