import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { IssueExploitation } from '#domain/issues';
import { type UrgencyFacts, urgencyOf } from './urgency.ts';

const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical', null] as const;
const facts: fc.Arbitrary<UrgencyFacts> = fc.record({
  emergency: fc.boolean(),
  severity: fc.constantFrom(...SEVERITIES),
  exploitation: fc.constant(null),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  channels: fc.array(
    fc.record({
      channel: fc.constantFrom('nixos-16.09', 'nixos-17.03'),
      verdict: fc.constantFrom('affected', 'unknown', 'not_affected'),
      lifecycle: fc.constantFrom('development', 'supported', 'deprecated', 'end_of_life'),
    }),
    { maxLength: 3 },
  ),
  again: fc.array(fc.constant('CVE-2017-0002 came in since'), { maxLength: 3 }),
});
const known: fc.Arbitrary<IssueExploitation['known']> = fc.record({
  since: fc.constant('2021-11-03'),
  due: fc.constant(null),
  ransomware: fc.boolean(),
  vulnerabilities: fc.constant(['CVE-2017-0001']),
});
const likely: fc.Arbitrary<IssueExploitation['likely']> = fc.record({
  percentile: fc.integer({ min: 90, max: 100 }),
  since: fc.constant('2026-11-20'),
  vulnerability: fc.constant('CVE-2017-0001'),
});
const of = (each: UrgencyFacts, exploitation: IssueExploitation | null) =>
  urgencyOf({ ...each, exploitation }).urgency;

/** As it was reckoned before there were signals: decision 14 holds us to that. */
const POINTS = { critical: 400, high: 300, medium: 200, low: 100, none: 0, unknown: 180 };
const LIFE = { supported: 150, deprecated: 120, development: 90, end_of_life: 20 };
function withoutSignals({ emergency, severity, score, channels, again }: UrgencyFacts): number {
  const worst = Math.max(
    0,
    ...channels.map(({ verdict, lifecycle }) =>
      verdict === 'affected' ? LIFE[lifecycle] : verdict === 'unknown' ? Math.round(LIFE[lifecycle] / 2) : 0,
    ),
  );
  return (
    (emergency ? 1000 : 0) +
    POINTS[severity ?? 'unknown'] +
    worst +
    Math.round(score * 100) +
    30 * again.length
  );
}

describe('signals of exploitation', () => {
  test('change nothing where there are none', () => {
    fc.assert(
      fc.property(facts, (each) => {
        assert.equal(of(each, null), withoutSignals(each));
        assert.equal(of(each, { known: null, likely: null }), withoutSignals(each));
      }),
    );
  });

  test('never make anything less urgent, and a stronger one never less than a weaker one', () => {
    fc.assert(
      fc.property(facts, known, likely, likely, (each, used, one, other) => {
        const [less, more] = (one?.percentile ?? 0) <= (other?.percentile ?? 0) ? [one, other] : [other, one];
        const steps = [
          of(each, null),
          of(each, { known: null, likely: less }),
          of(each, { known: null, likely: more }),
          of(each, { known: used, likely: less }),
          of(each, { known: used, likely: more }),
        ];
        assert.deepEqual(
          steps,
          [...steps].sort((a, b) => a - b),
        );
        assert.ok(of(each, { known: used, likely: null }) > of(each, { known: null, likely: more }));
      }),
    );
  });

  test('raise what is used by three steps of severity, what is likely by less than one, and nothing above emergencies', () => {
    fc.assert(
      fc.property(facts, known, likely, (each, used, maybe) => {
        const low = { ...each, severity: 'low' as const, emergency: false };
        assert.equal(of(low, { known: used, likely: null }), of({ ...low, severity: 'critical' }, null));
        assert.ok(of(low, { known: null, likely: maybe }) < of({ ...low, severity: 'medium' }, null));
        const calm = { ...each, emergency: false };
        const emergency = { ...calm, emergency: true, severity: 'none' as const, score: 0, channels: [] };
        assert.ok(
          of({ ...calm, again: [] }, { known: used, likely: maybe }) < of({ ...emergency, again: [] }, null),
        );
      }),
    );
  });

  test('say why', () => {
    const each = { emergency: false, severity: null, score: 0, channels: [], again: [] };
    const why = (exploitation: IssueExploitation) =>
      urgencyOf({ ...each, exploitation }).parts.find(({ part }) => part === 'exploited')?.why;
    const used = { since: '2021-11-03', due: null, ransomware: false, vulnerabilities: ['CVE-2017-0001'] };
    assert.equal(why({ known: used, likely: null }), 'known exploited since 2021-11-03, CISA');
    assert.equal(
      why({
        known: null,
        likely: { percentile: 97, since: '2026-11-20', vulnerability: 'CVE-2017-0001' },
      }),
      'likelier to be exploited than 97 of 100, EPSS of 2026-11-20',
    );
  });
});
