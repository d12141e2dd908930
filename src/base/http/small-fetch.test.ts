import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { MusterError } from '#base/errors';
import { smallFetch } from './small-fetch.ts';

const LIMITS = { maxBytes: 1000, timeoutMs: 300, contact: 'security@example.org' };

async function serve(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('smallFetch', () => {
  test('sends what it is given and says who asks', async (t) => {
    const seen: unknown[] = [];
    const url = await serve(t, async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      seen.push(request.method, request.headers['user-agent'], request.headers.accept, body);
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"a":1}');
    });
    const response = await smallFetch(
      url,
      { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams({ a: 'b' }) },
      LIMITS,
    );
    assert.ok(response instanceof Response);
    assert.deepEqual([response.status, await response.json()], [201, { a: 1 }]);
    assert.deepEqual(seen, [
      'POST',
      'Muster (security tracker of a Linux distribution; security@example.org)',
      'application/json',
      'a=b',
    ]);
  });

  test('follows no redirect', async (t) => {
    const url = await serve(t, (_request, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    assert.equal((await smallFetch(url, {}, LIMITS)).status, 302);
  });

  const failures: [string, RequestListener, RegExp][] = [
    ['an answer that is too large', (_q, r) => void r.end('x'.repeat(2000)), /larger than 1000 bytes/],
    [
      'one that never ends',
      (_q, r) => {
        r.write('x');
      },
      /127\.0\.0\.1:\d+: .*time/i,
    ],
    ['one that breaks off', (q) => void q.destroy(), /127\.0\.0\.1/],
  ];
  for (const [name, answer, why] of failures) {
    test(`gives up on ${name}`, async (t) => {
      const url = await serve(t, answer);
      await assert.rejects(
        smallFetch(url, {}, LIMITS),
        (error) => error instanceof MusterError && error.code === 'FETCH_FAILED' && why.test(error.message),
      );
    });
  }
});
