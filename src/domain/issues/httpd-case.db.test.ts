import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Database } from '#base/db';
import { filesOfFolder, SOURCES, syncFiles } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';
import { announcementsOf } from './announcements.ts';
import { computeIssues } from './compute-issues.ts';
import { explainIssue } from './explain-issue.ts';
import { atomsOf, issuesOfVulnerability } from './store.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SHARED = resolve(ROOT, '../shared/data');
const skip = existsSync(join(SHARED, 'feeds')) ? false : `${SHARED} is not there`;

const HTTPD = ['CVE-2017-3167', 'CVE-2017-3169', 'CVE-2017-7659', 'CVE-2017-7668', 'CVE-2017-7679'];
/** Red Hat's ten are only cited in the real documents that we hold. */
const ADVISORIES = [
  ...['DSA-3896-1', 'DLA-1009-1', 'GLSA-201710-32', 'USN-3340-1', 'USN-3373-1'],
  ...['RHSA-2017:2478', 'RHSA-2017:2479', 'RHSA-2017:2483', 'RHSA-2017:3193', 'RHSA-2017:3194'],
  ...['RHSA-2017:3195', 'RHSA-2017:3475', 'RHSA-2017:3476', 'RHSA-2017:3477'],
];
/** By CVE: its file for 2.2.32, and the first digits of its commits, that for 2.4 first. */
const PATCHES = new Map([
  ['CVE-2017-3167', ['78f0f0b65', '7103baa2e']],
  ['CVE-2017-3169', ['54e0c857b', '3fdeae4dd']],
  ['CVE-2017-7668', ['a585e36e0', 'ad581ced1']],
  ['CVE-2017-7679', ['398f3ddeb', '0b97b9f74']],
]);

interface Given {
  path: string;
  bytes: Buffer;
}

/** The documents of the case as they really are, by source. */
function realDocuments(): Map<string, Given[]> {
  const feed = (...parts: string[]) => readFileSync(join(SHARED, 'feeds', ...parts));
  const list = (name: string): Given => {
    const entries = feed('debian/security-tracker/data', name, 'list')
      .toString('utf8')
      .split(/^(?=\[)/m);
    const own = entries.filter((entry) => /^\[[^\]]+\] \S+ apache2 /.test(entry));
    assert.ok(own.length >= 10, name);
    return { path: `data/${name}/list`, bytes: Buffer.from(own.join('')) };
  };
  const records = (file: string) =>
    gunzipSync(readFileSync(join(SHARED, 'cve', file)))
      .toString('utf8')
      .split('\n')
      .filter((line) => HTTPD.some((id) => line.includes(`"ID":"${id}"`)));
  return new Map([
    ['debian', [list('DSA'), list('DLA')]],
    [
      'ubuntu',
      [
        { path: 'osv/usn/USN-3340-1.json', bytes: feed('ubuntu/osv/usn/USN-3340-1.json') },
        ...HTTPD.map((id) => ({ path: `retired/${id}`, bytes: feed('ubuntu/uct/retired', id) })),
      ],
    ],
    ['gentoo', [{ path: 'glsa-201710-32.xml', bytes: feed('gentoo/glsa/glsa-201710-32.xml') }]],
    [
      'cve',
      [
        {
          path: 'cve.jsonl',
          bytes: Buffer.from(`${records('cve4-2016-2017-relevant.jsonl.gz').join('\n')}\n`),
        },
      ],
    ],
    [
      'nvd',
      [{ path: 'nvd.jsonl', bytes: Buffer.from(`${records('nvd-1.1-relevant.jsonl.gz').join('\n')}\n`) }],
    ],
  ]);
}

async function sync(database: Database, id: string, files: readonly Given[]): Promise<void> {
  const source = SOURCES.find((each) => each.id === id);
  assert.ok(source);
  const packed = files.map(({ path, bytes }) => ({ path, open: () => Readable.from([bytes]) }));
  const result = await syncFiles(database, source, packed, { ours: true });
  assert.equal(result.quarantined, 0);
  assert.deepEqual(result.foreign, []);
}

async function assertWhole(database: Database): Promise<string[]> {
  const [issue, ...others] = (
    await Promise.all(HTTPD.map((id) => issuesOfVulnerability(database.queries, id)))
  ).flatMap((issues) => issues.filter(({ product }) => product === 'apache2'));
  assert.ok(issue);
  assert.deepEqual(new Set(others.map(({ id }) => id)), new Set([issue.id]), 'one issue');
  const atoms = await atomsOf(database.queries, [issue.id]);
  assert.deepEqual(
    atoms.map(({ vulnerability }) => vulnerability),
    HTTPD,
  );
  const announced = (await announcementsOf(database.queries, [issue.id])).get(issue.id);
  assert.deepEqual(announced?.advisories.map(({ id }) => id).sort(), [...ADVISORIES].sort());
  assert.deepEqual(
    announced?.advisories.filter(({ url }) => url === null).map(({ id }) => id),
    [],
  );
  const patches = announced?.patches ?? [];
  for (const [id, commits] of PATCHES) {
    const own = patches.filter(({ vulnerability }) => vulnerability === id).map(({ url }) => url);
    for (const commit of commits) {
      const address = `https://github.com/apache/httpd/commit/${commit}`;
      assert.ok(
        own.some((url) => url.startsWith(address)),
        `${id}: ${commit}`,
      );
    }
    assert.ok(own.includes(`https://www.apache.org/dist/httpd/patches/apply_to_2.2.32/${id}.patch`));
  }
  return (await explainIssue(database.queries, issue.id)).map(({ sentence }) => sentence);
}

describe('Apache httpd 2.4.26 of June 2017 is one issue, with every advisory and patch', () => {
  let documents = new Map<string, Given[]>();
  before(() => {
    if (skip === false) documents = realDocuments();
  });

  test('of the real documents, all at once', { skip }, async () => {
    await using database = await testDatabase();
    for (const [id, files] of documents) await sync(database, id, files);
    await computeIssues(database);
    const why = await assertWhole(database);
    assert.ok(
      why.some((sentence) =>
        /^GLSA-201710-32 .* the first to name CVE-2017-7659; upstream’s release apache2 2\.4\.26 closes it/.test(
          sentence,
        ),
      ),
      why.join('\n'),
    );
  });

  test('of the real documents, one source after the other, in the wrong order', { skip }, async () => {
    await using database = await testDatabase();
    for (const [id, files] of [...documents].reverse()) {
      await sync(database, id, files);
      await computeIssues(database);
    }
    await assertWhole(database);
  });

  test('of the sample that the demo loads', async () => {
    await using database = await testDatabase();
    const there = SOURCES.filter(({ id }) => existsSync(join(ROOT, 'demo/sample/reports', id)));
    assert.ok(there.length >= 6);
    for (const source of there) {
      const files = await filesOfFolder(join(ROOT, 'demo/sample/reports', source.id));
      await syncFiles(database, source, files, { ours: true });
    }
    await computeIssues(database);
    await assertWhole(database);
  });
});
