import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { MusterError } from '#base/errors';
import { type LocalServer, serveLocally } from '../../../test/http-server.ts';
import { type HttpClient, makeHttpClient } from './client.ts';
import { type DownloadOptions, download } from './download.ts';

interface Place {
  server: LocalServer;
  client: HttpClient;
  file: string;
  get(options?: Partial<DownloadOptions>, path?: string): ReturnType<typeof download>;
}

async function serve(t: TestContext, answer: RequestListener): Promise<Place> {
  const server = await serveLocally(answer);
  const client = makeHttpClient({ contact: 'security@example.org', pauseMs: 1, local: true, silenceMs: 400 });
  const folder = mkdtempSync(join(tmpdir(), 'muster-http-'));
  t.after(async () => {
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'a', 'list');
  return {
    ...{ server, client, file },
    get: (options = {}, path = '/list') =>
      download(client, `${server.url}${path}`, file, { maxBytes: 100_000, ...options }),
  };
}

function fails(why: RegExp) {
  return (error: unknown) =>
    error instanceof MusterError && error.code === 'FETCH_FAILED' && why.test(error.message);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('download', () => {
  test('keeps the bytes, their hash and the validators, and says who asks', async (t) => {
    const { server, file, get } = await serve(t, (_request, response) => {
      response.setHeader('etag', '"1"').end('hello');
    });
    assert.deepEqual(await get(), {
      ...{ kind: 'fetched', path: file, received: 5, hash: sha256('hello'), etag: '"1"', lastModified: null },
    });
    assert.equal(readFileSync(file, 'utf8'), 'hello');
    assert.match(server.asked[0]?.headers['user-agent'] ?? '', /Muster .*security@example\.org/);
  });

  test('asks under both conditions, since some servers look at one of them only', async (t) => {
    const { server, get } = await serve(t, (request, response) => {
      const same = request.headers['if-modified-since'] === 'Thu, 01 Jun 2017 00:00:00 GMT';
      response.writeHead(same ? 304 : 200).end();
    });
    const known = { etag: '"1"', lastModified: 'Thu, 01 Jun 2017 00:00:00 GMT' };
    assert.deepEqual(await get({ known }), { kind: 'unchanged' });
    assert.equal(server.asked[0]?.headers['if-none-match'], '"1"');
  });

  test('a 304 to a question without a condition is no answer', async (t) => {
    const { get } = await serve(t, (_request, response) => void response.writeHead(304).end());
    await assert.rejects(get(), fails(/answered 304/));
  });

  test('tries again after 503, 524 and a body that breaks off after 200', async (t) => {
    const { server, file, get } = await serve(t, (_request, response) => {
      const times = server.asked.length;
      if (times === 1) response.writeHead(503, { 'retry-after': '0' }).end();
      else if (times === 2) response.writeHead(524).end();
      else if (times === 3) {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        setTimeout(() => response.destroy(), 20);
      } else response.end('whole');
    });
    await get();
    assert.equal(server.asked.length, 4);
    assert.equal(readFileSync(file, 'utf8'), 'whole');
  });

  test('goes on where a cut download stopped, also for a later process', async (t) => {
    const whole = 'abcdefghij'.repeat(10);
    const { server, file, get } = await serve(t, (request, response) => {
      const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
      if (from !== undefined && request.headers['if-range'] === '"v1"') {
        const rest = whole.slice(Number(from));
        const range = `bytes ${from}-${whole.length - 1}/${whole.length}`;
        response.writeHead(206, { 'content-range': range, etag: '"v1"' }).end(rest);
        return;
      }
      response.writeHead(200, { 'content-length': String(whole.length), etag: '"v1"' });
      response.write(whole.slice(0, 40));
      // Cut once what came is on disk.
      const timer = setInterval(() => {
        if (!existsSync(`${file}.part`) || statSync(`${file}.part`).size < 40) return;
        clearInterval(timer);
        response.destroy();
      }, 5);
    });
    await assert.rejects(get({ attempts: 1 }), fails(/./));
    const got = await get({ attempts: 1 });
    assert.equal(readFileSync(file, 'utf8'), whole);
    assert.ok(got.kind === 'fetched' && got.received < whole.length && got.hash === sha256(whole));
    assert.equal(server.asked.length, 2);
    assert.ok(!existsSync(`${file}.part`) && !existsSync(`${file}.part.json`));
  });

  test('takes the whole where the content changed since it was cut, and where ranges are ignored', async (t) => {
    const { file, get, server } = await serve(t, (_request, response) => {
      if (server.asked.length === 1) {
        response.writeHead(200, { 'content-length': '50', etag: '"v1"' }).write('old bytes');
        setTimeout(() => response.destroy(), 20);
      } else response.setHeader('etag', '"v2"').end('new bytes, whole');
    });
    await get();
    assert.equal(readFileSync(file, 'utf8'), 'new bytes, whole');
  });

  test('begins anew where a range is refused, or is another one than was asked for', async (t) => {
    const { file, get, server } = await serve(t, (request, response) => {
      const times = server.asked.length;
      if (times === 1 || times === 3) {
        response.writeHead(200, { 'content-length': '50', etag: '"v1"' }).write('begun');
        setTimeout(() => response.destroy(), 20);
      } else if (request.headers.range === undefined) response.end('whole');
      else if (times === 2) response.writeHead(416).end();
      else response.writeHead(206, { 'content-range': 'bytes 0-4/50' }).end('other');
    });
    await get({ attempts: 6 });
    assert.equal(readFileSync(file, 'utf8'), 'whole');
  });

  for (const [name, range, bytes] of [
    ['fewer than are missing', 'bytes 5-6/11', ' w'],
    ['of a whole of unknown size', 'bytes 5-10/*', ' world'],
    ['other ones than it says', 'bytes 5-10/11', ' wor'],
  ] as const)
    test(`begins anew where a range brings bytes ${name}`, async (t) => {
      const { file, get, server } = await serve(t, (request, response) => {
        if (server.asked.length === 1) {
          response.writeHead(200, { 'content-length': '11', etag: '"v1"' }).write('hello');
          setTimeout(() => response.destroy(), 50);
        } else if (request.headers.range === undefined) response.end('hello world');
        else response.writeHead(206, { 'content-range': range, etag: '"v1"' }).end(bytes);
      });
      const got = await get();
      assert.equal(readFileSync(file, 'utf8'), 'hello world');
      assert.ok(got.kind === 'fetched' && got.hash === sha256('hello world'));
      const ranges = server.asked.map(({ headers }) => headers.range);
      assert.deepEqual(ranges, [undefined, 'bytes=5-', undefined]);
    });

  test('undoes the encoding that it travelled in, but not that of a packed file', async (t) => {
    const { file, get } = await serve(t, (request, response) => {
      const packed = request.url?.endsWith('.gz') === true;
      assert.equal(request.headers['accept-encoding'], packed ? 'identity' : 'gzip');
      response.setHeader('content-encoding', 'gzip').end(gzipSync('plain'));
    });
    const got = await get();
    assert.equal(readFileSync(file, 'utf8'), 'plain');
    assert.ok(got.kind === 'fetched' && got.hash === sha256('plain'));
  });

  test('stops at the limit also after decompression', async (t) => {
    const { get, server } = await serve(t, (_request, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(5_000_000)));
    });
    await assert.rejects(get(), fails(/larger than 100000 bytes/));
    assert.equal(server.asked.length, 1);
  });

  const refusals: [string, RequestListener, RegExp, number][] = [
    ['404, at once', (_q, r) => void r.writeHead(404).end(), /answered 404/, 1],
    ['403, at once', (_q, r) => void r.writeHead(403).end(), /answered 403/, 1],
    ['500, after four attempts', (_q, r) => void r.writeHead(500).end(), /answered 500/, 4],
    ['an answer that is too large', (_q, r) => void r.end('x'.repeat(200_000)), /larger than 100000/, 1],
    [
      'redirects without an end',
      (q, r) => void r.writeHead(302, { location: `${q.url}x` }).end(),
      /leads elsewhere once too often/,
      6,
    ],
    ['a circle of redirects', (q, r) => void r.writeHead(302, { location: q.url }).end(), /loop/, 1],
  ];
  for (const [name, answer, why, asked] of refusals) {
    test(`gives up on ${name}`, async (t) => {
      const { server, get } = await serve(t, answer);
      await assert.rejects(get(), fails(why));
      assert.equal(server.asked.length, asked);
    });
  }

  test('gives up on a body that falls silent', async (t) => {
    const { get } = await serve(t, (_request, response) => void response.writeHead(200).write('x'));
    await assert.rejects(get({ attempts: 1 }), fails(/timeout/i));
  });

  test('gives up on a body that trickles for ever', async (t) => {
    const { get } = await serve(t, (_request, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    await assert.rejects(get({ attempts: 1, timeoutMs: 200 }), fails(/took too long/));
  });

  test('gives up on a redirect whose body trickles for ever', async (t) => {
    const { get } = await serve(t, (_request, response) => {
      response.writeHead(302, { location: '/elsewhere' });
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const signal = AbortSignal.timeout(5000);
    await assert.rejects(get({ attempts: 1, timeoutMs: 200, signal }), fails(/took too long/));
  });

  test('asks a host for one thing at a time', async (t) => {
    let [now, most] = [0, 0];
    const { client, server, file } = await serve(t, async (_request, response) => {
      now += 1;
      most = Math.max(most, now);
      await sleep(20);
      now -= 1;
      response.end('x');
    });
    await Promise.all(
      ['1', '2', '3', '4'].map((name) =>
        download(client, `${server.url}/${name}`, `${file}${name}`, { maxBytes: 100 }),
      ),
    );
    assert.equal(most, 1);
  });
});
