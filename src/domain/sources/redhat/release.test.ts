import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releaseInName, releaseOf } from './release.ts';

test('releases by CPE', () => {
  const cases: [string | undefined, string | undefined][] = [
    ['cpe:/o:redhat:enterprise_linux:7', 'el7'],
    ['cpe:/a:redhat:enterprise_linux:9::appstream', 'el9'],
    ['cpe:/o:redhat:enterprise_linux:4::as', 'el4'],
    ['cpe:/a:redhat:rhel_aus:8.2::appstream', 'el8.2-aus'],
    ['cpe:/o:redhat:rhel_els:6', 'el6-els'],
    ['cpe:/a:redhat:rhel_extras_oracle_java:6', 'el6-extras'],
    ['cpe:/a:redhat:rhel_software_collections:3', 'rhel_software_collections-3'],
    ['cpe:/a:redhat:satellite:6.13::el8', 'satellite-6.13'],
    ['cpe:/a:redhat:ocp_tools', 'ocp_tools'],
    ['cpe:/x:y', undefined],
    [undefined, undefined],
  ];
  for (const [cpe, release] of cases) assert.equal(releaseOf(cpe), release, cpe);
});

test('releases by the name of a build', () => {
  const cases: [string, string | undefined][] = [
    ['4.6.5-3.el9', 'el9'],
    ['1:1.8.0.131-0.b11.el6_9', 'el6'],
    ['2.5.9-111.module+el8.9.0+19193+435404ae', 'el8'],
    ['8.4.0-2.el7jbcs', 'el7'],
    ['1.0-1.fc30', undefined],
    ['1.0-1.el2021', undefined],
  ];
  for (const [evr, release] of cases) assert.equal(releaseInName(evr), release, evr);
});
