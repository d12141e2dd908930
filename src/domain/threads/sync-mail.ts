import { appendEvents, type Database } from '#base/db';
import { MusterError } from '#base/errors';
import { MailProblem, type RawMessage, readMessage, remembering } from '#base/mail';
import { canonicalProduct, productCalled, productsWithIssues } from '#domain/issues';
import { quarantine, type RefusedDocument } from '#domain/sources';
import { productFinder, type Vocabulary } from './find-products.ts';
import { type Incoming, incomingOf, type ReadingMeans } from './incoming.ts';
import type { MailingList } from './lists.ts';
import type { Mailbox } from './mailboxes.ts';
import { cursorOf, rememberMailbox } from './store-mailboxes.ts';
import { knownKeys } from './store-reading.ts';
import { MailRows } from './store-writing.ts';
import { takeIn } from './take-in.ts';

/** What one run did. Field names are those of `mail sync --json`. */
export interface MailSynced {
  messages: number;
  stored: number;
  /** Copies of what was there already. */
  unchanged: number;
  quarantined: number;
  /** Of no list that is read: nothing of them is kept. */
  foreign: number;
  threads: number;
  reopened: number;
}

export interface MailSyncOptions {
  lists: ReadonlyMap<string, MailingList>;
  /** Every message is of this list, also those that do not say so: archives often have lost it. */
  list?: MailingList | undefined;
  /** Brought in as history: new threads wait for nobody. */
  archived?: boolean;
  at?: Date;
  onProgress?: (done: MailSynced) => void;
}

/** A batch goes to the database when it has so many messages, or bytes. */
const BATCH = 2000;
const BATCH_BYTES = 8 << 20;
const HEAD = 64 << 10;
/** What quarantine calls where mail comes from. */
const SOURCE = { id: 'mail', version: 1 };

/**
 * Reads the messages of a mailbox that are of a known public list into threads. What has been read stays read when a later
 * message fails; reading again changes nothing.
 *
 * @throws MusterError where the mailbox cannot be read (to the end)
 */
export async function syncMailbox(
  database: Database,
  box: Mailbox,
  options: MailSyncOptions,
): Promise<MailSynced> {
  const { at = new Date(), archived = false } = options;
  const done: MailSynced = {
    ...{ messages: 0, stored: 0, unchanged: 0, quarantined: 0, foreign: 0, threads: 0, reopened: 0 },
  };
  const means = await meansOf(database);
  const rows = new MailRows();
  let batch: Incoming[] = [];
  let refused: RefusedDocument[] = [];
  let bytes = 0;
  const flush = async (cursor: unknown) => {
    const [messages, documents] = [batch, refused];
    [batch, refused, bytes] = [[], [], 0];
    rows.clear();
    await database.transaction(async (tx) => {
      const taken = await takeIn(tx, messages, { archived, at }, rows);
      await quarantine(tx, SOURCE, documents);
      if (cursor !== undefined && cursor !== null)
        await rememberMailbox(tx, box.name, { cursor, error: null, at });
      for (const name of ['stored', 'unchanged', 'threads', 'reopened'] as const) done[name] += taken[name];
      done.quarantined += documents.length;
    });
    options.onProgress?.(done);
  };
  let failure: unknown = null;
  let reached: unknown = null;
  try {
    for await (const { cursor, ...raw } of box.read(await cursorOf(database.queries, box.name), at)) {
      done.messages += 1;
      reached = cursor ?? reached;
      const read = await readOne(raw, options, means, box.name);
      if (read === null) done.foreign += 1;
      else if ('reason' in read) refused.push(read);
      else {
        batch.push(read);
        bytes += read.bytes.length;
      }
      if (batch.length >= BATCH || bytes >= BATCH_BYTES || refused.length >= BATCH) await flush(reached);
    }
    await flush(box.after(at) ?? reached);
  } catch (error) {
    failure = error;
  }
  await settle(database, box, { done, failure, at });
  if (failure !== null) throw failure;
  return done;
}

/** Says how it went, where the next run and whoever looks can see it. */
async function settle(
  database: Database,
  box: Mailbox,
  { done, failure, at }: { done: MailSynced; failure: unknown; at: Date },
): Promise<void> {
  const error =
    failure === null ? null : failure instanceof MusterError ? failure.message : 'it failed in between';
  await database.transaction(async (tx) => {
    await rememberMailbox(tx, box.name, { error, at });
    const { stored, quarantined } = done;
    if (stored > 0)
      await appendEvents(tx, [
        {
          ...{ entity: 'source', entityId: SOURCE.id, type: 'source.synced' },
          ...{ actor: 'machine:mail', cause: `parser ${SOURCE.version}` },
          payload: { stored, gone: 0, quarantined },
          topics: ['threads'],
        },
      ]);
  });
}

/** What was read; null for what is of no list. */
async function readOne(
  raw: RawMessage,
  options: MailSyncOptions,
  means: ReadingMeans,
  path: string,
): Promise<Incoming | RefusedDocument | null> {
  const refusedAs = (head: Buffer, reason: RefusedDocument['reason'], message: string) => {
    const list = options.list ?? options.lists.get(listInHead(head) ?? '');
    const document = {
      path,
      document: raw.place,
      format: null,
      bytes: head,
      reason,
      place: raw.place,
      message,
    };
    return list === undefined ? null : document;
  };
  if (raw.kind === 'too_large') return refusedAs(raw.head, 'too-large', `a message of ${raw.size} bytes`);
  try {
    const message = readMessage(raw.bytes);
    const list = options.list ?? options.lists.get(message.list ?? '');
    return list === undefined ? null : await incomingOf(message, list, raw.bytes, means);
  } catch (error) {
    if (!(error instanceof MailProblem)) throw error;
    return refusedAs(raw.bytes.subarray(0, HEAD), error.reason, error.message);
  }
}

/** The list of a message that could not be read. */
function listInHead(head: Buffer): string | null {
  const [, value = ''] =
    /^list-id:([^\n]{0,500}(?:\n[ \t][^\n]{0,500})?)/im.exec(head.toString('latin1')) ?? [];
  return /<([^\s<>]{1,200})>/.exec(value)?.[1]?.toLowerCase() ?? null;
}

async function meansOf({ queries }: Database): Promise<ReadingMeans> {
  const [products, keys] = await Promise.all([productsWithIssues(queries), knownKeys(queries)]);
  return { findProducts: productFinder(vocabularyOf(products)), keys };
}

/** How products are recognised: by the reviewed table, and by the names of `products`. */
export function vocabularyOf(products: Iterable<string>): Vocabulary {
  const known = new Set(products);
  return {
    productCalled: remembering(50_000, (name) => productCalled(name) ?? (known.has(name) ? name : null)),
    productOfPackage: canonicalProduct,
  };
}
