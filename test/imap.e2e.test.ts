import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NO_DOVECOT, startDovecot } from './dovecot.ts';
import { muster } from './muster.ts';

const LIST = 'oss-security.lists.openwall.com';

function message(number: number, list: string | null, body = 'words'): Buffer {
  const headers = [
    ...(list === null ? [] : [`List-Id: <${list}>`]),
    ...['From: Ada <ada@a.example>', `Message-ID: <${number}@a.example>`, `Subject: message ${number}`],
    'Date: Mon, 19 Jun 2017 10:00:00 +0000',
  ];
  return Buffer.from(`${headers.join('\r\n')}\r\n\r\n${body}\r\n`);
}

test('mail of lists is read from a real Dovecot, once each, and nothing else of the mailbox', {
  skip: NO_DOVECOT ?? false,
}, async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-imap-'));
  try {
    await using dovecot = await startDovecot();
    const env = {
      MUSTER_DATA: data,
      MUSTER_MAILBOXES: dovecot.address,
      MUSTER_ROUNDUP_OPENS: 'never',
    };
    const sync = async (expected = 0, more: Record<string, string> = {}) => {
      const { code, out, err } = await muster(['mail', 'sync', '--json'], { env: { ...env, ...more } });
      assert.equal(code, expected, `${err}${out}`);
      assert.ok(
        !`${out}${err}`.includes('p@ss') && !`${out}${err}`.includes('p%40ss'),
        'no password is said',
      );
      return Object.values(JSON.parse(out) as Record<string, Record<string, unknown>>)[0] ?? {};
    };
    dovecot.deliver(message(1, LIST, 'Use CVE-2017-1234.'));
    dovecot.deliver(message(2, null, 'PRIVATE'));
    dovecot.deliver(message(3, 'friends.lists.example.org', 'PRIVATE'));
    dovecot.deliver(message(4, LIST));
    const first = await sync();
    assert.deepEqual([first.messages, first.stored, first.foreign, first.threads], [4, 2, 2, 2]);
    const nothing = await sync();
    assert.equal(nothing.messages, 0, 'what was read is not asked for again');
    dovecot.deliver(message(5, LIST));
    assert.deepEqual(await sync().then(({ messages, stored }) => [messages, stored]), [1, 1]);

    await dovecot.renumber();
    const anew = await sync();
    assert.deepEqual(
      [anew.messages, anew.stored, anew.unchanged],
      [5, 0, 3],
      'another UIDVALIDITY: all of it, and nothing twice',
    );

    // The worker reads it by itself; where the server is away it says so, and goes on later.
    dovecot.deliver(message(6, LIST));
    await muster(['worker', '--once'], { env });
    const boxes = JSON.parse((await muster(['mail', 'boxes', '--json'], { env })).out) as {
      name: string;
      lastError: string | null;
    }[];
    assert.deepEqual(
      boxes.map(({ lastError }) => lastError),
      [null],
    );
    assert.match(boxes[0]?.name ?? '', /^imap:\/\/reader@127\.0\.0\.1:\d+\/INBOX$/);
    assert.equal((await sync()).messages, 0);
    await dovecot.stop();
    await sync(1);
    const away = await muster(['mail', 'boxes', '--json'], { env });
    assert.equal(away.code, 1);
    assert.match(away.out, /ECONNREFUSED/);
    await dovecot.start();
    dovecot.deliver(message(7, LIST));
    assert.equal((await sync()).stored, 1);
    const wrong = await sync(1, { MUSTER_MAILBOXES: dovecot.address.replace('reader:p', 'reader:x') });
    assert.match(String(wrong.error), /127\.0\.0\.1/);
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  }
});
