import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { createCleartextMessage, createMessage, generateKey, type PrivateKey, sign } from 'openpgp';
import { readMessage } from './message.ts';
import { issuerOf } from './signature-issuer.ts';
import { type KnownKey, readKeys, signaturesOf } from './signatures.ts';
import { MAIL_DATA, mailOf, NO_MAIL_DATA } from './testing-mail.ts';

function quotedPrintable(text: string): string {
  return text.replaceAll('=', '=3D').replaceAll('ü', '=C3=BC');
}

describe('signatures', () => {
  let own: { privateKey: PrivateKey; keys: KnownKey[] };
  before(async () => {
    const { privateKey, publicKey } = await generateKey({
      userIDs: [{ name: 'Ada', email: 'ada@a.example' }],
      format: 'object',
    });
    own = { privateKey, keys: await readKeys(publicKey.armor()) };
  });

  const clear = async (text: string) =>
    sign({ message: await createCleartextMessage({ text }), signingKeys: own.privateKey });
  const statesOf = async (bytes: Buffer, keys = own.keys) =>
    (await signaturesOf(readMessage(bytes), keys)).map(({ kind, state, signer }) => [kind, state, signer]);

  test('of clear-signed texts, good, bad, and of nobody we know', async () => {
    const text = await clear('- a list\nwords für all = yes\nFrom here\n');
    const headers = { Subject: 'x', 'Content-Type': 'text/plain; charset=utf-8' };
    const good = [['clear', 'good', 'Ada <ada@a.example>']];
    assert.deepEqual(await statesOf(mailOf(headers, text)), good);
    assert.deepEqual(await statesOf(mailOf(headers, text.replaceAll('\r\n', '\n'))), good);
    const encoded = { ...headers, 'Content-Transfer-Encoding': 'quoted-printable' };
    assert.deepEqual(await statesOf(mailOf(encoded, quotedPrintable(text))), good, '=3D is undone first');
    assert.deepEqual(await statesOf(mailOf(headers, `forwarded:\n\n${text}\n-- \nbye`)), good);
    assert.deepEqual(await statesOf(mailOf(headers, text.replace('yes', 'no'))), [
      ['clear', 'bad', 'Ada <ada@a.example>'],
    ]);
    const [unknown] = await signaturesOf(readMessage(mailOf(headers, text)), []);
    assert.deepEqual([unknown?.state, unknown?.keyId], ['unknown_key', own.keys[0]?.keyIds[0]]);
    assert.deepEqual(await statesOf(mailOf(headers, text.replace(/^/gm, '> '))), [], 'a quoted one is talk');
  });

  test('of PGP/MIME, over the exact bytes, also where a list adds a footer', async () => {
    const signed = 'Content-Type: text/plain; charset=utf-8\r\n\r\nwords \r\n=?x\r\n';
    const message = await createMessage({ binary: new Uint8Array(Buffer.from(signed)) });
    const signature = String(await sign({ message, signingKeys: own.privateKey, detached: true }));
    const multi = 'multipart/signed; protocol="application/pgp-signature"; boundary=s';
    const body = `--s\r\n${signed}\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n${signature}\r\n--s--\r\n`;
    const good = [['pgp_mime', 'good', 'Ada <ada@a.example>']];
    assert.deepEqual(await statesOf(mailOf({ Subject: 'x', 'Content-Type': multi }, body)), good);
    assert.deepEqual(
      await statesOf(mailOf({ Subject: 'x', 'Content-Type': multi }, body.replaceAll('\r\n', '\n'))),
      good,
    );
    const footer = `--f\nContent-Type: ${multi}\n\n${body}\n--f\n\nfooter\n--f--\n`;
    assert.deepEqual(
      await statesOf(mailOf({ Subject: 'x', 'Content-Type': 'multipart/mixed; boundary=f' }, footer)),
      good,
    );
    assert.deepEqual(
      await statesOf(mailOf({ Subject: 'x', 'Content-Type': multi }, body.replace('words ', 'words'))),
      [['pgp_mime', 'bad', 'Ada <ada@a.example>']],
    );
  });

  test('of real messages', { skip: NO_MAIL_DATA }, async () => {
    const file = (name: string) => readFileSync(join(MAIL_DATA, name));
    const alice = await readKeys(
      file('pgp-mime/autocrypt-protected-headers/alice@openpgp.example.pub.asc').toString(),
    );
    const signed = file('pgp-mime/autocrypt-protected-headers/pgpmime-signed.eml');
    assert.deepEqual(
      (await statesOf(signed, alice)).map(([kind, state]) => [kind, state]),
      [['pgp_mime', 'good']],
    );
    const kinds = async (name: string) =>
      (await signaturesOf(readMessage(file(name)), [])).map(({ kind, keyId }) => [kind, keyId]);
    assert.deepEqual(await kinds('oss-security/2017-01-30-pgpmime-fwd-DSA-3775-1.eml'), [
      ['pgp_mime', '2646FA30BACA7F08'],
      ['clear', '10C293B6C37C4E36'],
    ]);
    assert.deepEqual(await kinds('oss-security/2016-12-01-mitre-assigns-CVE-2016-9755.eml'), [
      ['clear', '76FF33058B5618B6'],
    ]);
    assert.equal((await kinds('pgp-mime/gnupg-announce-2.1.20.eml'))[0]?.[0], 'pgp_mime');
    assert.deepEqual(await kinds('pgp-mime/autocrypt-protected-headers/smime-multipart-signed.eml'), [
      ['smime', null],
    ]);
  });

  test('that are none', async () => {
    const armor = (data: string) =>
      `-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n\n${data}\n-----END PGP SIGNATURE-----\n`;
    for (const data of [
      '',
      'AAAA',
      '!!!!',
      Buffer.from([0xc2, 3, 4, 1, 1]).toString('base64'),
      Buffer.from([0xc2, 200, 4, 1, 1, 8, 255, 255]).toString('base64'),
    ])
      assert.deepEqual(
        await statesOf(mailOf({ Subject: 'x' }, armor(data))),
        [['clear', 'unreadable', null]],
        data,
      );
    assert.equal((await statesOf(mailOf({ Subject: 'x' }, armor('AAAA').repeat(1000)))).length, 5);
    assert.equal(issuerOf('-----BEGIN PGP SIGNATURE-----'.repeat(10_000)), null);
    await assert.rejects(readKeys('no key'), /FILE_MALFORMED|no public key/);
  });
});
