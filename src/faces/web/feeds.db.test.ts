import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SaxesParser } from 'saxes';
import { eventsOf } from '#base/db';
import { isUrl } from '#base/formats';
import { forgetNotices } from '#domain/issues';
import { redact, submit } from '#domain/proposals';
import { EDITABLES } from '#faces/editing';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { HOSTILE, NOW } from './sample-database.ts';
import { ASSETS, CONFIG, SILENT, sampleApp } from './testing-app.ts';
import { signIn } from './testing-people.ts';

const { sample, get, textOf } = sampleApp(testDatabase);

interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/** The tree of a document, by a parser that takes no mistake. */
function treeOf(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    assert.equal(uri, 'http://www.w3.org/2005/Atom', local);
    const values = Object.entries(attributes).map(([name, { value }]) => [name, value] as const);
    const element = { name: local, attributes: Object.fromEntries(values), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const last = open.at(-1);
    if (last !== undefined) last.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  const [feed] = root.children;
  assert.ok(feed !== undefined);
  return feed;
}

const named = ({ children }: Element, name: string) => children.filter((child) => child.name === name);
const textIn = (element: Element, name: string) => named(element, name)[0]?.text ?? '';
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** What RFC 4287 asks, rule by rule, of what we use of it. */
function assertAtom(feed: Element, self: string): void {
  assert.equal(feed.name, 'feed');
  const known = new Set(['id', 'title', 'subtitle', 'updated', 'author', 'link', 'generator', 'entry']);
  assert.deepEqual(
    feed.children.filter(({ name }) => !known.has(name)).map(({ name }) => name),
    [],
  );
  for (const one of ['id', 'title', 'updated']) assert.equal(named(feed, one).length, 1, `4.1.1: one ${one}`);
  assert.match(textIn(feed, 'id'), /^tag:[a-z.]+,2026:\S+$/);
  assert.match(textIn(feed, 'updated'), MOMENT);
  // 4.1.1: entries without an author need one of the feed; 3.2: a person has a name.
  assert.ok(named(feed, 'author').every((author) => textIn(author, 'name') !== ''));
  assert.equal(named(feed, 'author').length, 1);
  const links = named(feed, 'link');
  assert.deepEqual(
    links.filter(({ attributes }) => attributes.rel === 'self').map(({ attributes }) => attributes.href),
    [self],
  );
  assert.equal(links.filter(({ attributes }) => attributes.rel === 'alternate').length, 1);
  const ids: string[] = [];
  for (const entry of named(feed, 'entry')) {
    for (const one of ['id', 'title', 'updated'])
      assert.equal(named(entry, one).length, 1, `4.1.2: one ${one}`);
    for (const one of ['published', 'summary'])
      assert.ok(named(entry, one).length <= 1, `4.1.2: at most one ${one}`);
    assert.match(textIn(entry, 'updated'), MOMENT);
    for (const published of named(entry, 'published')) assert.match(published.text, MOMENT);
    for (const { attributes } of named(entry, 'link')) {
      assert.equal(attributes.rel, 'alternate');
      assert.ok(isUrl(attributes.href ?? ''), attributes.href);
    }
    for (const { attributes } of named(entry, 'category')) assert.ok(attributes.term !== '');
    ids.push(textIn(entry, 'id'));
  }
  assert.equal(new Set(ids).size, ids.length, '4.1.1: no two entries with one id');
}

const FEEDS = [
  '/feeds/issues.atom',
  '/feeds/roundups.atom',
  '/feeds/channels/nixos-16.09',
  '/feeds/packages/openssl',
];

describe('the feeds', () => {
  test('are what RFC 4287 says', async () => {
    for (const path of FEEDS) {
      const response = await get(path);
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get('content-type'), 'application/atom+xml; charset=utf-8');
      const feed = treeOf(await response.text());
      assertAtom(feed, `http://localhost${path}`);
      assert.ok(named(feed, 'entry').length > 0, path);
      const etag = response.headers.get('etag') ?? '';
      assert.equal((await get(path, { headers: { 'If-None-Match': etag } })).status, 304);
    }
    assert.equal((await get('/feeds/channels/none')).status, 404);
    assert.equal((await get('/feeds/packages/none')).status, 404);
  });

  test('of strange names are well-formed, too', async () => {
    const path = `/feeds/packages/${encodeURIComponent(`evil${HOSTILE}`)}`;
    const response = await get(path);
    assert.equal(response.status, 200);
    assertAtom(treeOf(await response.text()), `http://localhost${path}`);
  });

  test('are found from the pages that they are about', async () => {
    const links = async (path: string) =>
      [
        ...(await textOf(path)).matchAll(
          /<link rel="alternate" type="application\/atom\+xml" title="([^"]*)" href="([^"]*)"/g,
        ),
      ].map(([, , href]) => href);
    assert.deepEqual(await links('/'), ['/feeds/issues.atom', '/feeds/roundups.atom']);
    assert.deepEqual(await links('/issues'), ['/feeds/issues.atom']);
    assert.deepEqual(await links('/roundups/1'), ['/feeds/roundups.atom']);
    assert.deepEqual(await links('/channels/nixos-16.09'), ['/feeds/channels/nixos-16.09']);
    assert.deepEqual(await links('/packages/openssl'), ['/feeds/packages/openssl']);
    assert.deepEqual(await links('/sources'), []);
    assert.deepEqual(await links('/channels/none'), []);
  });

  test('tell of a decision under the same id, and forget what was redacted', async () => {
    const { database, ids } = sample;
    const before = treeOf(await textOf('/feeds/channels/nixos-16.09'));
    const idIn = (feed: Element) =>
      named(feed, 'entry').find((entry) => textIn(entry, 'title').includes(ids.issue));
    const { actor } = await signIn(database, 'ada', 'security');
    // After everything that the sample did, by the database's clock.
    const at = new Date(Date.now() + 3_600_000);
    const box = `${ids.issue}/openssl/nixos-16.09`;
    const value = { status: 'affected', note: 'unspeakable words' };
    const answer = await submit(
      database,
      actor,
      { changes: [{ kind: 'status', id: box, field: 'value', value, saw: 0 }] },
      { kinds: EDITABLES, rules: { secondOpinion: false }, at },
    );
    assert.equal(answer.outcome, 'accepted');
    const told = treeOf(await textOf('/feeds/channels/nixos-16.09'));
    assertAtom(told, 'http://localhost/feeds/channels/nixos-16.09');
    const entry = idIn(told);
    assert.match(entry === undefined ? '' : textIn(entry, 'summary'), /affected: unspeakable words/);
    const earlier = idIn(before);
    assert.ok(entry !== undefined && earlier !== undefined);
    assert.equal(textIn(entry, 'id'), textIn(earlier, 'id'));
    assert.equal(textIn(entry, 'updated'), at.toISOString());
    assert.match(await textOf('/feeds/packages/openssl'), /unspeakable/);

    const event = (await eventsOf(database.queries, 'issue', ids.issue)).find(
      ({ payload }) => payload?.kind === 'status',
    );
    await redact(database, actor, event?.id ?? 0, 'it hurts', {
      kinds: EDITABLES,
      copies: [forgetNotices],
      at: NOW,
    });
    for (const path of FEEDS) assert.doesNotMatch(await textOf(path), /unspeakable/, path);
  });

  test('bear the name of where they are reached', async () => {
    const config = { ...CONFIG, publicUrl: 'https://muster.example.org/' };
    const app = createApp({ database: sample.database, config, assets: ASSETS, log: SILENT, now: () => NOW });
    const feed = treeOf(await (await app.request('/feeds/issues.atom')).text());
    assertAtom(feed, 'https://muster.example.org/feeds/issues.atom');
    assert.equal(textIn(feed, 'id'), 'tag:muster.example.org,2026:issues');
  });
});
