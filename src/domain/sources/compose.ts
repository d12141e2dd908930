import { oneLine, parseAdvisoryIds } from '#base/formats';
import type { Scheme, VersionRange, VersionStatement } from '#base/versions';
import { plainText } from './document.ts';
import { isCvePage, isWebUrl, linkTo, uniqueLinks } from './links.ts';
import type { Affected, CvssScore, Link, ParsedReport, Severity } from './source.ts';

/** What a document says, as it was found in it. */
export interface Said {
  key: string;
  kind: ParsedReport['kind'];
  /** May be long, empty, and of several lines. */
  title: string;
  description?: string | undefined;
  published: string | null;
  modified?: string | null;
  url: string | null;
  withdrawn?: string | undefined;
  state?: ParsedReport['state'];
  severity?: Rating | undefined;
  cvss?: readonly CvssScore[];
  vulnerabilities: Iterable<string>;
  aliases?: Iterable<string>;
  affected: readonly Affected[];
  /** Addresses, whatever they are. */
  links?: Iterable<Reference>;
  /** Texts in which ids of advisories are looked for, besides the addresses. */
  cited?: Iterable<string>;
  weaknesses?: Iterable<string>;
}

export interface Reference {
  url: string;
  note?: string | undefined;
  kind?: Link['kind'] | undefined;
}

/** The source's word for how bad it is beside ours. */
export interface Rating {
  severity?: Severity;
  severityAs?: string;
}

/**
 * A report of what a document says, within the limits that every report keeps to. Ids of advisories are looked for in
 * addresses; pages that only repeat a vulnerability's id are no links.
 */
export function compose(said: Said): ParsedReport {
  const { key, kind, published, url, withdrawn, state } = said;
  const description = plainText(said.description ?? '');
  const references = [...(said.links ?? [])].map((each) => ({ ...each, url: each.url.trim() }));
  const cited = [...references.map((each) => each.url), ...(said.cited ?? [])].flatMap((text) =>
    parseAdvisoryIds(text.slice(0, 2000)),
  );
  return {
    key,
    kind,
    title: oneLine(plainText(said.title.slice(0, 2000)), 300) || key,
    ...(description !== '' && { description }),
    published,
    modified: said.modified ?? null,
    url,
    ...(withdrawn !== undefined && { withdrawn: plainText(withdrawn, 500) }),
    ...(state !== undefined && { state }),
    ...said.severity,
    cvss: distinct(said.cvss ?? [], ({ version, vector, by }) => `${version} ${vector} ${by}`),
    vulnerabilities: [...new Set(said.vulnerabilities)],
    aliases: [...new Set(said.aliases ?? [])],
    affected: distinctRows(said.affected.map(tidyRow).filter(({ name }) => name !== '')),
    links: uniqueLinks(references.filter(isLink).map(asLink)),
    cites: [...new Set(cited.map(({ id }) => id))].filter((id) => id !== key),
    weaknesses: [...new Set(said.weaknesses ?? [])],
  };
}

function isLink({ url }: Reference): boolean {
  return isWebUrl(url) && !isCvePage(url);
}

function asLink({ url, note, kind }: Reference): Link {
  return linkTo(url, { ...(kind !== undefined && { kind }), ...(note !== undefined && { note }) });
}

/** Control characters, halves of characters, and white space at an end: what no name and no version has. */
const UNTIDY = /^\s|\s$|\p{Cc}|\p{Cs}/u;

function tidy(text: string, limit: number): string {
  return text.length > limit || UNTIDY.test(text) ? oneLine(plainText(text, limit), limit) : text;
}

/** A row whose strings can be stored and shown, however it was put together. */
function tidyRow(row: Affected): Affected {
  const { name, release, fixed, note, versions } = row;
  return {
    ...row,
    name: tidy(name, 300),
    ...(release !== undefined && { release: tidy(release, 100) }),
    ...(fixed !== undefined && { fixed: tidy(fixed, 300) }),
    ...(note !== undefined && { note: tidy(note, 500) }),
    ...(versions !== undefined && {
      versions: {
        ...versions,
        affected: versions.affected.map(tidyRange),
        unaffected: versions.unaffected.map(tidyRange),
      },
    }),
  };
}

function tidyRange(range: VersionRange): VersionRange {
  const { min, max } = range;
  if (
    !UNTIDY.test(min ?? '') &&
    !UNTIDY.test(max ?? '') &&
    (min ?? '').length <= 300 &&
    (max ?? '').length <= 300
  )
    return range;
  return {
    ...range,
    ...(min !== undefined && { min: tidy(min, 300) }),
    ...(max !== undefined && { max: tidy(max, 300) }),
  };
}

/** Each row once, in order. */
function distinctRows(rows: readonly Affected[]): Affected[] {
  return distinct(rows, (row) => JSON.stringify(row));
}

function distinct<T>(values: readonly T[], key: (value: T) => string): T[] {
  return values.length < 2 ? [...values] : [...new Map(values.map((value) => [key(value), value])).values()];
}

const WORDS: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ['none', 'none'],
  ['unimportant', 'low'],
  ['negligible', 'low'],
  ['low', 'low'],
  ['minor', 'low'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['high', 'high'],
  ['important', 'high'],
  ['critical', 'critical'],
  ['urgent', 'critical'],
]);

/** Distributions' words for how bad it is, in ours; the word as it was written beside it. */
export function ratingBy(word: string | null | undefined): Rating | undefined {
  const written = plainText(word ?? '', 60);
  if (written === '') return undefined;
  const severity = WORDS.get(written.toLowerCase());
  return { ...(severity !== undefined && { severity }), severityAs: written };
}

/**
 * What "fixed in VERSION" says where everything that was built anew is called fixed, whether it was hit before or not: not
 * affected from there on, and nothing of what came before.
 */
export function rebuiltIn(scheme: Scheme, version: string): VersionStatement {
  return { scheme, affected: [], unaffected: [{ min: version }], otherwise: 'unknown' };
}

/** What "fixed in VERSION" says where only what was hit is named. */
export function mendedIn(scheme: Scheme, version: string): VersionStatement {
  return { scheme, affected: [{ max: version }], unaffected: [{ min: version }], otherwise: 'unknown' };
}

/** A package that a release of a distribution fixed by that version. */
export function fixedRow(
  place: { ecosystem: string; name: string; release?: string | undefined },
  versions: VersionStatement,
  note = '',
): Affected {
  const fixed = versions.unaffected[0]?.min;
  const { ecosystem, release } = place;
  const said = plainText(note, 500);
  return {
    ecosystem,
    name: plainText(place.name, 300),
    ...(release !== undefined && release !== '' && { release: plainText(release, 100) }),
    status: 'fixed',
    ...(fixed !== undefined && { fixed }),
    versions,
    ...(said !== '' && { note: said }),
  };
}
