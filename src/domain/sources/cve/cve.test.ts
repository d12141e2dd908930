import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertBearsBrokenJson } from '../broken-json.ts';
import { parseValue, problemOf } from '../testing.ts';
import { cve } from './cve.ts';
import { cve4 } from './cve-4.ts';
import { cve5 } from './cve-5.ts';

// CVE-2024-3094, shortened.
const XZ = {
  dataType: 'CVE_RECORD',
  dataVersion: '5.2',
  cveMetadata: {
    cveId: 'CVE-2024-3094',
    state: 'PUBLISHED',
    assignerShortName: 'redhat',
    dateReserved: '2024-03-29T15:38:13.249Z',
    datePublished: '2024-03-29T16:51:12.588Z',
    dateUpdated: '2025-11-20T07:17:48.000Z',
  },
  containers: {
    cna: {
      providerMetadata: { orgId: '53f830b8-0a3f-465b-8143-3b8a9948e749', shortName: 'redhat' },
      title: 'Xz: malicious code in distributed source',
      descriptions: [{ lang: 'en', value: 'Malicious code in the tarballs of xz 5.6.0 and 5.6.1.' }],
      metrics: [
        { other: { type: 'Red Hat severity rating', content: { value: 'Critical', namespace: 'x' } } },
        {
          cvssV3_1: {
            version: '3.1',
            vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H',
            baseScore: 10,
            baseSeverity: 'CRITICAL',
          },
          format: 'CVSS',
        },
      ],
      affected: [
        {
          packageName: 'xz',
          collectionURL: 'https://github.com/tukaani-project/xz',
          versions: [
            { status: 'affected', version: '5.6.0' },
            { status: 'affected', version: '5.6.1' },
          ],
          defaultStatus: 'unaffected',
        },
        {
          vendor: 'Red Hat',
          product: 'Red Hat Enterprise Linux 9',
          packageName: 'xz',
          defaultStatus: 'unaffected',
          cpes: ['cpe:/o:redhat:enterprise_linux:9'],
        },
      ],
      references: [
        {
          url: 'https://bugzilla.redhat.com/show_bug.cgi?id=2272210',
          name: 'RHBZ#2272210',
          tags: ['issue-tracking', 'x_refsource_REDHAT'],
        },
        { url: 'https://www.openwall.com/lists/oss-security/2024/03/29/4' },
      ],
      problemTypes: [
        { descriptions: [{ cweId: 'CWE-506', description: 'Embedded Malicious Code', lang: 'en' }] },
      ],
      source: { advisory: 'GHSA-rxwq-x6h5-x525' },
      x_redhatCweChain: 'CWE-506',
    },
    adp: [
      {
        title: 'CVE Program Container',
        providerMetadata: { shortName: 'CVE' },
        references: [
          {
            url: 'https://www.openwall.com/lists/oss-security/2024/03/29/4',
            tags: ['mailing-list', 'exploit', 'x_transferred'],
          },
        ],
      },
    ],
  },
};

// CVE-2017-3167 in the old form, shortened.
const HTTPD = {
  CVE_data_meta: { ASSIGNER: 'security@apache.org', ID: 'CVE-2017-3167', STATE: 'PUBLIC' },
  affects: {
    vendor: {
      vendor_data: [
        {
          vendor_name: 'Apache Software Foundation',
          product: {
            product_data: [
              {
                product_name: 'Apache HTTP Server',
                version: {
                  version_data: [
                    { version_value: '2.2.0 to 2.2.32' },
                    { version_affected: '<', version_value: '2.4.26' },
                  ],
                },
              },
            ],
          },
        },
      ],
    },
  },
  data_format: 'MITRE',
  data_type: 'CVE',
  data_version: '4.0',
  description: {
    description_data: [{ lang: 'eng', value: 'Third-party modules of httpd may bypass authentication.' }],
  },
  problemtype: {
    problemtype_data: [{ description: [{ lang: 'eng', value: 'Authentication Bypass (CWE-287)' }] }],
  },
  references: {
    reference_data: [
      { name: 'DSA-3896', refsource: 'DEBIAN', url: 'http://www.debian.org/security/2017/dsa-3896' },
      { name: 'RHSA-2017:2478', refsource: 'REDHAT', url: 'https://access.redhat.com/errata/RHSA-2017:2478' },
      { name: '99135', refsource: 'BID', url: 'http://www.securityfocus.com/bid/99135' },
      { name: 'GLSA-201710-32', refsource: 'GENTOO', url: 'https://security.gentoo.org/glsa/201710-32' },
      { name: 'HPSBUX03908', refsource: 'HP', url: 'https://support.hpe.com/x' },
    ],
  },
};

describe('cve-5', () => {
  test('reads a record', () => {
    assert.deepEqual(parseValue(cve5, XZ), {
      key: 'CVE-2024-3094',
      kind: 'record',
      title: 'Xz: malicious code in distributed source',
      description: 'Malicious code in the tarballs of xz 5.6.0 and 5.6.1.',
      published: '2024-03-29T16:51:12Z',
      modified: '2025-11-20T07:17:48Z',
      url: 'https://www.cve.org/CVERecord?id=CVE-2024-3094',
      state: 'published',
      severity: 'critical',
      severityAs: 'Critical',
      cvss: [
        { version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', score: 10, by: 'redhat' },
      ],
      vulnerabilities: ['CVE-2024-3094'],
      aliases: ['GHSA-rxwq-x6h5-x525'],
      affected: [
        {
          ecosystem: 'cve',
          name: 'xz',
          note: 'collection=https://github.com/tukaani-project/xz',
          versions: {
            scheme: 'generic',
            affected: [
              { min: '5.6.0', max: '5.6.0', maxInclusive: true },
              { min: '5.6.1', max: '5.6.1', maxInclusive: true },
            ],
            unaffected: [],
            otherwise: 'unaffected',
          },
        },
        {
          ecosystem: 'cve',
          vendor: 'Red Hat',
          name: 'Red Hat Enterprise Linux 9',
          note: 'package=xz',
          status: 'not_affected',
          versions: { scheme: 'generic', affected: [], unaffected: [], otherwise: 'unaffected' },
        },
      ],
      links: [
        { url: 'https://bugzilla.redhat.com/show_bug.cgi?id=2272210', kind: 'bug' },
        { url: 'https://www.openwall.com/lists/oss-security/2024/03/29/4', kind: 'exploit' },
      ],
      cites: [],
      weaknesses: ['CWE-506'],
    });
  });

  test('a record as the kernel’s CNA keeps it has no dates', () => {
    const { cveMetadata, containers } = structuredClone(XZ);
    const { cveId, state } = cveMetadata;
    const report = parseValue(cve5, { containers: { cna: containers.cna }, cveMetadata: { cveId, state } });
    assert.equal(report?.published, null);
    assert.equal(report?.modified, null);
    assert.equal(report?.state, 'published');
    const untitled = parseValue(cve5, {
      containers: { cna: { ...containers.cna, title: undefined } },
      cveMetadata: { cveId },
    });
    assert.equal(untitled?.title, 'Malicious code in the tarballs of xz 5.6.0 and 5.6.1.');
    assert.equal(untitled?.state, 'published');
  });

  test('a rejected record keeps its reason and affects nothing', () => {
    const report = parseValue(cve5, {
      cveMetadata: { cveId: 'CVE-2022-0001', state: 'REJECTED', dateRejected: '2022-03-01T00:00:00Z' },
      containers: {
        cna: {
          rejectedReasons: [{ lang: 'en', value: 'Withdrawn by its CNA.' }],
          affected: XZ.containers.cna.affected,
        },
      },
    });
    assert.equal(report?.state, 'rejected');
    assert.equal(report?.withdrawn, 'Withdrawn by its CNA.');
    assert.equal(report?.modified, '2022-03-01T00:00:00Z');
    assert.deepEqual(report?.affected, []);
  });

  test('is recognised in each order of its fields; the schema and lists of changes are not', () => {
    const recognised = (value: unknown) =>
      cve.formats.find((format) => format.recognises('x.json', JSON.stringify(value).slice(0, 4096)))?.name;
    const { cveMetadata, containers } = XZ;
    assert.equal(recognised(XZ), 'cve-5');
    assert.equal(recognised({ containers: { adp: [], cna: { x: 'y'.repeat(5000) } }, cveMetadata }), 'cve-5');
    assert.equal(recognised({ cveMetadata, containers }), 'cve-5');
    assert.equal(
      recognised({ $schema: 'http://json-schema.org/draft-07/schema#', properties: { cveMetadata: {} } }),
      undefined,
    );
    assert.equal(
      recognised({ fetchTime: '2024', numberOfChanges: 1, new: [{ cveId: 'CVE-2024-3094' }] }),
      undefined,
    );
    assert.equal(recognised(HTTPD), 'cve-4');
    const { references: _references, data_version: _version, ...rest } = HTTPD;
    assert.equal(recognised({ data_version: '4.0', references: { x: 'y'.repeat(5000) }, ...rest }), 'cve-4');
    assert.equal(recognised({ cve: HTTPD }), undefined);
  });

  test('lines, with the id wherever it stands', () => {
    const { cveMetadata, containers } = XZ;
    const lines = [JSON.stringify(XZ), JSON.stringify({ containers, cveMetadata })];
    const cut = [...cve5.split({ path: 'a.jsonl', bytes: Buffer.from(lines.join('\n')) })];
    assert.deepEqual(
      cut.map(({ key, bytes }) => [key, bytes.toString()]),
      lines.map((line) => ['CVE-2024-3094', line]),
    );
  });

  test('what is wrong has its reason and place', () => {
    const meta = (fields: object) => ({ ...XZ, cveMetadata: { ...XZ.cveMetadata, ...fields } });
    const cases: [unknown, string][] = [
      [meta({ datePublished: 'unknown' }), 'bad-date cveMetadata.datePublished'],
      [meta({ cveId: 'CVE-2023-XXXX' }), 'bad-id cveMetadata.cveId'],
      [meta({ cveId: undefined }), 'missing-field cveMetadata.cveId'],
      [{ ...XZ, containers: { cna: { affected: 'all' } } }, 'wrong-type containers.cna.affected'],
      [
        { ...XZ, containers: { cna: { cpeApplicability: [{ nodes: [{ cpeMatch: [{}] }] }] } } },
        'missing-field containers[0].cpeApplicability[0].cpeMatch.vulnerable',
      ],
    ];
    for (const [value, expected] of cases)
      assert.equal(
        problemOf(() => parseValue(cve5, value)),
        expected,
      );
  });
});

describe('cve-4', () => {
  test('reads a record: its references are what it is worth', () => {
    assert.deepEqual(parseValue(cve4, HTTPD), {
      key: 'CVE-2017-3167',
      kind: 'record',
      title: 'Third-party modules of httpd may bypass authentication.',
      description: 'Third-party modules of httpd may bypass authentication.',
      published: null,
      modified: null,
      url: 'https://www.cve.org/CVERecord?id=CVE-2017-3167',
      state: 'published',
      cvss: [],
      vulnerabilities: ['CVE-2017-3167'],
      aliases: [],
      affected: [
        {
          ecosystem: 'cve',
          vendor: 'Apache Software Foundation',
          name: 'Apache HTTP Server',
          versions: {
            scheme: 'generic',
            affected: [
              { min: '2.2.0 to 2.2.32', max: '2.2.0 to 2.2.32', maxInclusive: true },
              { max: '2.4.26' },
            ],
            unaffected: [],
            otherwise: 'unknown',
          },
        },
      ],
      links: [
        { url: 'http://www.debian.org/security/2017/dsa-3896', kind: 'advisory', id: 'DSA-3896-1' },
        { url: 'https://access.redhat.com/errata/RHSA-2017:2478', kind: 'advisory', id: 'RHSA-2017:2478' },
        { url: 'http://www.securityfocus.com/bid/99135', kind: 'web' },
        { url: 'https://security.gentoo.org/glsa/201710-32', kind: 'advisory', id: 'GLSA-201710-32' },
        { url: 'https://support.hpe.com/x', kind: 'advisory' },
      ],
      cites: ['DSA-3896-1', 'RHSA-2017:2478', 'GLSA-201710-32'],
      weaknesses: ['CWE-287'],
    });
  });

  test('reads every sign of version_affected', () => {
    const versions = (...list: [string | undefined, string][]) => {
      const value = structuredClone(HTTPD) as unknown as Record<string, Record<string, unknown>>;
      value.affects = {
        vendor: {
          vendor_data: [
            {
              vendor_name: 'n/a',
              product: {
                product_data: [
                  {
                    product_name: 'P',
                    version: {
                      version_data: list.map(([version_affected, version_value]) => ({
                        version_affected,
                        version_value,
                      })),
                    },
                  },
                ],
              },
            },
          ],
        },
      };
      return parseValue(cve4, value)?.affected[0];
    };
    const row = versions(
      ['<=', '1'],
      ['>=', '2'],
      ['>', '3'],
      ['=', '4'],
      [undefined, '5'],
      ['!<', '6'],
      ['!>=', '7'],
      ['!', '8'],
      ['?<', '9'],
      ['=', 'n/a'],
    );
    assert.equal(row?.vendor, undefined);
    assert.deepEqual(row?.versions, {
      scheme: 'generic',
      affected: [
        { max: '1', maxInclusive: true },
        { min: '2' },
        { min: '3', minInclusive: false },
        { min: '4', max: '4', maxInclusive: true },
        { min: '5', max: '5', maxInclusive: true },
      ],
      unaffected: [{ max: '6' }, { min: '7' }, { min: '8', max: '8', maxInclusive: true }],
      otherwise: 'unknown',
    });
  });

  test('reserved and rejected, by state or by words', () => {
    const record = (STATE: string, value: string) =>
      parseValue(cve4, {
        ...HTTPD,
        CVE_data_meta: { ID: 'CVE-2017-3167', STATE },
        description: { description_data: [{ lang: 'eng', value }] },
      });
    const reserved = record('RESERVED', '** RESERVED ** This candidate has been reserved by somebody.');
    assert.equal(reserved?.state, 'reserved');
    assert.deepEqual(reserved?.affected, []);
    const rejected = record('PUBLIC', '** REJECT **  DO NOT USE THIS CANDIDATE NUMBER.');
    assert.equal(rejected?.state, 'rejected');
    assert.equal(rejected?.withdrawn, 'DO NOT USE THIS CANDIDATE NUMBER.');
    assert.equal(record('REJECT', 'gone')?.state, 'rejected');
  });

  test('scores are read in each of the shapes that they came in', () => {
    const cvss = {
      version: '3.0',
      vectorString: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      baseScore: '9.8',
    };
    for (const shape of [cvss, [cvss], [[cvss]], [cvss, { version: '3.0' }, 7, null]])
      assert.deepEqual(parseValue(cve4, { ...HTTPD, impact: { cvss: shape } })?.cvss, [
        { version: '3.0', vector: cvss.vectorString, score: 9.8 },
      ]);
    assert.deepEqual(parseValue(cve4, { ...HTTPD, impact: {} })?.cvss, []);
  });

  test('what is wrong has its reason and place', () => {
    assert.equal(
      problemOf(() => parseValue(cve4, { ...HTTPD, CVE_data_meta: { ID: 'CVE-2023-XXXX' } })),
      'bad-id CVE_data_meta.ID',
    );
    assert.equal(
      problemOf(() => parseValue(cve4, { ...HTTPD, references: { reference_data: [{ name: 'x' }] } })),
      'missing-field references.reference_data[0].url',
    );
    assert.equal(
      problemOf(() => parseValue(cve4, { ...HTTPD, affects: { vendor: { vendor_data: [{}, 1] } } })),
      'wrong-type affects.vendor.vendor_data[1]',
    );
  });
});

for (const [format, sample] of [
  [cve5, XZ],
  [cve4, HTTPD],
] as const) {
  test(`${format.name} throws nothing but problems, whatever it is given`, () =>
    assertBearsBrokenJson(format, sample, 23));
}
