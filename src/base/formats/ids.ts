/**
 * Ids of vulnerabilities and advisories as they occur in the wild: lower case, `CAN-`, spaces for dashes,
 * several in one string, non-breaking spaces. One parser for all, so that no room grows its own.
 */

const SEPARATOR = '[-\\u2010-\\u2015\\u00a0 _]';

/** CVE numbering: four digits of year, at least four of sequence (CVE Record Format 5.1, cveId). */
const CVE = new RegExp(
  `\\b(?:CVE|CAN)${SEPARATOR}{1,2}(\\d{4})${SEPARATOR}{1,2}(\\d{4,19})(?![0-9A-Za-z])`,
  'gi',
);
const GHSA = /\bGHSA(?:-[23456789cfghjmpqrvwx]{4}){3}\b/gi;
/** Databases of OSV that number flaws themselves (ossf.github.io/osv-schema, "database prefixes"), in the only spelling that they have. */
const DATABASES = /(?<![\w-])(?:PYSEC|RUSTSEC|GO|OSV|HSEC|OSEC|RSEC|JLSEC|GSD)-\d{4}-\d{1,9}(?![\w-])/g;

/**
 * Vulnerability ids in a text, in order, each once, in their canonical spelling: `CVE-2004-1171` for `can 2004-1171`,
 * GHSA ids with the prefix in upper and the rest in lower case, `PYSEC-2021-12` and the like as they are. What only looks like one (`CVE-2023-XXXX`) is left out:
 * see {@link placeholderIds}.
 */
export function parseIds(text: string): string[] {
  const found: { at: number; id: string }[] = [];
  for (const match of text.matchAll(CVE)) {
    const year = Number(match[1]);
    if (year >= 1999 && year <= 2199)
      found.push({ at: match.index, id: cveId(match[1] ?? '', match[2] ?? '') });
  }
  for (const match of text.matchAll(GHSA)) {
    found.push({ at: match.index, id: `GHSA${match[0].slice(4).toLowerCase()}` });
  }
  for (const match of text.matchAll(DATABASES)) found.push({ at: match.index, id: match[0] });
  found.sort((a, b) => a.at - b.at);
  return [...new Set(found.map(({ id }) => id))];
}

/** CVE sequence numbers have at least four digits; longer ones carry no leading zero. */
function cveId(year: string, sequence: string): string {
  const digits = sequence.replace(/^0+(?=\d{4})/, '');
  return `CVE-${year}-${digits}`;
}

/** The id if the whole string is exactly one vulnerability id, else null. */
export function parseId(text: string): string | null {
  const ids = parseIds(text);
  const id = ids[0];
  return ids.length === 1 && id !== undefined && text.trim().length <= id.length + 4 ? id : null;
}

const PLACEHOLDER = /\b(?:CVE|CAN)-\d{4}-(?!\d)[0-9A-Za-z]{2,}\b/gi;

/** Strings that stand where an id will be one day: `CVE-2023-XXXX`, `CVE-2009-NNN3`. They name nothing: many entries share one. */
export function placeholderIds(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[0]))];
}

/** An id that is none of a flaw's for good, and what it stands for. */
export type ProvisionalId =
  /** `CVE-2017-XXXX`: a place where a number will be; many entries share one. With a hash (`-DBAD28FA1234`) it is one of them. */
  | { kind: 'placeholder'; id: string; hash: string | null }
  /** `TEMP-0628843-DBAD28`: Debian's tracker names so what has no number; the bug's number, and a hash of the title. */
  | { kind: 'temporary'; id: string; hash: string }
  /** `UBUNTU-CVE-2017-3731`: a database's name for what it says of that number. */
  | { kind: 'renamed'; id: string; of: string };

/** The whole string as a provisional id, or null where it is something else. Whatever the case, in the spelling of who gives them out. */
export function parseProvisionalId(text: string): ProvisionalId | null {
  const id = text.trim().toUpperCase();
  const [, renamed] = /^(?:UBUNTU|DEBIAN|ALPINE)-(CVE-\d{4}-\d{4,19})$/.exec(id) ?? [];
  if (renamed !== undefined) {
    const of = parseId(renamed);
    return of === null ? null : { kind: 'renamed', id, of };
  }
  const [, hash] = /^TEMP-\d{1,9}-([0-9A-F]{6})$/.exec(id) ?? [];
  if (hash !== undefined) return { kind: 'temporary', id, hash };
  const [, place, title] =
    /^(?:CVE|CAN)-(\d{4}-(?!\d+$)[0-9A-Z]{3,19})(?:-([0-9A-F]{6,12}))?$/.exec(id) ?? [];
  return place === undefined || !/[A-Z]/.test(place)
    ? null
    : {
        kind: 'placeholder',
        id: `CVE-${place}${title === undefined ? '' : `-${title}`}`,
        hash: title ?? null,
      };
}

const ADVISORY_PATTERNS: readonly {
  source: string;
  pattern: RegExp;
  spell: (match: RegExpMatchArray) => string;
}[] = [
  { source: 'debian', pattern: /\b(DSA|DLA|DTSA|ELA)-(\d+)-(\d+)\b/gi, spell: (m) => m[0].toUpperCase() },
  { source: 'ubuntu', pattern: /\b(USN|LSN)-(\d+)-(\d+)\b/gi, spell: (m) => m[0].toUpperCase() },
  { source: 'gentoo', pattern: /\bGLSA[- :](\d{6})-(\d{2})\b/gi, spell: (m) => `GLSA-${m[1]}-${m[2]}` },
  { source: 'gentoo', pattern: /glsa\/(?:glsa-)?(\d{6})-(\d{2})\b/gi, spell: (m) => `GLSA-${m[1]}-${m[2]}` },
  {
    source: 'redhat',
    pattern: /\b(RH[SBE]A)-(\d{4})[:_-](\d{3,5})\b/gi,
    spell: (m) => `${m[1]?.toUpperCase()}-${m[2]}:${m[3]}`,
  },
  {
    source: 'suse',
    // Red Hat's records and MITRE leave the revision out: the first one is meant.
    pattern: /\b(openSUSE|SUSE)-([SRO]U)-(\d{4}):(\d{4,5})(?:-(\d{1,3}))?\b/gi,
    spell: (m) =>
      `${m[1]?.toLowerCase() === 'suse' ? 'SUSE' : 'openSUSE'}-${m[2]?.toUpperCase()}-${m[3]}:${m[4]}-${m[5] ?? '1'}`,
  },
  {
    source: 'fedora',
    pattern: /\bFEDORA(?:-EPEL|-MODULAR)?-\d{4}-(?:[0-9a-f]{10}|\d{3,6})\b/gi,
    spell: (m) => m[0].replace(/^fedora(-epel|-modular)?/i, (head) => head.toUpperCase()),
  },
  {
    source: 'centos',
    pattern: /\bCESA-(\d{4})[:_-]{1,2}(\d{3,5})\b/gi,
    spell: (m) => `CESA-${m[1]}:${m[2]}`,
  },
  {
    source: 'alma',
    pattern: /\b(AL[SBE]A)-(\d{4})[:-](\d{3,6})\b/g,
    spell: (m) => `${m[1]}-${m[2]}:${m[3]}`,
  },
  { source: 'rocky', pattern: /\b(R[LX][SBE]A)-(\d{4}):(\d{3,6})\b/g, spell: (m) => m[0] },
  { source: 'oracle', pattern: /\bELSA-\d{4}-\d{3,6}(?:-\d)?\b/gi, spell: (m) => m[0].toUpperCase() },
  {
    source: 'amazon',
    pattern: /\bALAS(?:2022|2023|2)(?:[A-Z][A-Z0-9.]{0,40}(?:-\d+\.\d+)?)?-\d{4}-\d{1,5}\b/g,
    spell: (m) => m[0],
  },
  { source: 'mageia', pattern: /\bMGASA-\d{4}-\d{4,5}\b/gi, spell: (m) => m[0].toUpperCase() },
  { source: 'arch', pattern: /\b(?:ASA-\d{6}-\d{1,3}|AVG-\d{1,6})\b/g, spell: (m) => m[0] },
  { source: 'slackware', pattern: /\bSSA:\d{4}-\d{3}-\d{2}\b/g, spell: (m) => m[0] },
  {
    source: 'mozilla',
    pattern: /\bMFSA[ -]?(\d{4})-(\d{2,3})\b/gi,
    spell: (m) => `MFSA${m[1]}-${m[2]}`,
  },
  {
    source: 'freebsd',
    pattern:
      /vuxml\.(?:freebsd\.org\/freebsd|org\/freebsd)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/gi,
    spell: (m) => (m[1] ?? '').toLowerCase(),
  },
];

/** What every one of them has in it: a text without it is looked at once instead of once for each. */
const MAYBE_ADVISORY =
  /(?:\b(?:D[SL]A|DTSA|ELA|[UL]SN|RH[SBE]A|AL[SBE]A|R[LX][SBE]A|CESA|ELSA|MGASA|ASA|AVG|GLSA|MFSA|SSA)[- :]?\d|glsa\/|GLSA[- :]|SUSE-|FEDORA-|ALAS\d|MFSA |vuxml\.)/i;

/** Ids of distributions' advisories in a text (names or addresses), in order, each once, with the source that numbers so. */
export function parseAdvisoryIds(text: string): { source: string; id: string }[] {
  if (!MAYBE_ADVISORY.test(text)) return [];
  const found: { at: number; source: string; id: string }[] = [];
  for (const { source, pattern, spell } of ADVISORY_PATTERNS) {
    for (const match of text.matchAll(pattern)) found.push({ at: match.index, source, id: spell(match) });
  }
  found.sort((a, b) => a.at - b.at);
  const seen = new Set<string>();
  return found.filter(({ id }) => !seen.has(id) && seen.add(id)).map(({ source, id }) => ({ source, id }));
}
