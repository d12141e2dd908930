import type { MiddlewareHandler } from 'hono';
import { type Announcement, type Database, eventsAfter, type Listener, lastEvent, listen } from '#base/db';
import { isPublic, kindOf } from '#faces/editing';
import { concerned, topicsOfEvent } from './live-topics.ts';
import { makePresence, type Presence, type Viewer } from './presence.ts';

/** How much is borne. */
export interface LiveLimits {
  /** Listeners of one process. */
  total: number;
  /** Listeners from one address. */
  perAddress: number;
}

export const LIVE_LIMITS: LiveLimits = { total: 5_000, perAddress: 100 };

export interface Subscription {
  topics: readonly string[];
  /** The last entry of the history that the listener knows of; null where it does not say. */
  after: number | null;
  address: string;
  /** The page that is looked at, and by whom: only people who are signed in hear of each other. */
  page: string | null;
  viewer: Viewer | null;
}

/** Tells browsers which pages changed. Opens nothing before the first one listens. */
export interface Live {
  /** A stream of server-sent events, or why there is none now. */
  open(subscription: Subscription): Promise<ReadableStream<Uint8Array> | 'full' | 'closing'>;
  /** The last entry that was heard of; null while nobody listens. What is read after this call is at least as new. */
  last(): number | null;
  presence: Presence;
  /** How many listen. */
  count(): number;
  /** Ends every stream; browsers come back by themselves. */
  close(): Promise<void>;
}

/** Comments keep proxies from closing what is quiet, and let both ends notice that the other one is gone. */
const HEARTBEAT_MS = 20_000;
/** Streams end now and then, so that nobody listens long after being signed out. */
const LIFETIME_MS = 30 * 60_000;
/** Bytes that wait for one listener, over what the system holds. Whoever is slower comes back and asks for what they missed. */
const MOST_WAITING = 64 * 1024;
/** Entries that are told one by one to whoever comes back; after more than that they read the page anew. */
const MOST_REPLAYED = 500;
/** Browsers come back after this long, not all at once. */
const COME_BACK_MS = { least: 1_000, spread: 3_000 };

interface Listening {
  topics: ReadonlySet<string>;
  address: string;
  page: string | null;
  viewer: Viewer | null;
  since: number;
  controller: ReadableStreamDefaultController<Uint8Array>;
  /** What is told while the history is still read for this listener; null once it has caught up. */
  held: Announcement[] | null;
}

export function makeLive(
  database: Database,
  log: { warn(data: object, text: string): void },
  limits: LiveLimits = LIVE_LIMITS,
): Live {
  const listeners = new Set<Listening>();
  const byTopic = new Map<string, Set<Listening>>();
  const byAddress = new Map<string, number>();
  let ear: Promise<Listener> | null = null;
  let beat: NodeJS.Timeout | null = null;
  let closing = false;
  let last: number | null = null;

  const presence = makePresence(database, (page, bytes) => {
    for (const one of listeners) if (one.page === page && one.viewer !== null) send(one, bytes);
  });

  /** One connection to the database for the whole process, made when the first one listens. */
  function start(): Promise<Listener> {
    ear ??= (async () => {
      const made = await listen(database, hear, onGap, { [presence.channel]: presence.hear });
      try {
        last = Math.max(last ?? 0, await lastEvent(database.queries));
      } catch (error) {
        await made.close();
        throw error;
      }
      beat = setInterval(onBeat, HEARTBEAT_MS);
      beat.unref();
      return made;
    })();
    ear.catch(() => {
      ear = null;
    });
    return ear;
  }

  function hear(announcement: Announcement): void {
    last = Math.max(last ?? 0, announcement.last);
    const topics = new Map<Listening, string[]>();
    const note = (set: Iterable<Listening>, topic: string) => {
      for (const one of set) {
        const list = topics.get(one);
        if (list === undefined) topics.set(one, [topic]);
        else list.push(topic);
      }
    };
    for (const topic of announcement.topics) {
      if (topic === '*') note(listeners, topic);
      else if (isPublic(topic)) {
        note(byTopic.get(topic) ?? [], topic);
        note(byTopic.get(`${kindOf(topic)}:*`) ?? [], topic);
      }
    }
    // Most of them listen to the same: the bytes are made once.
    const made = new Map<string, Uint8Array>();
    for (const [one, mine] of topics) {
      if (one.held !== null) {
        one.held.push(announcement);
        continue;
      }
      const key = mine.join('\n');
      let bytes = made.get(key);
      if (bytes === undefined) {
        bytes = changed(announcement.last, mine);
        made.set(key, bytes);
      }
      send(one, bytes);
    }
  }

  /** The connection was away: something may have been missed. */
  function onGap(): void {
    lastEvent(database.queries).then(
      (number) => hear({ first: number, last: number, topics: ['*'] }),
      (error: unknown) => log.warn({ err: error }, 'the history could not be read after a gap'),
    );
  }

  function onBeat(): void {
    const now = Date.now();
    const bytes = encode(`event: beat\ndata: ${last ?? 0}\n\n`);
    for (const one of listeners) {
      if (now - one.since > LIFETIME_MS) end(one);
      else send(one, bytes);
    }
  }

  function send(one: Listening, bytes: Uint8Array): void {
    if ((one.controller.desiredSize ?? 0) < bytes.length) end(one);
    else one.controller.enqueue(bytes);
  }

  function end(one: Listening): void {
    if (!forget(one)) return;
    try {
      one.controller.close();
    } catch {
      // It was closed from the other side at the same moment.
    }
  }

  function forget(one: Listening): boolean {
    if (!listeners.delete(one)) return false;
    for (const topic of one.topics) {
      const set = byTopic.get(topic);
      set?.delete(one);
      if (set?.size === 0) byTopic.delete(topic);
    }
    const others = (byAddress.get(one.address) ?? 1) - 1;
    if (others === 0) byAddress.delete(one.address);
    else byAddress.set(one.address, others);
    return true;
  }

  function add(one: Listening): void {
    listeners.add(one);
    byAddress.set(one.address, (byAddress.get(one.address) ?? 0) + 1);
    for (const topic of one.topics) {
      const set = byTopic.get(topic);
      if (set === undefined) byTopic.set(topic, new Set([one]));
      else set.add(one);
    }
  }

  /** Tells what happened since, then what was told meanwhile. */
  async function catchUp(one: Listening, after: number | null): Promise<void> {
    const missed = after === null ? [] : await missedSince(database, one.topics, after);
    const known = missed.at(-1)?.last ?? after ?? 0;
    const held = one.held ?? [];
    one.held = null;
    for (const { last: number, topics } of missed) send(one, changed(number, topics));
    for (const announcement of held)
      if (announcement.last > known)
        send(one, changed(announcement.last, concerned(one.topics, announcement.topics)));
  }

  return {
    presence,
    last: () => last,
    count: () => listeners.size,
    async open({ topics, after, address, page, viewer }) {
      if (closing) return 'closing';
      if (listeners.size >= limits.total || (byAddress.get(address) ?? 0) >= limits.perAddress) return 'full';
      await start();
      let own: Listening | null = null;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const one: Listening = {
              topics: new Set(topics),
              address,
              page,
              viewer,
              since: Date.now(),
              controller,
              held: [],
            };
            own = one;
            add(one);
            const again = COME_BACK_MS.least + Math.floor(Math.random() * COME_BACK_MS.spread);
            // Its number is where they stand only if they did not say so themselves: they have yet to catch up.
            const id = after === null ? `id: ${last ?? 0}\n` : '';
            controller.enqueue(encode(`retry: ${again}\nevent: hello\n${id}data: ${last ?? 0}\n\n`));
            if (page !== null && viewer !== null) {
              const others = presence.message(page);
              if (others !== null) controller.enqueue(others);
            }
            catchUp(one, after).catch((error: unknown) => {
              log.warn({ err: error }, 'a listener could not catch up');
              end(one);
            });
          },
          cancel() {
            if (own !== null) forget(own);
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING }),
      );
    },
    async close() {
      closing = true;
      if (beat !== null) clearInterval(beat);
      for (const one of [...listeners]) end(one);
      const made = await ear?.catch(() => null);
      await made?.close();
    },
  };
}

/** What concerns a listener of what happened since, oldest first; more than they can bear is one call to read anew. */
async function missedSince(
  { queries }: Database,
  subscribed: ReadonlySet<string>,
  after: number,
): Promise<{ last: number; topics: string[] }[]> {
  const events = await eventsAfter(queries, after, MOST_REPLAYED + 1);
  if (events.length > MOST_REPLAYED) return [{ last: await lastEvent(queries), topics: ['*'] }];
  return events.flatMap((event) => {
    const topics = concerned(subscribed, topicsOfEvent(event));
    return topics.length === 0 ? [] : [{ last: event.id, topics }];
  });
}

function changed(event: number, topics: readonly string[]): Uint8Array {
  return encode(`id: ${event}\nevent: changed\ndata: ${JSON.stringify({ event, topics })}\n\n`);
}

const ENCODER = new TextEncoder();
function encode(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** Says with every page after which entry of the history it was made (`Server-Timing`, which scripts can read of the page itself). */
export function sayWhen(site: { live: Pick<Live, 'last'> }): MiddlewareHandler {
  return async (c, next) => {
    const last = site.live.last();
    await next();
    if (last !== null && c.req.method === 'GET' && c.res.headers.get('Content-Type')?.startsWith('text/html'))
      c.res.headers.set('Server-Timing', `event;dur=${last}`);
  };
}
