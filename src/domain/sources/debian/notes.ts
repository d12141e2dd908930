import { parseAdvisoryIds } from '#base/formats';
import { linkKind, linkTo, urlsIn } from '../links.ts';
import type { Affected, Link } from '../source.ts';
import type { PackageLine } from './entry-lines.ts';

/**
 * The addresses in NOTE lines, which are the best free source of patches. What stands before an address on its line,
 * or on a line above that ends with a colon, is its note: a commit "introduced by" is no patch.
 */
export function noteLinks(notes: readonly string[]): Link[] {
  const links: Link[] = [];
  let label = '';
  for (const note of notes) {
    const urls = urlsIn(note);
    if (urls.length === 0) {
      label = note.endsWith(':') ? note : '';
      continue;
    }
    const [first = ''] = urls;
    const before = note.slice(0, note.indexOf(first)).trim();
    const about = [before === '' ? label : before, note.slice(note.indexOf(first) + first.length).trim()];
    for (const url of urls) links.push(noteLink(url, about.filter(Boolean).join(' ')));
    if (before !== '') label = '';
  }
  return links;
}

const NO_FIX = /\b(?:introduc|regress|caus|broke|vulnerable (?:code|since))/i;

function noteLink(url: string, note: string): Link {
  const kind = linkKind(url);
  return linkTo(url, { kind: kind === 'patch' && NO_FIX.test(note) ? 'web' : kind, note });
}

/** Links to the entries of Debian's bug tracker that package lines name. */
export function bugLinks(packages: readonly PackageLine[]): Link[] {
  return packages.flatMap(({ bugs }) => bugs.map((bug) => bugLink(bug)));
}

export function bugLink(bug: string): Link {
  return { url: `https://bugs.debian.org/${bug}`, kind: 'bug' };
}

/** Advisories named between braces or in notes, each once, without the entry itself. */
export function citedAdvisories(
  own: string,
  references: readonly string[],
  notes: readonly string[],
): string[] {
  const braced = references.filter((word) => /^(?:DSA|DLA|DTSA|ELA)-/.test(word));
  const noted = notes.flatMap((note) => parseAdvisoryIds(note).map(({ id }) => id));
  return [...new Set([...braced, ...noted])].filter((id) => id !== own);
}

/** "qemu -- A bug in …": up to three packages that an entry is about, without variants ("linux-aws" beside "linux"), and then its text. */
export function titleWith(packages: readonly Affected[], text: string): string {
  const names: string[] = [];
  for (const { name } of packages) {
    if (names.some((shown) => name === shown || name.startsWith(`${shown}-`))) continue;
    names.push(names.length < 3 ? name : '…');
    if (names.length > 3) break;
  }
  return [names.join(', ').replace(', …', ' …'), text].filter((part) => part !== '').join(' -- ');
}
