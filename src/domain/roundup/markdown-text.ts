import { oneLine, webAddress } from '#base/formats';

/** Control characters (also the terminal's), marks that turn the direction of writing, invisible spaces, halves of characters. */
const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\p{Cs}]+/gu;

/** Text from outside as one readable line of at most `limit` characters, without anything that acts unseen. Stable: a second time changes nothing. */
export function plainLine(text: string, limit: number): string {
  const line = oneLine(text.slice(0, limit * 8).replace(UNSEEN, ' '), limit);
  // A cut may have gone through a character of two halves.
  return line.replace(UNSEEN, '').trim();
}

/** Shows as nothing, and keeps what stands on its two sides from being read together. */
const NOTHING = '&#8203;';

/** Words for the severity at the end of a line; where one of them stands, our text ends and a person's begins. */
export const SEVERITY_MARKS = {
  critical: '(critical)',
  high: '(high)',
  medium: '(medium)',
  low: '(low)',
  none: '(severity none)',
  unknown: '(severity unknown)',
} as const;

const SEVERITY_WORDS = 'critical|high|medium|low|severity none|severity unknown';

/** A severity mark that we wrote: in text from outside its bracket has a backslash. */
export const SEVERITY_MARK = new RegExp(`(?<!\\\\)\\((?:${SEVERITY_WORDS})\\)`);

/**
 * What markdown, and GitHub on top of it, would read as more than text. An underscore inside a word is harmless in
 * every dialect since 2014 and stays readable; `@name`, `#12` and bare addresses get nothing put between.
 */
const ACTIVE = new RegExp(
  [
    '[\\\\`*\\[\\]|~$]',
    '(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])',
    '<(?=[A-Za-z/!?])',
    '(?<=--)>',
    '&(?=[#A-Za-z])',
    '@(?=[\\p{L}\\p{N}])',
    '#(?=\\d)',
    '(?<=\\bGH-)(?=\\d)',
    ':(?=//)',
    '(?<=\\bwww)\\.',
    `\\((?=(?:${SEVERITY_WORDS})\\))`,
  ].join('|'),
  'giu',
);

/** One line of text from outside, such that it shows as itself in markdown and is nothing but text. Undone by {@link unescapeMarkdown}. */
export function escapeMarkdown(line: string): string {
  return line.replace(ACTIVE, (sign) => {
    if (sign === '<') return '&lt;';
    if (sign === '>') return '&gt;';
    if (sign === '&') return '&amp;';
    if (sign === '@' || sign === '#' || sign === ':') return `${sign}${NOTHING}`;
    if (sign === '.') return `${NOTHING}.`;
    return sign === '' ? NOTHING : `\\${sign}`;
  });
}

/** Characters that an address may have between `<` and `>` without any of them meaning something else. */
const PLAIN_ADDRESS = /https?:\/\/[A-Za-z0-9\-._~:/?#%&=+,;@!]*[A-Za-z0-9\-_~/#%&=+]/gi;

/** As {@link escapeMarkdown}, but http and https addresses can be followed: what a person wrote behind a line is often one. */
export function escapeRemark(line: string): string {
  let out = '';
  let from = 0;
  for (const match of line.matchAll(PLAIN_ADDRESS)) {
    if (webAddress(match[0]) === null) continue;
    out += `${escapeMarkdown(line.slice(from, match.index))}<${match[0]}>`;
    from = match.index + match[0].length;
  }
  return out + escapeMarkdown(line.slice(from));
}

/** Each quantifier is followed by what it cannot eat, so that this stays linear; an address is as long as the line at most. */
const ESCAPED = /<(https?:\/\/[^\s<>]{1,2000})>|\\([!-/:-@[-`{-~])|&(amp|lt|gt|quot|#8203);/gi;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#8203': '' };

/** The text that a line of markdown shows: backslashes, the few entities that we write, and `<address>` undone. */
export function unescapeMarkdown(line: string): string {
  return line.replace(
    ESCAPED,
    (_whole, address?: string, sign?: string, entity?: string) =>
      address ?? sign ?? ENTITIES[entity?.toLowerCase() ?? ''] ?? '',
  );
}

/** A markdown link, or only its text where the address is none that we would lead to. */
export function markdownLink(text: string, address: string | null): string {
  const shown = escapeMarkdown(plainLine(text, 200));
  const url = address === null ? null : webAddress(address);
  return url === null ? shown : `[${shown}](${linkDestination(url)})`;
}

/** What the URL standard leaves as it is and markdown would stumble over: brackets, quotes, backslash, bar. */
function linkDestination(href: string): string {
  const { origin, pathname, search, hash } = new URL(href);
  const rest = `${pathname}${search}${hash}`.replace(
    /[()[\]{}|\\`'"<>*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return origin + rest;
}
