import { archiveThenChanges, cveReleases, osvModified } from './fetch-changes.ts';
import type { FetchStep } from './fetch-step.ts';
import { nvdWindows, pagesOf, updateinfoOf, wholeFile } from './fetch-steps.ts';
import type { Source } from './source.ts';

const OSV = 'https://osv-vulnerabilities.storage.googleapis.com';
const REDHAT = 'https://security.access.redhat.com/data/csaf/v2';
const SUSE = 'https://ftp.suse.com/pub/projects/security';
const AMAZON = 'https://cdn.amazonlinux.com';
const DAYS = 24;

/** How sources are fetched that are more than files at fixed addresses. Addresses move: those here are of 2026-08-21. */
const PLANS: Readonly<Record<string, (source: Source) => FetchStep[]>> = {
  redhat: (source) => [
    ...['advisories', 'vex'].map((name) =>
      archiveThenChanges({
        name: `csaf/${name}`,
        base: `${REDHAT}/${name}/`,
        folder: `csaf/${name}/`,
        archive: { nameIn: 'archive_latest.txt' },
        deletions: true,
      }),
    ),
    // One page of the latest summaries.
    ...feedsOf(source, { holds: 'latest' }),
  ],
  suse: (source) => [
    ...feedsOf(
      { ...source, feeds: source.feeds.filter(({ format }) => format !== 'csaf') },
      { everyHours: DAYS },
    ),
    archiveThenChanges({
      name: 'csaf',
      base: `${SUSE}/csaf/`,
      folder: 'csaf/',
      archive: { url: `${SUSE}/csaf.tar.bz2` },
      deletions: false,
    }),
  ],
  ubuntu: (source) => [
    ...feedsOf(source, { everyHours: DAYS }),
    pagesOf({
      name: 'notices',
      page: ({ number }) =>
        `https://ubuntu.com/security/notices.json?limit=20&offset=${number * 20}&order=newest&show_hidden=true`,
      path: 'security/notices.json',
      list: 'notices',
      count: { entries: 'total_results', size: 20 },
      first: 0,
      walk: 'known',
      olderKnown: true,
    }),
  ],
  fedora: () => [
    pagesOf({
      name: 'bodhi',
      page: ({ number, since }) =>
        `https://bodhi.fedoraproject.org/updates/?type=security&status=stable&rows_per_page=100&page=${number}${since === null ? '' : `&pushed_since=${encodeURIComponent(since.slice(0, 19))}`}`,
      path: 'bodhi/updates.json',
      list: 'updates',
      count: { pages: 'pages' },
      first: 1,
      walk: 'since',
    }),
  ],
  rocky: () => [
    osvModified({ base: OSV, ecosystem: 'Rocky Linux', folder: 'osv' }),
    pagesOf({
      name: 'apollo',
      page: ({ number }) => `https://apollo.build.resf.org/api/v3/advisories/?page=${number}&size=100`,
      path: 'apollo/advisories.json',
      list: 'advisories',
      count: { entries: 'total', size: 100 },
      first: 1,
      walk: 'known',
    }),
  ],
  mageia: () => [osvModified({ base: OSV, ecosystem: 'Mageia', folder: 'osv' })],
  osv: (source) =>
    source.feeds.map(({ path }) => {
      const ecosystem = path.split('/')[1] ?? '';
      return osvModified({ base: OSV, ecosystem, folder: `osv/${ecosystem}` });
    }),
  amazon: () =>
    [
      { name: 'al2023', mirrors: `${AMAZON}/al2023/core/mirrors/latest/x86_64/mirror.list` },
      { name: 'al2', mirrors: `${AMAZON}/2/core/latest/x86_64/mirror.list` },
    ].map(({ name, mirrors }) => updateinfoOf({ name, mirrors, path: `${name}/updateinfo.xml` })),
  // 300 MB packed; what is new in between comes with OSV.
  ghsa: (source) => feedsOf(source, { everyHours: 7 * DAYS }),
  chrome: (source) => feedsOf(source, { holds: 'latest' }),
  cve: ({ feeds }) =>
    feeds.map(({ url, path }) =>
      cveReleases({
        archive: { url, path },
        releases: 'https://api.github.com/repos/CVEProject/cvelistV5/releases',
      }),
    ),
  nvd: () => [
    nvdWindows({
      feeds: 'https://nvd.nist.gov/feeds/json/cve/2.0',
      api: 'https://services.nvd.nist.gov/rest/json/cves/2.0',
      firstYear: 2002,
    }),
  ],
};

function feedsOf(
  { feeds }: Source,
  how: Pick<Parameters<typeof wholeFile>[0], 'holds' | 'everyHours'>,
): FetchStep[] {
  return feeds.map(({ url, path }) => wholeFile({ url, path, ...how }));
}

/** How a source is fetched, step by step; by default each of its feeds as a whole. */
export function stepsOf(source: Source): FetchStep[] {
  return (Object.hasOwn(PLANS, source.id) ? PLANS[source.id]?.(source) : undefined) ?? feedsOf(source, {});
}

/** How often a source is asked whether it has anything new, in hours; a divisor of a day. */
export function askEveryHours({ expectEveryHours }: Pick<Source, 'expectEveryHours'>): number {
  if (expectEveryHours <= 6) return 1;
  if (expectEveryHours <= 24) return 2;
  if (expectEveryHours <= 96) return 4;
  return expectEveryHours <= 14 * DAYS ? 6 : 12;
}
