import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { listed } from '#base/config';
import { EXIT, MusterError } from '#base/errors';
import type { Actor } from '#domain/policies';
import {
  addKeys,
  knownKeys,
  knownLists,
  type Mailbox,
  mailboxAt,
  mailboxStates,
  maildirAt,
  mboxAt,
  redactMail,
  removeKey,
  syncMailbox,
} from '#domain/threads';
import type { Context } from '../context.ts';
import { whoAmI } from '../who-am-i.ts';

export interface MailSyncFlags {
  mbox?: string[];
  maildir?: string[];
  list?: string;
  archive?: boolean;
}

/** `muster mail sync` */
export async function sync(context: Context, flags: MailSyncFlags): Promise<void> {
  const boxes = boxesOf(context, flags);
  const lists = knownLists([
    ...listed(context.config.mailLists),
    ...(flags.list === undefined ? [] : [flags.list]),
  ]);
  const list = flags.list === undefined ? undefined : lists.get(flags.list.toLowerCase());
  const done: Record<string, object> = {};
  await context.withDatabase(async (database) => {
    for (const box of boxes) {
      try {
        const one = await syncMailbox(database, box, {
          lists,
          list,
          archived: flags.archive ?? false,
          onProgress: ({ messages }) => context.progress.show(`${box.name}: ${messages} messages`),
        });
        done[box.name] = one;
        if (one.quarantined > 0) context.setExit(EXIT.quarantined);
        const { messages, stored, unchanged, threads, reopened, foreign, quarantined } = one;
        context.say(
          `${box.name}  ${messages} messages: ${stored} stored in ${threads} new threads and others, ${unchanged} unchanged, ${reopened} threads back, ${quarantined} quarantined, ${foreign} of no list that is read`,
        );
      } catch (error) {
        // A mailbox that cannot be read does not keep the others from being read.
        context.complain(error);
        context.setExit(EXIT.failed);
        done[box.name] = { error: error instanceof Error ? error.message : String(error) };
      }
    }
  });
  context.result(done);
}

/** @throws MusterError USAGE where there is nothing to read */
function boxesOf({ config }: Context, { mbox = [], maildir = [] }: MailSyncFlags): Mailbox[] {
  const named = [...mbox.map(mboxAt), ...maildir.map(maildirAt)];
  const boxes = named.length > 0 ? named : listed(config.mailboxes).map(mailboxAt);
  if (boxes.length === 0)
    throw new MusterError(
      'USAGE',
      'no mailbox is set (mailboxes), and none is named: --mbox FILE or --maildir FOLDER',
    );
  return boxes;
}

/** `muster mail boxes` */
export async function boxes(context: Context): Promise<void> {
  const states = await context.query(mailboxStates);
  if (states.some(({ lastError }) => lastError !== null)) context.setExit(EXIT.failed);
  context.result(states, () => {
    if (states.length === 0) context.say('No mailbox has been read.');
    for (const { name, lastRun, lastError } of states)
      context.say(`${name}  ${lastRun?.toISOString() ?? 'never'}  ${lastError ?? 'fine'}`);
  });
}

/** `muster mail key add` */
export async function addKey(context: Context, file: string): Promise<void> {
  const armored = file === '-' ? await text(process.stdin) : await readKeyFile(file);
  const result = await context.withDatabase((database) => addKeys(database, armored, whoAmI()));
  context.result(result, () => {
    for (const { fingerprint, owner } of result.keys) context.say(`${fingerprint}  ${owner}`);
    context.say(`${result.checked} messages were checked again.`);
  });
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new MusterError('FILE_UNREADABLE', `cannot read ${file}`, { cause });
  }
}

/** `muster mail key list` */
export async function listKeys(context: Context): Promise<void> {
  const keys = await context.query(knownKeys);
  context.result(
    keys.map(({ armored: _, ...key }) => key),
    () => {
      if (keys.length === 0) context.say('No keys: every signature is by somebody unknown.');
      for (const { fingerprint, owner, addedBy } of keys)
        context.say(`${fingerprint}  ${owner}  (${addedBy})`);
    },
  );
}

/** `muster mail key remove` */
export async function dropKey(context: Context, fingerprint: string): Promise<void> {
  const result = await context.withDatabase((database) => removeKey(database, fingerprint));
  context.result(result, () => context.say(`Gone; ${result.checked} messages were checked again.`));
}

/** `muster mail redact` */
export async function redactOne(
  context: Context,
  message: number,
  { reason }: { reason: string },
): Promise<void> {
  const actor: Actor = { id: whoAmI(), role: 'security', account: null };
  const result = await context.withDatabase((database) => redactMail(database, actor, message, reason));
  context.result(result, () => context.say(`Erased; it was in thread ${result.thread}.`));
}
