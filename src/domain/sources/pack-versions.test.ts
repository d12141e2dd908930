import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CopyRows } from '#base/db';
import { SCHEMES, type VersionStatement } from '#base/versions';
import { type PackedVersions, unpackVersions, writeVersions } from './pack-versions.ts';

function written(statement: VersionStatement): PackedVersions {
  const rows = new CopyRows();
  writeVersions(rows, statement);
  const field = rows.stretch(0, rows.at);
  assert.equal(field.readInt32BE(0), field.length - 4);
  return JSON.parse(field.toString('utf8', 4));
}

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
      assert.deepEqual(unpackVersions(written(given)), JSON.parse(JSON.stringify(given)));
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
  assert.deepEqual(written(statement), ['generic', 'unknown', ['1.0', [0, '2.0', 0]], []]);
});
