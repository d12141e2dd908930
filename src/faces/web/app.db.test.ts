import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Hono } from 'hono';
import pg from 'pg';
import { loadConfig } from '#base/config';
import { connect, type Database } from '#base/db';
import { renderMarkdown, roundupView } from '#domain/roundup';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { loadAssets } from './assets.ts';
import { assertHarmless, assertInOrder, structureOf } from './page-structure.ts';
import { HOSTILE, NOW, type SampleIds, seedSample } from './sample-database.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const CACHED = 'public, max-age=0, s-maxage=60, must-revalidate';
const CONFIG = loadConfig({});
const ASSETS = loadAssets();
const SILENT = { error: () => {}, warn: () => {} };

let database: Database;
let app: Hono;
let ids: SampleIds;

before(async () => {
  database = await testDatabase();
  ids = await seedSample(database);
  app = appOn(database);
});
after(() => database.close());

function appOn(store: Database, log: Parameters<typeof createApp>[0]['log'] = SILENT): Hono {
  return createApp({ database: store, config: CONFIG, assets: ASSETS, log, now: () => NOW, keepSeconds: 0 });
}

const get = (path: string, init?: RequestInit) => app.request(path, init);
const textOf = async (path: string) => (await get(path)).text();
const jsonOf = async (path: string) => parsed(await get(path));

/** What a test looks into is as it is asked for; the types of the pages are checked where they are made. */
// biome-ignore lint/suspicious/noExplicitAny: see above
async function parsed(response: Response): Promise<any> {
  return response.json();
}

/** What must hold of every answer, whatever it is. */
function assertGuarded(response: Response, path: string): void {
  const { headers } = response;
  assert.equal(headers.get('content-security-policy'), POLICY, path);
  assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
  assert.equal(headers.get('x-frame-options'), 'DENY', path);
  assert.equal(headers.get('referrer-policy'), 'no-referrer', path);
  assert.equal(headers.get('set-cookie'), null, path);
  assert.equal(headers.get('x-powered-by'), null, path);
}

/** Pages with their JSON: addresses that a reader comes to. */
function pages(): [page: string, json: string][] {
  const evil = encodeURIComponent(`evil${HOSTILE}`);
  return [
    ['/', '/index.json'],
    ['/roundups', '/roundups.json'],
    ['/roundups/1', '/roundups/1.json'],
    ['/issues', '/issues.json'],
    ['/issues?severity=critical&product=openssl&q=open&page=1', '/issues.json?severity=critical'],
    ['/issues?q=nothing+is+called+so', '/issues.json?q=nothing'],
    [`/issues/${ids.issue}`, `/issues/${ids.issue}.json`],
    [`/issues/${ids.mergedInto}`, `/issues/${ids.mergedInto}.json`],
    [`/issues/${ids.ended}`, `/issues/${ids.ended}.json`],
    ['/packages', '/packages.json'],
    ['/packages?q=requests', '/packages.json?q=requests'],
    ['/packages?q=nothing-like-it', '/packages.json?q=nothing-like-it'],
    ['/packages/openssl', '/packages/openssl.json'],
    ['/packages/haskellPackages.json', '/packages/haskellPackages.json.json'],
    [`/packages/${evil}`, `/packages/${evil}.json`],
    ['/channels', '/channels.json'],
    ['/channels/nixos-16.09', '/channels/nixos-16.09.json'],
    ['/channels/nixos-16.03', '/channels/nixos-16.03.json?page=999999'],
    ['/reports/debian/DSA-3773-1', '/reports/debian/DSA-3773-1.json'],
    ['/reports/gentoo/GLSA-201702-07', '/reports/gentoo/GLSA-201702-07.json'],
    ['/reports/nvd/CVE-2017-3731', '/reports/nvd/CVE-2017-3731.json'],
    ['/sources', '/sources.json'],
    ['/CVE-2017-3731', '/CVE-2017-3731.json'],
    ['/vulnerabilities/CVE-2017-3731', '/vulnerabilities/CVE-2017-3731.json'],
    ['/CVE-2017-90010', '/CVE-2017-90010.json'],
    ['/CVE-2017-90011', '/CVE-2017-90011.json'],
    ['/CVE-2031-99999', '/CVE-2031-99999.json'],
    ['/vulnerabilities/GHSA-23fc-mqrv-wx89', '/vulnerabilities/GHSA-23fc-mqrv-wx89.json'],
    ['/search', '/search.json'],
    ['/search?q=openssl', '/search.json?q=openssl'],
    [`/search?q=${encodeURIComponent(HOSTILE)}`, `/search.json?q=${encodeURIComponent(HOSTILE)}`],
  ];
}

describe('every page', () => {
  test('answers with a harmless page, guarded headers and an ETag', async () => {
    for (const [path] of pages()) {
      const response = await get(path);
      assert.equal(response.status, 200, path);
      assertGuarded(response, path);
      assert.match(response.headers.get('content-type') ?? '', /^text\/html; charset=utf-8$/i, path);
      assert.equal(response.headers.get('cache-control'), CACHED, path);
      assert.match(response.headers.get('vary') ?? '', /Cookie/, path);
      assert.match(response.headers.get('etag') ?? '', /^"[0-9a-f]{40}"$/, path);
      const html = await response.text();
      assert.doesNotMatch(html, /<script|<style|\sstyle=|\son[a-z]+="/i, path);
      assertHarmless(structureOf(html));
      assertInOrder(structureOf(html));
    }
  });

  test('is not sent again to whoever has it', async () => {
    for (const [page, json] of pages()) {
      for (const path of [page, json]) {
        const etag = (await get(path)).headers.get('etag') ?? '';
        const again = await get(path, { headers: { 'If-None-Match': `W/${etag}, "other"` } });
        assert.equal(again.status, 304, path);
        assert.equal(await again.text(), '', path);
        assert.equal(again.headers.get('etag'), etag, path);
        assert.equal(again.headers.get('cache-control'), CACHED, path);
        assertGuarded(again, path);
        assert.equal((await get(path, { headers: { 'If-None-Match': '"other"' } })).status, 200, path);
      }
    }
  });

  test('answers HEAD as GET, without the body', async () => {
    for (const [page, json] of pages()) {
      for (const path of [page, json]) {
        const [head, whole] = [await get(path, { method: 'HEAD' }), await get(path)];
        assert.equal(head.status, whole.status, path);
        assert.equal(head.headers.get('etag'), whole.headers.get('etag'), path);
        assert.equal(head.headers.get('content-type'), whole.headers.get('content-type'), path);
        assert.equal(await head.text(), '', path);
        assertGuarded(head, path);
      }
    }
  });

  test('is there as JSON, which no browser takes for a page', async () => {
    for (const [, path] of pages()) {
      const response = await get(path);
      assert.equal(response.status, 200, path);
      assertGuarded(response, path);
      assert.equal(response.headers.get('content-type'), 'application/json', path);
      const data = await parsed(response);
      assert.equal(typeof data, 'object', path);
      assert.ok(Object.keys(data).length > 0, path);
      assert.equal('frame' in data, false, path);
    }
  });

  test('links only to addresses that answer', async () => {
    const seen = new Set<string>();
    const wrong: string[] = [];
    for (const [path] of pages()) {
      for (const { attributes } of structureOf(await textOf(path)).elements) {
        const href = attributes.href?.replace(/#.*$/, '');
        if (href === undefined || !href.startsWith('/') || seen.has(href) || href.includes('theme='))
          continue;
        seen.add(href);
        const { status } = await get(href);
        if (![200, 302, 308].includes(status)) wrong.push(`${status} ${href} on ${path}`);
      }
    }
    assert.ok(seen.size > 30, `only ${seen.size} links`);
    assert.deepEqual(wrong, []);
  });

  test('is compressed for whoever takes that', async () => {
    const response = await get('/roundups/1', { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(response.headers.get('content-encoding'), 'gzip');
    assert.match(response.headers.get('vary') ?? '', /Cookie.*Accept-Encoding/);
    const etag = response.headers.get('etag') ?? '';
    await response.body?.cancel();
    const again = await get('/roundups/1', { headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': etag } });
    assert.equal(again.status, 304);
  });
});

describe('addresses', () => {
  test('that were meant otherwise lead on', async () => {
    const moves: [from: string, to: string, status: number][] = [
      ['/roundup', '/roundups/1', 302],
      ['/roundup/1', '/roundups/1', 308],
      ['/issue/NSI-2017-0001?x=1', '/issues/NSI-2017-0001?x=1', 308],
      ['/package/python27Packages.requests', '/packages/python27Packages.requests', 308],
      ['/channel/nixos-16.09', '/channels/nixos-16.09', 308],
      ['/report/redhat/RHSA-2017%3A0286', '/reports/redhat/RHSA-2017%3A0286', 308],
      ['/report/a/b%2Fc/raw', '/reports/a/b%2Fc/raw', 308],
      ['/vulnerability/CVE-2017-3731', '/vulnerabilities/CVE-2017-3731', 308],
      ['/cve-2017-3731', '/CVE-2017-3731', 308],
      ['/CAN-2017-3731.json', '/CVE-2017-3731.json', 308],
      ['/roundups/1/', '/roundups/1', 308],
      ['/search?q=cve+2017-3731', '/CVE-2017-3731', 302],
      ['/search?q=dsa-3773-1', '/reports/debian/DSA-3773-1', 302],
      ['/search?q=haskellPackages.json', '/packages/haskellPackages.json', 302],
      [`/search?q=${ids.issue.toLowerCase()}`, `/issues/${ids.issue}`, 302],
      [`/search.json?q=${ids.issue}`, `/issues/${ids.issue}.json`, 302],
      [`/issues/${ids.merged}`, `/issues/${ids.mergedInto}?merged=${ids.merged}`, 308],
      [`/issues/${ids.merged}.json`, `/issues/${ids.mergedInto}.json?merged=${ids.merged}`, 308],
    ];
    for (const [from, to, status] of moves) {
      const response = await get(from);
      assert.deepEqual([response.status, response.headers.get('location')], [status, to], from);
      assertGuarded(response, from);
    }
  });

  test('never lead elsewhere', async () => {
    for (const path of [
      '//evil.example/?theme=dark',
      '//evil.example/',
      '/\\evil.example/?theme=dark',
      '/%2F/evil.example/?theme=light',
      '/issue//evil.example/',
      '/issue/%2F%2Fevil.example',
      '/search/?theme=dark&q=//evil.example',
    ]) {
      const response = await app.fetch(new Request(`http://muster.test${path}`));
      const location = response.headers.get('location');
      if (location !== null)
        assert.equal(
          new URL(location, 'http://muster.test').host,
          'muster.test',
          `${path} leads to ${location}`,
        );
    }
  });

  test('that do not exist say what may have been meant', async () => {
    const cases: [path: string, words: RegExp][] = [
      ['/nope', /There is no page for “nope”/],
      ['/packages/openss', /Did you mean.*openssl/s],
      ['/issues/NSI-2017-2', /issue<\/span> <a href="\/issues\/NSI-2017-0002"/],
      ['/somewhere/CVE-2017-3731', /vulnerability<\/span> <a href="\/CVE-2017-3731"/],
      ['/issues/NSI-2017-9999', /no page for “NSI-2017-9999”/],
      ['/roundups/99', /no page for “99”/],
      ['/roundups/0', /no page for “0”/],
      ['/roundups/1e3', /no page/],
      ['/roundups/99999999999999999999', /no page/],
      ['/channels/nixos-99.99', /no page/],
      ['/channels/__proto__', /no page/],
      ['/packages/constructor', /no page/],
      ['/reports/debian/DSA-1', /no page/],
      ['/reports/__proto__/toString', /no page/],
      ['/reports/debian/DSA-1/raw', /no page for “DSA-1”/],
      ['/sources/quarantine/99999/raw', /no page/],
      ['/sources/quarantine/1e1/raw', /no page/],
      ['/style-0000000000000000.css', /no page/],
      ['/vulnerabilities/nonsense', /no page/],
      [`/packages/${encodeURIComponent(HOSTILE)}`, /&lt;script&gt;/],
    ];
    for (const [path, words] of cases) {
      const response = await get(path);
      assert.equal(response.status, 404, path);
      assertGuarded(response, path);
      assert.equal(response.headers.get('cache-control'), 'no-store', path);
      const html = await response.text();
      assert.match(html, words, path);
      assertHarmless(structureOf(html));
      assertInOrder(structureOf(html));
    }
    const asJson = await get('/packages/openss.json');
    assert.equal(asJson.status, 404);
    const { error, suggestions } = await parsed(asJson);
    assert.equal(error, 'NOT_FOUND');
    assert.equal(suggestions[0].href, '/packages/openssl');
  });
});

describe('what cannot be asked', () => {
  test('is refused with a page that says why', async () => {
    const long = 'x'.repeat(5000);
    const cases: [path: string, status: number][] = [
      ['/%', 400],
      ['/%E0%A4%A', 400],
      ['/packages/%ff', 400],
      ['/packages/open%00ssl', 400],
      ['/packages/a%0d%0aSet-Cookie:%20x=1', 400],
      ['/search?q=%ff', 400],
      ['/search?q=%', 400],
      [`/search?q=${'x'.repeat(201)}`, 400],
      [`/${long}`, 414],
      [`/search?q=${long}`, 414],
      [`/search?${'a=1&'.repeat(21)}`, 400],
      ['/issues?severity=apocalyptic', 400],
      ['/?theme=pink', 400],
      ...['0', '-1', '1.5', 'abc', '1e3', '10000000', '', '%00', '9'.repeat(30)].map(
        (page): [string, number] => [`/channels/nixos-16.09?page=${page}`, 400],
      ),
      ['/sources?page=x', 400],
      ['/issues.json?page=x', 400],
    ];
    for (const [path, status] of cases) {
      const response = await get(path);
      assert.equal(response.status, status, path.slice(0, 80));
      assertGuarded(response, path.slice(0, 80));
      assert.equal(response.headers.get('cache-control'), 'no-store');
      const text = await response.text();
      if (path.includes('.json')) assert.match(JSON.parse(text).message, /page/);
      else assertHarmless(structureOf(text));
      for (const [name, value] of response.headers) assert.doesNotMatch(`${name}${value}`, /[\r\n]/);
    }
  });

  test('is everything but reading', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      for (const path of ['/', '/issues', '/nope', '/healthz', '/?theme=dark']) {
        const response = await get(path, { method });
        assert.equal(response.status, 405, `${method} ${path}`);
        assert.equal(response.headers.get('allow'), 'GET, HEAD');
        assertGuarded(response, `${method} ${path}`);
      }
    }
  });

  test('takes line breaks and NUL out of what is searched for', async () => {
    for (const q of ['open%0d%0assl', 'open%00ssl', 'open%e2%80%a8ssl']) {
      const response = await get(`/search.json?q=${q}`);
      assert.equal(response.status, 200);
      assert.equal((await parsed(response)).words, 'open ssl', q);
    }
  });

  test('finds signs of patterns as themselves', async () => {
    for (const q of ['%25', '_', '%5C', "'", '%22', '%3B--'])
      for (const path of [`/search.json?q=${q}`, `/packages.json?q=${q}`, `/issues.json?q=${q}`]) {
        const response = await get(path);
        assert.equal(response.status, 200, path);
        const found = await parsed(response);
        assert.equal((found.issues?.rows ?? found.rows ?? []).length, 0, path);
      }
  });
});

describe('the roundup', () => {
  test('is the very object of the room as JSON, and its markdown as markdown', async () => {
    const view = await roundupView(database.queries, CONFIG.team, 1);
    assert.ok(view.lines >= 2, 'the sample opens a roundup with lines');
    assert.deepEqual(await jsonOf('/roundups/1.json'), JSON.parse(JSON.stringify(view)));
    const markdown = await get('/roundups/1.md');
    assert.equal(await markdown.text(), renderMarkdown(view));
    assert.equal(markdown.headers.get('content-type'), 'text/markdown; charset=utf-8');
    assertGuarded(markdown, '.md');
    const again = await get('/roundups/1.md', {
      headers: { 'If-None-Match': markdown.headers.get('etag') ?? '' },
    });
    assert.equal(again.status, 304);
  });

  test('stands in the bar of every page with what is done', async () => {
    assert.match(structureOf(await textOf('/sources')).text, /Roundup 1 1 of \d/);
  });
});

describe('the issue', () => {
  test('shows what others did, where we stand and why', async () => {
    const { text } = structureOf(await textOf(`/issues/${ids.issue}`));
    assert.match(text, /DSA-3773-1.*2017-01-27first.*1\.0\.1t-1\+deb8u6/s);
    assert.match(text, /GLSA-201702-07.*18 days/s);
    assert.match(text, /affected1\.0\.2j/);
    const data = await jsonOf(`/issues/${ids.issue}.json`);
    assert.equal(data.severityBy, 'NVD');
    assert.deepEqual(data.roundups, [1]);
    assert.equal(data.advisories[0].patches[0].url.slice(0, 34), 'https://github.com/openssl/openssl');
    assert.ok(data.reports.length >= 2 && data.reports.every(({ why }: { why: string[] }) => why.length > 0));
  });

  test('never says absent of a channel that was never read', async () => {
    const { packages } = await jsonOf(`/issues/${ids.issue}.json`);
    assert.deepEqual(
      packages[0].cells.map(({ channel, verdict }: Record<string, string>) => [channel, verdict]),
      [
        ['nixos-16.03', 'unknown'],
        ['nixos-16.09', 'affected'],
        ['nixos-unstable', 'unknown'],
      ],
    );
    for (const path of ['/issues.json', '/packages/openssl.json']) {
      const data = await jsonOf(path);
      const rows = data.rows ?? data.suggestions;
      for (const { cells } of rows)
        for (const cell of cells)
          if (cell.channel === 'nixos-16.03') assert.equal(cell.verdict, 'unknown', path);
    }
  });

  test('says what became part of it, if it truly did', async () => {
    const note = `${ids.merged} became part of this issue.`;
    assert.ok((await textOf(`/issues/${ids.mergedInto}?merged=${ids.merged}`)).includes(note));
    assert.ok(!(await textOf(`/issues/${ids.issue}?merged=${ids.merged}`)).includes('became part'));
    assert.ok(!(await textOf(`/issues/${ids.issue}?merged=NSI-2017-9999`)).includes('became part'));
    const moved = await get(`/issues/${ids.merged}`);
    assert.match(await moved.text(), new RegExp(`It became part of .*${ids.mergedInto}`));
  });

  test('says that it has ended', async () => {
    assert.match(await textOf(`/issues/${ids.ended}`), /last report was taken back on \d{4}-\d\d-\d\d/);
    const listed = await jsonOf('/issues.json');
    assert.ok(
      !listed.rows.some(({ issue }: { issue: string }) => issue === ids.ended || issue === ids.merged),
    );
  });
});

describe('lists and counts', () => {
  test('home counts what the channels show', async () => {
    const home = await jsonOf('/index.json');
    const channel = await jsonOf('/channels/nixos-16.09.json');
    const row = home.channels.find(
      ({ channel: head }: { channel: { name: string } }) => head.name === 'nixos-16.09',
    );
    assert.deepEqual(row.affected, channel.counts.affected);
    const shown = Object.values<number>(channel.counts.affected).concat(
      Object.values<number>(channel.counts.unknown),
    );
    assert.equal(
      channel.suggestions.total,
      shown.reduce((a, b) => a + b, 0),
    );
    assert.equal(channel.suggestions.rows[0].severity, 'critical');
    assert.deepEqual(
      home.burning.map(({ issue, channels }: { issue: string; channels: string[] }) => [issue, channels]),
      [[ids.issue, ['nixos-16.09']]],
    );
    assert.equal(home.roundup.completed, 1);
    assert.deepEqual(
      home.waiting.find(({ label }: { label: string }) => label.includes('quarantine')).count,
      1,
    );
  });

  test('an issue that was merged or has ended is counted nowhere', async () => {
    const { channels } = await jsonOf('/channels.json');
    for (const { channel, affected, unknown } of channels) {
      const { suggestions } = await jsonOf(`/channels/${channel.name}.json`);
      const open = suggestions.rows.map(({ issue }: { issue: string }) => issue);
      assert.ok(!open.includes(ids.merged) && !open.includes(ids.ended));
      const total = Object.values<number>(affected).reduce((a, b) => a + b, 0) + unknown;
      assert.equal(total, open.length, channel.name);
    }
  });

  test('a package shows what concerns the one that stands for it', async () => {
    for (const attr of ['openssl', 'openssl_1_0_2']) {
      const { suggestions } = await jsonOf(`/packages/${attr}.json`);
      assert.deepEqual(
        suggestions.map(({ title }: { title: string }) => title.split(':')[0]),
        ['openssl'],
        attr,
      );
      const cell = suggestions[0].cells.find(({ channel }: { channel: string }) => channel === 'nixos-16.09');
      assert.equal(cell.verdict, 'affected', attr);
    }
  });

  test('a package shows no mail address, and no link that runs something', async () => {
    for (const path of ['/packages/openssl', '/packages/openssl.json'])
      assert.doesNotMatch(await textOf(path), /someone@example\.org/);
    const evil = await textOf(`/packages/${encodeURIComponent(`evil${HOSTILE}`)}`);
    assert.doesNotMatch(evil, /href="javascript:/);
  });

  test('what lies past the last page is the last page', async () => {
    const { page, pages, rows } = await jsonOf('/issues.json?page=999999');
    assert.deepEqual([page, pages], [1, 1]);
    assert.ok(rows.length > 0);
  });
});

describe('are we hit?', () => {
  const answers = async (id: string) => {
    const { channels } = await jsonOf(`/${id}.json`);
    return Object.fromEntries(
      channels.map(({ channel, answer }: { channel: { name: string }; answer: string }) => [
        channel.name,
        answer,
      ]),
    );
  };

  test('is answered for each channel by the one vulnerability, not by its whole issue', async () => {
    assert.deepEqual(await answers('CVE-2017-3731'), {
      'nixos-16.03': 'no_packages',
      'nixos-16.09': 'affected',
      'nixos-unstable': 'not_affected',
    });
    assert.deepEqual(await answers('CVE-2016-7056'), {
      'nixos-16.03': 'no_packages',
      'nixos-16.09': 'unknown',
      'nixos-unstable': 'unknown',
    });
  });

  test('is never answered by silence', async () => {
    assert.match(await textOf('/CVE-2017-3731'), /It looks so: nixos-16\.09\./);
    assert.match(await textOf('/CVE-2017-90010'), /Nobody has looked yet/);
    assert.equal((await answers('CVE-2017-90010'))['nixos-16.09'], 'no_issue');
    assert.equal((await answers('CVE-2017-90003'))['nixos-16.09'], 'absent');
    assert.match(await textOf('/CVE-2017-90011'), /The number was withdrawn/);
    assert.match(await textOf('/CVE-2031-99999'), /never heard of it/);
    assert.equal((await answers('CVE-2031-99999'))['nixos-unstable'], 'unheard');
  });

  test('names the issues', async () => {
    const { issues } = await jsonOf('/CVE-2017-3731.json');
    assert.deepEqual(
      issues.map(({ id }: { id: string }) => id),
      [ids.issue],
    );
  });
});

describe('raw documents', () => {
  test('come as they were, as a file of plain text without an origin', async () => {
    const response = await get('/reports/gentoo/GLSA-201702-07/raw');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(
      response.headers.get('content-disposition'),
      'attachment; filename="gentoo-GLSA-201702-07.txt"',
    );
    assert.equal(
      response.headers.get('content-security-policy'),
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    );
    const text = await response.text();
    assert.ok(text.startsWith('<?xml'));
    const { raw } = await jsonOf('/reports/gentoo/GLSA-201702-07.json');
    assert.equal(raw.bytes, Buffer.byteLength(text));
  });

  test('keys may have any sign in them', async () => {
    const key = `a/b:c%2F..?#é "'<>;\u2028`;
    await database.pool.query('update report set key = $1 where key = $2', [key, 'DSA-3773-1']);
    try {
      const path = `/reports/debian/${encodeURIComponent(key)}`;
      const data = await jsonOf(`${path}.json`);
      assert.equal(data.id, key);
      assert.equal(data.raw.href, `${path}/raw`);
      const response = await get(data.raw.href);
      assert.equal(response.status, 200);
      assert.match(
        response.headers.get('content-disposition') ?? '',
        /^attachment; filename="[A-Za-z0-9._-]+\.txt"$/,
      );
      assert.match(await response.text(), /DSA-3773-1/);
      assert.ok((await textOf('/CVE-2017-3731')).includes(`href="${path.replaceAll("'", '&#39;')}"`));
    } finally {
      await database.pool.query('update report set key = $1 where key = $2', ['DSA-3773-1', key]);
    }
  });

  test('also of what stands in quarantine', async () => {
    const { quarantine } = await jsonOf('/sources.json');
    assert.equal(quarantine.total, 1);
    const response = await get(quarantine.rows[0].raw);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-disposition') ?? '', /^attachment;/);
    assert.ok((await response.text()).includes('script'));
  });
});

describe('the theme', () => {
  test('is the one cookie, set by nobody but the reader', async () => {
    const chosen = await get('/search?q=a%26b&theme=dark');
    assert.equal(chosen.status, 303);
    assert.equal(chosen.headers.get('location'), '/search?q=a%26b');
    assert.equal(chosen.headers.get('cache-control'), 'no-store');
    assert.equal(
      chosen.headers.get('set-cookie'),
      'theme=dark; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax',
    );
    const dark = await (await get('/', { headers: { Cookie: 'theme=dark' } })).text();
    assert.match(dark, /<html lang="en" data-theme="dark">/);
    assert.match(dark, /href="\/\?theme=light"/);
    assert.match(dark, /href="\/\?theme=system"/);
    const forged = await (
      await get('/', { headers: { Cookie: `theme=${encodeURIComponent(HOSTILE)}` } })
    ).text();
    assert.match(forged, /<html lang="en">/);
    const forgotten = await get('/?theme=system', { headers: { Cookie: 'theme=dark' } });
    assert.match(forgotten.headers.get('set-cookie') ?? '', /^theme=; Max-Age=0;/);
    assert.equal(forgotten.headers.get('location'), '/');
  });

  test('travels by https alone where others come by https', async () => {
    const config = { ...CONFIG, publicUrl: 'https://muster.example.org' };
    const secure = createApp({ database, config, assets: ASSETS, log: SILENT, now: () => NOW });
    const chosen = await secure.request('/?theme=dark');
    assert.match(chosen.headers.get('set-cookie') ?? '', /; Secure/);
    assert.equal(chosen.headers.get('strict-transport-security'), 'max-age=15552000');
    assert.equal((await get('/')).headers.get('strict-transport-security'), null);
  });
});

describe('what machines ask for', () => {
  test('the stylesheet never changes under its name', async () => {
    const { path, text } = ASSETS.stylesheet;
    const response = await get(path);
    assert.equal(response.status, 200);
    assert.equal(await response.text(), text);
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(response.headers.get('content-type'), 'text/css; charset=utf-8');
    assert.ok((await textOf('/')).includes(`href="${path}"`));
  });

  test('health, robots and the icon', async () => {
    const health = await get('/healthz');
    assert.deepEqual(
      [health.status, await health.text(), health.headers.get('cache-control')],
      [200, 'ok\n', 'no-store'],
    );
    assert.match(await textOf('/robots.txt'), /^User-agent: \*\nDisallow: \/search\n/);
    assert.equal((await get('/favicon.ico')).headers.get('content-type'), 'image/svg+xml');
  });
});

describe('when something fails', () => {
  test('a database that is gone is said to be gone, and the page tells nothing of the inside', async () => {
    const logged: unknown[][] = [];
    // Port 9 is "discard": nobody listens there.
    const broken = appOn(connect({ host: '127.0.0.1', port: 9 }), {
      error: (...words: unknown[]) => logged.push(words),
      warn: () => {},
    });
    for (const path of ['/', '/nope', '/issues/NSI-2017-0001', '/roundups/1.json', '/sources']) {
      logged.length = 0;
      const response = await broken.request(path);
      assert.equal(response.status, 503, path);
      assert.equal(response.headers.get('retry-after'), '10');
      assertGuarded(response, path);
      const text = await response.text();
      const [details] = logged[0] as [{ errorId: string; err: Error }];
      assert.ok(text.includes(details.errorId), path);
      assert.doesNotMatch(text, /node_modules|\.ts\b|kysely|at async|pool|127\.0\.0\.1|ECONN/i, path);
    }
    const health = await broken.request('/healthz');
    assert.deepEqual([health.status, await health.text()], [503, 'the database does not answer\n']);
    assert.equal((await broken.request(ASSETS.stylesheet.path)).status, 200);
  });

  test('what nobody foresaw is a 500 with an id that stands in the log', async () => {
    const logged: unknown[][] = [];
    const failing = appOn(database, { error: (...words: unknown[]) => logged.push(words), warn: () => {} });
    failing.get('/fails', () => {
      throw new Error('secret detail');
    });
    const response = await failing.request('/fails');
    assert.equal(response.status, 500);
    assertGuarded(response, '/fails');
    const text = await response.text();
    assert.doesNotMatch(text, /secret detail/);
    const [details] = logged[0] as [{ errorId: string; url: string; err: Error }];
    assert.equal(details.err.message, 'secret detail');
    assert.ok(text.includes(details.errorId));
  });
});

describe('how much a page asks the database', () => {
  test('the number of queries does not grow with the page', async () => {
    for (const [path, most] of [
      ['/', 12],
      ['/roundups/1', 14],
      [`/issues/${ids.issue}`, 24],
      ['/issues', 8],
      ['/channels/nixos-16.09', 10],
      ['/packages/openssl', 12],
      ['/CVE-2017-3731', 16],
    ] as const) {
      const count = await countQueries(() => get(path));
      assert.ok(count <= most, `${path} asks ${count} times`);
    }
  });
});

async function countQueries(work: () => Response | Promise<Response>): Promise<number> {
  const { query } = pg.Client.prototype;
  let count = 0;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    count += 1;
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return count;
}
