import { z } from 'zod';
import { eventById, findEvents, type LoggedEvent } from '#base/db';
import { MusterError } from '#base/errors';
import { redact, undo } from '#domain/proposals';
import { COPIES, EDITABLES, maySeeEntry } from '#faces/editing';
import { madeShape, settled } from '../changes-answered.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import { type Called, calledBy, calledShape, listOf, moment, named, numberIn, paging } from '../shapes.ts';
import { onlyMade } from './changes.ts';

const eventShape = named(
  'Event',
  z.strictObject({
    number: z.int().describe('Its place in the history; of a change also the version that it gave the field'),
    at: moment,
    actor: calledShape,
    entity: z.string(),
    entityId: z.string(),
    type: z.string(),
    cause: z.string(),
    payload: z.record(z.string(), z.unknown()).nullable().describe('Null where it was erased'),
    redactedAt: moment.nullable(),
  }),
);

function asShown(event: LoggedEvent, called: (actor: string) => Called): z.input<typeof eventShape> {
  const { id, at, actor, entity, entityId, type, cause, payload, redactedAt } = event;
  return {
    number: id,
    at: at.toISOString(),
    actor: called(actor),
    entity,
    entityId,
    type,
    cause,
    payload,
    redactedAt: redactedAt?.toISOString() ?? null,
  };
}

async function shown(site: ApiSite, events: readonly LoggedEvent[]) {
  const called = calledBy(await site.names(events.map(({ actor }) => actor)));
  return events.map((event) => asShown(event, called));
}

const numberParam = z.strictObject({ number: numberIn });

export const historyOperations = [
  operation({
    id: 'listEvents',
    tag: 'History',
    method: 'GET',
    path: '/events',
    summary: 'What happened, the latest first: of everything, or of one thing',
    description: 'A part may be shorter than asked for, or empty, and still have a `next`.',
    query: z.strictObject({
      ...paging,
      of: z
        .string()
        .regex(/^[a-z_]{1,40}:.{1,300}$/su)
        .optional()
        .describe('`issue:NSI-2017-0043`, `channel:nixos-17.03`'),
      who: z.enum(['people', 'machine']).optional(),
    }),
    answers: { 200: listOf(eventShape) },
    async answer({ site, who, query }) {
      const colon = query.of?.indexOf(':') ?? -1;
      const place = placeOf(query.cursor, z.tuple([z.int()]));
      const { events, olderThan } = await findEvents(site.database.queries, {
        ...(query.of === undefined
          ? {}
          : { entity: query.of.slice(0, colon), entityId: query.of.slice(colon + 1) }),
        ...(query.who === undefined ? {} : { who: query.who }),
        ...(place === null ? {} : { before: place[0] }),
        limit: query.limit,
      });
      const items = await shown(
        site,
        events.filter((event) => maySeeEntry(who.actor, event)),
      );
      return reply(200, { items, next: olderThan === null ? null : cursorOf([olderThan]) });
    },
  }),
  operation({
    id: 'getEvent',
    tag: 'History',
    method: 'GET',
    path: '/events/{number}',
    summary: 'One entry of the history',
    params: numberParam,
    answers: { 200: eventShape },
    problems: [404],
    async answer({ site, who, params: { number } }) {
      const event = await eventById(site.database.queries, number);
      if (event === null || !maySeeEntry(who.actor, event))
        throw new MusterError('NOT_FOUND', `there is no entry ${number} of the history`);
      return reply(200, asShown(event, calledBy(await site.names([event.actor]))));
    },
  }),
  operation({
    id: 'undoEvent',
    tag: 'History',
    method: 'POST',
    path: '/events/{number}/undo',
    summary: 'Take one change back, as a new entry of the history',
    least: 'triager',
    params: numberParam,
    answers: { 200: madeShape },
    problems: [403, 404, 409, 422],
    async answer({ site, who, params: { number } }) {
      const options = { kinds: EDITABLES, rules: site.rules, at: site.now() };
      return onlyMade(await settled(site, await undo(site.database, who.actor, number, options)));
    },
  }),
  operation({
    id: 'redactEvent',
    tag: 'History',
    method: 'POST',
    path: '/events/{number}/redact',
    summary: 'Erase what an entry says, for good; the chain still holds',
    least: 'security',
    params: numberParam,
    body: z.strictObject({ reason: z.string().trim().min(3).max(1000) }),
    answers: {
      200: named(
        'Redacted',
        z.strictObject({
          events: z.array(z.int()).describe('Entries that hold nothing any more'),
          others: z.array(z.int()).describe('Entries about the same field that still hold words'),
        }),
      ),
    },
    problems: [403, 404],
    async answer({ site, who, params: { number }, body: { reason } }) {
      const { events, others } = await redact(site.database, who.actor, number, reason, {
        kinds: EDITABLES,
        copies: COPIES,
        at: site.now(),
      });
      return reply(200, { events, others });
    },
  }),
];
