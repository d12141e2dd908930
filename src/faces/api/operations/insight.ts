import { z } from 'zod';
import { MusterError } from '#base/errors';
import { LIFECYCLES } from '#domain/channels';
import {
  type ComparedIssue,
  compareRevisions,
  type ExposureLine,
  type ListAsked,
  type ListPart,
  type LoadStretch,
  lackingList,
  openList,
  type ReckonedFigures,
  reckonedFigures,
  unmaintainedList,
} from '#domain/insight';
import { cursorOf, placeOf } from '../cursor.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import { atOf, calledBy, calledShape, day, moment, named, nameIn, paging, severityShape } from '../shapes.ts';

const lifecycle = z.enum(LIFECYCLES);
const share = z.number().nullable().describe('0 to 1; null where nothing is decided');
const days = z.number().nullable();

const countsShape = named(
  'ChannelCounts',
  z.strictObject({
    channel: z.string(),
    lifecycle,
    endOfLife: day.nullable(),
    firstRevision: day,
    lastRevision: day,
    revisions: z.int(),
    exposed: z.int().describe('Issues that it is exposed to; past its end as its last revision left it'),
    unknown: z.int().describe('… and those of which nobody can say'),
    bySeverity: z.strictObject({
      critical: z.int(),
      high: z.int(),
      medium: z.int(),
      low: z.int(),
      none: z.int(),
      unrated: z.int(),
    }),
    overdue: z.int().describe('Exposed for longer than ten days'),
    points: z
      .array(z.strictObject({ day, value: z.int() }))
      .describe('How many, monthly; each holds until the next'),
  }),
);

const clock = {
  decided: z.int(),
  within: z.int().describe('Out of it within ten days'),
  share,
  median: days,
  overdue: z.int(),
  running: z.int(),
};

const stretchShape = z.strictObject({
  from: day,
  to: day,
  people: z.int(),
  done: z.int(),
  busFactor: z.int().nullable().describe('The fewest people who did half of it'),
  busiest: z.number().nullable(),
  shares: z.array(z.strictObject({ person: calledShape, done: z.int() })),
});

const insightShape = named(
  'Insight',
  z.strictObject({
    today: day,
    reckonedAt: moment,
    channels: z.array(countsShape),
    exposure: z.strictObject({
      windows: z.array(
        z.strictObject({
          channel: z.string(),
          issues: z.int(),
          open: z.int(),
          median: days,
          worst: days,
          upTo10: z.int(),
          upTo30: z.int(),
          upTo90: z.int(),
          more: z.int(),
        }),
      ),
    }),
    tenDays: z.strictObject({
      year: z.strictObject(clock),
      channels: z.array(z.strictObject({ channel: z.string(), ...clock })),
      rolling: z.array(z.strictObject({ month: z.string(), share, decided: z.int() })),
    }),
    coverage: z.strictObject({
      channels: z.array(
        z.strictObject({
          channel: z.string(),
          lifecycle,
          open: z.int(),
          looked: z.int(),
          untouchedHit: z.int(),
          untouchedUnknown: z.int(),
        }),
      ),
    }),
    sharing: z
      .strictObject({ quarter: stretchShape, year: stretchShape })
      .nullable()
      .describe('Null where nobody ever did anything'),
    unmaintained: z.strictObject({
      exposed: z.int().describe('Packages that are exposed at all; how many nobody maintains say the totals'),
    }),
    lacking: z.strictObject({
      byYears: z.array(z.strictObject({ years: z.int(), issues: z.int() })),
    }),
    totals: z
      .strictObject({
        longest: z.int(),
        untouched: z.int(),
        unmaintained: z.int(),
        lacking: z.int(),
      })
      .describe('Lines of the lists below `/insight/`'),
  }),
);

const lineShape = named(
  'ExposureLine',
  z.strictObject({
    issue: z.string(),
    title: z.string(),
    severity: severityShape.nullable(),
    channel: z.string().describe('Of what lacks long ago, all of them, with commas'),
    packages: z.array(z.string()),
    opened: day.describe('When it became public'),
    since: day,
    days: z.int(),
  }),
);

const lackingShape = named(
  'LackingLine',
  lineShape.extend({
    fixedBy: z.array(z.strictObject({ source: z.string(), id: z.string(), day })),
  }),
);

const unmaintainedShape = named(
  'UnmaintainedPackage',
  z.strictObject({
    package: z.string(),
    channels: z.array(z.string()),
    issues: z.int(),
    worst: severityShape.nullable(),
  }),
);

function partShape<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('Ask again with `cursor` set to this; null where nothing follows'),
    total: z.int().describe('Lines of the whole list when it was made'),
  });
}

async function figuresOf({ database }: ApiSite): Promise<ReckonedFigures & { reckonedAt: Date }> {
  const figures = await reckonedFigures(database.queries);
  if (figures === null) throw new MusterError('NOT_FOUND', 'nothing has been reckoned yet');
  return figures;
}

const PLACE = z.tuple([
  z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  z
    .string()
    .max(4000)
    .regex(/^\P{Cc}*$/u),
]);
/** A cursor names the line before, and that of a package names all its channels. */
const listPaging = {
  ...paging,
  cursor: z.string().max(8000).optional().describe('From `next` of the part before'),
};

/** An operation of one of the long lists. */
function listOperation<T, S extends z.ZodType>(one: {
  id: string;
  list: keyof ReckonedFigures['totals'];
  path: string;
  summary: string;
  shape: S;
  read: (site: ApiSite, figures: ReckonedFigures, asked: ListAsked) => Promise<ListPart<T>>;
  show: (line: T) => z.input<S>;
}) {
  const { id, list, path, summary, shape, read, show } = one;
  return operation({
    id,
    tag: 'Insight',
    method: 'GET',
    path,
    summary,
    description: `As one file: \`${path}.csv\`, beside the page.`,
    query: z.strictObject(listPaging),
    answers: { 200: partShape(shape) },
    problems: [404],
    async answer({ site, query: { cursor, limit } }) {
      const figures = await figuresOf(site);
      const place = placeOf(cursor, PLACE);
      const after = place === null ? null : { place: place[0], line: place[1] };
      const { lines, next } = await read(site, figures, { after, limit });
      const body = {
        items: lines.map(show),
        next: next === null ? null : cursorOf([next.place, next.line]),
        total: figures.totals[list],
      };
      // The shape of the items is that of what `show` gives.
      return reply(200, body as z.input<ReturnType<typeof partShape<S>>>);
    },
  });
}

function line({ issue, title, severity, channel, packages, opened, since, days: age }: ExposureLine) {
  return { issue, title, severity, channel, packages, opened, since, days: age };
}

const comparedShape = named(
  'ComparedIssue',
  z.strictObject({
    issue: z.string(),
    title: z.string(),
    severity: severityShape.nullable(),
    opened: day,
    packages: z.array(
      z.strictObject({
        attr: z.string(),
        before: z.string().nullable().describe('Null where that revision does not have it'),
        after: z.string().nullable(),
      }),
    ),
  }),
);

const endShape = z.strictObject({ commit: z.string(), committedAt: moment });
const which = z.string().min(1).max(60).describe('A commit or its beginning, a day, or `latest`');

function compared({ issue, title, severity, opened, packages }: ComparedIssue) {
  return { issue, title, severity, opened, packages };
}

export const insightOperations = [
  operation({
    id: 'getInsight',
    tag: 'Insight',
    method: 'GET',
    path: '/insight',
    summary: 'What has been going on, in figures: all that the pages of insight and evidence show',
    description:
      'Also by parts: `/insight/counts.csv`, `ten-days`, `coverage`, `sharing` (`.csv` and `.json`, beside the page).',
    answers: { 200: insightShape },
    problems: [404],
    async answer({ site }) {
      const { sharing, reckonedAt, ...figures } = await figuresOf(site);
      const stretches = sharing === null ? [] : [sharing.quarter, sharing.year];
      const called = calledBy(
        await site.names(stretches.flatMap(({ shares }) => shares.map(({ person }) => person))),
      );
      const stretch = ({ shares, ...rest }: LoadStretch) => ({
        ...rest,
        shares: shares.map(({ person, done }) => ({ person: called(person), done })),
      });
      return reply(200, {
        ...figures,
        reckonedAt: reckonedAt.toISOString(),
        sharing: sharing === null ? null : { quarter: stretch(sharing.quarter), year: stretch(sharing.year) },
      });
    },
  }),
  listOperation({
    id: 'listOpenLongest',
    list: 'longest',
    path: '/insight/exposure',
    summary: 'What is open in channels that are kept, the longest first',
    shape: lineShape,
    read: ({ database }, figures, asked) => openList(database.queries, figures, 'longest', asked),
    show: line,
  }),
  listOperation({
    id: 'listUntouched',
    list: 'untouched',
    path: '/insight/untouched',
    summary: 'What looks hit and nobody has looked at, the gravest first',
    shape: lineShape,
    read: ({ database }, figures, asked) => openList(database.queries, figures, 'untouched', asked),
    show: line,
  }),
  listOperation({
    id: 'listUnmaintained',
    list: 'unmaintained',
    path: '/insight/unmaintained',
    summary: 'Packages that nobody maintains and a channel that is kept ships exposed, the gravest first',
    shape: unmaintainedShape,
    read: ({ database }, _, asked) => unmaintainedList(database.queries, asked),
    show: (row) => row,
  }),
  listOperation({
    id: 'listLacking',
    list: 'lacking',
    path: '/insight/lacking',
    summary: 'What others announced more than a year ago and is still open here, the oldest first',
    shape: lackingShape,
    read: ({ database }, figures, asked) => lackingList(database.queries, figures, asked),
    show: ({ fixedBy, ...rest }) => ({ ...line(rest), fixedBy }),
  }),
  operation({
    id: 'compareExposure',
    tag: 'Insight',
    method: 'GET',
    path: '/channels/{name}/exposure',
    summary: 'What a channel was exposed to at two of its revisions: which issues went, came, and stayed',
    description: 'By what is known today of both. What changed in its packages says `compare`.',
    params: z.strictObject({ name: nameIn }),
    query: z.strictObject({
      from: which,
      to: which.default('latest'),
      limit: z.coerce.number().int().min(1).max(1000).default(200).describe('Issues of each kind at most'),
      page: z.coerce
        .number()
        .int()
        .min(1)
        .max(10_000)
        .default(1)
        .describe('What is longer than `limit` goes on on the next one'),
    }),
    answers: {
      200: named(
        'ExposureCompared',
        z.strictObject({
          channel: z.string(),
          from: endShape,
          to: endShape,
          counts: z.strictObject({
            went: z.int(),
            came: z.int(),
            cameWithPackages: z.int().describe('Of those that came, what was public already'),
            stayed: z.int(),
          }),
          went: z.array(comparedShape),
          came: z.array(comparedShape),
          stayed: z.array(comparedShape),
        }),
      ),
    },
    problems: [404],
    async answer({ site, params: { name }, query: { from, to, limit, page } }) {
      const found = await compareRevisions(site.database.queries, name, atOf(from), atOf(to), {
        limit,
        offset: (page - 1) * limit,
      });
      const end = ({ commit, committedAt }: { commit: string; committedAt: Date }) => ({
        commit,
        committedAt: committedAt.toISOString(),
      });
      return reply(200, {
        channel: name,
        from: end(found.from),
        to: end(found.to),
        counts: found.counts,
        went: found.went.map(compared),
        came: found.came.map(compared),
        stayed: found.stayed.map(compared),
      });
    },
  }),
];
