import { sql } from 'kysely';
import pg from 'pg';
import type { Database, Queries, Tx } from './database.ts';

/** What was appended to the history, and which pages it changes. */
export interface Announcement {
  /** Numbers of the first and the last new entry. */
  first: number;
  last: number;
  /** `issue:NSI-2017-0043`, or `*` where there are too many to name. */
  topics: string[];
}

const CHANNEL = 'muster_events';

/** Longest text that goes with a notification is 7,999 bytes (PostgreSQL, NOTIFY). */
const LONGEST = 7000;

/** Tells those who listen, once the transaction has committed. */
export async function announce(tx: Tx, announcement: Announcement): Promise<void> {
  let text = JSON.stringify(announcement);
  if (text.length > LONGEST) text = JSON.stringify({ ...announcement, topics: ['*'] });
  await sql`select pg_notify(${CHANNEL}, ${text})`.execute(tx);
}

/**
 * Says something to every process that listens (listen.ts, `others`), at once and without a trace: what is not worth an
 * entry of the history. At most 7,000 characters.
 */
export async function tell(queries: Queries, channel: string, text: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${text})`.execute(queries);
}

export interface Listener {
  close(): Promise<void>;
}

/** How long to wait before a lost connection is made anew, in milliseconds. */
const AGAIN_AFTER = 500;

/**
 * Hears of every entry of the history as it commits, on one connection of its own. A connection that breaks is made anew;
 * `onGap` then says that something may have been missed: whoever keeps count reads the history from where they stood.
 *
 * @param others what else is heard on that connection, by the name under which it is told (`tell`)
 */
export async function listen(
  database: Database,
  hear: (announcement: Announcement) => void,
  onGap: () => void,
  others: Readonly<Record<string, (text: string) => void>> = {},
): Promise<Listener> {
  let client: pg.Client | null = null;
  let again: NodeJS.Timeout | null = null;
  let closed = false;

  const start = async () => {
    const next = new pg.Client({ ...database.pool.options, application_name: 'muster listening' });
    next.on('notification', ({ channel, payload = '' }) => {
      if (channel === CHANNEL) hear(JSON.parse(payload) as Announcement);
      else others[channel]?.(payload);
    });
    next.on('error', () => lost(next));
    next.on('end', () => lost(next));
    await next.connect();
    for (const channel of [CHANNEL, ...Object.keys(others)])
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    client = next;
  };
  const lost = (which: pg.Client) => {
    if (closed || which !== client) return;
    client = null;
    retry();
  };
  const retry = () => {
    if (closed) return;
    again = setTimeout(() => start().then(onGap, retry), AGAIN_AFTER);
    again.unref();
  };

  await start();
  return {
    async close() {
      closed = true;
      if (again !== null) clearTimeout(again);
      await client?.end();
    },
  };
}
