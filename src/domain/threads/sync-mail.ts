import { hash } from 'node:crypto';
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
/** Of what is set aside so much is kept, and so much of it is looked at for its list. */
const KEPT = 1 << 20;
const HEAD = 64 << 10;
/** What quarantine calls where mail comes from. */
const SOURCE = { id: 'mail', version: 1 };

/** A message that was read, and where it stands. */
interface ReadMail {
  incoming: Incoming;
  place: string;
}

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
  const asked = askedFor(options);
  let batch: ReadMail[] = [];
  let refused: RefusedDocument[] = [];
  let bytes = 0;
  const store = async (
    mails: readonly ReadMail[],
    documents: readonly RefusedDocument[],
    cursor: unknown,
  ) => {
    rows.clear();
    const taken = await database.transaction(async (tx) => {
      const incoming = mails.map((mail) => mail.incoming);
      const stored = await takeIn(tx, incoming, { archived, at }, rows);
      await quarantine(tx, SOURCE, documents);
      if (cursor !== undefined && cursor !== null)
        await rememberMailbox(tx, box.name, { cursor: { asked, at: cursor }, error: null, at });
      return stored;
    });
    for (const name of ['stored', 'unchanged', 'threads', 'reopened'] as const) done[name] += taken[name];
    done.quarantined += documents.length;
  };
  /** One message that the database does not take must not keep the others out: it is looked for, and set aside. */
  const storeWhatCanBe: typeof store = async (mails, documents, cursor) => {
    try {
      await store(mails, documents, cursor);
    } catch (error) {
      const [first] = mails;
      const reason = refusalOf(error);
      if (first === undefined || reason === null) throw error;
      if (mails.length === 1) {
        const message = `it cannot be stored: ${(error as Error).message}`;
        await store([], [...documents, setAside(box, first, reason, message)], cursor);
        return;
      }
      const half = mails.length >> 1;
      await storeWhatCanBe(mails.slice(0, half), documents, null);
      await storeWhatCanBe(mails.slice(half), [], cursor);
    }
  };
  const flush = async (cursor: unknown) => {
    const [mails, documents] = [batch, refused];
    [batch, refused, bytes] = [[], [], 0];
    await storeWhatCanBe(mails, documents, cursor);
    options.onProgress?.(done);
  };
  let failure: unknown = null;
  let reached: unknown = null;
  try {
    const before = whereAsked(await cursorOf(database.queries, box.name), asked);
    for await (const { cursor, ...raw } of box.read(before, at)) {
      done.messages += 1;
      reached = cursor ?? reached;
      const read = await readOne(raw, options, means, box);
      if (read === null) {
        done.foreign += 1;
        continue;
      }
      if ('reason' in read) refused.push(read);
      else batch.push({ incoming: read, place: raw.place });
      bytes += read.bytes.length;
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
  box: Mailbox,
): Promise<Incoming | RefusedDocument | null> {
  const refusedAs = (head: Buffer, reason: RefusedDocument['reason'], message: string) => {
    const list = options.list ?? options.lists.get(listInHead(head.subarray(0, HEAD)) ?? '');
    return list === undefined ? null : refusedDocument(box, raw.place, head, reason, message);
  };
  if (raw.kind === 'too_large') return refusedAs(raw.head, 'too-large', `a message of ${raw.size} bytes`);
  try {
    const message = readMessage(raw.bytes);
    const list = options.list ?? options.lists.get(message.list ?? '');
    return list === undefined ? null : await incomingOf(message, list, raw.bytes, means);
  } catch (error) {
    // What fails for what the bytes hold is no reason to stop at them for good.
    return error instanceof MailProblem
      ? refusedAs(raw.bytes, error.reason, error.message)
      : refusedAs(raw.bytes, 'bad-grammar', `the parser failed: ${String(error)}`);
  }
}

/** A message on its way into quarantine. What is kept is a copy: a slice would hold all of the message in memory. */
function refusedDocument(
  box: Mailbox,
  place: string,
  bytes: Buffer,
  reason: RefusedDocument['reason'],
  message: string,
): RefusedDocument {
  const kept = Buffer.from(bytes.subarray(0, KEPT));
  const name = box.shifting === true ? `${place}, ${hash('sha256', kept, 'hex').slice(0, 12)}` : place;
  return { path: box.name, document: name, format: null, bytes: kept, reason, place, message };
}

function setAside(
  box: Mailbox,
  { incoming: { bytes }, place }: ReadMail,
  reason: RefusedDocument['reason'],
  message: string,
): RefusedDocument {
  return refusedDocument(box, place, bytes, reason, message);
}

/**
 * Why the database does not take what it was given, where that is in what it was given (PostgreSQL's manual, appendix A:
 * classes 22, 23 and 54); null for everything that may go well another time.
 */
function refusalOf(error: unknown): 'bad-encoding' | 'too-large' | null {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code !== 'string' || !/^(?:22|23|54)[0-9A-Z]{3}$/.test(code)) return null;
  return code.startsWith('54') ? 'too-large' : 'bad-encoding';
}

/** What was asked for: what was passed over is of no list of those, and may be of one of others. */
function askedFor({ lists, list }: MailSyncOptions): string {
  return hash('sha256', [list?.id ?? '', ...[...lists.keys()].sort()].join('\n'), 'hex').slice(0, 16);
}

/** Up to where a mailbox was read when the same was asked for; null where something else was. */
function whereAsked(cursor: unknown, asked: string): unknown {
  const { asked: before, at } = (cursor ?? {}) as { asked?: unknown; at?: unknown };
  return before === asked ? (at ?? null) : null;
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
