import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileOf, noCorpus, onlyProblem, onlyReport, realFile } from '../testing.ts';
import { woundAll } from '../wounding.ts';
import { glsa } from './glsa.ts';

const PATH = 'metadata/glsa/glsa-201710-99.xml';

const SAMPLE = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE glsa SYSTEM "http://www.gentoo.org/dtd/glsa.dtd">
<glsa id="201710-99">
  <title>Frobd: Multiple
    vulnerabilities</title>
  <synopsis>Frobd frobs &amp; frobs.
  </synopsis>
  <product type="ebuild">frobd</product>
  <announced>2017-10-29</announced>
  <revised count="2">2017-11-01</revised>
  <bug>622240</bug>
  <bug>624868</bug>
  <access>local, remote</access>
  <affected>
    <package name="www-servers/frobd" auto="yes" arch="*">
      <unaffected range="ge">2.4.27-r1</unaffected>
      <unaffected range="rge">2.2.34-r2</unaffected>
      <vulnerable range="lt">2.4.27-r1</vulnerable>
    </package>
    <package name="www-servers/frobd-bin" auto="no" arch="amd64 x86">
      <vulnerable range="le">1.0</vulnerable>
    </package>
  </affected>
  <background><p>CVE-2017-90009 is not ours.</p></background>
  <description>
    <p>Found:</p>
    <ul><li>one <b>thing</b></li><li>CVE-2017-90008 is another</li></ul>
  </description>
  <impact type="normal"><p>Frobbing.</p></impact>
  <workaround><p>There is no known workaround at this time.</p></workaround>
  <resolution><p>Upgrade.</p><code># emerge --sync</code></resolution>
  <references>
    <uri link="https://nvd.nist.gov/nvd.cfm?cvename=CVE-2017-90001">
      CVE-2017-90001
    </uri>
    <uri link="https://cve.mitre.org/cgi-bin/cvename.cgi?name=CAN-2004-0542">CAN-2004-0542 (under review)</uri>
    <uri link="https://cve.mitre.org/cgi-bin/cvename.cgi?name=CAN-2004-0543">CVE</uri>
    <uri link="https://nvd.nist.gov/nvd.cfm?cvename=CVE-2017-90003">CVE-2017-90002</uri>
    <uri>CVE-2017-90001, CVE-2017-90004</uri>
    <uri link="https://security.gentoo.org/glsa/201709-01">GLSA 201709-01</uri>
    <uri link="https://frob.example/news/">Release notes 2.4.27</uri>
    <uri link="javascript:alert(1)">Click</uri>
  </references>
  <metadata tag="submitter" timestamp="2017-10-29T23:04:17Z">somebody</metadata>
</glsa>
`;

function changed(from: string, to: string) {
  assert.ok(SAMPLE.includes(from), from);
  return fileOf(PATH, SAMPLE.replace(from, to));
}

describe('gentoo: GLSA', () => {
  test('an advisory', () => {
    assert.deepEqual(onlyReport(glsa, fileOf(PATH, SAMPLE)), {
      key: 'GLSA-201710-99',
      kind: 'advisory',
      title: 'Frobd: Multiple vulnerabilities',
      description: 'Frobd frobs & frobs.\n\nFound:\n- one thing\n- CVE-2017-90008 is another\n\nFrobbing.',
      published: '2017-10-29',
      modified: '2017-11-01',
      url: 'https://security.gentoo.org/glsa/201710-99',
      severity: 'medium',
      severityAs: 'normal (local, remote)',
      cvss: [],
      vulnerabilities: [
        'CVE-2017-90001',
        'CVE-2004-0542',
        'CVE-2004-0543',
        'CVE-2017-90002',
        'CVE-2017-90004',
      ],
      aliases: [],
      affected: [
        {
          ecosystem: 'gentoo',
          name: 'www-servers/frobd',
          status: 'fixed',
          fixed: '2.4.27-r1',
          versions: {
            scheme: 'gentoo',
            affected: [{ max: '2.4.27-r1' }],
            unaffected: [
              { min: '2.4.27-r1' },
              { min: '2.2.34-r2', max: '2.2.34-r999999999', maxInclusive: true },
            ],
            otherwise: 'unknown',
          },
        },
        {
          ecosystem: 'gentoo',
          name: 'www-servers/frobd-bin',
          status: 'affected',
          versions: {
            scheme: 'gentoo',
            affected: [{ max: '1.0', maxInclusive: true }],
            unaffected: [],
            otherwise: 'unknown',
          },
          note: 'only on amd64 x86',
        },
      ],
      links: [
        { url: 'https://security.gentoo.org/glsa/201710-99', kind: 'advisory', id: 'GLSA-201710-99' },
        { url: 'https://bugs.gentoo.org/622240', kind: 'bug' },
        { url: 'https://bugs.gentoo.org/624868', kind: 'bug' },
        {
          url: 'https://security.gentoo.org/glsa/201709-01',
          kind: 'advisory',
          id: 'GLSA-201709-01',
          note: 'GLSA 201709-01',
        },
        { url: 'https://frob.example/news/', kind: 'web', note: 'Release notes 2.4.27' },
      ],
      cites: ['GLSA-201709-01'],
      weaknesses: [],
    });
  });

  test('the date of the revision, as it was written over the years', () => {
    const revised = '<revised count="2">2017-11-01</revised>';
    for (const [written, date] of [
      ['<revised>2017-06-07: 1</revised>', '2017-06-07'],
      ['<revised count="02">May 22, 2006</revised>', '2006-05-22'],
      ['<revised>May 22, 2006: 02</revised>', '2006-05-22'],
      ['<revised>\n 2017-06-07 \n</revised>', '2017-06-07'],
    ] as const)
      assert.equal(onlyReport(glsa, changed(revised, written)).modified, date);
    assert.equal(
      onlyReport(glsa, changed('<announced>2017-10-29', '<announced>October 29, 2017')).published,
      '2017-10-29',
    );
  });

  test('slots, in an attribute or behind the version', () => {
    const ranges = `<unaffected range="ge">2.4.27-r1</unaffected>
      <unaffected range="rge">2.2.34-r2</unaffected>
      <vulnerable range="lt">2.4.27-r1</vulnerable>`;
    const slotted = `<unaffected range="ge" slot="5">5.15.1</unaffected>
      <unaffected range="ge">6.9.3:6</unaffected>
      <vulnerable range="lt" slot="5">5.15.1</vulnerable>
      <vulnerable range="lt">6.9.3:6</vulnerable>`;
    const { affected } = onlyReport(glsa, changed(ranges, slotted));
    assert.deepEqual(
      affected.map(({ release, fixed }) => [release, fixed]),
      [
        ['slot:5', '5.15.1'],
        ['slot:6', '6.9.3'],
        [undefined, undefined],
      ],
    );
  });

  test('problems', () => {
    const problem = (from: string, to: string) => onlyProblem(glsa, changed(from, to));
    assert.equal(problem('<announced>2017-10-29', '<announced>unknown'), 'bad-date at glsa/announced');
    assert.equal(problem('>2017-11-01<', '>2017-11-31: 1<'), 'bad-date at glsa/revised');
    assert.equal(problem('<announced>2017-10-29</announced>', ''), 'missing-field at glsa/announced');
    assert.equal(problem(' id="201710-99"', ''), 'missing-field at glsa/@id');
    assert.equal(problem(' id="201710-99"', ' id="2017"'), 'bad-id at glsa/@id');
    assert.equal(problem(' id="201710-99"', ' id="201710-98"'), 'bad-id at glsa/@id');
    assert.equal(problem('www-servers/frobd"', 'frobd"'), 'bad-grammar at glsa/affected/package/@name');
    assert.equal(problem('range="lt"', 'range="about"'), 'bad-grammar at package www-servers/frobd');
    assert.equal(problem('>2.4.27-r1</unaff', '>soon</unaff'), 'bad-grammar at package www-servers/frobd');
    assert.match(problem('</title>', ''), /^bad-xml at line/);
    assert.match(problem('&amp;', '&frob;'), /^bad-xml at line 6/);
    assert.match(problem('<glsa id', '<glsa id="1" id'), /^bad-xml at line 3/);
    assert.match(onlyProblem(glsa, fileOf(PATH, '<?xml version="1.0"?>\n<other/>')), /^wrong-type at other$/);
    assert.match(onlyProblem(glsa, fileOf(PATH, SAMPLE.slice(0, 900))), /^truncated at line/);
    assert.match(onlyProblem(glsa, fileOf(PATH, SAMPLE.slice(0, -8))), /^truncated at line/);
    assert.equal(onlyProblem(glsa, fileOf(PATH, '')), `empty at ${PATH}`);
    assert.equal(onlyProblem(glsa, fileOf(PATH, '<!DOCTYPE html><html></html>')), `html at ${PATH}`);
    const latin1 = Buffer.from(SAMPLE.replace('somebody', 'Jos\xe9'), 'latin1');
    assert.equal(onlyProblem(glsa, fileOf(PATH, latin1)), 'bad-encoding at line 44');
  });

  test('a document type with declarations of its own is refused, before anything is expanded', () => {
    const bomb = `<!DOCTYPE glsa [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}">]>`;
    const file = changed('<!DOCTYPE glsa SYSTEM "http://www.gentoo.org/dtd/glsa.dtd">', bomb);
    assert.match(onlyProblem(glsa, file), /^bad-xml at line 2/);
  });

  test('nesting without end is refused', () => {
    const deep = changed('<p>Found:</p>', `${'<p>'.repeat(5000)}${'</p>'.repeat(5000)}`);
    assert.match(onlyProblem(glsa, deep), /^bad-xml at line/);
  });

  test('recognises advisories, and not what lies beside them', () => {
    assert.ok(glsa.recognises('glsa-all.tar.gz!/metadata/glsa/glsa-200310-03.xml', ''));
    assert.ok(glsa.recognises('somewhere', SAMPLE));
    for (const name of ['Manifest', 'Manifest.files.gz', 'timestamp.chk', 'timestamp.commit'])
      assert.ok(!glsa.recognises(`metadata/glsa/${name}`, 'MANIFEST Manifest.files.gz 607306'));
  });

  test('the document is the whole file', () => {
    const [document, ...others] = glsa.split(fileOf('x', SAMPLE));
    assert.deepEqual(others, []);
    assert.equal(document?.key, 'GLSA-201710-99');
    assert.equal(document?.bytes.toString(), SAMPLE);
  });

  test('2,000 wounded advisories are read or refused, nothing else', () => {
    const [refused, read] = woundAll(glsa, [fileOf(PATH, SAMPLE)], 7);
    assert.ok(refused > 300 && read > 100, `${refused} refused, ${read} read`);
  });

  test('real: GLSA-201710-32 in both forms of the schema', { skip: noCorpus }, () => {
    const today = onlyReport(glsa, realFile('gentoo', 'glsa', 'glsa-201710-32.xml'));
    assert.deepEqual(onlyReport(glsa, realFile('gentoo', 'glsa-2017-form', 'glsa-201710-32.xml')), today);
    const { description, ...rest } = today;
    assert.ok(description !== undefined);
    assert.deepEqual(rest, {
      key: 'GLSA-201710-32',
      kind: 'advisory',
      title: 'Apache: Multiple vulnerabilities',
      published: '2017-10-29',
      modified: '2017-10-29',
      url: 'https://security.gentoo.org/glsa/201710-32',
      severity: 'medium',
      severityAs: 'normal (remote)',
      cvss: [],
      vulnerabilities: [
        'CVE-2017-3167',
        'CVE-2017-3169',
        'CVE-2017-7659',
        'CVE-2017-7668',
        'CVE-2017-7679',
        'CVE-2017-9788',
        'CVE-2017-9789',
        'CVE-2017-9798',
      ],
      aliases: [],
      affected: [
        {
          ecosystem: 'gentoo',
          name: 'www-servers/apache',
          status: 'fixed',
          fixed: '2.4.27-r1',
          versions: {
            scheme: 'gentoo',
            affected: [{ max: '2.4.27-r1' }],
            unaffected: [{ min: '2.4.27-r1' }],
            otherwise: 'unknown',
          },
        },
      ],
      links: [
        { url: 'https://security.gentoo.org/glsa/201710-32', kind: 'advisory', id: 'GLSA-201710-32' },
        { url: 'https://bugs.gentoo.org/622240', kind: 'bug' },
        { url: 'https://bugs.gentoo.org/624868', kind: 'bug' },
        { url: 'https://bugs.gentoo.org/631308', kind: 'bug' },
      ],
      cites: [],
      weaknesses: [],
    });
  });

  test('real: the oldest, whose CVE was a candidate', { skip: noCorpus }, () => {
    const report = onlyReport(glsa, realFile('gentoo', 'glsa', 'glsa-200310-03.xml'));
    assert.deepEqual(report.vulnerabilities, ['CVE-2003-0542']);
    assert.equal(report.modified, '2007-12-30');
    assert.equal(report.affected[0]?.fixed, '1.3.29');
    const old = onlyReport(glsa, realFile('gentoo', 'glsa-2017-form', 'glsa-200310-03.xml'));
    assert.deepEqual(old.vulnerabilities, report.vulnerabilities);
    assert.equal(old.published, '2003-10-28');
  });

  test('real: Stack Clash', { skip: noCorpus }, () => {
    const report = onlyReport(glsa, realFile('gentoo', 'glsa', 'glsa-201706-19.xml'));
    assert.deepEqual(report.vulnerabilities, ['CVE-2015-5180', 'CVE-2016-6323', 'CVE-2017-1000366']);
    assert.deepEqual(
      report.affected.map(({ name, fixed }) => [name, fixed]),
      [['sys-libs/glibc', '2.23-r4']],
    );
  });
});
