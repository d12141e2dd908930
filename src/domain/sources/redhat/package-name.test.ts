import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { componentOf, splitNvr } from './package-name.ts';

test('name, version and release', () => {
  const cases: [string, string, string][] = [
    ['java-1.8.0-openjdk-1:1.8.0.131-0.b11.el6_9', 'java-1.8.0-openjdk', '1:1.8.0.131-0.b11.el6_9'],
    ['libvpx-0:1.7.0-8.el8_1', 'libvpx', '1.7.0-8.el8_1'],
    ['openssl-1.0.1e-48.el6_8.1', 'openssl', '1.0.1e-48.el6_8.1'],
    ['bind-32:9.16.23-1.el9_0.11', 'bind', '32:9.16.23-1.el9_0.11'],
  ];
  for (const [nvr, name, evr] of cases) assert.deepEqual(splitNvr(nvr), { name, evr }, nvr);
  for (const none of ['', 'openssl', 'openssl-1.0', '-1-2', 'a-1-', 'a--2', 'a b-1 x-2', 'x/y@z-1-2'])
    assert.equal(splitNvr(none), null, none);
});

test('components by id and purl', () => {
  const cases: [string, string | undefined, object][] = [
    [
      'fence-agents-0:4.2.1-41.el8_2.12.src',
      'pkg:rpm/redhat/fence-agents@4.2.1-41.el8_2.12?arch=src',
      { name: 'fence-agents', kind: 'source', evr: '4.2.1-41.el8_2.12' },
    ],
    [
      'bind-libs-32:9.8.2-0.68.rc1.el6_10.17.i686',
      'pkg:rpm/redhat/bind-libs@9.8.2-0.68.rc1.el6_10.17?arch=i686',
      { name: 'bind-libs', kind: 'binary', evr: '32:9.8.2-0.68.rc1.el6_10.17' },
    ],
    [
      'python-wheel-0.31.1-2.el8.src',
      'pkg:rpm/redhat/python-wheel@0.31.1-2.el8?arch=src&epoch=1',
      { name: 'python-wheel', kind: 'source', evr: '1:0.31.1-2.el8' },
    ],
    [
      'ruby-libs-2.5.9-111.module+el8.9.0+19193+435404ae.i686.rpm-ruby:2.5',
      'pkg:rpm/redhat/ruby-libs@2.5.9-111.module%2Bel8.9.0%2B19193%2B435404ae?arch=i686&rpmmod=ruby:2.5:8090020230627084142:b46abd14',
      {
        name: 'ruby-libs',
        kind: 'binary',
        evr: '2.5.9-111.module+el8.9.0+19193+435404ae',
        module: 'ruby:2.5',
      },
    ],
    ['telnet-1:0.17-65.el7_6.x86_64', undefined, { name: 'telnet', kind: 'binary', evr: '1:0.17-65.el7_6' }],
    ['curl.src', 'pkg:rpm/redhat/curl?arch=src', { name: 'curl', kind: 'source' }],
    ['libcurl', 'pkg:rpm/redhat/libcurl', { name: 'libcurl', kind: 'binary' }],
    ['jenkins-2-plugins', undefined, { name: 'jenkins-2-plugins', kind: 'other' }],
    ['org.jboss.on-jboss-on-parent', undefined, { name: 'org.jboss.on-jboss-on-parent', kind: 'other' }],
    [
      'python36:3.6:8040020241213073301:9bf6f064',
      'pkg:rpmmod/redhat/python36@3.6:8040020241213073301:9bf6f064',
      { name: 'python36', kind: 'module', module: 'python36:3.6' },
    ],
    ['nodejs:18', undefined, { name: 'nodejs', kind: 'module', module: 'nodejs:18' }],
    ['nodejs:18/nodejs', undefined, { name: 'nodejs', kind: 'other', module: 'nodejs:18' }],
    [
      'npm-1:9.5.0-1.el8.x86_64::nodejs:18',
      undefined,
      { name: 'npm', kind: 'binary', evr: '1:9.5.0-1.el8', module: 'nodejs:18' },
    ],
    [
      'registry.redhat.io/quay/quay-rhel8@sha256:8b0e_amd64',
      undefined,
      { name: 'quay-rhel8', kind: 'container' },
    ],
    [
      'openshift3/metrics-cassandra',
      'pkg:oci/openshift3/metrics-cassandra',
      { name: 'metrics-cassandra', kind: 'container' },
    ],
    ['weird', 'pkg:rpm/%%%', { name: 'weird', kind: 'other' }],
  ];
  for (const [id, purl, component] of cases) assert.deepEqual(componentOf(id, purl), component, id);
});

test('never throws, and a name is never empty where the id is not', () => {
  const id = fc
    .array(fc.constantFrom('a', '-', ':', '::', '/', '@', '1', '.src', '.', 'el8'), { minLength: 1 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(id, fc.option(id, { nil: undefined }), (text, tail) => {
      componentOf(text, tail === undefined ? undefined : `pkg:rpm/redhat/${tail}`);
      splitNvr(text);
    }),
  );
});
