import fc from 'fast-check';
import type { AdvisoryLink, ChannelCell, PatchLink, RoundupLine, RoundupView } from './view.ts';

/** Pieces that markdown, HTML, GitHub, a terminal or our own reader could mistake for more than text. */
export const HOSTILE_PIECES = [
  '](javascript:alert(1))',
  '[x](https://evil.example/)',
  '![i](https://evil.example/i.png)',
  '`#NSI-2017-0001`](https://evil.example/)',
  '- [x] [`#NSI-2017-0001`](/issues/NSI-2017-0001) ',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<!-- ',
  ' -->',
  '</details>',
  '@NixOS/security',
  '#705362',
  'GH-12',
  'nixos/nixpkgs#12',
  'https://evil.example/a_b*c',
  'www.evil.example',
  'a@b.example',
  '\n- [x] [`#NSI-2017-0002`](x) ',
  '\r\n### foo (2 issues)\n',
  '# Vulnerability Roundup 99',
  '\u2028',
  '\u202e',
  '\u0000',
  '\u001b[31m',
  '\ud800',
  '(high)',
  '(severity unknown)',
  ' — ',
  ' -- ',
  '~~',
  '**',
  '_a_',
  '\\',
  '`',
  '``',
  '|',
  '$x$',
  '&lt;',
  '&#64;',
  '&#8203;',
  '"',
  "'",
  '> ',
  'vulnerabilities:',
  '   - patches: ',
  'openssl: denial of service',
  '1.0.2j < 1.0.2k',
];

/** Text as nobody would wish it. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_PIECES) },
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ maxLength: 12 }),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(''));

const isoDate = fc
  .date({ min: new Date('2014-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

const verdict = fc.constantFrom('affected', 'not_affected', 'unknown' as const);

const advisory: fc.Arbitrary<AdvisoryLink> = fc.record({
  id: hostileText,
  source: hostileText,
  published: fc.option(isoDate),
  url: fc.option(fc.oneof(fc.webUrl(), hostileText)),
});

const patch: fc.Arbitrary<PatchLink> = fc.record({
  url: fc.oneof(fc.webUrl(), hostileText),
  vulnerability: fc.option(hostileText),
  source: hostileText,
});

const cell = (channel: string): fc.Arbitrary<ChannelCell> =>
  fc.record({
    channel: fc.constant(channel),
    verdict: fc.constantFrom('affected', 'not_affected', 'unknown', 'absent' as const),
    packages: fc.array(fc.record({ attr: hostileText, version: hostileText, verdict, why: hostileText }), {
      maxLength: 3,
    }),
  });

const CHANNELS = ['nixos-17.03', 'nixos-16.09', 'nixos-unstable'];

const line = (issue: string): fc.Arbitrary<RoundupLine> =>
  fc.record({
    issue: fc.constant(issue),
    title: hostileText,
    severity: fc.constantFrom('none', 'low', 'medium', 'high', 'critical', null),
    exploitation: fc.option(
      fc.record({
        known: fc.option(
          fc.record({
            since: hostileText,
            due: fc.option(hostileText),
            ransomware: fc.boolean(),
            vulnerabilities: fc.array(hostileText, { maxLength: 2 }),
          }),
        ),
        likely: fc.option(
          fc.record({ percentile: fc.nat(100), since: hostileText, vulnerability: hostileText }),
        ),
      }),
    ),
    vulnerabilities: fc.array(hostileText, { maxLength: 15 }),
    done: fc.boolean(),
    doneBy: fc.option(hostileText),
    carriedFrom: fc.option(fc.nat(40)),
    remark: fc.option(hostileText),
    version: fc.nat(),
    remarkVersion: fc.nat(),
    cells: fc.tuple(...CHANNELS.map(cell)),
    advisories: fc.array(advisory, { maxLength: 3 }),
    patches: fc.array(patch, { maxLength: 3 }),
  });

const issues = fc.uniqueArray(fc.integer({ min: 1, max: 99_999 }), { maxLength: 8 });

/** A roundup with distinct issues, and everything else as hostile as can be. */
export const hostileView: fc.Arbitrary<RoundupView> = issues
  .chain((numbers) =>
    fc.tuple(
      fc.tuple(...numbers.map((number) => line(`NSI-2017-${String(number).padStart(4, '0')}`))),
      fc.array(hostileText, { minLength: 1, maxLength: 4 }),
      fc.record({
        number: fc.integer({ min: 1, max: 999 }),
        team: hostileText,
        openedAt: isoDate,
        coversSince: isoDate,
        coversUntil: isoDate,
        lead: fc.option(hostileText),
        closedAt: fc.option(isoDate),
        previous: fc.option(fc.nat(998)),
        thanks: fc.array(hostileText, { maxLength: 4 }),
      }),
    ),
  )
  .map(([lines, products, head]) => ({
    ...head,
    channels: CHANNELS.map((name) => ({ name, lifecycle: 'supported' as const })),
    sections: products
      .map((product, index) => ({
        product,
        lines: lines.filter((_, at) => at % products.length === index),
      }))
      .filter((section) => section.lines.length > 0),
    lines: lines.length,
    remaining: lines.filter(({ done }) => !done).length,
    completed: lines.filter(({ done }) => done).length,
    carried: lines.filter(({ carriedFrom }) => carriedFrom !== null).length,
  }));
