import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type AliasStatement, changedCanonicals, MAX_ALIASES, MAX_GROUP, uniteAliases } from './aliases.ts';

const GHSA = ['GHSA-2222-2222-2222', 'GHSA-3333-3333-3333', 'GHSA-4444-4444-4444'] as const;

function says(source: string, id: string, ...aliases: string[]): AliasStatement {
  return { source, id, aliases };
}

describe('uniteAliases', () => {
  test('ids of one flaw go by the lowest CVE id, else the GHSA, else the lowest of all', () => {
    const { canonical, groups } = uniteAliases([
      says('ghsa', GHSA[0], 'CVE-2017-10000'),
      says('osv', 'PYSEC-2017-1', GHSA[0]),
      says('ghsa', GHSA[1], 'RUSTSEC-2017-0001'),
      says('osv', 'GO-2017-2', 'GO-2017-1'),
    ]);
    assert.deepEqual(groups.get('CVE-2017-10000'), ['CVE-2017-10000', GHSA[0], 'PYSEC-2017-1']);
    assert.equal(canonical.get('PYSEC-2017-1'), 'CVE-2017-10000');
    assert.equal(canonical.get('RUSTSEC-2017-0001'), GHSA[1]);
    assert.equal(canonical.get('GO-2017-2'), 'GO-2017-1');
    assert.equal(canonical.has('CVE-2017-10000'), false, 'its own');
  });

  test('an advisory is never an alias of its CVEs', () => {
    const { canonical, refusals } = uniteAliases([
      says('osv', 'DSA-3896-1', 'CVE-2017-3167', 'CVE-2017-3169'),
    ]);
    assert.equal(canonical.size, 0);
    assert.deepEqual(
      refusals.map(({ why, sources }) => [why, sources]),
      [
        ['advisory', ['osv']],
        ['advisory', ['osv']],
      ],
    );
  });

  test('two CVE ids stay apart whatever third parties say; what most of them say of the third id holds', () => {
    const { canonical, refusals } = uniteAliases([
      says('ghsa', GHSA[0], 'CVE-2017-0001', 'CVE-2017-0002'),
      says('osv', GHSA[0], 'CVE-2017-0002'),
      says('osv', 'CVE-2017-0001', 'CVE-2017-0003'),
    ]);
    assert.equal(canonical.get(GHSA[0]), 'CVE-2017-0002');
    assert.equal(canonical.get('CVE-2017-0001'), undefined);
    assert.deepEqual(refusals, [
      { ids: ['CVE-2017-0001', 'CVE-2017-0003'], sources: ['osv'], why: 'two-cves' },
      { ids: ['CVE-2017-0001', GHSA[0]], sources: ['ghsa'], why: 'two-cves' },
    ]);
  });

  test('the CVE list itself may merge one of its ids into another; the rejected one is not canonical', () => {
    const merged: AliasStatement = {
      source: 'cve',
      id: 'CVE-2017-0001',
      aliases: ['CVE-2017-0002'],
      replaces: true,
    };
    const { canonical } = uniteAliases([merged], new Set(['CVE-2017-0001']));
    assert.deepEqual([...canonical], [['CVE-2017-0001', 'CVE-2017-0002']]);
  });

  test('a record that names too many is not believed, and no group passes its cap', () => {
    const many = Array.from({ length: MAX_ALIASES + 1 }, (_, n) => `GO-2017-${n}`);
    assert.equal(uniteAliases([says('osv', GHSA[0], ...many)]).canonical.size, 0);
    const chain = Array.from({ length: MAX_GROUP + 5 }, (_, n) =>
      says('osv', `GO-2017-${100 + n}`, `GO-2017-${101 + n}`),
    );
    const { groups, refusals } = uniteAliases(chain);
    assert.ok([...groups.values()].every((names) => names.length <= MAX_GROUP));
    assert.ok(refusals.every(({ why }) => why === 'too-many') && refusals.length > 0);
  });

  test('when a record takes its alias back, the group falls apart again', () => {
    const before = uniteAliases([says('ghsa', GHSA[0], 'CVE-2017-0001'), says('osv', 'GO-2017-1', GHSA[0])]);
    const after = uniteAliases([says('osv', 'GO-2017-1', GHSA[0])]);
    assert.deepEqual(changedCanonicals(before, after), [
      { id: GHSA[0], was: 'CVE-2017-0001', now: GHSA[0] },
      { id: 'GO-2017-1', was: 'CVE-2017-0001', now: GHSA[0] },
    ]);
  });
});

const anyId = fc.constantFrom(
  'CVE-2017-0001',
  'CVE-2017-0002',
  'CVE-2016-12345',
  ...GHSA,
  'GO-2017-1',
  'GO-2017-2',
  'PYSEC-2017-1',
  'DSA-3896-1',
);
const anyStatements = fc.array(
  fc.record({
    source: fc.constantFrom('ghsa', 'osv', 'cve'),
    id: anyId,
    aliases: fc.array(anyId, { maxLength: 7 }),
  }),
  { maxLength: 12 },
);

describe('laws', () => {
  test('the order of statements never tells', () => {
    fc.assert(
      fc.property(
        anyStatements.chain((given) =>
          fc.tuple(
            fc.constant(given),
            fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length }),
          ),
        ),
        ([given, shuffled]) => {
          const reversed = shuffled.map((each) => ({ ...each, aliases: [...each.aliases].reverse() }));
          assert.deepEqual(uniteAliases(reversed), uniteAliases(given));
        },
      ),
    );
  });

  test('a group holds one CVE id at most and no advisory, and its names lead to one canonical id', () => {
    fc.assert(
      fc.property(anyStatements, (statements) => {
        const { canonical, groups } = uniteAliases(statements);
        for (const [head, names] of groups) {
          assert.ok(names.filter((id) => id.startsWith('CVE-')).length <= 1);
          assert.ok(!names.includes('DSA-3896-1'));
          for (const id of names) assert.equal(canonical.get(id) ?? id, head);
        }
        for (const head of canonical.values()) assert.equal(canonical.has(head), false);
      }),
    );
  });

  test('of every alias that was stated, either the two are one or it is reported', () => {
    fc.assert(
      fc.property(anyStatements, (statements) => {
        const { canonical, refusals } = uniteAliases(statements);
        const refused = new Set(refusals.map(({ ids }) => [...ids].sort().join()));
        for (const { id, aliases } of statements) {
          for (const alias of aliases) {
            const one = (canonical.get(id) ?? id) === (canonical.get(alias) ?? alias);
            assert.ok(one || refused.has([id, alias].sort().join()), `${id} ${alias}`);
          }
        }
      }),
    );
  });
});
