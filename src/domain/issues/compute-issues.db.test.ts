import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { type Database, verifyLog } from '#base/db';
import { sourceNamed, syncFiles } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';
import { computeIssues, watchProducts } from './compute-issues.ts';
import { mergeIssues } from './decide-links.ts';
import { issuesToMatch } from './issues-to-match.ts';
import { issuesChangedSince, issuesOfVulnerability } from './store.ts';

async function sync(database: Database, path: string, text: string): Promise<void> {
  const file = { path, open: () => Readable.from([Buffer.from(text)]) };
  const result = await syncFiles(database, sourceNamed('debian'), [file], { ours: true, accept: true });
  assert.equal(result.quarantined, 0);
}

const cve = (number: number) => `CVE-2017-${9000 + number}`;

/** Debian's list of advisories: for each package its vulnerabilities. */
async function announce(
  database: Database,
  packages: Readonly<Record<string, readonly number[]>>,
): Promise<void> {
  const entries = Object.entries(packages).map(
    ([name, numbers], at) =>
      `[1${at} Jun 2017] DSA-${3000 + name.length * 10 + (name.codePointAt(0) ?? 0)}-1 ${name} - security update\n\t{${numbers.map(cve).join(' ')}}\n\t[jessie] - ${name} 1.0-1\n`,
  );
  await sync(database, 'data/DSA/list', entries.reverse().join(''));
}

async function issueOf(database: Database, number: number): Promise<string> {
  const [issue] = await issuesOfVulnerability(database.queries, cve(number));
  assert.ok(issue);
  return issue.id;
}

async function changedSince(database: Database, seen: number) {
  return issuesChangedSince(database.queries, seen);
}

/** Every row of what is computed, with which transaction wrote it. */
async function rows(database: Database, written = true): Promise<string[]> {
  const tables = ['issue', 'issue_atom', 'issue_report', 'vulnerability', 'issue_number', 'event'];
  const all = await Promise.all(
    tables.map((table) =>
      database.pool.query<{ line: string }>(
        `select '${table} ' || ${written ? "xmin || ' ' ||" : ''} row_to_json(t)::text as line from ${table} t order by 1`,
      ),
    ),
  );
  return all.flatMap((each) => each.rows.map(({ line }) => line));
}

describe('computeIssues', () => {
  test('writes nothing where the outcome is the same, though something it depends on is new', async () => {
    await using database = await testDatabase();
    await announce(database, { frobd: [1, 2], quxd: [3] });
    assert.deepEqual(await computeIssues(database), { ran: true, issues: 2, opened: 2, merged: 0 });
    const before = await rows(database);
    assert.equal((await computeIssues(database)).ran, false);
    await watchProducts(database, ['somebody-elses']);
    assert.deepEqual(await computeIssues(database), { ran: true, issues: 2, opened: 0, merged: 0 });
    assert.deepEqual(await rows(database), before);
    await verifyLog(database.queries);
  });

  test('says which issues came out otherwise, or of which something new is said: those and no others', async () => {
    await using database = await testDatabase();
    await announce(database, { frobd: [1], quxd: [3] });
    await computeIssues(database);
    const first = await changedSince(database, 0);
    assert.equal(first.issues.length, 2);
    assert.deepEqual((await changedSince(database, first.computation)).issues, []);

    // It gains a vulnerability.
    await announce(database, { frobd: [1, 2], quxd: [3] });
    await computeIssues(database);
    const grown = await changedSince(database, first.computation);
    assert.deepEqual(grown.issues, [await issueOf(database, 1)]);

    // A record speaks of one: the issue itself is as it was.
    await sync(database, 'data/CVE/list', `${cve(3)} (quxd quxes)\n\t- quxd 3.0-1\n`);
    await computeIssues(database);
    const told = await changedSince(database, grown.computation);
    assert.deepEqual(told.issues, [await issueOf(database, 3)]);

    // Its report is taken back: it does not stand any more, and that is told too.
    const gone = await issueOf(database, 3);
    await announce(database, { frobd: [1, 2] });
    await computeIssues(database);
    assert.deepEqual((await changedSince(database, told.computation)).issues, [gone]);
  });

  test('a merge touches both, and the one that went into the other', async () => {
    await using database = await testDatabase();
    await announce(database, { frobd: [1], quxd: [3], third: [5] });
    await computeIssues(database);
    const { computation } = await changedSince(database, 0);
    const [a, b] = [await issueOf(database, 1), await issueOf(database, 3)];
    await mergeIssues(database, a, b, { author: 'ada', reason: 'one upload fixes both' });
    assert.deepEqual((await changedSince(database, computation)).issues, [a, b].sort());
  });

  test('dies as if it had never begun, and the next run comes to the same', async () => {
    await using whole = await testDatabase();
    await announce(whole, { frobd: [1, 2], quxd: [3] });
    await computeIssues(whole);

    await using database = await testDatabase();
    await announce(database, { frobd: [1, 2], quxd: [3] });
    const before = await rows(database);
    const steps: string[] = [];
    await computeIssues(whole, (step) => steps.push(step));
    const killed = new Error('killed');
    await assert.rejects(
      computeIssues(database, (step) => {
        if (step.startsWith('writing')) throw killed;
      }),
      killed,
    );
    assert.deepEqual(await rows(database), before);
    assert.deepEqual(steps, [], 'where nothing is new there is nothing to tell');
    assert.equal((await computeIssues(database)).opened, 2);
    const plain = (lines: readonly string[]) =>
      lines
        .filter((line) => /^issue(?:_atom|_number)? |^vulnerability /.test(line))
        // The moments at which we saw it, where no report says one.
        .map((line) => line.replace(/"(?:created_at|grown_at|state_since)":"[^"]*"/g, ''));
    assert.deepEqual(plain(await rows(database, false)), plain(await rows(whole, false)));
  });
});

describe('issuesToMatch', () => {
  test('each issue that stands, with its products and what is said of them alone, the same however it is stored', async () => {
    await using database = await testDatabase();
    const tracker = `${cve(1)} (frobd frobs)\n\t- frobd 2.0-1\n\t- quxd 9.0-1\n${cve(3)} (quxd quxes)\n\t- quxd 3.0-1\n`;
    await sync(database, 'data/CVE/list', tracker);
    await announce(database, { frobd: [1], quxd: [3] });
    await computeIssues(database);
    const [a, b] = [await issueOf(database, 1), await issueOf(database, 3)];
    const said = async (ids: string[]) =>
      (await issuesToMatch(database.queries, ids)).map(({ id, products }) => [
        id,
        ...products.map(({ product, vulnerabilities, affected }) => [
          product,
          vulnerabilities,
          [...new Set(affected.map(({ name, vulnerability }) => `${name} ${vulnerability}`))],
        ]),
      ]);
    const frobd = ['frobd', [cve(1)], [`frobd ${cve(1)}`]];
    const quxd = ['quxd', [cve(3)], [`quxd ${cve(3)}`]];
    assert.deepEqual(await said([b, a, 'NSI-1999-0001']), [
      [a, frobd],
      [b, quxd],
    ]);
    const kept = await mergeIssues(database, a, b, { author: 'ada', reason: 'one upload fixes both' });
    const merged = await said([a, b]);
    assert.deepEqual(
      merged.map(([id]) => id),
      [kept],
    );
    assert.deepEqual(new Set(merged[0]?.slice(1).map(String)), new Set([String(frobd), String(quxd)]));

    const facts = await issuesToMatch(database.queries, [kept]);
    await database.pool.query('create table moved as select * from report_affected order by random()');
    await database.pool.query('truncate report_affected');
    await database.pool.query('insert into report_affected select * from moved');
    assert.deepEqual(await issuesToMatch(database.queries, [kept]), facts);
  });
});
