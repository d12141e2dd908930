import { copiesOf } from './embedded-copies.ts';
import { bareName, foldName, languageOf, type MatchPackage, namesOf } from './package-names.ts';

/** What is known of an issue's product under the names of others. */
export interface ProductNames {
  /** Canonical product of the issue. */
  product: string;
  /** How other distributions call its source package, with who says so. */
  distributions: readonly { name: string; ecosystem: string }[];
  /** vendor:product as NVD and the CNAs name it. `only` is the platform or host program that the record limits it to. */
  cpes: readonly { vendor: string | null; name: string; only: string | null }[];
  /** How people call it who opened an issue that no report tells of. */
  said?: readonly string[];
  /** What distributions looked into and found not to be true of their package of it, in words. */
  denied?: readonly string[];
}

/** One part of a score: what was seen, and what it counts. */
export interface ScorePart {
  part:
    | 'name'
    | 'people'
    | 'distribution'
    | 'cpe'
    | 'vendor'
    | 'homepage'
    | 'language'
    | 'limited'
    | 'copy'
    | 'denied'
    | 'short-name';
  points: number;
  why: string;
}

/** A package that may be the product, with how likely and why. */
export interface Candidate {
  pkg: MatchPackage;
  /** 0 to 1. */
  score: number;
  reasons: ScorePart[];
  /** It is another product that carries this one's code: versions of the product say nothing of its own. */
  copy?: true;
}

/** Below this a candidate is not proposed. */
export const THRESHOLD = 0.45;

/** Registries of languages, and the language of which their packages are: their names mean nothing outside of it. */
export const REGISTRIES: ReadonlyMap<string, string> = new Map([
  ['pypi', 'python'],
  ['npm', 'node'],
  ['rubygems', 'ruby'],
  ['hackage', 'haskell'],
  ['cran', 'r'],
]);

/** Finds packages by any of their names. Built once for a set of packages, asked for every issue. */
export interface NameIndex {
  byName: ReadonlyMap<string, readonly MatchPackage[]>;
}

export function nameIndex(packages: Iterable<MatchPackage>): NameIndex {
  const byName = new Map<string, MatchPackage[]>();
  for (const pkg of packages) {
    for (const name of namesOf(pkg)) {
      const list = byName.get(name);
      if (list === undefined) byName.set(name, [pkg]);
      else list.push(pkg);
    }
  }
  return { byName };
}

/** Every name under which packages are looked for, folded. What bears none of them is no candidate. */
export function askedNames({ product, distributions, cpes, said = [] }: ProductNames): Set<string> {
  return new Set([
    foldName(product),
    ...distributions.map(({ name }) => foldName(bareName(name))),
    ...cpes.map(({ name }) => foldName(name)),
    ...said.map(foldName),
  ]);
}

/** The same with the names of those that carry its code: a change of any of them may be of concern. */
export function lookedForNames(names: ProductNames): Set<string> {
  return new Set([...askedNames(names), ...copiesOf(names.product).map(({ carrier }) => foldName(carrier))]);
}

/** Packages that may be the product or carry its code, the likeliest first. */
export function candidates(index: NameIndex, names: ProductNames): Candidate[] {
  const found = new Set([...askedNames(names)].flatMap((name) => index.byName.get(name) ?? []));
  const folded = foldNames(names);
  const proposed = (anyLanguage: boolean) =>
    [...found].map((pkg) => scored(pkg, folded, anyLanguage)).filter(({ score }) => score >= THRESHOLD);
  const likely = proposed(false);
  // Whoever calls it so has looked at something: where only the sets of languages have that name, it is theirs.
  const all = likely.length === 0 && folded.said.length > 0 ? proposed(true) : likely;
  const carriers = carrying(index, names.product, new Set(all.map(({ pkg }) => pkg)));
  return [...all, ...carriers].sort(
    (a, b) => b.score - a.score || (a.pkg.attr < b.pkg.attr ? -1 : a.pkg.attr > b.pkg.attr ? 1 : 0),
  );
}

/** Packages that carry a copy of the product: barely proposed, and only such as stand for themselves. */
function carrying(index: NameIndex, product: string, known: ReadonlySet<MatchPackage>): Candidate[] {
  return copiesOf(product).flatMap(({ carrier, how, why }) =>
    (index.byName.get(foldName(carrier)) ?? [])
      .filter((pkg) => !known.has(pkg) && languageOf(pkg.attr, pkg.pname) === null)
      .map((pkg): Candidate => {
        const words = `carries ${how} of ${product} (${why})`;
        return {
          pkg,
          score: THRESHOLD,
          reasons: [{ part: 'copy', points: THRESHOLD, why: words }],
          copy: true,
        };
      }),
  );
}

/** The names of a product, each as it is compared. */
interface FoldedNames {
  product: { name: string; folded: string };
  distributions: readonly { name: string; folded: string; whole: string; ecosystem: string }[];
  cpes: readonly { name: string; folded: string; vendor: string | null }[];
  said: readonly { name: string; folded: string }[];
  limit: string | null;
  denied: readonly string[];
}

function foldNames({ product, distributions, cpes, said = [], denied = [] }: ProductNames): FoldedNames {
  const limited = cpes.length > 0 && cpes.every(({ only }) => only !== null);
  return {
    product: { name: product, folded: foldName(product) },
    distributions: distributions.map(({ name, ecosystem }) => ({
      ...{ name, ecosystem, folded: foldName(bareName(name)), whole: foldName(name) },
    })),
    cpes: cpes.map(({ name, vendor }) => ({ name, vendor, folded: foldName(name) })),
    said: said.map((name) => ({ name, folded: foldName(name) })),
    limit: limited ? (cpes[0]?.only ?? null) : null,
    denied,
  };
}

function scored(pkg: MatchPackage, names: FoldedNames, anyLanguage: boolean): Candidate {
  const own = namesOf(pkg);
  const reasons: ScorePart[] = [];
  const add = (part: ScorePart['part'], points: number, why: string) =>
    reasons.push({ part, points: hundredths(points), why });

  const language = languageOf(pkg.attr, pkg.pname);
  if (own.has(names.product.folded)) add('name', 0.35, `is called ${names.product.name} like the product`);
  const called = names.said.find(({ folded }) => own.has(folded));
  if (called !== undefined) add('people', 0.3, `whoever opened the issue calls it ${called.name}`);
  const saying = names.distributions.filter(
    ({ folded, ecosystem }) => own.has(folded) && (REGISTRIES.get(ecosystem) ?? language) === language,
  );
  const worlds = [...new Set(saying.map(({ ecosystem }) => ecosystem))];
  if (worlds.length > 0) {
    const [first] = saying;
    add(
      'distribution',
      Math.min(0.2 + 0.1 * worlds.length, 0.4),
      `${worlds.join(', ')} call${worlds.length === 1 ? 's' : ''} it ${first?.name}`,
    );
  }
  const named = names.cpes.filter(({ folded }) => own.has(folded));
  const fitting = named.find((cpe) => vendorFits(cpe, pkg));
  const cpe = fitting ?? named[0];
  if (cpe !== undefined)
    add('cpe', 0.25, `records name it ${[cpe.vendor, cpe.name].filter(Boolean).join(':')}`);
  if (fitting !== undefined)
    add('vendor', 0.15, `the vendor ${fitting.vendor} stands in its address or name`);
  if (
    language !== null &&
    !(anyLanguage && called !== undefined) &&
    !saying.some(
      ({ whole, ecosystem }) =>
        REGISTRIES.has(ecosystem) || whole.startsWith(`${language}-`) || whole.endsWith(`-${language}`),
    )
  ) {
    add('language', -0.3, `is a package of ${language}, and nobody says that the product is`);
  }
  if (names.limit) add('limited', -0.3, `records speak only of ${names.limit}`);
  if (foldName(pkg.name).length <= 2) add('short-name', -0.15, 'a name this short is easily shared');
  // What another distribution's package is not hit by may hit ours: it is a word to weigh, and counts nothing.
  for (const words of names.denied) add('denied', 0, words);
  const score = reasons.reduce((sum, { points }) => sum + points, 0);
  return { pkg, score: Math.max(0, Math.min(1, hundredths(score))), reasons };
}

/** Sums of decimal fractions are off in the last place: people read these numbers. */
function hundredths(points: number): number {
  return Math.round(points * 100) / 100;
}

function vendorFits({ vendor, name }: { vendor: string | null; name: string }, pkg: MatchPackage): boolean {
  if (vendor === null) return false;
  const bare = vendor
    .toLowerCase()
    .replace(/(?:_project|_team|project|foundation|software|inc)$/, '')
    .replace(/[^a-z0-9]/g, '');
  if (bare !== '' && bare === name.toLowerCase().replace(/[^a-z0-9]/g, '')) return true;
  if (bare.length < 3) return false;
  const addresses = `${pkg.homepage ?? ''} ${pkg.sourceUrl ?? ''}`.toLowerCase().replace(/[^a-z0-9 ]/g, '');
  return addresses.includes(bare);
}
