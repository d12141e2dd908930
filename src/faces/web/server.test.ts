import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { MusterError } from '#base/errors';
import { closeOnSignals, startServer } from './server.ts';

const LOCAL = { host: '127.0.0.1', port: 0 };

function slowApp(): { app: Hono; entered: Promise<void>; finish: () => void } {
  let finish = () => {};
  let enter = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  const app = new Hono();
  app.get('/fast', (c) => c.text('fast'));
  app.get('/slow', async (c) => {
    enter();
    await finished;
    return c.text('finished');
  });
  return { app, entered, finish };
}

/** Sends bytes as they are, which a client would not, and gives what comes back. */
function sendRaw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('the server', () => {
  test('takes any free port, and finishes what is under way when it closes', async () => {
    const { app, entered, finish } = slowApp();
    const server = await startServer(app, LOCAL);
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    assert.equal(await (await fetch(`${server.url}/fast`)).text(), 'fast');
    const slow = fetch(`${server.url}/slow`);
    await entered;
    const closed = server.close();
    await assert.rejects(fetch(`${server.url}/fast`), 'no new request is taken');
    let done = false;
    void closed.then(() => {
      done = true;
    });
    await sleep(20);
    assert.equal(done, false, 'it waits for the slow one');
    finish();
    assert.equal(await (await slow).text(), 'finished');
    await closed;
    await server.closed;
    await server.close();
  });

  test('closes at a signal, and then listens to signals no more', async () => {
    const before = process.listenerCount('SIGTERM');
    const server = await startServer(new Hono(), LOCAL);
    closeOnSignals(server);
    assert.equal(process.listenerCount('SIGTERM'), before + 1);
    process.emit('SIGTERM');
    await server.closed;
    assert.equal(process.listenerCount('SIGTERM'), before);
    assert.equal(process.listenerCount('SIGINT'), process.listeners('SIGINT').length);
  });

  test('says what is wrong with an address', async () => {
    const server = await startServer(new Hono(), LOCAL);
    const port = Number(new URL(server.url).port);
    const fails = (host: string, wanted: number, words: RegExp) =>
      assert.rejects(
        startServer(new Hono(), { host, port: wanted }),
        (error) =>
          error instanceof MusterError && error.code === 'CONFIG_INVALID' && words.test(error.message),
      );
    await fails('127.0.0.1', port, /something else listens there already/);
    await fails('192.0.2.1', 0, /no such address/);
    await server.close();
  });

  test('answers wounded requests without breaking', async () => {
    const app = new Hono();
    app.all('*', (c) => c.text(`path ${new URL(c.req.url).pathname}`));
    const server = await startServer(app, LOCAL);
    const lines = (...text: string[]) => `${text.join('\r\n')}\r\n\r\n`;
    const cases: [bytes: string, status: RegExp][] = [
      [
        lines('GET /../../etc/passwd HTTP/1.1', 'Host: x', 'Connection: close'),
        /200 OK.*path \/etc\/passwd/s,
      ],
      [lines('GET /..%2f..%2fetc/passwd HTTP/1.1', 'Host: x', 'Connection: close'), /200 OK/],
      [lines('GET /a\\b HTTP/1.1', 'Host: x', 'Connection: close'), /400/],
      [lines('GET / HTTP/1.1', 'Host: a b', 'Connection: close'), /400/],
      [lines('GET / HTTP/1.1', 'Connection: close'), /400/],
      [lines('GET / HTTP/1.1', 'Host: x', `X: ${'y'.repeat(20_000)}`), /431/],
      [lines('NONSENSE'), /400/],
      [lines('GET / HTTP/1.1', 'Host: x', 'Content-Length: 5', 'Transfer-Encoding: chunked'), /400/],
    ];
    for (const [bytes, status] of cases)
      assert.match(await sendRaw(server.url, bytes), status, bytes.slice(0, 60));
    assert.equal((await fetch(server.url)).status, 200);
    await server.close();
  });
});
