import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Hono } from 'hono';
import { type Database, eventsOf, redactEvent } from '#base/db';
import { statusesOf } from '#domain/issues';
import { listProposals } from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { assertHarmless, assertInOrder, structureOf } from './page-structure.ts';
import { HOSTILE, type SampleIds, seedSample } from './sample-database.ts';
import { appOn, parsed } from './testing-app.ts';
import { sendForm, sendJson, signIn, type TestPerson } from './testing-people.ts';

const sample = {} as { database: Database; app: Hono; ids: SampleIds };
const OLD = 'nixos-16.09';
const NEW = 'nixos-unstable';

let ada: TestPerson;
let ben: TestPerson;
let cleo: TestPerson;

const get = (path: string, init?: RequestInit) => sample.app.request(path, init);

before(async () => {
  sample.database = await testDatabase();
  sample.ids = await seedSample(sample.database);
  sample.app = appOn(sample.database);
  ada = await signIn(sample.database, 'ada', 'triager');
  ben = await signIn(sample.database, 'ben', 'triager');
  cleo = await signIn(sample.database, 'cleo', 'contributor');
});
after(() => sample.database.close());

const box = (name: string, channel: string, issue = sample.ids.issue) => `${issue}/${name}/${channel}`;
const status = (id: string, value: unknown, saw = 0) => ({ kind: 'status', id, field: 'value', value, saw });
const json = (person: TestPerson | null, body: unknown) =>
  sendJson(sample.app, '/changes', body, { cookie: person?.cookie });
const form = (person: TestPerson, path: string, fields: [string, string][]) =>
  sendForm(sample.app, path, new URLSearchParams(fields), { cookie: person.cookie });
const pageOf = async (path: string, person?: TestPerson) => {
  const response = await get(path, person === undefined ? {} : { headers: { Cookie: person.cookie } });
  return response.text();
};
const versionOf = async (id: string) => {
  const rows = await statusesOf(sample.database.queries, [sample.ids.issue]);
  return rows.find((row) => `${row.issue}/${row.package}/${row.channel}` === id)?.version ?? 0;
};

describe('POST /changes, for programs', () => {
  test('accepts with 200, answers the same again, and what it holds already is no change', async () => {
    const changes = [status(box('openssl', OLD), { status: 'affected' })];
    const first = await json(ada, { changes, key: 'a-key-of-mine', remark: 'tried it' });
    assert.equal(first.status, 200);
    const answer = await parsed(first);
    assert.equal(answer.outcome, 'accepted');
    assert.deepEqual(
      [answer.made[0].subject, answer.made[0].words, answer.made[0].changed],
      [`openssl in ${OLD}`, 'affected', true],
    );
    const again = await parsed(await json(ada, { changes, key: 'a-key-of-mine' }));
    assert.deepEqual([again.outcome, again.proposal], ['accepted', answer.proposal]);
    const same = await parsed(await json(ben, { changes }));
    assert.deepEqual([same.outcome, same.made[0].changed], ['accepted', false]);
    const events = await eventsOf(sample.database.queries, 'issue', sample.ids.issue);
    assert.equal(events.filter(({ type }) => type === 'status.set').length, 1);
  });

  test('answers 409 with was, theirs, yours and who', async () => {
    const id = box('openssl', OLD);
    const saw = await versionOf(id);
    await json(ben, { changes: [status(id, { status: 'fixed', fixedIn: '1.0.2k' }, saw)] });
    const response = await json(ada, { changes: [status(id, { status: 'under_investigation' }, saw)] });
    assert.equal(response.status, 409);
    const { conflicts } = await parsed(response);
    assert.deepEqual(conflicts[0].words, {
      was: 'affected',
      theirs: 'fixed in 1.0.2k',
      yours: 'under investigation',
    });
    assert.deepEqual(
      [conflicts[0].was, conflicts[0].theirs, conflicts[0].yours, conflicts[0].byName],
      [
        { status: 'affected' },
        { status: 'fixed', fixedIn: '1.0.2k' },
        { status: 'under_investigation' },
        '@ben',
      ],
    );
    assert.equal(conflicts[0].version, await versionOf(id));
  });

  test('keeps what somebody without rights wants as a proposal, with 202', async () => {
    const response = await json(cleo, { changes: [status(box('openssl', NEW), { status: 'fixed' })] });
    assert.equal(response.status, 202);
    const { proposal, waitsFor } = await parsed(response);
    assert.equal(waitsFor, 'decision');
    assert.match(await pageOf(`/issues/${sample.ids.issue}`), new RegExp(`Proposal ${proposal}`));
    // Who may decide may leave it to others all the same.
    const only = await json(ada, {
      propose: true,
      changes: [status(box('openssl', NEW), { status: 'affected' })],
    });
    assert.equal(only.status, 202);
  });

  test('refuses with 403 and 422, each change with its reason', async () => {
    const visitor = await json(null, { changes: [status(box('openssl', NEW), { status: 'fixed' })] });
    assert.equal(visitor.status, 403);
    const wrong = await json(ada, {
      changes: [
        status(box('no-such-package-anywhere', NEW), { status: 'fixed' }),
        status(box('openssl', NEW), { status: 'fixed' }),
      ],
    });
    assert.equal(wrong.status, 422);
    assert.deepEqual(
      (await parsed(wrong)).refusals.map(({ subject, code }: { subject: string; code: string }) => [
        subject,
        code,
      ]),
      [[`no-such-package-anywhere in ${NEW}`, 'UNKNOWN']],
    );
    const listed = {
      kind: 'package',
      id: `${sample.ids.issue}/services.openssh`,
      field: 'value',
      value: 'module',
      saw: 0,
    };
    assert.equal((await json(ada, { changes: [listed] })).status, 200);
    // What the issue lists can have a status although no package set has it.
    const module = await json(ada, {
      changes: [status(box('services.openssh', NEW), { status: 'affected' })],
    });
    assert.equal(module.status, 200);
    for (const [name, kind] of [
      ['not an option!', 'module'],
      ['openssl-1.0', 'nix'],
      ['nix-2.3.1x', 'nix'],
    ]) {
      const bad = { ...listed, id: `${sample.ids.issue}/${name}`, value: kind };
      assert.equal((await json(ada, { changes: [bad] })).status, 422, name);
    }
    const nix = { ...listed, id: `${sample.ids.issue}/nix-2.3.1`, value: 'nix' };
    assert.equal((await json(ada, { changes: [nix] })).status, 200);
  });

  test('several sets are made each for itself', async () => {
    const answers = await parsed(
      await json(ada, {
        sets: [
          { changes: [status(box('openssl', 'nixos-16.03'), { status: 'affected' })] },
          { changes: [status(box('nothing', 'nixos-16.03'), { status: 'affected' })] },
          { changes: [status(box('openssl', OLD), { status: 'affected' }, 1)] },
        ],
      }),
    );
    assert.deepEqual(
      answers.answers.map(({ outcome, status: code }: { outcome: string; status: number }) => [
        outcome,
        code,
      ]),
      [
        ['accepted', 200],
        ['refused', 422],
        ['conflict', 409],
      ],
    );
  });

  test('what is no change set is refused, and never an error of ours', async () => {
    const change = status(box('openssl', OLD), { status: 'affected' });
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    for (const [body, wanted] of [
      ['', 400],
      ['null', 400],
      ['{}', 400],
      ['{"changes":[]}', 400],
      [JSON.stringify({ changes: [{ ...change, saw: -1 }] }), 400],
      [JSON.stringify({ changes: [{ ...change, id: 'a\u0000b' }] }), 400],
      [JSON.stringify({ changes: [{ ...change, id: `a\u0007b` }] }), 400],
      [JSON.stringify({ changes: [{ ...change, more: 1 }] }), 400],
      [JSON.stringify({ changes: [{ ...change, kind: '__proto__' }] }), 422],
      [JSON.stringify({ changes: [{ ...change, kind: 'constructor', field: 'prototype' }] }), 422],
      [
        JSON.stringify({ changes: [{ ...change, value: { status: 'affected', note: 'x'.repeat(5000) } }] }),
        422,
      ],
      [`{"changes":[{"kind":"status","id":"a/b/c","field":"value","saw":0,"value":${deep}}]}`, 400],
      [JSON.stringify({ changes: Array.from({ length: 2001 }, () => change) }), 400],
      [`{"changes": "${'x'.repeat(1024 * 1024)}"}`, 413],
      [Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ] as [string | Uint8Array, number][]) {
      const response = await sample.app.request('/changes', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Cookie: ada.cookie, Origin: 'http://localhost' },
        body: body as string,
      });
      assert.equal(response.status, wanted, String(body).slice(0, 100));
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
    }
    const note = { status: 'affected', note: `half \ud800 a character` };
    const half = await json(ada, {
      changes: [status(box('openssl', 'nixos-16.03'), note, await versionOf(box('openssl', 'nixos-16.03')))],
    });
    assert.equal(half.status, 200);
    const text = await sample.app.request('/changes', {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', Cookie: ada.cookie, Origin: 'http://localhost' },
      body: 'at=x',
    });
    assert.equal(text.status, 415);
  });
});

describe('POST /changes, for forms', () => {
  const at = async (id: string) => ['at', `status/${id}#value@${await versionOf(id)}`] as [string, string];

  test('leads back to the page, which says what was done, and the undo leads back too', async () => {
    const id = box('openssl', NEW);
    const response = await form(ada, '/changes', [
      await at(id),
      ['status', 'under_investigation'],
      ['back', '/roundups/1?x=1'],
    ]);
    assert.equal(response.status, 303);
    const [, set] = /^\/roundups\/1\?x=1&set=(\d+)#NSI-/.exec(response.headers.get('location') ?? '') ?? [];
    assert.ok(set !== undefined, response.headers.get('location') ?? '');
    const page = await pageOf(`/roundups/1?set=${set}`, ada);
    assert.match(page, /openssl in nixos-unstable: under investigation\./);
    assert.match(page, new RegExp(`action="/proposals/${set}/undo"`));
    assert.doesNotMatch(await pageOf(`/roundups/1?set=${set}`), /\/undo"/);
    const undone = await form(ada, `/proposals/${set}/undo`, [['back', '/roundups/1']]);
    assert.equal(undone.status, 303);
    assert.equal(await versionOf(id), 0);
    assert.match(await pageOf(undone.headers.get('location') ?? '', ada), /Took back entry \d+; openssl/);
  });

  test('never leads anywhere else', async () => {
    for (const back of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/\t/evil',
    ])
      for (const path of ['/changes']) {
        const response = await form(ada, path, [
          await at(box('openssl', NEW)),
          ['status', 'under_investigation'],
          ['back', back],
        ]);
        assert.equal(response.status, 303);
        const target = new URL(response.headers.get('location') ?? '', 'http://localhost');
        assert.equal(target.host, 'localhost', back);
      }
  });

  test('shows a conflict with both ways out, and what was typed when it is refused', async () => {
    const id = box('openssl', NEW);
    const seen = await at(id);
    await json(ben, { changes: [status(id, { status: 'affected' }, await versionOf(id))] });
    const conflict = await form(ada, '/changes', [
      seen,
      ['status', 'postponed'],
      ['until', '2099-01-01'],
      ['back', '/roundups/1'],
    ]);
    assert.equal(conflict.status, 409);
    const html = await conflict.text();
    assertHarmless(structureOf(html));
    assertInOrder(structureOf(html));
    assert.match(
      structureOf(html).text,
      /It was.*under investigation.*@ben set.*affected.*You set.*postponed until 2099-01-01/s,
    );
    const [, mine] = /name="change" value="([^"]*)"/.exec(html) ?? [];
    const change = (mine ?? '').replaceAll('&quot;', '"').replaceAll('&#34;', '"');
    const set = await form(ada, '/changes', [
      ['change', change],
      ['back', '/roundups/1'],
    ]);
    assert.equal(set.status, 303);

    const refused = await form(ada, '/changes', [
      await at(id),
      ['status', 'wont_fix'],
      ['link', 'ftp://x'],
      ['note', HOSTILE],
    ]);
    assert.equal(refused.status, 422);
    const again = await refused.text();
    assertHarmless(structureOf(again));
    assert.match(again, /must be an address that begins with/);
    assert.match(again, /&lt;script&gt;alert/);
    const empty = await form(ada, '/changes', [await at(id)]);
    assert.equal(empty.status, 422);
    assert.match(await empty.text(), /choose one of the states/);
  });

  test('a form for nothing, for what is not there, and for two kinds at once is refused', async () => {
    for (const path of [
      '/edit',
      '/edit?at=nonsense',
      `/edit?at=${encodeURIComponent('status/NSI-2099-0001/x/y#value@0')}`,
      `/edit?at=${encodeURIComponent('status/NSI-2099-0001/x/y#colour@0')}`,
      `/edit?at=${encodeURIComponent(`status/${box('openssl', OLD)}#value@0`)}&at=${encodeURIComponent(`issue/${sample.ids.issue}#title@0`)}`,
    ])
      assert.equal((await get(path)).status, 400, path);
  });

  test('every field of an issue has a form that can be read and sent', async () => {
    for (const [field, fields] of [
      ['title', [['value', 'openssl: crash in DHE']]],
      ['severity', [['value', 'high']]],
      ['summary', [['value', `# What it means\n${HOSTILE}`]]],
      ['claim', [['value', 'me']]],
      ['emergency', [['value', 'yes']]],
      ['help_wanted', [['value', 'yes']]],
      [
        'dismissed',
        [
          ['value', 'yes'],
          ['reason', 'disputed'],
          ['note', 'see the thread'],
        ],
      ],
    ] as [string, [string, string][]][]) {
      const at = `issue/${sample.ids.mergedInto}#${field}@0`;
      const html = await pageOf(`/edit?at=${encodeURIComponent(at)}`, ada);
      assertHarmless(structureOf(html));
      assertInOrder(structureOf(html));
      const response = await form(ada, '/changes', [['at', at], ...fields]);
      assert.equal(response.status, 303, field);
    }
  });
});

test('somebody without rights cannot bury those who decide', async () => {
  const dora = await signIn(sample.database, 'dora', 'contributor');
  const sets = Array.from({ length: 310 }, () => ({
    changes: [status(box('openssl', NEW), { status: 'affected' }, 1_000_000)],
  }));
  const response = await json(dora, { sets });
  assert.equal(response.status, 429);
  assert.match((await parsed(response)).message, /go on in \d+ seconds/);
});

describe('proposals', () => {
  const propose = async (value: unknown, id = box('openssl', 'nixos-16.03'), saw = 0) => {
    const answer = await parsed(await json(cleo, { changes: [status(id, value, saw)], remark: HOSTILE }));
    assert.equal(answer.outcome, 'proposed', JSON.stringify(answer));
    return answer.proposal as number;
  };

  test('are listed by state, author and page, without what was made at once', async () => {
    const id = await propose(
      { status: 'fixed' },
      box('openssl', 'nixos-16.03'),
      await versionOf(box('openssl', 'nixos-16.03')),
    );
    const html = await pageOf('/proposals', ada);
    assertHarmless(structureOf(html));
    assertInOrder(structureOf(html));
    assert.match(html, new RegExp(`id="proposal-${id}"`));
    const mine = await parsed(await get('/proposals.json?author=me', { headers: { Cookie: cleo.cookie } }));
    assert.ok(mine.proposals.every(({ author }: { author: { label: string } }) => author.label === '@cleo'));
    const theirs = await parsed(await get('/proposals.json?author=@ada'));
    assert.ok(theirs.proposals.every(({ author }: { author: { label: string } }) => author.label === '@ada'));
    const here = await parsed(await get(`/proposals.json?topic=issue:${sample.ids.issue}`));
    assert.ok(here.proposals.length > 0);
    assert.equal((await parsed(await get('/proposals.json?topic=issue:NSI-2099-0001'))).proposals.length, 0);
    const accepted = await parsed(await get('/proposals.json?state=accepted'));
    assert.deepEqual(accepted.proposals, []);
    assert.ok((await listProposals(sample.database.queries, { state: 'accepted' })).length > 3);
  });

  test('a stale one says what changed and by whom, and is accepted by who has seen that', async () => {
    const channel = box('openssl', 'nixos-16.03');
    const saw = await versionOf(channel);
    const id = await propose({ status: 'fixed', fixedIn: '9' }, channel, saw);
    await json(ben, { changes: [status(channel, { status: 'under_investigation', note: 'again' }, saw)] });
    const html = await pageOf(`/proposals/${id}`, ada);
    assert.match(structureOf(html).text, /something changed since/);
    assert.match(structureOf(html).text, /Now it is under investigation: again, set by @ben/);
    const blind = await form(ada, `/proposals/${id}/accept`, []);
    assert.equal(blind.status, 409);
    assert.match(structureOf(await blind.text()).text, /@ben set.*under investigation: again/s);
    const [, seen] = /name="saw" value="([^"]*)"/.exec(html) ?? [];
    const response = await form(ada, `/proposals/${id}/accept`, [['saw', seen ?? '']]);
    assert.equal(response.status, 303);
    const page = await pageOf(`/proposals/${id}`, ada);
    assert.match(structureOf(page).text, /accepted by @ada/);
    assert.match(page, /Undo all of it/);
  });

  test('are amended in the form in which they were made, with the credit kept', async () => {
    const channel = box('openssl', 'nixos-16.03');
    const saw = await versionOf(channel);
    const id = await propose({ status: 'affected', note: 'mine' }, channel, saw);
    const html = await pageOf(`/proposals/${id}/amend`, ada);
    assertHarmless(structureOf(html));
    assertInOrder(structureOf(html));
    assert.match(html, /name="0\.status" value="affected" checked/);
    const bad = await form(ada, `/proposals/${id}/amend`, [['0.at', `status/${channel}#value@${saw}`]]);
    assert.equal(bad.status, 422);
    const good = await form(ada, `/proposals/${id}/amend`, [
      ['0.at', `status/${channel}#value@${saw}`],
      ['0.status', 'affected'],
      ['0.note', 'only with DHE'],
      ['reason', 'I looked closer'],
    ]);
    assert.equal(good.status, 303, await good.text());
    const [proposal] = await listProposals(sample.database.queries, { author: cleo.actor.id, limit: 1 });
    assert.equal(proposal?.amended?.length, 1);
    assert.match(structureOf(await pageOf(`/proposals/${id}`)).text, /accepted, amended by @ada/);
    const events = await eventsOf(sample.database.queries, 'issue', sample.ids.issue);
    assert.equal(events.at(-1)?.payload?.author, cleo.actor.id);
    assert.match(
      structureOf(await pageOf(`/issues/${sample.ids.issue}?events=people`)).text,
      /as @cleo proposed/,
    );
  });

  test('are rejected with a reason, and taken back by their author alone', async () => {
    const id = await propose({ status: 'fixed' }, box('openssl', OLD), await versionOf(box('openssl', OLD)));
    assert.equal((await form(ada, `/proposals/${id}/reject`, [['reason', ' ']])).status, 400);
    assert.equal((await form(cleo, `/proposals/${id}/accept`, [])).status, 403);
    assert.equal((await form(ada, `/proposals/${id}/withdraw`, [])).status, 403);
    const rejected = await form(ada, `/proposals/${id}/reject`, [
      ['reason', 'it is not in 16.09'],
      ['back', '/proposals'],
    ]);
    assert.deepEqual([rejected.status, rejected.headers.get('location')], [303, '/proposals']);
    assert.equal((await form(ada, `/proposals/${id}/accept`, [])).status, 409);
    const own = await propose({ status: 'fixed' }, box('openssl', OLD), await versionOf(box('openssl', OLD)));
    assert.equal((await form(cleo, `/proposals/${own}/withdraw`, [])).status, 303);
    assert.equal((await get('/proposals/999999')).status, 404);
    assert.equal((await form(ada, '/proposals/999999/accept', [])).status, 404);
  });
});

describe('the history', () => {
  test('has a page for every entry, says people’s from the machine’s, and forgets what was erased', async () => {
    const { database } = sample;
    const events = await eventsOf(database.queries, 'issue', sample.ids.issue);
    const set = events.find(({ type }) => type === 'status.set');
    assert.ok(set !== undefined);
    const html = await pageOf(`/events/${set.id}`, ada);
    assertHarmless(structureOf(html));
    assertInOrder(structureOf(html));
    assert.match(structureOf(html).text, /Before it.*unknown/s);
    const people = await parsed(await get(`/history.json?of=issue:${sample.ids.issue}&who=people`));
    assert.ok(people.entries.length > 3);
    assert.ok(people.entries.every(({ machine }: { machine: boolean }) => !machine));
    const machine = await parsed(await get(`/history.json?of=issue:${sample.ids.issue}&who=machine`));
    assert.ok(machine.entries.length > 0);
    assert.ok(machine.entries.every((entry: { machine: boolean }) => entry.machine));
    await database.transaction((tx) => redactEvent(tx, set.id, { actor: ada.actor.id, reason: 'a name' }));
    const erased = await pageOf(`/events/${set.id}`, ada);
    assert.match(structureOf(erased).text, /something that was erased since/);
    assert.doesNotMatch(erased, /\/undo"/);
  });

  test('tells nobody but security of accounts', async () => {
    const history = await parsed(await get('/history.json', { headers: { Cookie: ada.cookie } }));
    assert.ok(history.entries.every(({ words }: { words: string }) => !words.includes('account')));
    const { rows } = await sample.database.pool.query(
      "select id from event where entity = 'account' limit 1",
    );
    assert.equal((await get(`/events/${rows[0].id}`, { headers: { Cookie: ada.cookie } })).status, 404);
    const boss = await signIn(sample.database, 'boss', 'security');
    assert.equal((await get(`/events/${rows[0].id}`, { headers: { Cookie: boss.cookie } })).status, 200);
  });

  test('an entry is taken back by a form, once', async () => {
    const id = box('openssl', NEW);
    const answer = await parsed(
      await json(ada, {
        changes: [status(id, { status: 'affected', note: 'for the undo' }, await versionOf(id))],
      }),
    );
    const event = answer.made[0].version;
    const response = await form(ada, `/events/${event}/undo`, [['back', `/issues/${sample.ids.issue}`]]);
    assert.equal(response.status, 303);
    assert.match(response.headers.get('location') ?? '', /undone=\d+/);
    const again = await form(ada, `/events/${event}/undo`, []);
    assert.equal(again.status, 303, 'it holds that value already');
    assert.equal((await form(cleo, `/events/${event}/undo`, [])).status, 403);
    assert.equal((await form(ada, '/events/1/undo', [])).status, 404);
  });
});
