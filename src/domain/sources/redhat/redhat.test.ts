import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertBearsBrokenJson } from '../broken-json.ts';
import { parseValue, problemOf } from '../testing.ts';
import { csafAdvisory, csafVex } from './csaf.ts';
import { hydraCve } from './hydra-cve.ts';
import { hydraList } from './hydra-list.ts';
import { redhat } from './redhat.ts';

const RHEL8 = 'Base-8';
const AUS = 'AppStream-8.2.0.Z.AUS';
const NAMES = [
  'curl-0:7.61.1-22.el8.src',
  'libcurl-0:7.61.1-22.el8.x86_64',
  'libcurl-0:7.61.1-22.el8.i686',
  'curl-debuginfo-0:7.61.1-22.el8.x86_64',
];
const HELD = [RHEL8, AUS].flatMap((platform) => NAMES.map((name) => `${platform}:${name}`));

function product(name: string, helper: object) {
  return {
    category: 'product_version',
    name,
    product: { name, product_id: name, product_identification_helper: helper },
  };
}

function relation(platform: string, name: string) {
  return {
    category: 'default_component_of',
    full_product_name: { name: `${name} of ${platform}`, product_id: `${platform}:${name}` },
    product_reference: name,
    relates_to_product_reference: platform,
  };
}

// The form of RHSA-2023:7435; its content is made up, its numbers are those of a real curl.
const ADVISORY = {
  document: {
    aggregate_severity: {
      namespace: 'https://access.redhat.com/security/updates/classification/',
      text: 'Moderate',
    },
    category: 'csaf_vex',
    csaf_version: '2.0',
    notes: [
      { category: 'summary', text: 'An update for curl is now available.', title: 'Topic' },
      { category: 'general', text: 'curl gets files.', title: 'Details' },
      { category: 'legal_disclaimer', text: 'CC-BY-4.0', title: 'Terms of Use' },
    ],
    publisher: { category: 'vendor', name: 'Red Hat Product Security', namespace: 'https://www.redhat.com' },
    references: [
      { category: 'self', summary: 'x', url: 'https://access.redhat.com/errata/RHSA-2023:5763' },
      {
        category: 'external',
        summary: 'x',
        url: 'https://access.redhat.com/security/updates/classification/#moderate',
      },
      {
        category: 'external',
        summary: '2241933',
        url: 'https://bugzilla.redhat.com/show_bug.cgi?id=2241933',
      },
    ],
    title: 'Red Hat Security Advisory: curl security update',
    tracking: {
      id: 'RHSA-2023:5763',
      initial_release_date: '2023-10-16T15:34:29+00:00',
      current_release_date: '2024-08-11T08:04:44+02:00',
      status: 'final',
      version: '4',
    },
  },
  product_tree: {
    branches: [
      {
        category: 'vendor',
        name: 'Red Hat',
        branches: [
          product(RHEL8, { cpe: 'cpe:/o:redhat:enterprise_linux:8::baseos' }),
          product(AUS, { cpe: 'cpe:/a:redhat:rhel_aus:8.2::appstream' }),
          ...NAMES.map((name) => product(name, {})),
        ],
      },
    ],
    relationships: [RHEL8, AUS].flatMap((platform) => NAMES.map((name) => relation(platform, name))),
  },
  vulnerabilities: [
    {
      cve: 'CVE-2023-38545',
      cwe: { id: 'CWE-119', name: 'x' },
      product_status: { fixed: HELD },
      references: [
        {
          category: 'external',
          summary: 'RHBZ#2241933',
          url: 'https://bugzilla.redhat.com/show_bug.cgi?id=2241933',
        },
      ],
      remediations: [
        {
          category: 'vendor_fix',
          details: 'x',
          product_ids: HELD,
          url: 'https://access.redhat.com/errata/RHSA-2023:5763',
        },
      ],
      scores: [
        {
          cvss_v3: {
            version: '3.1',
            vectorString: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H',
            baseScore: 8.1,
          },
          products: HELD,
        },
      ],
      threats: [{ category: 'impact', details: 'Important' }],
    },
    {
      cve: 'CVE-2023-38546',
      product_status: { fixed: HELD.slice(0, NAMES.length) },
      references: [
        { category: 'external', summary: 'x', url: 'https://nvd.nist.gov/vuln/detail/CVE-2023-38546' },
      ],
    },
  ],
};

const VEX = {
  ...ADVISORY,
  document: {
    ...ADVISORY.document,
    notes: [],
    references: [
      {
        category: 'self',
        summary: 'x',
        url: 'https://security.access.redhat.com/data/csaf/v2/vex/2023/cve-2023-38545.json',
      },
    ],
    title: 'curl: heap based buffer overflow in the SOCKS5 proxy handshake',
    tracking: { ...ADVISORY.document.tracking, id: 'CVE-2023-38545' },
  },
  vulnerabilities: [
    {
      cve: 'CVE-2023-38545',
      flags: [{ label: 'vulnerable_code_not_present', product_ids: [`${RHEL8}:${NAMES[2]}`] }],
      notes: [{ category: 'description', text: 'A flaw in the SOCKS5 handshake.', title: 'x' }],
      product_status: {
        fixed: [`${AUS}:${NAMES[0]}`],
        known_affected: [`${RHEL8}:${NAMES[0]}`],
        known_not_affected: [`${RHEL8}:${NAMES[2]}`],
      },
      remediations: [
        {
          category: 'vendor_fix',
          details: 'x',
          product_ids: [`${AUS}:${NAMES[0]}`],
          url: 'https://access.redhat.com/errata/RHSA-2023:5700',
        },
        { category: 'no_fix_planned', details: 'Will not fix', product_ids: [`${RHEL8}:${NAMES[0]}`] },
      ],
    },
  ],
};

// CVE-2024-8088, shortened, with a state as CVE-2017-3509 has it.
const HYDRA = {
  threat_severity: 'Moderate',
  public_date: '2024-08-22T19:15:09Z',
  bugzilla: {
    description: 'python: cpython: denial of service in zipfile',
    id: '2307370',
    url: 'https://bugzilla.redhat.com/show_bug.cgi?id=2307370',
  },
  cvss3: {
    cvss3_base_score: '5.3',
    cvss3_scoring_vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:N/I:N/A:H',
    status: 'verified',
  },
  cwe: 'CWE-835',
  details: ['zipfile.Path may loop.', 'A flaw was found.'],
  statement: 'Only applications that handle foreign archives.',
  affected_release: [
    {
      product_name: 'Red Hat Enterprise Linux 9',
      release_date: '2024-09-03T00:00:00Z',
      advisory: 'RHSA-2024:6163',
      cpe: 'cpe:/a:redhat:enterprise_linux:9',
      package: 'python3.9-0:3.9.18-3.el9_4.5',
    },
    {
      product_name: 'Red Hat Enterprise Linux 9',
      release_date: '2024-09-03T00:00:00Z',
      advisory: 'RHSA-2024:6163',
      cpe: 'cpe:/o:redhat:enterprise_linux:9',
      package: 'python3.9-0:3.9.18-3.el9_4.5',
    },
    {
      product_name: 'Red Hat Enterprise Linux 8',
      advisory: 'RHSA-2024:6962',
      cpe: 'cpe:/a:redhat:enterprise_linux:8',
      package: 'python39:3.9-8100020240826154529.d47b87a4',
    },
    {
      product_name: 'OpenShift',
      advisory: 'RHSA-2024:7000',
      cpe: 'cpe:/a:redhat:openshift:4.16::el9',
      package: 'openshift4/ose-cli:v4.16.0-202409',
    },
  ],
  package_state: [
    {
      product_name: 'Red Hat Enterprise Linux 7',
      fix_state: 'Will not fix',
      package_name: 'python3',
      cpe: 'cpe:/o:redhat:enterprise_linux:7',
    },
    {
      product_name: 'Red Hat Enterprise Linux 8',
      fix_state: 'Affected',
      package_name: 'python36:3.6/python36',
      cpe: 'cpe:/o:redhat:enterprise_linux:8',
    },
    {
      product_name: 'Red Hat Enterprise Linux 6',
      fix_state: 'Something new',
      package_name: 'python',
      cpe: 'cpe:/o:redhat:enterprise_linux:6',
    },
  ],
  references: [
    'https://www.cve.org/CVERecord?id=CVE-2024-8088\nhttps://github.com/python/cpython/issues/122905',
  ],
  upstream_fix: 'python 3.12.6',
  name: 'CVE-2024-8088',
};

const SUMMARY = {
  CVE: 'CVE-2022-2309',
  severity: 'moderate',
  public_date: '2022-07-05T00:00:00Z',
  advisories: ['RHSA-2022:8226'],
  bugzilla: '2107571',
  bugzilla_description: 'CVE-2022-2309 lxml: NULL Pointer Dereference in lxml',
  cvss_score: null,
  cvss_scoring_vector: null,
  CWE: 'CWE-476',
  affected_packages: ['python-lxml-0:4.6.5-3.el9'],
  resource_url: 'https://access.redhat.com/hydra/rest/securitydata/cve/CVE-2022-2309.json',
  cvss3_scoring_vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
  cvss3_score: '7.5',
};

function fixed(release: string, fields: object = {}) {
  const evr = '7.61.1-22.el8';
  return {
    ecosystem: 'redhat',
    name: 'curl',
    release,
    status: 'fixed',
    fixed: evr,
    versions: { scheme: 'rpm', affected: [], unaffected: [{ min: evr }], otherwise: 'unknown' },
    ...fields,
  };
}

describe('csaf-advisory', () => {
  test('reads an advisory: one row for a source package and release', () => {
    assert.deepEqual(parseValue(csafAdvisory, ADVISORY), {
      key: 'RHSA-2023:5763',
      kind: 'advisory',
      title: 'Red Hat Security Advisory: curl security update',
      description: 'An update for curl is now available.\n\ncurl gets files.',
      published: '2023-10-16T15:34:29Z',
      modified: '2024-08-11T06:04:44Z',
      url: 'https://access.redhat.com/errata/RHSA-2023:5763',
      severity: 'medium',
      severityAs: 'Moderate',
      cvss: [
        { version: '3.1', vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 8.1, by: 'redhat' },
      ],
      vulnerabilities: ['CVE-2023-38545', 'CVE-2023-38546'],
      aliases: [],
      affected: [fixed('el8'), fixed('el8.2-aus', { vulnerability: 'CVE-2023-38545' })],
      links: [
        {
          url: 'https://bugzilla.redhat.com/show_bug.cgi?id=2241933',
          kind: 'bug',
          id: 'RHBZ#2241933',
          vulnerability: 'CVE-2023-38545',
        },
      ],
      cites: [],
      weaknesses: ['CWE-119'],
    });
  });

  test('what is wrong has its reason and place', () => {
    const document = (fields: object) => ({ ...ADVISORY, document: { ...ADVISORY.document, ...fields } });
    const tracking = (fields: object) => document({ tracking: { ...ADVISORY.document.tracking, ...fields } });
    const cases: [unknown, string][] = [
      [tracking({ id: 'CVE-2023-XXXX' }), 'bad-id document.tracking.id'],
      [tracking({ id: 'BSI-2022-0001' }), 'bad-id document.tracking.id'],
      [tracking({ current_release_date: 'unknown' }), 'bad-date document.tracking.current_release_date'],
      [
        document({ publisher: { namespace: 'https://www.bsi.bund.de' } }),
        'bad-id document.publisher.namespace',
      ],
      [document({ title: 1 }), 'wrong-type document.title'],
      [{ ...ADVISORY, vulnerabilities: [{ cve: 'CVE-2023-XXXX' }] }, 'bad-id vulnerabilities[0].cve'],
      [{ ...ADVISORY, document: undefined }, 'missing-field document'],
    ];
    for (const [value, expected] of cases)
      assert.equal(
        problemOf(() => parseValue(csafAdvisory, value)),
        expected,
      );
  });
});

describe('what an advisory fixes', () => {
  const withStatus = (status: object, tree: object = ADVISORY.product_tree) =>
    parseValue(csafAdvisory, {
      ...ADVISORY,
      product_tree: tree,
      vulnerabilities: [{ cve: 'CVE-2023-38545', product_status: status }],
    })?.affected.map(({ name, release, status: said, note }) => [name, release, said, note ?? '']);

  test('a binary package counts as the source package of its version', () => {
    assert.deepEqual(withStatus({ fixed: [`${RHEL8}:${NAMES[1]}`] }), [['curl', 'el8', 'fixed', '']]);
  });

  test('without a source package a binary stands for itself, but not what is for debugging', () => {
    const tree = {
      branches: [
        product(RHEL8, { cpe: 'cpe:/o:redhat:enterprise_linux:8' }),
        ...NAMES.slice(1).map((name) => product(name, {})),
      ],
      relationships: NAMES.slice(1).map((name) => relation(RHEL8, name)),
    };
    assert.deepEqual(withStatus({ fixed: HELD }, tree), [['libcurl', 'el8', 'fixed', '']]);
  });

  test('what is fixed is not also not affected; other products’ not affected is left out', () => {
    const satellite = {
      branches: [
        product('sat', { cpe: 'cpe:/a:redhat:satellite:6.13::el8' }),
        product('foreman-0:1-2.el8sat.src', {}),
        ...ADVISORY.product_tree.branches,
      ],
      relationships: [relation('sat', 'foreman-0:1-2.el8sat.src'), ...ADVISORY.product_tree.relationships],
    };
    assert.deepEqual(
      withStatus(
        {
          fixed: [`${RHEL8}:${NAMES[1]}`],
          known_not_affected: [`${RHEL8}:${NAMES[0]}`, `${AUS}:${NAMES[0]}`, 'sat:foreman-0:1-2.el8sat.src'],
        },
        satellite,
      ),
      [
        ['curl', 'el8', 'fixed', ''],
        ['curl', 'el8.2-aus', 'not_affected', ''],
      ],
    );
  });

  test('packages of a module name it, and the module as such is left out', () => {
    const module = 'nodejs:18:8080020231013:rhel8';
    const tree = {
      branches: [
        product(RHEL8, { cpe: 'cpe:/o:redhat:enterprise_linux:8' }),
        product(module, { purl: 'pkg:rpmmod/redhat/nodejs@18:8080020231013:rhel8' }),
        product('npm-1:9.5.0-1.el8.src', {}),
      ],
      relationships: [
        relation(RHEL8, module),
        {
          ...relation(`${RHEL8}:${module}`, 'npm-1:9.5.0-1.el8.src'),
          full_product_name: { name: 'x', product_id: 'npm in nodejs' },
        },
      ],
    };
    assert.deepEqual(withStatus({ fixed: [`${RHEL8}:${module}`, 'npm in nodejs'] }, tree), [
      ['npm', 'el8', 'fixed', 'module nodejs:18'],
    ]);
    assert.deepEqual(withStatus({ fixed: [`${RHEL8}:${module}`] }, tree), [
      ['nodejs', 'el8', 'fixed', 'module nodejs:18'],
    ]);
  });

  test('a product without packages is what is fixed; ids that the tree does not know are passed over', () => {
    const tree = {
      branches: [product('EAP 7.4.10', { cpe: 'cpe:/a:redhat:jboss_enterprise_application_platform:7.4' })],
    };
    assert.deepEqual(withStatus({ fixed: ['EAP 7.4.10', 'nobody'] }, tree), [
      ['EAP 7.4.10', 'jboss_enterprise_application_platform-7.4', 'fixed', ''],
    ]);
  });

  test('relationships in a circle end', () => {
    const tree = {
      branches: [],
      relationships: [{ ...relation('b', 'a'), full_product_name: { name: 'b', product_id: 'b' } }],
    };
    assert.deepEqual(withStatus({ fixed: ['b'] }, tree), [['a', undefined, 'fixed', '']]);
  });
});

describe('csaf-vex', () => {
  test('reads what is known of one CVE, under a key of its own', () => {
    assert.deepEqual(parseValue(csafVex, VEX), {
      key: 'VEX-CVE-2023-38545',
      kind: 'tracker',
      title: 'curl: heap based buffer overflow in the SOCKS5 proxy handshake',
      description: 'A flaw in the SOCKS5 handshake.',
      published: '2023-10-16T15:34:29Z',
      modified: '2024-08-11T06:04:44Z',
      url: 'https://access.redhat.com/security/cve/CVE-2023-38545',
      severity: 'medium',
      severityAs: 'Moderate',
      cvss: [],
      vulnerabilities: ['CVE-2023-38545'],
      aliases: [],
      affected: [
        fixed('el8.2-aus', { note: 'RHSA-2023:5700' }),
        { ecosystem: 'redhat', name: 'curl', release: 'el8', status: 'wont_fix', note: 'Will not fix' },
      ],
      links: [
        {
          url: 'https://access.redhat.com/errata/RHSA-2023:5700',
          kind: 'advisory',
          id: 'RHSA-2023:5700',
          vulnerability: 'CVE-2023-38545',
        },
      ],
      cites: ['RHSA-2023:5700'],
      weaknesses: [],
    });
  });

  test('is told from an advisory by its name or its address, and both keep their key', () => {
    const recognised = (path: string, value: unknown) =>
      redhat.formats.find((format) => format.recognises(path, JSON.stringify(value).slice(0, 4096)))?.name;
    assert.equal(recognised('2023/cve-2023-38545.json', VEX), 'csaf-vex');
    assert.equal(recognised('x.json', VEX), 'csaf-vex');
    assert.equal(recognised('a.tar.zst!/2023/rhsa-2023_5763.json', ADVISORY), 'csaf-advisory');
    assert.equal(recognised('x.json', ADVISORY), 'csaf-advisory');
    const other = { document: { csaf_version: '2.0', publisher: { namespace: 'https://www.bsi.bund.de' } } };
    assert.equal(recognised('bsi-2022-0001.json', other), undefined);
    const keys = [ADVISORY, VEX].map((value) => {
      const [cut] = csafAdvisory.split({ path: 'x.json', bytes: Buffer.from(JSON.stringify(value)) });
      return cut?.key;
    });
    assert.deepEqual(keys, ['RHSA-2023:5763', 'VEX-CVE-2023-38545']);
  });
});

test('hydra-cve: releases with the fix, packages without one', () => {
  const rpm = (evr: string) => ({
    fixed: evr,
    versions: { scheme: 'rpm', affected: [], unaffected: [{ min: evr }], otherwise: 'unknown' },
  });
  assert.deepEqual(parseValue(hydraCve, HYDRA), {
    key: 'CVE-2024-8088',
    kind: 'tracker',
    title: 'python: cpython: denial of service in zipfile',
    description:
      'zipfile.Path may loop.\n\nA flaw was found.\n\nStatement: Only applications that handle foreign archives.\n\nUpstream fix: python 3.12.6',
    published: '2024-08-22T19:15:09Z',
    modified: null,
    url: 'https://access.redhat.com/security/cve/CVE-2024-8088',
    severity: 'medium',
    severityAs: 'Moderate',
    cvss: [
      { version: '3.1', vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:N/I:N/A:H', score: 5.3, by: 'redhat' },
    ],
    vulnerabilities: ['CVE-2024-8088'],
    aliases: [],
    affected: [
      {
        ecosystem: 'redhat',
        name: 'python3.9',
        release: 'el9',
        status: 'fixed',
        ...rpm('3.9.18-3.el9_4.5'),
        note: 'RHSA-2024:6163',
      },
      {
        ecosystem: 'redhat',
        name: 'python39',
        release: 'el8',
        status: 'fixed',
        note: 'module python39:3.9; RHSA-2024:6962',
      },
      {
        ecosystem: 'redhat',
        name: 'ose-cli',
        release: 'openshift-4.16',
        status: 'fixed',
        note: 'container; RHSA-2024:7000',
      },
      { ecosystem: 'redhat', name: 'python3', release: 'el7', status: 'wont_fix', note: 'Will not fix' },
      {
        ecosystem: 'redhat',
        name: 'python36',
        release: 'el8',
        status: 'affected',
        note: 'module python36:3.6; Affected',
      },
      { ecosystem: 'redhat', name: 'python', release: 'el6', note: 'Something new' },
    ],
    links: [
      { url: 'https://github.com/python/cpython/issues/122905', kind: 'bug' },
      { url: 'https://bugzilla.redhat.com/show_bug.cgi?id=2307370', kind: 'bug', id: 'RHBZ#2307370' },
      { url: 'https://access.redhat.com/errata/RHSA-2024:6163', kind: 'advisory', id: 'RHSA-2024:6163' },
      { url: 'https://access.redhat.com/errata/RHSA-2024:6962', kind: 'advisory', id: 'RHSA-2024:6962' },
      { url: 'https://access.redhat.com/errata/RHSA-2024:7000', kind: 'advisory', id: 'RHSA-2024:7000' },
    ],
    cites: ['RHSA-2024:6163', 'RHSA-2024:6962', 'RHSA-2024:7000'],
    weaknesses: ['CWE-835'],
  });
  // One entry used to stand without a list around it.
  assert.equal(parseValue(hydraCve, { ...HYDRA, package_state: HYDRA.package_state[0] })?.affected.length, 4);
  // A package without a name is none.
  const nameless = HYDRA.package_state.map((state) => ({ ...state, package_name: 'rhel8/ ' }));
  assert.equal(parseValue(hydraCve, { ...HYDRA, package_state: nameless })?.affected.length, 3);
  assert.equal(
    problemOf(() => parseValue(hydraCve, { ...HYDRA, public_date: 'unknown' })),
    'bad-date public_date',
  );
  assert.equal(
    problemOf(() => parseValue(hydraCve, { ...HYDRA, name: 'CVE-2023-XXXX' })),
    'bad-id name',
  );
});

test('hydra-list: summaries under keys of their own, a page or single ones', () => {
  const page = JSON.stringify(
    [SUMMARY, { ...SUMMARY, CVE: 'CVE-2022-24272', bugzilla: 2077736, cvss3_score: 6.3 }],
    null,
    2,
  );
  for (const text of [page, JSON.stringify(SUMMARY)])
    assert.equal(redhat.formats.find((format) => format.recognises('cve.json', text))?.name, 'hydra-list');
  const documents = [...hydraList.split({ path: 'cve.json', bytes: Buffer.from(page) })];
  assert.deepEqual(
    documents.map(({ key }) => key),
    ['LIST-CVE-2022-2309', 'LIST-CVE-2022-24272'],
  );
  assert.deepEqual(parseValue(hydraList, SUMMARY), {
    key: 'LIST-CVE-2022-2309',
    kind: 'tracker',
    title: 'CVE-2022-2309 lxml: NULL Pointer Dereference in lxml',
    published: '2022-07-05T00:00:00Z',
    modified: null,
    url: 'https://access.redhat.com/security/cve/CVE-2022-2309',
    severity: 'medium',
    severityAs: 'moderate',
    cvss: [{ version: '3.1', vector: SUMMARY.cvss3_scoring_vector, score: 7.5, by: 'redhat' }],
    vulnerabilities: ['CVE-2022-2309'],
    aliases: [],
    affected: [
      {
        ecosystem: 'redhat',
        name: 'python-lxml',
        release: 'el9',
        status: 'fixed',
        fixed: '4.6.5-3.el9',
        versions: { scheme: 'rpm', affected: [], unaffected: [{ min: '4.6.5-3.el9' }], otherwise: 'unknown' },
      },
    ],
    links: [
      { url: 'https://bugzilla.redhat.com/show_bug.cgi?id=2107571', kind: 'bug', id: 'RHBZ#2107571' },
      { url: 'https://access.redhat.com/errata/RHSA-2022:8226', kind: 'advisory', id: 'RHSA-2022:8226' },
    ],
    cites: ['RHSA-2022:8226'],
    weaknesses: ['CWE-476'],
  });
});

test('indexes of folders are no documents', () => {
  const heads: [string, string][] = [
    ['changes.csv', '"2023/rhsa-2023_7464.json","2024-08-15T11:45:05+00:00"\n'],
    ['deletions.csv', '"2023/rhsa-2023_6202.json","2024-08-17T03:23:31+00:00"\n'],
    ['archive_latest.txt', 'csaf_advisories_2024-08-11.tar.zst'],
  ];
  for (const [path, head] of heads)
    assert.ok(!redhat.formats.some((format) => format.recognises(path, head)), path);
});

for (const [format, sample] of [
  [csafAdvisory, ADVISORY],
  [csafVex, VEX],
  [hydraCve, HYDRA],
  [hydraList, SUMMARY],
] as const) {
  test(`${format.name} throws nothing but problems, whatever it is given`, () =>
    assertBearsBrokenJson(format, sample, 29));
}
