import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertPieces, fileOf, noCorpus, onlyProblem, onlyReport, readFile, realFile } from '../testing.ts';
import { woundAll } from '../wounding.ts';
import { apiCves } from './api-cves.ts';

const PATH = 'security/cves.json';

const ENTRY = {
  bugs: ['', 'https://launchpad.net/bugs/1698919'],
  codename: null,
  description: '\nThe frobd daemon frobs.',
  id: 'CVE-2025-90001',
  impact: { baseMetricV3: { cvssV3: { vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' } } },
  mitigation: '',
  notes: [{ author: 'somebody', note: 'only here' }],
  notices_ids: ['USN-9340-1'],
  packages: [
    {
      name: 'frobd',
      statuses: [
        { release_codename: 'noble', status: 'released', description: '1.2-1ubuntu1.1', pocket: 'security' },
        { release_codename: 'jammy', status: 'DNE', description: '' },
        { release_codename: 'upstream', status: 'released', description: '5.0.14,5.1.8' },
        { release_codename: 'focal', status: 'needs-triage', description: '' },
      ],
    },
  ],
  patches: { frobd: ['upstream: https://github.com/frob/frob/commit/0123456789abcdef'] },
  priority: 'critical',
  published: '2025-04-02T10:00:00',
  references: ['https://www.cve.org/CVERecord?id=CVE-2025-90001', 'https://frob.example/news (2.0)'],
  status: 'active',
  ubuntu_description: '',
  updated_at: '2025-04-02T19:59:15.332794+00:00',
};

function page(...entries: object[]) {
  return fileOf(
    PATH,
    JSON.stringify({ cves: entries, limit: 20, offset: 0, total_results: entries.length }, null, '\t'),
  );
}

describe('ubuntu: CVEs of the API', () => {
  test('an entry', () => {
    const { affected, ...rest } = onlyReport(apiCves, page(ENTRY));
    assert.deepEqual(rest, {
      key: 'CVE-2025-90001',
      kind: 'tracker',
      title: 'frobd -- The frobd daemon frobs.',
      description: 'The frobd daemon frobs.\n\nsomebody> only here',
      published: '2025-04-02T10:00:00Z',
      modified: '2025-04-02T19:59:15Z',
      url: 'https://ubuntu.com/security/CVE-2025-90001',
      severity: 'critical',
      severityAs: 'critical',
      cvss: [{ version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8 }],
      vulnerabilities: ['CVE-2025-90001'],
      aliases: [],
      links: [
        { url: 'https://github.com/frob/frob/commit/0123456789abcdef', kind: 'patch' },
        { url: 'https://frob.example/news', kind: 'web' },
        { url: 'https://launchpad.net/bugs/1698919', kind: 'bug' },
      ],
      cites: ['USN-9340-1'],
      weaknesses: [],
    });
    assert.deepEqual(
      affected.map(({ release, status, fixed, note }) => [release, status, fixed ?? note]),
      [
        ['noble', 'fixed', '1.2-1ubuntu1.1'],
        ['upstream', 'fixed', '5.0.14,5.1.8'],
        ['focal', 'under_investigation', undefined],
      ],
    );
    assert.equal(affected[1]?.fixed, undefined);
  });

  test('problems, each for itself', () => {
    const file = page({ ...ENTRY, id: 'CVE-2023-XXXX' }, ENTRY);
    assert.equal(onlyProblem(apiCves, file), 'bad-id at id');
    assert.equal(readFile(apiCves, file).reports.length, 1);
    assertPieces(file, readFile(apiCves, file).documents);
    assert.equal(onlyProblem(apiCves, page({ ...ENTRY, published: 'unknown' })), 'bad-date at published');
    assert.equal(onlyProblem(apiCves, page({ ...ENTRY, packages: undefined })), 'missing-field at packages');
    const odd = [{ name: 'frobd', statuses: [{ release_codename: 'noble', status: 'odd' }] }];
    assert.equal(onlyProblem(apiCves, page({ ...ENTRY, packages: odd })), 'bad-grammar at packages.frobd');
    assert.match(onlyProblem(apiCves, fileOf(PATH, '{"cves": [')), /^truncated at byte/);
  });

  test('2,000 wounded pages are read or refused, nothing else', () => {
    const [refused, read] = woundAll(apiCves, [page(ENTRY)], 6);
    assert.ok(refused > 300 && read > 300, `${refused} refused, ${read} read`);
  });

  test('real: CVE-2025-27556, and a kernel', { skip: noCorpus }, () => {
    const [django] = readFile(apiCves, realFile('ubuntu', 'api-cves', '0_20.json')).reports;
    assert.equal(django?.key, 'CVE-2025-27556');
    assert.equal(django?.severityAs, 'medium');
    assert.equal(django?.published, '2025-04-02T10:00:00Z');
    const statuses = django?.affected.map(({ release, status }) => `${release} ${status}`);
    assert.ok(statuses?.includes('noble not_affected') && statuses.includes('upstream fixed'));
    const kernel = onlyReport(apiCves, realFile('ubuntu', 'api-cves', '20_20.json'));
    assert.equal(kernel.key, 'CVE-2025-21984');
    assert.equal(
      kernel.links[0]?.url,
      'https://git.kernel.org/linus/c50f8e6053b0503375c2975bf47f182445aebb4c',
    );
    assert.equal(kernel.links[0]?.kind, 'patch');
    // 130 packages in 8 releases, without the 714 that do not exist.
    assert.equal(kernel.affected.length, 146 + 78 + 64 + 38);
  });
});
