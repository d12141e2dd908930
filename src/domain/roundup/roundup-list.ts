import { type Database, together } from '#base/db';
import { type SessionRow, sessionReading, sessionValues } from '#domain/accounts';
import { channelsReading, lifecycleOn } from '#domain/channels';
import { type IssueLine, issueLines, refreshCards } from '#domain/issues';
import { type CellPackage, cellsOfIssues, type IssueCells, issueCells } from '#domain/matching';
import { counts, headOf, inOrder, previousOf, thanks } from './roundup-view.ts';
import { ISSUES_OF_ROUNDUP, latestRoundupReading, roundupReading, type StoredRoundup } from './store.ts';
import type { ChannelHead, ListedLine, RoundupLine, RoundupList, RoundupView } from './view.ts';

const ask = together({
  stored: roundupReading,
  lines: issueLines.marks(ISSUES_OF_ROUNDUP),
  cells: issueCells.marks(ISSUES_OF_ROUNDUP),
  channels: channelsReading,
  latest: latestRoundupReading,
  session: sessionReading(2),
});

/** What is asked for. */
export interface RoundupAsked {
  team: string;
  number: number;
  /** ISO day on which life cycles are looked at. */
  today: string;
  /** Whose session it is that asks, found out with it. */
  session?: ReturnType<typeof sessionValues>;
}

/** A roundup as its page lists it, with what people decided, and the newest roundup for the head of the page. */
export interface ReadRoundup {
  list: RoundupList;
  /** By issue: the same objects each time, as long as nothing of them changed. */
  issues: ReadonlyMap<string, IssueLine>;
  cells: ReadonlyMap<string, IssueCells>;
  latest: ReturnType<typeof latestRoundupReading.read>;
}

/** Reads a roundup as its page lists it: in one question, and one more for lines that changed. `read` is null where there is none of that number. */
export async function roundupList(
  database: Database,
  { team, number, today, session: values = sessionValues(undefined, new Date(0)) }: RoundupAsked,
): Promise<{ read: ReadRoundup | null; session: SessionRow | null }> {
  const asked = await ask(database.pool, [number, ...values]);
  const { stored, latest, session } = asked;
  if (stored === null) return { read: null, session };
  const ids = stored.lines.map(({ issue }) => issue);
  const issues = await withCards(database, await issueLines.read(database.pool, asked.lines));
  const cells = await withCells(database, ids, await issueCells.read(database.pool, asked.cells));
  const channels = asked.channels
    .filter(({ read }) => read)
    .map((channel): ChannelHead => ({ name: channel.name, lifecycle: lifecycleOn(channel, today) }));
  return { read: { list: listOf(stored, team, channels, issues, cells), issues, cells, latest }, session };
}

/** Issues that changed a moment ago: their cards are made before they are shown. */
async function withCards(
  database: Database,
  issues: ReadonlyMap<string, IssueLine>,
): Promise<ReadonlyMap<string, IssueLine>> {
  const stale = [...issues.values()].filter(({ brief }) => brief === null).map(({ issue }) => issue.id);
  if (stale.length === 0) return issues;
  await refreshCards(database, { among: stale });
  const { lines } = await askLines(database.pool, [stale]);
  return new Map([...issues, ...lines]);
}

const askLines = together({ lines: issueLines.all });

/** Issues that were not matched since cells are written: theirs are read in full. */
async function withCells(
  database: Database,
  issues: readonly string[],
  cells: ReadonlyMap<string, IssueCells>,
): Promise<ReadonlyMap<string, IssueCells>> {
  const missing = issues.filter((issue) => !cells.has(issue));
  if (missing.length === 0) return cells;
  return new Map([...cells, ...(await cellsOfIssues(database.queries, missing))]);
}

const NONE: readonly CellPackage[] = [];

function listOf(
  { roundup, lines, before }: StoredRoundup,
  team: string,
  channels: ChannelHead[],
  issues: ReadonlyMap<string, IssueLine>,
  cells: ReadonlyMap<string, IssueCells>,
): RoundupList {
  const sections = new Map<string, ListedLine[]>();
  for (const { issue: id, doneBy, carriedFrom, remark, version, remarkVersion } of lines) {
    const line = issues.get(id);
    if (line === undefined) continue;
    const { issue, brief, exploitation } = line;
    const own = cells.get(id);
    const listed: ListedLine = {
      issue: id,
      title: issue.title,
      severity: issue.severity,
      exploitation,
      ...{ done: doneBy !== null, doneBy, carriedFrom, remark, version, remarkVersion },
      ...(brief ?? NOTHING),
      cells: channels.map(({ name }) => own?.get(name) ?? NONE),
    };
    const section = sections.get(issue.product);
    if (section === undefined) sections.set(issue.product, [listed]);
    else section.push(listed);
  }
  return {
    ...headOf(roundup, team),
    ...counts(lines),
    channels,
    sections: inOrder(sections),
    thanks: thanks([...(previousOf(roundup) === null ? [] : before), ...lines.map(({ doneBy }) => doneBy)]),
  };
}

/** Of an issue that went away while it was read. */
const NOTHING = {
  ...{
    vulnerabilities: [],
    vulnerabilityCount: 0,
    advisories: [],
    advisoryCount: 0,
    patchCount: 0,
    since: null,
  },
};

/** A whole view as its page lists it. */
export function asList(view: RoundupView): RoundupList {
  return {
    ...view,
    sections: view.sections.map(({ product, lines }) => ({ product, lines: lines.map(asListed) })),
  };
}

function asListed({ cells, patches, ...line }: RoundupLine): ListedLine {
  const dates = line.advisories.flatMap(({ published }) => published ?? []);
  return {
    ...line,
    vulnerabilities: line.vulnerabilities.slice(0, 3),
    vulnerabilityCount: line.vulnerabilities.length,
    advisories: line.advisories.slice(0, 4),
    advisoryCount: line.advisories.length,
    patchCount: patches.length,
    since: dates.reduce<string | null>(
      (first, date) => (first === null || date < first ? date : first),
      null,
    ),
    cells: cells.map(({ packages }) => packages),
  };
}
