import {
  appendEvents,
  type Database,
  eventsOf,
  inTurn,
  type LoggedEvent,
  lockHistory,
  type Tx,
} from '#base/db';
import { MusterError } from '#base/errors';
import { addresseesOf } from '#domain/accounts';
import { type NewNotice, type NextDigest, notify } from '#domain/issues';
import { type Actor, mayPlanRounds } from '#domain/policies';
import { CHECKLIST, nextChecklist } from './checklist.ts';
import { closeRoundup } from './close-roundup.ts';
import { creditsOf } from './credits.ts';
import { openRoundup } from './open-roundup.ts';
import { dueOpening, nextOpening, type Schedule, weekOf } from './schedule.ts';
import type { Roundup } from './store.ts';
import {
  clockSince,
  countRemaining,
  insertItems,
  insertLead,
  itemsOf,
  latestRounds,
  leadsOf,
  rotaOf,
} from './store-rounds.ts';

const MACHINE = 'machine:roundup';
/** How long before the next round opens people are reminded of what is left. */
const REMIND_MS = 24 * 3_600_000;
/** Whoever took part in so many rounds is told when the next one opens. */
const REMEMBERED_ROUNDS = 4;

export interface Turned {
  /** Number of the round that was opened, and of the one that was closed for it. */
  opened: number | null;
  closed: number | null;
  /** How many people were told something. */
  told: number;
}

/** When people are told: now, and by mail at once or with the next daily one. */
interface When {
  now: Date;
  nextDigest: NextDigest | undefined;
}

/**
 * What the roundup does by itself. When its moment has come it closes the round before and opens the next one, under that
 * very moment however late this runs, for however many weeks were missed; names who leads it by the rota; gives it its
 * checklist; tells the lead and those who took part lately; reminds them a day before the next one; and writes down who took
 * part in the one that is over. Each step looks at what there is, so that it is done once however often, from wherever and
 * after whatever interruption this is called.
 */
export async function runRoundups(
  database: Database,
  schedule: Schedule,
  now = new Date(),
  nextDigest?: NextDigest,
): Promise<Turned> {
  return inTurn(database, 'roundups', async () => {
    const turned = await turn(database, schedule, now);
    const rounds = await latestRounds(database.queries, REMEMBERED_ROUNDS + 1);
    const [latest, ...before] = rounds;
    let told = 0;
    if (latest !== undefined && latest.closedAt === null) {
      await giveChecklist(database, latest, before[0]);
      told += await tellOpened(database, schedule, latest, rounds, { now, nextDigest });
      told += await remind(database, schedule, latest, { now, nextDigest });
    }
    for (const round of rounds.slice(0, 2)) if (round.closedAt !== null) await credit(database, round);
    return { ...turned, told };
  });
}

async function turn(
  database: Database,
  schedule: Schedule,
  now: Date,
): Promise<Pick<Turned, 'opened' | 'closed'>> {
  const [last] = await latestRounds(database.queries, 1);
  const since = await clockSince(database.queries);
  const after = last === undefined || last.openedAt < since ? since : last.openedAt;
  const due = dueOpening(schedule, after, now);
  if (due === null) return { opened: null, closed: null };
  let closed: number | null = null;
  if (last !== undefined && last.closedAt === null)
    closed = (await closeRoundup(database, { at: due, actor: MACHINE })).number;
  const lead = await leadOf(database, weekOf(schedule, due));
  const options = { at: due, actor: MACHINE, ...(lead === null ? {} : { lead: `@${lead.handle}` }) };
  const { number } = await openRoundup(database, options);
  return { opened: number, closed };
}

/** Who leads a week by the rota, if they still can. */
async function leadOf(database: Database, week: string): Promise<{ id: number; handle: string } | null> {
  const named = (await rotaOf(database.queries, [week])).get(week);
  const [person] = named === undefined ? [] : await addresseesOf(database.queries, [named.account]);
  return person ?? null;
}

/** The usual checklist, and what the round before left undone. */
async function giveChecklist(database: Database, round: Roundup, before: Roundup | undefined): Promise<void> {
  const known = await itemsOf(database.queries, [
    round.number,
    ...(before === undefined ? [] : [before.number]),
  ]);
  if (known.some(({ roundup }) => roundup === round.number)) return;
  const left = known.filter(({ roundup }) => roundup === before?.number);
  await database.transaction((tx) =>
    insertItems(tx, round.number, left.length === 0 ? CHECKLIST : nextChecklist(left)),
  );
}

/** Tells the lead, and who took part lately, that a round is open: once each, also where a process died in between. */
async function tellOpened(
  database: Database,
  schedule: Schedule,
  round: Roundup,
  rounds: readonly Roundup[],
  when: When,
): Promise<number> {
  const opened = await entryOf(database, round, 'roundup.opened');
  if (opened === undefined) return 0;
  const lead = await leadOf(database, weekOf(schedule, round.openedAt));
  const [, ...before] = rounds;
  const oldest = before.at(-1)?.openedAt;
  const people = oldest === undefined ? [] : await creditsOf(database.queries, oldest, round.createdAt);
  const lines = (opened.payload?.lines as unknown[] | undefined)?.length ?? 0;
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    if (lead !== null) await insertLead(tx, round.number, lead.id, opened.id);
    return tell(tx, round, opened.id, when, {
      lead: await leadNow(tx, round),
      people: people.map(({ person }) => accountOf(person)),
      leadWords: `Roundup ${round.number} is open, and you lead it: ${lines} lines`,
      words: `Roundup ${round.number} is open: ${lines} lines`,
    });
  });
}

/** A day before the next one opens: what is left, to the lead and to who has taken part in this one. */
async function remind(database: Database, schedule: Schedule, round: Roundup, when: When): Promise<number> {
  const { now } = when;
  const end = nextOpening(schedule, round.openedAt);
  if (now.getTime() < end.getTime() - REMIND_MS || now >= end) return 0;
  const people = await creditsOf(database.queries, round.createdAt, now);
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    if ((await entryOf(tx, round, 'roundup.reminded')) !== undefined) return 0;
    const remaining = await countRemaining(tx, round.number);
    const event = await appendEvents(tx, [told(round, 'roundup.reminded', { remaining })], now);
    return tell(tx, round, event, when, {
      lead: await leadNow(tx, round),
      people: people.map(({ person }) => accountOf(person)),
      leadWords: `Roundup ${round.number} ends tomorrow, and you lead it: ${remaining} lines remain`,
      words: `Roundup ${round.number} ends tomorrow: ${remaining} lines remain`,
    });
  });
}

async function tell(
  tx: Tx,
  round: Roundup,
  event: number,
  { now, nextDigest }: When,
  {
    lead,
    people,
    leadWords,
    words,
  }: { lead: number | null; people: readonly number[]; leadWords: string; words: string },
): Promise<number> {
  const topic = `roundup:${round.number}`;
  const notices: NewNotice[] = [
    ...(lead === null ? [] : [{ account: lead, event, reason: 'lead' as const, topic, words: leadWords }]),
    ...people
      .filter((account) => account !== lead)
      .map((account) => ({ account, event, reason: 'roundup' as const, topic, words })),
  ];
  return (await notify(tx, notices, now, nextDigest)).notices;
}

/** Writes down who took part in a round that is over. */
async function credit(database: Database, round: Roundup): Promise<void> {
  if (round.closedAt === null || (await entryOf(database, round, 'roundup.credited')) !== undefined) return;
  const entry = await entryOf(database, round, 'roundup.closed');
  const people = await creditsOf(database.queries, round.createdAt, entry?.at ?? round.closedAt);
  await database.transaction(async (tx) => {
    await lockHistory(tx);
    if ((await entryOf(tx, round, 'roundup.credited')) !== undefined) return;
    await appendEvents(tx, [told(round, 'roundup.credited', { people })]);
  });
}

/**
 * Closes the open round for the lead, when everything on its checklist is done.
 *
 * @throws MusterError FORBIDDEN; TRANSITION_BARRED where none is open, or, unless `anyway`, something is left to do
 */
export async function closeByChecklist(
  database: Database,
  actor: Actor,
  { anyway = false, at }: { anyway?: boolean; at?: Date } = {},
): Promise<{ number: number; completed: number; remaining: number }> {
  if (mayPlanRounds(actor) !== 'apply')
    throw new MusterError('FORBIDDEN', 'closing a roundup takes a triager');
  const [round] = await latestRounds(database.queries, 1);
  if (round === undefined || round.closedAt !== null)
    throw new MusterError('TRANSITION_BARRED', 'no roundup is open');
  const left = (await itemsOf(database.queries, [round.number])).filter(({ done }) => !done);
  if (left.length > 0 && !anyway)
    throw new MusterError(
      'TRANSITION_BARRED',
      `roundup ${round.number}: ${left.length} of its checklist left (${left.map(({ words }) => words).join('; ')})`,
    );
  return inTurn(database, 'roundups', async () => {
    const [now] = await latestRounds(database.queries, 1);
    if (now?.number !== round.number || now.closedAt !== null)
      throw new MusterError('TRANSITION_BARRED', `roundup ${round.number} was closed just now`);
    return closeRoundup(database, { actor: actor.id, ...(at === undefined ? {} : { at }) });
  });
}

async function leadNow(tx: Tx, round: Roundup): Promise<number | null> {
  return (await leadsOf(tx, [round.number])).get(round.number)?.account ?? null;
}

async function entryOf(
  from: Database | Tx,
  { number }: Roundup,
  type: string,
): Promise<LoggedEvent | undefined> {
  const queries = 'pool' in from ? from.queries : from;
  return (await eventsOf(queries, 'roundup', String(number))).findLast((event) => event.type === type);
}

function told({ number }: Roundup, type: string, payload: Record<string, unknown>) {
  return { entity: 'roundup', entityId: String(number), type, actor: MACHINE, cause: 'schedule', payload };
}

function accountOf(person: string): number {
  return Number(person.slice('person:'.length));
}
