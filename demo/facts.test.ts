import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isPlainAddress } from './addresses.ts';
import { printRhsa } from './derive-redhat.ts';
import { printUct } from './derive-uct.ts';
import { printUsns } from './derive-usn.ts';
import { flawKind, flawPhrase } from './flaw-words.ts';
import { sortedIds } from './order.ts';

describe('facts', () => {
  test('an address with a mail address in it is none of ours', () => {
    assert.ok(isPlainAddress('https://usn.ubuntu.com/usn/usn-3340-1'));
    for (const url of [
      'https://lists.example.org/security@example.org/msg1',
      'https://a.example/?who=me%40example.org',
      'javascript:alert(1)',
      'https://a.example/ and more',
    ])
      assert.ok(!isPlainAddress(url), url);
  });

  test('a weakness has a word of ours, else its id, else nothing', () => {
    assert.equal(flawPhrase(['NVD-CWE-noinfo', 'CWE-125']), 'out-of-bounds read (CWE-125)');
    assert.equal(flawPhrase(['CWE-1187']), 'CWE-1187');
    assert.equal(flawPhrase(['NVD-CWE-Other']), null);
    assert.equal(flawKind(['CWE-1187']), null);
  });

  test('ids are in the order in which people count', () => {
    assert.deepEqual(sortedIds(['CVE-2017-12613', 'CVE-2017-9788', 'CVE-2016-9999', 'CVE-2017-9788']), [
      ...['CVE-2016-9999', 'CVE-2017-9788', 'CVE-2017-12613'],
    ]);
  });

  test('a reckoned day says that it is one, a known day says nothing', () => {
    const fixes = [{ name: 'apache2', release: 'xenial', version: '2.4.18-2ubuntu3.3' }];
    const usn = {
      id: 'USN-3340-1',
      source: 'ubuntu' as const,
      day: '2017-06-26',
      vulnerabilities: ['CVE-2017-3167'],
      fixes,
    };
    const note = (day: string) => `about ${day}`;
    const [known, reckoned] = [false, true].map(
      (each) => JSON.parse(printUsns([{ ...usn, reckoned: each }], note))['3340-1'],
    );
    assert.equal(known.description, undefined);
    assert.equal(reckoned.description, 'about 2017-06-26');
    assert.equal(known.timestamp, 1498435200);
    const rhsa = {
      id: 'RHSA-2017:1574',
      source: 'redhat' as const,
      day: '2017-06-23',
      vulnerabilities: ['CVE-2017-1000368'],
      name: 'sudo',
      severity: null,
      bugs: new Map(),
    };
    assert.equal(JSON.parse(printRhsa({ ...rhsa, reckoned: false }, note)).document.notes, undefined);
    assert.equal(
      JSON.parse(printRhsa({ ...rhsa, reckoned: true }, note)).document.notes[0].text,
      'about 2017-06-23',
    );
  });

  test('a tracker file without a date or a kind of flaw is in order all the same', () => {
    const facts = {
      id: 'CVE-2017-1',
      folder: 'active',
      dates: [],
      references: [],
      bugs: [],
      priority: '',
      cvss: [],
      patches: [],
      statuses: [],
    };
    const text = printUct(facts, null);
    for (const line of ['PublicDate:', 'Candidate: CVE-2017-1', 'Priority: untriaged', ' kind unknown'])
      assert.ok(text.split('\n').includes(line), line);
  });
});
