import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { MusterError } from '#base/errors';
import { download } from './download.ts';

const quick = { maxBytes: 1000, pauseMs: 1 };

async function serve(t: TestContext, answer: RequestListener): Promise<{ url: string; file: string }> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const folder = mkdtempSync(join(tmpdir(), 'muster-http-'));
  t.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/list`,
    file: join(folder, 'a', 'list'),
  };
}

describe('download', () => {
  test('keeps the bytes and the validators, and says who asks', async (t) => {
    let agent: string | undefined;
    const { url, file } = await serve(t, (request, response) => {
      agent = request.headers['user-agent'];
      response.setHeader('etag', '"1"').end('hello');
    });
    const got = await download(url, file, { ...quick, contact: 'security@example.org' });
    assert.deepEqual(got, { path: file, bytes: 5, etag: '"1"', lastModified: null });
    assert.equal(readFileSync(file, 'utf8'), 'hello');
    assert.match(agent ?? '', /Muster .*security@example\.org/);
  });

  test('tries again after 503 and after a body that breaks off', async (t) => {
    let asked = 0;
    const { url, file } = await serve(t, (_request, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(503, { 'retry-after': '0' }).end();
      else if (asked === 2) {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        setTimeout(() => response.destroy(), 20);
      } else response.end('whole');
    });
    await download(url, file, quick);
    assert.equal(asked, 3);
    assert.equal(readFileSync(file, 'utf8'), 'whole');
  });

  const refusals: [string, RequestListener, RegExp, number][] = [
    ['404, at once', (_q, r) => void r.writeHead(404).end(), /answered 404/, 1],
    ['500, after four attempts', (_q, r) => void r.writeHead(500).end(), /answered 500/, 4],
    [
      'an answer that is too large, at once',
      (_q, r) => void r.end('x'.repeat(2000)),
      /larger than 1000 bytes/,
      1,
    ],
  ];
  for (const [name, answer, why, attempts] of refusals) {
    test(`gives up on ${name}`, async (t) => {
      let asked = 0;
      const { url, file } = await serve(t, (request, response) => {
        asked += 1;
        answer(request, response);
      });
      await assert.rejects(
        download(url, file, quick),
        (error) => error instanceof MusterError && error.code === 'FETCH_FAILED' && why.test(error.message),
      );
      assert.equal(asked, attempts);
    });
  }
});
