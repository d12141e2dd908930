import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Database } from '#base/db';
import { testDatabase } from '../../../test/database.ts';
import { closeRoundup } from './close-roundup.ts';
import { importTicks } from './import-ticks.ts';
import { openRoundup } from './open-roundup.ts';
import { renderMarkdown } from './render-markdown.ts';
import { roundupView } from './roundup-view.ts';
import { linesOf, listRoundups } from './store.ts';
import { tickLines, untick } from './tick-lines.ts';

// What a roundup must hold, said a second time and in another way: by what happened in which step, without a database.

interface ModelIssue {
  published: number;
  came: number;
  /** When the matcher found something to look at. */
  matched: number | null;
  grown: number;
  mergedInto: number | null;
}

interface ModelLine {
  carriedFrom: number | null;
  done: number | null;
}

interface ModelRoundup {
  number: number;
  opened: number;
  day: number;
  since: number;
  closed: boolean;
  lines: Map<number, ModelLine>;
}

interface World {
  step: number;
  today: number;
  issues: ModelIssue[];
  roundups: ModelRoundup[];
}

type Command =
  | { kind: 'appear'; age: number; matched: boolean }
  | { kind: 'match' | 'grow' | 'part'; which: number }
  | { kind: 'merge'; which: number; into: number }
  | { kind: 'tick' | 'untick'; which: number; roundup: number }
  | { kind: 'import'; roundup: number; boxes: number[]; edits: Edit[] }
  | { kind: 'next'; days: number; back: number | null };

interface Edit {
  kind: 'delete' | 'repeat' | 'top' | 'crlf' | 'truncate' | 'words';
  at: number;
}

const number = fc.nat({ max: 40 });
/** Mostly the latest. */
const back = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 3 }) });
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('delete', 'repeat', 'top', 'crlf', 'truncate', 'words'),
  at: fc.nat(),
});
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('appear' as const),
      age: fc.integer({ min: -6, max: 20 }),
      matched: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('match' as const, 'grow' as const, 'part' as const),
      which: number,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('merge' as const), which: number, into: number }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('tick' as const, 'tick' as const, 'untick' as const),
      which: number,
      roundup: back,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('import' as const),
      roundup: back,
      boxes: fc.array(number, { maxLength: 4 }),
      edits: fc.array(edit, { maxLength: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('next' as const),
      days: fc.nat({ max: 9 }),
      back: fc.option(fc.nat({ max: 12 })),
    }),
  },
);

const START = Date.parse('2017-03-01');
const day = (days: number) => new Date(START + days * 86_400_000);
const nsi = (index: number) => `NSI-2017-${String(index + 1).padStart(4, '0')}`;
const indexOf = (id: string) => Number(id.slice(-4)) - 1;

/** The latest line of an issue in any roundup. */
function lastLine({ roundups }: World, issue: number): { line: ModelLine; number: number } | null {
  const found = roundups.findLast(({ lines }) => lines.has(issue));
  const line = found?.lines.get(issue);
  return found === undefined || line === undefined ? null : { line, number: found.number };
}

const leads = ({ issues }: World, issue: number) => issues[issue]?.mergedInto ?? issue;

/** What the next roundup has to carry over: issue → the roundup that listed it first. */
function owed(world: World): Map<number, number> {
  const due = new Map<number, number>();
  for (const issue of world.issues.keys()) {
    const last = lastLine(world, issue);
    const target = leads(world, issue);
    if (last === null || last.line.done !== null) continue;
    if (target !== issue && (lastLine(world, target)?.number ?? 0) > last.number) continue;
    due.set(target, Math.min(due.get(target) ?? Infinity, last.line.carriedFrom ?? last.number));
  }
  return due;
}

/** What is new for a roundup of that day. */
function news(world: World, at: number, since: number): number[] {
  const last = world.roundups.at(-1);
  const isLater = (step: number | null) => step !== null && last !== undefined && step > last.opened;
  return [...world.issues.entries()]
    .filter(([index, { published, came, matched, grown, mergedInto }]) => {
      if (mergedInto !== null || matched === null || published >= at) return false;
      const line = lastLine(world, index)?.line;
      const unseen = line === undefined || (line.done !== null && grown > line.done);
      return unseen && (published >= since || isLater(came) || isLater(matched) || isLater(grown));
    })
    .map(([index]) => index);
}

/** Every line that a tick of that issue on that roundup means: its own, and where it was carried over to since. */
function meant(world: World, roundup: ModelRoundup, issue: number): ModelLine[] {
  const own = roundup.lines.has(issue)
    ? [issue]
    : [...roundup.lines.keys()].filter((each) => leads(world, each) === leads(world, issue));
  const root = Math.max(...own.map((each) => roundup.lines.get(each)?.carriedFrom ?? roundup.number));
  const names = new Set([...own, ...own.map((each) => leads(world, each))]);
  const later = world.roundups
    .filter((each) => each.number > roundup.number)
    .flatMap(({ lines }) => [...names].flatMap((name) => lines.get(name) ?? []))
    .filter(({ carriedFrom }) => carriedFrom !== null && carriedFrom <= root);
  return own.length === 0 ? [] : [...own.flatMap((each) => roundup.lines.get(each) ?? []), ...later];
}

async function run(database: Database, world: World, each: Command): Promise<void> {
  world.step += 1;
  const at = <T>(list: readonly T[], index: number) => list[index % Math.max(list.length, 1)];
  switch (each.kind) {
    case 'appear': {
      const published = world.today - each.age;
      const index = world.issues.push({
        published,
        came: world.step,
        matched: each.matched ? world.step : null,
        grown: world.step,
        mergedInto: null,
      });
      await database.pool.query(
        `insert into issue (id, year, number, product, title, opened, last_report) values ($1, 2017, $2, 'openssl', 'a flaw', $3, $3)`,
        [nsi(index - 1), index, day(published)],
      );
      if (each.matched) await match(database, index - 1);
      return;
    }
    case 'match': {
      const index = each.which % Math.max(world.issues.length, 1);
      const issue = world.issues[index];
      if (issue === undefined || issue.matched !== null) return;
      issue.matched = world.step;
      return match(database, index);
    }
    case 'grow':
    case 'part':
    case 'merge': {
      const issue = at(world.issues, each.which);
      if (issue === undefined || (each.kind === 'part') !== (issue.mergedInto !== null)) return;
      const index = world.issues.indexOf(issue);
      if (each.kind === 'merge') {
        const into = each.into % world.issues.length;
        // As the issues room does it: a redirect never leads to another one.
        const busy = world.issues.some(({ mergedInto }) => mergedInto === index);
        if (into === index || busy || world.issues[into]?.mergedInto !== null) return;
        issue.mergedInto = into;
      } else {
        issue.mergedInto = null;
        issue.grown = world.step;
      }
      await database.pool.query(
        `update issue set redirect = $2, grown_at = case when $2::text is null then now() else grown_at end where id = $1`,
        [nsi(index), issue.mergedInto === null ? null : nsi(issue.mergedInto)],
      );
      return;
    }
    case 'tick': {
      const roundup = world.roundups.at(-1 - each.roundup);
      const issue = each.which % Math.max(world.issues.length, 1);
      if (roundup === undefined || world.issues.length === 0) return;
      const lines = meant(world, roundup, issue);
      const open = lines.some(({ done }) => done === null);
      for (const line of lines) line.done ??= world.step;
      const result = await tickLines(database, [{ issue: nsi(issue), remark: null }], {
        by: 'x',
        cause: 'x',
        number: roundup.number,
      });
      const expected = lines.length === 0 ? 'unknown' : open ? 'ticked' : 'already';
      assert.deepEqual(result[expected], [nsi(issue)]);
      return;
    }
    case 'untick': {
      const roundup = world.roundups.at(-1 - each.roundup);
      const issue = at([...(roundup?.lines.keys() ?? [])], each.which);
      const line = issue === undefined ? undefined : roundup?.lines.get(issue);
      if (roundup === undefined || issue === undefined || line === undefined) return;
      line.done = null;
      return untick(database, nsi(issue), { number: roundup.number, by: 'x' });
    }
    case 'import':
      return edited(database, world, each);
    case 'next':
      return next(database, world, each);
  }
}

async function match(database: Database, issue: number): Promise<void> {
  await database.pool.query(
    `insert into suggestion (issue, attr, pname, score, reasons, matcher_version, verdict, due_since)
     values ($1, 'x', 'x', 1, 0, 1, 'unknown', clock_timestamp())`,
    [nsi(issue)],
  );
}

/** A roundup goes out as markdown, somebody ticks lines there and edits the text in other ways, and it comes back. */
async function edited(
  database: Database,
  world: World,
  { roundup: ago, boxes, edits }: Extract<Command, { kind: 'import' }>,
): Promise<void> {
  const roundup = world.roundups.at(-1 - ago);
  if (roundup === undefined) return;
  const text = renderMarkdown(await roundupView(database.queries, 'NixOS', roundup.number));
  const lines = text.split('\n');
  const heading = lines[0] ?? '';
  const rows = () => lines.flatMap((line, at) => (/^ - \[[ x]\] /.test(line) ? [at] : []));
  for (const box of boxes) {
    const at = rows()[box % Math.max(rows().length, 1)];
    if (at !== undefined) lines[at] = lines[at]?.replace('- [ ]', '- [x]') ?? '';
  }
  for (const { kind, at } of edits) {
    const row = rows()[at % Math.max(rows().length, 1)];
    if (kind === 'words') lines.splice(at % lines.length, 0, '', 'We looked at this on IRC.', '');
    if (row === undefined) continue;
    const line = lines[row] ?? '';
    if (kind === 'delete') lines.splice(row, 1);
    if (kind === 'repeat') lines.push(line);
    if (kind === 'top') lines.unshift(...lines.splice(row, 1));
    if (kind === 'crlf') lines[row] = `${line}\r`;
  }
  const cut = edits.find(({ kind }) => kind === 'truncate')?.at;
  const whole = lines.join('\n');
  const sent = cut === undefined ? whole : whole.slice(0, cut % (whole.length + 1));
  // A whole line that says [x] is a tick; of the one in which a file was cut, the id and its brackets must be there.
  const ticked = new Set(
    [...sent.matchAll(/^ - \[x\] \[`#(NSI-2017-\d{4})`\]/gm)].map(([, id = '']) => indexOf(id)),
  );
  const named = sent.includes(heading) ? undefined : roundup.number;
  const touched = [...ticked].flatMap((issue) => meant(world, roundup, issue));
  const fresh = [...ticked].filter((issue) => meant(world, roundup, issue).some(({ done }) => done === null));
  for (const line of touched) line.done ??= world.step;
  const result = await importTicks(database, sent, { by: 'y', cause: 'y', number: named });
  assert.deepEqual(result.ticked.map(indexOf).sort(), fresh.sort(), sent);
  assert.deepEqual(
    [result.ticked.length + result.already.length, result.unknown, result.remarked],
    [ticked.size, [], []],
    sent,
  );
}

/** Closes what is open and opens the next one. */
async function next(
  database: Database,
  world: World,
  { days, back: looks }: Extract<Command, { kind: 'next' }>,
): Promise<void> {
  world.today += days;
  const last = world.roundups.at(-1);
  if (last !== undefined) {
    const done = [...last.lines.values()].filter((line) => line.done !== null).length;
    assert.deepEqual(await closeRoundup(database, { at: day(world.today), actor: 'x' }), {
      number: last.number,
      completed: done,
      remaining: last.lines.size - done,
    });
    last.closed = true;
  }
  const asked = looks === null ? undefined : world.today - looks;
  const since = Math.min(asked ?? Infinity, last?.day ?? asked ?? world.today - 7);
  const carried = owed(world);
  const fresh = news(world, world.today, since).filter((issue) => !carried.has(issue));
  const opened = await openRoundup(database, {
    at: day(world.today),
    actor: 'x',
    ...(asked !== undefined && { since: day(asked) }),
  });
  const lines = new Map<number, ModelLine>([
    ...[...carried].map(([issue, carriedFrom]) => [issue, { carriedFrom, done: null }] as const),
    ...fresh.map((issue) => [issue, { carriedFrom: null, done: null }] as const),
  ]);
  assert.deepEqual(opened, {
    number: (last?.number ?? 0) + 1,
    lines: lines.size,
    carried: carried.size,
  });
  world.roundups.push({
    number: opened.number,
    opened: world.step,
    day: world.today,
    since,
    closed: false,
    lines,
  });
}

/** The whole of what is stored is what the model says. */
async function compare(database: Database, world: World): Promise<void> {
  const roundups = await listRoundups(database.queries);
  assert.deepEqual(
    roundups.map(({ number: each, closedAt }) => [each, closedAt !== null]),
    world.roundups.map((each) => [each.number, each.closed]).reverse(),
  );
  for (const roundup of world.roundups) {
    const stored = await linesOf(database.queries, roundup.number);
    assert.deepEqual(
      stored.map(({ issue, carriedFrom, doneAt }) => [issue, carriedFrom, doneAt !== null]),
      [...roundup.lines]
        .map(([issue, { carriedFrom, done }]) => [nsi(issue), carriedFrom, done !== null] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
      `roundup ${roundup.number}`,
    );
    const view = await roundupView(database.queries, 'NixOS', roundup.number);
    const lines = [...roundup.lines.values()];
    assert.deepEqual(
      [view.lines, view.completed, view.remaining, view.carried],
      [
        lines.length,
        lines.filter(({ done }) => done !== null).length,
        lines.filter(({ done }) => done === null).length,
        lines.filter(({ carriedFrom }) => carriedFrom !== null).length,
      ],
    );
    assert.equal(view.sections.flatMap((section) => section.lines).length, lines.length);
  }
}

/** The law itself: what was ever due stands on the latest roundup, or was done on the last one that it was on. */
async function assertNothingLost(database: Database): Promise<void> {
  const { rows } = await database.pool.query<{ issue: string }>(`
    with latest as (select max(number) as number from roundup),
    last as (
      select distinct on (coalesce(issue.redirect, issue.id)) coalesce(issue.redirect, issue.id) as issue, line.roundup, line.done_at
      from roundup_line line join issue on issue.id = line.issue
      order by coalesce(issue.redirect, issue.id), line.roundup desc, (line.done_at is not null))
    select last.issue from last, latest where last.done_at is null and last.roundup < latest.number
      and not exists (select from roundup_line line where line.roundup = latest.number and line.issue = last.issue)`);
  assert.deepEqual(rows, [], 'lost');
}

test('whatever happens in whatever order, no line is lost, none is made up, and the numbers have no gap', async () => {
  await using database = await testDatabase();
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 12, maxLength: 40 }), async (commands) => {
      await database.pool.query(
        'delete from roundup_line; delete from roundup; delete from suggestion; delete from issue',
      );
      const world: World = { step: 0, today: 10, issues: [], roundups: [] };
      for (const each of commands) {
        await run(database, world, each);
        // The clock has to move on, as far as the program sees it.
        await sleep(2);
        if (each.kind === 'next') await assertNothingLost(database);
      }
      await run(database, world, { kind: 'next', days: 1, back: null });
      await assertNothingLost(database);
      await compare(database, world);
    }),
    { numRuns: 40 },
  );
});
