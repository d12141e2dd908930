import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '#base/config';
import { testDatabase } from '../../../../test/database.ts';
import type { Context } from '../context.ts';
import { serveUntilStopped } from './serve.ts';

test('a server whose first work fails lets go of its port, and the failure is told', async () => {
  await using database = await testDatabase();
  const said: string[] = [];
  const context = {
    config: loadConfig({ MUSTER_LOG_LEVEL: 'silent' }),
    say: (line: string) => said.push(line),
    progress: { clear: () => {}, show: () => {} },
  } as unknown as Context;
  const failure = new Error('matching failed');
  let url = '';
  await assert.rejects(
    serveUntilStopped(context, database, { host: '127.0.0.1', port: 0 }, async (server) => {
      url = server.url;
      assert.equal((await fetch(`${url}/robots.txt`)).status, 200);
      throw failure;
    }),
    failure,
  );
  assert.match(said.join('\n'), /Ctrl-C stops/);
  await assert.rejects(fetch(`${url}/robots.txt`), /fetch failed/);
});
