import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCleartextMessage, generateKey, sign } from 'openpgp';
import type { Database } from '#base/db';
import { testDatabase } from '../../../test/database.ts';
import { addKeys } from './keys.ts';
import { type ReadableMail, readMails } from './read-thread.ts';
import { findThreads } from './store-reading.ts';
import { sampleMail, takeInMails } from './testing-threads.ts';

async function mailsOfOnly(database: Database): Promise<ReadableMail[]> {
  const [thread] = await findThreads(database.queries, { state: 'all', limit: 5 });
  return readMails(database.queries, thread?.id ?? 0, { offset: 0, limit: 20 });
}

const diffOf = (name: string, lines: number) =>
  `--- a/${name}\n+++ b/${name}\n@@ -1,2 +1,${lines} @@\n same\n${'+new and longer than that\n'.repeat(lines)}`;
const charactersOf = ({ passages, patches }: ReadableMail) =>
  [...passages, ...patches].reduce((sum, { text }) => sum + (text ?? '').length, 0);

describe('what is given out of a thread', () => {
  test('has a bound for a message and for all of them; patches say whether they stand in the text', async () => {
    await using database = await testDatabase();
    const files = Array.from(
      { length: 40 },
      (_, index) =>
        `--m\nContent-Type: text/x-diff\nContent-Disposition: attachment; filename=${index}.patch\n\n${diffOf(`${index}.c`, 3000)}\n`,
    );
    const full = (id: string, answers: string) =>
      Buffer.from(
        `${sampleMail({ id, answers: [answers], body: '' })
          .toString()
          .trimEnd()}\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nwords\n\n${diffOf('in-text.c', 3)}\n${files.join('')}--m--\n`,
      );
    await takeInMails(database, [
      sampleMail({ id: '0' }),
      ...Array.from({ length: 9 }, (_, index) => full(String(index + 1), '0')),
    ]);
    const mails = await mailsOfOnly(database);
    assert.equal(mails.length, 10);
    const second = mails.find(({ patches }) => patches.length > 0);
    assert.ok(second !== undefined);
    assert.ok(charactersOf(second) <= 120_000, `${charactersOf(second)}`);
    assert.ok(mails.reduce((sum, mail) => sum + charactersOf(mail), 0) <= 600_000);
    const inText = second.patches.filter((patch) => patch.inText).map(({ name }) => name);
    assert.deepEqual([second.patches.length, inText], [41, ['in-text.c']]);
    assert.ok(second.patches.every(({ packed }) => !packed));
    assert.equal(second.patches.at(-2)?.text, null, 'no room is left for it');
  });

  test('says which of its words are signed', async () => {
    await using database = await testDatabase();
    const { privateKey, publicKey } = await generateKey({ userIDs: [{ name: 'Ada' }], format: 'object' });
    const block = await sign({
      message: await createCleartextMessage({ text: 'hers\n> quoted by her' }),
      signingKeys: privateKey,
    });
    await addKeys(database, publicKey.armor(), 'operator');
    await takeInMails(database, [{ id: '1', body: `mine\n${block}\nmine, too\n` }]);
    const [mail] = await mailsOfOnly(database);
    assert.deepEqual(
      mail?.passages.filter(({ kind }) => kind !== 'armor').map(({ text, signer }) => [text.trim(), signer]),
      [
        ['mine', null],
        ['hers', 'Ada'],
        ['> quoted by her', 'Ada'],
        ['mine, too', null],
      ],
    );
    const mark = async () =>
      (await findThreads(database.queries, { state: 'all', limit: 5 })).map(({ signature }) => signature);
    assert.deepEqual(await mark(), ['part'], 'nobody signed all of it');
    await addKeys(database, publicKey.armor(), 'operator');
    assert.deepEqual(await mark(), ['part'], 'counted anew it is the same');
    await takeInMails(database, [{ id: '2', answers: ['1'], body: block }]);
    assert.deepEqual(await mark(), ['good']);
  });
});
