import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import type { Database } from '#base/db';
import { computeIssues, watchProducts } from '#domain/issues';
import { filesOfFolder, SOURCES, syncFiles } from '#domain/sources';
import { testDatabase } from './database.ts';

const SAMPLE = resolve(import.meta.dirname, '../demo/sample/reports');
/** Those of which the sample holds anything. */
const ALL = SOURCES.map(({ id }) => id).filter((id) => existsSync(join(SAMPLE, id)));
/** Forward, backward, and three that put each of the big ones first, in the middle and last. */
const ORDERS = [
  ALL,
  [...ALL].reverse(),
  ['nvd', 'ubuntu', 'debian', 'redhat', 'gentoo', 'cve'],
  ['gentoo', 'nvd', 'redhat', 'debian', 'cve', 'ubuntu'],
  ['cve', 'debian', 'gentoo', 'ubuntu', 'nvd', 'redhat'],
];

async function syncSample(database: Database, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const source = SOURCES.find((each) => each.id === id);
    assert.ok(source);
    await syncFiles(database, source, await filesOfFolder(join(SAMPLE, id)), { ours: true });
  }
}

/** Every atom with the id of its issue, and every report with what it belongs to. */
async function partition(
  database: Database,
): Promise<{ atoms: string[]; members: string[]; titles: string[] }> {
  const { rows: atoms } = await database.pool.query<{ line: string }>(
    `select product || ' ' || vulnerability || ' ' || issue as line from issue_atom order by (product || vulnerability) collate "C"`,
  );
  const { rows: members } = await database.pool.query<{ line: string }>(
    `select issue || ' ' || source || ' ' || key || ' ' || coverage || ' ' || (why - 'x')::text as line
     from issue_report join report on report.id = report order by (issue || source || key) collate "C"`,
  );
  const { rows: titles } = await database.pool.query<{ line: string }>(
    `select id || ' ' || title || ' ' || coalesce(severity, '') as line from issue where redirect is null order by id collate "C"`,
  );
  return {
    atoms: atoms.map(({ line }) => line),
    members: members.map(({ line }) => line),
    titles: titles.map(({ line }) => line),
  };
}

describe('issues are a function of the stored reports', () => {
  test('the same reports, sources synced in five orders: the same partition, ids, reasons and titles', async () => {
    const outcomes = [];
    for (const order of ORDERS) {
      await using database = await testDatabase();
      await syncSample(database, order);
      await watchProducts(database, ['openssl', 'vim', 'linux', 'gstreamer']);
      await computeIssues(database);
      outcomes.push(await partition(database));
    }
    const [first, ...others] = outcomes;
    assert.ok(ALL.length >= 6, ALL.join());
    assert.ok((first?.atoms.length ?? 0) > 500, 'there is something to compare');
    for (const other of others) assert.deepEqual(other, first);
  });

  test('a source that comes a year late gives the same partition, and no id that was seen moves to other atoms', async () => {
    await using late = await testDatabase();
    await syncSample(
      late,
      ALL.filter((id) => id !== 'ubuntu'),
    );
    await computeIssues(late);
    const before = new Map(
      (await partition(late)).atoms
        .map((line) => line.split(' '))
        .map(([product, id, issue]) => [`${product} ${id}`, issue]),
    );
    await syncSample(late, ['ubuntu']);
    await computeIssues(late);
    const after = (await partition(late)).atoms.map((line) => line.split(' '));

    await using whole = await testDatabase();
    await syncSample(whole, ALL);
    await computeIssues(whole);
    const groups = (lines: string[][]) => {
      const byIssue = new Map<string, string[]>();
      for (const [product, id, issue = ''] of lines)
        byIssue.set(issue, [...(byIssue.get(issue) ?? []), `${product} ${id}`]);
      return [...byIssue.values()].map((atoms) => atoms.sort().join('\n')).sort();
    };
    assert.deepEqual(groups(after), groups((await partition(whole)).atoms.map((line) => line.split(' '))));

    // An id that still stands holds at least one of the atoms that it held; one that does not leads on.
    const { rows } = await late.pool.query<{ id: string; redirect: string | null }>(
      'select id, redirect from issue',
    );
    const redirects = new Map(rows.map(({ id, redirect }) => [id, redirect]));
    const now = new Map(after.map(([product, id, issue]) => [`${product} ${id}`, issue]));
    for (const id of new Set(before.values())) {
      if (id === undefined || redirects.get(id) !== null) continue;
      const held = [...before].filter(([, issue]) => issue === id).map(([atom]) => atom);
      assert.ok(
        held.some((atom) => now.get(atom) === id),
        `${id} holds none of what it held`,
      );
    }
  });

  test('computing again changes nothing', async () => {
    await using database = await testDatabase();
    await syncSample(database, ['debian', 'gentoo']);
    await computeIssues(database);
    const first = await partition(database);
    await database.pool.query('update grouping_state set reports_changed = 0, grouping_version = 0');
    const again = await computeIssues(database);
    assert.deepEqual([again.ran, again.opened, again.merged], [true, 0, 0]);
    assert.deepEqual(await partition(database), first);
  });
});
