import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Database, Queries } from '#base/db';
import { MusterError } from '#base/errors';
import { importRevision, parsePackageSet } from '#domain/channels';
import { editableIssue, editablePackage, editableStatus } from '#domain/issues';
import { openByChannel, rematch } from '#domain/matching';
import { submit } from '#domain/proposals';
import {
  closeRoundup,
  gateFigures,
  listRoundups,
  openGate,
  openRoundup,
  roundupView,
  tickLines,
} from '#domain/roundup';
import { sourceNamed, syncFiles } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';

const CHANNEL = 'nixos-16.09';
const ME = { actor: 'person:1' };
const KINDS = new Map([
  ['issue', editableIssue],
  ['package', editablePackage],
  ['status', editableStatus],
]);

/** The lines of a list, by issue. */
async function linesOf(queries: Queries, number: number) {
  const { sections } = await roundupView(queries, 'NixOS', number);
  return sections.flatMap(({ lines }) => lines).sort((a, b) => (a.issue < b.issue ? -1 : 1));
}

/** As many projects, each with an advisory, a package, and a line in the open weekly list. */
async function seed(database: Database, names: readonly string[]): Promise<void> {
  const list = names.map(
    (name, n) =>
      `[22 Feb 2017] DSA-${8000 + n}-1 ${name} - security update\n\t{CVE-2017-${80_000 + n}}\n\t[jessie] - ${name} 2.0-1\n`,
  );
  const file = { path: 'data/DSA/list', open: () => Readable.from([Buffer.from(list.join(''))]) };
  await syncFiles(database, sourceNamed('debian'), [file], { ours: true, accept: true });
  const packages = names.map((name) => [
    name,
    { name: `${name}-1.0`, pname: name, version: '1.0', system: 'x86_64-linux', meta: {} },
  ]);
  await importRevision(database, {
    channel: CHANNEL,
    commit: 'a'.repeat(40),
    committedAt: new Date('2017-02-20'),
    set: parsePackageSet(Buffer.from(JSON.stringify(Object.fromEntries(packages)))),
  });
  await rematch(database);
  await openRoundup(database, { at: new Date('2017-03-01'), since: new Date('2017-01-01'), ...ME });
}

test('a release gate lists what is open in its channel, beside the weekly list', async () => {
  await using database = await testDatabase();
  await seed(database, ['project0000', 'project0001', 'project0002', 'project0003']);
  const { queries } = database;
  const weekly = await linesOf(queries, 1);
  const hit = await openByChannel(queries, CHANNEL);
  const seen = [...new Set(hit.flatMap(({ issues }) => issues))].sort();
  assert.equal(seen.length, 4);
  const [fixed = '', known = ''] = seen;
  const set = async (issue: string, value: Record<string, string>) => {
    const name = `project000${seen.indexOf(issue)}`;
    const change = { kind: 'status', id: `${issue}/${name}/${CHANNEL}`, field: 'value', value, saw: 0 };
    const answer = await submit(
      database,
      { id: 'person:1', role: 'triager', account: 1 },
      { changes: [change] },
      { kinds: KINDS, rules: { secondOpinion: false } },
    );
    assert.equal(answer.outcome, 'accepted', JSON.stringify(answer));
  };
  await set(fixed, { status: 'fixed' });
  await set(known, { status: 'affected' });

  const gate = await openGate(database, CHANNEL, { ...ME, unknown: true });
  assert.deepEqual(
    (await linesOf(queries, gate.number)).map(({ issue }) => issue),
    seen.filter((issue) => issue !== fixed),
  );
  const again = await openGate(database, CHANNEL, ME);
  assert.deepEqual([again.number, again.fresh], [gate.number, false]);
  await assert.rejects(
    openGate(database, 'nixos-none', ME),
    (error) => error instanceof MusterError && error.code === 'NOT_FOUND',
  );
  const view = await roundupView(queries, 'NixOS', gate.number);
  assert.deepEqual([view.gate, view.previous, view.lines, view.carried], [CHANNEL, null, 3, 0]);
  assert.equal((await roundupView(queries, 'NixOS')).number, 1);

  // A tick on one is none on the other.
  await tickLines(database, [{ issue: known, remark: null }], {
    number: gate.number,
    by: 'ada',
    cause: 'test',
  });
  const done = async (number: number) =>
    (await linesOf(queries, number)).filter((line) => line.done).map(({ issue }) => issue);
  assert.deepEqual([await done(gate.number), await done(1)], [[known], []]);
  await tickLines(database, [{ issue: fixed, remark: null }], { number: 1, by: 'ada', cause: 'test' });
  assert.deepEqual(await done(gate.number), [known]);

  // Closing the week leaves the gate open, and the next week carries over from the week alone, under its next number.
  assert.equal((await closeRoundup(database, ME)).number, 1);
  assert.deepEqual(
    (await gateFigures(queries)).map(({ number, closedAt, lines, completed }) => [
      number,
      closedAt,
      lines,
      completed,
    ]),
    [[gate.number, null, 3, 1]],
  );
  const next = await openRoundup(database, ME);
  assert.deepEqual([next.number, next.carried], [2, weekly.length - 1]);
  assert.ok((await linesOf(queries, 2)).every(({ carriedFrom }) => carriedFrom === 1));

  // Closing the gate leaves the week open; the next gate begins anew, with what is open then.
  const closed = await closeRoundup(database, { ...ME, gate: CHANNEL });
  assert.deepEqual([closed.number, closed.completed, closed.remaining], [gate.number, 1, 2]);
  assert.deepEqual(
    (await listRoundups(queries)).map(({ number, closedAt }) => [number, closedAt === null]),
    [
      [2, true],
      [1, false],
    ],
  );
  await assert.rejects(
    closeRoundup(database, { ...ME, gate: CHANNEL }),
    /no release gate of nixos-16\.09 is open/,
  );
  const later = await openGate(database, CHANNEL, ME);
  assert.equal(later.number, gate.number + 1);
  assert.deepEqual(
    (await linesOf(queries, later.number)).map(({ issue, carriedFrom }) => [issue, carriedFrom]),
    // What nobody can say is only listed on request.
    [[known, null]],
  );
});
