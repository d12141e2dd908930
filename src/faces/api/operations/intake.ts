import { z } from 'zod';
import { MusterError } from '#base/errors';
import { type Intake, intakeById, receiveReport, waitingIntake } from '#domain/issues';
import { pageOf, placeOf } from '../cursor.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { type Called, calledBy, calledShape, listOf, moment, named, numberIn, paging } from '../shapes.ts';

const intakeShape = named(
  'Intake',
  z.strictObject({
    number: z.int(),
    receivedAt: moment,
    url: z.string().nullable(),
    words: z.string().nullable(),
    package: z.string().nullable(),
    email: z.string().nullable().describe('Where they may be answered; null once it is decided on'),
    decision: z
      .unknown()
      .describe('Null while it waits; decided by changes of the kind `intake`, field `decision`'),
    version: z.int(),
    decidedBy: calledShape.nullable(),
    decidedAt: moment.nullable(),
    issue: z.string().nullable(),
  }),
);

function asShown(one: Intake, called: (actor: string) => Called): z.input<typeof intakeShape> {
  const {
    id,
    receivedAt,
    url,
    words,
    package: name,
    email,
    decision,
    version,
    decidedBy,
    decidedAt,
    issue,
  } = one;
  return {
    number: id,
    receivedAt: receivedAt.toISOString(),
    url,
    words,
    package: name,
    email,
    decision,
    version,
    decidedBy: decidedBy === null ? null : called(decidedBy),
    decidedAt: decidedAt?.toISOString() ?? null,
    issue,
  };
}

async function shown(site: ApiSite, all: readonly Intake[]) {
  const called = calledBy(await site.names(all.map(({ decidedBy }) => decidedBy)));
  return all.map((one) => asShown(one, called));
}

export const intakeOperations = [
  operation({
    id: 'reportProblem',
    tag: 'Visitors',
    method: 'POST',
    path: '/intake',
    summary: 'Report a problem without an account',
    description:
      'First of all it asks whether everybody may know of it. Of what is not public nothing is stored: the answer says whom to write to, and with which key.',
    body: z.strictObject({
      isPublic: z.boolean().describe('Whether everybody may know of it already'),
      url: z.string().max(2000).optional(),
      words: z.string().max(10_000).optional(),
      package: z.string().max(200).optional(),
      email: z
        .string()
        .max(300)
        .optional()
        .describe('Where to answer; seen by triagers alone, and forgotten once it is decided on'),
      key: z.string().min(8).max(100).optional().describe('Sent twice under one key it is stored once'),
    }),
    answers: {
      201: named('Received', z.strictObject({ outcome: z.literal('received') })),
      200: named(
        'NotPublic',
        z.strictObject({
          outcome: z.literal('not_public'),
          contact: z.string().nullable(),
          key: z.string().nullable(),
        }),
      ),
    },
    problems: [422],
    async answer({ site, body, address }) {
      const received = await receiveReport(site.database, body, {
        sender: address,
        securityContact: site.config.securityContact ?? null,
        securityKey: site.config.securityKey ?? null,
        at: site.now(),
      });
      if (received.outcome === 'refused') throw new ProblemError('REFUSED', received.why, {});
      if (received.outcome === 'limited')
        throw new MusterError(
          'RATE_LIMITED',
          `that is a lot at once; try again in ${received.seconds} seconds`,
        );
      if (received.outcome === 'not_public')
        return reply(200, { outcome: 'not_public' as const, contact: received.contact, key: received.key });
      return reply(201, { outcome: 'received' as const });
    },
  }),
  operation({
    id: 'listIntake',
    tag: 'Visitors',
    method: 'GET',
    path: '/intake',
    summary: 'What visitors sent and nobody has decided on, the oldest first',
    least: 'triager',
    query: z.strictObject(paging),
    answers: { 200: listOf(intakeShape) },
    problems: [403],
    async answer({ site, query: { cursor, limit } }) {
      const place = placeOf(cursor, z.tuple([z.int()]));
      const found = await waitingIntake(site.database.queries, {
        limit: limit + 1,
        ...(place === null ? {} : { after: place[0] }),
      });
      const { items, next } = pageOf(found, limit, ({ id }) => [id]);
      return reply(200, { items: await shown(site, items), next });
    },
  }),
  operation({
    id: 'getIntake',
    tag: 'Visitors',
    method: 'GET',
    path: '/intake/{number}',
    summary: 'What a visitor sent',
    least: 'triager',
    params: z.strictObject({ number: numberIn }),
    answers: { 200: intakeShape },
    problems: [403, 404],
    async answer({ site, params: { number } }) {
      const one = await intakeById(site.database.queries, number);
      const [found] = one === null ? [] : await shown(site, [one]);
      if (found === undefined) throw new MusterError('NOT_FOUND', `no visitor sent a report ${number}`);
      return reply(200, found);
    },
  }),
];
