import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  assertPieces,
  fileOf,
  fixedPackageRow,
  noCorpus,
  onlyProblem,
  onlyReport,
  readFile,
  realFile,
} from '../testing.ts';
import { woundAll } from '../wounding.ts';
import { dlaList, dsaList, dtsaList } from './advisory-list.ts';

const LIST = 'data/DSA/list';

const fixedRow = (name: string, release: string, fixed: string) =>
  fixedPackageRow('debian', name, release, fixed);

const SAMPLE = [
  '[23 Jun 2017] DSA-9001-2 frobd - regression update',
  '\t[stretch] - frobd 1:2.0-3+deb9u2',
  '[22 Jun 2017] DSA-9001-1 frobd - security update',
  '\t{CVE-2017-90001 CVE-2017-90002  CVE-2017-90001 }',
  '\t[jessie] - frobd <not-affected> (Vulnerable code not present)',
  '        [stretch] - frobd 1:2.0-3+deb9u1 (bug #900123; medium)',
  '\t[wheezy] - frobd <end-of-life>',
  '\tNOTE: see also DSA-8999-1 and https://example.org/frobd/commit/0123456789abcdef (2.0 branch)',
  '',
  '[20 Jun 2017] DSA-9000-1 wheezy end-of-life',
  '[01 Aug 2002] DSA-141 mpack-like -- buffer overflow / DoS',
  '\t{CVE-2002-90001}',
  '\t[woody] - mpack-like kernel-image-2.4',
  '',
].join('\n');

describe('debian: lists of advisories', () => {
  test('an advisory with every kind of line', () => {
    const { reports, problems } = readFile(dsaList, fileOf(LIST, SAMPLE));
    assert.deepEqual(problems, []);
    assert.deepEqual(reports[1], {
      key: 'DSA-9001-1',
      kind: 'advisory',
      title: 'frobd -- security update',
      description: 'see also DSA-8999-1 and https://example.org/frobd/commit/0123456789abcdef (2.0 branch)',
      published: '2017-06-22',
      modified: null,
      url: 'https://www.debian.org/security/2017/dsa-9001',
      severity: 'medium',
      severityAs: 'medium',
      cvss: [],
      vulnerabilities: ['CVE-2017-90001', 'CVE-2017-90002'],
      aliases: [],
      affected: [
        {
          ecosystem: 'debian',
          name: 'frobd',
          release: 'jessie',
          status: 'not_affected',
          note: 'Vulnerable code not present',
        },
        fixedRow('frobd', 'stretch', '1:2.0-3+deb9u1'),
        { ecosystem: 'debian', name: 'frobd', release: 'wheezy', status: 'wont_fix', note: 'end of life' },
      ],
      links: [
        { url: 'https://www.debian.org/security/2017/dsa-9001', kind: 'advisory', id: 'DSA-9001-1' },
        { url: 'https://security-tracker.debian.org/tracker/DSA-9001-1', kind: 'advisory', id: 'DSA-9001-1' },
        {
          url: 'https://example.org/frobd/commit/0123456789abcdef',
          kind: 'patch',
          note: 'see also DSA-8999-1 and (2.0 branch)',
        },
        { url: 'https://bugs.debian.org/900123', kind: 'bug' },
      ],
      cites: ['DSA-8999-1'],
      weaknesses: [],
    });
  });

  test('a later revision has no page whose year one could know', () => {
    const [regression] = readFile(dsaList, fileOf(LIST, SAMPLE)).reports;
    assert.equal(regression?.key, 'DSA-9001-2');
    assert.equal(regression?.url, 'https://security-tracker.debian.org/tracker/DSA-9001-2');
    assert.deepEqual(regression?.vulnerabilities, []);
    assert.deepEqual(regression?.affected, [fixedRow('frobd', 'stretch', '1:2.0-3+deb9u2')]);
  });

  test('announcements stay reports without packages, and early ones keep a number without a revision', () => {
    const [, , announcement, early] = readFile(dsaList, fileOf(LIST, SAMPLE)).reports;
    assert.equal(announcement?.title, 'wheezy end-of-life');
    assert.deepEqual(announcement?.affected, []);
    assert.equal(early?.key, 'DSA-141');
    assert.equal(early?.title, 'mpack-like -- buffer overflow / DoS');
    assert.deepEqual(early?.affected, [
      {
        ecosystem: 'debian',
        name: 'mpack-like',
        release: 'woody',
        status: 'fixed',
        note: 'the list has kernel-image-2.4 for a version',
      },
    ]);
  });

  test('documents are the exact bytes of their entries', () => {
    const file = fileOf(LIST, SAMPLE);
    const { documents } = readFile(dsaList, file);
    assertPieces(file, documents);
    assert.equal(documents[0]?.bytes.toString(), SAMPLE.slice(0, SAMPLE.indexOf('[22 Jun')));
    assert.equal(documents[1]?.bytes.at(-1), 0x0a);
  });

  test('long-term support and the testing team', () => {
    const dla = onlyReport(
      dlaList,
      fileOf('data/DLA/list', '[02 Jul 2017] DLA-9009-1 frobd - security update\n'),
    );
    assert.equal(dla.url, 'https://www.debian.org/lts/security/2017/dla-9009');
    const dtsa = onlyReport(
      dtsaList,
      fileOf(
        'data/DTSA/list',
        '[August 26th, 2005] DTSA-1-1 frobd - various\n\t[etch] - frobd 1.0-1 (high)\n',
      ),
    );
    assert.equal(dtsa.published, '2005-08-26');
    assert.equal(dtsa.severity, 'high');
    assert.equal(dtsa.url, 'https://security-tracker.debian.org/tracker/DTSA-1-1');
  });

  test('what cannot be read says where and why, and takes nothing else with it', () => {
    const bad = [
      ['[31 Feb 2017] DSA-1-1 frobd - x\n', 'bad-date at line 1'],
      ['[unknown] DSA-1-1 frobd - x\n', 'bad-date at line 1'],
      ['[22 Jun 2017] DSA-1-1 frobd - x\n\t{CVE-2017-1}\n', 'bad-grammar at line 2'],
      ['[22 Jun 2017] DSA-1-1 frobd - x\n\n\t[jessie] - frobd <nonsense>\n', 'bad-grammar at line 3'],
      ['[22 Jun 2017] DSA-1-1 frobd - x\n\tsomething else\n', 'bad-grammar at line 2'],
      ['[22 Jun 2017] DSA-1-1 frobd - x\n\tNOTE: caf\xe9\n', 'bad-encoding at line 2'],
      ['no header\n', 'bad-grammar at line 1'],
    ] as const;
    for (const [text, expected] of bad) {
      const good = '[21 Jun 2017] DSA-2-1 other - security update\n';
      const file = fileOf(LIST, Buffer.from(text + good, 'latin1'));
      assert.equal(onlyProblem(dsaList, file), expected);
      assert.deepEqual(
        readFile(dsaList, file).reports.map(({ key }) => key),
        ['DSA-2-1'],
      );
    }
  });

  test('a file that is no list, or not all of it, is refused as a whole', () => {
    assert.equal(onlyProblem(dsaList, fileOf(LIST, '')), `empty at ${LIST}`);
    assert.equal(onlyProblem(dsaList, fileOf(LIST, ' \n\n')), `empty at ${LIST}`);
    assert.equal(onlyProblem(dsaList, fileOf(LIST, '<!DOCTYPE html><html></html>')), `html at ${LIST}`);
    assert.equal(onlyProblem(dsaList, fileOf(LIST, '{"a": 1}\n')), 'bad-grammar at line 1');
    const cut = fileOf(LIST, SAMPLE.slice(0, 100));
    assert.equal(onlyProblem(dsaList, cut), 'truncated at byte 100');
    assert.deepEqual(readFile(dsaList, cut).documents, []);
  });

  test('law: every header makes one document with its own key, in order, and its lines with it', () => {
    const entry = fc.record({
      number: fc.integer({ min: 1, max: 30 }),
      lines: fc.array(
        fc.constantFrom('\t{CVE-2017-1000}', '   [sid] - a 1.0', '\tNOTE: x', '', '-- ', 'STOP:', '\tTODO'),
        {
          maxLength: 5,
        },
      ),
    });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), (entries) => {
        const text = entries
          .map(({ number, lines }) => [`[01 Jan 2017] DSA-${number}-1 a - b`, ...lines].join('\n'))
          .join('\n');
        const file = fileOf(LIST, `${text}\n`);
        const documents = [...dsaList.split(file)];
        assertPieces(file, documents);
        assert.equal(documents.length, entries.length);
        assert.equal(new Set(documents.map(({ key }) => key)).size, entries.length);
        for (const [index, { number, lines }] of entries.entries()) {
          const { key, bytes } = documents[index] ?? { key: '', bytes: Buffer.alloc(0) };
          assert.equal(key.split('#')[0], `DSA-${number}-1`);
          const own = lines.filter((line) => /^\s+\S/.test(line));
          assert.ok(own.every((line) => bytes.includes(line)));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a repeated key is told apart from the end, where old entries stay', () => {
    const twice = '[02 Jan 2017] DSA-1-1 a - b\n[01 Jan 2017] DSA-1-1 c - d\n';
    const keys = [...dsaList.split(fileOf(LIST, twice))].map(({ key }) => key);
    assert.deepEqual(keys, ['DSA-1-1#2', 'DSA-1-1']);
  });

  test('2,000 wounded lists are read or refused, nothing else', () => {
    const [refused, read] = woundAll(dsaList, [fileOf(LIST, SAMPLE)]);
    assert.ok(refused > 300 && read > 300, `${refused} refused, ${read} read`);
  });

  test('recognises lists by where they are or how they begin', () => {
    assert.ok(dsaList.recognises('x.tar.gz!/security-tracker-master/data/DSA/list', ''));
    assert.ok(dsaList.recognises('dsa.txt', SAMPLE));
    assert.ok(!dlaList.recognises('dsa.txt', SAMPLE));
    assert.ok(!dsaList.recognises('data/CPE/list', 'a2ps;cpe:/a:gnu:a2ps\n'));
  });

  test('real: DSA-3896-1 and DLA-1009-1', { skip: noCorpus }, () => {
    const cves = ['CVE-2017-3167', 'CVE-2017-3169', 'CVE-2017-7668', 'CVE-2017-7679'];
    const common = {
      kind: 'advisory',
      title: 'apache2 -- security update',
      modified: null,
      cvss: [],
      vulnerabilities: cves,
      aliases: [],
      cites: [],
      weaknesses: [],
    };
    const find = (file: string, key: string) => {
      const format = file.startsWith('DSA') ? dsaList : dlaList;
      const path = ['security-tracker', 'data', file, 'list'];
      return readFile(format, realFile('debian', ...path)).reports.find((report) => report.key === key);
    };
    assert.deepEqual(find('DSA', 'DSA-3896-1'), {
      ...common,
      key: 'DSA-3896-1',
      published: '2017-06-22',
      url: 'https://www.debian.org/security/2017/dsa-3896',
      affected: [
        fixedRow('apache2', 'jessie', '2.4.10-10+deb8u9'),
        fixedRow('apache2', 'stretch', '2.4.25-3+deb9u1'),
      ],
      links: [
        { url: 'https://www.debian.org/security/2017/dsa-3896', kind: 'advisory', id: 'DSA-3896-1' },
        { url: 'https://security-tracker.debian.org/tracker/DSA-3896-1', kind: 'advisory', id: 'DSA-3896-1' },
      ],
    });
    assert.deepEqual(find('DLA', 'DLA-1009-1'), {
      ...common,
      key: 'DLA-1009-1',
      published: '2017-07-02',
      url: 'https://www.debian.org/lts/security/2017/dla-1009',
      affected: [fixedRow('apache2', 'wheezy', '2.2.22-13+deb7u9')],
      links: [
        { url: 'https://www.debian.org/lts/security/2017/dla-1009', kind: 'advisory', id: 'DLA-1009-1' },
        { url: 'https://security-tracker.debian.org/tracker/DLA-1009-1', kind: 'advisory', id: 'DLA-1009-1' },
      ],
    });
  });

  test('real: announcements and entries with slips', { skip: noCorpus }, () => {
    const { reports } = readFile(dsaList, realFile('debian', 'security-tracker', 'data', 'DSA', 'list'));
    const byKey = new Map(reports.map((report) => [report.key, report]));
    assert.equal(byKey.get('DSA-3281-1')?.title, 'Debian Security Team PGP/GPG key change notice');
    assert.equal(byKey.get('DSA-4205-1')?.title, 'jessie end-of-life');
    assert.deepEqual(byKey.get('DSA-4205-1')?.affected, []);
    assert.equal(byKey.get('DSA-1099-1')?.title, 'horde2 -- missing input sanitising');
    assert.equal(byKey.get('DSA-140')?.affected[1]?.fixed, '1.2.1-1.1.woody.2');
    assert.equal(byKey.get('DSA-423')?.affected[0]?.fixed, undefined);
    assert.deepEqual(byKey.get('DSA-5356-2')?.vulnerabilities, []);
  });
});
