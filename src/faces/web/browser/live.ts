import { renew } from './morph.ts';
import { make } from './page.ts';
import { heardPresence, sayHere } from './presence.ts';

/** What comes in one burst is read anew at once, after this long. */
const BURST_MS = 60;
/** A page that many look at is not asked for by all of them in the same moment. */
const SPREAD_MS = 150;
/** The same for what says that anything may have changed: then all of them read all of it. */
const SPREAD_OF_ALL_MS = 2_000;
/** A connection on which nothing is heard for so long is dead, whatever the browser believes. */
const SILENT_MS = 50_000;
/** A window that nobody looks at lets its connection go: browsers have few of them for one server. */
const HIDDEN_MS = 15_000;
const AGAIN_MS = 20_000;
const SAY_AFTER_MS = 6_000;

let source: EventSource | null = null;
/** The last entry of the history that the page shows. */
let after: string | null = null;
let silence: ReturnType<typeof setTimeout> | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;
let complaint: ReturnType<typeof setTimeout> | undefined;

/** Keeps the page as the server has it, for as long as somebody looks at it. */
export function goLive(): void {
  const topics = document.querySelector('main')?.dataset.live;
  if (topics === undefined || typeof EventSource === 'undefined') return;
  after = renderedAt();
  connect(topics);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.visibilityState === 'hidden') hiding = setTimeout(disconnect, HIDDEN_MS);
    else if (source === null) connect(topics);
  });
  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && source === null) connect(topics);
  });
  addEventListener('online', () => {
    disconnect();
    connect(topics);
  });
}

function connect(topics: string): void {
  const query = new URLSearchParams({ topics, page: location.pathname });
  if (after !== null) query.set('after', after);
  const own = new EventSource(`/live?${query}`);
  source = own;
  own.addEventListener('hello', () => {
    calm();
    sayHere();
    // Nobody knows how old the page is: it is read anew once.
    if (after === null) changed(['*']);
    listenOn(topics);
  });
  own.addEventListener('changed', (event: MessageEvent<string>) => {
    after = event.lastEventId;
    changed((JSON.parse(event.data) as { topics: string[] }).topics);
    listenOn(topics);
  });
  own.addEventListener('presence', (event: MessageEvent<string>) => heardPresence(event.data));
  own.addEventListener('beat', () => listenOn(topics));
  own.addEventListener('error', () => {
    complaint ??= setTimeout(() => document.body.append(notLive()), SAY_AFTER_MS);
    // Refused, not broken off: browsers do not try that again by themselves.
    if (own.readyState === EventSource.CLOSED) setTimeout(() => reconnect(topics, own), AGAIN_MS);
  });
}

function reconnect(topics: string, which: EventSource): void {
  if (source !== which) return;
  disconnect();
  if (document.visibilityState === 'visible') connect(topics);
}

function disconnect(): void {
  source?.close();
  source = null;
  clearTimeout(silence);
}

function listenOn(topics: string): void {
  clearTimeout(silence);
  const own = source;
  if (own !== null) silence = setTimeout(() => reconnect(topics, own), SILENT_MS);
}

function calm(): void {
  clearTimeout(complaint);
  complaint = undefined;
  document.getElementById('not-live')?.remove();
}

function notLive(): HTMLElement {
  return make(
    'p',
    { id: 'not-live', role: 'status' },
    'Not live: the connection is away. It is tried again by itself; what you type is kept.',
  );
}

/** The entry that the page was made after, as its head says; null where the browser does not let us read it. */
function renderedAt(): string | null {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const timing = navigation?.serverTiming?.find(({ name }) => name === 'event');
  return timing === undefined ? null : String(timing.duration);
}

const waiting = new Set<string>();
let whole = false;
let due: ReturnType<typeof setTimeout> | undefined;
let running: Promise<void> | null = null;

/** Something changed: the fragments that show it are read anew, once for each burst. */
function changed(topics: readonly string[]): void {
  const spread = after !== null && topics.includes('*') ? SPREAD_OF_ALL_MS : SPREAD_MS;
  schedule(topics, BURST_MS + Math.random() * spread);
}

/** The same for what was done here: at once. */
export function renewNow(topics: readonly string[]): Promise<void> {
  schedule(topics, 0);
  return flush();
}

/** The same of some parts of the page, by their ids. */
export function renewParts(ids: readonly string[]): Promise<void> {
  for (const id of ids) waiting.add(id);
  return flush();
}

function schedule(topics: readonly string[], delay: number): void {
  for (const topic of topics) {
    const fragments = topic === '*' ? [] : fragmentsOf(topic);
    for (const { id } of fragments) waiting.add(id);
    if (topic === '*' || (fragments.length === 0 && concernsPage(topic))) whole = true;
  }
  if (!whole && waiting.size === 0) return;
  clearTimeout(due);
  due = setTimeout(() => void flush(), delay);
}

async function flush(): Promise<void> {
  clearTimeout(due);
  // What comes meanwhile may be newer than what is read just now; and whoever waits for theirs to be read waits until it is,
  // also where another one has taken it along.
  while (running !== null) await running;
  if (!whole && waiting.size === 0) return;
  const ids = whole ? null : [...waiting];
  whole = false;
  waiting.clear();
  running = renew(ids)
    .catch((error: unknown) => {
      if (!(error instanceof TypeError)) console.error(error);
      // No connection: when it comes back, what was missed is told again.
      if (ids === null) whole = true;
      for (const id of ids ?? []) waiting.add(id);
    })
    .finally(() => {
      running = null;
    });
  await running;
}

function fragmentsOf(topic: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-fragment]')].filter(
    ({ dataset, id }) => id !== '' && dataset.fragment?.split(' ').includes(topic),
  );
}

/** Whether the page listens to that very thing: to all of a kind it listens for the sake of its fragments. */
function concernsPage(topic: string): boolean {
  const live = document.querySelector('main')?.dataset.live ?? '';
  return live.split(',').includes(topic);
}
