import { remembering } from '#base/mail';

/** How names are recognised: the reviewed table of products, and the products of the issues that there are. */
export interface Vocabulary {
  /** The product that a name means, in any distribution; null where nobody knows it. */
  productCalled(name: string): string | null;
  /** The same of a name that an announcement gives as its package: there is no doubt that it is one. */
  productOfPackage(ecosystem: string, name: string): string;
}

/** Names of products that are words, too: only a sign that a name is meant makes them one. */
const WORDS = new Set(
  'at atom bind boost chrome cups db exchange expat fast file flash go heat horde icu jet knot less links make memory mesa mode moin neon net node nova opera oxide ping patch path polls python-path puppet r rails redis rust salt screen security sdl server shadow socket spice sql squid sudo-edit swift tar time tk tor update user vim-edit web wpa'.split(
    ' ',
  ),
);
const MOST_PRODUCTS = 20;
const LINES = 300;
const LONGEST_LINE = 400;

/** The products that a message speaks of: those that its subject names, and what it says in so many words. */
export type ProductFinder = (
  message: { subject: string; text: string },
  ecosystem: string | null,
) => string[];

/** Finds products with a vocabulary. */
export function productFinder(vocabulary: Vocabulary): ProductFinder {
  const scopes = new Map<string | null, (bare: string) => readonly (string | null)[]>();
  return ({ subject, text }, ecosystem) => {
    const inSubject =
      scopes.get(ecosystem) ?? remembering(5000, (bare) => [...subjectProducts(bare, vocabulary, ecosystem)]);
    scopes.set(ecosystem, inSubject);
    return findProducts(text, inSubject(withoutMarks(subject)), vocabulary, ecosystem);
  };
}

function findProducts(
  text: string,
  named: readonly (string | null)[],
  vocabulary: Vocabulary,
  ecosystem: string | null,
): string[] {
  const found = new Set<string>();
  const add = (product: string | null) => {
    if (product !== null && product !== '' && found.size < MOST_PRODUCTS) found.add(product);
  };
  for (const product of named) add(product);
  for (const line of signLines(text.slice(0, 60_000)))
    if (!line.startsWith('>')) inLine(line, vocabulary, ecosystem, add);
  return [...found].sort();
}

/** What stands in every line that names something by its form: of a field, a version or brackets. */
const SIGNS = [':', '.', '('];

/** The first lines of a text that have one of the signs, in any order: taking apart the others, which are most, is dear. */
function* signLines(text: string): Generator<string> {
  let end = 0;
  for (let count = 0; count < LINES && end !== -1; count += 1) end = text.indexOf('\n', end + 1);
  const first = end === -1 ? text : text.slice(0, end);
  const starts = new Set<number>();
  for (const sign of SIGNS) {
    for (let at = first.indexOf(sign); at !== -1; ) {
      const start = first.lastIndexOf('\n', at) + 1;
      const next = first.indexOf('\n', at);
      const stop = next === -1 ? first.length : next;
      if (!starts.has(start) && stop - start <= LONGEST_LINE) yield first.slice(start, stop);
      starts.add(start);
      at = next === -1 ? -1 : first.indexOf(sign, next);
    }
  }
}

/** `[SECURITY] [DSA 3775-1] tcpdump security update` */
const ANNOUNCED =
  /^(?:(?:critical|important|moderate|low)\s*:\s*)?([\w+.-]{2,60}(?:(?:,| and|, and) [\w+.-]{2,60}){0,4}) (?:security update|bug fix and security update|vulnerabilit(?:y|ies)|regressions?)\b/i;
const ABOUT = /\bsecurity update for (?:the )?([\w+.-]{2,60}(?: [A-Z][\w+.-]{1,40})?)/i;

/** A subject without tags of lists and marks of answers: that of a whole thread is the same. */
function withoutMarks(subject: string): string {
  let bare = subject.slice(0, 300);
  for (let round = 0; round < 6; round += 1)
    bare = bare.replace(/^\s*(?:\[[^\]]{0,80}\]|(?:re|fwd?|aw)\s*:)\s*/i, '');
  return bare;
}

function* subjectProducts(
  bare: string,
  vocabulary: Vocabulary,
  ecosystem: string | null,
): Generator<string | null> {
  const scope = ecosystem ?? '*';
  const [, announced] = ANNOUNCED.exec(bare) ?? [];
  if (announced !== undefined)
    for (const name of announced.split(/,? and |, /))
      yield ecosystem === null && !/security update/i.test(bare)
        ? plain(name, vocabulary)
        : vocabulary.productOfPackage(scope, name);
  const [, about] = ABOUT.exec(bare) ?? [];
  if (about !== undefined)
    yield /^linux kernel$/i.test(about)
      ? 'linux'
      : vocabulary.productOfPackage(scope, about.split(' ')[0] ?? about);
  // `CVE-2017-3167: Apache httpd 2.x`: an id is no word of a name.
  const words = bare.replace(/\b(?:CVE|CAN)-\d{4}-\w+/gi, ' ').match(/[\w+.-]+|[:,;()]/g) ?? [];
  for (let at = 0; at < words.length && at < 40; at += 1) {
    let long = 0;
    while (long < 3 && /^\w/.test(words[at + long] ?? '')) long += 1;
    for (let count = long; count > 0; count -= 1) {
      const name = words.slice(at, at + count).join('-');
      const product = plain(name.endsWith('.') ? name.replace(/\.+$/, '') : name, vocabulary);
      const next = words[at + count] ?? '';
      const sure =
        count > 1 || !WORDS.has(name.toLowerCase()) || next === ':' || /^v?\d+(?:\.\d+|\.x)/.test(next);
      if (product === null || !sure) continue;
      yield product;
      at += count - 1;
      break;
    }
  }
}

const FIELD =
  /^\s{0,4}(?:(source[ -]?)?packages?(?: name)?|products?|affected (?:packages?|products?|software)|software|component|project)\s{0,20}:\s{0,20}(\S.{0,200})$/i;
const VERSIONED =
  /^[\s*-]{0,8}([A-Za-z][\w+.-]{1,60}(?: [A-Za-z][\w+-]{1,40})?),? (?:versions? )?v?\d+\.[\dx]/;
const BRACKETED = /\(([a-z0-9][a-z0-9+.-]{2,60})\)[.,;]?$/;

function inLine(
  line: string,
  vocabulary: Vocabulary,
  ecosystem: string | null,
  add: (product: string | null) => void,
): void {
  const field = line.includes(':') ? FIELD.exec(line) : null;
  if (field !== null) {
    const names = (field[2] ?? '').split(/[,;\s]+/).slice(0, 6);
    // `Package        : tcpdump`, as advisories have it.
    const announced = /^packages?$/i.test((line.split(':')[0] ?? '').trim()) && names.length <= 2;
    for (const name of names)
      add(
        announced && /^[a-z0-9][a-z0-9+.-]+$/.test(name)
          ? vocabulary.productOfPackage(ecosystem ?? 'debian', name)
          : plain(name, vocabulary),
      );
  }
  const [, versioned] = (line.includes('.') && VERSIONED.exec(line)) || [];
  if (versioned !== undefined) {
    const [first = '', second] = versioned.split(' ');
    const joined =
      second === undefined ? null : vocabulary.productCalled(versioned.replace(' ', '-').toLowerCase());
    add(joined ?? vocabulary.productCalled((second ?? first).toLowerCase()) ?? plain(first, vocabulary));
  }
  const [, bracketed] = (line.includes('(') && BRACKETED.exec(line)) || [];
  if (bracketed !== undefined && !WORDS.has(bracketed)) add(vocabulary.productCalled(bracketed));
}

function plain(name: string, vocabulary: Vocabulary): string | null {
  return name.length < 2 || name.length > 60 || !/^[A-Za-z]/.test(name)
    ? null
    : vocabulary.productCalled(name.toLowerCase());
}
