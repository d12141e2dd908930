import { SOURCES } from '#domain/sources';

/** How sources are called in a line of text, where their full title is too long. Also of those that we only see cited. */
const SHORT = new Map([
  ['debian', 'Debian'],
  ['ubuntu', 'Ubuntu'],
  ['gentoo', 'Gentoo'],
  ['redhat', 'Red Hat'],
  ['cve', 'CVE.org'],
  ['nvd', 'NVD'],
  ['suse', 'SUSE'],
  ['fedora', 'Fedora'],
  ['arch', 'Arch'],
  ['alpine', 'Alpine'],
  ['freebsd', 'FreeBSD'],
  ['netbsd', 'pkgsrc'],
  ['oracle', 'Oracle'],
  ['amazon', 'Amazon'],
  ['alma', 'Alma'],
  ['rocky', 'Rocky'],
  ['mozilla', 'Mozilla'],
  ['chrome', 'Chrome'],
  ['slackware', 'Slackware'],
  ['ghsa', 'GitHub'],
  ['mail', 'mailing lists'],
]);

/** "Debian" for `debian`; its own title, then the id itself, where it has no short name. */
export function sourceTitle(id: string): string {
  return SHORT.get(id) ?? SOURCES.find((source) => source.id === id)?.title ?? id;
}

/** "CVE.org and NVD" */
export function namesOf(sources: readonly string[]): string {
  const titles = sources.map(sourceTitle);
  if (titles.length === 0) return 'nobody whom we read';
  return titles.length === 1 ? titles.join('') : `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}`;
}
