import { type Database, eventsAfter, eventsById, type LoggedEvent, type Tx } from '#base/db';
import { mentionsIn } from '#base/formats';
import { accountsCalled, namesOf } from '#domain/accounts';
import type { Editables } from '#domain/proposals';
import { type AlarmFacts, type AlarmKind, alarmWords } from '#domain/sources';
import { eventWords, type NameOf } from './event-words.ts';
import { type NextDigest, notify } from './notify.ts';
import { lockNotices, type NewNotice, saveNoticeCursor } from './store-notices.ts';
import { watchersOf } from './store-watches.ts';

/** How many entries are read in one go. */
const BATCH = 1000;

export interface Told {
  events: number;
  notices: number;
  mails: number;
}

/**
 * Tells everybody whom it concerns of what happened since the last time: who watches, is mentioned, whose proposal was
 * decided, whose claim is over. Read from the history, so nothing is forgotten whoever wrote it, and nothing is told twice.
 * Nobody is told what they did themselves.
 *
 * @param kinds every kind of thing that people change: they say which pages an entry shows on
 */
export async function tellPeople(
  database: Database,
  { kinds, at = new Date(), nextDigest }: { kinds: Editables; at?: Date; nextDigest?: NextDigest },
): Promise<Told> {
  const told: Told = { events: 0, notices: 0, mails: 0 };
  for (;;) {
    const step = await database.transaction(async (tx) => {
      const cursor = await lockNotices(tx);
      const events = await eventsAfter(tx, cursor, BATCH);
      const last = events.at(-1);
      if (last === undefined) return null;
      const sent = await notify(tx, await noticesFor(tx, events, kinds), at, nextDigest);
      await saveNoticeCursor(tx, last.id);
      return { events: events.length, ...sent };
    });
    if (step === null) return told;
    told.events += step.events;
    told.notices += step.notices;
    told.mails += step.mails;
  }
}

async function noticesFor(tx: Tx, events: readonly LoggedEvent[], kinds: Editables): Promise<NewNotice[]> {
  const known = events.filter(({ payload }) => payload !== null);
  const earlier = await eventsById(
    tx,
    known.flatMap(({ payload }) =>
      typeof payload?.was === 'number' && payload.was !== 0 ? [payload.was] : [],
    ),
  );
  const nameOf = await namesOfActors(tx, known);
  const personal = [
    ...(await mentions(tx, known, earlier, nameOf)),
    ...decisions(known, nameOf),
    ...claims(known, earlier, nameOf),
  ].filter(({ account, event }) => actorOf(event, events) !== `person:${account}`);
  const toldAlready = new Set(personal.map(({ account, event }) => `${account} ${event}`));
  const about = known.filter(({ entity }) => entity !== 'source');
  const watching = (await watched(tx, about, kinds, nameOf)).filter(
    ({ account, event }) => !toldAlready.has(`${account} ${event}`),
  );
  return [...personal, ...watching, ...(await alarms(tx, known))];
}

function actorOf(event: number, events: readonly LoggedEvent[]): string | undefined {
  return events.find(({ id }) => id === event)?.actor;
}

/** Who is mentioned in a comment, and was not in what it said before. */
async function mentions(
  tx: Tx,
  events: readonly LoggedEvent[],
  earlier: ReadonlyMap<number, LoggedEvent>,
  nameOf: NameOf,
): Promise<NewNotice[]> {
  const found = events.flatMap((event) => {
    const { payload } = event;
    if (payload?.kind !== 'comment' || typeof payload.value !== 'string') return [];
    const before = earlier.get(Number(payload.was))?.payload?.value;
    const known = new Set(typeof before === 'string' ? mentionsIn(before) : []);
    return mentionsIn(payload.value)
      .filter((handle) => !known.has(handle))
      .map((handle) => ({ event, handle }));
  });
  const accounts = await accountsCalled(
    tx,
    found.map(({ handle }) => handle),
  );
  return found.flatMap(({ event, handle }) => {
    const account = accounts.get(handle);
    if (account === undefined) return [];
    const words = `${nameOf(authorOf(event))} mentioned you on ${event.entityId}`;
    return [
      { account, event: event.id, reason: 'mention' as const, topic: `issue:${event.entityId}`, words },
    ];
  });
}

/** Whose proposal was accepted or rejected. */
function decisions(events: readonly LoggedEvent[], nameOf: NameOf): NewNotice[] {
  return events.flatMap(({ id, entity, entityId, type, actor, payload }): NewNotice[] => {
    const account = accountIn(payload?.author);
    if (entity !== 'proposal' || account === null) return [];
    if (type !== 'proposal.accepted' && type !== 'proposal.rejected') return [];
    const done =
      type === 'proposal.rejected'
        ? 'rejected'
        : payload?.amended === true
          ? 'amended and accepted'
          : 'accepted';
    const words = `${nameOf(actor)} ${done} your proposal ${entityId}`;
    return [{ account, event: id, reason: 'decision', topic: `proposal:${entityId}`, words }];
  });
}

/** Whose claim ran out, or was taken from them. */
function claims(
  events: readonly LoggedEvent[],
  earlier: ReadonlyMap<number, LoggedEvent>,
  nameOf: NameOf,
): NewNotice[] {
  return events.flatMap(({ id, entityId, actor, payload }): NewNotice[] => {
    if (payload?.kind !== 'issue' || payload.field !== 'claim') return [];
    const holder = personOf(earlier.get(Number(payload.was))?.payload?.value);
    const account = accountIn(holder);
    if (account === null || personOf(payload.value) === holder) return [];
    const words =
      actor === 'machine:claims'
        ? `Your claim of ${entityId} has run out`
        : `${nameOf(actor)} took over your claim of ${entityId}`;
    return [{ account, event: id, reason: 'claim', topic: `issue:${entityId}`, words }];
  });
}

/** Who watches a source, or all of them, is told when an alarm is raised, and when it ends; of its runs nobody is told. */
async function alarms(tx: Tx, events: readonly LoggedEvent[]): Promise<NewNotice[]> {
  const told = events.filter(({ type }) => type === 'source.alarm_opened' || type === 'source.alarm_closed');
  if (told.length === 0) return [];
  const topics = [...new Set(told.map(({ entityId }) => `source:${entityId}`)), 'source:all'];
  const watchers = await watchersOf(tx, topics);
  return told.flatMap(({ id, type, entityId, payload }) => {
    const { of, facts } = payload ?? {};
    const what = alarmWords(of as AlarmKind, (facts ?? {}) as AlarmFacts);
    const words =
      type === 'source.alarm_closed' ? `${entityId} is well again: it was "${what}"` : `${entityId}: ${what}`;
    const accounts = watchers.filter(({ topic }) => topic === 'source:all' || topic === `source:${entityId}`);
    return [...new Set(accounts.map(({ account }) => account))].map((account) => ({
      ...{ account, event: id, reason: 'alarm' as const, topic: `source:${entityId}`, words },
    }));
  });
}

/** Who watches what an event is about. Of one change set somebody is told once for each thing that they watch. */
async function watched(
  tx: Tx,
  events: readonly LoggedEvent[],
  kinds: Editables,
  nameOf: NameOf,
): Promise<NewNotice[]> {
  const topicsOf = new Map(events.map((event) => [event, topics(event, kinds)]));
  const watchers = new Map<string, number[]>();
  for (const { account, topic } of await watchersOf(tx, [...new Set([...topicsOf.values()].flat())]))
    watchers.set(topic, [...(watchers.get(topic) ?? []), account]);
  const notices: NewNotice[] = [];
  const done = new Set<string>();
  for (const [event, own] of topicsOf) {
    const told = new Set<number>();
    for (const topic of own) {
      for (const account of watchers.get(topic) ?? []) {
        const set =
          typeof event.payload?.proposal === 'number' ? `set ${event.payload.proposal}` : `event ${event.id}`;
        const key = `${account} ${topic} ${set}`;
        if (event.actor === `person:${account}` || told.has(account) || done.has(key)) continue;
        told.add(account);
        done.add(key);
        const reason = event.type === 'issue.exploited' ? 'exploited' : 'watch';
        notices.push({ account, event: event.id, reason, topic, words: eventWords(event, nameOf) });
      }
    }
  }
  return notices;
}

function topics({ entity, entityId, type, payload }: LoggedEvent, kinds: Editables): string[] {
  if (type === 'event.redacted') return [];
  const { kind, id } = payload ?? {};
  const more =
    typeof kind === 'string' && typeof id === 'string' ? (kinds.get(kind)?.history(id).topics ?? []) : [];
  // Whoever watches a package that it may hit: what grouping knows nothing of, the entry says.
  const packages = type === 'issue.exploited' && Array.isArray(payload?.packages) ? payload.packages : [];
  return [`${entity}:${entityId}`, ...more, ...packages.map((name) => `package:${String(name)}`)];
}

async function namesOfActors(tx: Tx, events: readonly LoggedEvent[]): Promise<NameOf> {
  const accounts = events.flatMap((event) =>
    [accountIn(event.actor) ?? [], accountIn(authorOf(event)) ?? []].flat(),
  );
  const names = new Map(
    (await namesOf(tx, accounts)).map(({ id, handle }) => [`person:${id}`, `@${handle}`]),
  );
  return (actor) => names.get(actor) ?? (actor.startsWith('machine:') ? 'Muster' : actor);
}

/** Whose words or idea it was. */
function authorOf({ actor, payload }: LoggedEvent): string {
  return typeof payload?.author === 'string' ? payload.author : actor;
}

function accountIn(actor: unknown): number | null {
  const match = typeof actor === 'string' ? /^person:(\d+)$/.exec(actor) : null;
  return match === null ? null : Number(match[1]);
}

function personOf(claim: unknown): string | null {
  if (typeof claim !== 'object' || claim === null) return null;
  const { person } = claim as { person?: unknown };
  return typeof person === 'string' ? person : null;
}
