/**
 * Which messages belong together. Each message chooses its own place, and only that: it follows one other message, so that
 * nobody can join two threads by naming both. Threads are what hangs together by that, and are a function of the messages
 * alone, never of the order in which they came.
 */

/** A message as far as threads are concerned. Ids are hashes (idHash). */
export interface Posting {
  /** The fingerprint: there may be several messages with one id. */
  key: string;
  /** Its own id; its key where it bears none. */
  id: string;
  /** What it says it follows, oldest first. */
  references: readonly string[];
  sentAt: number | null;
  subject: SubjectKey;
  from: string;
  to: readonly string[];
  /** Numbers of bugs and vulnerabilities that it speaks of, sorted. */
  mentions: readonly string[];
}

/** A subject as it is compared. */
export interface SubjectKey {
  /** Without tags of lists and marks of answers; white space, case and punctuation left out. */
  exact: string;
  /** The same for words that only end differently: six letters of each. */
  stem: string;
  /** It says itself that it answers something. */
  reply: boolean;
  /** Long enough to mean something. */
  telling: boolean;
}

const MARK = /^\s*(?:\[[^\]]{1,60}\]|(?:re|aw|sv|vs|antw|fwd?|wg)(?:\[\d{1,3}\])?\s*:)\s*/i;
const REPLY = /^(?:re|aw|sv|vs|antw)(?:\[\d{1,3}\])?\s*:/i;
const MOST_MARKS = 10;

/** How a subject is compared. A tag of the list (`[oss-security]`) is none; a tag that is all of the subject is. */
export function subjectKey(subject: string): SubjectKey {
  let rest = subject.slice(0, 300);
  let reply = false;
  for (let round = 0; round < MOST_MARKS; round += 1) {
    const mark = MARK.exec(rest)?.[0];
    if (mark === undefined || mark.length === rest.length) break;
    reply ||= REPLY.test(mark.trim());
    rest = rest.slice(mark.length);
  }
  const words = rest.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const long = words.filter((word) => word.length >= 3 && /\p{L}/u.test(word));
  return {
    exact: words.join(' '),
    stem: words.map((word) => word.slice(0, 6)).join(' '),
    reply,
    telling: long.length >= 3 || (words.length >= 2 && rest.length >= 16),
  };
}

/** How long after a message one without any reference can be an answer to it. */
const WINDOW_MS = 14 * 86_400_000;
/** Of many that an answer could follow, so many of the latest are looked at. */
export const MOST_CANDIDATES = 50;

/** Whether a message is an answer that does not say to what: it is placed by its subject. */
export function isOrphan({ references, subject, sentAt }: Posting): boolean {
  return references.length === 0 && subject.reply && subject.exact !== '' && sentAt !== null;
}

/** Where candidates for an orphan are looked for. */
export function candidateSpan(sentAt: number): { from: number; to: number } {
  return { from: sentAt - WINDOW_MS, to: sentAt };
}

/**
 * The order of messages in time, the one that stands for an id that several bear first; by their keys where the time does
 * not tell them apart.
 */
export function earlier(a: Pick<Posting, 'sentAt' | 'key'>, b: Pick<Posting, 'sentAt' | 'key'>): number {
  const [x, y] = [a.sentAt ?? Number.POSITIVE_INFINITY, b.sentAt ?? Number.POSITIVE_INFINITY];
  if (x !== y) return x - y;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/**
 * The id that a message follows; null where it begins something.
 *
 * With references: the last of them that is there; where none is, the first, which names the thread, so that all who answer
 * a message which nobody has stay together. Without: the latest earlier message that it can be an answer to.
 *
 * @param there whether a message with that id is there
 * @param candidates messages whose subject has the same stem, in any order; more than it needs do no harm
 */
export function followed(
  posting: Posting,
  there: (id: string) => boolean,
  candidates: readonly Posting[],
): string | null {
  const { references } = posting;
  for (let index = references.length - 1; index >= 0; index -= 1) {
    const id = references[index];
    if (id !== undefined && id !== posting.id && there(id)) return id;
  }
  const [named] = references;
  if (named !== undefined) return named;
  if (!isOrphan(posting)) return null;
  const { from, to } = candidateSpan(posting.sentAt ?? 0);
  const fitting = candidates
    .filter(
      (each) =>
        each.id !== posting.id &&
        each.subject.stem === posting.subject.stem &&
        each.sentAt !== null &&
        each.sentAt >= from &&
        each.sentAt <= to &&
        // Never two that answer each other, and nothing else.
        earlier(each, posting) < 0,
    )
    .sort(earlier)
    .slice(-MOST_CANDIDATES);
  for (let index = fitting.length - 1; index >= 0; index -= 1) {
    const each = fitting[index];
    if (each !== undefined && answers(posting, each)) return each.id;
  }
  return null;
}

/** Whether an orphan can be an answer to a message with the same subject, or nearly the same: then something else must tell it. */
function answers(orphan: Posting, other: Posting): boolean {
  const same = orphan.subject.exact === other.subject.exact;
  if (same && orphan.subject.telling) return true;
  const written = other.from !== '' && (orphan.to.includes(other.from) || orphan.from === other.from);
  return written || orphan.mentions.some((each) => other.mentions.includes(each));
}

/** Numbers that are seldom the same by chance: CVE ids, and numbers of bugs (five to eight digits that are no day and no year). */
export function mentionsIn(text: string, ids: readonly string[]): string[] {
  const numbers = text.slice(0, 20_000).match(/\d(?<![\w.-]\d)\d{4,7}(?![\w-]|\.\d)/g) ?? [];
  return [...new Set([...ids, ...numbers.filter((number) => !/^(?:19|20)\d{6}$/.test(number))])]
    .sort()
    .slice(0, MOST_MENTIONS);
}

const MOST_MENTIONS = 40;

/** Ids of messages that a text quotes, in lines as `In message <id>, A wrote:` and heads of forwarded messages. */
export function idsQuoted(text: string): string[] {
  const found = new Set<string>();
  for (const [, id = ''] of text
    .slice(0, 50_000)
    .matchAll(
      /^(?:[> ]{0,10})(?:message-id:|in (?:message|article|mail)(?:-id)?:?|references:)\s{0,5}(<[^\s<>@]{1,200}@[^\s<>]{1,200}>)/gim,
    ))
    if (found.size < 5) found.add(id);
  return [...found];
}

/** Disjoint sets of names. */
export class Together {
  readonly #parents = new Map<string, string>();

  find(name: string): string {
    let root = name;
    for (let next = this.#parents.get(root); next !== undefined; next = this.#parents.get(root)) root = next;
    // Shorter ways for whoever comes next.
    for (let at = name; at !== root; ) {
      const next = this.#parents.get(at) ?? root;
      this.#parents.set(at, root);
      at = next;
    }
    return root;
  }

  join(a: string, b: string): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.#parents.set(x, y);
  }
}

/** The threads of some messages, computed from nothing: keys of postings by thread. What the store keeps must come to the same. */
export function threadsOf(postings: readonly Posting[]): string[][] {
  const standing = new Map<string, Posting>();
  for (const posting of postings) {
    const other = standing.get(posting.id);
    if (other === undefined || earlier(posting, other) < 0) standing.set(posting.id, posting);
  }
  const byStem = groupByStem(postings);
  const sets = new Together();
  for (const posting of standing.values()) {
    const followedId = followed(posting, (id) => standing.has(id), byStem.get(posting.subject.stem) ?? []);
    if (followedId !== null) sets.join(posting.id, followedId);
  }
  const threads = new Map<string, string[]>();
  for (const { id, key } of postings) {
    const root = sets.find(id);
    threads.set(root, [...(threads.get(root) ?? []), key]);
  }
  return [...threads.values()]
    .map((keys) => keys.sort())
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

function groupByStem(postings: readonly Posting[]): Map<string, Posting[]> {
  const groups = new Map<string, Posting[]>();
  for (const posting of postings) {
    const group = groups.get(posting.subject.stem);
    if (group === undefined) groups.set(posting.subject.stem, [posting]);
    else group.push(posting);
  }
  return groups;
}
