import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Database } from '#base/db';
import { statusesOf } from '#domain/issues';
import { decisionsOfIssues, settleSuggestions } from '#domain/matching';
import { withPeople } from '../../../test/people.ts';
import { suggest } from '../../../test/suggestions.ts';
import { createApp } from './app.ts';
import type { QueuePageProps } from './pages/queue.tsx';
import type { QueueRow } from './queue-rows.ts';
import { ASSETS, CONFIG } from './testing-app.ts';
import { sendForm, signIn, type TestPerson } from './testing-people.ts';

type Json = Pick<QueuePageProps, 'next' | 'waiting' | 'first' | 'filter'> & { rows: QueueRow[] };

const LOG = { error: (...words: unknown[]) => console.error(...words), warn: () => {} };

/** Suggestions of so many packages for each of four issues, all of them waiting. */
async function withWaiting(packages: number): Promise<Database> {
  const database = await withPeople();
  await sql`update issue set severity = case number when 1 then 'critical' when 2 then 'high' end,
    opened = opened + number * interval '1 day' + interval '123 microseconds'`.execute(database.queries);
  const cells = [
    {
      channel: 'nixos-16.09',
      version: '1.0',
      verdict: 'affected',
      vulnerability: 'CVE-2017-0001',
      why: '1.0 < 1.1',
    },
    { channel: 'nixos-17.03', version: '1.2', verdict: 'not_affected' },
  ] as const;
  await suggest(
    database,
    [1, 2, 3, 4].flatMap((issue) =>
      Array.from({ length: packages }, (_, n) => ({
        issue: `NSI-2017-000${issue}`,
        attr: `package-${n}`,
        score: 0.5,
        cells: [...cells],
      })),
    ),
  );
  await settleSuggestions(database);
  return database;
}

async function opened(packages: number) {
  const database = await withWaiting(packages);
  const app = createApp({ database, config: CONFIG, assets: ASSETS, log: LOG });
  const now = new Date();
  const ada = await signIn(database, 'lovelace', 'triager', now);
  const cleo = await signIn(database, 'cleopatra', 'contributor', now);
  const json = async (path: string, person?: TestPerson): Promise<Json> => {
    const answer = await app.request(
      path,
      person === undefined ? {} : { headers: { Cookie: person.cookie } },
    );
    assert.equal(answer.status, 200, path);
    return (await answer.json()) as Json;
  };
  return { database, app, ada, cleo, json, [Symbol.asyncDispose]: () => database.close() };
}

/** A form for some suggestions. */
function formOf(fields: Record<string, string>, ids: readonly string[]): URLSearchParams {
  const form = new URLSearchParams(fields);
  for (const id of ids) form.append('at', at(id));
  return form;
}

const at = (id: string, saw = 0) => `suggestion/${id}#decision@${saw}`;

describe('the queue’s page', () => {
  test('lists what waits a hundred at a time, each once, whatever is decided between two parts', async () => {
    await using world = await opened(60);
    const first = await world.json('/queue.json');
    assert.deepEqual([first.rows.length, first.waiting, first.first], [100, 240, true]);
    const seen = new Set(first.rows.map(({ id }) => id));
    // What is decided meanwhile moves nothing that comes after it.
    const form = formOf(
      { deed: 'accept' },
      first.rows.slice(0, 30).map(({ id }) => id),
    );
    assert.equal((await sendForm(world.app, '/queue', form, { cookie: world.ada.cookie })).status, 303);
    let next = first.next;
    const parts = [];
    while (next !== null) {
      const part: Json = await world.json(`/queue.json?after=${encodeURIComponent(next)}`);
      for (const { id } of part.rows) {
        assert.ok(!seen.has(id), `${id} twice`);
        seen.add(id);
      }
      parts.push(part.rows.length);
      next = part.next;
    }
    assert.deepEqual([parts, seen.size], [[100, 40], 240]);
    const html = await (await world.app.request('/queue')).text();
    assert.match(html, /The next ones/);
    assert.doesNotMatch(html, /<button[^>]*name="accept"/, 'a visitor decides nothing');
  });

  test('a row says why it is there, where it stands in each channel, and what was said of it', async () => {
    await using world = await opened(1);
    const { queries } = world.database;
    // A channel of which something was read has a column.
    await sql`insert into revision (channel, commit, committed_at, packages, content_hash, patches_known)
      select name, md5(name) || '00000000', now(), 1, '\\x00', true from channel`.execute(queries);
    const { rows } = await world.json('/queue.json');
    const [row] = rows;
    assert.deepEqual(
      rows.map(({ issue }) => issue),
      ['NSI-2017-0001', 'NSI-2017-0002', 'NSI-2017-0004', 'NSI-2017-0003'],
    );
    assert.deepEqual(
      row?.cells.map(({ channel, verdict, version, why }) => [channel, verdict, version, why]),
      [
        ['nixos-16.09', 'affected', '1.0', 'CVE-2017-0001: 1.0 < 1.1'],
        ['nixos-17.03', 'not_affected', '1.2', 'CVE-2017-0001: made up'],
      ],
    );
    assert.deepEqual([row?.title, row?.severity, row?.version], ['openssl: flaw 1', 'critical', 0]);
    assert.deepEqual(row?.urgent.slice(0, 1), ['critical severity']);
    assert.deepEqual(row?.reasons, ['the name is the same']);
  });

  test('is filtered by severity, channel, source, package, issue and what is one’s own', async () => {
    await using world = await opened(2);
    const { queries } = world.database;
    const count = async (query: string, person?: TestPerson) =>
      (await world.json(`/queue.json?${query}`, person)).rows.length;
    assert.equal(await count('severity=critical'), 2);
    assert.equal(await count('severity=unknown'), 4);
    assert.equal(await count('channel=nixos-16.09'), 8);
    assert.equal(await count('channel=nixos-17.03'), 0);
    assert.equal(await count('package=package-1'), 4);
    assert.equal(await count('issue=NSI-2017-0002&again=no'), 2);
    assert.equal(await count('again=yes'), 0);
    assert.equal(await count('source=debian'), 0);
    await sql`update issue_card set sources = '{debian,gentoo}' where issue = 'NSI-2017-0003'`.execute(
      queries,
    );
    assert.equal(await count('source=debian'), 2);
    assert.equal(await count('mine=yes', world.ada), 0);
    const claim = {
      value: 'me',
      at: 'issue/NSI-2017-0002#claim@0',
    };
    assert.equal((await sendForm(world.app, '/changes', claim, { cookie: world.ada.cookie })).status, 303);
    assert.equal(await count('mine=yes', world.ada), 2);
    assert.equal(await count('mine=yes', world.cleo), 0);
    for (const wrong of ['severity=bad', 'after=x', 'after=1~2017-13-99T00:00:00+00:00~1', 'again=perhaps'])
      assert.equal((await world.app.request(`/queue?${wrong}`)).status, 400, wrong);
  });

  test('“give me ten” keeps them from others until they are given back', async () => {
    await using world = await opened(5);
    const { cookie } = world.ada;
    const taken = await sendForm(world.app, '/queue/batch', { deed: 'take' }, { cookie });
    assert.equal(taken.headers.get('Location'), '/queue?mine=yes');
    const mine = await world.json('/queue.json?mine=yes', world.ada);
    assert.equal(mine.rows.length, 10);
    assert.ok(mine.rows.every(({ until }) => until !== null));
    assert.equal((await world.json('/queue.json', world.cleo)).rows.length, 10);
    await sendForm(world.app, '/queue/batch', { deed: 'release' }, { cookie });
    assert.equal((await world.json('/queue.json', world.cleo)).rows.length, 20);
    assert.equal((await sendForm(world.app, '/queue/batch', { deed: 'take' })).status, 401);
  });
});

describe('the forms of the queue', () => {
  const ID = 'NSI-2017-0001/package-0';

  test('accepting lists the package and says what each channel shows; dismissing keeps the reason', async () => {
    await using world = await opened(2);
    const { queries } = world.database;
    const { cookie } = world.ada;
    const accepted = await sendForm(
      world.app,
      '/queue',
      { accept: at(ID), back: '/queue?mine=yes' },
      { cookie },
    );
    assert.match(accepted.headers.get('Location') ?? '', /^\/queue\?mine=yes&set=\d+$/);
    assert.deepEqual(
      (await statusesOf(queries, ['NSI-2017-0001'])).map(({ channel, value }) => [channel, value.status]),
      [
        ['nixos-16.09', 'affected'],
        ['nixos-17.03', 'not_affected'],
      ],
    );
    const dismissed = { dismiss: at('NSI-2017-0001/package-1'), reason: 'patched' };
    assert.equal((await sendForm(world.app, '/queue', dismissed, { cookie })).status, 303);
    const decisions = await decisionsOfIssues(queries, ['NSI-2017-0001']);
    assert.deepEqual(
      decisions.map(({ id, value, by }) => [id, value, by]),
      [
        [ID, { decision: 'accepted' }, world.ada.actor.id],
        ['NSI-2017-0001/package-1', { decision: 'dismissed', reason: 'patched' }, world.ada.actor.id],
      ],
    );
    const wordless = { deed: 'dismiss', reason: 'other', at: at('NSI-2017-0002/package-0') };
    assert.equal((await sendForm(world.app, '/queue', wordless, { cookie })).status, 400);
    const form = await (await world.app.request(`/queue/dismiss?at=${encodeURIComponent(at(ID))}`)).text();
    assert.match(form, /package-0 is not it/);
  });

  test('what is ticked is one change set; where somebody was faster, the others are done all the same', async () => {
    await using world = await opened(3);
    const { cookie } = world.ada;
    const headers = { Accept: 'application/json' };
    const ids = ['NSI-2017-0001/package-0', 'NSI-2017-0001/package-1', 'NSI-2017-0001/package-2'];
    await sendForm(world.app, '/queue', { dismiss: at(ids[1] ?? ''), reason: 'patched' }, { cookie });
    const form = formOf({ deed: 'accept', key: 'key-of-test' }, ids);
    const answer = await sendForm(world.app, '/queue', form, { cookie, headers });
    const { answers } = (await answer.json()) as { answers: { ids: string[]; outcome: string }[] };
    assert.deepEqual(
      answers.map(({ ids: [id], outcome }) => [id, outcome]),
      [
        [ids[0], 'accepted'],
        [ids[1], 'conflict'],
        [ids[2], 'accepted'],
      ],
    );
    const all = formOf(
      { deed: 'dismiss' },
      ['0', '1', '2'].map((n) => `NSI-2017-0002/package-${n}`),
    );
    const whole = await sendForm(world.app, '/queue', all, { cookie, headers });
    const { outcome, ids: together } = (await whole.json()) as { outcome: string; ids: string[] };
    assert.deepEqual([whole.status, outcome, together.length], [200, 'accepted', 3]);
  });

  test('skipping is one’s own and can be taken back; who may not decide proposes; visitors sign in first', async () => {
    await using world = await opened(1);
    const { cookie } = world.ada;
    const listed = async (person: TestPerson) =>
      (await world.json('/queue.json', person)).rows.map(({ id }) => id);
    await sendForm(world.app, '/queue', { skip: at(ID) }, { cookie });
    assert.ok(!(await listed(world.ada)).includes(ID));
    assert.ok((await listed(world.cleo)).includes(ID));
    await sendForm(world.app, '/queue', { deed: 'unskip', at: at(ID) }, { cookie });
    assert.ok((await listed(world.ada)).includes(ID));
    const proposed = await sendForm(
      world.app,
      '/queue',
      { accept: at(ID) },
      { cookie: world.cleo.cookie, headers: { Accept: 'application/json' } },
    );
    assert.equal(proposed.status, 202);
    assert.ok((await listed(world.ada)).includes(ID), 'a proposal decides nothing');
    assert.equal((await sendForm(world.app, '/queue', { accept: at(ID) })).status, 401);
    assert.equal(
      (await sendForm(world.app, '/queue', { accept: 'status/x#value@0' }, { cookie })).status,
      400,
    );
  });

  test('lines that are read anew say what became of them', async () => {
    await using world = await opened(1);
    const { rows } = await world.json('/queue.json');
    const [one, two] = rows;
    await sendForm(
      world.app,
      '/queue',
      { dismiss: at(one?.id ?? ''), reason: 'duplicate' },
      { cookie: world.ada.cookie },
    );
    const fragments = { 'Muster-Fragments': `head s${one?.number} s${two?.number}` };
    const html = await (await world.app.request('/queue', { headers: fragments })).text();
    assert.match(html, /data-partial/);
    assert.match(html, new RegExp(`line-gone" id="s${one?.number}"`));
    assert.match(html, /dismissed \(a duplicate\)<\/strong> <span class="quiet">by @lovelace/);
    assert.match(html, new RegExp(`class="line" id="s${two?.number}"`));
    assert.equal(html.match(/<tr /g)?.length, 2);
  });
});
