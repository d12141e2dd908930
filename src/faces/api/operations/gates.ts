import { z } from 'zod';
import { MusterError } from '#base/errors';
import {
  closeRoundup,
  findGate,
  type GateFigures,
  gateFigures,
  gateTitle,
  openGate,
  RELEASE_NAME,
  roundupView,
} from '#domain/roundup';
import { answerTicks, answerUntick, TICK_ANSWERS, UNTICK_ANSWERS } from '../answer-ticks.ts';
import { listShape, ticksBody } from '../list-shapes.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import { day, issueId, listOf, moment, named, nameIn } from '../shapes.ts';

const gateNamed = {
  channel: z.string(),
  release: z.string().describe('The release that is to branch off, `26.11`; where nobody said which, a day'),
  title: z.string().describe('`Release gate 26.11 of nixos-unstable`'),
};

const figuresShape = named(
  'GateFigures',
  z.strictObject({
    ...gateNamed,
    openedAt: moment,
    closedAt: moment.nullable(),
    lead: z.string().nullable(),
    lines: z.int(),
    completed: z.int(),
  }),
);

const gateShape = named(
  'Gate',
  z.strictObject({
    ...gateNamed,
    team: z.string(),
    openedAt: z.string(),
    closedAt: z.string().nullable(),
    asOf: day.describe('Of the revision that was looked at'),
    lead: z.string().nullable(),
    ...listShape,
    lines: z.int(),
    remaining: z.int(),
    completed: z.int(),
    thanks: z.array(z.string()),
  }),
);

const releaseIn = z.string().regex(RELEASE_NAME, 'is no name of a release');
const gateParams = z.strictObject({ channel: nameIn, release: releaseIn });

function figures(gate: GateFigures): z.input<typeof figuresShape> {
  const { channel, release, openedAt, closedAt, lead, lines, completed } = gate;
  return {
    channel,
    release,
    title: gateTitle(gate),
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    lead,
    lines,
    completed,
  };
}

/** The number under which a gate is stored. @throws MusterError NOT_FOUND */
async function numberOf({ database }: ApiSite, name: z.infer<typeof gateParams>): Promise<number> {
  const gate = await findGate(database.queries, name);
  if (gate === null) throw new MusterError('NOT_FOUND', `there is no ${gateTitle(name)}`);
  return gate.number;
}

async function wholeGate(
  site: ApiSite,
  name: z.infer<typeof gateParams>,
): Promise<z.input<typeof gateShape>> {
  const view = await roundupView(site.database.queries, site.config.team, await numberOf(site, name));
  const { team, openedAt, closedAt, coversSince, lead, channels, sections } = view;
  const { lines, remaining, completed, thanks } = view;
  return {
    ...{ channel: name.channel, release: name.release, title: gateTitle(name) },
    ...{ team, openedAt, closedAt, asOf: coversSince, lead, channels, sections },
    ...{ lines, remaining, completed, thanks },
  };
}

export const gateOperations = [
  operation({
    id: 'listGates',
    tag: 'Roundups',
    method: 'GET',
    path: '/gates',
    summary: 'Every release gate in figures, the latest first',
    answers: { 200: listOf(figuresShape) },
    async answer({ site }) {
      return reply(200, { items: (await gateFigures(site.database.queries)).map(figures), next: null });
    },
  }),
  operation({
    id: 'openGate',
    tag: 'Roundups',
    method: 'POST',
    path: '/gates',
    summary: 'Open the release gate of a channel: its backlog before a release branches off',
    description:
      'One is open for a channel at a time: where one is, it is that one (200). A second one of a release is numbered, `26.11-2`.',
    least: 'triager',
    body: z.strictObject({
      channel: nameIn,
      release: releaseIn
        .optional()
        .describe('What is to branch off; default: the release that the channel is named for, else the day'),
      unknown: z.boolean().default(false).describe('List also what nobody can say'),
    }),
    answers: { 200: gateShape, 201: gateShape },
    problems: [403, 404],
    async answer({ site, who, body: { channel, release, unknown } }) {
      const opened = await openGate(site.database, channel, {
        actor: who.actor.id,
        at: site.now(),
        release,
        unknown,
        ...(who.handle !== null && { lead: `@${who.handle}` }),
      });
      const gate = await wholeGate(site, opened);
      if (!opened.fresh) return reply(200, gate);
      const [at, of] = [opened.channel, opened.release].map(encodeURIComponent);
      return reply(201, gate, { Location: `/api/v1/gates/${at}/${of}` });
    },
  }),
  operation({
    id: 'getGate',
    tag: 'Roundups',
    method: 'GET',
    path: '/gates/{channel}/{release}',
    summary: 'A release gate with its lines as they stand now',
    params: gateParams,
    answers: { 200: gateShape },
    problems: [404],
    async answer({ site, params }) {
      return reply(200, await wholeGate(site, params));
    },
  }),
  operation({
    id: 'tickGateLines',
    tag: 'Roundups',
    method: 'POST',
    path: '/gates/{channel}/{release}/ticks',
    summary: 'Tick lines of a release gate; whoever was first stays first',
    least: 'contributor',
    params: gateParams,
    body: ticksBody,
    answers: TICK_ANSWERS,
    problems: [403, 404, 422],
    async answer({ site, who, params, body }) {
      return answerTicks(site, who, await numberOf(site, params), body);
    },
  }),
  operation({
    id: 'untickGateLine',
    tag: 'Roundups',
    method: 'DELETE',
    path: '/gates/{channel}/{release}/ticks/{issue}',
    summary: 'Take the tick of a line of a release gate back; the history keeps both',
    least: 'contributor',
    params: gateParams.extend({ issue: issueId }),
    answers: UNTICK_ANSWERS,
    problems: [403, 404, 409],
    async answer({ site, who, params: { issue, ...name } }) {
      return answerUntick(site, who, await numberOf(site, name), issue);
    },
  }),
  operation({
    id: 'closeGate',
    tag: 'Roundups',
    method: 'POST',
    path: '/gates/{channel}/{release}/close',
    summary: 'Close a release gate',
    least: 'triager',
    params: gateParams,
    answers: { 200: gateShape },
    problems: [403, 404, 409],
    async answer({ site, who, params }) {
      await numberOf(site, params);
      const { channel, release } = params;
      await closeRoundup(site.database, { actor: who.actor.id, at: site.now(), gate: channel, release });
      return reply(200, await wholeGate(site, params));
    },
  }),
];
