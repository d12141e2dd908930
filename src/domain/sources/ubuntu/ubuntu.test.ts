import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertLimits, corpusFiles, formatOf, noCorpus, readFile } from '../testing.ts';
import { ubuntu } from './ubuntu.ts';

/** Files of the folder that are none of our forms. */
const OTHERS = [
  'PROVENANCE.md',
  'oval/indexof_valid.html',
  'pages/cve-tracker-main-2017.html.gz',
  'uct/README',
  'uct/README.built_using',
  'uct/README.linux',
  'uct/README.mozilla',
  'uct/README.usn',
  'uct/active/00boilerplate',
  'uct/embedded-code-copies.ubuntu',
  'uct/ignored/not-for-us.txt.gz',
  'usn-db/vulnerablecode/ubuntu-usn-expected.json',
];

describe('ubuntu: the whole folder', () => {
  test('every document in a form of ours is read', { skip: noCorpus }, async () => {
    const counts: Record<string, number> = {};
    const others: string[] = [];
    const patched = new Set<string>();
    let archived = 0;
    for await (const file of corpusFiles('ubuntu')) {
      if (/!\/(?:active|retired)\/CVE-\d{4}-\d+$/.test(file.path)) archived++;
      const format = formatOf(ubuntu, file);
      if (format === null) {
        others.push(file.path);
        continue;
      }
      const { documents, reports, problems } = readFile(format, file);
      assert.deepEqual(problems, [], file.path);
      reports.forEach(assertLimits);
      for (const { key, links } of reports) if (links.some(({ kind }) => kind === 'patch')) patched.add(key);
      const name = file.path.includes('!/') ? `${format.name} in the archive` : format.name;
      counts[name] = (counts[name] ?? 0) + documents.length;
    }
    assert.deepEqual(others.sort(), OTHERS);
    // The archive is cut differently from copy to copy of the data; it had 5,330 files and has at least 4,266.
    assert.ok(archived >= 4266, `${archived} files in the archive`);
    assert.deepEqual(counts, {
      'uct in the archive': archived,
      uct: 17,
      notices: 4,
      'api-cves': 4,
      'osv-usn': 1,
      'osv-usn in the archive': 2,
      'osv-cve': 6,
      'osv-cve in the archive': 1,
      'vex in the archive': 3,
      oval: 9,
      'usn-db': 3,
    });
    assert.ok(patched.size > 1500, `${patched.size} CVEs with a patch`);
  });

  test('every feed leads to a form that takes its path', () => {
    for (const { format, path, url } of ubuntu.feeds) {
      assert.ok(url.startsWith('https://'));
      const taken = ubuntu.formats.filter((each) => each.recognises(path, '')).map(({ name }) => name);
      assert.deepEqual(taken, [format], path);
    }
  });

  test('of two forms of one notice the database goes before the API, and the API before OSV', () => {
    const names = ubuntu.formats.map(({ name }) => name);
    assert.deepEqual(names, ['uct', 'usn-db', 'notices', 'osv-usn', 'api-cves', 'osv-cve', 'vex', 'oval']);
  });
});
