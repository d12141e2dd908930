import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importTicks } from '#domain/roundup';
import { testDatabase } from '../../../test/database.ts';
import { structureOf } from './page-structure.ts';
import { NOW } from './sample-database.ts';
import { parsed, sampleApp } from './testing-app.ts';
import { signIn } from './testing-people.ts';

const { sample, get, textOf, jsonOf } = sampleApp(testDatabase);
const ORIGIN = 'http://localhost';
/** As a gate is stored, and as none is ever called. */
const NUMBERED = /roundup\W{0,3}1,?000,?00\d/i;

describe('a release gate', () => {
  test('is called by its channel and release wherever one meets it', async () => {
    const { cookie } = await signIn(sample.database, 'gatekeeper', 'triager');
    const headers = { Cookie: cookie, Origin: ORIGIN };
    const send = (path: string, body: unknown, type: string) =>
      sample.app.request(path, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': type },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const form = 'application/x-www-form-urlencoded';
    const json = 'application/json';

    assert.equal((await send('/channels/nixos-unstable/gate', 'release=..%2Fup', form)).status, 400);
    const opened = await send('/channels/nixos-16.09/gate', 'release=17.03', form);
    assert.equal(opened.status, 303);
    const address = '/gates/nixos-16.09/17.03';
    assert.equal(opened.headers.get('location'), address);
    assert.equal((await get('/gates/nixos-16.09')).headers.get('location'), address);
    assert.equal((await get('/gates/nixos-unstable')).status, 404);
    assert.equal((await get('/gates/nixos-16.09/18.03')).status, 404);
    const view = await jsonOf(`${address}.json`);
    const moved = await get(`/roundups/${view.number}.md`);
    assert.deepEqual([moved.status, moved.headers.get('location')], [308, `${address}.md`]);

    const title = 'Release gate 17.03 of nixos-16.09';
    const markdown = await textOf(`${address}.md`);
    const page = await textOf(address);
    assert.match(
      structureOf(page).text,
      /Release gate 17\.03 of nixos-16\.09.*Backlog of nixos-16.09|Backlog of nixos-16\.09.*Release gate 17\.03 of nixos-16.09/s,
    );
    for (const [where, text] of Object.entries({
      page,
      markdown,
      lists: await textOf('/roundups'),
      channel: await textOf('/channels/nixos-16.09'),
      feed: await textOf('/feeds/gates.atom'),
      api: await textOf('/api/v1/gates'),
      'api, whole': await textOf(`/api/v1${address}`),
    })) {
      // The topic by which a page hears of changes is nothing that one reads.
      const read = text.startsWith('<!') ? structureOf(text).text : text;
      assert.ok(read.includes(title), where);
      assert.doesNotMatch(read, NUMBERED, where);
    }
    assert.doesNotMatch(await textOf('/feeds/roundups.atom'), /gate/);
    assert.equal((await get(`/api/v1/roundups/${view.number}`)).status, 404);

    // Edited as text it comes back to the gate, and to nothing else.
    const [issue = ''] = view.sections.flatMap(({ lines }: { lines: { issue: string }[] }) =>
      lines.map((line) => line.issue),
    );
    const ticked = markdown.replace(`[ ] [\`#${issue}\``, `[x] [\`#${issue}\``);
    const result = await importTicks(sample.database, ticked, { by: 'ada', cause: 'test' });
    assert.deepEqual([result.roundup, result.ticked, result.problems], [view.number, [issue], []]);
    await assert.rejects(
      importTicks(sample.database, ticked.replace('17.03', '17.09'), { by: 'ada', cause: 'test' }),
      /there is no Release gate 17\.09 of nixos-16.09/,
    );

    // The second one of a release has a name of its own.
    const closed = await parsed(await send(`/api/v1${address}/close`, {}, json));
    assert.equal(closed.completed, 1);
    assert.ok(closed.closedAt !== null);
    assert.equal((await send(`/api/v1${address}/close`, {}, json)).status, 409);
    const again = await send('/api/v1/gates', { channel: 'nixos-16.09', release: '17.03' }, json);
    assert.equal(again.status, 201);
    assert.equal(again.headers.get('location'), '/api/v1/gates/nixos-16.09/17.03-2');
    assert.equal((await send('/api/v1/gates', { channel: 'nixos-16.09' }, json)).status, 200);
    const bySelf = await parsed(await send('/api/v1/gates', { channel: 'nixos-unstable' }, json));
    assert.equal(bySelf.title, `Release gate ${NOW.toISOString().slice(0, 10)} of nixos-unstable`);

    const words = structureOf(await textOf('/history')).text;
    assert.match(words, /opened the release gate 17\.03 of nixos-16\.09/);
    assert.match(words, /closed the release gate 17\.03 of nixos-16\.09/);
    assert.doesNotMatch(words, NUMBERED);
  });
});
