import { earlier, followed, type Posting, Together } from '#base/mail';

/** A message that is stored, as far as placing needs it. */
export interface StoredPosting extends Posting {
  mail: number;
  thread: number;
  /** What it follows now; null also where another message stands for its id. */
  follows: string | null;
}

/** What of the store has to be known to place new messages. */
export interface Surroundings {
  /** The message that stands for each id that new ones, or ones to be placed anew, bear or name. */
  standing: ReadonlyMap<string, StoredPosting>;
  /** Stored messages that may follow another one now: they name a new id, or are orphans with its subject. */
  affected: readonly StoredPosting[];
  /** Stored messages with the subjects of orphans. */
  candidates: readonly StoredPosting[];
}

/** What a stored message follows from now on. */
export interface Replaced {
  posting: StoredPosting;
  follows: string | null;
}

/** What each new message follows, and what changes of the stored ones. */
export interface Placement {
  /** By key; null for one that begins something, and for one that another stands for. */
  follows: ReadonlyMap<string, string | null>;
  replaced: Replaced[];
  /** Messages that follow an id which nobody has. */
  ghosts: string[];
}

/** Places new messages among the stored ones: the same as if all of them were placed at once (base/mail, `threadsOf`). */
export function placeMessages(fresh: readonly Posting[], around: Surroundings): Placement {
  const first = new Map<string, Posting>();
  for (const posting of fresh) {
    const other = first.get(posting.id) ?? around.standing.get(posting.id);
    if (other === undefined || earlier(posting, other) < 0) first.set(posting.id, posting);
  }
  const there = (id: string) => first.has(id) || around.standing.has(id);
  const byStem = new Map<string, Posting[]>();
  for (const posting of [...fresh, ...around.candidates]) {
    const group = byStem.get(posting.subject.stem);
    if (group === undefined) byStem.set(posting.subject.stem, [posting]);
    else group.push(posting);
  }
  const place = (posting: Posting) => followed(posting, there, byStem.get(posting.subject.stem) ?? []);
  const ghosts = new Set<string>();
  const noted = (id: string | null) => {
    if (id !== null && !there(id)) ghosts.add(id);
    return id;
  };
  const follows = new Map(
    fresh.map((posting) => [posting.key, first.get(posting.id) === posting ? noted(place(posting)) : null]),
  );
  const replaced: Replaced[] = [];
  const seen = new Set<string>();
  const replace = (posting: StoredPosting, now: string | null) => {
    if (seen.has(posting.key)) return;
    seen.add(posting.key);
    if (now !== posting.follows) replaced.push({ posting, follows: now });
  };
  // A message that came later and is the earlier one takes the place of the one that stood for its id.
  for (const [id, posting] of first) {
    const stood = around.standing.get(id);
    if (stood !== undefined && stood.key !== posting.key) replace(stood, null);
  }
  for (const posting of around.affected)
    if (around.standing.get(posting.id)?.key === posting.key) replace(posting, noted(place(posting)));
  return { follows, replaced, ghosts: [...ghosts] };
}

/** What is known of the threads that are touched. */
export interface Touched {
  /** Messages of threads in which something stored follows another message now, the ones standing for their ids: those may come apart. */
  loosened: readonly StoredPosting[];
  /** Threads of stored messages that follow an id which nobody has, or had until now. */
  ofGhosts: readonly { follows: string; thread: number }[];
}

/** Which number each message belongs to now. */
export interface Numbering {
  /** By key of new messages: a number that there is, or the name of a thread to come. */
  threadOf: ReadonlyMap<string, number | string>;
  /** Threads that are part of another one now. */
  joined: ReadonlyMap<number, number>;
  /** Stored messages, by their ids, that go from one thread to another because theirs came apart. */
  moved: { id: string; from: number; to: number | string }[];
}

/**
 * Finds out what hangs together now. A thread that comes apart keeps its number where its first message is; of threads that
 * join, the lowest number stays.
 */
export function numberThreads(
  fresh: readonly Posting[],
  { follows, replaced }: Placement,
  around: Surroundings,
  { loosened, ofGhosts }: Touched,
): Numbering {
  const sets = new Together();
  const apart = new Set(loosened.map(({ thread }) => thread));
  const threads = new Set<number>();
  const nameOf = (thread: number) => `thread ${thread}`;
  const tie = (id: string, thread: number) => {
    if (apart.has(thread)) return;
    threads.add(thread);
    sets.join(id, nameOf(thread));
  };
  const now = new Map(replaced.map(({ posting, follows: next }) => [posting.key, next]));
  for (const posting of [...around.standing.values(), ...around.affected, ...around.candidates])
    tie(posting.id, posting.thread);
  for (const { posting } of replaced) tie(posting.id, posting.thread);
  for (const posting of [...around.affected, ...loosened]) {
    const next = now.has(posting.key) ? now.get(posting.key) : posting.follows;
    if (next !== null && next !== undefined) sets.join(posting.id, next);
  }
  for (const { follows: id, thread } of ofGhosts) tie(id, thread);
  for (const posting of fresh) {
    const next = follows.get(posting.key) ?? null;
    if (next !== null) sets.join(posting.id, next);
  }

  const claims = new Map<string, number[]>();
  const claim = (root: string, thread: number) => claims.set(root, [...(claims.get(root) ?? []), thread]);
  for (const thread of threads) claim(sets.find(nameOf(thread)), thread);
  const firsts = new Map<number, StoredPosting>();
  for (const posting of loosened) {
    const other = firsts.get(posting.thread);
    if (other === undefined || posting.mail < other.mail) firsts.set(posting.thread, posting);
  }
  for (const [thread, posting] of firsts) claim(sets.find(posting.id), thread);

  const joined = new Map<number, number>();
  const numbers = new Map<string, number>();
  for (const [root, claimed] of claims) {
    const lowest = Math.min(...claimed);
    numbers.set(root, lowest);
    for (const thread of claimed) if (thread !== lowest) joined.set(thread, lowest);
  }
  const numberOf = (id: string) => {
    const root = sets.find(id);
    return numbers.get(root) ?? root;
  };
  const moved = loosened.flatMap(({ id, thread }) => {
    const to = numberOf(id);
    return to === thread ? [] : [{ id, from: thread, to }];
  });
  return { threadOf: new Map(fresh.map(({ key, id }) => [key, numberOf(id)])), joined, moved };
}
