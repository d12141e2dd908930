import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testDatabase } from '../../../test/database.ts';
import { importRevision } from './import-revision.ts';
import { parsePackageSet } from './package-set.ts';
import { outlinesOver, type PackageOutline } from './store-outlines.ts';

const ATTRS = ['a', 'b', 'c', 'd'];

test('revisions that are read one after another are what each is by itself', async () => {
  await using database = await testDatabase();
  const { queries } = database;
  // Which version each package has, 0: none. What came and went, came back, and stayed.
  const set = fc.tuple(...ATTRS.map(() => fc.integer({ min: 0, max: 2 })));
  const [sets = []] = fc.sample(fc.array(set, { minLength: 12, maxLength: 12 }), { numRuns: 1, seed: 17 });
  for (const [n, versions] of sets.entries()) {
    const packages = ATTRS.flatMap((attr, at) =>
      versions[at] === 0
        ? []
        : [
            [
              attr,
              {
                name: `${attr}-${versions[at]}`,
                pname: attr,
                version: `${versions[at]}`,
                system: 'x',
                meta: {},
              },
            ],
          ],
    );
    await importRevision(database, {
      channel: n % 3 === 2 ? 'nixos-17.09' : 'nixos-17.03',
      commit: n.toString(16).repeat(40),
      committedAt: new Date(Date.UTC(2017, 0, 1 + n)),
      set: parsePackageSet(Buffer.from(JSON.stringify(Object.fromEntries(packages)))),
    });
  }
  const revisions = sets
    .map((_, n) => ({
      channel: n % 3 === 2 ? 'nixos-17.09' : 'nixos-17.03',
      committedAt: new Date(Date.UTC(2017, 0, 1 + n)),
    }))
    .sort((a, b) => (a.channel < b.channel ? -1 : a.channel > b.channel ? 1 : 0));
  for (const order of [revisions, revisions.toReversed(), revisions.filter((_, n) => n % 2 === 0)]) {
    const together: string[][] = [];
    for await (const outlines of outlinesOver(queries, order))
      together.push(outlines.map(({ attr, version }) => `${attr} ${version}`).sort());
    const alone = await Promise.all(
      order.map(async (revision) => {
        const { value } = await outlinesOver(queries, [revision]).next();
        return ((value ?? []) as PackageOutline[]).map(({ attr, version }) => `${attr} ${version}`).sort();
      }),
    );
    assert.deepEqual(together, alone);
    assert.ok(new Set(together.map(String)).size > 2);
  }
});
