import { isUrl, parseAdvisoryIds } from '#base/formats';
import { plainText } from './document.ts';
import type { Link } from './source.ts';

const COMMIT = '[0-9a-f]{7,64}';

/** How the usual hosts of source code write a commit, a change set, or a diff. Each is matched on path and query. */
const PATCH_SHAPES: readonly RegExp[] = [
  // The kernel's; the likeliest first.
  new RegExp(`/(?:c|ci|rev|linus|\\+)/${COMMIT}`, 'i'),
  // GitHub, GitLab, cgit, Gitea, Bitbucket; with or without the name of a file after it.
  new RegExp(`/(?:commits?|commitdiff|changesets?|patch|raw-rev)/[^?#]{0,200}?${COMMIT}`, 'i'),
  /\.(?:patch|diff)(?:\.(?:gz|bz2|xz|txt|asc))?(?:[?#]|$)/i,
  new RegExp(`/(?:commit|commitdiff|patch|diff)/?\\?(?:[^#]*&)?(?:id|h)=${COMMIT}`, 'i'),
  // gitweb: ?p=php-src.git;a=commit;h=…
  new RegExp(`[?;&](?:a=(?:commit|commitdiff|commitdiff_plain|patch)[;&](?:[^#]*[;&])?)?h=${COMMIT}`, 'i'),
  /[?;&](?:view=rev(?:ision)?|pathrev=|r1=)/i,
  /\/(?:revision|revisions|revision-log|changeset|viewrev)\/r?\d+/i,
  /[?&]PAGE=(?:cset|patch)/i,
  /\/\/patchwork\.[^/]+\/(?:project\/[^/]+\/)?patch\/\d/i,
  new RegExp(
    `^https?://(?:commits\\.kde\\.org|www\\.sqlite\\.org/src/info|phabricator\\.[^/]+)/(?:[^?#]{0,80}/)?r?${COMMIT}`,
    'i',
  ),
];

/** Whether an address leads to a commit or a diff: something that one can apply, as far as its form tells. */
export function isPatchUrl(url: string): boolean {
  return PATCH_SHAPES.some((shape) => shape.test(url));
}

const BUG =
  /\/\/(?:bugs?|bugzilla|bz|crbug|issues|jira|tracker|rt)\.|\/\/(?:[^/]*\.)?launchpad\.net\/.*\+?bugs?\/\d|\/\/crbug\.com\/|\/show_bug\.cgi|\/bugreport\.cgi|\/(?:issues|bugs|tickets?)\/#?\d|[?&]bug(?:_?id)?=\d|\/browse\/[A-Z]+-\d|launchpad\.net\/bugs\/\d/i;
const ADVISORY =
  /\badvisor(?:y|ies)\b|\/mfsa\d|\/xsa-?\d|\/GHSA-|\/errata\/RH|security-announce|\/security\/(?:notices|bulletin)|\/tracker\/D[SLT]+A-|\/security\/\d{4}\/dsa-|\/glsa\/|usn\.ubuntu\.com/i;
const EXPLOIT = /\/\/(?:www\.)?exploit-db\.com\/|packetstormsecurity\.[a-z]+\/files/i;

/** What an address leads to, judged by its form alone. */
export function linkKind(url: string): Link['kind'] {
  if (isPatchUrl(url)) return 'patch';
  if (EXPLOIT.test(url)) return 'exploit';
  if (parseAdvisoryIds(url).length > 0 || ADVISORY.test(url)) return 'advisory';
  return BUG.test(url) ? 'bug' : 'web';
}

/** Pages that only repeat a vulnerability's id: whoever has the id has the address. */
const CVE_PAGE =
  /^https?:\/\/(?:(?:www\.)?cve\.mitre\.org\/cgi-bin\/cvename\.cgi|(?:web\.|www\.)?nvd\.nist\.gov\/(?:nvd\.cfm|view\/vuln|vuln\/detail)|(?:www\.)?cve\.org\/CVERecord)/i;

export function isCvePage(url: string): boolean {
  return CVE_PAGE.test(url);
}

const URL_IN_TEXT = /\b(?:https?|ftp):\/\/[^\s<>"'`\\^{}|]{3,2000}/g;

/** Addresses in a text, without the punctuation that ends a sentence or closes a bracket around them. */
export function urlsIn(text: string): string[] {
  return [...text.matchAll(URL_IN_TEXT)].map(([url]) => trimUrl(url)).filter(isWebUrl);
}

function trimUrl(url: string): string {
  const bare = url.replace(/[.,;:!?]{1,10}$/, '');
  return bare.endsWith(')') && !bare.includes('(') ? trimUrl(bare.slice(0, -1)) : bare;
}

/** Whether a string is an address that a page may link to; `javascript:` and the like are not. */
export function isWebUrl(url: string): boolean {
  if (url.length > 2000 || !/^(?:https?|ftp):\/\/[^\s/]/.test(url)) return false;
  // The parser of addresses drops control characters; a database takes none of them, and no half of a character.
  return !/[\p{Cc}\p{Cs}]/u.test(url) && isUrl(url);
}

/** A link, its kind judged by the address unless the source tells it; an advisory's id where the address has it. */
export function linkTo(url: string, told: { kind?: Link['kind']; note?: string } = {}): Link {
  const kind = told.kind ?? linkKind(url);
  const id = kind === 'advisory' ? parseAdvisoryIds(url)[0]?.id : undefined;
  const note = plainText(told.note ?? '', 500);
  return { url, kind, ...(id !== undefined && { id }), ...(note !== '' && { note }) };
}

/** Each address once, where it stood first; what says most of it wins: a patch, then the one with a note. */
export function uniqueLinks(links: Iterable<Link>): Link[] {
  const byUrl = new Map<string, Link>();
  for (const link of links) {
    const known = byUrl.get(link.url);
    const better = known === undefined || (link.kind === 'patch' && known.kind !== 'patch');
    if (better) byUrl.set(link.url, link);
  }
  return [...byUrl.values()];
}
