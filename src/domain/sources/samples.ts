/** A small document of each form, made up from what the forms are: for tests and for `bench fuzz`, where real ones are not at hand. */
import { SAMPLES_OF_FIRST } from './samples-first.ts';
import { SAMPLES_OF_LISTS } from './samples-lists.ts';

export interface Sample {
  source: string;
  /** Name of the form. */
  form: string;
  path: string;
  text: string;
}

const json = (value: unknown) => JSON.stringify(value);

const osv = (id: string, ecosystem: string, more: Record<string, unknown> = {}) =>
  json({
    schema_version: '1.7.0',
    id,
    summary: 'Important: frobd security update',
    details: 'frobs too much',
    related: ['CVE-2017-90001'],
    published: '2017-06-20T01:29:00Z',
    modified: '2017-06-21T01:29:00Z',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
    affected: [
      {
        package: { ecosystem, name: 'frobd', purl: 'pkg:generic/frobd?arch=source&distro=xenial' },
        ranges: [
          { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '0:2.0-1' }] },
          {
            type: 'GIT',
            repo: 'https://github.com/frob/frobd',
            events: [{ introduced: '0' }, { fixed: 'a'.repeat(40) }],
          },
        ],
        versions: ['1.0', '1.1'],
      },
    ],
    references: [{ type: 'REPORT', url: 'https://bugzilla.redhat.com/show_bug.cgi?id=1234567' }],
    database_specific: { severity: 'HIGH', cwe_ids: ['CWE-400'] },
    ...more,
  });

const csaf = (id: string, category: string) =>
  json({
    document: {
      category,
      csaf_version: '2.0',
      title: 'Security update for frobd',
      aggregate_severity: { text: 'important' },
      publisher: {
        category: 'vendor',
        name: 'SUSE Product Security Team',
        namespace: 'https://www.suse.com/',
      },
      notes: [{ category: 'description', text: 'frobs too much' }],
      references: [
        { category: 'self', summary: id, url: 'https://www.suse.com/support/update/announcement/2017/x/' },
      ],
      tracking: {
        id,
        initial_release_date: '2017-06-20T01:29:00Z',
        current_release_date: '2017-06-21T01:29:00Z',
      },
    },
    product_tree: {
      branches: [
        { category: 'vendor', name: 'SUSE', product: { name: 'openSUSE Leap 42.2', product_id: 'leap' } },
      ],
      relationships: [
        {
          category: 'default_component_of',
          full_product_name: { name: 'frobd of leap', product_id: 'leap:frobd' },
          product_reference: 'frobd-2.0-1.1.x86_64',
          relates_to_product_reference: 'leap',
        },
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2017-90001',
        notes: [{ category: 'general', text: 'frobs' }],
        product_status: { recommended: ['leap:frobd', 'openSUSE Leap 42.3:frobd-2.0-2.1.noarch'] },
        references: [{ url: 'https://bugzilla.suse.com/1234567', summary: 'bug' }],
      },
    ],
  });

const vex = json({
  metadata: {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://github.com/canonical/ubuntu-security-notices/blob/main/vex/cve/2017/CVE-2017-90001.json',
    author: 'Canonical Ltd.',
    timestamp: '2017-06-20T01:29:00',
    version: 1,
  },
  statements: [
    {
      vulnerability: {
        '@id': 'https://ubuntu.com/security/CVE-2017-90001',
        name: 'CVE-2017-90001',
        description: 'frobs',
        aliases: [],
      },
      products: [{ '@id': 'pkg:deb/ubuntu/frobd@2.0-1ubuntu1?arch=source&distro=xenial' }],
      status: 'fixed',
      timestamp: '2017-06-20 02:44:10',
    },
  ],
});

const bodhi = json({
  updates: [
    {
      alias: 'FEDORA-2017-a1b2c3d4e5',
      type: 'security',
      status: 'stable',
      severity: 'high',
      title: 'frobd-2.0-1.fc26',
      notes: 'Fixes CVE-2017-90001',
      date_submitted: '2017-06-20 01:29:00',
      date_stable: '2017-06-22 01:29:00',
      release: { name: 'F26' },
      bugs: [{ bug_id: 1234567, title: 'CVE-2017-90002 frobd: frobs [fedora-all]' }],
      builds: [
        { nvr: 'frobd-2.0-1.fc26', type: 'rpm', epoch: 1 },
        { nvr: 'frob-26-2620170620012900.a1b2c3d4', type: 'module' },
      ],
    },
  ],
});

const errata = json({
  data: [
    {
      id: 'ALSA-2017:9001',
      issued_date: 1497922140,
      updated_date: 1497922150,
      severity: 'Important',
      title: 'Important: frobd security update',
      description: 'frobs too much',
      type: 'security',
      packages: [
        {
          name: 'frobd',
          epoch: '1',
          version: '2.0',
          release: '1.el8',
          arch: 'x86_64',
          src: 'frobd-2.0-1.el8.src.rpm',
        },
        {
          name: 'frobd-libs',
          epoch: '1',
          version: '2.0',
          release: '1.el8',
          arch: 'x86_64',
          src: 'frobd-2.0-1.el8.src.rpm',
        },
      ],
      references: [
        { id: 'CVE-2017-90001', type: 'cve', href: 'https://vulners.com/cve/CVE-2017-90001' },
        { id: 'RHSA-2017:9001', type: 'rhsa', href: 'https://access.redhat.com/errata/RHSA-2017:9001' },
      ],
    },
  ],
});

const oldErrata = json([
  {
    _id: { $oid: '6124ba4438ca2e5c441f5fff' },
    bs_repo_id: { $oid: '5d9f70c5b456f24391e2644f' },
    updateinfo_id: 'ALSA-2017:9001',
    description: 'frobs',
    issued_date: { $date: 1497922140000 },
    updated_date: { $date: 1497922150000 },
    pkglist: {
      packages: [
        { name: 'frobd', epoch: '0', version: '2.0', release: '1.el8', src: 'frobd-2.0-1.el8.src.rpm' },
      ],
    },
    references: [
      {
        id: 'CVE-2017-90001',
        type: 'cve',
        href: 'https://vulners.com/cve/CVE-2017-90001',
        title: 'CVE-2017-90001',
      },
    ],
    severity: 'Important',
    title: 'Important: frobd security update',
    type: 'security',
  },
]);

const apollo = json({
  advisories: [
    {
      id: 1,
      published_at: '2017-06-20T01:29:00.820964+00:00',
      updated_at: '2017-06-21T01:29:00+00:00',
      name: 'RLSA-2017:9001',
      synopsis: 'Important: frobd security update',
      description: 'frobs too much',
      kind: 'Security',
      severity: 'Important',
      red_hat_advisory_id: 1,
      cves: [
        {
          cve: 'CVE-2017-90001',
          cvss3_scoring_vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
          cwe: 'CWE-770',
        },
      ],
      fixes: [{ source: 'https://bugzilla.redhat.com/show_bug.cgi?id=1234567' }],
      packages: [
        {
          nevra: 'frobd-0:2.0-1.el8.src.rpm',
          product_name: 'Rocky Linux 8 x86_64',
          module_name: 'frob',
          module_stream: '2',
        },
        { nevra: 'frobd-0:2.0-1.el8.x86_64.rpm', product_name: 'Rocky Linux 8 x86_64' },
      ],
    },
  ],
});

const graphql = json({
  data: {
    securityVulnerabilities: {
      edges: [
        {
          node: {
            advisory: {
              identifiers: [
                { type: 'GHSA', value: 'GHSA-2222-3333-4444' },
                { type: 'CVE', value: 'CVE-2017-90001' },
              ],
              summary: 'frobs too much',
              references: [{ url: 'https://github.com/frob/frobd/commit/0123456789abcdef' }],
              severity: 'HIGH',
              publishedAt: '2017-06-20T01:29:00Z',
            },
            package: { name: 'frobd' },
            firstPatchedVersion: { identifier: '2.0' },
            vulnerableVersionRange: '>= 1.0, < 2.0',
          },
        },
      ],
    },
  },
});

const secdb = json({
  distroversion: 'v3.6',
  reponame: 'main',
  packages: [
    {
      pkg: {
        name: 'frobd',
        secfixes: { '2.0-r0': ['CVE-2017-90001', 'CVE-2017-90002 XSA-252 (+ CVE)'], '0': ['CVE-2017-90003'] },
      },
    },
    { pkg: { name: 'xen', secfixes: { '4.10.0-r1': ['XSA-248', 'CVE'] } } },
  ],
});

const avg = json([
  {
    name: 'AVG-1',
    packages: ['frobd', 'lib32-frobd'],
    status: 'Fixed',
    severity: 'High',
    type: 'denial of service',
    affected: '1:1.0-1',
    fixed: '1:2.0-1',
    ticket: '54842',
    issues: ['CVE-2017-90001'],
    advisories: ['ASA-201706-1'],
  },
]);

/** A sample of each form of each source. */
export const SAMPLES: readonly Sample[] = [
  { source: 'fedora', form: 'bodhi', path: 'bodhi/updates.json', text: bodhi },
  {
    source: 'suse',
    form: 'csaf',
    path: 'suse-su-2017_9001-1.json',
    text: csaf('SUSE-SU-2017:9001-1', 'csaf_security_advisory'),
  },
  { source: 'suse', form: 'csaf-vex', path: 'cve-2017-90001.json', text: csaf('CVE-2017-90001', 'csaf_vex') },
  {
    source: 'suse',
    form: 'osv',
    path: 'SUSE-SU-2017:9001-1.json',
    text: osv('SUSE-SU-2017:9001-1', 'SUSE:Linux Enterprise Server 12 SP2'),
  },
  { source: 'mageia', form: 'osv', path: 'MGASA-2017-9001.json', text: osv('MGASA-2017-9001', 'Mageia:5') },
  { source: 'rocky', form: 'osv', path: 'RLSA-2017:9001.json', text: osv('RLSA-2017:9001', 'Rocky Linux:8') },
  { source: 'rocky', form: 'apollo', path: 'page1.json', text: apollo },
  { source: 'alma', form: 'osv', path: 'ALSA-2017:9001.json', text: osv('ALSA-2017:9001', 'AlmaLinux:8') },
  { source: 'alma', form: 'errata', path: 'errata.full.json', text: errata },
  { source: 'alma', form: 'errata-old', path: 'errata.json', text: oldErrata },
  {
    source: 'alpine',
    form: 'osv',
    path: 'ALPINE-CVE-2017-90001.json',
    text: osv('ALPINE-CVE-2017-90001', 'Alpine:v3.6'),
  },
  { source: 'alpine', form: 'secdb', path: 'v3.6/main.json', text: secdb },
  { source: 'arch', form: 'avg', path: 'all.json', text: avg },
  {
    source: 'ghsa',
    form: 'osv',
    path: 'GHSA-2222-3333-4444.json',
    text: osv('GHSA-2222-3333-4444', 'npm', { aliases: ['CVE-2017-90001'] }),
  },
  { source: 'ghsa', form: 'graphql', path: 'pypi.json', text: graphql },
  {
    source: 'osv',
    form: 'osv',
    path: 'PYSEC-2017-9001.json',
    text: osv('PYSEC-2017-9001', 'PyPI', { aliases: ['CVE-2017-90001'] }),
  },
  { source: 'debian', form: 'osv', path: 'DSA-9001-1.json', text: osv('DSA-9001-1', 'Debian:8') },
  {
    source: 'ubuntu',
    form: 'osv-cve',
    path: 'UBUNTU-CVE-2017-90001.json',
    text: osv('UBUNTU-CVE-2017-90001', 'Ubuntu:16.04:LTS'),
  },
  { source: 'ubuntu', form: 'vex', path: 'vex/cve/2017/CVE-2017-90001.json', text: vex },
  {
    source: 'redhat',
    form: 'osv',
    path: 'RHSA-2017:9001.json',
    text: osv('RHSA-2017:9001', 'Red Hat:enterprise_linux:7::server'),
  },
  ...SAMPLES_OF_FIRST,
  ...SAMPLES_OF_LISTS,
];
