import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { startMuster } from '../../../test/muster.ts';

describe('muster serve', () => {
  let data = '';
  before(() => {
    data = mkdtempSync(join(tmpdir(), 'muster-serve-'));
  });
  after(() => rmSync(data, { recursive: true, force: true }));

  async function muster(...words: string[]) {
    const child = await startMuster(['--data', data, ...words]);
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    return { child, errors: () => errors };
  }

  /** Lines of its output until one has the words. */
  async function lineWith(child: ChildProcess, words: RegExp): Promise<RegExpExecArray> {
    assert.ok(child.stdout !== null);
    const seen: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      seen.push(line);
      const found = words.exec(line);
      if (found !== null) return found;
    }
    assert.fail(`it ended without ${words}: ${seen.join('\n')}`);
  }

  test('prints where it listens, answers on an empty database, and ends well at Ctrl-C', async () => {
    const { child, errors } = await muster('serve', '--port', '0', '--host', '127.0.0.1', '--no-open');
    try {
      const [, url = ''] = await lineWith(child, /^(http:\/\/127\.0\.0\.1:\d+) · Ctrl-C stops$/);
      for (const path of [
        '/',
        '/roundups',
        '/issues',
        '/packages',
        '/channels',
        '/sources',
        '/search',
        '/CVE-2017-3731',
        '/healthz',
      ])
        assert.equal((await fetch(url + path)).status, 200, path);
      const latest = await fetch(`${url}/roundup`, { redirect: 'manual' });
      assert.equal(latest.headers.get('location'), '/roundups');
      assert.match(await (await fetch(`${url}/`)).text(), /No channel yet/);
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      assert.deepEqual(await ended, [0, null], errors());
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('with --json it prints one object when it listens, and nothing else', async () => {
    const { child, errors } = await muster('--json', 'serve', '--port', '0');
    let output = '';
    child.stdout?.on('data', (text) => {
      output += text;
      if (output.includes('}')) child.kill('SIGTERM');
    });
    assert.deepEqual(await once(child, 'exit'), [0, null], errors());
    assert.match(JSON.parse(output).url, /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('says what is wrong with a port', async () => {
    const { child, errors } = await muster('serve', '--port', '65536');
    assert.deepEqual(await once(child, 'exit'), [2, null]);
    assert.match(errors(), /port/);
  });
});
