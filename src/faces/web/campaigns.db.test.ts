import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { campaignNamed, refreshRegroupings, regroupingsThat } from '#domain/campaigns';
import { listProposals } from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { NOW, seedSample, seedTwins } from './sample-database.ts';
import { ASSETS, CONFIG, SILENT } from './testing-app.ts';
import { sendForm, signIn, type TestPerson } from './testing-people.ts';

async function opened() {
  const database = await testDatabase();
  const ids = await seedSample(database);
  const app = createApp({
    ...{ database, config: CONFIG, assets: ASSETS, log: SILENT },
    now: () => NOW,
    keepSeconds: 0,
  });
  const send = (path: string, fields: Record<string, string>, { cookie }: TestPerson) =>
    sendForm(app, path, fields, { cookie });
  const html = async (path: string, { cookie }: TestPerson) =>
    (await app.request(path, { headers: { Cookie: cookie } })).text();
  return { database, ids, send, html, [Symbol.asyncDispose]: () => database.close() };
}

/** What the hidden fields of the form that holds a button say. */
function fieldsOf(page: string, button: string): Record<string, string> {
  const at = page.indexOf(button);
  assert.ok(at > 0, button);
  const form = page.slice(page.lastIndexOf('<form', at), at);
  return Object.fromEntries(
    [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

describe('campaigns of people', () => {
  test('are opened, called otherwise, and hold what was put back or added again', async () => {
    await using world = await opened();
    const { database, ids, send, html } = world;
    const ada = await signIn(database, 'ada', 'triager');
    const made = await send('/campaigns', { title: 'KRÄCK, again', key: 'a-form-of-tests' }, ada);
    assert.deepEqual(
      [made.status, made.headers.get('Location')?.split('?')[0]],
      [303, '/campaigns/krack-again'],
    );
    assert.equal((await send('/campaigns', { title: 'Another', name: 'krack-again' }, ada)).status, 409);
    assert.equal((await send('/campaigns', { title: '漢字' }, ada)).status, 400);
    const page = '/campaigns/krack-again';
    const found = async () => {
      const campaign = await campaignNamed(database.queries, 'krack-again');
      const parts = campaign?.parts.filter(({ belongs }) => belongs).map(({ issue }) => issue);
      return [campaign?.campaign.title, campaign?.campaign.note, parts];
    };
    const saw = fieldsOf(await html(page, ada), 'Call it so').saw ?? '';
    assert.notEqual(saw, '0');
    await send(page, { deed: 'title', saw, title: 'KRACK', note: 'the second' }, ada);
    assert.deepEqual(await found(), ['KRACK', 'the second', []]);
    assert.equal((await send(page, { deed: 'title', title: '' }, ada)).status, 400, 'it would be gone');

    const add = { ...fieldsOf(await html(page, ada), 'Add it'), issue: ids.issue };
    assert.equal((await send(page, add, ada)).status, 303);
    await send(page, fieldsOf(await html(page, ada), 'Take out'), ada);
    assert.deepEqual(await found(), ['KRACK', 'the second', []]);
    await send(page, fieldsOf(await html(page, ada), 'Put back'), ada);
    assert.deepEqual(await found(), ['KRACK', 'the second', [ids.issue]]);
    await send(page, fieldsOf(await html(page, ada), 'Take out'), ada);
    const again = { ...fieldsOf(await html(page, ada), 'Add it'), issue: ids.issue };
    assert.equal((await send(page, again, ada)).status, 303);
    assert.deepEqual(await found(), ['KRACK', 'the second', [ids.issue]]);
  });

  test('are proposed by who may not decide', async () => {
    await using world = await opened();
    const cleo = await signIn(world.database, 'cleo');
    const made = await world.send('/campaigns', { title: 'Our story' }, cleo);
    assert.equal(made.headers.get('Location')?.split('?')[0], '/campaigns');
    assert.equal(await campaignNamed(world.database.queries, 'our-story'), null);
    const [proposal] = await listProposals(world.database.queries, { state: 'open' });
    assert.equal(proposal?.changes[0]?.id, 'our-story');
  });
});

describe('suggestions to merge or split', () => {
  test('are followed with a reason only, and not after somebody dismissed them', async () => {
    await using world = await opened();
    const { database, send, html } = world;
    const sid = await signIn(database, 'sid', 'security');
    await seedTwins(database, 1);
    await refreshRegroupings(database, NOW);
    const [found] = await regroupingsThat(database.queries, { state: 'waiting', limit: 1 });
    assert.ok(found !== undefined);
    const fields = fieldsOf(await html('/regroupings', sid), 'Merge them');
    assert.equal((await send('/regroupings', fields, sid)).status, 400, 'why?');
    const dismiss = { deed: 'dismiss', 'key-of': found.key, saw: '0', reason: 'fixed_apart' };
    assert.equal((await send('/regroupings', dismiss, sid)).status, 303);
    assert.equal((await send('/regroupings', { ...fields, remark: 'one flaw' }, sid)).status, 409);
    const reopen = fieldsOf(await html('/regroupings?state=dismissed', sid), 'Let it wait again');
    assert.equal((await send('/regroupings', reopen, sid)).status, 303);
    assert.equal((await send('/regroupings', { ...fields, remark: 'one flaw' }, sid)).status, 303);
    assert.deepEqual(await regroupingsThat(database.queries, { state: 'waiting', limit: 1 }), []);
  });
});
