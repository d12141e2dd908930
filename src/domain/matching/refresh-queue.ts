import { createHash } from 'node:crypto';
import { lastEvent, lockHistory, type Queries, type Tx } from '#base/db';
import { type Lifecycle, lifecycleOn, listChannels } from '#domain/channels';
import {
  type AskedBox,
  askedBoxesOf,
  atomsOf,
  headsOfIssues,
  type IssueHead,
  recordLooks,
  recordsOf,
} from '#domain/issues';
import { changedSince, type DecidedOn } from './decision.ts';
import { decisionsOf, type SuggestionShown } from './store-decisions.ts';
import { contentOf, contentsOf, type QueueEntry, replaceEntries, waitingAmong } from './store-queue.ts';
import { urgencyOf } from './urgency.ts';

/**
 * Brings the queue up to what is known of some suggestions: what nobody has decided and may be hit waits, and so does what
 * was decided and has changed for the worse. What belongs to an issue that was dismissed does not. Callers hold the lock on
 * the history.
 */
export async function refreshQueue(tx: Tx, suggestions: readonly number[]): Promise<void> {
  if (suggestions.length === 0) return;
  await replaceEntries(tx, suggestions, await entriesOf(tx, suggestions));
}

/** What is to be written of the queue, and up to which entry of the history that is known. */
interface Planned {
  upTo: number;
  /** Suggestions whose place in the queue is another one than it should be, and what it should be. */
  wrong: number[];
  entries: QueueEntry[];
}

/**
 * Looks what of the queue has to be written. Asked without a lock: whoever changes something meanwhile refreshes it, so that
 * what is found right here stays right.
 */
export async function planQueue(queries: Queries, suggestions: readonly number[]): Promise<Planned> {
  const upTo = await lastEvent(queries);
  const entries = await entriesOf(queries, suggestions);
  const wanted = new Map(entries.map((entry) => [entry.suggestion, contentOf(entry)]));
  const standing = await contentsOf(queries, suggestions);
  const wrong = new Set(suggestions.filter((id) => wanted.get(id) !== standing.get(id)));
  return { upTo, wrong: [...wrong], entries: entries.filter(({ suggestion }) => wrong.has(suggestion)) };
}

/** Writes what was planned, or what is right by now where anybody did anything since. Locks the history. */
export async function writeQueue(tx: Tx, { upTo, wrong, entries }: Planned): Promise<void> {
  const { id } = await lockHistory(tx);
  if (id === upTo) await replaceEntries(tx, wrong, entries);
  else await refreshQueue(tx, wrong);
}

/** What of the queue the suggestions should be. */
async function entriesOf(tx: Queries | Tx, suggestions: readonly number[]): Promise<QueueEntry[]> {
  const waiting = await waitingAmong(tx, suggestions);
  const ids = [...new Set(waiting.map(({ issue }) => issue))];
  const [heads, atoms, decisions, channels] = [
    await headsOfIssues(tx, ids),
    await atomsOf(tx, ids),
    await decisionsOf(
      tx,
      waiting.map(({ suggestion }) => suggestion),
    ),
    await lifecycles(tx),
  ];
  const vulnerabilities = new Map<string, string[]>();
  for (const { issue, vulnerability } of atoms)
    vulnerabilities.set(issue, [...(vulnerabilities.get(issue) ?? []), vulnerability]);
  // Only of what people decided: what records say is held against what they said then.
  const decidedIssues = new Set(
    waiting.flatMap(({ suggestion, issue }) => (decisions.get(suggestion)?.value == null ? [] : [issue])),
  );
  const looks = await recordLooks(
    tx,
    [...decidedIssues].flatMap((issue) => vulnerabilities.get(issue) ?? []),
  );
  // What nobody decided of, and somebody set boxes of: records are held against what they said then.
  const undecided = waiting.filter(({ suggestion }) => decisions.get(suggestion)?.value == null);
  const asked = new Map<string, AskedBox[]>();
  for (const box of await askedBoxesOf(tx, [...new Set(undecided.map(({ issue }) => issue))])) {
    const id = `${box.issue}/${box.package}`;
    asked.set(id, [...(asked.get(id) ?? []), box]);
  }
  return waiting.flatMap((each): QueueEntry[] => {
    const head = heads.get(each.issue);
    if (head === undefined || head.dismissed) return [];
    const decided = decisions.get(each.suggestion);
    const own = vulnerabilities.get(each.issue) ?? [];
    const look = lookOf(each, own);
    const now = decided?.value == null ? look : { ...look, records: recordsOf(look.vulnerabilities, looks) };
    // What a rule decided, the rule decides again: it never asks.
    const byRule = decided?.value?.decision === 'dismissed' && decided.value.rule !== undefined;
    const again =
      decided?.value == null
        ? askedOfBoxes(each, asked.get(each.id) ?? [])
        : byRule
          ? []
          : changedSince(decided.decidedOn, now);
    if (again?.length === 0) return [];
    return [entryOf(each, { head, again, now, channels })];
  });
}

/**
 * What has changed since people set boxes of a package without deciding on it; null where nothing has that could be told. What
 * looks right by now (said to be fixed, or never hit, and no version there is) asks nobody.
 */
function askedOfBoxes({ channels }: SuggestionShown, boxes: readonly AskedBox[]): string[] | null {
  const verdicts = new Map(channels.map(({ channel, verdict }) => [channel, verdict]));
  const telling = boxes.filter(({ channel, status }) => {
    const safe = status === 'fixed' || status === 'not_affected';
    return !(safe && verdicts.get(channel) === 'not_affected');
  });
  return telling.length === 0 ? null : [...new Set(telling.flatMap(({ again }) => again))];
}

function lookOf({ channels }: SuggestionShown, vulnerabilities: readonly string[]): DecidedOn {
  return {
    vulnerabilities: [...new Set(vulnerabilities)].sort(),
    verdicts: Object.fromEntries(channels.map(({ channel, verdict }) => [channel, verdict])),
  };
}

function entryOf(
  { suggestion, issue, attr, pname, score, reasons, verdict, channels }: SuggestionShown,
  known: {
    head: IssueHead;
    again: string[] | null;
    now: DecidedOn;
    channels: ReadonlyMap<string, Lifecycle>;
  },
): QueueEntry {
  const { head, again, now } = known;
  const open = channels.filter((cell) => cell.verdict !== 'not_affected');
  const { urgency, parts } = urgencyOf({
    emergency: head.emergency,
    exploitation: head.exploitation,
    severity: head.severity,
    score,
    channels: open.map((each) => ({ ...each, lifecycle: known.channels.get(each.channel) ?? 'supported' })),
    again: again ?? [],
  });
  return {
    suggestion,
    issue,
    attr,
    urgency,
    severity: head.severity ?? 'unknown',
    opened: head.opened,
    channels: open.map(({ channel }) => channel),
    exploited: head.exploitation === null ? null : head.exploitation.known === null ? 'likely' : 'known',
    line: { pname, score, reasons, verdict, channels: channels.map(telling), parts, again },
    fingerprint: createHash('sha256')
      // Whoever passed over it before it was used by attackers has seen something else.
      .update(JSON.stringify([now, again, ...(head.exploitation?.known?.vulnerabilities ?? [])]))
      .digest('base64url')
      .slice(0, 16),
  };
}

/** How many lines of evidence a line of the queue shows of a channel. */
const TELLING = 3;

/** A channel with the evidence that made its verdict; all of it is with the suggestion. */
function telling(cell: SuggestionShown['channels'][number]): SuggestionShown['channels'][number] {
  return {
    ...cell,
    evidence: cell.evidence.filter((line) => line.verdict === cell.verdict).slice(0, TELLING),
  };
}

async function lifecycles(tx: Queries): Promise<ReadonlyMap<string, Lifecycle>> {
  const today = new Date().toISOString().slice(0, 10);
  return new Map((await listChannels(tx)).map((channel) => [channel.name, lifecycleOn(channel, today)]));
}
