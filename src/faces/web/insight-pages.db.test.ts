import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importRevision, parsePackageSet } from '#domain/channels';
import { refreshInsight } from '#domain/insight';
import { rematch } from '#domain/matching';
import { testDatabase } from '../../../test/database.ts';
import { structureOf } from './page-structure.ts';
import { NOW } from './sample-database.ts';
import { assertGuarded, sampleApp } from './testing-app.ts';

const { sample, get, textOf, jsonOf } = sampleApp(testDatabase);

describe('insight', () => {
  test('shows each figure with how it is computed, its plot in words, and its data', async () => {
    const { elements, text } = structureOf(await textOf('/insight'));
    const { figures } = await jsonOf('/insight.json');
    const hit = figures.channels.find(({ channel }: { channel: string }) => channel === 'nixos-16.09');
    assert.ok(hit.exposed >= 1);
    const plot = elements.find(({ name, attributes }) => name === 'svg' && attributes.class === 'plot');
    assert.equal(plot?.attributes['aria-label'], 'Issues that each channel was exposed to');
    assert.match(text, new RegExp(`nixos-16\\.09 to ${hit.exposed}`));
    // nixos-16.03 has no revision: nothing is known of it, which is not the same as nothing open.
    assert.deepEqual(
      figures.channels.map(({ channel }: { channel: string }) => channel),
      ['nixos-16.09', 'nixos-unstable'],
    );
    // Nobody has an account: there is no section on who did the work.
    assert.ok(!elements.some(({ attributes }) => attributes.id === 'sharing'));
    for (const { attributes } of elements.filter(({ name }) => name === 'a')) {
      const { href = '' } = attributes;
      if (!href.startsWith('/insight/')) continue;
      const answer = await get(href);
      assert.equal(answer.status, 200, href);
      assertGuarded(answer, href);
    }
  });

  test('gives its data as CSV', async () => {
    const answer = await get('/insight/coverage.csv');
    assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
    const [head, first] = (await answer.text()).split('\r\n');
    assert.equal(head, 'channel,life cycle,open,looked at,"untouched, looks hit","untouched, unknown"');
    assert.match(first ?? '', /^nixos-16\.09,supported,\d+,\d+,\d+,\d+$/);
    for (const none of ['/insight/nothing.csv', '/insight/__proto__.json', '/insight/counts'])
      assert.equal((await get(none)).status, 404, none);
  });

  test('has one page of evidence', async () => {
    const { text } = structureOf(await textOf('/insight/evidence'));
    assert.match(text, /nixos-16\.09 is exposed to \d+ issue/);
    assert.match(text, /What we do not know/);
  });

  test('compares two revisions of a channel', async () => {
    // One revision alone has nothing to be compared with.
    assert.equal((await jsonOf('/channels/nixos-unstable/compare.json')).compared, null);
    const entry = (name: string, version: string) => ({
      ...{ name: `${name}-${version}`, pname: name, version, system: 'x86_64-linux', meta: {} },
    });
    await importRevision(sample.database, {
      channel: 'nixos-16.09',
      commit: 'fee1'.repeat(10),
      committedAt: new Date('2017-02-24'),
      set: parsePackageSet(Buffer.from(JSON.stringify({ openssl: entry('openssl', '1.0.2k') }))),
    });
    await rematch(sample.database);
    await refreshInsight(sample.database, NOW);
    const address = '/channels/nixos-16.09/compare?from=2017-02-20&to=fee1fee1';
    const { text } = structureOf(await textOf(address));
    assert.match(text, /openssl 1\.0\.2j → 1\.0\.2k/);
    const json = await jsonOf(address.replace('?', '.json?'));
    assert.ok(json.compared.went.some(({ issue }: { issue: string }) => issue === sample.ids.issue));
    assert.equal(json.compared.came.length, 0);
  });

  test('says what is wrong with a revision that is none, and knows no channel that is not', async () => {
    for (const query of ['from=x', 'from=2017-13-45', 'to=abcdef1'])
      assert.equal((await get(`/channels/nixos-16.09/compare?${query}`)).status, 400, query);
    assert.equal((await get('/channels/nowhere/compare')).status, 404);
  });
});
