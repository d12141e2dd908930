import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { freeRelease, gateTitle, RELEASE_NAME, readGateTitle, releaseIn } from './gate-name.ts';

describe('the name of a release gate', () => {
  test('says channel and release, and neither twice', () => {
    assert.equal(
      gateTitle({ channel: 'nixos-unstable', release: '26.11' }),
      'Release gate 26.11 of nixos-unstable',
    );
    assert.equal(gateTitle({ channel: 'nixos-26.11', release: '26.11' }), 'Release gate of nixos-26.11');
    assert.equal(
      gateTitle({ channel: 'nixos-26.11', release: '26.11-2' }),
      'Release gate 26.11-2 of nixos-26.11',
    );
  });

  test('a channel that is named for a release says which', () => {
    assert.deepEqual(['nixos-17.03', 'nixos-17.03-small', 'nixos-unstable', 'alpine-edge'].map(releaseIn), [
      '17.03',
      '17.03',
      null,
      null,
    ]);
  });

  test('is read back from its title', () => {
    const part = fc.stringMatching(/^[a-z0-9][a-z0-9._]{0,10}$/);
    const channel = fc
      .tuple(part, fc.option(fc.constantFrom('17.03', '26.11', 'unstable'), { nil: 'edge' }))
      .map((parts) => parts.join('-'));
    fc.assert(
      fc.property(channel, fc.stringMatching(RELEASE_NAME), (name, wanted) => {
        // As gates are named: after the channel's own release where it has one.
        const release = releaseIn(name) ?? `r${wanted}`.slice(0, 40);
        assert.deepEqual(readGateTitle(gateTitle({ channel: name, release })), { channel: name, release });
      }),
    );
    for (const none of ['Release gate', 'Release gate of nixos-unstable', 'Vulnerability Roundup 3', ''])
      assert.equal(readGateTitle(none), null, none);
  });

  test('is free: a second gate of the same release is numbered', () => {
    assert.equal(freeRelease('26.11', new Set()), '26.11');
    assert.equal(freeRelease('26.11', new Set(['26.11', '26.11-2'])), '26.11-3');
    const long = 'a'.repeat(40);
    assert.match(freeRelease(long, new Set([long])), /^a{38}-2$/);
  });
});
