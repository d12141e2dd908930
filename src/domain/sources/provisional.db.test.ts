import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { parseProvisionalId } from '#base/formats';
import { testDatabase } from '../../../test/database.ts';
import { sourceNamed } from './registry.ts';
import { provisionalEntries } from './store-provisional.ts';
import { syncFiles } from './sync.ts';

test('all that bear a provisional id are found by it, also when they are gone; by its hash one is', async () => {
  await using database = await testDatabase();
  const list = async (...titles: string[]) => {
    const text = titles.map((title) => `CVE-2017-XXXX [${title}]\n\t- frobd <unfixed>\n`).join('');
    const file = { path: 'data/CVE/list', open: () => Readable.from([Buffer.from(text)]) };
    const { quarantined } = await syncFiles(database, sourceNamed('debian'), [file], {
      ours: true,
      accept: true,
    });
    assert.equal(quarantined, 0);
  };
  const found = async (text: string) => {
    const id = parseProvisionalId(text);
    assert.ok(id !== null, text);
    const entries = await provisionalEntries(database.queries, id);
    return entries.map(({ key, goneAt, packages }) => [
      key.slice(0, 14),
      goneAt !== null,
      packages.map(({ name }) => name),
    ]);
  };
  await list('frobd: one', 'frobd: another');
  const standing = ['CVE-2017-XXXX-', false, ['frobd']];
  assert.deepEqual(await found('CVE-2017-XXXX'), [standing, standing]);
  assert.deepEqual(await found('cve-2016-xxxx'), []);
  const [entry] = await provisionalEntries(database.queries, {
    kind: 'placeholder',
    id: 'CVE-2017-XXXX',
    hash: null,
  });
  const hash = entry?.key.slice(14, 20) ?? '';
  assert.equal((await found(`TEMP-0000000-${hash}`)).length, 1, 'the tracker calls it by the same hash');
  assert.equal((await found(entry?.key ?? '')).length, 1);
  await list('frobd: one');
  assert.deepEqual(
    (await found('CVE-2017-XXXX')).map(([, gone]) => gone),
    [false, true],
  );
});
