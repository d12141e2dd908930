import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { packCells, unpackCells } from './pack-cells.ts';

const id = fc.constantFrom('CVE-2017-3731', 'DSA-3773-1');
const verdict = fc.constantFrom('affected' as const, 'not_affected' as const, 'unknown' as const);
const judged = fc.record({
  verdict,
  evidence: fc.array(fc.record({ vulnerability: id, verdict, why: fc.string() }), { maxLength: 3 }),
  patched: fc.constant<string[]>([]),
});
const channel = fc.constantFrom('nixos-16.09', 'nixos-unstable', '__proto__');
const found = fc.uniqueArray(
  fc.record({
    attr: fc.constantFrom('openssl', 'openssl_1_1', 'libressl', 'constructor'),
    channels: fc.uniqueArray(fc.record({ channel, version: fc.string(), verdict: judged }), {
      selector: (each) => each.channel,
    }),
  }),
  { selector: ({ attr }) => attr },
);

describe('packCells', () => {
  test('tells every package of every channel, the worst first, over the way as text', () => {
    fc.assert(
      fc.property(found, (given) => {
        const cells = unpackCells(JSON.parse(JSON.stringify(packCells(given))));
        const told = [...cells].flatMap(([name, packages]) =>
          packages.map(({ attr, version, verdict: each }) => JSON.stringify([name, attr, version, each])),
        );
        const meant = given.flatMap(({ attr, channels }) =>
          channels.map((own) => JSON.stringify([own.channel, attr, own.version, own.verdict.verdict])),
        );
        assert.deepEqual(told.sort(), meant.sort());
        const rank = ['affected', 'unknown', 'not_affected'];
        for (const packages of cells.values()) {
          const ranks = packages.map((one) => `${rank.indexOf(one.verdict)} ${one.attr}`);
          assert.deepEqual(ranks, [...ranks].sort());
        }
      }),
    );
  });

  test('gives the first reason that says what the verdict says', () => {
    const packed = packCells([
      {
        attr: 'openssl',
        channels: [
          {
            channel: 'nixos-16.09',
            version: '1.0.2j',
            verdict: {
              verdict: 'affected',
              patched: [],
              evidence: [
                { vulnerability: 'CVE-2016-7055', verdict: 'not_affected', why: 'not this one' },
                { vulnerability: 'CVE-2017-3731', verdict: 'affected', why: '1.0.2j < 1.0.2k' },
              ],
            },
          },
        ],
      },
    ]);
    assert.deepEqual(
      unpackCells(packed),
      new Map([
        [
          'nixos-16.09',
          [
            {
              attr: 'openssl',
              version: '1.0.2j',
              verdict: 'affected',
              why: 'CVE-2017-3731: 1.0.2j < 1.0.2k',
            },
          ],
        ],
      ]),
    );
  });
});
