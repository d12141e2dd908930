import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openDatabase } from '#base/db';
import { makeInvite, signUp } from '#domain/accounts';
import { notify } from '#domain/issues';
import { muster } from './muster.ts';
import { NO_POSTFIX, startPostfix } from './postfix.ts';

test('mails go out by a real Postfix, once each; where it is away they wait, and whoever runs Muster sees it', {
  skip: NO_POSTFIX ?? false,
}, async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-mail-'));
  await using postfix = await startPostfix();
  const env = {
    MUSTER_DATA: data,
    MUSTER_SMTP_URL: `smtp://127.0.0.1:${postfix.port}`,
    MUSTER_MAIL_FROM: 'Muster <muster@example.org>',
    MUSTER_PUBLIC_URL: 'https://muster.example',
    MUSTER_ROUNDUP_OPENS: 'never',
  };
  const run = async (args: string[], expected = 0) => {
    const { code, out, err } = await muster([...args, '--json'], { env });
    assert.equal(code, expected, `${args.join(' ')}: ${err}${out}`);
    return JSON.parse(out) as Record<string, unknown>;
  };
  const tell = async (event: number, words: string, handle = 'ada') => {
    await using database = await openDatabase({ data }, { lingerSeconds: 2 });
    const email = `${handle}@example.org`;
    await sql`insert into account (handle, name, role, email, email_confirmed_at)
      values (${handle}, ${handle}, 'triager', ${email}, now()) on conflict do nothing`.execute(
      database.queries,
    );
    const { rows } = await sql<{ id: number }>`select id from account where handle = ${handle}`.execute(
      database.queries,
    );
    const notice = {
      account: rows[0]?.id ?? 0,
      event,
      reason: 'mention' as const,
      topic: 'roundup:1',
      words,
    };
    await database.transaction((tx) => notify(tx, [notice]));
  };
  try {
    await tell(1, '@ben mentioned you: çà et là');
    await run(['worker', '--once']);
    await run(['worker', '--once']);
    const [raw = '', ...more] = await postfix.mails(1);
    // Long headers come in several lines (RFC 5322, section 2.2.3).
    const first = raw.replace(/\r?\n[ \t]+/g, ' ');
    assert.deepEqual(more, []);
    assert.match(first, /^To: ada@example\.org$/m);
    assert.match(first, /^List-Unsubscribe: <https:\/\/muster\.example\/mail\/stop\?link=[\w-]{43}>$/m);
    assert.match(first, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    assert.match(first, /^Message-ID: <[0-9a-f]{40}@example\.org>$/m);
    assert.match(first, /^Content-Type: multipart\/alternative;/m);

    postfix.stop();
    await tell(2, 'while it was away');
    await run(['worker', '--once']);
    const away = await run(['mail', 'status'], 1);
    assert.deepEqual([away.waiting, away.failing, away.givenUp], [0, 1, 0]);
    assert.match(JSON.stringify(away.failures), /ECONNREFUSED/);

    postfix.start();
    await tell(3, 'to nobody', 'nobody-there');
    assert.deepEqual(await run(['mail', 'again']), { mails: 1 });
    await run(['worker', '--once']);
    assert.equal((await postfix.mails(2)).length, 2);
    const refused = await run(['mail', 'status'], 1);
    assert.deepEqual([refused.waiting, refused.failing, refused.givenUp], [0, 0, 1]);

    await run(['mail', 'try', 'operator@example.org']);
    assert.equal((await postfix.mails(3)).length, 3);

    // An invitation: the link is in the mail, and in nothing that Muster says or keeps.
    const wanted = { note: 'for Grace', role: 'triager', email: 'grace@example.org' };
    const admin = { id: 'person:90', role: 'admin', account: 90 } as const;
    {
      await using database = await openDatabase({ data }, { lingerSeconds: 2 });
      await makeInvite(database, admin, wanted, new Date(), { mails: true });
    }
    const { out, err } = await muster(['worker', '--once'], { env });
    const mails = await postfix.mails(4);
    const asked = mails.find((mail) => /^To: grace@example\.org$/m.test(mail)) ?? '';
    const invite = /sign-up\?invite=([\w-]{43})/.exec(plain(asked))?.[1] ?? '';
    assert.notEqual(invite, '', asked);
    assert.ok(!`${out}${err}`.includes(invite));
    await using database = await openDatabase({ data }, { lingerSeconds: 2 });
    const means = { password: 'a fine long password' };
    const grace = { handle: 'grace', name: 'Grace', email: 'grace@example.org', invite, means };
    const from = { address: '192.0.2.1', browser: null, replaces: undefined };
    const up = await signUp(database, grace, 'invite', from, new Date());
    assert.ok(up.outcome === 'done' && up.account.emailConfirmedAt !== null);
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  }
});

/** A mail without the marks of quoted-printable (RFC 2045, section 6.7). */
function plain(mail: string): string {
  return mail.replace(/=\r?\n/g, '').replaceAll('=3D', '=');
}
