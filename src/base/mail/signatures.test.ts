import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { createCleartextMessage, createMessage, generateKey, type PrivateKey, sign } from 'openpgp';
import { readMessage } from './message.ts';
import { issuerOf } from './signature-issuer.ts';
import { type KnownKey, readKeys, signaturesOf, signedStretches } from './signatures.ts';
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

  const pgpMime = async (words: string, third = '') => {
    const signed = `Content-Type: text/plain; charset=utf-8\r\n\r\n${words}`;
    const message = await createMessage({ binary: new Uint8Array(Buffer.from(signed)) });
    const signature = await sign({ message, signingKeys: own.privateKey, detached: true });
    return `Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=s\n\n--s\n${signed}\n--s\nContent-Type: application/pgp-signature\n\n${signature}\n--s${third}--\n`;
  };
  const mixed = (...parts: string[]) =>
    `Content-Type: multipart/mixed; boundary=m\n\n${parts.map((part) => `--m\n${part}\n`).join('')}--m--\n`;
  /** What is signed in it, and which of its words. */
  const coveredIn = async (entity: string) => {
    const message = readMessage(Buffer.from(`Subject: x\n${entity}`));
    const stretches = signedStretches(message);
    return (await signaturesOf(message, own.keys)).map(({ state, whole }, index) => {
      const { from = 0, to = 0 } = stretches[index] ?? {};
      return [state, whole, message.text.slice(from, to)];
    });
  };

  test('say whether they are of all that the message holds, and of which words', async () => {
    const part = await pgpMime('hers\r\n');
    const of = (whole: boolean) => [['good', whole, 'hers\n']];
    const text = (words: string) => `Content-Type: text/plain\n\n${words}\n`;
    assert.deepEqual(await coveredIn(part), of(true));
    assert.deepEqual(await coveredIn(mixed(part, text(' '))), of(true), 'blanks say nothing');
    assert.deepEqual(await coveredIn(mixed(text('mine'), part)), of(false));
    assert.deepEqual(await coveredIn(mixed(part, text('a footer'))), of(false));
    const forwarded = `Content-Type: message/rfc822\n\nSubject: y\n${part}`;
    assert.deepEqual(await coveredIn(mixed(text('mine'), forwarded)), of(false));
    assert.deepEqual(await coveredIn(mixed(forwarded)), of(false), 'somebody else sends what she signed');
    const file = 'Content-Type: application/x\nContent-Disposition: attachment; filename=x\n\nx\n';
    assert.deepEqual(await coveredIn(mixed(part, file)), of(false));
    const third = await pgpMime('hers\r\n', `\n${text('mine')}\n--s`);
    assert.deepEqual(await coveredIn(third), of(false));

    const block = await clear('hers\n');
    const plain = (words: string) => `Content-Type: text/plain\n\n${words}`;
    const alone = [['good', true, block.replaceAll('\r\n', '\n').trim()]];
    assert.deepEqual(await coveredIn(plain(`\n${block}\n`)), alone);
    const beside = alone.map(([state, , words]) => [state, false, words]);
    assert.deepEqual(await coveredIn(plain(`mine\n${block}`)), beside);
    assert.deepEqual(await coveredIn(plain(`${block}\nmine`)), beside);
    assert.deepEqual(await coveredIn(mixed(plain(block), file)), beside);
    assert.deepEqual(await coveredIn(`Content-Type: message/rfc822\n\nSubject: y\n${plain(block)}`), beside);
  });

  test('of clear-signed texts into which somebody put lines that would not be checked', async () => {
    const block = (await clear('hers\n')).replaceAll('\r\n', '\n');
    const headers = { Subject: 'x', 'Content-Type': 'text/plain; charset=utf-8' };
    const [begin, signature] = ['-----BEGIN PGP SIGNED MESSAGE-----\n', '-----BEGIN PGP SIGNATURE-----\n'];
    for (const forged of [
      block.replace(signature, '-----CORRECTION-----\nComment: mine\n> -----BEGIN PGP SIGNATURE-----\n'),
      block.replace(signature, `-----CORRECTION-----\n\nmine\n${signature}`),
      block.replace(signature, `\u2028-----CORRECTION-----\nmine\n${signature}`),
      block.replace(begin, `${begin}Comment: mine\n`),
      block.replace(begin, `${begin}Hash: SHA512\nmine\n`),
      block.replace(begin, begin.replace('\n', ' mine\n')),
      block.replace('-----END', '-----MINE-----\n-----END'),
    ]) {
      const states = await statesOf(mailOf(headers, forged));
      assert.ok(!states.some(([, state]) => state === 'good'), `${JSON.stringify(states)} ${forged}`);
      assert.equal(states.length, 1);
    }
  });

  test('of long texts, and of texts that hold signed ones', async () => {
    const headers = { Subject: 'x', 'Content-Type': 'text/plain; charset=utf-8' };
    const good = [['clear', 'good', 'Ada <ada@a.example>']];
    const long = await clear('words and more words\n'.repeat(3000));
    assert.deepEqual(await statesOf(mailOf(headers, long)), good);
    const nested = await clear(`forwarded:\n${await clear('inner words')}\nouter words`);
    assert.ok(nested.includes('\n- -----END PGP SIGNATURE-----'));
    assert.deepEqual(await statesOf(mailOf(headers, nested)), good);
    const quoting = await clear(
      '> -----BEGIN PGP SIGNATURE-----\n> AAAA\n> -----END PGP SIGNATURE-----\nyes',
    );
    assert.deepEqual(await statesOf(mailOf(headers, quoting)), good);
  });

  test('that the library does not judge are not called bad', async () => {
    const headers = { Subject: 'x', 'Content-Type': 'text/plain; charset=utf-8' };
    const odd = await sign({
      message: await createCleartextMessage({ text: 'words' }),
      signingKeys: own.privateKey,
      signatureNotations: [
        { name: 'odd@a.example', value: new Uint8Array([1]), humanReadable: false, critical: true },
      ],
    });
    assert.deepEqual(await statesOf(mailOf(headers, odd)), [['clear', 'unchecked', null]]);
    assert.deepEqual(await statesOf(mailOf(headers, odd.replace('words', 'other words'))), [
      ['clear', 'bad', 'Ada <ada@a.example>'],
    ]);
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
