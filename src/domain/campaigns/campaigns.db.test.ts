import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { eventsOf, together, verifyLog } from '#base/db';
import { acceptProposal, listProposals, submit, undo } from '#domain/proposals';
import { ADA, BEN, CLEO, DORA, made, OPTIONS, withPeople } from '../../../test/people.ts';
import {
  allCampaigns,
  campaignNamed,
  countWaitingRegroupings,
  followRegrouping,
  issueStoriesReading,
  refreshCampaigns,
  refreshRegroupings,
  regroupingsThat,
} from './index.ts';

const AT = new Date('2017-07-01T12:00:00Z');
const ask = together({ stories: issueStoriesReading });

/** Two issues of Stack Clash, two that share a vulnerability, as a computation would leave them. */
async function withStories() {
  const database = await withPeople();
  await sql`delete from issue_atom`.execute(database.queries);
  await sql`insert into issue_atom (product, vulnerability, issue) values
    ('linux', 'CVE-2017-1000364', 'NSI-2017-0001'), ('glibc', 'CVE-2017-1000366', 'NSI-2017-0002'),
    ('firefox', 'CVE-2017-5470', 'NSI-2017-0003'), ('thunderbird', 'CVE-2017-5470', 'NSI-2017-0004')`.execute(
    database.queries,
  );
  await sql`update grouping_state set computation = 7`.execute(database.queries);
  return database;
}

const part = (campaign: string, issue: string, value: 'in' | 'out' | null, saw = 0) => ({
  kind: 'campaign_issue',
  id: `${campaign}/${issue}`,
  field: 'value',
  value,
  saw,
});

describe('campaigns', () => {
  test('are derived once for each computation, and shown on each issue', async () => {
    await using database = await withStories();
    assert.deepEqual(await refreshCampaigns(database), { ran: true, campaigns: 2 });
    assert.deepEqual(await refreshCampaigns(database), { ran: false, campaigns: 0 });
    const all = await allCampaigns(database.queries, { limit: 10 });
    assert.deepEqual(
      all.map(({ campaign: { name, kind, title }, issues }) => [name, kind, title, issues.length]),
      [
        ['stack-clash', 'nickname', 'Stack Clash', 2],
        ['cve-2017-5470', 'vulnerability', 'CVE-2017-5470', 2],
      ],
    );
    const { stories } = await ask(database.pool, ['NSI-2017-0001']);
    assert.deepEqual(stories, {
      campaigns: [{ name: 'stack-clash', title: 'Stack Clash', kind: 'nickname' }],
      regroupings: 0,
    });
  });

  test('people add issues, take them out and take that back; a contributor proposes', async () => {
    await using database = await withStories();
    await refreshCampaigns(database);
    const belonging = async () =>
      (await campaignNamed(database.queries, 'stack-clash'))?.parts
        .filter(({ belongs }) => belongs)
        .map(({ issue }) => issue);
    const proposed = await submit(
      database,
      CLEO,
      { changes: [part('stack-clash', 'NSI-2017-0003', 'in')] },
      OPTIONS,
    );
    assert.equal(proposed.outcome, 'proposed');
    assert.deepEqual(await belonging(), ['NSI-2017-0001', 'NSI-2017-0002']);
    const [added] = await made(
      submit(database, ADA, { changes: [part('stack-clash', 'NSI-2017-0003', 'in')] }, OPTIONS),
    );
    await made(submit(database, ADA, { changes: [part('stack-clash', 'NSI-2017-0001', 'out')] }, OPTIONS));
    assert.deepEqual(await belonging(), ['NSI-2017-0002', 'NSI-2017-0003']);
    // What is derived anew leaves people's words alone.
    await sql`update grouping_state set computation = 8`.execute(database.queries);
    await refreshCampaigns(database);
    assert.deepEqual(await belonging(), ['NSI-2017-0002', 'NSI-2017-0003']);
    await undo(database, ADA, added?.version ?? 0, OPTIONS);
    assert.deepEqual(await belonging(), ['NSI-2017-0002']);
  });

  test('what people said of an issue goes with it into another', async () => {
    await using database = await withStories();
    await refreshCampaigns(database);
    await made(submit(database, ADA, { changes: [part('stack-clash', 'NSI-2017-0003', 'in')] }, OPTIONS));
    await sql`update issue set redirect = 'NSI-2017-0004' where id = 'NSI-2017-0003'`.execute(
      database.queries,
    );
    await sql`update grouping_state set computation = 8`.execute(database.queries);
    await refreshCampaigns(database);
    const parts = (await campaignNamed(database.queries, 'stack-clash'))?.parts ?? [];
    assert.deepEqual(
      parts.map(({ issue, said }) => [issue, said]),
      [
        ['NSI-2017-0001', null],
        ['NSI-2017-0002', null],
        ['NSI-2017-0004', 'in'],
      ],
    );
  });

  test('of what people said otherwise of either nothing is lost; what moved is in the history, and undone as anything', async () => {
    await using database = await withStories();
    await refreshCampaigns(database);
    const [added] = await made(
      submit(database, ADA, { changes: [part('stack-clash', 'NSI-2017-0003', 'in')] }, OPTIONS),
    );
    await made(submit(database, BEN, { changes: [part('stack-clash', 'NSI-2017-0001', 'out')] }, OPTIONS));
    await made(submit(database, ADA, { changes: [part('our-story', 'NSI-2017-0003', 'in')] }, OPTIONS));
    await sql`update issue set redirect = 'NSI-2017-0001' where id = 'NSI-2017-0003'`.execute(
      database.queries,
    );
    await sql`update issue_atom set issue = 'NSI-2017-0001' where issue = 'NSI-2017-0003'`.execute(
      database.queries,
    );
    await sql`update grouping_state set computation = 8`.execute(database.queries);
    await refreshCampaigns(database);
    const [proposal, ...others] = await listProposals(database.queries, { state: 'open', limit: 10 });
    assert.deepEqual(others, []);
    assert.equal(proposal?.author, ADA.id);
    assert.deepEqual(
      proposal?.changes.map(({ id, value, carried }) => [id, value, carried]),
      [['stack-clash/NSI-2017-0001', 'in', added?.version]],
    );
    const said = async () => {
      const { rows } = await sql<{ part: string; version: number }>`
        select campaign || '/' || issue || ' ' || said || ' ' || said_by as part, version from campaign_issue
        where said is not null order by 1`.execute(database.queries);
      return rows;
    };
    const [moved, stays] = await said();
    assert.deepEqual(
      [moved?.part, stays?.part],
      [`our-story/NSI-2017-0001 in ${ADA.id}`, `stack-clash/NSI-2017-0001 out ${BEN.id}`],
    );
    const [, event] = await eventsOf(database.queries, 'campaign', 'our-story');
    assert.deepEqual([event?.id, event?.payload?.author], [moved?.version, ADA.id]);
    await made(undo(database, BEN, moved?.version ?? 0, OPTIONS));
    assert.equal((await said()).length, 1);
    await made(acceptProposal(database, BEN, proposal?.id ?? 0, {}, OPTIONS));
    assert.equal((await said())[0]?.part, `stack-clash/NSI-2017-0001 in ${BEN.id}`);
    await verifyLog(database.queries);
  });

  test('one that people spoke of keeps its name when an earlier number comes to it', async () => {
    await using database = await withStories();
    await refreshCampaigns(database);
    await made(submit(database, ADA, { changes: [part('cve-2017-5470', 'NSI-2017-0004', 'out')] }, OPTIONS));
    await sql`insert into issue_atom (product, vulnerability, issue) values
      ('firefox', 'CVE-2017-5000', 'NSI-2017-0003'), ('thunderbird', 'CVE-2017-5000', 'NSI-2017-0004')`.execute(
      database.queries,
    );
    await sql`update grouping_state set computation = 8`.execute(database.queries);
    await refreshCampaigns(database);
    assert.equal(await campaignNamed(database.queries, 'cve-2017-5000'), null);
    const found = await campaignNamed(database.queries, 'cve-2017-5470');
    assert.deepEqual(found?.campaign.vulnerabilities, ['CVE-2017-5000', 'CVE-2017-5470']);
    assert.deepEqual(
      found?.parts.map(({ issue, said, belongs }) => [issue, said, belongs]),
      [
        ['NSI-2017-0003', null, true],
        ['NSI-2017-0004', 'out', false],
      ],
    );
  });

  test('people open one of their own, and one that nobody derives any more stays where they spoke of it', async () => {
    await using database = await withStories();
    const opened = {
      kind: 'campaign',
      id: 'our-story',
      field: 'value',
      value: { title: 'Our story' },
      saw: 0,
    };
    await made(submit(database, ADA, { changes: [opened] }, OPTIONS));
    await made(submit(database, ADA, { changes: [part('our-story', 'NSI-2017-0001', 'in')] }, OPTIONS));
    await refreshCampaigns(database);
    const found = await campaignNamed(database.queries, 'our-story');
    assert.deepEqual(
      [found?.campaign.kind, found?.campaign.title, found?.parts.length],
      ['people', 'Our story', 1],
    );
    assert.equal(await campaignNamed(database.queries, 'nobody-says-so'), null);
    const refused = await submit(database, ADA, { changes: [{ ...opened, id: 'Not An Address' }] }, OPTIONS);
    assert.equal(refused.outcome, 'refused');
  });
});

/** Two issues of openssl that one thread names together. */
async function withTwins() {
  const database = await withStories();
  await sql`delete from issue_atom`.execute(database.queries);
  await sql`insert into issue_atom (product, vulnerability, issue) values ('openssl', 'CVE-2017-7001', 'NSI-2017-0003'),
    ('openssl', 'CVE-2017-7002', 'NSI-2017-0004')`.execute(database.queries);
  await sql`insert into report (source, key, document, format, kind, raw, pack, parser_version, title, published, vulnerabilities,
      path, changed)
      select s, k, k, 'f', 'advisory', '\\x00', 1, 1, k, d::timestamptz, v::text[], 'p', 1 from (values
      ('debian', 'DSA-1-1', '2017-01-01', '{CVE-2017-7001}'), ('debian', 'DSA-2-1', '2017-06-01', '{CVE-2017-7002}')) as r(s, k, d, v)`.execute(
    database.queries,
  );
  await sql`insert into report_affected (report, ecosystem, name) select id, 'debian', 'openssl' from report`.execute(
    database.queries,
  );
  await sql`insert into thread (id, subject, messages, lists, facts_version) values (12, 'x', 1, '{oss}', 1)`.execute(
    database.queries,
  );
  await sql`insert into thread_fact (thread, kind, value, since) values (12, 'cve', 'CVE-2017-7001', 1), (12, 'cve', 'CVE-2017-7002', 1)`.execute(
    database.queries,
  );
  return database;
}

describe('suggestions to merge or split', () => {
  test('wait, are dismissed with a reason, and are not made again as they were', async () => {
    await using database = await withTwins();
    assert.deepEqual(await refreshRegroupings(database, AT), { ran: true, regroupings: 1 });
    assert.equal((await refreshRegroupings(database, AT)).ran, false);
    const [found] = await regroupingsThat(database.queries, { state: 'waiting', limit: 10 });
    assert.deepEqual(found?.reasons, [
      { kind: 'thread', thread: 12, ids: ['CVE-2017-7001', 'CVE-2017-7002'] },
    ]);
    const value = { as: 'dismissed', reason: 'different_flaws' };
    const change = { kind: 'regrouping', id: found?.key ?? '', field: 'value', value, saw: 0 };
    const [dismissed] = await made(submit(database, ADA, { changes: [change] }, OPTIONS));
    assert.equal(await countWaitingRegroupings(database.queries), 0);
    await sql`update grouping_state set computation = 8`.execute(database.queries);
    await refreshRegroupings(database, AT);
    assert.equal(await countWaitingRegroupings(database.queries), 0);
    assert.equal((await regroupingsThat(database.queries, { state: 'dismissed', limit: 10 })).length, 1);
    await undo(database, ADA, dismissed?.version ?? 0, OPTIONS);
    assert.equal(await countWaitingRegroupings(database.queries), 1);
  });

  const FOLLOWS = { author: DORA.id, reason: 'one flaw' };

  test('are followed once, and whoever looks at the page hears of it', async () => {
    await using database = await withTwins();
    await refreshRegroupings(database, AT);
    const [found] = await regroupingsThat(database.queries, { state: 'waiting', limit: 10 });
    const key = found?.key ?? '';
    assert.deepEqual(await followRegrouping(database, key, FOLLOWS), ['NSI-2017-0003']);
    assert.equal(await countWaitingRegroupings(database.queries), 0);
    const [event] = await eventsOf(database.queries, 'regrouping', key);
    assert.deepEqual(
      [event?.type, event?.actor, event?.payload],
      ['regrouping.followed', DORA.id, { kind: 'merge', issue: 'NSI-2017-0003', other: 'NSI-2017-0004' }],
    );
    await assert.rejects(followRegrouping(database, key, FOLLOWS), { code: 'NOT_FOUND' });
  });

  test('that somebody dismissed meanwhile, or of issues that hold something else by now, are not followed', async () => {
    await using database = await withTwins();
    await refreshRegroupings(database, AT);
    const [found] = await regroupingsThat(database.queries, { state: 'waiting', limit: 10 });
    const key = found?.key ?? '';
    const value = { as: 'dismissed', reason: 'different_flaws' };
    const change = { kind: 'regrouping', id: key, field: 'value', value, saw: 0 };
    const [dismissed] = await made(submit(database, ADA, { changes: [change] }, OPTIONS));
    await assert.rejects(followRegrouping(database, key, FOLLOWS), { code: 'CONFLICT' });
    await undo(database, ADA, dismissed?.version ?? 0, OPTIONS);
    await sql`insert into issue_atom (product, vulnerability, issue) values ('openssl', 'CVE-2017-7003', 'NSI-2017-0004')`.execute(
      database.queries,
    );
    await assert.rejects(followRegrouping(database, key, FOLLOWS), { code: 'CONFLICT' });
    assert.equal(await countWaitingRegroupings(database.queries), 1, 'it waits for the night');
    const { rows } = await sql`select from issue_link`.execute(database.queries);
    assert.deepEqual(rows, [], 'nothing was decided');
  });
});
