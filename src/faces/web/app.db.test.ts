import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect } from '#base/db';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { assertHarmless, assertInOrder, structureOf } from './page-structure.ts';
import { HOSTILE, NOW } from './sample-database.ts';
import { ASSETS, appOn, assertGuarded, CONFIG, parsed, SILENT, sampleApp } from './testing-app.ts';

const CACHED = 'public, max-age=0, s-maxage=60, must-revalidate';

const { sample, get, textOf } = sampleApp(testDatabase);

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
    [`/issues/${sample.ids.issue}`, `/issues/${sample.ids.issue}.json`],
    [`/issues/${sample.ids.mergedInto}`, `/issues/${sample.ids.mergedInto}.json`],
    [`/issues/${sample.ids.ended}`, `/issues/${sample.ids.ended}.json`],
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
    ['/proposals', '/proposals.json'],
    ['/proposals?state=accepted&topic=issue:NSI-2017-0001', '/proposals.json?author=me'],
    ['/history', '/history.json'],
    ['/history?who=people', '/history.json?of=issue:NSI-2017-0001&who=machine'],
    ['/events/1', '/events/1.json'],
    ['/keys', '/keys.json'],
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
      for (const one of ['Cookie', 'Authorization', 'Muster-Fragments'])
        assert.ok(response.headers.get('vary')?.includes(one), `${path} varies with ${one}`);
      assert.match(response.headers.get('etag') ?? '', /^"[0-9a-f]{40}"$/, path);
      const html = await response.text();
      assert.doesNotMatch(
        html,
        /<script(?! type="module" src="\/pages-[0-9a-f]{16}\.js"><\/script>)|<style|\sstyle=|\son[a-z]+="/i,
        path,
      );
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
      [`/search?q=${sample.ids.issue.toLowerCase()}`, `/issues/${sample.ids.issue}`, 302],
      [`/search.json?q=${sample.ids.issue}`, `/issues/${sample.ids.issue}.json`, 302],
      [`/issues/${sample.ids.merged}`, `/issues/${sample.ids.mergedInto}?merged=${sample.ids.merged}`, 308],
      [
        `/issues/${sample.ids.merged}.json`,
        `/issues/${sample.ids.mergedInto}.json?merged=${sample.ids.merged}`,
        308,
      ],
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
      const response = await sample.app.fetch(new Request(`http://muster.test${path}`));
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
    const secure = createApp({
      database: sample.database,
      config,
      assets: ASSETS,
      log: SILENT,
      now: () => NOW,
    });
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
    const failing = appOn(sample.database, {
      error: (...words: unknown[]) => logged.push(words),
      warn: () => {},
    });
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
