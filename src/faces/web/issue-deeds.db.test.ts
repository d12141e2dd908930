import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { eventsOf } from '#base/db';
import {
  atomsOf,
  commentsOf,
  createIssue,
  issueById,
  issuesOfVulnerability,
  packagesOfIssues,
  receiveReport,
  watchesOf,
} from '#domain/issues';
import { listRules } from '#domain/matching';
import { listProposals } from '#domain/proposals';
import { EDITABLES, sendChanges } from '#faces/editing';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { HOSTILE, NOW, seedSample } from './sample-database.ts';
import { ASSETS, CONFIG, parsed, SILENT } from './testing-app.ts';
import { sendForm, signIn, type TestPerson } from './testing-people.ts';

const RULES = { secondOpinion: false };

async function opened() {
  const database = await testDatabase();
  const ids = await seedSample(database);
  const app = createApp({
    database,
    config: CONFIG,
    assets: ASSETS,
    log: SILENT,
    now: () => NOW,
    keepSeconds: 0,
  });
  const sid = await signIn(database, 'sid', 'security');
  const ada = await signIn(database, 'ada', 'triager');
  const cleo = await signIn(database, 'cleo');
  const page = async (path: string, person?: TestPerson) =>
    app.request(path, person === undefined ? {} : { headers: { Cookie: person.cookie } });
  const html = async (path: string, person?: TestPerson) => (await page(path, person)).text();
  const send = (path: string, fields: Record<string, string> | URLSearchParams, { cookie }: TestPerson) =>
    sendForm(app, path, fields, { cookie });
  const own = async (product: string, title: string) => {
    const options = { kinds: EDITABLES, rules: RULES, at: NOW, key: `key-${product}-${title.length}` };
    return (await createIssue(database, ada.actor, { product, title }, options)).issue ?? '';
  };
  return {
    database,
    ids,
    app,
    sid,
    ada,
    cleo,
    page,
    html,
    send,
    own,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

const DRAFT = {
  key: 'a-form-of-the-tests',
  product: 'frobd',
  title: 'frobd: it frobs everybody',
  summary: 'Everybody is **frobbed**.',
  severity: 'high',
  references: 'https://blog.example/frobd\n\nhttps://lists.example/frobd',
  attributes: 'frobd',
  modules: 'services.frobd',
  releases: 'nix-2.3.1',
  published: '2017-02-28',
};

describe('opening an issue of one’s own', () => {
  test('a triager’s is there at once, with all that the form says', async () => {
    await using world = await opened();
    const { database, send, ada } = world;
    const answer = await send('/issues/new', DRAFT, ada);
    const [, id = ''] =
      /^\/issues\/(NSI-2017-\d+)\?set=\d+$/.exec(answer.headers.get('location') ?? '') ?? [];
    assert.deepEqual([answer.status, id === ''], [303, false], await answer.text());
    const issue = await parsed(await world.page(`/issues/${id}.json`));
    assert.deepEqual(
      [issue.title, issue.severity, issue.summary, issue.opened.slice(0, 10)],
      ['frobd: it frobs everybody', 'high', 'Everybody is **frobbed**.', '2017-02-28'],
    );
    assert.deepEqual(
      (await packagesOfIssues(database.queries, [id])).map((each) => [each.package, each.kind]),
      [
        ['frobd', 'attribute'],
        ['nix-2.3.1', 'nix'],
        ['services.frobd', 'module'],
      ],
    );
    const html = await world.html(`/issues/${id}`, ada);
    assert.match(html, /Everybody is <strong>frobbed<\/strong>/);
    assert.match(html, /listed as a <a [^>]*>NixOS module/);
    assert.match(html, /name="cell" value="NSI-2017-\d+\/nixos-16\.09\/services\.frobd@0"/);
    assert.equal(
      (await send('/issues/new', DRAFT, ada)).headers.get('location')?.startsWith(`/issues/${id}`),
      true,
    );
  });

  test('a contributor’s is a proposal, a visitor is told how else', async () => {
    await using world = await opened();
    const answer = await world.send('/issues/new', DRAFT, world.cleo);
    assert.match(answer.headers.get('location') ?? '', /^\/proposals\/\d+$/);
    const [proposal] = await listProposals(world.database.queries, { state: 'open', limit: 5 });
    assert.equal(proposal?.author, world.cleo.actor.id);
    const html = await world.html('/issues/new');
    assert.doesNotMatch(html, /<textarea/);
    assert.match(html, /href="\/report"/);
  });

  test('what is wrong is said at its field, and nothing that was typed is lost', async () => {
    await using world = await opened();
    for (const [wrong, words] of [
      [{ title: '' }, /This is needed/],
      [{ references: 'ftp://x' }, /ftp:\/\/x: is no address of the web/],
      [{ attributes: 'no such thing' }, /no such thing is no name of a package/],
      [{ attributes: 'nosuchthing' }, /no channel has or had a package of that name/],
      [{ releases: 'nix' }, /that is no release of Nix/],
      [{ references: HOSTILE }, /&lt;script&gt;/],
    ] as const) {
      const answer = await world.send(
        '/issues/new',
        { ...DRAFT, summary: 'still here', ...wrong },
        world.ada,
      );
      const html = await answer.text();
      assert.equal(answer.status, 422, html);
      assert.match(html, words);
      assert.match(html, />still here</);
    }
  });

  test('of what a visitor sent it is the decision on that', async () => {
    await using world = await opened();
    const { database, ada, cleo } = world;
    const options = { sender: 'x', securityContact: null, securityKey: null, at: NOW };
    const report = { isPublic: true, words: 'frobd frobs', url: 'https://blog.example/', package: 'frobd' };
    const received = await receiveReport(database, report, options);
    const number = received.outcome === 'received' ? String(received.id) : '';
    assert.equal((await world.page(`/issues/new?intake=${number}`, cleo)).status, 403);
    const form = await world.html(`/issues/new?intake=${number}`, ada);
    assert.match(form, />frobd frobs</);
    assert.match(form, />https:\/\/blog\.example\/</);
    const answer = await world.send('/issues/new', { ...DRAFT, intake: number, saw: '0' }, ada);
    assert.equal(answer.headers.get('location'), `/intake?done=${number}`);
    const one = await parsed(await world.page(`/intake/${number}.json`, ada));
    assert.match(one.decided.words, /^a new issue: frobd/);
    assert.match(one.decided.issue, /^NSI-2017-/);
  });
});

describe('on the page of an issue', () => {
  test('what is said has an address, mentions lead to people, and nothing acts', async () => {
    await using world = await opened();
    const { ids, send, cleo, ada, sid, database } = world;
    const form = { body: `@ada see CVE-2017-3731 ${HOSTILE}`, after: '0' };
    const answer = await send(`/issues/${ids.issue}/comments`, form, cleo);
    const [comment] = await commentsOf(database.queries, [ids.issue]);
    assert.equal(answer.headers.get('location'), `/issues/${ids.issue}#comment-${comment?.id}`);
    await send(`/issues/${ids.issue}/comments`, form, cleo);
    assert.equal((await commentsOf(database.queries, [ids.issue])).length, 1, 'sent twice is said once');
    const html = await world.html(`/issues/${ids.issue}`);
    assert.ok(html.includes(`id="comment-${comment?.id}"`));
    assert.match(html, /<a href="\/people\/ada"[^>]*>@ada<\/a>/);
    assert.match(html, /<a href="\/CVE-2017-3731"[^>]*>CVE-2017-3731<\/a>/);
    assert.ok(!html.includes(HOSTILE));
    assert.match(html, /takes an account/);
    assert.doesNotMatch(await world.html(`/issues/${ids.issue}`, ada), /#body%40|%23body/);
    assert.match(await world.html(`/issues/${ids.issue}`, cleo), /%23body%40/);
    assert.match(await world.html(`/issues/${ids.issue}`, sid), /Take back/);
    const edit = await world.html(
      `/edit?at=comment/${ids.issue}/${comment?.id}%23body@${comment?.version}`,
      cleo,
    );
    assert.match(edit, />\s*Save\s*</);
    const { comments } = await parsed(await world.page(`/issues/${ids.issue}.json`));
    assert.deepEqual(
      [comments.older, comments.shown[0].number, comments.shown[0].may],
      [false, comment?.id, null],
    );
  });

  test('a hundred comments are shown, and the others by a link', async () => {
    await using world = await opened();
    const { ids, database } = world;
    await sql`insert into comment (issue, author, body, version) select ${ids.issue}, 'person:1', 'words ' || n, n
      from generate_series(1, 103) n`.execute(database.queries);
    const path = `/issues/${ids.issue}.json`;
    const some = await parsed(await world.page(path));
    assert.deepEqual([some.comments.shown.length, some.comments.older], [100, true]);
    const all = await parsed(await world.page(`${path}?comments=all`));
    assert.deepEqual([all.comments.shown.length, all.comments.older], [103, false]);
  });

  test('a package, a module and a release of Nix are listed under it, or proposed', async () => {
    await using world = await opened();
    const { ids, send, ada, cleo, database } = world;
    const list = (name: string, kind: string, who = ada) =>
      send(`/issues/${ids.issue}/packages`, { package: name, kind }, who);
    assert.equal((await list('services.openssh', 'module')).status, 303);
    assert.equal((await list('nix-2.3.1', 'nix', cleo)).status, 303);
    assert.equal((await list('nosuchthing', 'attribute')).status, 400);
    assert.equal((await list('openssl', 'thing')).status, 400);
    assert.deepEqual(
      (await packagesOfIssues(database.queries, [ids.issue])).map((each) => [each.package, each.kind]),
      [['services.openssh', 'module']],
    );
    const [proposal] = await listProposals(database.queries, { state: 'open', limit: 5 });
    assert.equal(proposal?.changes[0]?.id, `${ids.issue}/nix-2.3.1`);
  });

  test('watching begins and ends, on an issue and on a package', async () => {
    await using world = await opened();
    const { ids, send, cleo, database } = world;
    for (const [topic, path] of [
      [`issue:${ids.issue}`, `/issues/${ids.issue}`],
      ['package:openssl', '/packages/openssl'],
    ] as const) {
      assert.match(await world.html(path, cleo), /aria-pressed="false"/);
      const answer = await send('/watch', { topic, watch: 'yes', back: path }, cleo);
      assert.equal(answer.headers.get('location'), path);
      assert.match(await world.html(path, cleo), /aria-pressed="true"/);
      assert.doesNotMatch(await world.html(path), /aria-pressed/);
      assert.ok(!(await (await world.page(`${path}.json`, cleo)).text()).includes('watched'));
      await send('/watch', { topic, watch: 'no' }, cleo);
    }
    assert.deepEqual(await watchesOf(database.queries, cleo.account.id), []);
  });
});

describe('what is one issue, and what is two', () => {
  test('is decided by security, with what moves before their eyes, and taken back from the history', async () => {
    await using world = await opened();
    const { database, own, send, sid, ada } = world;
    const [a, b] = [await own('alpha', 'alpha forgets'), await own('beta', 'beta forgets')];
    const set = async (issue: string, value: string) => {
      const field = { kind: 'issue', id: issue, field: 'severity', saw: 0 };
      await sendChanges(database, ada.actor, { changes: [{ ...field, value }] }, { rules: RULES, at: NOW });
    };
    await set(a, 'high');
    await set(b, 'low');
    for (const path of [`/issues/${a}/merge`, `/issues/${a}/split`]) {
      assert.equal((await world.page(path)).status, 303);
      assert.equal((await world.page(path, ada)).status, 403);
    }
    assert.equal((await send(`/issues/${a}/merge`, { with: b, reason: 'x' }, ada)).status, 403);
    const preview = await world.html(`/issues/${a}/merge?with=${b.toLowerCase()}`, sid);
    assert.match(preview, /title: alpha: alpha forgets|severity<\/strong>: high/);
    assert.match(preview, /<strong>severity<\/strong>: high <span class="quiet">or<\/span> low/);
    assert.match(
      await world.html(`/issues/${a}/merge?with=NSI-1999-0001`, sid),
      /There is no issue NSI-1999-0001/,
    );
    assert.match(await world.html(`/issues/${a}/merge?with=${a}`, sid), /one issue already/);
    assert.equal((await send(`/issues/${a}/merge`, { with: b, reason: ' ' }, sid)).status, 422);
    const flaw = (await atomsOf(database.queries, [b]))[0]?.vulnerability ?? '';
    const merged = await send(`/issues/${a}/merge`, { with: b, reason: 'one fix' }, sid);
    assert.deepEqual([merged.status, merged.headers.get('location')], [303, `/issues/${a}`]);
    assert.equal((await issueById(database.queries, b))?.redirect, a);
    assert.equal((await atomsOf(database.queries, [a])).length, 2);

    const history = [
      ...(await eventsOf(database.queries, 'issue', a)),
      ...(await eventsOf(database.queries, 'issue', b)),
    ];
    const entry = history.find(({ type }) => type === 'issue.merge_decided');
    const address = `/events/${entry?.id}`;
    assert.match(await world.html(`/issues/${a}`, sid), new RegExp(`href="${address}#take-back"`));
    assert.doesNotMatch(await world.html(`/issues/${a}`, ada), /#take-back/);
    assert.equal((await send(`${address}/undo`, { reason: 'two fixes' }, ada)).status, 403);
    assert.equal((await send(`${address}/undo`, {}, sid)).status, 400);
    const revoked = await send(`${address}/undo`, { reason: 'two fixes' }, sid);
    assert.equal(revoked.status, 303);
    assert.equal((await atomsOf(database.queries, [a])).length, 1);
    // An id that led elsewhere once leads there for good: the part has one of its own.
    assert.equal((await issueById(database.queries, b))?.redirect, a);
    const [apart] = await issuesOfVulnerability(database.queries, flaw);
    assert.ok(apart !== undefined && apart.id !== a && apart.id !== b, JSON.stringify(apart));
    assert.equal((await send(`${address}/undo`, { reason: 'two fixes' }, sid)).status, 404);
    assert.doesNotMatch(await world.html(`/issues/${a}`, sid), /#take-back/);
  });

  test('a part is taken out by its vulnerabilities, or by a report that names them', async () => {
    await using world = await opened();
    const { database, ids, send, sid } = world;
    const atoms = await atomsOf(database.queries, [ids.mergedInto]);
    const names = atoms.map(({ vulnerability }) => vulnerability);
    assert.equal(names.length, 2);
    const path = `/issues/${ids.mergedInto}/split`;
    const nothing = await send(path, { deed: 'preview' }, sid);
    assert.deepEqual([nothing.status, /both sides need one/.test(await nothing.text())], [422, true]);
    const all = new URLSearchParams([
      ...names.map((name) => ['vulnerability', name] as [string, string]),
      ['deed', 'preview'],
    ]);
    assert.equal((await send(path, all, sid)).status, 422);
    const byReport = await send(path, { deed: 'preview', report: 'debian/DSA-9002-1' }, sid);
    const html = await byReport.text();
    assert.equal(byReport.status, 200);
    assert.match(html, /What becomes two/);
    assert.match(html, /name="vulnerability" value="CVE-2017-90002"( checked)?\/?>/);
    const split = { vulnerability: 'CVE-2017-90002', deed: 'split' };
    assert.equal((await send(path, split, sid)).status, 422, 'without a reason');
    const answer = await send(path, { ...split, reason: 'two fixes' }, sid);
    assert.equal(answer.status, 303);
    const taken = answer.headers.get('location')?.replace('/issues/', '') ?? '';
    assert.deepEqual(
      (await atomsOf(database.queries, [taken])).map(({ vulnerability }) => vulnerability),
      ['CVE-2017-90002'],
    );
  });
});

describe('rules', () => {
  test('are listed with what they say, and taken back by security; others propose that', async () => {
    await using world = await opened();
    const { database, sid, cleo, send } = world;
    const value = {
      ...{ attr: 'openssl', vendor: 'acme', product: 'openssl', reason: 'wrong_product' as const },
      ...{ note: HOSTILE, expiresOn: '2017-09-01', channel: 'nixos-16.09', versions: [{ max: '2.0' }] },
    };
    const change = { kind: 'rule', id: 'rule-of-tests', field: 'value', value, saw: 0 };
    await sendChanges(database, sid.actor, { changes: [change] }, { rules: RULES, at: NOW });
    const { rows } = await parsed(await world.page('/rules.json?package=openssl'));
    const [rule] = rows;
    assert.deepEqual(
      [
        rule.says.product,
        rule.says.package,
        rule.says.channel,
        rule.says.versions,
        rule.expiresOn,
        rule.state,
      ],
      ['acme:openssl', 'openssl', 'nixos-16.09', ['before 2.0'], '2017-09-01', 'holds'],
    );
    assert.deepEqual((await parsed(await world.page('/rules.json?package=frobd'))).rows, []);
    const visitors = await world.html('/rules');
    assert.ok(!visitors.includes(HOSTILE));
    assert.doesNotMatch(visitors, /Take back|Propose to/);
    const form = async (person: TestPerson) => {
      const html = await world.html('/rules', person);
      const text = /name="change" value="([^"]+)"/.exec(html)?.[1] ?? '';
      return { change: text.replaceAll('&quot;', '"'), back: '/rules' };
    };
    assert.equal((await send('/changes', await form(cleo), cleo)).status, 303);
    assert.equal((await listProposals(database.queries, { state: 'open', limit: 5 })).length, 1);
    assert.equal((await listRules(database.queries))[0]?.revokedAt, null);
    assert.equal((await send('/changes', await form(sid), sid)).status, 303);
    const [after] = (await parsed(await world.page('/rules.json'))).rows;
    assert.deepEqual([after.state, after.says], ['taken back', null]);
    assert.match(await world.html('/queue'), /href="\/rules"/);
  });
});
