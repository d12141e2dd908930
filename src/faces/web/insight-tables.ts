import type { Queries } from '#base/db';
import {
  type ExposureLine,
  type ListAsked,
  type ListName,
  type ListPart,
  lackingList,
  openList,
  type ReckonedFigures,
  type StillLacking,
  type Unmaintained,
  unmaintainedList,
} from '#domain/insight';
import type { Cell } from './csv.ts';

/** The data of one part of the page: as rows, and as they are. */
export interface InsightTable {
  head: readonly string[];
  rows: Cell[][];
  data: unknown;
}

/** Who did how much, as pages call them. */
export type NameShares = (person: string) => string;

/** Parts of the figures by the name of their file. */
export const INSIGHT_PARTS: Readonly<
  Record<string, (figures: ReckonedFigures, nameOf: NameShares) => InsightTable>
> = {
  counts: ({ channels }) => ({
    head: ['channel', 'day', 'exposed'],
    rows: channels.flatMap(({ channel, points }) => points.map(({ day, value }) => [channel, day, value])),
    data: channels,
  }),
  'ten-days': ({ tenDays }) => ({
    head: ['month', 'share', 'decided'],
    rows: tenDays.rolling.map(({ month, share, decided }) => [month, share, decided]),
    data: tenDays,
  }),
  coverage: ({ coverage }) => ({
    head: ['channel', 'life cycle', 'open', 'looked at', 'untouched, looks hit', 'untouched, unknown'],
    rows: coverage.channels.map((row) => [
      ...[row.channel, row.lifecycle, row.open],
      ...[row.looked, row.untouchedHit, row.untouchedUnknown],
    ]),
    data: coverage,
  }),
  sharing: ({ sharing }, nameOf) => ({
    head: ['stretch', 'person', 'done'],
    rows: [sharing?.quarter, sharing?.year].flatMap((stretch) =>
      (stretch?.shares ?? []).map(({ person, done }) => [
        `${stretch?.from} to ${stretch?.to}`,
        nameOf(person),
        done,
      ]),
    ),
    data: sharing,
  }),
};

/** A list that may be long: how a part of it is read, and a line of it as a row. */
export interface InsightList<T = unknown> {
  name: ListName;
  head: readonly string[];
  part(queries: Queries, figures: ReckonedFigures, asked: ListAsked): Promise<ListPart<T>>;
  row(line: T): Cell[];
  /** What stands beside the list in its JSON. */
  beside(figures: ReckonedFigures): object;
}

function list<T>(one: InsightList<T>): InsightList {
  return one as InsightList;
}

const LINE_HEAD = ['issue', 'title', 'severity', 'channel', 'packages', 'public', 'exposed since', 'days'];

function lineRow({ issue, title, severity, channel, packages, opened, since, days }: ExposureLine): Cell[] {
  return [issue, title, severity ?? 'unrated', channel, packages.join(' '), opened, since, days];
}

/** Lists by the name of their file. */
export const INSIGHT_LISTS: Readonly<Record<string, InsightList>> = {
  exposure: list<ExposureLine>({
    name: 'longest',
    head: LINE_HEAD,
    part: (queries, figures, asked) => openList(queries, figures, 'longest', asked),
    row: lineRow,
    beside: ({ exposure }) => exposure,
  }),
  untouched: list<ExposureLine>({
    name: 'untouched',
    head: LINE_HEAD,
    part: (queries, figures, asked) => openList(queries, figures, 'untouched', asked),
    row: lineRow,
    beside: ({ coverage }) => coverage,
  }),
  unmaintained: list<Unmaintained>({
    name: 'unmaintained',
    head: ['package', 'channels', 'issues', 'worst'],
    part: (queries, _, asked) => unmaintainedList(queries, asked),
    row: (line) => [line.package, line.channels.join(' '), line.issues, line.worst ?? 'unrated'],
    beside: ({ unmaintained }) => unmaintained,
  }),
  lacking: list<StillLacking>({
    name: 'lacking',
    head: [...LINE_HEAD, 'announced elsewhere'],
    part: (queries, figures, asked) => lackingList(queries, figures, asked),
    row: (line) => [
      ...lineRow(line),
      line.fixedBy.map(({ source, id, day }) => `${source} ${id} ${day}`).join('; '),
    ],
    beside: ({ lacking }) => lacking,
  }),
};
