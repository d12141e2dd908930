import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Database, together } from '#base/db';
import { createIssue, issuesOfVulnerability, mergeIssues } from '#domain/issues';
import { undo } from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { ADA, OPTIONS } from '../../../test/people.ts';
import { announce, release, type SampleAdvisory, tellFixes } from '../../../test/sample-world.ts';
import { nextSuggestions } from './next-suggestions.ts';
import { rematch } from './rematch.ts';
import {
  cellsOfIssues,
  countSuggestions,
  hitsOfIssues,
  hitsOfPackage,
  issueCells,
  issuesSuggestedSince,
  issuesWithSuggestion,
  openByChannel,
} from './store.ts';
import { matchingState, namesAsked } from './store-state.ts';
import { writeResults } from './write-results.ts';

const FROB = 'CVE-2017-9001';
const QUX = 'CVE-2017-9002';

/** What lists show is what can be read in full. */
async function hasCells(database: Database, issues: string[]): Promise<void> {
  const { marks } = await together({ marks: issueCells.marks('$1::text[]') })(database.pool, [issues]);
  const cells = await issueCells.read(database.pool, marks);
  assert.equal(cells.size, issues.length);
  assert.deepEqual(cells, await cellsOfIssues(database.queries, issues));
}

const dsa = (number: number, name: string, ...vulnerabilities: string[]): SampleAdvisory => ({
  number,
  package: name,
  vulnerabilities,
});

/** frobd is fixed in 2.0 and quxd in 3.0; a channel has the releases before. */
async function smallWorld(database: Database): Promise<void> {
  await announce(database, [dsa(3001, 'frobd', FROB), dsa(3002, 'quxd', QUX)]);
  await tellFixes(database, [
    [FROB, 'frobd', '2.0'],
    [QUX, 'quxd', '3.0'],
  ]);
  await release(database, 'nixos-17.03', 1, { frobd: '1.9', quxd: '2.9', other: '1' });
}

async function issueOf(database: Database, vulnerability: string): Promise<string> {
  const [issue] = await issuesOfVulnerability(database.queries, vulnerability);
  assert.ok(issue, vulnerability);
  return issue.id;
}

/** Everything that is stored of the matching, as text; with `when`, the times of each row too. */
async function stored(database: Database, { when = false, stale = true } = {}): Promise<string[]> {
  const times = when
    ? `, 'created', s.created_at, 'updated', s.updated_at, 'due', s.due_since, 'id', s.id`
    : '';
  const { rows } = await database.pool.query<{ line: string }>(`
    select json_build_object('issue', s.issue, 'attr', s.attr, 'score', s.score, 'verdict', s.verdict, 'state', s.state,
      'kept', s.kept, 'version', s.matcher_version, 'hits',
      (select json_agg(json_build_array(c.channel, c.version, c.verdict) order by c.channel) from suggestion_channel c where c.suggestion = s.id)
      ${times})::text as line
    from suggestion s ${stale ? '' : `where s.state = 'open'`}
    union all select json_build_array('channel', issue, channel, verdict)::text from issue_channel
    union all select json_build_array('evidence', issue, evidence)::text from issue_evidence where evidence::text not like '%"verdicts":[]%'
    order by 1`);
  return rows.map(({ line }) => line);
}

const matched = async (database: Database) => {
  const { ran, issues, fresh } = await rematch(database);
  return { ran, issues, fresh };
};

const short = (hits: Awaited<ReturnType<typeof hitsOfIssues>>) =>
  hits.map(({ attr, channel, version, verdict }) => `${attr} ${channel} ${version} ${verdict}`);

describe('rematch', () => {
  test('finds the packages with verdict and evidence; a second run does nothing and writes nothing', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    await release(database, 'nixos-unstable', 2, { frobd: '2.0', quxd: '2.9' });
    assert.deepEqual(await matched(database), { ran: true, issues: 2, fresh: 2 });

    const frob = await issueOf(database, FROB);
    const hits = await hitsOfIssues(database.queries, [frob]);
    assert.deepEqual(short(hits), [
      'frobd nixos-17.03 1.9 affected',
      'frobd nixos-unstable 2.0 not_affected',
    ]);
    assert.match(hits[0]?.evidence[0]?.why ?? '', /debian: 1\.9 < 2\.0/);
    assert.equal(hits[0]?.evidence[0]?.vulnerability, FROB);
    assert.equal(hits[0]?.reasons[0]?.part, 'name');
    assert.deepEqual(await hitsOfPackage(database.queries, 'frobd', [frob]), hits);
    assert.deepEqual(await countSuggestions(database.queries), { toLookAt: 2, all: 2 });
    assert.deepEqual(await openByChannel(database.queries, 'nixos-unstable'), [
      { channel: 'nixos-unstable', verdict: 'affected', issues: [await issueOf(database, QUX)] },
    ]);

    const before = await stored(database, { when: true });
    assert.deepEqual(await matched(database), { ran: false, issues: 0, fresh: 0 });
    assert.deepEqual(await stored(database, { when: true }), before);
  });

  test('matches only issues of which something new is said', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    await rematch(database);
    const other = (await stored(database, { when: true })).filter((line) => line.includes('frobd'));
    // The tracker has learnt that quxd 2.5 was fixed already.
    await tellFixes(database, [
      [FROB, 'frobd', '2.0'],
      [QUX, 'quxd', '2.5'],
    ]);
    assert.deepEqual(await matched(database), { ran: true, issues: 1, fresh: 0 });
    const [hit] = await hitsOfIssues(database.queries, [await issueOf(database, QUX)]);
    assert.equal(hit?.verdict, 'not_affected');
    assert.deepEqual(
      (await stored(database, { when: true })).filter((line) => line.includes('frobd')),
      other,
    );
    assert.deepEqual(await openByChannel(database.queries, 'nixos-17.03'), [
      { channel: 'nixos-17.03', verdict: 'affected', issues: [await issueOf(database, FROB)] },
    ]);
  });

  test('matches only issues that look for packages which changed', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    await rematch(database);
    await release(database, 'nixos-17.03', 2, { frobd: '2.0', quxd: '2.9', other: '2' });
    assert.deepEqual(await matched(database), { ran: true, issues: 1, fresh: 0 });
    const frob = await issueOf(database, FROB);
    assert.deepEqual(short(await hitsOfIssues(database.queries, [frob])), [
      'frobd nixos-17.03 2.0 not_affected',
    ]);
    assert.deepEqual(await issuesWithSuggestion(database.queries, [frob]), new Set());
    // What nobody looks for changes nothing.
    await release(database, 'nixos-17.03', 3, { frobd: '2.0', quxd: '2.9', other: '3' });
    assert.deepEqual(await matched(database), { ran: false, issues: 0, fresh: 0 });
    // A new channel concerns those whose packages it has.
    await release(database, 'nixos-16.09', 1, { quxd: '2.8' });
    assert.deepEqual(await matched(database), { ran: true, issues: 1, fresh: 0 });
    const qux = await hitsOfIssues(database.queries, [await issueOf(database, QUX)]);
    assert.deepEqual(short(qux), ['quxd nixos-16.09 2.8 affected', 'quxd nixos-17.03 2.9 affected']);
    await hasCells(database, [frob, await issueOf(database, QUX)]);
  });

  test('a revision that is imported again with its patches is matched again', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    await rematch(database);
    const versions = { frobd: '1.9', quxd: '2.9', other: '1' };
    await release(database, 'nixos-17.03', 1, versions, { frobd: [`${FROB}.patch`] });
    assert.equal((await matched(database)).ran, true);
    const [hit] = await hitsOfIssues(database.queries, [await issueOf(database, FROB)]);
    assert.deepEqual([hit?.verdict, hit?.patched], ['not_affected', [FROB]]);
  });

  test('a run that is cut off goes on where it was, and comes to the same', async () => {
    const advisories = Array.from({ length: 620 }, (_, at) =>
      dsa(4000 + at, `pkg${at}d`, `CVE-2017-${20000 + at}`),
    );
    const versions = Object.fromEntries(advisories.map((one) => [one.package, '1.0']));
    const world = async (database: Database) => {
      await announce(database, advisories);
      await release(database, 'nixos-17.03', 1, versions);
    };
    await using whole = await testDatabase();
    await world(whole);
    assert.deepEqual(await matched(whole), { ran: true, issues: 620, fresh: 620 });

    await using database = await testDatabase();
    await world(database);
    const killed = new Error('killed');
    await assert.rejects(
      rematch(database, (done) => {
        if (done > 0) throw killed;
      }),
      killed,
    );
    const { all } = await countSuggestions(database.queries);
    assert.ok(all > 0 && all < 620, `${all} of 620 were stored`);
    assert.deepEqual(await matched(database), { ran: true, issues: 620 - all, fresh: 620 - all });
    assert.deepEqual(await stored(database), await stored(whole));
    assert.deepEqual(await matched(database), { ran: false, issues: 0, fresh: 0 });
  });

  test('what was matched is settled, also where the run was cut off behind its last slice', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    const killed = new Error('killed');
    await assert.rejects(
      rematch(database, (done) => {
        if (done > 0) throw killed;
      }),
      killed,
    );
    const waiting = async () =>
      (await nextSuggestions(database.queries, { account: null })).map(({ attr }) => attr);
    assert.deepEqual(await waiting(), []);
    assert.deepEqual(await matched(database), { ran: false, issues: 0, fresh: 0 });
    assert.deepEqual((await waiting()).sort(), ['frobd', 'quxd']);
  });

  test('an issue that people opened is matched, and again once it was taken back and stands again', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    await rematch(database);
    const draft = { product: 'frobd', title: 'frobd: keys are readable by everybody' };
    const { answer, issue } = await createIssue(database, ADA, draft, { ...OPTIONS, key: 'request-1' });
    assert.deepEqual(await matched(database), { ran: true, issues: 1, fresh: 1 });
    const proposed = async () =>
      (await nextSuggestions(database.queries, { account: null, limit: 50 }))
        .filter((each) => each.issue === issue)
        .map(({ attr, score, reasons, verdict }) => ({
          attr,
          score,
          why: reasons.map(({ why }) => why),
          verdict,
        }));
    const frobd = {
      attr: 'frobd',
      score: 0.65,
      why: ['is called frobd like the product', 'whoever opened the issue calls it frobd'],
      verdict: 'unknown',
    };
    assert.deepEqual(await proposed(), [frobd]);
    const asked = async () =>
      (await namesAsked(database.queries)).find((each) => each.issue === issue)?.names;
    assert.deepEqual(await asked(), ['frobd']);
    const made = answer.outcome === 'accepted' ? (answer.made[0]?.version ?? 0) : 0;
    const taken = await undo(database, ADA, made, OPTIONS);
    assert.deepEqual(await matched(database), { ran: true, issues: 1, fresh: 0 });
    assert.deepEqual(await asked(), []);
    assert.deepEqual(await proposed(), []);
    const back = taken.outcome === 'accepted' ? (taken.made[0]?.version ?? 0) : 0;
    await undo(database, ADA, back, OPTIONS);
    assert.deepEqual(await matched(database), { ran: true, issues: 1, fresh: 0 });
    assert.deepEqual(await asked(), ['frobd']);
    assert.deepEqual(await proposed(), [frobd]);
  });

  test('what is not found any more stays, with what was known of it, and stands again when it comes back', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    await rematch(database);
    const frob = await issueOf(database, FROB);
    const [hit] = await hitsOfIssues(database.queries, [frob]);
    const before = (await stored(database)).find((line) => line.includes('frobd') && line.includes('score'));

    await release(database, 'nixos-17.03', 2, { quxd: '2.9' });
    assert.equal((await matched(database)).issues, 1);
    assert.deepEqual(await hitsOfIssues(database.queries, [frob]), []);
    await hasCells(database, [frob]);
    const { rows } = await database.pool.query('select id, state, kept from suggestion where issue = $1', [
      frob,
    ]);
    assert.ok(hit);
    const { reasons, channel, version, verdict, evidence, patched } = hit;
    assert.deepEqual(rows, [
      {
        id: hit.suggestion,
        state: 'stale',
        kept: { reasons, channels: [{ channel, version, verdict, evidence, patched }] },
      },
    ]);
    assert.deepEqual(await countSuggestions(database.queries), { toLookAt: 1, all: 1 });

    await release(database, 'nixos-17.03', 3, { frobd: '1.9', quxd: '2.9' });
    assert.deepEqual(await matched(database), { ran: true, issues: 1, fresh: 0 });
    assert.deepEqual(await hitsOfIssues(database.queries, [frob]), [hit]);
    assert.equal(
      (await stored(database)).find((line) => line.includes('frobd') && line.includes('score')),
      before,
    );
  });

  test('what a person decided holds through every rematch: the merged issue is proposed, its old ids keep theirs', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    await rematch(database);
    const [frob, qux] = [await issueOf(database, FROB), await issueOf(database, QUX)];
    const kept = await mergeIssues(database, frob, qux, { author: 'ada', reason: 'one upload fixes both' });
    const gone = kept === frob ? qux : frob;
    for (const matcher of [null, 0]) {
      if (matcher !== null)
        await database.pool.query('update matching_state set matcher_version = $1', [matcher]);
      assert.equal((await rematch(database)).ran, true);
      assert.deepEqual((await hitsOfIssues(database.queries, [kept])).map(({ attr }) => attr).sort(), [
        'frobd',
        'quxd',
      ]);
      assert.deepEqual(await issuesWithSuggestion(database.queries, [kept, gone]), new Set([kept]));
      // Each package is held against the flaws of its own product only.
      for (const { attr, evidence } of await hitsOfIssues(database.queries, [kept]))
        assert.deepEqual(
          evidence.map(({ vulnerability }) => vulnerability),
          [attr === 'frobd' ? FROB : QUX],
        );
      const { rows } = await database.pool.query<{ state: string; kept: unknown }>(
        'select state, kept from suggestion where issue = $1',
        [gone],
      );
      assert.deepEqual(
        rows.map(({ state, kept: known }) => [state, known !== null]),
        [['stale', true]],
      );
    }
  });

  test('another version of the matcher that comes to the same writes nothing', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    await rematch(database);
    const before = await stored(database, { when: true });
    await database.pool.query('update matching_state set matcher_version = 0');
    assert.deepEqual(await matched(database), { ran: true, issues: 2, fresh: 0 });
    assert.deepEqual(await stored(database, { when: true }), before);
  });

  test('what looked safe and does not any more is found since then, as new things are', async () => {
    await using database = await testDatabase();
    await announce(database, [dsa(3001, 'frobd', FROB)]);
    await tellFixes(database, [[FROB, 'frobd', '1.5']]);
    await release(database, 'nixos-17.03', 1, { frobd: '1.9' });
    await rematch(database);
    const { rows } = await database.pool.query<{ now: Date }>('select clock_timestamp() as now');
    const now = rows[0]?.now ?? assert.fail();
    const frob = await issueOf(database, FROB);
    assert.deepEqual(await issuesWithSuggestion(database.queries, [frob]), new Set());
    await tellFixes(database, [[FROB, 'frobd', '2.0']]);
    await rematch(database);
    assert.deepEqual(await issuesSuggestedSince(database.queries, now), [frob]);
    assert.deepEqual(await issuesWithSuggestion(database.queries, [frob]), new Set([frob]));
    assert.deepEqual(await issuesSuggestedSince(database.queries, new Date(now.getTime() + 3_600_000)), []);
  });
});

describe('writeResults', () => {
  test('writes nothing over what somebody else has seen since: the issues stay due', async () => {
    await using database = await testDatabase();
    await smallWorld(database);
    await rematch(database);
    const before = await stored(database, { when: true });
    const { run } = await matchingState(database.queries);
    await database.pool.query('update matching_state set run = run + 1');
    await database.pool.query('update matched_issue set due = true');
    const ids = [await issueOf(database, FROB)];
    const slice = { run, ids, results: [], channels: ['nixos-17.03'], version: 1 };
    assert.equal(await writeResults(database, slice), null);
    assert.deepEqual(await stored(database, { when: true }), before);
    assert.deepEqual(await matched(database), { ran: true, issues: 2, fresh: 0 });
    assert.deepEqual(await stored(database, { when: true }), before);
  });
});
