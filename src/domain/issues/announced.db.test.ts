import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { Database } from '#base/db';
import { sourceNamed, syncFiles } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';
import { announcementsOf } from './announcements.ts';
import { computeIssues } from './compute-issues.ts';
import { issuesOfVulnerability } from './store.ts';

async function sync(database: Database, id: string, path: string, text: string): Promise<void> {
  const file = { path, open: () => Readable.from([Buffer.from(text)]) };
  const { quarantined } = await syncFiles(database, sourceNamed(id), [file], { ours: true });
  assert.equal(quarantined, 0);
}

const COMMIT = 'https://github.com/frob/frob/commit/';

const LISTS = {
  'data/DSA/list': [
    '[26 Jun 2017] DSA-9002-1 frobd - security update',
    '\t{CVE-2017-90001 CVE-2017-90002}',
    '\t[jessie] - frobd 1.0-2',
    '\tNOTE: see DSA-8000-1',
    '[22 Jun 2017] DSA-9001-1 frobd - security update',
    '\t{CVE-2017-90001}',
    '\t[jessie] - frobd 1.0-1',
  ],
  'data/CVE/list': [
    'CVE-2017-90001 (frobd frobs)',
    '\t{DSA-9001-1 DLA-9500-1}',
    '\t- frobd 2.0-1',
    `\tNOTE: ${COMMIT}00d965474b22b54e4275232bc71ee0c699c5cd21`,
    `\tNOTE: ${COMMIT}11d965474b22b54e4275232bc71ee0c699c5cd21`,
    'CVE-2017-90002 (frobd frobs more)',
    '\t- frobd 2.0-1',
    `\tNOTE: ${COMMIT}00d965474b22b54e4275232bc71ee0c699c5cd21`,
    'CVE-2017-90009 (another thing)',
    '\t- other 2.0-1',
    `\tNOTE: ${COMMIT}99d965474b22b54e4275232bc71ee0c699c5cd21`,
  ],
};

describe('announcementsOf', () => {
  test('every advisory, the oldest first; those that are only cited last, with who cites them; each patch once', async () => {
    await using database = await testDatabase();
    for (const [path, lines] of Object.entries(LISTS))
      await sync(database, 'debian', path, `${lines.join('\n')}\n`);
    await computeIssues(database);
    const [issue] = await issuesOfVulnerability(database.queries, 'CVE-2017-90001');
    assert.ok(issue);
    const all = await announcementsOf(database.queries, [issue.id, 'NSI-1999-0001']);
    const { advisories = [], patches = [] } = all.get(issue.id) ?? {};
    assert.deepEqual(
      advisories.map(({ id, source, published, report, citedBy }) => [
        id,
        source,
        published?.toISOString().slice(0, 10) ?? null,
        report !== null,
        citedBy,
      ]),
      [
        ['DSA-9001-1', 'debian', '2017-06-22', true, []],
        ['DSA-9002-1', 'debian', '2017-06-26', true, []],
        // DSA-8000-1 is an advisory's word on its own bundle, and not here.
        ['DLA-9500-1', 'debian', null, false, ['CVE-2017-90001']],
      ],
    );
    assert.deepEqual(
      patches.map(({ url, vulnerability, source }) => [
        url.slice(COMMIT.length, COMMIT.length + 2),
        vulnerability,
        source,
      ]),
      [
        ['00', 'CVE-2017-90001', 'debian'],
        ['11', 'CVE-2017-90001', 'debian'],
      ],
    );
    assert.deepEqual(all.get('NSI-1999-0001'), { advisories: [], patches: [] });
    assert.equal((await announcementsOf(database.queries, [])).size, 0);
  });
});
