import { appendEvents, type Database, lockHistory, type NewEvent, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { standing } from '#domain/issues';
import { listTitle } from './gate-name.ts';
import { mergeRemarks } from './merge-remarks.ts';
import {
  findRoundup,
  holdRoundups,
  type LineChange,
  linesOf,
  lockLines,
  type Roundup,
  type StoredLine,
  updateLines,
} from './store.ts';

export interface Tick {
  issue: string;
  remark: string | null;
}

/** What somebody says of a line: that it is done, or only something behind it. */
export interface Mark extends Tick {
  done: boolean;
}

/** What became of each tick. */
export interface TickResult {
  roundup: number;
  ticked: string[];
  /** Somebody was faster: their tick stays. */
  already: string[];
  /** Not on this roundup. */
  unknown: string[];
}

/** What became of each mark. */
export interface MarkResult extends TickResult {
  /** Lines, open or done before, that have a new remark. */
  remarked: string[];
}

export interface TickOptions {
  /** Of the roundup; default the latest. */
  number?: number | undefined;
  by: string;
  cause: string;
}

/**
 * Ticks lines of a roundup. A line that is ticked already stays as it is, with the name of who was first, so a list that
 * was edited elsewhere never takes anybody's tick away. A tick that comes when its roundup is over counts where the line was
 * carried over to as well. An issue that was merged may be named by either id.
 *
 * @throws MusterError NOT_FOUND where there is no such roundup
 */
export async function tickLines(
  database: Database,
  ticks: readonly Tick[],
  options: TickOptions,
): Promise<TickResult> {
  const { remarked: _, ...result } = await markLines(
    database,
    ticks.map((tick) => ({ ...tick, done: true })),
    options,
  );
  return result;
}

/** As {@link tickLines}, for lines that are done and lines of which somebody only says something: no remark is ever lost. */
export async function markLines(
  database: Database,
  marks: readonly Mark[],
  options: TickOptions,
): Promise<MarkResult> {
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    await holdRoundups(tx);
    const roundup = await findRoundup(tx, options.number);
    if (roundup === null)
      throw new MusterError('NOT_FOUND', `there is no roundup ${options.number ?? 'yet'}`);
    const found = await linesNamed(
      tx,
      roundup,
      marks.map(({ issue }) => issue),
    );
    const result: MarkResult = {
      roundup: roundup.number,
      ticked: [],
      already: [],
      unknown: [],
      remarked: [],
    };
    const changes = new Map<StoredLine, LineChange>();
    for (const { issue, done, remark } of marks) {
      const lines = found.get(issue) ?? [];
      const before = lines.map((line) => changes.get(line) ?? line);
      if (lines.length === 0) result.unknown.push(issue);
      else if (done)
        (before.some(({ doneBy }) => doneBy === null) ? result.ticked : result.already).push(issue);
      for (const line of lines) {
        const { doneBy, remark: said } = changes.get(line) ?? line;
        const { roundup: number, issue: id } = line;
        const change = {
          roundup: number,
          issue: id,
          doneBy: doneBy ?? (done ? options.by : null),
          remark: mergeRemarks(said, remark),
        };
        if (change.doneBy !== doneBy || change.remark !== said) changes.set(line, change);
      }
      const after = lines.map((line) => changes.get(line) ?? line);
      if (after.some((line, at) => line.remark !== before[at]?.remark)) result.remarked.push(issue);
    }
    const told = [...changes].flatMap(([line, change]) => marked(line, change, options));
    const first = await appendEvents(
      tx,
      told.map(({ event }) => event),
    );
    const versions = new Map<LineChange, Partial<LineChange>>();
    for (const [index, { change, field }] of told.entries())
      versions.set(change, { ...versions.get(change), [field]: first + index });
    await updateLines(
      tx,
      [...changes.values()].map((change) => ({ ...change, ...versions.get(change) })),
    );
    return result;
  });
}

/** Takes the tick of one line back; the history keeps both. */
export async function untick(
  database: Database,
  issue: string,
  options: { number?: number | undefined; by: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    await lockHistory(tx);
    await holdRoundups(tx);
    const roundup = await findRoundup(tx, options.number);
    const found = roundup === null ? [] : ((await linesNamed(tx, roundup, [issue])).get(issue) ?? []);
    const lines = found.filter((line) => line.roundup === roundup?.number);
    if (lines.length === 0)
      throw new MusterError(
        'NOT_FOUND',
        `${issue} is not on ${roundup === null ? 'any roundup' : listTitle(roundup)}`,
      );
    const done = lines.filter(({ doneAt }) => doneAt !== null);
    const first = await appendEvents(
      tx,
      done.map((line) =>
        lineEvent(
          line,
          'unticked',
          { ...options, cause: 'undo' },
          { field: 'done', value: null, was: line.version },
        ),
      ),
    );
    await updateLines(
      tx,
      done.map(({ roundup: number, issue: id, remark }, index) => ({
        ...{ roundup: number, issue: id, doneBy: null, remark },
        version: first + index,
      })),
    );
  });
}

/**
 * For each id the lines that it means, locked: its own one on the roundup, else those of what is the same issue by now; and
 * where these were carried over to since. Nothing for an id that is not on the roundup.
 */
export async function linesNamed(
  tx: Tx,
  roundup: Roundup,
  named: readonly string[],
): Promise<Map<string, StoredLine[]>> {
  const listed = (await linesOf(tx, roundup.number)).map(({ issue }) => issue);
  const onList = new Set(listed);
  const now = await standing(tx, [...new Set([...listed, ...named])]);
  const leads = (id: string) => now.get(id) ?? id;
  const own = (id: string) =>
    onList.has(id) ? [id] : now.has(id) ? listed.filter((each) => leads(each) === leads(id)) : [];
  const wanted = new Map(named.map((id) => [id, own(id)]));
  const all = [...wanted.values()].flat();
  const lines = await lockLines(tx, roundup.number, [...new Set([...all, ...all.map(leads)])]);
  return new Map([...wanted].map(([id, ids]) => [id, withLater(roundup.number, ids, ids.map(leads), lines)]));
}

/** Of some lines those of the roundup that are of `ids`, and the later ones that go on with them. What was done and came up anew does not. */
function withLater(
  roundup: number,
  ids: readonly string[],
  later: readonly string[],
  lines: readonly StoredLine[],
): StoredLine[] {
  const own = lines.filter((line) => line.roundup === roundup && ids.includes(line.issue));
  const since = Math.max(...own.map(({ carriedFrom }) => carriedFrom ?? roundup));
  const carried = lines.filter(
    ({ roundup: number, issue, carriedFrom }) =>
      number > roundup &&
      carriedFrom !== null &&
      carriedFrom <= since &&
      (ids.includes(issue) || later.includes(issue)),
  );
  return [...own, ...carried];
}

/** What is told of a line: that it is done, and what is said behind it, each for itself, so that each can be taken back. */
function marked(
  line: StoredLine,
  change: LineChange,
  options: TickOptions,
): { event: NewEvent; change: LineChange; field: 'version' | 'remarkVersion' }[] {
  const { version, remarkVersion } = line;
  const ticked = change.doneBy === line.doneBy ? null : { field: 'done', value: true as const, was: version };
  const said =
    change.remark === line.remark ? null : { field: 'remark', value: change.remark, was: remarkVersion };
  return [
    ...(ticked === null
      ? []
      : [{ event: lineEvent(line, 'ticked', options, ticked), change, field: 'version' as const }]),
    ...(said === null
      ? []
      : [{ event: lineEvent(line, 'remarked', options, said), change, field: 'remarkVersion' as const }]),
  ];
}

/** An entry as the one path of changes writes them, for what comes by another one: from a list that was edited elsewhere. */
function lineEvent(
  { roundup, issue }: StoredLine,
  what: string,
  { by, cause }: Pick<TickOptions, 'by' | 'cause'>,
  told: { field: string; value: true | string | null; was: number },
): NewEvent {
  return {
    entity: 'roundup',
    entityId: String(roundup),
    type: `roundup.line.${what}`,
    actor: by,
    cause,
    payload: { kind: 'roundup_line', id: `${roundup}/${issue}`, ...told, proposal: null },
    topics: [`issue:${issue}`],
  };
}
