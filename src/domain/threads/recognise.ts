import { parseAdvisoryIds, parseIds } from '#base/formats';
import type { Message } from '#base/mail';
import { isPatchUrl, urlsIn } from '#domain/sources';
import { findPatches } from './find-patches.ts';
import type { ProductFinder } from './find-products.ts';
import type { MailingList } from './lists.ts';

/** What a message speaks of. */
export interface Fact {
  kind: FactKind;
  value: string;
  /** What a patch is called. */
  label: string | null;
}

export const FACT_KINDS = ['cve', 'advisory', 'product', 'patch'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** What brings a thread back that somebody has decided on. */
export const REOPENING: ReadonlySet<FactKind> = new Set(['cve', 'product', 'patch']);

const MOST_FACTS = 300;
const MOST_LINKS = 20;

/**
 * Everything that is recognised in a message, each once, in a fixed order.
 *
 * @param ids vulnerabilities in subject and text (`idsOf`)
 */
export function recognise(
  message: Message,
  ids: readonly string[],
  findProducts: ProductFinder,
  list: MailingList,
): Fact[] {
  const { subject, text } = message;
  const facts: Fact[] = [];
  const add = (kind: FactKind, value: string, label: string | null = null) => {
    if (facts.length < MOST_FACTS) facts.push({ kind, value, label });
  };
  for (const id of ids) add('cve', id);
  if (holdsAny(subject, ADVISORIES) || holdsAny(text, ADVISORIES))
    for (const { id } of parseAdvisoryIds(spelled(`${subject}\n${text}`))) add('advisory', id);
  for (const product of findProducts(message, list.ecosystem)) add('product', product);
  for (const { id, name } of findPatches(message)) add('patch', id, name);
  if (text.includes('://')) {
    const own = text.split('\n').filter((line) => !line.startsWith('>') && line.includes('://'));
    const links = [...new Set(urlsIn(own.join('\n')))].filter((url) => url.length <= 500 && isPatchUrl(url));
    for (const url of links.slice(0, MOST_LINKS)) add('patch', url);
  }
  return distinct(facts);
}

/** Vulnerabilities that a message names. Most name none: a glance tells, and costs a tenth of looking. */
export function idsOf({ subject, text }: Pick<Message, 'subject' | 'text'>): string[] {
  const any = holdsAny(subject, VULNERABILITIES) || holdsAny(text, VULNERABILITIES);
  return any ? parseIds(`${subject}\n${text}`) : [];
}

/** What ids have in them. Capitals are rare in a text: looking for them costs next to nothing. */
const VULNERABILITIES = ['CVE', 'GHSA-', 'CAN-', '/cve-'];
const ADVISORIES = [
  'SA-',
  'SA ',
  'LA-',
  'LA ',
  'SN-',
  'SN ',
  'BA-',
  'EA-',
  '-SU-',
  'FEDORA-',
  '/dsa-',
  '/dla-',
  '/usn-',
  '/glsa',
];

function holdsAny(text: string, pieces: readonly string[]): boolean {
  return pieces.some((piece) => text.includes(piece));
}

/** `[DSA 3775-1]`, as subjects have it. */
function spelled(text: string): string {
  return text.replace(/\b(DSA|DLA|USN) (\d{1,5}-\d{1,3})\b/g, '$1-$2');
}

function distinct(facts: readonly Fact[]): Fact[] {
  return [...new Map(facts.map((fact) => [`${fact.kind} ${fact.value}`, fact])).values()];
}
