import type { Announcement } from './announcement.ts';

/** A story that the sample tells whole. */
export interface Story {
  name: string;
  /** Its vulnerabilities; those of `begins` come to them. */
  vulnerabilities: readonly string[];
  /** An advisory that names all of them. */
  begins?: string;
}

/** The cases that the talk and the studies speak of. */
export const STORIES: readonly Story[] = [
  {
    name: 'Apache httpd 2.4.26',
    vulnerabilities: ['CVE-2017-3167', 'CVE-2017-3169', 'CVE-2017-7659', 'CVE-2017-7668', 'CVE-2017-7679'],
    begins: 'DSA-3896-1',
  },
  {
    name: 'Stack Clash',
    vulnerabilities: [
      ...['CVE-2017-1000364', 'CVE-2017-1000365', 'CVE-2017-1000366', 'CVE-2017-1000367', 'CVE-2017-1000368'],
      ...['CVE-2017-1000369', 'CVE-2017-1000370', 'CVE-2017-1000371', 'CVE-2017-1000379'],
    ],
  },
  { name: 'tcpdump 4.9.0', vulnerabilities: [], begins: 'DSA-3775-1' },
  { name: 'XSA-253', vulnerabilities: ['CVE-2018-5244'] },
  { name: 'Firefox 54', vulnerabilities: [], begins: 'DSA-3881-1' },
  { name: 'GStreamer base plugins', vulnerabilities: [], begins: 'DSA-3819-1' },
  { name: 'GStreamer good plugins', vulnerabilities: [], begins: 'DSA-3820-1' },
];

/** Every vulnerability of the stories. */
export function storyVulnerabilities(announcements: readonly Announcement[]): string[] {
  const byId = new Map(announcements.map(({ id, vulnerabilities }) => [id, vulnerabilities]));
  return [
    ...new Set(
      STORIES.flatMap(({ vulnerabilities, begins }) => [
        ...vulnerabilities,
        ...(begins === undefined ? [] : (byId.get(begins) ?? [])),
      ]),
    ),
  ];
}
