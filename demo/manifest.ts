import type { Wish } from './choose.ts';
import type { SampleFile } from './packing.ts';

/** The day of the shared data's state from which the sample was derived: a date of now would make other bytes every day. */
const DERIVED_ON = '2026-11-23';

/** Whose facts they are, and on what terms. */
const SOURCES = [
  {
    reports: 'debian',
    from: 'Debian security tracker, data/DSA/list and data/DLA/list as of 2023-04',
    licence: 'none stated (facts)',
    attribution: 'Debian security team and Debian LTS team',
  },
  {
    reports: 'ubuntu',
    from: 'Ubuntu CVE Tracker; notices put together from it',
    licence: 'CC-BY-SA-4.0',
    attribution: 'Canonical Ltd.',
  },
  {
    reports: 'gentoo',
    from: 'Gentoo Linux Security Advisories',
    licence: 'CC-BY-SA-2.5',
    attribution: 'Gentoo Foundation, Inc.',
  },
  {
    reports: 'redhat',
    from: 'Red Hat security data, by CVE; advisories put together from it',
    licence: 'CC-BY-4.0',
    attribution: 'Red Hat, Inc., https://access.redhat.com/security/data',
  },
  {
    reports: 'cve',
    from: 'CVE List, JSON 4.0 as of 2020-03',
    licence: 'CVE terms of use',
    attribution: 'Copyright The MITRE Corporation',
  },
  {
    reports: 'nvd',
    from: 'National Vulnerability Database, JSON 1.1 as of 2021-04',
    licence: 'public domain',
    attribution: 'This product uses NVD data but is not endorsed or certified by the NVD.',
  },
  {
    channels: 'all',
    from: 'nixpkgs, evaluated at the commits named',
    licence: 'MIT',
    attribution: 'Nixpkgs contributors',
  },
];

const REMARKS = [
  'Descriptions and titles are composed from ids, versions and weaknesses; nobody’s sentences are in here.',
  'Days of Ubuntu’s and Red Hat’s notices are reckoned from their numbering unless their own document was at hand: such a day may be a week off, and each such report says so.',
  'Which upload belongs to which notice of Ubuntu, and which package to which advisory of Red Hat, follows from what both say of each CVE; notices for which it does not follow are left out.',
  'Revisions of channels are those nearest to the end of June 2017 that were kept: nixos-17.09 is of September 2017, nixos-unstable of May 2018.',
];

/** The sample's own description of itself. */
export function sampleManifest(
  { window, core, around }: Omit<Wish, 'cases'>,
  reports: Readonly<Record<string, number>>,
  files: readonly SampleFile[],
): Buffer {
  const manifest = {
    derivedOn: DERIVED_ON,
    by: 'demo/derive-sample.ts',
    brotli: process.versions.brotli,
    window,
    core,
    around,
    reports,
    allReports: Object.values(reports).reduce((sum, count) => sum + count, 0),
    bytes: Object.fromEntries(files.map(({ path, bytes }) => [path, bytes.length])),
    allBytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    sources: SOURCES,
    remarks: REMARKS,
  };
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
}
