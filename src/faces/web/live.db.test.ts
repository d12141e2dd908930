import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { appendEvents, type Database } from '#base/db';
import type { Change } from '#domain/proposals';
import { sendChanges } from '#faces/editing';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { type LiveLimits, makeLive } from './live.ts';
import { type SampleIds, seedSample } from './sample-database.ts';
import { type RunningServer, startServer } from './server.ts';
import { ASSETS, CONFIG, SILENT } from './testing-app.ts';
import { signIn, type TestPerson } from './testing-people.ts';

let database: Database;
let ids: SampleIds;
let ada: TestPerson;
let ben: TestPerson;
const servers: RunningServer[] = [];
const streams: Stream[] = [];

before(async () => {
  database = await testDatabase();
  ids = await seedSample(database);
  ada = await signIn(database, 'ada', 'triager', new Date(), 'Ada Lovelace');
  ben = await signIn(database, 'ben', 'triager', new Date());
});
after(async () => {
  for (const stream of streams) stream.close();
  for (const server of servers) await server.close();
  await database.close();
});

async function serve(liveLimits?: LiveLimits): Promise<RunningServer> {
  const app = createApp({ database, config: CONFIG, assets: ASSETS, log: SILENT, liveLimits });
  const server = await startServer(app, { host: '127.0.0.1', port: 0 });
  servers.push(server);
  return server;
}

interface Message {
  event: string;
  id: string | null;
  data: unknown;
}

/** A connection that listens, as a browser would. */
interface Stream {
  status: number;
  headers: Headers;
  messages: Message[];
  /** Resolves with the first message of that kind which fits, also one that was there already. */
  next(event: string, fits?: (message: Message) => boolean): Promise<Message>;
  ended: Promise<void>;
  close(): void;
}

async function listen(
  server: RunningServer,
  query: string,
  headers: Record<string, string> = {},
): Promise<Stream> {
  const controller = new AbortController();
  const response = await fetch(`${server.url}/live?${query}`, { headers, signal: controller.signal });
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      for (let at = text.indexOf('\n\n'); at !== -1; at = text.indexOf('\n\n')) {
        messages.push(messageOf(text.slice(0, at)));
        text = text.slice(at + 2);
      }
      for (const wake of waiting) wake();
    }
  };
  const ended = response.ok && response.body !== null ? read().catch(() => {}) : Promise.resolve();
  const stream: Stream = {
    status: response.status,
    headers: response.headers,
    messages,
    ended,
    async next(event, fits = () => true) {
      for (let passed = 0; passed < 400; passed++) {
        const found = messages.find((message) => message.event === event && fits(message));
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
          setTimeout(wake, 50);
        });
      }
      return assert.fail(`no ${event} came; ${JSON.stringify(messages)}`);
    },
    close: () => controller.abort(),
  };
  streams.push(stream);
  if (response.ok && response.headers.get('content-type')?.startsWith('text/event-stream'))
    await stream.next('hello');
  return stream;
}

function messageOf(text: string): Message {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? null;
  const data = field('data') ?? 'null';
  return { event: field('event') ?? '', id: field('id'), data: JSON.parse(data) };
}

let notes = 0;
async function change(channel = 'nixos-16.09', saw = 0): Promise<number> {
  notes += 1;
  const one: Change = {
    kind: 'status',
    id: `${ids.issue}/openssl/${channel}`,
    field: 'value',
    value: { status: 'affected', note: `${notes}` },
    saw,
  };
  const answer = await sendChanges(
    database,
    ada.actor,
    { changes: [one] },
    { rules: { secondOpinion: false } },
  );
  if (answer.outcome === 'conflict') return change(channel, answer.conflicts[0]?.version);
  assert.equal(answer.outcome, 'accepted', JSON.stringify(answer));
  return answer.outcome === 'accepted' ? (answer.made[0]?.version ?? 0) : 0;
}

const topicsOf = (message: Message) => (message.data as { topics: string[] }).topics;

describe('live', () => {
  test('who listens to a thing hears that it changed, and nothing of what changed; others hear nothing', async () => {
    const server = await serve();
    const issue = await listen(server, `topics=issue:${ids.issue}`);
    const kind = await listen(server, 'topics=issue:*');
    const other = await listen(server, 'topics=issue:NSI-2017-9999,package:curl');
    assert.match(issue.headers.get('content-type') ?? '', /^text\/event-stream/);
    assert.equal(issue.headers.get('cache-control'), 'no-store');
    assert.equal(issue.headers.get('content-encoding'), null);
    const event = await change();
    const heard = await issue.next('changed');
    assert.deepEqual(heard, {
      event: 'changed',
      id: String(event),
      data: { event, topics: [`issue:${ids.issue}`] },
    });
    assert.deepEqual(topicsOf(await kind.next('changed')), [`issue:${ids.issue}`]);
    const channel = await listen(server, 'topics=channel:nixos-16.09,package:openssl');
    await change();
    assert.deepEqual(topicsOf(await channel.next('changed')).sort(), [
      'channel:nixos-16.09',
      'package:openssl',
    ]);
    assert.deepEqual(
      other.messages.filter((message) => message.event === 'changed'),
      [],
    );
  });

  test('who comes back is told what they missed, in order and no more', async () => {
    const server = await serve();
    const before = await change();
    const missed = [await change(), await change('nixos-unstable')];
    const byHeader = await listen(server, `topics=issue:${ids.issue}`, { 'Last-Event-ID': String(before) });
    await byHeader.next('changed', ({ id }) => id === String(missed[1]));
    assert.deepEqual(
      byHeader.messages.filter(({ event }) => event === 'changed').map(({ id }) => Number(id)),
      missed,
    );
    // Where they stood is not told anew before they have caught up.
    assert.equal(byHeader.messages[0]?.id, null);
    const byAddress = await listen(server, `topics=channel:nixos-unstable&after=${before}`);
    await byAddress.next('changed');
    assert.deepEqual(
      byAddress.messages.filter(({ event }) => event === 'changed').map(({ id }) => Number(id)),
      [missed[1]],
    );
    const now = await change();
    await byHeader.next('changed', ({ id }) => id === String(now));
  });

  test('who missed too much reads everything anew; what cannot be told apart is told', async () => {
    const server = await serve();
    const before = await change();
    await database.transaction((tx) =>
      appendEvents(
        tx,
        Array.from({ length: 600 }, (_, n) => ({
          entity: 'source',
          entityId: 'x',
          type: 'source.synced',
          actor: 'machine:test',
          cause: 'test',
          payload: { n },
        })),
      ),
    );
    const all = await listen(server, `topics=issue:${ids.issue}&after=${before}`);
    assert.deepEqual(topicsOf(await all.next('changed')), ['*']);
    const last = Number((await all.next('changed')).id);
    const event = {
      entity: 'proposal',
      entityId: '1',
      type: 'proposal.made',
      actor: 'person:1',
      cause: 'x',
      payload: {},
    };
    await database.transaction((tx) => appendEvents(tx, [event]));
    const doubtful = await listen(server, `topics=package:nothing&after=${last}`);
    assert.deepEqual(topicsOf(await doubtful.next('changed')), ['*']);
  });

  test('two servers on one database tell of the same, and of who looks at a page', async () => {
    const [first, second] = [await serve(), await serve()];
    const page = `page=/issues/${ids.issue}&topics=issue:${ids.issue}`;
    const one = await listen(first, page, { Cookie: ada.cookie });
    const two = await listen(second, page, { Cookie: ben.cookie });
    const visitor = await listen(second, page);
    const event = await change();
    for (const stream of [one, two]) await stream.next('changed', ({ id }) => id === String(event));
    const say = (person: TestPerson, server: RunningServer, gone = '') =>
      fetch(`${server.url}/presence`, {
        method: 'POST',
        headers: { Cookie: person.cookie, Origin: server.url },
        body: new URLSearchParams({ page: `/issues/${ids.issue}`, window: 'w1', gone }),
      });
    assert.equal((await say(ada, first)).status, 204);
    const seen = await two.next('presence', ({ data }) => JSON.stringify(data).includes('"ada"'));
    assert.deepEqual(seen.data, [{ id: ada.actor.id, handle: 'ada', name: 'Ada Lovelace', initials: 'AL' }]);
    // Who comes later is told at once.
    const late = await listen(first, page, { Cookie: ben.cookie });
    await late.next('presence');
    await say(ada, first, 'yes');
    await two.next('presence', ({ data }) => JSON.stringify(data) === '[]');
    assert.deepEqual(
      visitor.messages.filter((message) => message.event === 'presence'),
      [],
    );
  });

  test('who looks at a page that not everybody may read is told to nobody', async () => {
    const server = await serve();
    for (const page of ['/intake', '/intake/1', '/account'])
      assert.equal(
        (
          await fetch(`${server.url}/presence`, {
            method: 'POST',
            headers: { Cookie: ada.cookie, Origin: server.url },
            body: new URLSearchParams({ page, window: 'w1' }),
          })
        ).status,
        400,
        page,
      );
  });

  test('nobody listens to accounts and reports of visitors, to nothing, or to too much', async () => {
    const server = await serve();
    for (const query of [
      '',
      'topics=',
      'topics=account:1',
      'topics=intake:1',
      `topics=issue:A,person:${1}`,
      `topics=${'x'.repeat(400)}`,
      `topics=${Array.from({ length: 61 }, (_, n) => `issue:${n}`).join(',')}`,
    ]) {
      const response = await fetch(`${server.url}/live?${query}`);
      assert.equal(response.status, 400, query);
      await response.body?.cancel();
    }
    const account = {
      entity: 'account',
      entityId: '1',
      type: 'account.x',
      actor: 'person:1',
      cause: 'x',
      payload: {},
    };
    const everything = await listen(server, 'topics=issue:*,package:*,channel:*,queue');
    await database.transaction((tx) => appendEvents(tx, [account]));
    const event = await change();
    await everything.next('changed', ({ id }) => id === String(event));
    assert.ok(everything.messages.every((message) => !JSON.stringify(message).includes('account')));
  });

  test('limits hold for each address and for all', async () => {
    const server = await serve({ total: 3, perAddress: 2 });
    const open = [await listen(server, 'topics=queue'), await listen(server, 'topics=queue')];
    const third = await listen(server, 'topics=queue');
    assert.equal(third.status, 429);
    assert.equal(third.headers.get('retry-after'), '15');
    open[0]?.close();
    for (let tries = 0; tries < 100; tries++) {
      const again = await listen(server, 'topics=queue');
      if (again.status === 200) return;
      await sleep(50);
    }
    assert.fail('a place that was left is not free again');
  });

  test('HEAD is answered without a stream', async () => {
    const server = await serve();
    const response = await fetch(`${server.url}/live?topics=queue`, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  });

  test('who does not read is dropped, and nothing is kept for them without end', async () => {
    const live = makeLive(database, SILENT);
    const subscription = { after: null, address: 'x', page: null, viewer: null };
    const slow = await live.open({ ...subscription, topics: ['report:*'] });
    const quick = await live.open({ ...subscription, topics: ['report:*'] });
    assert.ok(slow instanceof ReadableStream && quick instanceof ReadableStream);
    const reader = quick.getReader();
    const topics = Array.from({ length: 60 }, (_, n) => `report:debian/DSA-${n}-${'x'.repeat(60)}`);
    const event = {
      entity: 'report',
      entityId: 'x',
      type: 'read',
      actor: 'machine:x',
      cause: 'x',
      payload: {},
      topics,
    };
    await reader.read();
    for (let sent = 0; sent < 40; sent++) {
      await database.transaction((tx) => appendEvents(tx, [event]));
      await reader.read();
    }
    assert.equal(live.count(), 1);
    let kept = 0;
    for await (const chunk of slow) kept += (chunk as Uint8Array).length;
    assert.ok(kept > 1000 && kept <= 64 * 1024, `${kept} bytes were kept`);
    await live.close();
    assert.equal(live.count(), 0);
    assert.equal(await live.open({ ...subscription, topics: ['queue'] }), 'closing');
  });

  test('a script is given the lines that it asks for, as they are now, and no cache keeps them', async () => {
    const server = await serve();
    await listen(server, 'topics=issue:*');
    const lines = async (wanted: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`${server.url}/roundups/1`, {
        headers: { 'Muster-Fragments': wanted, ...headers },
      });
      assert.match(response.headers.get('cache-control') ?? '', /no-store/);
      const html = await response.text();
      return { html, ids: [...html.matchAll(/<tr[^>]* id="(NSI-[^"]*)"/g)].map(([, id]) => id) };
    };
    const whole = await (await fetch(`${server.url}/roundups/1`)).text();
    assert.ok([...whole.matchAll(/<tr[^>]* id="NSI-/g)].length > 1);
    for (const headers of [{}, { Cookie: ada.cookie }]) {
      const { html, ids: shown } = await lines(ids.issue, headers);
      assert.deepEqual(shown, [ids.issue]);
      assert.match(html, /data-partial/);
      assert.match(html, /id="head"/);
    }
    // What many ask for is made once, but never older than what they were told.
    for (let round = 0; round < 3; round++) {
      const stream = await listen(server, 'topics=issue:*');
      const version = await change();
      await stream.next('changed', ({ id }) => id === String(version));
      assert.match((await lines(ids.issue)).html, new RegExp(`data-version="${version}"`));
    }
  });

  test('closing the server ends every stream at once, and says who comes then to come again', async () => {
    const server = await serve();
    const stream = await listen(server, 'topics=queue');
    const began = performance.now();
    await server.close();
    await stream.ended;
    assert.ok(performance.now() - began < 5_000, 'it does not wait for the grace time');
  });
});
