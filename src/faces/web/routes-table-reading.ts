import { everybody, type RouteRow } from './routes-table-row.ts';

const ok = everybody(200);
const moved = everybody(308);

/** A page, and the same as JSON beside it. */
function page(path: string, what: string, query = ''): RouteRow[] {
  const json = path === '/' ? '/index.json' : `${path}.json`;
  return [
    { method: 'GET', path, what, answers: ok, ask: { path: `${path}${query}` } },
    { method: 'GET', path: json, what: `${what}, as JSON`, answers: ok, ask: { path: `${json}${query}` } },
  ];
}

/** Pages that everybody reads, and what machines ask for. */
export const READING_ROUTES: readonly RouteRow[] = [
  ...page('/', 'first page'),
  ...page('/roundups', 'all roundups'),
  { method: 'GET', path: '/roundup', what: 'the latest roundup', answers: everybody(302) },
  {
    method: 'GET',
    path: '/roundups/:number',
    what: 'a roundup; also .json, .md',
    answers: ok,
    ask: { path: '/roundups/1' },
  },
  ...page('/issues', 'all issues'),
  {
    method: 'GET',
    path: '/issues/:id',
    what: 'an issue; also .json',
    answers: ok,
    ask: { path: '/issues/{issue}' },
  },
  ...page('/packages', 'all packages'),
  {
    method: 'GET',
    path: '/packages/:attr',
    what: 'a package; also .json',
    answers: ok,
    ask: { path: '/packages/openssl' },
  },
  ...page('/channels', 'all channels'),
  {
    method: 'GET',
    path: '/channels/:name',
    what: 'a channel; also .json',
    answers: ok,
    ask: { path: '/channels/nixos-16.09' },
  },
  {
    method: 'GET',
    path: '/reports/:source/:key',
    what: 'a report; also .json',
    answers: ok,
    ask: { path: '/reports/debian/DSA-3773-1' },
  },
  {
    method: 'GET',
    path: '/reports/:source/:key/raw',
    what: 'the bytes of a report',
    answers: ok,
    ask: { path: '/reports/debian/DSA-3773-1/raw' },
  },
  ...page('/sources', 'all sources, and the quarantine'),
  {
    method: 'GET',
    path: '/sources/quarantine/:id/raw',
    what: 'the bytes of a document in quarantine',
    answers: ok,
    ask: { path: '/sources/quarantine/{quarantined}/raw' },
  },
  ...page('/search', 'search', '?q=frob'),
  {
    method: 'GET',
    path: '/vulnerabilities/:id',
    what: 'a vulnerability; also .json',
    answers: ok,
    ask: { path: '/vulnerabilities/CVE-2017-3731' },
  },
  {
    method: 'GET',
    path: '/:id{(?:[Cc][Vv][Ee]|[Cc][Aa][Nn]|[Gg][Hh][Ss][Aa]|[Tt][Ee][Mm][Pp]|[Uu][Bb][Uu][Nn][Tt][Uu]-[Cc][Vv][Ee])-[^/]+}',
    what: 'is it hit by that CVE? Also .json',
    answers: ok,
    ask: { path: '/CVE-2017-3731' },
  },
  ...['roundup', 'issue', 'package', 'channel', 'report', 'source', 'vulnerability'].map(
    (one): RouteRow => ({
      method: 'GET',
      path: `/${one}/*`,
      what: 'leads to the plural',
      answers: moved,
      ask: { path: `/${one}/x` },
    }),
  ),
  ...page('/people', 'people'),
  {
    method: 'GET',
    path: '/people/:handle',
    what: 'somebody; also .json',
    answers: ok,
    ask: { path: '/people/{handle}' },
  },
  { method: 'GET', path: '/healthz', what: 'whether it works, for machines', answers: ok },
  { method: 'GET', path: '/robots.txt', what: 'for robots', answers: ok },
  { method: 'GET', path: '/favicon.ico', what: 'the icon', answers: ok },
  { method: 'GET', path: '/style-{hash}.css', what: 'the stylesheet', answers: ok },
  { method: 'GET', path: '/pages-{hash}.js', what: 'the script', answers: ok },
];
