/** Samples of the forms of the first six sources, and of signals: see samples.ts. */
import type { Sample } from './samples.ts';

const json = (value: unknown) => JSON.stringify(value);

const list = (id: string) => `[20 Jun 2017] ${id} frobd - security update
\t{CVE-2017-90001 CVE-2017-90002}
\t[jessie] - frobd 2.0-1+deb8u1
\t[wheezy] - frobd <not-affected> (Vulnerable code not present)
\tNOTE: https://github.com/frob/frobd/commit/0123456789abcdef
[19 Jun 2017] ${id.replace('9001', '9000')} other - security update
\t[jessie] - other 1.0-1
`;

const cveList = `CVE-2017-90001 (frobd before 2.0 frobs too much ...)
\t{DSA-9001-1 DLA-9001-1}
\t- frobd 2.0-1 (medium; bug #912345)
\t[jessie] - frobd <no-dsa> (Minor issue)
\tNOTE: Fixed by: https://github.com/frob/frobd/commit/0123456789abcdef
CVE-2017-XXXX [frobbing without an id]
\t- frobd <unfixed> (bug #912346)
CVE-2017-90002
\tRESERVED
`;

const tracker = json({
  frobd: {
    'CVE-2017-90001': {
      description: 'frobs too much',
      debianbug: 912345,
      scope: 'remote',
      releases: {
        jessie: {
          status: 'resolved',
          repositories: { jessie: '1.0-1' },
          fixed_version: '2.0-1',
          urgency: 'medium',
        },
        sid: {
          status: 'open',
          repositories: { sid: '1.0-1' },
          urgency: 'low',
          nodsa: 'Minor issue',
          nodsa_reason: 'postponed',
        },
      },
    },
  },
});

const uct = `PublicDateAtUSN: 2017-06-20 01:29:00 UTC
Candidate: CVE-2017-90001
PublicDate: 2017-06-20 01:29:00 UTC
References:
 https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2017-90001
 https://ubuntu.com/security/notices/USN-9001-1
Description:
 frobs too much
Ubuntu-Description:
Notes:
 sbeattie> frobs only now and then
Bugs:
 http://bugs.debian.org/cgi-bin/bugreport.cgi?bug=912345
Priority: medium
Discovered-by: Somebody
Assigned-to:
CVSS:
 nvd: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H
Patches_frobd:
 upstream: https://github.com/frob/frobd/commit/0123456789abcdef
 break-fix: - 0123456789abcdef
upstream_frobd: released (2.0)
xenial_frobd: released (1.0-1ubuntu0.1)
trusty/esm_frobd: ignored (end of life)
devel_frobd: not-affected (2.0-1)
`;

const usnDb = json({
  '9001-1': {
    id: '9001-1',
    title: 'frobd vulnerability',
    summary: 'frobd could be made to frob.',
    isummary: 'frobd',
    description: 'It was discovered that frobd frobs.',
    timestamp: 1497922140.5,
    cves: ['CVE-2017-90001', 'https://launchpad.net/bugs/1234567'],
    releases: { xenial: { sources: { frobd: { version: '1.0-1ubuntu0.1' } } } },
  },
});

const notices = json({
  notices: [
    {
      id: 'USN-9001-1',
      title: 'frobd vulnerability',
      summary: 'frobd could be made to frob.',
      description: 'It was discovered that frobd frobs.',
      published: '2017-06-20T01:29:00',
      cves: [{ id: 'CVE-2017-90001' }],
      cves_ids: ['CVE-2017-90001'],
      references: ['https://launchpad.net/bugs/1234567'],
      related_notices: [{ id: 'USN-9000-1' }],
      release_packages: { xenial: [{ name: 'frobd', is_source: true, version: '1.0-1ubuntu0.1' }] },
    },
  ],
});

const apiCves = json({
  cves: [
    {
      id: 'CVE-2017-90001',
      description: 'frobs too much',
      priority: 'medium',
      status: 'active',
      published: '2017-06-20T01:29:00',
      updated_at: '2017-06-21T01:29:00.332794+00:00',
      notes: [{ author: 'somebody', note: 'frobs now and then' }],
      packages: [
        {
          name: 'frobd',
          statuses: [{ release_codename: 'xenial', status: 'released', description: '1.0-1ubuntu0.1' }],
        },
      ],
      patches: { frobd: ['upstream: https://github.com/frob/frobd/commit/0123456789abcdef'] },
      references: ['https://frob.example.org/'],
      bugs: [''],
      notices_ids: ['USN-9001-1'],
    },
  ],
});

const osvUsn = json({
  schema_version: '1.7.0',
  id: 'USN-9001-1',
  summary: 'frobd vulnerability',
  details: 'It was discovered that frobd frobs.',
  upstream: ['CVE-2017-90001'],
  published: '2017-06-20T01:29:00Z',
  modified: '2017-06-21T01:29:00Z',
  affected: [
    {
      package: {
        ecosystem: 'Ubuntu:16.04:LTS',
        name: 'frobd',
        purl: 'pkg:deb/ubuntu/frobd?arch=source&distro=xenial',
      },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.0-1ubuntu0.1' }] }],
      ecosystem_specific: { availability: 'No subscription required' },
    },
  ],
  references: [{ type: 'ADVISORY', url: 'https://ubuntu.com/security/notices/USN-9001-1' }],
});

const glsa = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE glsa SYSTEM "http://www.gentoo.org/dtd/glsa.dtd">
<glsa id="201706-99">
  <title>Frobd: Frobbing</title>
  <synopsis>frobs too much</synopsis>
  <product type="ebuild">frobd</product>
  <announced>2017-06-20</announced>
  <revised count="1">2017-06-21</revised>
  <bug>912345</bug>
  <access>remote</access>
  <affected>
    <package name="www-servers/frobd" auto="yes" arch="*">
      <unaffected range="ge">2.0</unaffected>
      <unaffected range="rge" slot="1">1.9-r3</unaffected>
      <vulnerable range="lt">2.0</vulnerable>
    </package>
  </affected>
  <description><p>Found.</p><ul><li>frobs</li></ul></description>
  <impact type="normal"><p>Frobbing.</p></impact>
  <references><uri link="https://nvd.nist.gov/vuln/detail/CVE-2017-90001">CVE-2017-90001</uri></references>
</glsa>
`;

const csaf = (id: string, category: string) =>
  json({
    document: {
      aggregate_severity: { text: 'Important' },
      category,
      csaf_version: '2.0',
      notes: [{ category: 'summary', text: 'frobs too much', title: 'Topic' }],
      publisher: { category: 'vendor', name: 'Red Hat', namespace: 'https://www.redhat.com' },
      references: [
        {
          category: 'external',
          summary: '1234567',
          url: 'https://bugzilla.redhat.com/show_bug.cgi?id=1234567',
        },
      ],
      title: 'frobd security update',
      tracking: {
        id,
        initial_release_date: '2017-06-20T01:29:00Z',
        current_release_date: '2017-06-21T01:29:00Z',
      },
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          name: 'Red Hat',
          branches: [
            {
              category: 'product_name',
              name: 'Red Hat Enterprise Linux Server (v. 7)',
              product: {
                name: 'Red Hat Enterprise Linux Server (v. 7)',
                product_id: '7Server',
                product_identification_helper: { cpe: 'cpe:/o:redhat:enterprise_linux:7::server' },
              },
            },
            {
              category: 'product_version',
              name: 'frobd-0:2.0-1.el7.src',
              product: {
                name: 'frobd-0:2.0-1.el7.src',
                product_id: 'frobd-0:2.0-1.el7.src',
                product_identification_helper: { purl: 'pkg:rpm/redhat/frobd@2.0-1.el7?arch=src' },
              },
            },
          ],
        },
      ],
      relationships: [
        {
          category: 'default_component_of',
          full_product_name: { name: 'frobd', product_id: '7Server:frobd-0:2.0-1.el7.src' },
          product_reference: 'frobd-0:2.0-1.el7.src',
          relates_to_product_reference: '7Server',
        },
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2017-90001',
        cwe: { id: 'CWE-400', name: 'x' },
        notes: [{ category: 'description', text: 'frobs', title: 'Vulnerability description' }],
        product_status: { fixed: ['7Server:frobd-0:2.0-1.el7.src'] },
        references: [{ url: 'https://github.com/frob/frobd/commit/0123456789abcdef', summary: 'x' }],
        remediations: [
          {
            category: 'vendor_fix',
            details: 'x',
            url: 'https://access.redhat.com/errata/RHSA-2017:9001',
            product_ids: ['7Server:frobd-0:2.0-1.el7.src'],
          },
        ],
        scores: [
          {
            cvss_v3: {
              version: '3.1',
              vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
              baseScore: 7.5,
            },
            products: [],
          },
        ],
        threats: [{ category: 'impact', details: 'Important' }],
      },
    ],
  });

const hydra = json({
  threat_severity: 'Moderate',
  public_date: '2017-06-20T01:29:00Z',
  bugzilla: {
    description: 'frobd: frobs',
    id: '1234567',
    url: 'https://bugzilla.redhat.com/show_bug.cgi?id=1234567',
  },
  cvss3: {
    cvss3_base_score: '7.5',
    cvss3_scoring_vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
    status: 'verified',
  },
  cwe: 'CWE-400',
  details: ['frobs too much'],
  affected_release: [
    {
      product_name: 'Red Hat Enterprise Linux 7',
      release_date: '2017-06-21T00:00:00Z',
      advisory: 'RHSA-2017:9001',
      cpe: 'cpe:/o:redhat:enterprise_linux:7',
      package: 'frobd-0:2.0-1.el7',
    },
  ],
  package_state: [
    {
      product_name: 'Red Hat Enterprise Linux 6',
      fix_state: 'Will not fix',
      package_name: 'frobd',
      cpe: 'cpe:/o:redhat:enterprise_linux:6',
    },
  ],
  references: ['https://frob.example.org/'],
  upstream_fix: 'frobd 2.0',
  name: 'CVE-2017-90001',
});

const hydraList = json([
  {
    CVE: 'CVE-2017-90001',
    severity: 'moderate',
    public_date: '2017-06-20T01:29:00Z',
    advisories: ['RHSA-2017:9001'],
    bugzilla: '1234567',
    bugzilla_description: 'frobd: frobs',
    cvss_score: null,
    CWE: 'CWE-400',
    affected_packages: ['frobd-0:2.0-1.el7'],
    resource_url: 'https://access.redhat.com/hydra/rest/securitydata/cve/CVE-2017-90001.json',
    cvss3_scoring_vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
    cvss3_score: '7.5',
  },
]);

const cve4 = json({
  CVE_data_meta: { ASSIGNER: 'security@frob.example.org', ID: 'CVE-2017-90001', STATE: 'PUBLIC' },
  affects: {
    vendor: {
      vendor_data: [
        {
          vendor_name: 'Frob',
          product: {
            product_data: [
              { product_name: 'frobd', version: { version_data: [{ version_value: '1.0 to 1.9' }] } },
            ],
          },
        },
      ],
    },
  },
  data_format: 'MITRE',
  data_type: 'CVE',
  data_version: '4.0',
  description: { description_data: [{ lang: 'eng', value: 'frobs too much' }] },
  problemtype: { problemtype_data: [{ description: [{ lang: 'eng', value: 'CWE-400' }] }] },
  references: {
    reference_data: [
      { name: 'DSA-9001', refsource: 'DEBIAN', url: 'http://www.debian.org/security/2017/dsa-9001' },
    ],
  },
});

const cve5 = json({
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: {
    cveId: 'CVE-2017-90001',
    state: 'PUBLISHED',
    datePublished: '2017-06-20T01:29:00.588Z',
    dateUpdated: '2017-06-21T01:29:00Z',
  },
  containers: {
    cna: {
      providerMetadata: { orgId: '53f830b8-0a3f-465b-8143-3b8a9948e749', shortName: 'x' },
      descriptions: [{ lang: 'en', value: 'frobs too much' }],
      affected: [
        {
          vendor: 'Frob',
          product: 'frobd',
          versions: [{ version: '1.0', lessThan: '2.0', status: 'affected', versionType: 'semver' }],
          defaultStatus: 'unaffected',
        },
      ],
      references: [{ url: 'https://github.com/frob/frobd/commit/0123456789abcdef', tags: ['patch'] }],
      problemTypes: [{ descriptions: [{ cweId: 'CWE-400', description: 'x', lang: 'en' }] }],
    },
  },
});

const CPE = 'cpe:2.3:a:frob:frobd:*:*:*:*:*:*:*:*';

const nvd11 = json({
  CVE_data_type: 'CVE',
  CVE_Items: [
    {
      cve: {
        data_type: 'CVE',
        CVE_data_meta: { ID: 'CVE-2017-90001', ASSIGNER: 'x' },
        problemtype: { problemtype_data: [{ description: [{ lang: 'en', value: 'CWE-400' }] }] },
        references: {
          reference_data: [
            {
              url: 'http://www.debian.org/security/2017/dsa-9001',
              name: 'DSA-9001',
              refsource: 'DEBIAN',
              tags: [],
            },
          ],
        },
        description: { description_data: [{ lang: 'en', value: 'frobs too much' }] },
      },
      configurations: {
        CVE_data_version: '4.0',
        nodes: [
          { operator: 'OR', cpe_match: [{ vulnerable: true, cpe23Uri: CPE, versionEndExcluding: '2.0' }] },
        ],
      },
      impact: {
        baseMetricV3: {
          cvssV3: {
            version: '3.0',
            vectorString: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
            baseScore: 9.8,
          },
        },
      },
      publishedDate: '2017-06-20T01:29Z',
      lastModifiedDate: '2017-06-21T01:29Z',
    },
  ],
});

const nvd20 = json({
  resultsPerPage: 1,
  format: 'NVD_CVE',
  version: '2.0',
  vulnerabilities: [
    {
      cve: {
        id: 'CVE-2017-90001',
        published: '2017-06-20T01:29:00.000',
        lastModified: '2017-06-21T01:29:00.000',
        vulnStatus: 'Analyzed',
        descriptions: [{ lang: 'en', value: 'frobs too much' }],
        metrics: {},
        weaknesses: [{ description: [{ lang: 'en', value: 'CWE-400' }] }],
        configurations: [
          {
            nodes: [
              {
                operator: 'OR',
                cpeMatch: [
                  {
                    vulnerable: true,
                    criteria: CPE,
                    versionStartIncluding: '1.0',
                    versionEndExcluding: '2.0',
                  },
                ],
              },
            ],
          },
        ],
        references: [{ url: 'https://github.com/frob/frobd/commit/0123456789abcdef', tags: ['Patch'] }],
      },
    },
  ],
});

const override = json({
  _annotation: {
    cve_id: 'CVE-2017-90001',
    description: 'frobs too much',
    reason: 'Added CPE configurations',
    references: ['https://frob.example.org/'],
    modified: '2017-06-21T01:29:00Z',
    published: '2017-06-20T01:29:00Z',
  },
  cve: {
    configurations: [
      {
        nodes: [
          {
            cpeMatch: [{ criteria: CPE, versionEndExcluding: '2.0', vulnerable: true }],
            negate: false,
            operator: 'OR',
          },
        ],
      },
    ],
  },
});

const kev = json({
  title: 'CISA Catalog of Known Exploited Vulnerabilities',
  catalogVersion: '2017.06.20',
  dateReleased: '2017-06-20T10:00:00.0648Z',
  count: 1,
  vulnerabilities: [
    {
      cveID: 'CVE-2017-90001',
      dateAdded: '2017-06-20',
      dueDate: '2017-07-20',
      knownRansomwareCampaignUse: 'Known',
      product: 'frobd',
    },
    {
      cveID: 'CVE-2017-90002',
      dateAdded: '2017-06-19',
      dueDate: '2017-07-20',
      knownRansomwareCampaignUse: 'Unknown',
    },
  ],
});

const kevCsv = `cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,knownRansomwareCampaignUse,notes,cwes
CVE-2017-90001,Frob,frobd,"Frobd ""frobbing""",2017-06-20,"frobs,
too much",x,2017-07-20,Known,,CWE-400
CVE-2017-90002,Frob,frobd,x,2017-06-19,x,x,2017-07-20,Unknown,,
`;

const epss = `#model_version:v2023.03.01,score_date:2025-02-20T00:00:00+0000
cve,epss,percentile
CVE-1999-0001,0.00383,0.73075
CVE-2017-90001,7e-05,0.00428
CVE-2017-90002,1,1
`;

export const SAMPLES_OF_FIRST: readonly Sample[] = [
  { source: 'debian', form: 'dsa-list', path: 'data/DSA/list', text: list('DSA-9001-1') },
  { source: 'debian', form: 'dla-list', path: 'data/DLA/list', text: list('DLA-9001-1') },
  { source: 'debian', form: 'dtsa-list', path: 'data/DTSA/list', text: list('DTSA-9001-1') },
  { source: 'debian', form: 'cve-list', path: 'data/CVE/list', text: cveList },
  { source: 'debian', form: 'tracker-json', path: 'tracker/data/json', text: tracker },
  { source: 'ubuntu', form: 'uct', path: 'active/CVE-2017-90001', text: uct },
  { source: 'ubuntu', form: 'usn-db', path: 'usn-db/database-all.json', text: usnDb },
  { source: 'ubuntu', form: 'notices', path: 'notices.json', text: notices },
  { source: 'ubuntu', form: 'api-cves', path: 'cves.json', text: apiCves },
  { source: 'ubuntu', form: 'osv-usn', path: 'osv/usn/USN-9001-1.json', text: osvUsn },
  { source: 'gentoo', form: 'glsa', path: 'glsa-201706-99.xml', text: glsa },
  {
    source: 'redhat',
    form: 'csaf-advisory',
    path: '2017/rhsa-2017_9001.json',
    text: csaf('RHSA-2017:9001', 'csaf_security_advisory'),
  },
  {
    source: 'redhat',
    form: 'csaf-vex',
    path: '2017/cve-2017-90001.json',
    text: csaf('CVE-2017-90001', 'csaf_vex'),
  },
  { source: 'redhat', form: 'hydra-cve', path: 'cve/CVE-2017-90001.json', text: hydra },
  { source: 'redhat', form: 'hydra-list', path: 'cve.json', text: hydraList },
  { source: 'cve', form: 'cve-4', path: '2017/90xxx/CVE-2017-90001.json', text: cve4 },
  { source: 'cve', form: 'cve-5', path: 'cves/2017/90xxx/CVE-2017-90001.json', text: cve5 },
  { source: 'nvd', form: 'nvd-1.1', path: 'nvdcve-1.1-2017.json', text: nvd11 },
  { source: 'nvd', form: 'nvd-2.0', path: 'nvdcve-2.0-2017.json', text: nvd20 },
  { source: 'nvd', form: 'nvd-2.0-override', path: 'data/2017/CVE-2017-90001.json', text: override },
  { source: 'kev', form: 'kev', path: 'known_exploited_vulnerabilities.json', text: kev },
  { source: 'kev', form: 'kev-csv', path: 'known_exploited_vulnerabilities.csv', text: kevCsv },
  { source: 'epss', form: 'epss', path: 'epss_scores-2025-02-20.csv', text: epss },
];
