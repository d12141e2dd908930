import { appendEvents, lockHistory, type NewEvent, type Queries, type Tx } from '#base/db';
import { candidateSpan, type Posting, type Signature } from '#base/mail';
import type { Incoming } from './incoming.ts';
import {
  numberThreads,
  type Placement,
  placeMessages,
  type StoredPosting,
  type Surroundings,
  type Touched,
} from './place.ts';
import {
  followersOf,
  knownFingerprints,
  lockThreads,
  namingAnyOf,
  redactedIds,
  type SubjectSpan,
  standingFor,
  standingIn,
  withSubjects,
} from './store-placing.ts';
import { decidedAmong, type ThreadDecided } from './store-reading.ts';
import {
  type AddedFact,
  addToThreads,
  bestSignature,
  insertMails,
  insertThreads,
  type MailRows,
  moveMails,
  redirectThreads,
  refreshThreads,
  type ThreadAddition,
  takeThreadNumbers,
  updateFollows,
  waitingAmong,
} from './store-writing.ts';

export interface TakenIn {
  stored: number;
  /** Copies of what was there already, or was redacted. */
  unchanged: number;
  /** Threads that began. */
  threads: number;
  /** Threads that somebody had decided on, and that wait again. */
  reopened: number;
}

export interface TakeInOptions {
  /** Brought in as history: new threads wait for nobody until something is added to them. */
  archived: boolean;
  at: Date;
}

/**
 * Stores messages and finds out which threads they belong to. Which threads there are is a function of the messages that
 * are stored, whatever the order in which they came, and in which portions.
 */
export async function takeIn(
  tx: Tx,
  messages: readonly Incoming[],
  options: TakeInOptions,
  rows: MailRows,
): Promise<TakenIn> {
  await lockThreads(tx);
  const distinct = new Map(messages.map((each) => [each.posting.key, each]));
  const known = await knownFingerprints(tx, [...distinct.keys()]);
  // What was redacted came by other lists, too, with other words around it.
  const redacted = await redactedIds(tx, [...new Set(messages.map(({ posting }) => posting.id))]);
  const fresh = [...distinct.values()].filter(
    ({ posting }) => !known.has(posting.key) && !redacted.has(posting.id),
  );
  const taken = { stored: fresh.length, unchanged: messages.length - fresh.length, threads: 0, reopened: 0 };
  if (fresh.length === 0) return taken;
  const postings = fresh.map(({ posting }) => posting);
  const around = await surroundingsOf(tx, fresh);
  const placement = placeMessages(postings, around);
  const touched = await touchedBy(tx, placement, postings);
  const numbering = numberThreads(postings, placement, around, touched);

  const names = [...numbering.threadOf.values(), ...numbering.moved.map(({ to }) => to)];
  const born = [...new Set(names.filter((name) => typeof name === 'string'))];
  const first = await takeThreadNumbers(tx, born.length);
  const numbers = new Map(born.map((name, index) => [name, first + index]));
  const numberOf = (name: number | string) => (typeof name === 'number' ? name : (numbers.get(name) ?? 0));
  const placed = fresh.map((incoming) => ({
    incoming,
    thread: numberOf(numbering.threadOf.get(incoming.posting.key) ?? 0),
    follows: placement.follows.get(incoming.posting.key) ?? null,
  }));
  const moved = numbering.moved.map((each) => ({ ...each, to: numberOf(each.to) }));
  const additions = additionsOf(placed, numbers);

  const changed = [
    ...new Set([...additions.keys(), ...numbering.joined.keys(), ...moved.map(({ from }) => from)]),
  ];
  const isNew = (thread: number) => thread >= first && thread < first + born.length;
  const decided = await decidedAmong(
    tx,
    changed.filter((thread) => !isNew(thread)),
  );
  // Whoever decides holds the history first and a thread second: so does this.
  if (decided.size > 0) await lockHistory(tx);

  const { archived } = options;
  const awaited = archived ? await awaitedAmong(tx, numbering.joined, moved) : new Set<number>();
  const archiving = { archived, awaited };
  const all = [...additions.values()];
  await insertThreads(
    tx,
    all.filter(({ id }) => isNew(id)),
    archiving,
    rows,
  );
  await updateFollows(tx, placement.replaced);
  await moveMails(tx, moved);
  await redirectThreads(tx, numbering.joined);
  await insertMails(tx, placed, rows);
  const anew = new Set([...numbering.joined.values(), ...moved.flatMap(({ from, to }) => [from, to])]);
  const added = [
    ...(await addToThreads(
      tx,
      all.filter(({ id }) => !isNew(id) && !anew.has(id)),
      archiving,
    )),
    ...(await refreshThreads(tx, [...anew], archiving)),
  ];
  const events = eventsOf(decided, added, numbering.joined);
  if (events.length > 0) await appendEvents(tx, events, options.at);
  return {
    ...taken,
    threads: born.length,
    reopened: events.filter(({ type }) => type === 'thread.reopened').length,
  };
}

/** Threads that others which wait become part of, or come of. */
async function awaitedAmong(
  queries: Queries,
  joined: ReadonlyMap<number, number>,
  moved: readonly { from: number; to: number }[],
): Promise<Set<number>> {
  const ways = [...[...joined].map(([from, to]) => ({ from, to })), ...moved];
  const waiting = await waitingAmong(
    queries,
    ways.map(({ from }) => from),
  );
  return new Set(ways.flatMap(({ from, to }) => (waiting.has(from) ? [to] : [])));
}

/** What of the store bears on where messages belong. */
async function surroundingsOf(queries: Queries, fresh: readonly Incoming[]): Promise<Surroundings> {
  const postings = fresh.map(({ posting }) => posting);
  const ids = new Set(postings.flatMap(({ id, references }) => [id, ...references]));
  const standing = await standingFor(queries, [...ids]);
  const newIds = [...new Set(postings.map(({ id }) => id))].filter((id) => !standing.has(id));
  const orphans = fresh.flatMap(({ orphan, posting }) => (orphan ? [posting] : []));
  const [naming, placedBySubject] = [
    await namingAnyOf(queries, newIds),
    await withSubjects(
      queries,
      spansOf(postings, (sentAt) => ({ from: sentAt, to: after(sentAt) })),
      {
        orphans: true,
      },
    ),
  ];
  const affected = [...new Map([...naming, ...placedBySubject].map((each) => [each.key, each])).values()];
  const looked = [...orphans, ...placedBySubject];
  const candidates = await withSubjects(queries, spansOf(looked, candidateSpan), { orphans: false });
  // What those name that are placed anew has to be known, too; and who stands for their ids.
  const more = affected.flatMap(({ id, references }) => [id, ...references]).filter((id) => !ids.has(id));
  const further = await standingFor(queries, [...new Set(more)]);
  return { standing: new Map([...standing, ...further]), affected, candidates };
}

/** Until when an orphan can be placed by a message of that moment. */
function after(sentAt: number): number {
  const { from, to } = candidateSpan(sentAt);
  return sentAt + (to - from);
}

/** One span for each subject, over all of its messages. */
function spansOf(
  postings: readonly Posting[],
  spanOf: (sentAt: number) => { from: number; to: number },
): SubjectSpan[] {
  const spans = new Map<string, SubjectSpan>();
  for (const { subject, sentAt } of postings) {
    if (sentAt === null || subject.exact === '') continue;
    const { from, to } = spanOf(sentAt);
    const other = spans.get(subject.stem);
    if (other === undefined) spans.set(subject.stem, { stem: subject.stem, from, to });
    else {
      other.from = Math.min(other.from, from);
      other.to = Math.max(other.to, to);
    }
  }
  return [...spans.values()];
}

async function touchedBy(
  queries: Queries,
  { replaced, ghosts }: Placement,
  fresh: readonly Posting[],
): Promise<Touched> {
  // Where something followed nothing before, nothing can come apart.
  const loose = replaced.flatMap(({ posting }) => (posting.follows === null ? [] : [posting.thread]));
  const loosened: StoredPosting[] = await standingIn(queries, [...new Set(loose)]);
  // Also those of new messages that were followed by name alone until now.
  const named = new Set([...ghosts, ...fresh.map(({ id }) => id)]);
  return { loosened, ofGhosts: await followersOf(queries, [...named]) };
}

interface Placed {
  incoming: Incoming;
  thread: number;
}

/** What is added to each thread; also an empty one for those that come of others coming apart. */
function additionsOf(
  placed: readonly Placed[],
  born: ReadonlyMap<string, number>,
): Map<number, ThreadAddition> {
  const additions = new Map<number, ThreadAddition & { signatures: Signature[]; firstKey: string }>();
  const of = (id: number) => {
    const there = additions.get(id);
    if (there !== undefined) return there;
    const made = {
      ...{ id, subject: '', firstAt: null, lastAt: null, messages: 0, lists: [], signature: null, facts: [] },
      ...{ signatures: [], firstKey: '' },
    };
    additions.set(id, made);
    return made;
  };
  for (const id of born.values()) of(id);
  for (const { incoming, thread } of placed) {
    const { posting, list, subject, signatures, facts } = incoming;
    const addition = of(thread);
    const sentAt = posting.sentAt ?? Number.POSITIVE_INFINITY;
    const firstAt = addition.firstAt ?? Number.POSITIVE_INFINITY;
    const earliest =
      addition.messages === 0 || sentAt < firstAt || (sentAt === firstAt && posting.key < addition.firstKey);
    if (earliest) {
      addition.subject = subject;
      addition.firstAt = posting.sentAt;
      addition.firstKey = posting.key;
    }
    if (posting.sentAt !== null)
      addition.lastAt = Math.max(addition.lastAt ?? posting.sentAt, posting.sentAt);
    addition.messages += 1;
    if (!addition.lists.includes(list.id)) addition.lists = [...addition.lists, list.id].sort();
    addition.signatures.push(...signatures);
    for (const fact of facts)
      if (!addition.facts.some(({ kind, value }) => kind === fact.kind && value === fact.value))
        addition.facts.push(fact);
  }
  return new Map(
    [...additions].map(([id, { signatures, firstKey: _, ...addition }]) => [
      id,
      { ...addition, signature: bestSignature(signatures) },
    ]),
  );
}

/** What the history tells: that something was added to what somebody had decided on, and that it is part of another thread now. */
function eventsOf(
  decided: ReadonlyMap<number, ThreadDecided>,
  added: readonly AddedFact[],
  joined: ReadonlyMap<number, number>,
): NewEvent[] {
  const by = { actor: 'machine:mail', cause: 'import' };
  const ends = [...joined].flatMap(([from, into]) =>
    decided.has(from)
      ? [
          {
            ...by,
            ...entityOf(from),
            type: 'thread.joined',
            payload: { into },
            topics: [`thread:${into}`, 'threads'],
          },
        ]
      : [],
  );
  const again = [...decided.keys()].flatMap((thread) => {
    const own = added.filter((fact) => fact.thread === thread);
    if (own.length === 0 || decided.get(thread)?.decided !== true) return [];
    const facts = own.slice(0, 50).map(({ kind, value, label }) => ({ kind, value, label }));
    return [
      { ...by, ...entityOf(thread), type: 'thread.reopened', payload: { added: facts }, topics: ['threads'] },
    ];
  });
  return [...ends, ...again];
}

function entityOf(thread: number) {
  return { entity: 'thread', entityId: String(thread) };
}
