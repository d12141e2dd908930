import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { appendEvents, type Database } from '#base/db';
import { SOURCES, syncFiles } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';
import { announcementsOf } from './announcements.ts';
import { computeIssues } from './compute-issues.ts';
import { mergeIssues } from './decide-links.ts';
import { explainIssue } from './explain-issue.ts';
import { issuesOfVulnerability } from './store.ts';
import { insertLink } from './store-links.ts';

async function sync(database: Database, id: string, path: string, text: string): Promise<void> {
  const source = SOURCES.find((each) => each.id === id);
  assert.ok(source);
  const { stored, quarantined } = await syncFiles(
    database,
    source,
    [{ path, open: () => Readable.from([Buffer.from(text)]) }],
    { ours: true },
  );
  assert.ok(stored > 0 && quarantined === 0);
}

const LIST = `[02 Jul 2002] DSA-135 libapache-mod-ssl -- buffer overflow / DoS
	{CVE-2002-0653}
	[woody] - libapache-mod-ssl 2.8.9-2
[01 Feb 2003] DSA-241-1 kdeutils - several
	{CVE-2002-1393}
	[woody] - kdeutils 2.2.2-9.2
[03 Feb 2003] DSA-242-1 kdebase - several
	{CVE-2002-1394}
	[woody] - kdeutils 2.2.2-9.3
`;

const RECORD = {
  CVE_data_meta: { ASSIGNER: 'cve@mitre.org', ID: 'CVE-2002-0653', STATE: 'PUBLIC' },
  affects: { vendor: { vendor_data: [] } },
  data_format: 'MITRE',
  data_type: 'CVE',
  data_version: '4.0',
  description: { description_data: [{ lang: 'eng', value: 'off by one' }] },
  problemtype: { problemtype_data: [] },
  references: {
    reference_data: [
      { name: 'DSA-135', refsource: 'DEBIAN', url: 'http://www.debian.org/security/2002/dsa-135' },
    ],
  },
};

test('an advisory of before revisions is the one that others cite with one', async () => {
  await using database = await testDatabase();
  await sync(database, 'debian', 'data/DSA/list', LIST);
  await sync(database, 'cve', 'CVE-2002-0653.json', JSON.stringify(RECORD));
  await computeIssues(database);
  const [issue] = await issuesOfVulnerability(database.queries, 'CVE-2002-0653');
  assert.ok(issue);
  const announced = (await announcementsOf(database.queries, [issue.id])).get(issue.id);
  assert.deepEqual(
    announced?.advisories.map(({ id, report, citedBy }) => [id, report !== null, citedBy]),
    [['DSA-135', true, []]],
  );
});

describe('why an issue is what it is', () => {
  test('people’s decisions stand with its first report, and one that is not followed says so', async () => {
    await using database = await testDatabase();
    await sync(database, 'debian', 'data/DSA/list', LIST);
    await computeIssues(database);
    const [first] = await issuesOfVulnerability(database.queries, 'CVE-2002-1393');
    const [second] = await issuesOfVulnerability(database.queries, 'CVE-2002-1394');
    assert.ok(first && second && first.id !== second.id);
    const merged = await mergeIssues(database, first.id, second.id, { author: 'ada', reason: 'one upload' });
    // Made elsewhere: splitting here would have revoked the other.
    await database.transaction(async (tx) => {
      const event = await appendEvents(tx, [
        {
          ...{
            entity: 'issue',
            entityId: first.id,
            type: 'issue.split_decided',
            actor: 'bob',
            cause: 'decision',
          },
          payload: { reason: 'two files' },
        },
      ]);
      await insertLink(tx, {
        kind: 'cannot',
        a: { product: first.product, vulnerability: 'CVE-2002-1393' },
        b: { product: second.product, vulnerability: 'CVE-2002-1394' },
        author: 'bob',
        event,
      });
    });
    await computeIssues(database);
    const why = await explainIssue(database.queries, merged);
    assert.deepEqual(
      why.map(({ report, sentence }) => [report === why[0]?.report, sentence]),
      [
        [true, 'DSA-241-1 opened it on 2003-02-01 with 1 CVE.'],
        [false, 'DSA-242-1 names CVE-2002-1394, which people put here (decision 1).'],
        [true, 'Decision 1 of ada: CVE-2002-1393 and CVE-2002-1394 belong together (one upload).'],
        [
          true,
          'Decision 2 of bob: CVE-2002-1393 and CVE-2002-1394 are to be kept apart (two files). It is not followed, for decision 1 says the contrary; revoke one of them.',
        ],
      ],
    );
  });
});
