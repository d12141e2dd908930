import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertBearsBrokenJson } from '../broken-json.ts';
import { readFile } from '../read-file.ts';
import { parseValue, problemOf } from '../testing.ts';
import { nvd } from './nvd.ts';
import { nvd11 } from './nvd-1.1.ts';
import { nvd20 } from './nvd-2.0.ts';
import { nvdOverride } from './nvd-2.0-override.ts';
import { rejectionOf, severityOf } from './words.ts';

// CVE-2017-3167 as NVD had it, shortened.
const ITEM = {
  cve: {
    data_type: 'CVE',
    data_version: '4.0',
    CVE_data_meta: { ID: 'CVE-2017-3167', ASSIGNER: 'security@apache.org' },
    problemtype: { problemtype_data: [{ description: [{ lang: 'en', value: 'CWE-287' }] }] },
    references: {
      reference_data: [
        {
          url: 'http://www.debian.org/security/2017/dsa-3896',
          name: 'DSA-3896',
          refsource: 'DEBIAN',
          tags: [],
        },
        {
          url: 'https://security.gentoo.org/glsa/201710-32',
          name: 'GLSA-201710-32',
          tags: ['Third Party Advisory'],
        },
      ],
    },
    description: {
      description_data: [{ lang: 'en', value: 'Third-party modules of httpd may bypass authentication.' }],
    },
  },
  configurations: {
    CVE_data_version: '4.0',
    nodes: [
      {
        operator: 'OR',
        cpe_match: [
          { vulnerable: true, cpe23Uri: 'cpe:2.3:a:apache:http_server:2.4.25:*:*:*:*:*:*:*' },
          { vulnerable: true, cpe23Uri: 'cpe:2.3:a:apache:http_server:2.2.32:*:*:*:*:*:*:*' },
        ],
      },
    ],
  },
  impact: {
    baseMetricV3: {
      cvssV3: {
        version: '3.0',
        vectorString: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        baseScore: 9.8,
        baseSeverity: 'CRITICAL',
      },
    },
    baseMetricV2: {
      cvssV2: { version: '2.0', vectorString: 'AV:N/AC:L/Au:N/C:P/I:P/A:P', baseScore: 7.5 },
      severity: 'HIGH',
    },
  },
  publishedDate: '2017-06-20T01:29Z',
  lastModifiedDate: '2021-03-30T13:15Z',
};

// CVE-2024-4819, shortened.
const VULNERABILITY = {
  cve: {
    id: 'CVE-2024-4819',
    sourceIdentifier: 'cna@vuldb.com',
    published: '2024-05-14T15:45:11.543',
    lastModified: '2024-06-04T19:20:51.613',
    vulnStatus: 'Modified',
    descriptions: [
      { lang: 'es', value: 'No.' },
      { lang: 'en', value: 'Improper authorization in a laundry.' },
    ],
    metrics: {
      cvssMetricV31: [
        {
          source: 'cna@vuldb.com',
          type: 'Secondary',
          cvssData: {
            version: '3.1',
            vectorString: 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:L/A:N',
            baseScore: 4.3,
            baseSeverity: 'MEDIUM',
          },
        },
        {
          source: 'nvd@nist.gov',
          type: 'Primary',
          cvssData: {
            version: '3.1',
            vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
            baseScore: 9.8,
            baseSeverity: 'CRITICAL',
          },
        },
      ],
      cvssMetricV2: [
        {
          source: 'cna@vuldb.com',
          type: 'Secondary',
          cvssData: { version: '2.0', vectorString: 'AV:N/AC:L/Au:S/C:N/I:P/A:N', baseScore: 4 },
          baseSeverity: 'MEDIUM',
        },
      ],
    },
    weaknesses: [
      {
        source: 'x',
        type: 'Primary',
        description: [
          { lang: 'en', value: 'CWE-285' },
          { lang: 'en', value: 'NVD-CWE-Other' },
        ],
      },
    ],
    configurations: [
      {
        nodes: [
          {
            operator: 'OR',
            negate: false,
            cpeMatch: [
              {
                vulnerable: true,
                criteria: 'cpe:2.3:a:campcodes:laundry:1.0:*:*:*:*:*:*:*',
                matchCriteriaId: 'X',
              },
            ],
          },
        ],
      },
    ],
    references: [
      { url: 'https://vuldb.com/?id.263940', source: 'cna@vuldb.com', tags: ['Permissions Required'] },
    ],
  },
};

const OVERRIDE = {
  _annotation: {
    cve_id: 'CVE-1999-0037',
    description: 'metamail runs commands.',
    modified: '2024-08-01T16:27:57.203000+00:00',
    published: '1999-09-29T04:00:00',
    reason: 'Too wide.',
    references: ['https://exchange.xforce.ibmcloud.com/vulnerabilities/CVE-1999-0037'],
  },
  cve: {
    configurations: [
      {
        nodes: [
          {
            cpeMatch: [{ criteria: 'cpe:2.3:a:null:null:*:*:*:*:*:*:*:*', vulnerable: false }],
            negate: false,
            operator: 'OR',
          },
        ],
      },
    ],
  },
};

function formatOf(path: string, text: string): string | undefined {
  return nvd.formats.find((format) => format.recognises(path, text.slice(0, 4096)))?.name;
}

describe('nvd-1.1', () => {
  test('reads an item', () => {
    assert.deepEqual(parseValue(nvd11, ITEM), {
      key: 'CVE-2017-3167',
      kind: 'record',
      title: 'Third-party modules of httpd may bypass authentication.',
      description: 'Third-party modules of httpd may bypass authentication.',
      published: '2017-06-20T01:29:00Z',
      modified: '2021-03-30T13:15:00Z',
      url: 'https://nvd.nist.gov/vuln/detail/CVE-2017-3167',
      state: 'published',
      severity: 'critical',
      severityAs: 'CRITICAL',
      cvss: [
        { version: '3.0', vector: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8, by: 'nvd' },
        { version: '2.0', vector: 'AV:N/AC:L/Au:N/C:P/I:P/A:P', score: 7.5, by: 'nvd' },
      ],
      vulnerabilities: ['CVE-2017-3167'],
      aliases: [],
      affected: [
        {
          ecosystem: 'cpe',
          vendor: 'apache',
          name: 'http_server',
          versions: {
            scheme: 'generic',
            affected: [
              { min: '2.4.25', max: '2.4.25', maxInclusive: true },
              { min: '2.2.32', max: '2.2.32', maxInclusive: true },
            ],
            unaffected: [],
            otherwise: 'unknown',
          },
        },
      ],
      links: [
        { url: 'http://www.debian.org/security/2017/dsa-3896', kind: 'advisory', id: 'DSA-3896-1' },
        { url: 'https://security.gentoo.org/glsa/201710-32', kind: 'advisory', id: 'GLSA-201710-32' },
      ],
      cites: ['DSA-3896-1', 'GLSA-201710-32'],
      weaknesses: ['CWE-287'],
    });
  });

  test('is recognised as a feed, an item and lines, and cut', () => {
    const item = JSON.stringify(ITEM);
    const feed = JSON.stringify({
      CVE_data_type: 'CVE',
      CVE_data_numberOfCVEs: '2',
      CVE_Items: [ITEM, ITEM],
    });
    assert.equal(formatOf('nvdcve-1.1-2017.json', feed), 'nvd-1.1');
    assert.equal(formatOf('CVE-2017-3167.json', JSON.stringify(ITEM, null, 2)), 'nvd-1.1');
    assert.equal(formatOf('x.jsonl', item), 'nvd-1.1');
    const cut = [...nvd11.split({ path: 'nvdcve-1.1-2017.json', bytes: Buffer.from(feed) })];
    assert.deepEqual(
      cut.map(({ key, bytes }) => [key, bytes.toString()]),
      [
        ['CVE-2017-3167', item],
        ['CVE-2017-3167', item],
      ],
    );
  });

  test('a record that NVD rejected is kept as such', () => {
    const rejected = structuredClone(ITEM);
    rejected.cve.description.description_data = [
      { lang: 'en', value: '** REJECT **  DO NOT USE. ConsultIDs: CVE-2017-1.' },
    ];
    const report = parseValue(nvd11, { ...rejected, configurations: { nodes: [] }, impact: {} });
    assert.equal(report?.state, 'rejected');
    assert.equal(report?.withdrawn, 'DO NOT USE. ConsultIDs: CVE-2017-1.');
    assert.deepEqual(report?.cvss, []);
  });

  test('what is wrong has its reason and place', () => {
    const meta = (ID: unknown) => ({ ...ITEM, cve: { ...ITEM.cve, CVE_data_meta: { ID } } });
    const cases: [unknown, string][] = [
      [{ ...ITEM, publishedDate: 'unknown' }, 'bad-date publishedDate'],
      [{ ...ITEM, lastModifiedDate: 20170620 }, 'wrong-type lastModifiedDate'],
      [meta('CVE-2023-XXXX'), 'bad-id cve.CVE_data_meta.ID'],
      [meta(undefined), 'missing-field cve.CVE_data_meta.ID'],
      [{ ...ITEM, cve: 'x' }, 'wrong-type cve'],
      [
        { ...ITEM, impact: { baseMetricV2: { cvssV2: { version: '2.0', vectorString: 'AV' } } } },
        'missing-field impact.baseMetricV2.cvssV2.baseScore',
      ],
      [
        { ...ITEM, configurations: { nodes: [{ cpe_match: [{ vulnerable: true, cpe23Uri: 'cpe' }] }] } },
        'wrong-type configurations.nodes[0].cpeMatch.criteria',
      ],
    ];
    for (const [value, expected] of cases)
      assert.equal(
        problemOf(() => parseValue(nvd11, value)),
        expected,
      );
  });
});

describe('nvd-2.0', () => {
  test('reads a vulnerability, NVD’s own score first', () => {
    assert.deepEqual(parseValue(nvd20, VULNERABILITY), {
      key: 'CVE-2024-4819',
      kind: 'record',
      title: 'Improper authorization in a laundry.',
      description: 'Improper authorization in a laundry.',
      published: '2024-05-14T15:45:11Z',
      modified: '2024-06-04T19:20:51Z',
      url: 'https://nvd.nist.gov/vuln/detail/CVE-2024-4819',
      state: 'published',
      severity: 'critical',
      severityAs: 'CRITICAL',
      cvss: [
        { version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8, by: 'nvd' },
        {
          version: '3.1',
          vector: 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:L/A:N',
          score: 4.3,
          by: 'cna@vuldb.com',
        },
        { version: '2.0', vector: 'AV:N/AC:L/Au:S/C:N/I:P/A:N', score: 4, by: 'cna@vuldb.com' },
      ],
      vulnerabilities: ['CVE-2024-4819'],
      aliases: [],
      affected: [
        {
          ecosystem: 'cpe',
          vendor: 'campcodes',
          name: 'laundry',
          versions: {
            scheme: 'generic',
            affected: [{ min: '1.0', max: '1.0', maxInclusive: true }],
            unaffected: [],
            otherwise: 'unknown',
          },
        },
      ],
      links: [{ url: 'https://vuldb.com/?id.263940', kind: 'web' }],
      cites: [],
      weaknesses: ['CWE-285'],
    });
  });

  test('is recognised as a page, an object and lines; an empty page has nothing in it', () => {
    const page = { resultsPerPage: 1, format: 'NVD_CVE', version: '2.0', vulnerabilities: [VULNERABILITY] };
    const empty =
      '{"resultsPerPage":0,"totalResults":0,"format":"NVD_CVE","version":"2.0","vulnerabilities":[]}';
    assert.equal(formatOf('0-1.json', JSON.stringify(page, null, 2)), 'nvd-2.0');
    assert.equal(formatOf('0-1.json', empty), 'nvd-2.0');
    assert.equal(formatOf('a.jsonl', JSON.stringify(VULNERABILITY)), 'nvd-2.0');
    assert.deepEqual([...nvd20.split({ path: '0-1.json', bytes: Buffer.from(empty) })], []);
    const [cut] = nvd20.split({ path: '0-1.json', bytes: Buffer.from(JSON.stringify(page)) });
    assert.equal(cut?.key, 'CVE-2024-4819');
    assert.equal(cut?.bytes.toString(), JSON.stringify(VULNERABILITY));
  });

  test('rejected by its status or by its words', () => {
    const cve = { ...VULNERABILITY.cve, metrics: {}, configurations: undefined };
    const byStatus = parseValue(nvd20, { cve: { ...cve, vulnStatus: 'Rejected' } });
    assert.equal(byStatus?.state, 'rejected');
    const byWords = parseValue(nvd20, {
      cve: { ...cve, descriptions: [{ lang: 'en', value: 'Rejected reason: Not used' }] },
    });
    assert.equal(byWords?.withdrawn, 'Not used');
    assert.deepEqual(byWords?.affected, []);
  });

  test('what is wrong has its reason and place', () => {
    const cve = (fields: object) => ({ cve: { ...VULNERABILITY.cve, ...fields } });
    const cases: [unknown, string][] = [
      [cve({ published: 'unknown' }), 'bad-date cve.published'],
      [cve({ id: 'CVE-2023-XXXX' }), 'bad-id cve.id'],
      [cve({ descriptions: 'x' }), 'wrong-type cve.descriptions'],
      [cve({ references: [{ url: 3 }] }), 'wrong-type cve.references[0].url'],
      [{}, 'missing-field cve'],
    ];
    for (const [value, expected] of cases)
      assert.equal(
        problemOf(() => parseValue(nvd20, value)),
        expected,
      );
  });
});

test('nvd-2.0-override stands beside the record, under a key of its own', () => {
  const text = JSON.stringify(OVERRIDE);
  assert.equal(formatOf('x.jsonl', text), 'nvd-2.0-override');
  const [cut] = nvdOverride.split({ path: 'x.jsonl', bytes: Buffer.from(text) });
  assert.equal(cut?.key, 'OVERRIDE-CVE-1999-0037');
  assert.deepEqual(parseValue(nvdOverride, OVERRIDE), {
    key: 'OVERRIDE-CVE-1999-0037',
    kind: 'record',
    title: 'metamail runs commands.',
    description: 'metamail runs commands.\n\nReason of the override: Too wide.',
    published: '1999-09-29T04:00:00Z',
    modified: '2024-08-01T16:27:57Z',
    url: 'https://github.com/anchore/nvd-data-overrides/blob/main/data/1999/CVE-1999-0037.json',
    cvss: [],
    vulnerabilities: ['CVE-1999-0037'],
    aliases: [],
    affected: [],
    links: [{ url: 'https://exchange.xforce.ibmcloud.com/vulnerabilities/CVE-1999-0037', kind: 'web' }],
    cites: [],
    weaknesses: [],
  });
});

test('words of NVD', () => {
  assert.deepEqual(severityOf('HIGH'), { severity: 'high', severityAs: 'HIGH' });
  assert.deepEqual(severityOf('SEVERE'), { severityAs: 'SEVERE' });
  assert.deepEqual(severityOf(undefined), {});
  assert.equal(rejectionOf('** REJECT **'), 'rejected');
  assert.equal(rejectionOf('** DISPUTED ** It is said that'), null);
  assert.equal(rejectionOf('We REJECT nothing'), null);
});

describe('the whole way of a file', () => {
  function outcomes(path: string, text: string | Buffer): string[] {
    return [...readFile(nvd, { path, bytes: Buffer.from(text) }, true)].map((outcome) =>
      outcome.kind === 'read'
        ? `read ${outcome.document.report.key}`
        : outcome.kind === 'refused'
          ? `refused ${outcome.document.reason} ${outcome.document.document}`
          : outcome.kind,
    );
  }

  test('one bad record does not stop the others', () => {
    const lines = [
      JSON.stringify(ITEM),
      '{"cve": {"CVE_data_meta": {"ID": "CVE-2023-XXXX"}}}',
      JSON.stringify(ITEM).slice(0, 900),
      JSON.stringify(ITEM),
    ];
    assert.deepEqual(outcomes('a.jsonl', lines.join('\n')), [
      'read CVE-2017-3167',
      'refused bad-id a.jsonl#2',
      'refused truncated CVE-2017-3167',
      'read CVE-2017-3167',
    ]);
  });

  test('a feed that was cut short is refused as a whole', () => {
    const feed = JSON.stringify({ CVE_Items: [ITEM, ITEM] });
    assert.deepEqual(outcomes('a.json', feed.slice(0, -3)).at(-1), 'refused truncated ');
  });

  test('a record of more than 32 MiB is refused, and the next is read', () => {
    const big = JSON.stringify({ ...ITEM, cve: { ...ITEM.cve, filler: 'x'.repeat(33 << 20) } });
    assert.deepEqual(outcomes('a.jsonl', `${big}\n${JSON.stringify(ITEM)}`), [
      'refused too-large CVE-2017-3167',
      'read CVE-2017-3167',
    ]);
  });
});

for (const [format, sample] of [
  [nvd11, ITEM],
  [nvd20, VULNERABILITY],
  [nvdOverride, OVERRIDE],
] as const) {
  test(`${format.name} throws nothing but problems, whatever it is given`, () =>
    assertBearsBrokenJson(format, sample, 17));
}
