import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { diffRevisions } from './diff-revisions.ts';
import { importRevision } from './import-revision.ts';
import { readPackageFiles } from './package-files.ts';
import { latestRevision, packageHistory } from './read-packages.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data/packages');
const skip = existsSync(DATA) ? false : `${DATA} is not there`;

test('the months of nixos-17.03 lead to its head, in order and out of it', { skip }, async () => {
  const head = readPackageFiles(join(DATA, 'nixos-17.03.packages.json.gz'));
  const months = readdirSync(join(DATA, 'months')).filter((file) =>
    /^nixos-17\.03@.*\.(?:packages|delta)\.json\.gz$/.test(file),
  );
  const inputs = months.sort().map((file) => readPackageFiles(join(DATA, 'months', file)));
  await using database = await testDatabase();
  // The test server goes a second after its last connection; hashing a whole set may take as long on a busy machine.
  await database.pool.query('select 1');
  const counts: number[] = [];
  for (const input of inputs) {
    counts.push((await importRevision(database, { ...input, channel: 'nixos-17.03' })).packages);
  }
  assert.deepEqual(counts, [27927, 28094, 28098, 28105, 28116, 28123, 28122, 28123, 28123, 28123, 28123]);

  const again = await importRevision(database, { ...head, channel: 'nixos-17.03' });
  assert.equal(again.outcome, 'unchanged', 'the head is the very set that the months lead to');

  const openssl = await packageHistory(database.queries, 'nixos-17.03', 'openssl');
  assert.deepEqual(
    openssl.map(({ version, since }) => [version, since.toISOString().slice(0, 10)]),
    [
      ['1.0.2k', '2017-03-31'],
      ['1.0.2l', '2017-06-29'],
      ['1.0.2m', '2017-11-03'],
    ],
  );
  const april = await diffRevisions(
    database.queries,
    'nixos-17.03',
    new Date('2017-04-01'),
    new Date('2017-05-01'),
  );
  assert.deepEqual([april.added.length, april.removed.length], [221, 54]);
  const httpd = await diffRevisions(database.queries, 'nixos-17.03', new Date('2017-04-01'), 'latest');
  const found = httpd.changed.find(({ attr }) => attr === 'apacheHttpd');
  assert.deepEqual(
    [found?.before.version, found?.after.version, found?.patchesAdded],
    ['2.4.25', '2.4.27', ['CVE-2017-9798.patch']],
  );

  // The same two ends in a channel of their own, the last one first.
  const [first] = inputs;
  assert.ok(first);
  await importRevision(database, { ...head, channel: 'backwards' });
  await importRevision(database, { ...first, channel: 'backwards' });
  assert.equal((await latestRevision(database.queries, 'backwards'))?.packages, 28123);
  const backwards = await diffRevisions(database.queries, 'backwards', first.commit, head.commit);
  const {
    from: _from,
    to: _to,
    ...forwards
  } = await diffRevisions(database.queries, 'nixos-17.03', first.commit, head.commit);
  assert.deepEqual({ ...backwards, from: 0, to: 0 }, { ...forwards, from: 0, to: 0 });
});
