import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { judge, type Verdict } from '#base/versions';
import { changedSince, type DecidedOn, decisionSchema, statusShown } from './decision.ts';
import { suppressedBy } from './rule.ts';
import { type UrgencyFacts, urgencyOf } from './urgency.ts';

const verdict = fc.constantFrom<Verdict>('affected', 'unknown', 'not_affected');
const look = fc.record({
  vulnerabilities: fc.uniqueArray(fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3')),
  verdicts: fc.dictionary(fc.constantFrom('a', 'b', 'c'), verdict, { noNullPrototype: true }),
});

describe('asking again', () => {
  const before: DecidedOn = { vulnerabilities: ['CVE-1'], verdicts: { a: 'unknown', b: 'not_affected' } };

  test('for a new vulnerability, a worse verdict, and a new channel that may be hit', () => {
    assert.deepEqual(changedSince(before, { ...before, vulnerabilities: ['CVE-1', 'CVE-2'] }), [
      'CVE-2 came in since',
    ]);
    assert.deepEqual(
      changedSince(before, { ...before, verdicts: { a: 'affected', b: 'unknown', c: 'affected' } }),
      ['affected in a now, unknown then', 'unknown in b now, not affected then', 'affected in c now'],
    );
  });

  test('never where nothing got worse', () => {
    assert.deepEqual(
      changedSince(before, { vulnerabilities: [], verdicts: { a: 'not_affected', c: 'not_affected' } }),
      [],
    );
    fc.assert(fc.property(look, (same) => assert.deepEqual(changedSince(same, same), [])));
    fc.assert(
      fc.property(look, look, (one, other) => {
        const worse = changedSince(one, other).length > 0;
        const cleared = {
          ...other,
          verdicts: Object.fromEntries(Object.keys(other.verdicts).map((c) => [c, 'not_affected' as const])),
        };
        if (!worse)
          assert.deepEqual(changedSince(one, { ...cleared, vulnerabilities: one.vulnerabilities }), []);
      }),
    );
  });
});

describe('the status that accepting gives', () => {
  const shown = (version: string, max: string, min?: string) => {
    const judged = judge(version, {
      scheme: 'generic',
      affected: [{ max, ...(min === undefined ? {} : { min }) }],
      unaffected: [],
      otherwise: 'unaffected',
    });
    const evidence = [{ vulnerability: 'CVE-1', verdict: judged.verdict, why: judged.reason }];
    return { verdict: judged.verdict, evidence, patched: [] };
  };

  test('by the words in which versions are judged: hit, fixed, or never there', () => {
    assert.deepEqual(statusShown(shown('1.0.2j', '1.0.2k')), {
      status: 'affected',
      note: 'CVE-1: 1.0.2j < 1.0.2k, generic order',
    });
    assert.deepEqual(statusShown(shown('1.0.2k', '1.0.2k')), {
      status: 'fixed',
      note: 'CVE-1: 1.0.2k ≥ 1.0.2k, where the affected versions end, generic order',
    });
    const never = statusShown(shown('0.9', '1.0.2k', '1.0')) as { status: string; note: string };
    assert.equal(never.status, 'not_affected');
    assert.match(never.note, /where the affected versions begin/);
  });

  test('fixed by a patch, but only where all of it is', () => {
    const patched = {
      vulnerability: 'CVE-1',
      verdict: 'not_affected' as const,
      why: 'the package applies CVE-1.patch',
    };
    const never = {
      vulnerability: 'CVE-2',
      verdict: 'not_affected' as const,
      why: '0.9 < 1.0, where the affected versions begin',
    };
    const of = (...evidence: (typeof never)[]) =>
      (statusShown({ verdict: 'not_affected', evidence, patched: ['CVE-1'] }) as { status: string }).status;
    assert.equal(of(patched), 'fixed');
    assert.equal(of(patched, never), 'not_affected');
  });

  test('what nobody can say is under investigation, whatever the evidence', () => {
    assert.deepEqual(statusShown({ verdict: 'unknown', evidence: [], patched: [] }), {
      status: 'under_investigation',
      note: 'as the matcher says',
    });
  });

  test('a dismissal for another reason needs words', () => {
    assert.equal(decisionSchema.safeParse({ decision: 'dismissed', reason: 'other' }).success, false);
    assert.equal(
      decisionSchema.safeParse({ decision: 'dismissed', reason: 'other', note: 'x' }).success,
      true,
    );
    assert.equal(decisionSchema.safeParse({ decision: 'dismissed', reason: 'patched' }).success, true);
    assert.equal(decisionSchema.safeParse({ decision: 'dismissed', reason: 'boring' }).success, false);
  });
});

describe('a rule', () => {
  const base = { attr: 'flex', product: 'flex', vendor: 'apache', reason: 'wrong_product' as const };
  const names = {
    products: ['flex'],
    named: [{ ecosystem: 'cpe' as const, vendor: 'apache', name: 'flex' }],
  };
  const cells = (...list: [string, string, Verdict][]) => ({
    attr: 'flex',
    channels: list.map(([channel, version, each]) => ({ channel, version, verdict: each })),
  });
  const hit = cells(['nixos-17.03', '2.6.3', 'affected'], ['nixos-16.09', '2.6.1', 'not_affected']);
  const by = (value: object, suggestion = hit, called: Parameters<typeof suppressedBy>[2] = names) =>
    suppressedBy([{ id: 12, value: { ...base, ...value } }], suggestion, called)?.id ?? null;

  test('suppresses that vendor’s product under that attribute, and nothing else', () => {
    assert.equal(by({}), 12);
    assert.equal(by({ attr: 'bison' }), null);
    assert.equal(by({ vendor: 'westes' }), null);
    assert.equal(by({ product: 'flex_sdk' }), null);
    assert.equal(by({ vendor: 'Apache', product: 'Flex' }), 12, 'whatever the case');
  });

  test('not where records name another vendor as well, and NVD’s names count before those of records', () => {
    const two = {
      ...names,
      named: [...names.named, { ecosystem: 'cpe' as const, vendor: 'westes', name: 'flex' }],
    };
    assert.equal(by({}, hit, two), null);
    const cve = {
      ...names,
      named: [
        ...names.named,
        { ecosystem: 'cve' as const, vendor: 'apache software foundation', name: 'apache flex' },
      ],
    };
    assert.equal(by({}, hit, cve), 12);
    assert.equal(by({}, hit, { products: ['flex'], named: [] }), null, 'no record names a vendor');
    const { vendor: _vendor, ...bare } = base;
    assert.equal(suppressedBy([{ id: 1, value: bare }], hit, { products: ['flex'], named: [] })?.id, 1);
  });

  test('only where it covers every channel that may be hit', () => {
    const both = cells(['nixos-17.03', '2.6.3', 'affected'], ['nixos-16.09', '2.6.1', 'unknown']);
    assert.equal(by({ channel: 'nixos-17.03' }), 12);
    assert.equal(by({ channel: 'nixos-17.03' }, both), null);
    assert.equal(by({ versions: [{ min: '2.6.2' }] }), 12);
    assert.equal(by({ versions: [{ min: '2.6.2' }] }, both), null);
    assert.equal(
      by({ versions: [{ max: '2.6.2' }, { min: '2.6.3', max: '2.6.3', maxInclusive: true }] }, both),
      12,
    );
    assert.equal(
      by({}, cells(['nixos-17.03', '2.6.3', 'not_affected'])),
      null,
      'there is nothing to suppress',
    );
  });

  test('several together may cover it; the first one is named', () => {
    const both = cells(['nixos-17.03', '2.6.3', 'affected'], ['nixos-16.09', '2.6.1', 'unknown']);
    const rules = [
      { id: 3, value: { ...base, channel: 'nixos-16.09' } },
      { id: 7, value: { ...base, channel: 'nixos-17.03' } },
    ];
    assert.equal(suppressedBy(rules, both, names)?.id, 7);
    assert.equal(suppressedBy(rules.slice(0, 1), both, names), null);
  });
});

describe('urgency', () => {
  const facts: UrgencyFacts = {
    emergency: false,
    severity: 'high',
    exploitation: null,
    score: 0.8,
    channels: [{ channel: 'nixos-17.03', verdict: 'affected', lifecycle: 'supported' }],
    again: [],
  };

  test('is the sum of its parts, each with its reason', () => {
    const { urgency, parts } = urgencyOf(facts);
    assert.equal(urgency, 300 + 150 + 80);
    assert.deepEqual(
      parts.map(({ part, why }) => `${part}: ${why}`),
      [
        'severity: high severity',
        'channel: affected in nixos-17.03, which is supported',
        'score: 80 of 100 that it is the package',
      ],
    );
  });

  test('an emergency comes before everything, the grave before the light, the hit before the doubtful', () => {
    const of = (more: Partial<UrgencyFacts>) => urgencyOf({ ...facts, ...more }).urgency;
    const cell = (each: Verdict, lifecycle: UrgencyFacts['channels'][number]['lifecycle']) => [
      { channel: 'c', verdict: each, lifecycle },
    ];
    assert.ok(
      of({ emergency: true, severity: 'none', score: 0, channels: [] }) >
        of({ severity: 'critical', score: 1 }),
    );
    assert.ok(
      of({ severity: 'critical' }) > of({ severity: 'high' }) &&
        of({ severity: null }) > of({ severity: 'low' }),
    );
    assert.ok(of({}) > of({ channels: cell('unknown', 'supported') }));
    assert.ok(of({}) > of({ channels: cell('affected', 'end_of_life') }));
    assert.ok(of({ again: ['CVE-2 came in since'] }) > of({}));
  });
});
