import { asList, asObject, asString, optionalString } from '#base/formats';
import { isCvePage, isPatchUrl } from './links.ts';
import type { Link } from './source.ts';

/** A reference of a CVE record, whoever wrote it. */
export interface Reference {
  url: string;
  /** "DSA-3896", "[oss-security] 20170619 …", or the address once more. */
  name?: string | null | undefined;
  /** Tags in any spelling: `vendor-advisory`, `Vendor Advisory`, `x_refsource_CONFIRM`. */
  tags?: readonly string[] | null | undefined;
}

const NO_TAGS: readonly string[] = [];

/**
 * Checks a list of `{url, name, tags}` and passes it on as it is: NVD and CVE.org write it alike.
 *
 * @throws JsonFieldError where one has no address, or something is of the wrong type
 */
export function readReferences(list: readonly unknown[], where: string): readonly Reference[] {
  for (let index = 0; index < list.length; index++) {
    const { url, name, tags } = asObject(list[index], `${where}[]`, index);
    if (typeof url !== 'string') asString(url, `${where}[].url`, index);
    if (typeof name !== 'string') optionalString(name, `${where}[].name`, index);
    if (tags === undefined) continue;
    for (const tag of asList(tags, `${where}[].tags`, index)) asString(tag, `${where}[].tags`, index);
  }
  return list as readonly Reference[];
}

/**
 * Links of a record, each address once, and the ids of the advisories that they lead to. Pages that only repeat the
 * record (cve.org, NVD) are left out.
 */
export function linksOf(references: readonly Reference[]): { links: Link[]; cites: string[] } {
  const links: Link[] = [];
  const cites: string[] = [];
  const once = distinct(references);
  for (let index = 0; index < once.length; index++) {
    const { url, name, tags } = once[index] as Reference;
    if (!isAddress(url) || isCvePage(url)) continue;
    const id = citedAdvisory(name) ?? (name === url ? null : citedAdvisory(url));
    if (id !== null && !cites.includes(id)) cites.push(id);
    links.push(linkOf(url, tags ?? NO_TAGS, id));
  }
  return { links, cites };
}

/** Each address once, with all the tags that it has been given. */
function distinct(references: readonly Reference[]): readonly Reference[] {
  if (!hasTwice(references.map(urlOf))) return references;
  const byUrl = new Map<string, Reference>();
  for (const reference of references) {
    const known = byUrl.get(reference.url);
    const tags = reference.tags ?? NO_TAGS;
    if (known === undefined) byUrl.set(reference.url, reference);
    else if (tags.length > 0)
      byUrl.set(reference.url, { ...known, tags: [...(known.tags ?? NO_TAGS), ...tags] });
  }
  return [...byUrl.values()];
}

function urlOf({ url }: Reference): string {
  return url;
}

/** Lists are short: comparing costs less than a set. */
function hasTwice(urls: readonly string[]): boolean {
  if (urls.length > 30) return new Set(urls).size < urls.length;
  for (let index = 1; index < urls.length; index++) {
    const url = urls[index];
    for (let other = 0; other < index; other++) if (urls[other] === url) return true;
  }
  return false;
}

function linkOf(url: string, tags: readonly string[], id: string | null): Link {
  if (id !== null) return { url, kind: 'advisory', id };
  // A commit is a patch, whatever it is tagged; a page tagged "patch" that is no commit is only about one.
  if (MAYBE_PATCH.test(url) && isPatchUrl(url)) return { url, kind: 'patch' };
  const said = saidBy(tags);
  if (said & EXPLOIT) return { url, kind: 'exploit' };
  if (said & ISSUE || BUG.test(url)) return { url, kind: 'bug' };
  if (said & ANNOUNCEMENT || ADVISORY_PAGE.test(url)) return { url, kind: 'advisory' };
  return said & FIX ? { url, kind: 'web', note: 'tagged patch' } : { url, kind: 'web' };
}

const EXPLOIT = 1;
const ISSUE = 2;
const ANNOUNCEMENT = 4;
const FIX = 8;

/** What tags say, as CVE.org writes them (`vendor-advisory`); NVD writes `Vendor Advisory`. */
const SAID = new Map([
  ['exploit', EXPLOIT],
  ['issue-tracking', ISSUE],
  ['vendor-advisory', ANNOUNCEMENT],
  ['third-party-advisory', ANNOUNCEMENT],
  ['patch', FIX],
]);
/** Tags that have occurred; there are few, and each is asked for many times. */
const TAGS = new Map<string, number>();

function saidBy(tags: readonly string[]): number {
  let said = 0;
  for (let index = 0; index < tags.length; index++) {
    const tag = tags[index] as string;
    let known = TAGS.get(tag);
    if (known === undefined) {
      known = SAID.get(tag.toLowerCase().replace(' ', '-')) ?? 0;
      if (TAGS.size < 1000) TAGS.set(tag, known);
    }
    said |= known;
  }
  return said;
}

/** What every patch address has in it: cheap, and wrong only on the side of asking further. */
const MAYBE_PATCH = /commit|patch|diff|rev|changeset|cset|\/(?:c|ci|linus|\+|src\/info)\/|[;&?](?:h|id)=/i;
const BUG =
  /\/(?:show_bug|bugreport)\.cgi|\/(?:issues|bugs)\/\d|\/browse\/[A-Z]{2,20}-\d|\/\/(?:crbug\.com|bugs?\.|bugzilla\.)/;

const ADVISORY_PAGE = /\/(?:security-)?advisor(?:y|ies)\/|\/mfsa\d{4}-|\/xsa-?\d|\/GHSA-|security-announce/i;

/** An address that a page may link to, and that goes into a database. */
function isAddress(url: string): boolean {
  return url.length <= 2000 && ADDRESS.test(url);
}
const ADDRESS = /^(?:https?|ftp):\/\/[^\s/<>"'][^\s<>"]*$/i;

/** What every such id has in it. */
const MAYBE_ADVISORY = /[-_/[( ](?:dsa|dla)|^d[sl]a|usn|rh[sbe]a|glsa|suse-su|fedora-/i;
const ADVISORY =
  /\b(?:(D[SL]A|USN)[- ](\d{1,5})(?:-(\d{1,3}))?|usn\.ubuntu\.com\/(?:usn\/usn-)?(\d{1,5}-\d{1,3})|(RH[SBE]A)-(\d{4})[:_-](\d{3,5})|GLSA(?:[- ]|\/(?:glsa-)?)(\d{6}-\d{2})|((?:open)?SUSE-SU)-(\d{4}):(\d{4,5})(?:-(\d+))?|(FEDORA(?:-EPEL)?-\d{4}-[0-9a-f]{4,10}))(?![0-9a-z])/i;

/**
 * The id of the distribution's advisory that a name or an address of a reference stands for, in the distribution's own
 * spelling. MITRE leaves the revision out ("DSA-3896", "openSUSE-SU-2017:1234"): the first one is meant.
 */
export function citedAdvisory(text: string | null | undefined): string | null {
  if (!text || text.length > 2000 || !MAYBE_ADVISORY.test(text)) return null;
  const match = ADVISORY.exec(text);
  if (match === null) return null;
  const [
    ,
    debian,
    number,
    revision,
    ubuntu,
    redhat,
    year,
    serial,
    glsa,
    suse,
    suseYear,
    suseNumber,
    suseRevision,
    fedora,
  ] = match;
  if (debian !== undefined) return `${debian.toUpperCase()}-${number}-${revision ?? '1'}`;
  if (ubuntu !== undefined) return `USN-${ubuntu}`;
  if (redhat !== undefined) return `${redhat.toUpperCase()}-${year}:${serial}`;
  if (glsa !== undefined) return `GLSA-${glsa}`;
  if (fedora !== undefined)
    return fedora.toLowerCase().replace(/^fedora(-epel)?/, (head) => head.toUpperCase());
  const prefix = suse?.toLowerCase().startsWith('open') ? 'openSUSE-SU' : 'SUSE-SU';
  return `${prefix}-${suseYear}:${suseNumber}-${suseRevision ?? '1'}`;
}
