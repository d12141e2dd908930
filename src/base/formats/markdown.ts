import { createRequire } from 'node:module';
import type { MarkdownIt as Markdown, Token } from 'markdown-it';
import { parseAdvisoryIds, parseIds } from './ids.ts';
import { webAddress } from './web-address.ts';

/** Something of ours, or of everybody's, that a text names. */
export interface Reference {
  kind: 'vulnerability' | 'issue' | 'advisory' | 'proposal' | 'event' | 'person';
  /** `CVE-2017-3731`, `NSI-2017-0043`, `DSA-3773-1`; the number of a proposal or event; a handle in lower case. */
  id: string;
}

export interface MarkdownOptions {
  /**
   * Where a reference leads, as a path of ours or a web address; null leaves its words as they are. Must always say the same:
   * what was rendered with the same function is kept.
   */
  addressOf: AddressOf;
}

export type AddressOf = (reference: Reference) => string | null;

/** Longest text that is read as markdown; what is beyond is shown as it was typed. */
const LONGEST = 100_000;

/**
 * Text that somebody wrote in markdown (CommonMark, with tables, struck-out words and bare addresses), as HTML that can stand in
 * a page of ours. Nothing of it acts: HTML is shown as it was typed; only http and https are links, which pass on no
 * reputation; a picture is a link to it, for looking at a page must ask nobody else; headings are below those of the page.
 * Ids, `#proposal-12`, `#event-345` and `@handle` become links.
 */
export function markdownToHtml(text: string, { addressOf }: MarkdownOptions): string {
  const known = rendered.get(addressOf) ?? new Map<string, string>();
  rendered.set(addressOf, known);
  const kept = known.get(text);
  if (kept !== undefined) return kept;
  const html = render(text, addressOf);
  if (known.size >= KEPT) known.clear();
  if (text.length <= LONGEST_KEPT) known.set(text, html);
  return html;
}

/** A page of forty comments is asked for again and again, and reading markdown is most of the work. */
const rendered = new WeakMap<AddressOf, Map<string, string>>();
const KEPT = 2000;
const LONGEST_KEPT = 5000;

function render(text: string, addressOf: AddressOf): string {
  const { utils } = markdown();
  if (text.length > LONGEST) return `<pre>${utils.escapeHtml(text)}</pre>\n`;
  return markdown().render(text, { addressOf });
}

/** Handles that a text mentions (`@fpletz`), each once, in lower case and in their order; what stands in code, in a link or in an address mentions nobody. */
export function mentionsIn(text: string): string[] {
  if (text.length > LONGEST) return [];
  const found: string[] = [];
  const addressOf = ({ kind, id }: Reference) => {
    if (kind === 'person') found.push(id);
    return null;
  };
  markdown().parse(text, { addressOf });
  return [...new Set(found)];
}

let made: Markdown | null = null;

/** Loaded when it is first needed: most commands render nothing, and loading takes longer than they do. */
function markdown(): Markdown {
  made ??= makeMarkdown();
  return made;
}

function makeMarkdown(): Markdown {
  const MarkdownIt = createRequire(import.meta.url)('markdown-it') as new (options: object) => Markdown;
  const made = new MarkdownIt({ html: false, linkify: true, breaks: false, typographer: false });
  // Bare host names are more often file names and versions ("patch.sh", "2.4.co") than addresses.
  made.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  made.validateLink = (address) => webAddress(address) !== null;
  made.renderer.rules.link_open = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    if (leadsSomewhere(String(token?.attrGet('href') ?? '')))
      token?.attrSet('rel', 'nofollow ugc noopener noreferrer');
    else if (token !== undefined) token.attrs = null;
    return self.renderToken(tokens, index, options);
  };
  made.renderer.rules.image = (tokens, index) => {
    const token = tokens[index];
    const address = webAddress(String(token?.attrGet('src') ?? ''));
    const words = made.utils.escapeHtml(token?.content || 'picture');
    if (address === null) return words;
    return `<a href="${made.utils.escapeHtml(address)}" rel="nofollow ugc noopener noreferrer">${words}</a>`;
  };
  made.core.ruler.push('fit_into_our_pages', ({ tokens }) => {
    for (const token of tokens) {
      // No style stands in a page: the policy of ours refuses it.
      const align = /^text-align:(left|center|right)$/.exec(String(token.attrGet('style') ?? ''))?.[1];
      if (align !== undefined) token.attrs = [['class', `align-${align}`]];
      if (token.type !== 'heading_open' && token.type !== 'heading_close') continue;
      token.tag = `h${Math.min(Number(token.tag.slice(1)) + 3, 6)}`;
    }
  });
  made.core.ruler.push('references', (state) => {
    const { addressOf } = state.env as unknown as MarkdownOptions;
    for (const block of state.tokens) {
      if (block.type !== 'inline' || block.children === null) continue;
      let inLink = 0;
      block.children = block.children.flatMap((token) => {
        if (token.type === 'link_open') inLink += 1;
        if (token.type === 'link_close') inLink -= 1;
        if (token.type !== 'text' || inLink > 0) return [token];
        return withReferences(token, addressOf, (type, tag, nesting) => new state.Token(type, tag, nesting));
      });
    }
  });
  return made;
}

type MakeToken = (type: string, tag: string, nesting: -1 | 0 | 1) => Token;

/**
 * What may be a reference, if nothing stands at its sides that makes it part of something else; the parsers of ids decide. Letters,
 * a year or the like, a number: CVE-2017-3731, NSI-2017-0043, DSA-3896-1, GHSA-…, RHSA-2017:1365, openSUSE-SU-…. Every
 * quantifier is bounded, so that this stays linear.
 */
const MAY_REFER =
  /#(?:proposal|event)-[1-9][0-9]{0,14}|@[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?|[A-Za-z]{2,16}(?:-[A-Za-z]{2,8})?-[0-9A-Za-z]{4,6}(?:[-:_][0-9A-Za-z]{1,19}){1,3}/g;
const PART_BEFORE = /[\p{L}\p{N}\p{M}._/@#+-]$/u;
const PART_AFTER = /^(?:[\p{L}\p{N}\p{M}@/-]|[.:_][\p{L}\p{N}])/u;

function standsAlone(text: string, start: number, end: number): boolean {
  return (
    !PART_BEFORE.test(text.slice(Math.max(0, start - 2), start)) && !PART_AFTER.test(text.slice(end, end + 3))
  );
}

/** A text cut at its references, each of them a link where it leads somewhere. */
function withReferences(token: Token, addressOf: AddressOf, make: MakeToken): Token[] {
  const text = token.content;
  const parts: Token[] = [];
  let from = 0;
  const plain = (words: string) => {
    if (words === '') return;
    const part = make('text', '', 0);
    part.content = words;
    parts.push(part);
  };
  for (const match of text.matchAll(MAY_REFER)) {
    if (!standsAlone(text, match.index, match.index + match[0].length)) continue;
    const reference = referenceOf(match[0]);
    const address = reference === null ? null : addressOf(reference);
    if (address === null || !leadsSomewhere(address)) continue;
    plain(text.slice(from, match.index));
    const open = make('link_open', 'a', 1);
    open.attrSet('href', address);
    parts.push(open);
    plain(match[0]);
    parts.push(make('link_close', 'a', -1));
    from = match.index + match[0].length;
  }
  if (from === 0) return [token];
  plain(text.slice(from));
  return parts;
}

function leadsSomewhere(address: string): boolean {
  return /^\/(?![/\\])/.test(address) || webAddress(address) !== null;
}

/** Numbers of issues, and those that we give to vulnerabilities that nobody else has numbered. */
const ISSUE = /^[A-Z]{2,8}-\d{4}-\d{4,9}$/;
const OWN_VULNERABILITY = /^MUSTER-\d{4}-\d{4,9}$/;

function referenceOf(words: string): Reference | null {
  const mark = /^#(proposal|event)-(\d+)$/.exec(words);
  if (mark !== null) return { kind: mark[1] === 'event' ? 'event' : 'proposal', id: mark[2] ?? '' };
  if (words.startsWith('@')) return { kind: 'person', id: words.slice(1).toLowerCase() };
  const [vulnerability] = parseIds(words);
  if (vulnerability !== undefined) return { kind: 'vulnerability', id: vulnerability };
  if (OWN_VULNERABILITY.test(words)) return { kind: 'vulnerability', id: words };
  const [advisory] = parseAdvisoryIds(words);
  if (advisory !== undefined) return { kind: 'advisory', id: advisory.id };
  return ISSUE.test(words) && !/^(?:CVE|CAN)-/.test(words) ? { kind: 'issue', id: words } : null;
}
