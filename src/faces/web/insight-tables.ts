import type { ExposureLine, Figures } from '#domain/insight';
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
export const INSIGHT_PARTS: Readonly<Record<string, (figures: Figures, nameOf: NameShares) => InsightTable>> =
  {
    counts: ({ channels }) => ({
      head: ['channel', 'day', 'exposed'],
      rows: channels.flatMap(({ channel, points }) => points.map(({ day, value }) => [channel, day, value])),
      data: channels,
    }),
    exposure: ({ exposure }) => ({
      head: LINE_HEAD,
      rows: exposure.longest.map(lineRow),
      data: exposure,
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
    unmaintained: ({ unmaintained }) => ({
      head: ['package', 'channels', 'issues', 'worst'],
      rows: unmaintained.packages.map((row) => [
        row.package,
        row.channels.join(' '),
        row.issues,
        row.worst ?? 'unrated',
      ]),
      data: unmaintained,
    }),
    lacking: ({ lacking }) => ({
      head: [...LINE_HEAD, 'announced elsewhere'],
      rows: lacking.lines.map((line) => [
        ...lineRow(line),
        line.fixedBy.map(({ source, id, day }) => `${source} ${id} ${day}`).join('; '),
      ]),
      data: lacking,
    }),
  };

const LINE_HEAD = ['issue', 'title', 'severity', 'channel', 'packages', 'public', 'exposed since', 'days'];

function lineRow({ issue, title, severity, channel, packages, opened, since, days }: ExposureLine): Cell[] {
  return [issue, title, severity ?? 'unrated', channel, packages.join(' '), opened, since, days];
}
