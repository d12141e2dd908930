import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { assertPieces, fileOf, noCorpus, onlyProblem, onlyReport, readFile, realFile } from '../testing.ts';
import { woundAll } from '../wounding.ts';
import { trackerJson } from './tracker-json.ts';

const PATH = 'tracker/data/json';

function release(status: string, more: Record<string, string> = {}) {
  return { status, repositories: { sid: '1.0-1' }, urgency: 'not yet assigned', ...more };
}

const SAMPLE = {
  frobd: {
    'CVE-2023-90006': {
      description: 'A problem in frobd.',
      debianbug: 900123,
      scope: 'remote',
      releases: {
        sid: release('resolved', { fixed_version: '2.0-1', urgency: 'medium' }),
        bookworm: release('open', { nodsa: 'Minor issue', nodsa_reason: '', urgency: 'low**' }),
        bullseye: release('open', { nodsa: 'Too invasive', nodsa_reason: 'ignored' }),
        buster: release('open', { nodsa: 'Later', nodsa_reason: 'postponed' }),
        stretch: release('open', { urgency: 'end-of-life' }),
        jessie: release('resolved', { fixed_version: '0', urgency: 'unimportant' }),
        wheezy: release('undetermined'),
      },
    },
    'TEMP-0000000-0CA7E3': { releases: { sid: release('resolved', { fixed_version: '0' }) } },
  },
};

function text(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

describe('debian: the tracker as JSON', () => {
  test('one package with one vulnerability, release by release', () => {
    const [report] = readFile(trackerJson, fileOf(PATH, text(SAMPLE))).reports;
    assert.equal(report?.key, 'frobd/CVE-2023-90006');
    assert.equal(report?.kind, 'tracker');
    assert.equal(report?.title, 'frobd -- A problem in frobd.');
    assert.equal(report?.url, 'https://security-tracker.debian.org/tracker/CVE-2023-90006');
    assert.equal(report?.severity, 'medium');
    assert.deepEqual(report?.vulnerabilities, ['CVE-2023-90006']);
    assert.deepEqual(report?.links, [{ url: 'https://bugs.debian.org/900123', kind: 'bug' }]);
    const row = { ecosystem: 'debian', name: 'frobd' };
    assert.deepEqual(report?.affected, [
      {
        ...row,
        release: 'sid',
        status: 'fixed',
        fixed: '2.0-1',
        versions: {
          scheme: 'deb',
          affected: [{ max: '2.0-1' }],
          unaffected: [{ min: '2.0-1' }],
          otherwise: 'unknown',
        },
      },
      { ...row, release: 'bookworm', status: 'affected', note: 'Minor issue' },
      { ...row, release: 'bullseye', status: 'wont_fix', note: 'Too invasive' },
      { ...row, release: 'buster', status: 'postponed', note: 'Later' },
      { ...row, release: 'stretch', status: 'wont_fix', note: 'end of life' },
      { ...row, release: 'jessie', status: 'not_affected' },
      { ...row, release: 'wheezy', status: 'under_investigation' },
    ]);
  });

  test('a provisional id is a key, and no vulnerability', () => {
    const [, report] = readFile(trackerJson, fileOf(PATH, text(SAMPLE))).reports;
    assert.equal(report?.key, 'frobd/TEMP-0000000-0CA7E3');
    assert.deepEqual(report?.vulnerabilities, []);
    assert.equal(report?.severity, undefined);
  });

  test('problems', () => {
    const entry = { releases: { sid: release('open') } };
    const one = (id: string, value: unknown) => fileOf(PATH, text({ frobd: { [id]: value } }));
    assert.equal(onlyProblem(trackerJson, one('CVE-2023-XXXX', entry)), 'bad-id at (key)');
    assert.equal(onlyProblem(trackerJson, one('CVE-2023-90006', {})), 'missing-field at releases');
    assert.equal(
      onlyProblem(trackerJson, one('CVE-2023-90006', { releases: { sid: { status: 'odd' } } })),
      'wrong-type at releases.sid.status',
    );
    assert.equal(
      onlyProblem(trackerJson, one('CVE-2023-90006', { releases: { sid: {} } })),
      'missing-field at releases.sid.status',
    );
    const whole = text({ frobd: { 'CVE-2023-90006': entry } });
    assert.match(onlyProblem(trackerJson, fileOf(PATH, whole.slice(0, -4))), /^truncated at byte \d+$/);
    assert.match(onlyProblem(trackerJson, fileOf(PATH, '{"frobd": [1]}')), /^wrong-type at byte/);
    assert.equal(onlyProblem(trackerJson, fileOf(PATH, '{}')), 'empty at (root)');
    assert.equal(onlyProblem(trackerJson, fileOf(PATH, ' <!doctype html>')), `html at ${PATH}`);
  });

  test('law: a document for each package and vulnerability, in order', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9+.-]{1,8}$/).filter((word) => word !== '__proto__');
    const id = fc.integer({ min: 1000, max: 9_999_999 }).map((number) => `CVE-2023-${number}`);
    const entry = fc.record({ description: fc.string(), releases: fc.constant({ sid: release('open') }) });
    const tracker = fc.dictionary(name, fc.dictionary(id, entry, { minKeys: 1, maxKeys: 4 }), {
      minKeys: 1,
      maxKeys: 6,
    });
    fc.assert(
      fc.property(tracker, (value) => {
        const file = fileOf(PATH, text(value));
        const { documents, problems } = readFile(trackerJson, file);
        assertPieces(file, documents);
        assert.deepEqual(problems, []);
        const expected = Object.entries(value).flatMap(([pkg, ids]) =>
          Object.keys(ids).map((each) => `${pkg}/${each}`),
        );
        assert.deepEqual(
          documents.map(({ key }) => key),
          expected,
        );
      }),
      { numRuns: 200 },
    );
  });

  test('2,000 wounded files are read or refused, nothing else', () => {
    const [refused, read] = woundAll(trackerJson, [fileOf(PATH, text(SAMPLE))], 3);
    assert.ok(refused > 300 && read > 300, `${refused} refused, ${read} read`);
  });

  test('real: an entry that is ignored in one release', { skip: noCorpus }, () => {
    const { reports } = readFile(trackerJson, realFile('debian', 'tracker-json', 'vuls-sample.json'));
    const report = reports.find(({ key }) => key === '389-ds-base/CVE-2016-5416');
    assert.deepEqual(
      report?.affected.map(({ release: name, status, note }) => [name, status, note]),
      [
        ['bullseye', 'wont_fix', 'Minor issue'],
        ['sid', 'affected', undefined],
      ],
    );
    assert.deepEqual(report?.links, [{ url: 'https://bugs.debian.org/834233', kind: 'bug' }]);
    const fixed = reports.find(({ key }) => key === '389-ds-base/CVE-2016-5405');
    assert.deepEqual(
      fixed?.affected.map((row) => [row.release, row.fixed]),
      [
        ['bullseye', '1.3.5.15-1'],
        ['sid', '1.3.5.15-1'],
      ],
    );
  });

  test('a resolved entry without a version stays fixed', () => {
    const file = fileOf(
      PATH,
      text({ frobd: { 'CVE-2015-90001': { releases: { wheezy: release('resolved') } } } }),
    );
    assert.deepEqual(onlyReport(trackerJson, file).affected, [
      { ecosystem: 'debian', name: 'frobd', release: 'wheezy', status: 'fixed' },
    ]);
  });
});
