import type { LoggedEvent, Queries } from '#base/db';
import { eventsById } from '#base/db';
import { entriesThatHold } from '#domain/issues';
import { mayDecide, mayGroup } from '#domain/policies';
import type { Change, FieldValue } from '#domain/proposals';
import { isGateNumber, listTitle } from '#domain/roundup';
import { type AlarmFacts, type AlarmKind, alarmWords } from '#domain/sources';
import { EDITABLES, issueOfChange, type NameOf, personIn, subjectWords, valueWords } from '#faces/editing';
import {
  campaignAddress,
  channelAddress,
  issueAddress,
  roundupAddress,
  SOURCES_ADDRESS,
  threadAddress,
} from './components/addresses.ts';
import { counted } from './components/times.tsx';
import { proposalAddress } from './editing-addresses.ts';
import { REGROUPINGS_ADDRESS } from './list-addresses.ts';
import type { Called, Names } from './names.ts';
import type { Site } from './site.ts';
import { sourceTitle } from './source-titles.ts';
import type { Who } from './who.ts';

/** An entry of the history as pages and their JSON have it. */
export interface HistoryEntry {
  id: number;
  at: string;
  by: Called;
  /** Whether Muster itself did it. */
  machine: boolean;
  /** "set openssl in nixos-17.03 to fixed in 1.0.2k" */
  words: string;
  /** Why, in somebody's words. */
  remark: string | null;
  /** Whose idea it was, where somebody else decided. */
  credit: Called | null;
  proposal: number | null;
  /** What it happened to, where that has a page. */
  about: { label: string; href: string } | null;
  redacted: boolean;
  /** Whether whoever reads may take it back. */
  mayUndo: boolean;
  /** Whether it decided what is one issue, still holds, and whoever reads may take that back. */
  mayRevoke: boolean;
}

/** Entries in words. */
export async function historyEntries(
  site: Site,
  who: Who,
  events: readonly LoggedEvent[],
): Promise<HistoryEntry[]> {
  const names = await site.names(
    events.flatMap(({ actor, payload }) => [
      actor,
      textOf(payload?.author),
      ...personIn(payload?.value as FieldValue | undefined),
    ]),
  );
  const decided = mayGroup(who.actor) ? events.filter(({ type }) => isGrouping(type)) : [];
  const holding = await entriesThatHold(
    site.database.queries,
    decided.map(({ id }) => id),
  );
  return events.map((event) => ({ ...entryOf(event, names, who), mayRevoke: holding.has(event.id) }));
}

/** What a change replaced, in words; null for what is no change. */
export async function replacedWords(
  queries: Queries,
  { payload }: LoggedEvent,
  names: Names,
): Promise<string | null> {
  const change = changeOf(payload);
  if (change === null || typeof payload?.was !== 'number') return null;
  const earlier = payload.was === 0 ? null : (await eventsById(queries, [payload.was])).get(payload.was);
  const value = payload.was === 0 ? null : (earlier?.payload?.value as FieldValue | undefined);
  return valueWords(change, value, (actor) => names(actor).label);
}

/** Whether an entry of that type says what people hold to be one issue, or two. */
export function isGrouping(type: string): boolean {
  return type === 'issue.merge_decided' || type === 'issue.split_decided';
}

function entryOf(event: LoggedEvent, names: Names, who: Who): Omit<HistoryEntry, 'mayRevoke'> {
  const { id, at, actor, payload, redactedAt } = event;
  const author = textOf(payload?.author);
  const proposal = typeof payload?.proposal === 'number' ? payload.proposal : null;
  return {
    id,
    at: at.toISOString(),
    by: names(actor),
    machine: actor.startsWith('machine:') || actor.startsWith('rule:'),
    words: eventWords(event, (each) => names(each).label),
    remark: textOf(payload?.remark) ?? textOf(payload?.reason),
    credit: author === null || author === actor ? null : names(author),
    proposal,
    about: aboutOf(event),
    redacted: redactedAt !== null,
    mayUndo: changeOf(payload) !== null && mayDecide(who.actor) === 'apply',
  };
}

/** What happened, as the rest of a sentence that begins with who did it. */
export function eventWords({ type, payload, entityId }: LoggedEvent, nameOf: NameOf): string {
  if (payload === null) return 'something that was erased since';
  const change = changeOf(payload);
  if (change !== null) {
    const words = `${subjectWords(change)}: ${valueWords(change, change.value, nameOf)}`;
    return typeof payload.undoes === 'number' ? `took back entry ${payload.undoes}; ${words}` : words;
  }
  const told = TOLD[type];
  if (told !== undefined) return told(payload, entityId);
  return type.replace(/[._]/g, ' ');
}

const TOLD: Readonly<Record<string, (payload: Record<string, unknown>, id: string) => string>> = {
  'issue.opened': () => 'opened the issue',
  'issue.exploited': (payload) =>
    `read that it is known to be exploited${named(payload, 'since', ', since ')} (CISA)`,
  'issue.merged': (payload) => `merged it${named(payload, 'into', ' into ')}`,
  'issue.merge_decided': (payload) => `decided that it is one${named(payload, 'with', ' with ')}`,
  'issue.split_decided': (payload) =>
    `decided that ${Array.isArray(payload.out) ? payload.out.join(', ') : 'a part'} is a problem of its own`,
  'issue.split_from': (payload) => `split it off${named(payload, 'from', ' from ')}`,
  'issue.split_off': (payload) => `split${named(payload, 'to', ' ')} off`,
  'issue.work_carried': (payload) => `carried what people say of it${named(payload, 'to', ' to ')}`,
  'issue.work_received': (payload) => `brought what people say${named(payload, 'from', ' of ')}`,
  'regrouping.followed': (payload) =>
    `followed a suggestion to ${payload.kind === 'merge' ? 'merge' : 'split'}${named(payload, 'issue', ' ')}${named(payload, 'other', ' and ')}`,
  'intake.received': () => 'reported something',
  'issue_link.revoked': () => 'took a link between two flaws back',
  'proposal.made': (_, id) => `proposed a change (proposal ${id})`,
  'proposal.accepted': (payload, id) =>
    `accepted proposal ${id}${payload.amended === true ? ', amended' : ''}`,
  'proposal.rejected': (_, id) => `rejected proposal ${id}`,
  // Only a machine gives a reason: the words of people stand in the proposal.
  'proposal.withdrawn': ({ reason }, id) =>
    `took proposal ${id} back${typeof reason === 'string' ? `: ${reason}` : ''}`,
  'roundup.opened': (payload, id) => `opened ${listWords(payload, id)}`,
  'roundup.closed': (payload, id) => `closed ${listWords(payload, id)}`,
  'roundup.line.ticked': (payload) => `ticked${named(payload, 'issue', ' ')}`,
  'roundup.line.unticked': (payload) => `took the tick of${named(payload, 'issue', ' ')} back`,
  'event.redacted': (payload) => `erased what entry ${String(payload.event)} said`,
  'event.cause_erased': (payload) => `proved what is left of entry ${String(payload.event)}`,
  'channel.revision_imported': () => 'imported a revision',
  'channel.defined': () => 'defined the channel',
  'channel.changed': () => 'changed the channel',
  'source.synced': (_, id) => (id === 'mail' ? 'read the mailing lists' : `read ${id}`),
  'source.alarm_opened': (payload, id) => `raised an alarm: ${alarmOf(payload, id)}`,
  'source.alarm_closed': (payload, id) => `ended an alarm: ${alarmOf(payload, id)}`,
  'source.replayed': (payload, id) =>
    `read ${counted(Number(payload.tried), 'quarantined document')} of ${id} again; ${Number(payload.freed)} could be read`,
  'thread.reopened': (payload, id) => `brought thread ${id} back: ${addedWords(payload.added)}`,
  'thread.joined': (payload, id) => `found that thread ${id} is part of thread ${String(payload.into)}`,
  'mail.redacted': (payload) => `erased message ${String(payload.mail)}`,
};

function alarmOf({ of, facts, subject }: Record<string, unknown>, id: string): string {
  const where = typeof subject === 'string' && subject !== '' ? ` ${subject}` : '';
  return `${id}${where} ${alarmWords(of as AlarmKind, (facts ?? {}) as AlarmFacts)}`;
}

/** "CVE-2016-9755, the patch xsa253.patch": what came to a thread that somebody had decided on. */
function addedWords(added: unknown): string {
  const facts = (Array.isArray(added) ? added : []) as {
    kind?: string;
    value?: string;
    label?: string | null;
  }[];
  const words = facts
    .slice(0, 5)
    .map(({ kind, value, label }) => `${kind === 'patch' ? 'the patch ' : ''}${label ?? value}`);
  return `${words.join(', ')}${facts.length > 5 ? `, and ${facts.length - 5} more` : ''} came in`;
}

/** A gate is called by its channel, never by its number. */
function listWords({ channel, release }: Record<string, unknown>, id: string): string {
  if (typeof channel === 'string' && typeof release === 'string')
    return listTitle({ number: Number(id), channel, release });
  if (typeof channel === 'string') return `the release gate of ${channel}`;
  return isGateNumber(Number(id)) ? 'a release gate' : `roundup ${id}`;
}

function named(payload: Record<string, unknown>, name: string, before: string): string {
  return typeof payload[name] === 'string' ? `${before}${payload[name]}` : '';
}

/** The change that an entry tells of; null for what is none. */
export function changeOf(payload: Record<string, unknown> | null): Omit<Change, 'saw'> | null {
  const { kind, id, field, value } = payload ?? {};
  if (typeof kind !== 'string' || typeof id !== 'string' || typeof field !== 'string') return null;
  return EDITABLES.has(kind) && value !== undefined ? { kind, id, field, value: value as FieldValue } : null;
}

function aboutOf({ entity, entityId: id, payload }: LoggedEvent): HistoryEntry['about'] {
  const change = changeOf(payload);
  const issue = change === null ? null : issueOfChange(change);
  if (issue !== null) return { label: issue, href: issueAddress(issue) };
  if (entity === 'issue') return { label: id, href: issueAddress(id) };
  if (entity === 'roundup')
    return {
      label: isGateNumber(Number(id)) ? 'Release gate' : `Roundup ${id}`,
      href: roundupAddress(Number(id)),
    };
  if (entity === 'source' || entity === 'batch')
    return { label: entity === 'source' ? sourceTitle(id) : 'Sources', href: SOURCES_ADDRESS };
  if (entity === 'campaign') return { label: `Campaign ${id}`, href: campaignAddress(id) };
  if (entity === 'regrouping') return { label: 'Merge or split', href: REGROUPINGS_ADDRESS };
  if (entity === 'thread') return { label: `Thread ${id}`, href: threadAddress(Number(id)) };
  if (entity === 'channel') return { label: id, href: channelAddress(id) };
  if (entity === 'proposal') return { label: `Proposal ${id}`, href: proposalAddress(Number(id)) };
  return null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
