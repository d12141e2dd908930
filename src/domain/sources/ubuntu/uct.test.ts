import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fileOf, noCorpus, onlyProblem, onlyReport, realFile } from '../testing.ts';
import { woundAll } from '../wounding.ts';
import { uct } from './uct.ts';

const PATH = 'active/CVE-2017-90001';

const SAMPLE = `PublicDateAtUSN: 2017-06-19
Candidate: CVE-2017-90001
PublicDate: 2017-06-20 01:29:00 UTC
References:
 https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2017-90001
 https://usn.ubuntu.com/usn/usn-9340-1
 http://www.openwall.com/lists/oss-security/2017/06/19/1
Description:
 The frobd daemon before 2.0 frobs too much,

 and then some.
Ubuntu-Description:
Notes:
 somebody> only with the frob module
  that is off by default
Mitigation:
Bugs:
 https://launchpad.net/bugs/1698919
Priority: negligible
 Only in theory.
Discovered-by: Somebody
Assigned-to:
CVSS:
 nvd: CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H [9.8 CRITICAL]

#Patches_PKG:
Tags_frobd: universe-binary
Patches_frobd:
 usptream: https://github.com/frob/frob/commit/0123456789abcdef (2.0)
 other: https://lists.example.org/frob/1
 upstream: https://bugs.example.org/show_bug.cgi?id=9
 debdiff: https://bugs.example.org/attachment.cgi?id=10
upstream_frobd: released (2.0)
precise/esm_frobd: released-esm (1.0-1ubuntu1.1)
trusty_frobd : released ( 1.2-1ubuntu1.1 )
xenial_frobd: needed
yakkety_frobd: needs-triage
zesty_frobd: deferred (2017-07-01)
artful_frobd: pending (2.0-1ubuntu0.1)
bionic_frobd: not-affected (2.1-1)
cosmic_frobd: ignored (reached end-of-life)
disco_frobd: not-affected (code not present)
vivid_frobd: DNE
devel_frobd:

Priority_linux_trusty: low
Patches_linux:
 break-fix: 1da177e4c3f41524e886b7f1b8a0c1fc7321cac2 320b2b8de12698082609ebbc1a17165727f4c893|local-2017-90001-fix
 break-fix; - 1be7107fbe18eed3e319a6c3e83c78254b693acb
 break-fix: - -
upstream_linux: released (4.12~rc6)
product_linux-krillin: needed
`;

describe('ubuntu: the CVE tracker', () => {
  test('a file with every kind of line', () => {
    const report = onlyReport(uct, fileOf(PATH, SAMPLE));
    const { affected, links, description, ...rest } = report;
    assert.deepEqual(rest, {
      key: 'CVE-2017-90001',
      kind: 'tracker',
      title: 'frobd, linux -- The frobd daemon before 2.0 frobs too much, and then some.',
      published: '2017-06-19',
      modified: null,
      url: 'https://ubuntu.com/security/CVE-2017-90001',
      severity: 'low',
      severityAs: 'negligible',
      cvss: [
        { version: '3.0', vector: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8, by: 'nvd' },
      ],
      vulnerabilities: ['CVE-2017-90001'],
      aliases: [],
      cites: ['USN-9340-1'],
      weaknesses: [],
    });
    assert.match(
      description ?? '',
      /frobs too much,\nand then some\.\n\nsomebody> only with the frob module\nthat is off/,
    );
    assert.deepEqual(
      affected.map(({ release, status, fixed, note }) => [release, status, fixed, note]),
      [
        ['upstream', 'fixed', '2.0', undefined],
        ['precise/esm', 'fixed', '1.0-1ubuntu1.1', 'extended maintenance only'],
        ['trusty', 'fixed', '1.2-1ubuntu1.1', undefined],
        ['xenial', 'affected', undefined, undefined],
        ['yakkety', 'under_investigation', undefined, undefined],
        ['zesty', 'postponed', undefined, '2017-07-01'],
        ['artful', 'affected', '2.0-1ubuntu0.1', 'update pending'],
        ['bionic', 'not_affected', undefined, 'since 2.1-1'],
        ['cosmic', 'wont_fix', undefined, 'reached end-of-life'],
        ['disco', 'not_affected', undefined, 'code not present'],
        ['upstream', 'fixed', '4.12~rc6', undefined],
        ['product', 'affected', undefined, undefined],
      ],
    );
    assert.deepEqual(affected[0], {
      ecosystem: 'ubuntu',
      name: 'frobd',
      release: 'upstream',
      status: 'fixed',
      fixed: '2.0',
      versions: {
        scheme: 'deb',
        affected: [{ max: '2.0' }],
        unaffected: [{ min: '2.0' }],
        otherwise: 'unknown',
      },
    });
    assert.deepEqual(affected[7]?.versions, {
      scheme: 'deb',
      affected: [],
      unaffected: [{ min: '2.1-1' }],
      otherwise: 'unknown',
    });
    assert.deepEqual(links, [
      { url: 'https://github.com/frob/frob/commit/0123456789abcdef', kind: 'patch', note: 'usptream (2.0)' },
      { url: 'https://lists.example.org/frob/1', kind: 'web', note: 'other' },
      { url: 'https://bugs.example.org/show_bug.cgi?id=9', kind: 'bug' },
      { url: 'https://bugs.example.org/attachment.cgi?id=10', kind: 'patch', note: 'debdiff' },
      {
        url: 'https://git.kernel.org/linus/320b2b8de12698082609ebbc1a17165727f4c893',
        kind: 'patch',
        note: 'introduced by 1da177e4c3f41524e886b7f1b8a0c1fc7321cac2',
      },
      { url: 'https://git.kernel.org/linus/1be7107fbe18eed3e319a6c3e83c78254b693acb', kind: 'patch' },
      { url: 'https://usn.ubuntu.com/usn/usn-9340-1', kind: 'advisory', id: 'USN-9340-1' },
      { url: 'http://www.openwall.com/lists/oss-security/2017/06/19/1', kind: 'web' },
      { url: 'https://launchpad.net/bugs/1698919', kind: 'bug' },
    ]);
  });

  test('the date that was agreed on goes before the others', () => {
    const withCrd = SAMPLE.replace('Candidate:', 'CRD: 2018-01-03 14:00:00 CEST\nCandidate:');
    assert.equal(onlyReport(uct, fileOf(PATH, withCrd)).published, '2018-01-03T12:00:00Z');
    const onlyPublic = SAMPLE.replace('PublicDateAtUSN: 2017-06-19\n', 'CRD:\n');
    assert.equal(onlyReport(uct, fileOf(PATH, onlyPublic)).published, '2017-06-20T01:29:00Z');
  });

  test('what became of the id', () => {
    const rejected = SAMPLE.replace(' The frobd daemon', ' ** REJECT ** The frobd daemon');
    assert.equal(onlyReport(uct, fileOf(PATH, rejected)).state, 'rejected');
    const untriaged = SAMPLE.replace('negligible', 'untriaged');
    assert.equal(onlyReport(uct, fileOf(PATH, untriaged)).severityAs, undefined);
  });

  test('the key is the CVE, wherever the file lies', () => {
    for (const folder of ['active', 'retired', 'x.tar.gz!/ignored']) {
      const file = fileOf(`${folder}/CVE-2017-90001`, SAMPLE);
      assert.ok(uct.recognises(file.path, ''));
      assert.deepEqual(
        [...uct.split(file)].map(({ key }) => key),
        ['CVE-2017-90001'],
      );
    }
  });

  test('boilerplates and lists are none of it', () => {
    assert.ok(!uct.recognises('active/00boilerplate', 'Candidate: \nPublicDate: \n'));
    assert.ok(!uct.recognises('ignored/not-for-us.txt', 'CVE-2017-90001 # x\n'));
  });

  test('problems', () => {
    const problem = (from: string, to: string) => onlyProblem(uct, fileOf(PATH, SAMPLE.replace(from, to)));
    assert.equal(problem('2017-06-20 01:29:00 UTC', 'unknown'), 'bad-date at PublicDate');
    assert.equal(problem('2017-06-19\n', '2017-06-31\n'), 'bad-date at PublicDateAtUSN');
    assert.equal(problem('PublicDate: 2017-06-20 01:29:00 UTC\n', ''), 'missing-field at PublicDate');
    assert.equal(problem('Candidate: CVE-2017-90001\n', ''), 'missing-field at Candidate');
    assert.equal(problem('Candidate: CVE-2017-90001', 'Candidate: CVE-2017-XXXX'), 'bad-id at Candidate');
    assert.equal(problem('Candidate: CVE-2017-90001', 'Candidate: CVE-2017-90002'), 'bad-id at Candidate');
    assert.equal(problem('xenial_frobd: needed', 'xenial_frobd: maybe'), 'bad-grammar at line 36');
    assert.equal(problem('xenial_frobd: needed', 'what is this'), 'bad-grammar at line 36');
    assert.equal(onlyProblem(uct, fileOf(PATH, SAMPLE.trimEnd())), 'truncated at line 52');
    assert.equal(onlyProblem(uct, fileOf(PATH, '')), `empty at ${PATH}`);
    assert.equal(onlyProblem(uct, fileOf(PATH, '<html>503</html>')), `html at ${PATH}`);
    const latin1 = Buffer.from(SAMPLE.replace('Somebody', 'Jos\xe9'), 'latin1');
    assert.equal(onlyProblem(uct, fileOf(PATH, latin1)), 'bad-encoding at line 21');
    assert.equal(
      onlyProblem(uct, fileOf('active/CVE-2023-XXXX', SAMPLE.replaceAll('CVE-2017-90001', 'CVE-2023-XXXX'))),
      'bad-id at Candidate',
    );
  });

  test('law: a status line is kept unless the release lacks the package', () => {
    const word = fc.constantFrom(
      'needed',
      'DNE',
      'released (1.0)',
      'ignored (x)',
      'not-affected',
      'needs-triage',
    );
    const release = fc.constantFrom('xenial', 'trusty/esm', 'upstream', 'devel', 'esm-infra/bionic');
    const name = fc.stringMatching(/^[a-z][a-z0-9.+-]{0,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(release, name, word), { maxLength: 20 }), (lines) => {
        const text = SAMPLE.slice(0, SAMPLE.indexOf('#Patches_PKG'));
        const statuses = lines.map(([where, what, status]) => `${where}_${what}: ${status}\n`).join('');
        const { affected } = onlyReport(uct, fileOf(PATH, text + statuses));
        assert.deepEqual(
          affected.map((row) => [row.release, row.name]),
          lines.filter(([, , status]) => status !== 'DNE').map(([where, what]) => [where, what]),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('2,000 wounded files are read or refused, nothing else', () => {
    const [refused, read] = woundAll(uct, [fileOf(PATH, SAMPLE)], 4);
    assert.ok(refused > 300 && read > 300, `${refused} refused, ${read} read`);
  });

  test('real: CVE-2017-3167', { skip: noCorpus }, () => {
    const report = onlyReport(uct, realFile('ubuntu', 'uct', 'retired', 'CVE-2017-3167'));
    const { title, description, affected, links, ...rest } = report;
    assert.ok(title.startsWith('apache2 -- ') && description !== undefined);
    assert.deepEqual(rest, {
      key: 'CVE-2017-3167',
      kind: 'tracker',
      published: '2017-06-19',
      modified: null,
      url: 'https://ubuntu.com/security/CVE-2017-3167',
      severity: 'medium',
      severityAs: 'medium',
      cvss: [
        { version: '3.0', vector: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8, by: 'nvd' },
      ],
      vulnerabilities: ['CVE-2017-3167'],
      aliases: [],
      cites: ['USN-3340-1', 'USN-3373-1'],
      weaknesses: [],
    });
    assert.deepEqual(
      affected.map(({ name, release, status, fixed }) => [name, release, status, fixed]),
      [
        ['apache2', 'upstream', 'affected', undefined],
        ['apache2', 'precise/esm', 'fixed', '2.2.22-1ubuntu1.12'],
        ['apache2', 'trusty', 'fixed', '2.4.7-1ubuntu4.16'],
        ['apache2', 'trusty/esm', 'fixed', '2.4.7-1ubuntu4.16'],
        ['apache2', 'xenial', 'fixed', '2.4.18-2ubuntu3.3'],
        ['apache2', 'yakkety', 'fixed', '2.4.18-2ubuntu4.2'],
        ['apache2', 'zesty', 'fixed', '2.4.25-3ubuntu2.1'],
        ['apache2', 'devel', 'fixed', '2.4.27-2ubuntu2'],
      ],
    );
    assert.deepEqual(
      links.map(({ kind, url }) => [kind, new URL(url).hostname]),
      [
        ['patch', 'www.apache.org'],
        ['patch', 'github.com'],
        ['patch', 'github.com'],
        ['web', 'lists.apache.org'],
        ['advisory', 'usn.ubuntu.com'],
        ['advisory', 'usn.ubuntu.com'],
      ],
    );
    assert.equal(links[1]?.note, '(2.4)');
  });

  test('real: CVE-2017-1000364, a kernel', { skip: noCorpus }, () => {
    const report = onlyReport(uct, realFile('ubuntu', 'uct', 'retired', 'CVE-2017-1000364'));
    assert.equal(report.published, '2017-06-19T15:00:00Z');
    assert.equal(report.severity, 'high');
    assert.deepEqual(report.links[0], {
      url: 'https://git.kernel.org/linus/1be7107fbe18eed3e319a6c3e83c78254b693acb',
      kind: 'patch',
      note: 'introduced by 320b2b8de12698082609ebbc1a17165727f4c893',
    });
    const xenial = report.affected.find(({ name, release }) => name === 'linux' && release === 'xenial');
    assert.equal(xenial?.fixed, '4.4.0-81.104');
    assert.ok(report.affected.every(({ name }) => name === 'linux' || name.startsWith('linux-')));
    assert.deepEqual(report.cites.slice(0, 2), ['USN-3324-1', 'USN-3325-1']);
    assert.equal(report.cites.length, 14);
  });

  test('real: patches by their labels, and the bugs', { skip: noCorpus }, () => {
    const heartbleed = onlyReport(uct, realFile('ubuntu', 'uct', 'retired', 'CVE-2014-0160'));
    assert.ok(heartbleed.links.some(({ kind }) => kind === 'patch'));
    assert.ok(heartbleed.cites.includes('USN-2165-1'));
    const dirtyCow = onlyReport(uct, realFile('ubuntu', 'uct', 'retired', 'CVE-2016-5195'));
    assert.ok(
      dirtyCow.links.some(
        ({ kind, url }) =>
          kind === 'patch' && url.endsWith('/linus/19be0eaffa3ac7d8eb6784ad9bdbc7d67ed8e619'),
      ),
    );
  });
});
