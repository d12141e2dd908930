import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, eventsOf, verifyLog } from '#base/db';
import { MusterError } from '#base/errors';
import { testDatabase } from '../../../test/database.ts';
import { closeRoundup } from './close-roundup.ts';
import { importTicks } from './import-ticks.ts';
import { openRoundup } from './open-roundup.ts';
import { renderMarkdown } from './render-markdown.ts';
import { asList, roundupList } from './roundup-list.ts';
import { roundupView } from './roundup-view.ts';
import { linesOf, listRoundups } from './store.ts';
import { tickLines, untick } from './tick-lines.ts';
import { HOSTILE_PIECES } from './view-arbitrary.ts';

const DAY = 86_400_000;
const START = Date.parse('2017-06-01');
const day = (number: number) => new Date(START + number * DAY);
const nsi = (number: number) => `NSI-2017-${String(number).padStart(4, '0')}`;

/** An issue of that number that was published on that day, with something to look at. */
async function issue(database: Database, number: number, published: number, title = 'openssl: a flaw') {
  await database.pool.query(
    `insert into issue (id, year, number, product, title, opened, last_report) values ($1, 2017, $2, 'openssl', $3, $4, $4)`,
    [nsi(number), number, title, day(published)],
  );
  await suggestion(database, number);
  return nsi(number);
}

async function suggestion(database: Pick<Database, 'pool'>, number: number, verdict = 'unknown') {
  await database.pool.query(
    `insert into suggestion (issue, attr, pname, score, reasons, matcher_version, verdict, due_since)
     values ($1, 'openssl', 'openssl', 1, 0, 1, $2, case when $2 <> 'not_affected' then clock_timestamp() end)`,
    [nsi(number), verdict],
  );
}

/** One issue goes into another, or stands by itself again. */
async function lead(database: Database, from: number, to: number | null) {
  await database.pool.query('update issue set redirect = $2, grown_at = now() where id = $1', [
    nsi(from),
    to === null ? null : nsi(to),
  ]);
}

const actor = 'somebody';
const open = (database: Database, at: number, since?: number) =>
  openRoundup(database, { at: day(at), actor, ...(since !== undefined && { since: day(since) }) });
const close = (database: Database, at: number) => closeRoundup(database, { at: day(at), actor });
const tick = (database: Database, numbers: number[], by = 'fpletz', number?: number) =>
  tickLines(
    database,
    numbers.map((each) => ({ issue: nsi(each), remark: null })),
    { by, cause: 'ticked', number },
  );

/** "NSI-2017-0001 from 1 done by fpletz: remark", by issue. */
async function list(database: Database, roundup: number): Promise<string[]> {
  return (await linesOf(database.queries, roundup)).map(({ issue: id, carriedFrom, doneBy, remark }) =>
    [
      id.slice(-4),
      carriedFrom === null ? '' : `from ${carriedFrom}`,
      doneBy === null ? '' : `done by ${doneBy}`,
      remark ?? '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  );
}

const barred = (error: unknown) => error instanceof MusterError && error.code === 'TRANSITION_BARRED';
const missing = (error: unknown) => error instanceof MusterError && error.code === 'NOT_FOUND';

describe('openRoundup', () => {
  test('lists what was published since, as far as there is something to look at', async () => {
    await using database = await testDatabase();
    await issue(database, 1, 2);
    await issue(database, 2, 9);
    await issue(database, 3, 10);
    await issue(database, 4, 8);
    await database.pool.query(
      `update suggestion set verdict = 'not_affected', due_since = null where issue = $1`,
      [nsi(4)],
    );
    assert.deepEqual(await open(database, 10, 5), { number: 1, lines: 1, carried: 0 });
    assert.deepEqual(await list(database, 1), ['0002']);
    await close(database, 11);
    assert.deepEqual(await open(database, 12), { number: 2, lines: 2, carried: 1 });
    assert.deepEqual(await list(database, 2), ['0002, from 1', '0003']);
  });

  test('lists what came in since, whatever its date, and what the matcher found only now', async () => {
    await using database = await testDatabase();
    await database.pool.query(
      `insert into issue (id, year, number, product, title, opened, last_report) values ($1, 2017, 1, 'x', 'x', $2, $2)`,
      [nsi(1), day(9)],
    );
    await open(database, 10, 5);
    await close(database, 10);
    await issue(database, 2, -300);
    await suggestion(database, 1);
    await open(database, 17);
    assert.deepEqual(await list(database, 2), ['0001', '0002']);
  });

  test('a later one leaves no gap, however little it is told to look back', async () => {
    await using database = await testDatabase();
    await open(database, 10, 5);
    await issue(database, 1, 8);
    await database.pool.query(`update issue set created_at = '2017-01-01', grown_at = '2017-01-01'`);
    await database.pool.query(`update suggestion set due_since = '2017-01-01'`);
    await database.pool.query(`update issue set opened = $1, last_report = $1`, [day(11)]);
    await close(database, 10);
    await open(database, 17, 16);
    assert.deepEqual(await list(database, 2), ['0001']);
  });

  test('waits for what is being matched right now: it would be too old for the next one', async () => {
    await using database = await testDatabase();
    await issue(database, 1, 9);
    await database.pool.query('delete from suggestion');
    const matching = await database.pool.connect();
    await matching.query('begin');
    await matching.query('select * from matching_state for update');
    await sleep(5);
    let done = false;
    const opening = open(database, 10, 5).finally(() => {
      done = true;
    });
    await sleep(200);
    const early = done;
    await suggestion({ pool: matching as unknown as Database['pool'] }, 1);
    await matching.query('commit');
    matching.release();
    assert.equal(early, false);
    assert.equal((await opening).lines, 1);
  });

  test('of two at once one opens it and the other is told so', async () => {
    await using database = await testDatabase();
    await issue(database, 1, 9);
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => open(database, 10, 5)));
    const failures = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    assert.equal(failures.length, 3);
    for (const failure of failures) assert.ok(barred(failure), String(failure));
    assert.deepEqual(
      (await listRoundups(database.queries)).map(({ number }) => number),
      [1],
    );
    assert.deepEqual(await list(database, 1), ['0001']);
  });

  test('is barred while one is open, and before the day of the last one; the numbers have no gap', async () => {
    await using database = await testDatabase();
    await assert.rejects(close(database, 1), barred);
    await open(database, 10);
    await assert.rejects(open(database, 11), barred);
    await close(database, 9);
    await assert.rejects(close(database, 12), barred);
    await assert.rejects(open(database, 9), barred);
    assert.equal((await open(database, 10)).number, 2);
    const [second, first] = await listRoundups(database.queries);
    assert.deepEqual(
      [first?.closedAt, second?.closedAt],
      [first?.openedAt, null],
      'not closed before it was opened',
    );
  });

  test('takes what attackers are known to use since, though it was done, once', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2, 3]) await issue(database, number, number === 3 ? -900 : 9);
    const use = (number: number, when: string) =>
      database.pool.query(
        `insert into issue_exploitation (issue, known_since, known, entered_at, changed) values ($1, '2017-06-12', '{CVE-2017-0001}', ${when}, 1)`,
        [nsi(number)],
      );
    await open(database, 10, 5);
    await tick(database, [1, 2]);
    await sleep(5);
    await close(database, 11);
    await use(1, 'clock_timestamp()');
    await use(2, `timestamptz '2012-01-01'`);
    await use(3, 'clock_timestamp()');
    await open(database, 17);
    assert.deepEqual(await list(database, 2), ['0001', '0003']);
    await tick(database, [1, 3]);
    await close(database, 18);
    await open(database, 24);
    assert.deepEqual(await list(database, 3), []);
  });

  test('lists what attackers use before what is graver, and what is likely to be used before what is not', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2, 3, 4]) await issue(database, number, 9);
    await database.pool.query(
      `update issue set severity = case number when 1 then 'critical' else 'low' end`,
    );
    await database.pool.query(
      `insert into issue_exploitation (issue, known_since, known, entered_at, percentile, percentile_of, percentile_since, changed) values
       ($1, '2017-06-05', '{CVE-2017-0004}', '2017-06-05', null, null, null, 1),
       ($2, null, '{}', null, 97, 'CVE-2017-0003', '2017-06-08', 1)`,
      [nsi(4), nsi(3)],
    );
    await open(database, 10, 5);
    const view = await roundupView(database.queries, 'NixOS');
    assert.deepEqual(
      view.sections.flatMap(({ lines }) => lines.map(({ issue: id }) => id.slice(-1))),
      ['4', '1', '3', '2'],
    );
    const text = renderMarkdown(view);
    assert.match(text, /exploited: \*\*known exploited since 2017-06-05\*\* \(CISA\)\n/);
    assert.match(text, /exploited: likelier to be exploited than 97 of 100 \(EPSS, 2017-06-08\)\n/);
    const { read } = await roundupList(database, { team: 'NixOS', number: 1, today: '2017-06-11' });
    assert.deepEqual(read?.list, asList(view));
  });

  test('takes what was done and has grown since, and no more than that', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2, 3]) await issue(database, number, 9);
    await open(database, 10, 5);
    await tick(database, [1, 2]);
    await sleep(5);
    await database.pool.query('update issue set grown_at = now() where id = any($1)', [[nsi(1), nsi(3)]]);
    await close(database, 11);
    assert.deepEqual(await open(database, 17), { number: 2, lines: 2, carried: 1 });
    assert.deepEqual(await list(database, 2), ['0001', '0003, from 1']);
  });
});

describe('what is left over', () => {
  test('goes on with its remark and the number of the roundup that listed it first', async () => {
    await using database = await testDatabase();
    await issue(database, 1, 9);
    await open(database, 10, 5);
    await importTicks(database, ` - [ ] NSI-2017-0001 — waits for upstream`, { by: actor, cause: 'test' });
    for (const at of [11, 12]) {
      await close(database, at);
      await open(database, at);
    }
    assert.deepEqual(await list(database, 3), ['0001, from 1, waits for upstream']);
    const view = await roundupView(database.queries, 'NixOS');
    const asked = { team: 'NixOS', number: view.number, today: '2017-03-01' };
    const { read } = await roundupList(database, asked);
    assert.deepEqual(read?.list, asList(view));
    assert.deepEqual(
      [view.lines, view.remaining, view.completed, view.carried, view.previous],
      [1, 1, 0, 1, 2],
    );
  });

  test('goes on as the issue that it was merged into, and by itself when they come apart', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2, 3]) await issue(database, number, 9);
    await open(database, 10, 5);
    await tick(database, [3]);
    await lead(database, 2, 1);
    await lead(database, 3, 1);
    await close(database, 11);
    await open(database, 12);
    assert.deepEqual(await list(database, 2), ['0001, from 1']);
    await lead(database, 2, null);
    await close(database, 13);
    await open(database, 14);
    assert.deepEqual(await list(database, 3), ['0001, from 1', '0002, from 1']);
  });

  test('is not doubled when it was done under the id that it was merged into', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2]) await issue(database, number, 9);
    await open(database, 10, 5);
    await lead(database, 2, 1);
    await close(database, 11);
    await open(database, 12);
    await tick(database, [1]);
    await close(database, 13);
    assert.equal((await open(database, 14)).lines, 0);
  });

  test('comes back where a tick of long ago is taken back', async () => {
    await using database = await testDatabase();
    await issue(database, 1, 9);
    await open(database, 10, 5);
    await tick(database, [1]);
    await close(database, 11);
    await open(database, 12);
    await untick(database, nsi(1), { number: 1, by: 'globin' });
    await close(database, 13);
    await open(database, 14);
    assert.deepEqual(await list(database, 3), ['0001, from 1']);
  });
});

describe('tickLines', () => {
  test('two at once on two lines both win; on one line the first one stays', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2, 3]) await issue(database, number, 9);
    await open(database, 10, 5);
    const [one, two] = await Promise.all([
      tick(database, [1, 3], 'fpletz'),
      tick(database, [3, 2], 'globin'),
    ]);
    const lines = await linesOf(database.queries, 1);
    assert.deepEqual(
      lines.map(({ doneBy }) => doneBy),
      ['fpletz', 'globin', one?.ticked.includes(nsi(3)) ? 'fpletz' : 'globin'],
    );
    assert.deepEqual([...(one?.already ?? []), ...(two?.already ?? [])], [nsi(3)]);
    assert.equal((one?.ticked.length ?? 0) + (two?.ticked.length ?? 0), 3);
  });

  test('many at once, each in an order of its own: nobody waits in a circle, nothing is lost', async () => {
    await using database = await testDatabase();
    const numbers = Array.from({ length: 12 }, (_, at) => at + 1);
    for (const number of numbers) await issue(database, number, 9);
    await open(database, 10, 5);
    await lead(database, 12, 1);
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, person) => {
        const own = [...numbers.slice(person), ...numbers.slice(0, person)];
        return tick(database, person % 2 === 0 ? own : own.reverse(), `person${person}`);
      }),
    );
    assert.equal(results.flatMap(({ ticked }) => ticked).length, 12);
    assert.equal(results.flatMap(({ already }) => already).length, 7 * 12);
    const log = await eventsOf(database.queries, 'roundup', '1');
    assert.equal(log.filter(({ type }) => type === 'roundup.line.ticked').length, 12);
    assert.equal((await verifyLog(database.queries)).entries, 13);
  });

  test('at the moment when the next one opens, a tick counts there or is not carried over', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2, 3, 4]) await issue(database, number, 9);
    await open(database, 10, 5);
    await close(database, 11);
    await Promise.all([
      ...[1, 2].map((number) => tick(database, [number], 'fpletz', 1)),
      open(database, 12),
      ...[3, 4].map((number) => tick(database, [number], 'fpletz', 1)),
    ]);
    for (const line of await list(database, 2)) assert.match(line, /done by fpletz/);
    assert.equal((await list(database, 1)).filter((line) => line.includes('done by fpletz')).length, 4);
  });

  test('one that comes late counts where the line was carried over to, but not where it came up anew', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2]) await issue(database, number, 9);
    await open(database, 10, 5);
    await tick(database, [2]);
    await close(database, 11);
    await sleep(5);
    await database.pool.query('update issue set grown_at = now() where id = $1', [nsi(2)]);
    await open(database, 12);
    assert.deepEqual(await list(database, 2), ['0001, from 1', '0002']);
    const late = await tick(database, [1, 2], 'globin', 1);
    assert.deepEqual([late.ticked, late.already], [[nsi(1)], [nsi(2)]]);
    assert.deepEqual(await list(database, 2), ['0001, from 1, done by globin', '0002']);
  });

  test('takes either id of what was merged, and says which ones it does not know', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2, 3, 4]) await issue(database, number, 9);
    await database.pool.query('delete from suggestion where issue = any($1)', [[nsi(2), nsi(3), nsi(4)]]);
    await open(database, 10, 5);
    await lead(database, 2, 1);
    const result = await tick(database, [2, 3, 99]);
    assert.deepEqual([result.ticked, result.unknown], [[nsi(2)], [nsi(3), nsi(99)]]);
    assert.deepEqual(await list(database, 1), ['0001, done by fpletz']);
    await untick(database, nsi(1), { by: actor });
    await lead(database, 2, null);
    await lead(database, 1, 4);
    assert.deepEqual((await tick(database, [4])).ticked, [nsi(4)], 'what the line was merged into');
    await assert.rejects(untick(database, nsi(3), { by: actor }), missing);
    await assert.rejects(tick(database, [1], actor, 7), missing);
  });

  test('an undo opens the line again, twice is once, and the history has it all', async () => {
    await using database = await testDatabase();
    await issue(database, 1, 9);
    await assert.rejects(untick(database, nsi(1), { by: actor }), missing);
    await open(database, 10, 5);
    await tick(database, [1], 'fpletz');
    await untick(database, nsi(1), { by: 'globin' });
    await untick(database, nsi(1), { by: 'globin' });
    assert.deepEqual(await list(database, 1), ['0001']);
    await tick(database, [1], 'vcunat');
    const log = await eventsOf(database.queries, 'roundup', '1');
    assert.deepEqual(
      log.map(({ type, actor: by }) => `${type} ${by}`),
      [
        'roundup.opened somebody',
        'roundup.line.ticked fpletz',
        'roundup.line.unticked globin',
        'roundup.line.ticked vcunat',
      ],
    );
  });
});

describe('importTicks', () => {
  test('a list that nobody edited changes nothing, hostile as its texts may be', async () => {
    await using database = await testDatabase();
    const texts = HOSTILE_PIECES.map((piece) => piece.replace(/[\0\p{Cs}]/gu, ''));
    for (const [at, text] of texts.entries()) await issue(database, at + 1, 9, `openssl: ${text} end`);
    await open(database, 10, 5);
    await tickLines(
      database,
      texts.map((text, at) => ({ issue: nsi(at + 1), remark: text })).filter((_, at) => at % 2 === 0),
      { by: '[x](y)', cause: 'test' },
    );
    const before = await linesOf(database.queries, 1);
    const text = renderMarkdown(await roundupView(database.queries, 'NixOS'));
    const result = await importTicks(database, text, { by: 'other', cause: 'test' });
    assert.deepEqual([result.ticked, result.unknown, result.remarked, result.problems], [[], [], [], []]);
    assert.deepEqual(await linesOf(database.queries, 1), before);
  });

  test('keeps what people say behind a line, ticked or not, and what others said meanwhile', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2, 3]) await issue(database, number, 9);
    await open(database, 10, 5);
    const text = renderMarkdown(await roundupView(database.queries, 'NixOS'));
    const edited = text
      .split('\n')
      .map((line) => (line.includes('#NSI-2017-0001') ? `${line} hit in 16.09, see #22000` : line))
      .map((line) =>
        line.includes('#NSI-2017-0002') ? `${line.replace('[ ]', '[x]')} — not packaged` : line,
      )
      .join('\n');
    await tickLines(database, [{ issue: nsi(2), remark: 'does not build' }], {
      by: 'fpletz',
      cause: 'ticked',
    });
    const result = await importTicks(database, edited, { by: 'globin', cause: 'imported' });
    assert.deepEqual([result.ticked, result.already, result.remarked], [[], [nsi(2)], [nsi(1), nsi(2)]]);
    const expected = [
      '0001, hit in 16.09, see #22000',
      '0002, done by fpletz, does not build · not packaged',
      '0003',
    ];
    assert.deepEqual(await list(database, 1), expected);
    assert.deepEqual((await importTicks(database, edited, { by: 'globin', cause: 'again' })).remarked, []);
    assert.deepEqual(await list(database, 1), expected);
    const log = await eventsOf(database.queries, 'roundup', '1');
    const { was, ...told } = log.at(-1)?.payload ?? {};
    assert.deepEqual(told, {
      ...{ kind: 'roundup_line', id: `1/${nsi(2)}`, field: 'remark', proposal: null },
      value: 'does not build · not packaged',
    });
    // No entry holds what another one said: it names that one.
    assert.equal(log.find(({ id }) => id === was)?.payload?.value, 'does not build');
  });

  test('belongs to the roundup that its heading names, else to the latest, else to the one that is asked for', async () => {
    await using database = await testDatabase();
    for (const number of [1, 2]) await issue(database, number, 9);
    await open(database, 10, 5);
    const old = renderMarkdown(await roundupView(database.queries, 'NixOS')).replaceAll('[ ]', '[x]');
    await close(database, 11);
    await open(database, 12);
    const by = { by: 'fpletz', cause: 'test' };
    assert.equal((await importTicks(database, '', by)).roundup, 2);
    assert.equal((await importTicks(database, old, by)).roundup, 1);
    assert.equal((await importTicks(database, old, { ...by, number: 2 })).roundup, 2);
    await assert.rejects(importTicks(database, '# Vulnerability Roundup 99\n', by), missing);
    assert.deepEqual(await list(database, 2), [
      '0001, from 1, done by fpletz',
      '0002, from 1, done by fpletz',
    ]);
  });
});
