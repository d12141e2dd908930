import { type Database, lockHistory } from '#base/db';
import { MusterError } from '#base/errors';
import { readKeys, readMessage, signaturesOf } from '#base/mail';
import { rawReader } from '#domain/sources';
import { deleteKey, insertKey, mailsSignedBy, updateSignatures } from './store-mailboxes.ts';
import { lockThreads } from './store-placing.ts';
import { knownKeys } from './store-reading.ts';
import { refreshThreads } from './store-writing.ts';

const AT_ONCE = 200;

/**
 * Takes in public keys whose signatures are checked from now on; those that stand in messages already are checked anew.
 *
 * @returns whose keys they are, and how many messages were looked at again
 * @throws MusterError FILE_MALFORMED
 */
export async function addKeys(
  database: Database,
  armored: string,
  by: string,
): Promise<{ keys: { fingerprint: string; owner: string }[]; checked: number }> {
  const keys = await readKeys(armored);
  await database.transaction(async (tx) => {
    for (const key of keys) await insertKey(tx, key, by);
  });
  const checked = await checkAgain(
    database,
    keys.flatMap(({ keyIds }) => keyIds),
  );
  return { keys: keys.map(({ fingerprint, owner }) => ({ fingerprint, owner })), checked };
}

/** Forgets a key: what it signed counts as signed by nobody we know. @throws MusterError NOT_FOUND */
export async function removeKey(database: Database, fingerprint: string): Promise<{ checked: number }> {
  const plain = fingerprint.replace(/\s+/g, '').toUpperCase();
  const keyIds = await database.transaction((tx) => deleteKey(tx, plain));
  if (keyIds === null) throw new MusterError('NOT_FOUND', `there is no key ${plain}`);
  return { checked: await checkAgain(database, keyIds) };
}

async function checkAgain(database: Database, keyIds: readonly string[]): Promise<number> {
  const keys = await knownKeys(database.queries);
  const read = rawReader(database.queries);
  let [after, checked] = [0, 0];
  for (;;) {
    const mails = await mailsSignedBy(database.queries, keyIds, { after, limit: AT_ONCE });
    if (mails.length === 0) return checked;
    after = mails.at(-1)?.id ?? after;
    const anew: { id: number; signatures: Awaited<ReturnType<typeof signaturesOf>> }[] = [];
    for (const mail of mails) {
      const bytes = await read(mail);
      if (bytes !== null)
        anew.push({ id: mail.id, signatures: await signaturesOf(readMessage(bytes), keys) });
    }
    await database.transaction(async (tx) => {
      await lockThreads(tx);
      await lockHistory(tx);
      await updateSignatures(tx, anew);
      await refreshThreads(tx, [...new Set(mails.map(({ thread }) => thread))]);
    });
    checked += anew.length;
  }
}
