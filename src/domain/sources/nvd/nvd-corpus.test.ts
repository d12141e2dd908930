import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { corpus, readCorpus } from '../read-corpus.ts';
import type { ParsedReport } from '../source.ts';
import { nvd } from './nvd.ts';
import { nvd11 } from './nvd-1.1.ts';
import { nvdOverride } from './nvd-2.0-override.ts';

const feeds = corpus('feeds/nvd');
const small = corpus('small');
const records = corpus('cve');

test('every file of the feeds is read', { skip: feeds.skip }, async () => {
  const found = new Map<string, ParsedReport>();
  const { read, empty, problems, foreign } = await readCorpus(nvd, feeds.path, (report) =>
    found.set(report.key, report),
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(read, { 'nvd-2.0': 89, 'nvd-1.1': 1208 });
  assert.equal(empty, 0);
  assert.deepEqual(foreign, ['PROVENANCE.md']);
  const { affected, cvss, state } = found.get('CVE-2024-4819') as ParsedReport;
  assert.equal(state, 'published');
  assert.ok(cvss.some(({ version }) => version === '4.0'));
  assert.ok(affected.length <= 1);
});

test('the 500 of small/', { skip: small.skip }, async () => {
  const { read, problems } = await readCorpus(nvd, `${small.path}/nvd-1.1-500.jsonl.gz`);
  assert.deepEqual(problems, []);
  assert.deepEqual(read, { 'nvd-1.1': 500 });
});

/** Every 50th record of a file of lines, and those asked for. */
function sample(path: string, format: typeof nvd11, wanted: readonly string[] = []) {
  const bytes = gunzipSync(readFileSync(path));
  const reports: ParsedReport[] = [];
  const asked = new Map<string, ParsedReport>();
  let number = 0;
  for (const document of format.split({ path: path.replace(/\.gz$/, ''), bytes })) {
    const due = number++ % 50 === 0;
    if (!due && !wanted.includes(document.key)) continue;
    const report = format.parse(document);
    assert.equal(report?.key, document.key);
    if (due) reports.push(report as ParsedReport);
    if (wanted.includes(document.key)) asked.set(document.key, report as ParsedReport);
  }
  return { reports, asked, number };
}

test('every 50th of the relevant records, and facts of four', { skip: records.skip }, () => {
  const { reports, asked, number } = sample(`${records.path}/nvd-1.1-relevant.jsonl.gz`, nvd11, [
    'CVE-2014-0160',
    'CVE-2016-5195',
    'CVE-2017-3167',
    'CVE-2021-3156',
  ]);
  assert.equal(number, 34_677);
  assert.equal(reports.length, 694);
  // Nothing that is only a platform is ever affected, and what is, has a name.
  for (const { affected } of reports)
    for (const row of affected) {
      assert.ok(row.name !== '' && row.vendor !== undefined);
      const { otherwise, affected: ranges } = row.versions ?? {};
      const all = ranges?.some(({ min, max }) => min === undefined && max === undefined);
      assert.ok(otherwise === 'unknown' || all || ranges?.some(({ max }) => max !== undefined));
    }
  assert.ok(reports.filter(({ affected }) => affected.length > 0).length > 690);
  assert.ok(reports.filter(({ links }) => links.some(({ kind }) => kind === 'patch')).length > 150);

  const row = (id: string, product: string) => asked.get(id)?.affected.find(({ name }) => name === product);

  const heartbleed = asked.get('CVE-2014-0160');
  assert.equal(heartbleed?.published, '2014-04-07T22:55:00Z');
  assert.ok(heartbleed?.cites.includes('DSA-2896-1') && heartbleed.cites.includes('USN-2165-1'));
  assert.ok(heartbleed?.cites.includes('RHSA-2014:0376'));

  const httpd = row('CVE-2017-3167', 'http_server')?.versions;
  assert.ok(httpd?.affected.some(({ min }) => min === '2.4.25'));
  assert.equal(httpd?.otherwise, 'unknown');
  assert.equal(asked.get('CVE-2017-3167')?.cvss[0]?.score, 9.8);

  assert.deepEqual(row('CVE-2021-3156', 'sudo')?.versions, {
    scheme: 'generic',
    affected: [{ max: '1.9.5' }, { min: '1.9.5-patch1', max: '1.9.5-patch1', maxInclusive: true }],
    unaffected: [],
    otherwise: 'unaffected',
  });
  assert.equal(row('CVE-2021-3156', 'skynas_firmware')?.note, 'running_on=h:synology:skynas');
  assert.equal(row('CVE-2021-3156', 'skynas'), undefined);

  const cow = asked.get('CVE-2016-5195');
  assert.equal(cow?.severity, 'high');
  assert.ok(
    cow?.links.some(
      ({ kind, url }) => kind === 'patch' && url.includes('19be0eaffa3ac7d8eb6784ad9bdbc7d67ed8e619'),
    ),
  );
});

test('every 50th of the overrides', { skip: records.skip }, () => {
  const { reports } = sample(`${records.path}/anchore-nvd2-overrides-relevant.jsonl.gz`, nvdOverride);
  assert.equal(reports.length, 138);
  assert.ok(reports.every(({ key, vulnerabilities }) => key === `OVERRIDE-${vulnerabilities[0]}`));
});
