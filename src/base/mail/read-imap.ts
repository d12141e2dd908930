import { ImapFlow } from 'imapflow';
import { MusterError } from '#base/errors';
import { LARGEST_MESSAGE } from './message.ts';
import type { RawMessage } from './read-mbox.ts';

/** Up to where a mailbox has been read: UIDs grow as long as UIDVALIDITY stays (RFC 3501, section 2.3.1.1). */
export interface ImapCursor {
  validity: string;
  uid: number;
}

const PATIENCE_MS = 30_000;
const HEAD = 64 << 10;
/** UIDs that are asked for at once. */
const AT_ONCE = 200;

/**
 * The messages of an IMAP mailbox that came after `after`, oldest first, each with the place up to which one has then read.
 * Reads only: nothing is marked as seen, moved or deleted.
 *
 * @param address `imaps://user:password@host:993/INBOX`; with `imap://` it is encrypted where the server can
 * @throws MusterError MAIL_UNREADABLE
 */
export async function* readImap(
  address: string,
  after: ImapCursor | null,
): AsyncGenerator<RawMessage & { cursor: ImapCursor }> {
  const url = new URL(address);
  const client = new ImapFlow({
    host: url.hostname,
    port: Number(url.port || (url.protocol === 'imaps:' ? 993 : 143)),
    secure: url.protocol === 'imaps:',
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    logger: false,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS * 4,
    disableAutoIdle: true,
  });
  // What breaks a connection fails the command that waits for it; alone it must not end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    const box = await client.mailboxOpen(decodeURIComponent(url.pathname.slice(1)) || 'INBOX', {
      readOnly: true,
    });
    const validity = String(box.uidValidity);
    let uid = after?.validity === validity ? after.uid : 0;
    for (const chunk of chunksOf(await uidsAfter(client, uid))) {
      const wanted = { uid: true, size: true, source: { maxLength: LARGEST_MESSAGE + 1 } };
      for await (const message of client.fetch(chunk.join(','), wanted, { uid: true })) {
        uid = Math.max(uid, message.uid);
        const bytes = message.source ?? Buffer.alloc(0);
        const size = Math.max(message.size ?? 0, bytes.length);
        const [place, cursor] = [`uid ${message.uid} of ${validity}`, { validity, uid }];
        yield size > LARGEST_MESSAGE
          ? { kind: 'too_large', place, size, head: Buffer.from(bytes.subarray(0, HEAD)), cursor }
          : { kind: 'message', place, bytes, cursor };
      }
    }
    await client.logout();
  } catch (cause) {
    throw asFailure(cause, url);
  } finally {
    client.close();
  }
}

async function uidsAfter(client: ImapFlow, uid: number): Promise<number[]> {
  // `n:*` always names the last message, also where it is older (RFC 3501, section 6.4.8).
  const found = (await client.search({ uid: `${uid + 1}:*` }, { uid: true })) || [];
  return found.filter((each) => each > uid).sort((a, b) => a - b);
}

function chunksOf(uids: readonly number[]): number[][] {
  const chunks: number[][] = [];
  for (let at = 0; at < uids.length; at += AT_ONCE) chunks.push(uids.slice(at, at + AT_ONCE));
  return chunks;
}

/** Neither user nor password is said. */
function asFailure(cause: unknown, url: URL): MusterError {
  if (cause instanceof MusterError) return cause;
  const { responseText, message } = cause as { responseText?: string; message?: string };
  return new MusterError(
    'MAIL_UNREADABLE',
    `${url.host}${url.pathname}: ${responseText ?? message ?? String(cause)}`,
  );
}
