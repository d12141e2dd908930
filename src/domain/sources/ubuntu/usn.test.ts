import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Affected } from '../source.ts';
import {
  assertPieces,
  fileOf,
  fixedPackageRow,
  noCorpus,
  onlyProblem,
  onlyReport,
  readFile,
  realFile,
  unpacked,
} from '../testing.ts';
import { woundAll } from '../wounding.ts';
import { notices } from './notices.ts';
import { osvUsn } from './osv-usn.ts';
import { usnDb } from './usn-db.ts';

const fixedRow = (name: string, release: string, fixed: string, note?: string): Affected => ({
  ...fixedPackageRow('ubuntu', name, release, fixed),
  ...(note !== undefined && { note }),
});

/** The same notice in its three forms. */
const DB_ENTRY = {
  id: '9340-1',
  title: 'frobd vulnerabilities',
  isummary: 'frobd could be made to frob.',
  description: 'Somebody found that frobd frobs. (CVE-2017-90001)\n',
  timestamp: 1498497296.72,
  cves: ['CVE-2017-90001', 'CVE-2017-90002', 'https://launchpad.net/bugs/1698919'],
  releases: {
    xenial: { sources: { frobd: { version: '1.2-1ubuntu1.1', description: 'frob' } }, binaries: {} },
    trusty: {},
  },
};
const NOTICE = {
  cves: [{ id: 'CVE-2017-90001', notices_ids: ['USN-9340-1'] }],
  cves_ids: ['CVE-2017-90001', 'CVE-2017-90002'],
  description: 'Somebody found that frobd frobs.',
  id: 'USN-9340-1',
  instructions: 'Update.',
  is_hidden: false,
  published: '2017-06-26T17:14:56.727156',
  references: ['https://launchpad.net/bugs/1698919', 'javascript:alert(1)'],
  related_notices: ['USN-9340-2'],
  release_packages: {
    xenial: [
      { name: 'frobd', is_source: true, version: '1.2-1ubuntu1.1', pocket: 'esm-infra' },
      { name: 'libfrob1', is_source: false, version: '1.2-1ubuntu1.1', source_link: '' },
    ],
    warty: [{ name: 'libfrob0', is_source: false, version: '', source_link: '' }],
    trusty: [
      {
        name: 'libfrob1',
        is_source: false,
        version: '1.0-1',
        source_link: 'https://launchpad.net/ubuntu/+source/frobd',
      },
    ],
  },
  summary: 'frobd vulnerabilities',
  title: 'frobd vulnerabilities',
  type: 'USN',
};
const OSV = {
  schema_version: '1.7.0',
  id: 'USN-9340-1',
  summary: 'frobd vulnerabilities',
  details: 'Somebody found that frobd frobs.',
  aliases: [],
  upstream: ['UBUNTU-CVE-2017-90001', 'UBUNTU-CVE-2017-90002'],
  related: ['USN-9340-2'],
  published: '2017-06-26T17:14:56.727156Z',
  modified: '2025-07-16T04:42:05Z',
  affected: [
    {
      package: {
        ecosystem: 'Ubuntu:16.04:LTS',
        name: 'frobd',
        purl: 'pkg:deb/ubuntu/frobd@1.2?arch=source&distro=xenial',
      },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.2-1ubuntu1.1' }] }],
      ecosystem_specific: { availability: 'No subscription required' },
    },
    {
      package: { ecosystem: 'Ubuntu:14.04:LTS', name: 'frobd' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '1.0-1' }, { last_affected: '1.0-9' }] }],
    },
  ],
  references: [
    { type: 'ADVISORY', url: 'https://ubuntu.com/security/notices/USN-9340-1' },
    { type: 'REPORT', url: 'https://ubuntu.com/security/CVE-2017-90001' },
    { type: 'REPORT', url: 'https://launchpad.net/bugs/1698919' },
  ],
};

const COMMON = {
  key: 'USN-9340-1',
  kind: 'advisory',
  title: 'frobd vulnerabilities',
  url: 'https://ubuntu.com/security/notices/USN-9340-1',
  published: '2017-06-26T17:14:56Z',
  modified: null,
  cvss: [],
  vulnerabilities: ['CVE-2017-90001', 'CVE-2017-90002'],
  aliases: [],
  links: [
    { url: 'https://ubuntu.com/security/notices/USN-9340-1', kind: 'advisory', id: 'USN-9340-1' },
    { url: 'https://launchpad.net/bugs/1698919', kind: 'bug' },
  ],
  weaknesses: [],
};

const DB = 'usn-db/database-all.json';
const PAGE = 'security/notices.json';
const ONE = 'osv/usn/USN-9340-1.json';

function json(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

describe('ubuntu: notices in three forms', () => {
  test('the database', () => {
    const report = onlyReport(usnDb, fileOf(DB, json({ '9340-1': DB_ENTRY })));
    assert.deepEqual(report, {
      ...COMMON,
      description: 'frobd could be made to frob.\n\nSomebody found that frobd frobs. (CVE-2017-90001)',
      affected: [fixedRow('frobd', 'xenial', '1.2-1ubuntu1.1')],
      cites: [],
    });
  });

  test('a page of the API', () => {
    const report = onlyReport(notices, fileOf(PAGE, json({ limit: 1, notices: [NOTICE], offset: 0 })));
    assert.deepEqual(report, {
      ...COMMON,
      description: 'Somebody found that frobd frobs.',
      affected: [
        fixedRow('frobd', 'xenial', '1.2-1ubuntu1.1', 'in esm-infra'),
        {
          ecosystem: 'ubuntu',
          name: 'libfrob0',
          release: 'warty',
          status: 'fixed',
          note: 'name of a binary package',
        },
        fixedRow('frobd', 'trusty', '1.0-1'),
      ],
      cites: ['USN-9340-2'],
    });
  });

  test('one notice of the API', () => {
    const file = fileOf('security/notices/USN-9340-1.json', json(NOTICE));
    assert.ok(notices.recognises(file.path, json(NOTICE)));
    assert.ok(!osvUsn.recognises(file.path, json(NOTICE)));
    assert.equal(onlyReport(notices, file).key, 'USN-9340-1');
  });

  test('OSV', () => {
    const report = onlyReport(osvUsn, fileOf(ONE, json(OSV)));
    assert.deepEqual(report, {
      ...COMMON,
      description: 'Somebody found that frobd frobs.',
      modified: '2025-07-16T04:42:05Z',
      affected: [
        fixedRow('frobd', 'xenial', '1.2-1ubuntu1.1'),
        {
          ecosystem: 'ubuntu',
          name: 'frobd',
          release: '14.04:LTS',
          status: 'affected',
          versions: {
            scheme: 'deb',
            affected: [{ min: '1.0-1', max: '1.0-9', maxInclusive: true }],
            unaffected: [],
            otherwise: 'unknown',
          },
        },
      ],
      cites: ['USN-9340-2'],
    });
    const withdrawn = onlyReport(osvUsn, fileOf(ONE, json({ ...OSV, withdrawn: '2025-08-01T00:00:00Z' })));
    assert.equal(withdrawn.withdrawn, 'withdrawn on 2025-08-01T00:00:00Z');
  });

  test('problems of the database', () => {
    const problem = (change: object, key = '9340-1') =>
      onlyProblem(usnDb, fileOf(DB, json({ [key]: { ...DB_ENTRY, ...change } })));
    assert.equal(problem({ timestamp: 'unknown' }), 'bad-date at timestamp');
    assert.equal(problem({ timestamp: undefined }), 'missing-field at timestamp');
    assert.equal(problem({ id: '1-1' }), 'bad-id at id');
    assert.equal(problem({ id: undefined }, 'latest'), 'bad-id at (key)');
    assert.equal(problem({ releases: [] }), 'wrong-type at releases');
    assert.equal(problem({ title: undefined }), 'missing-field at title');
    assert.equal(problem({ cves: 'CVE-2017-90001' }), 'wrong-type at cves');
    assert.equal(onlyProblem(usnDb, fileOf(DB, '{}')), 'empty at (root)');
    assert.match(onlyProblem(usnDb, fileOf(DB, '{"9340-1":')), /^truncated at byte/);
    assert.match(onlyProblem(usnDb, fileOf(DB, '[]')), /^wrong-type at byte/);
    assert.equal(onlyProblem(usnDb, fileOf(DB, '<html></html>')), `html at ${DB}`);
  });

  test('problems of the API', () => {
    const problem = (change: object) =>
      onlyProblem(notices, fileOf(PAGE, json({ notices: [{ ...NOTICE, ...change }] })));
    assert.equal(problem({ published: 'unknown' }), 'bad-date at published');
    assert.equal(problem({ published: undefined }), 'missing-field at published');
    assert.equal(problem({ id: 'USN-XXXX' }), 'bad-id at id');
    assert.equal(
      problem({ release_packages: { xenial: [{}] } }),
      'missing-field at release_packages.xenial.0.name',
    );
    assert.match(onlyProblem(notices, fileOf(PAGE, '{"offset": 0}')), /^missing-field at byte/);
    assert.match(onlyProblem(notices, fileOf(PAGE, '{"notices": [')), /^truncated at byte/);
  });

  test('problems of OSV', () => {
    const problem = (change: object) => onlyProblem(osvUsn, fileOf(ONE, json({ ...OSV, ...change })));
    assert.equal(problem({ published: '2017-02-30T00:00:00Z' }), 'bad-date at published');
    assert.equal(problem({ id: undefined }), 'missing-field at id');
    assert.equal(problem({ id: 'UBUNTU-CVE-2017-90001' }), 'bad-id at id');
    assert.match(onlyProblem(osvUsn, fileOf(ONE, json(OSV).slice(0, -3))), /^truncated at byte/);
    assert.match(onlyProblem(osvUsn, fileOf(ONE, 'nothing')), /^wrong-type at byte/);
    assert.equal(onlyProblem(osvUsn, fileOf(ONE, '')), `empty at ${ONE}`);
  });

  test('law: every notice of a page or a database is one document', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 9999 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(ids, fc.string(), (numbers, description) => {
        const page = fileOf(
          PAGE,
          json({ notices: numbers.map((n) => ({ ...NOTICE, description, id: `USN-${n}-1` })) }),
        );
        const entries = numbers.map((n) => [`${n}-1`, { ...DB_ENTRY, description, id: `${n}-1` }]);
        const database = fileOf(DB, json(Object.fromEntries(entries)));
        for (const [format, file] of [
          [notices, page],
          [usnDb, database],
        ] as const) {
          const { documents, reports } = readFile(format, file);
          assertPieces(file, documents);
          assert.deepEqual(
            reports.map(({ key }) => key),
            numbers.map((n) => `USN-${n}-1`),
          );
          assert.deepEqual(
            documents.map(({ key }) => key),
            reports.map(({ key }) => key),
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  for (const [format, file] of [
    [usnDb, fileOf(DB, json({ '9340-1': DB_ENTRY }))],
    [notices, fileOf(PAGE, json({ notices: [NOTICE] }))],
    [osvUsn, fileOf(ONE, json(OSV))],
  ] as const)
    test(`2,000 wounded files of ${format.name} are read or refused, nothing else`, () => {
      const [refused, read] = woundAll(format, [file], 5);
      assert.ok(refused > 300 && read > 150, `${refused} refused, ${read} read`);
    });

  test('real: USN-3340-1 in OSV', { skip: noCorpus }, () => {
    const { description, ...rest } = onlyReport(osvUsn, realFile('ubuntu', 'osv', 'usn', 'USN-3340-1.json'));
    assert.match(description ?? '', /\(CVE-2017-7679\)$/);
    assert.deepEqual(rest, {
      key: 'USN-3340-1',
      kind: 'advisory',
      title: 'apache2 vulnerabilities',
      published: '2017-06-26T17:14:56Z',
      modified: '2025-07-16T04:42:05Z',
      url: 'https://ubuntu.com/security/notices/USN-3340-1',
      cvss: [],
      vulnerabilities: ['CVE-2017-3167', 'CVE-2017-3169', 'CVE-2017-7668', 'CVE-2017-7679'],
      aliases: [],
      affected: [
        fixedRow('apache2', 'trusty', '2.4.7-1ubuntu4.16'),
        fixedRow('apache2', 'xenial', '2.4.18-2ubuntu3.3'),
      ],
      links: [{ url: 'https://ubuntu.com/security/notices/USN-3340-1', kind: 'advisory', id: 'USN-3340-1' }],
      cites: [],
      weaknesses: [],
    });
  });

  test('real: USN-4011-1 in the database', { skip: noCorpus }, async () => {
    for await (const file of unpacked('ubuntu', 'usn-db', 'database-all.sample.json.bz2')) {
      const { description, ...rest } = readFile(usnDb, file).reports[0] ?? {};
      assert.ok(description !== undefined);
      assert.deepEqual(rest, {
        key: 'USN-4011-1',
        kind: 'advisory',
        title: 'Jinja2 vulnerabilities',
        published: '2019-06-06T11:14:04Z',
        modified: null,
        url: 'https://ubuntu.com/security/notices/USN-4011-1',
        cvss: [],
        vulnerabilities: ['CVE-2016-10745', 'CVE-2019-10906'],
        aliases: [],
        affected: [
          fixedRow('jinja2', 'xenial', '2.8-1ubuntu0.1'),
          fixedRow('jinja2', 'cosmic', '2.10-1ubuntu0.18.10.1'),
          fixedRow('jinja2', 'bionic', '2.10-1ubuntu0.18.04.1'),
          fixedRow('jinja2', 'disco', '2.10-1ubuntu0.19.04.1'),
        ],
        links: [
          { url: 'https://ubuntu.com/security/notices/USN-4011-1', kind: 'advisory', id: 'USN-4011-1' },
        ],
        cites: [],
        weaknesses: [],
      });
    }
  });

  test('real: USN-2-1 of the API', { skip: noCorpus }, () => {
    const { reports } = readFile(notices, realFile('ubuntu', 'api-notices', '0_20.json'));
    const [, second] = reports;
    assert.equal(second?.key, 'USN-2-1');
    assert.equal(second?.published, '2004-10-23T02:11:46Z');
    assert.deepEqual(second?.vulnerabilities, ['CVE-2004-0889']);
    assert.deepEqual(second?.cites, ['USN-14-1']);
    assert.deepEqual(
      second?.affected.map(({ name }) => name),
      ['cupsys', 'xpdf-utils', 'xpdf-reader'],
    );
  });
});
