import { z } from 'zod';
import { MusterError } from '#base/errors';
import {
  creditsOf,
  isGateNumber,
  itemsOf,
  leadsOf,
  type RoundupFigures,
  rotaOf,
  roundupFigures,
  roundupView,
  scheduleOf,
  weeksAhead,
} from '#domain/roundup';
import { answerTicks, answerUntick, TICK_ANSWERS, UNTICK_ANSWERS } from '../answer-ticks.ts';
import { listShape, ticksBody } from '../list-shapes.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import { calledBy, calledShape, day, issueId, listOf, moment, named, numberIn } from '../shapes.ts';

const figuresShape = named(
  'RoundupFigures',
  z.strictObject({
    number: z.int(),
    openedAt: moment,
    closedAt: moment.nullable(),
    coversSince: moment,
    coversUntil: moment,
    lead: z.string().nullable(),
    lines: z.int(),
    completed: z.int(),
    carried: z.int(),
  }),
);

const roundupShape = named(
  'Roundup',
  z.strictObject({
    number: z.int(),
    team: z.string(),
    openedAt: z.string(),
    coversSince: day,
    coversUntil: day,
    lead: z.string().nullable(),
    closedAt: z.string().nullable(),
    previous: z.int().nullable(),
    ...listShape,
    lines: z.int(),
    remaining: z.int(),
    completed: z.int(),
    carried: z.int(),
    thanks: z.array(z.string()),
    leader: z
      .strictObject({ person: calledShape.nullable(), version: z.int() })
      .nullable()
      .describe('Who leads it by account; set by changes of the kind `roundup`, field `lead`'),
    checklist: z.array(
      z.strictObject({ key: z.string(), words: z.string(), done: z.boolean(), version: z.int() }),
    ),
  }),
);

const creditShape = named(
  'Credit',
  z.strictObject({
    person: calledShape,
    ticks: z.int(),
    statuses: z.int(),
    decisions: z.int(),
    proposals: z.int(),
    reviews: z.int(),
    comments: z.int(),
    edits: z.int(),
  }),
);

const numberParam = z.strictObject({ number: numberIn });

function figures(one: RoundupFigures): z.input<typeof figuresShape> {
  const { number, openedAt, closedAt, coversSince, coversUntil, lead, lines, completed, carried } = one;
  return {
    number,
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    coversSince: coversSince.toISOString(),
    coversUntil: coversUntil.toISOString(),
    lead,
    lines,
    completed,
    carried,
  };
}

async function wholeRoundup(site: ApiSite, number: number): Promise<z.input<typeof roundupShape>> {
  const { queries } = site.database;
  const [view, leads, items] = await Promise.all([
    roundupView(queries, site.config.team, number),
    leadsOf(queries, [number]),
    itemsOf(queries, [number]),
  ]);
  const { gate: _, release: __, ...weekly } = view;
  const lead = leads.get(number);
  const person = lead?.account == null ? null : `person:${lead.account}`;
  const called = calledBy(await site.names([person]));
  return {
    ...weekly,
    leader:
      lead === undefined ? null : { person: person === null ? null : called(person), version: lead.version },
    checklist: items.map(({ key, words, done, version }) => ({ key, words, done, version })),
  };
}

export const roundupOperations = [
  operation({
    id: 'listRoundups',
    tag: 'Roundups',
    method: 'GET',
    path: '/roundups',
    summary: 'Every roundup in figures, the latest first',
    answers: { 200: listOf(figuresShape) },
    async answer({ site }) {
      return reply(200, { items: (await roundupFigures(site.database.queries)).map(figures), next: null });
    },
  }),
  operation({
    id: 'getRoundup',
    tag: 'Roundups',
    method: 'GET',
    path: '/roundups/{number}',
    summary: 'A roundup with its lines as they stand now',
    params: numberParam,
    answers: { 200: roundupShape },
    problems: [404],
    async answer({ site, params: { number } }) {
      if (isGateNumber(number)) throw new MusterError('NOT_FOUND', 'release gates are in /gates');
      return reply(200, await wholeRoundup(site, number));
    },
  }),
  operation({
    id: 'tickLines',
    tag: 'Roundups',
    method: 'POST',
    path: '/roundups/{number}/ticks',
    summary: 'Tick lines; whoever was first stays first',
    description:
      'One change set of the one path: who may not decide proposes it. A line that is done already stays as it is; what is said behind it is added.',
    least: 'contributor',
    params: numberParam,
    body: ticksBody,
    answers: TICK_ANSWERS,
    problems: [403, 404, 422],
    answer: ({ site, who, params: { number }, body }) => answerTicks(site, who, number, body),
  }),
  operation({
    id: 'untickLine',
    tag: 'Roundups',
    method: 'DELETE',
    path: '/roundups/{number}/ticks/{issue}',
    summary: 'Take the tick of a line back; the history keeps both',
    least: 'contributor',
    params: z.strictObject({ number: numberIn, issue: issueId }),
    answers: UNTICK_ANSWERS,
    problems: [403, 404, 409],
    answer: ({ site, who, params: { number, issue } }) => answerUntick(site, who, number, issue),
  }),
  operation({
    id: 'listCredits',
    tag: 'Roundups',
    method: 'GET',
    path: '/roundups/{number}/credits',
    summary: 'Who took part in a round, and with what',
    params: numberParam,
    answers: { 200: listOf(creditShape) },
    problems: [404],
    async answer({ site, params: { number } }) {
      const { queries } = site.database;
      const round = (await roundupFigures(queries)).find((each) => each.number === number);
      if (round === undefined) throw new MusterError('NOT_FOUND', `there is no roundup ${number}`);
      const credits = await creditsOf(queries, round.openedAt, round.closedAt ?? site.now());
      const called = calledBy(await site.names(credits.map(({ person }) => person)));
      return reply(200, {
        items: credits.map(({ person, ...counts }) => ({ person: called(person), ...counts })),
        next: null,
      });
    },
  }),
  operation({
    id: 'getRota',
    tag: 'Roundups',
    method: 'GET',
    path: '/rota',
    summary: 'Who leads which of the coming weeks',
    query: z.strictObject({ weeks: z.coerce.number().int().min(1).max(52).default(8) }),
    answers: {
      200: listOf(
        named('RotaWeek', z.strictObject({ week: day, lead: calledShape.nullable(), version: z.int() })),
      ),
    },
    async answer({ site, query: { weeks } }) {
      const schedule = scheduleOf(site.config);
      const days = schedule === null ? [] : weeksAhead(schedule, site.now(), weeks);
      const rota = await rotaOf(site.database.queries, days);
      const called = calledBy(await site.names([...rota.values()].map(({ account }) => `person:${account}`)));
      const items = days.map((week) => {
        const lead = rota.get(week);
        return {
          week,
          lead: lead === undefined ? null : called(`person:${lead.account}`),
          version: lead?.version ?? 0,
        };
      });
      return reply(200, { items, next: null });
    },
  }),
];
