import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { representatives } from './families.ts';
import { readPackageFiles } from './package-files.ts';
import { identify } from './package-name.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data/packages');
const skip = existsSync(DATA) ? false : `${DATA} is not there`;

/**
 * Packages as index.json counts them; how many represent all; how many have patches (one less than in the list, which names
 * lambdabot, omitted from the sets), a maintainer (lists and single texts), a known vulnerability.
 */
const CHANNELS = {
  'nixos-15.09': [23506, 20611, 1049, 8718, 0],
  'nixos-17.03': [28123, 26076, 1277, 9068, 0],
  'nixos-19.09': [43987, 37199, 2547, 13842, 23],
} as const;

for (const [channel, expected] of Object.entries(CHANNELS)) {
  test(`every entry of ${channel} is read`, { skip }, () => {
    const { set, patches, sourceUrls } = readPackageFiles(join(DATA, `${channel}.packages.json.gz`));
    assert.deepEqual(set.problems, []);
    const packages = set.packages.map((one) => ({ ...one, patches: patches?.get(one.attr) ?? [] }));
    const families = representatives(packages);
    const count = (has: (one: (typeof packages)[number]) => boolean) => packages.filter(has).length;
    assert.deepEqual(
      [
        packages.length,
        new Set(families.values()).size,
        count((one) => one.patches.length > 0),
        count((one) => one.maintainers.length > 0),
        count((one) => one.knownVulnerabilities.length > 0),
      ],
      expected,
    );
    assert.ok((sourceUrls?.size ?? 0) > 5000);
    // Mail addresses are in their own field only.
    for (const { maintainers } of packages)
      for (const { name } of maintainers) assert.doesNotMatch(name, /\S@\S+\.\S/);
  });
}

test('what the people of a roundup would look at twice is one line', { skip }, () => {
  const { set, patches } = readPackageFiles(join(DATA, 'nixos-17.03.packages.json.gz'));
  const packages = set.packages.map((one) => ({ ...one, patches: patches?.get(one.attr) ?? [] }));
  const families = representatives(packages);
  const versions = new Map(packages.map((one) => [one.attr, one]));
  const pairs = [...versions.keys()].filter(
    (attr) => attr.startsWith('python35Packages.') && versions.has(attr.replace('35', '27')),
  );
  const apart = pairs.filter((attr) => families.get(attr) !== families.get(attr.replace('35', '27')));
  assert.ok(pairs.length > 1000);
  // Two whose patches or file differ.
  assert.deepEqual(apart, ['python35Packages.pysideShiboken', 'python35Packages.tkinter']);
  assert.equal(families.get('linuxPackages_4_4.bbswitch'), 'linuxPackages.bbswitch');
  assert.equal(families.get('openssl_1_1_0'), 'openssl_1_1_0');
  assert.equal(families.get('linuxPackages_4_4.kernel'), 'linuxPackages_4_4.kernel');
  const nameless = packages.filter((one) => identify(one).name === '');
  assert.deepEqual(nameless, []);
});
