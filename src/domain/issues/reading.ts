import { MusterError } from '#base/errors';
import { type Atom, type Bundle, compareText } from './bundle.ts';

/** One report's part in one product. */
export interface Piece {
  bundle: Bundle;
  /** Days since 1970-01-01 of its publication. */
  day: number;
  product: string;
  /** Indices into {@link Reading.atoms}, each once. */
  atoms: readonly number[];
}

/** All bundles, cut into atoms, in one total order that does not depend on the order in which they were given. */
export interface Reading {
  atoms: readonly Atom[];
  /** By day of publication, then by id of the report, then by product. */
  pieces: readonly Piece[];
  /** What witnesses say of at least two of the atoms; in the same order. No atom is theirs alone. */
  witnesses: readonly Piece[];
  /** Reports that name no product, and whose vulnerabilities no other report places in one. */
  unplaced: readonly string[];
}

/**
 * Cuts bundles into atoms. A report on several products names one list of vulnerabilities for all of them: each
 * vulnerability goes to those of its products for which a report on a single product names it, and to all where there is no
 * such report (`reference/feeds.md`, section 3.3). Upstream knows what its own release fixes: that needs no votes.
 * Throws FILE_MALFORMED for a date that is none, for the order would hang on it, and for a name with white space in it, for atoms' keys would.
 */
export function readBundles(bundles: readonly Bundle[]): Reading {
  for (const bundle of bundles) checkNames(bundle);
  const reports = bundles.filter(({ witness }) => witness !== true);
  const ordered = inOrder(reports);
  const votes = productVotes(reports);
  const atoms: Atom[] = [];
  const indices = new Map<string, Map<string, number>>();
  const pieces: Piece[] = [];
  const unplaced: string[] = [];

  function indexOf(product: string, vulnerability: string): number {
    const known = indices.get(product) ?? new Map<string, number>();
    indices.set(product, known);
    const index = known.get(vulnerability) ?? atoms.length;
    if (index === atoms.length) {
      known.set(vulnerability, index);
      atoms.push({ product, vulnerability });
    }
    return index;
  }

  for (const { bundle, day } of ordered) {
    const parts = splitOverProducts(bundle, votes);
    if (parts.size === 0) unplaced.push(bundle.id);
    for (const [product, vulnerabilities] of parts) {
      const named = vulnerabilities.map((vulnerability) => indexOf(product, vulnerability));
      pieces.push({ bundle, day, product, atoms: [...new Set(named)] });
    }
  }
  return {
    atoms,
    pieces,
    witnesses: inOrder(bundles.filter(({ witness }) => witness === true)).flatMap(known),
    unplaced,
  };

  /** What a witness says of atoms that reports name. */
  function known({ bundle, day }: { bundle: Bundle; day: number }): Piece[] {
    return [...new Set(bundle.products)].sort(compareText).flatMap((product) => {
      const named = [...new Set(bundle.vulnerabilities)].sort(compareText);
      const own = named.flatMap((vulnerability) => indices.get(product)?.get(vulnerability) ?? []);
      return own.length < 2 ? [] : [{ bundle, day, product, atoms: own }];
    });
  }
}

function checkNames({ id, products, vulnerabilities }: Bundle): void {
  const bad = [id, ...products, ...vulnerabilities].find((name) => /\s/.test(name));
  if (bad !== undefined)
    throw new MusterError(
      'FILE_MALFORMED',
      `${id}: “${bad}” has white space in it; names in grouping have none.`,
    );
}

function inOrder(bundles: readonly Bundle[]): { bundle: Bundle; day: number }[] {
  return bundles
    .map((bundle) => ({ bundle, day: dayOf(bundle) }))
    .sort(
      (a, b) =>
        a.day - b.day ||
        compareText(a.bundle.id, b.bundle.id) ||
        compareText(a.bundle.source, b.bundle.source) ||
        compareText(contents(a.bundle), contents(b.bundle)),
    );
}

/** Only asked of two reports of the same name and day, which a careful caller does not have. */
function contents(bundle: Bundle): string {
  return JSON.stringify([
    [...bundle.products].sort(compareText),
    [...bundle.vulnerabilities].sort(compareText),
    bundle.release === true,
    bundle.rollup === true,
  ]);
}

const DAY = 86_400_000;

function dayOf({ id, published }: Bundle): number {
  const day = Date.parse(published.slice(0, 10)) / DAY;
  if (!Number.isInteger(day))
    throw new MusterError('FILE_MALFORMED', `${id}: “${published}” is no date that grouping could go by.`);
  return day;
}

/** For each vulnerability, the products for which a report on one product alone names it. */
function productVotes(bundles: readonly Bundle[]): Map<string, Set<string>> {
  const votes = new Map<string, Set<string>>();
  for (const { products, vulnerabilities } of bundles) {
    const [product, second] = products;
    if (product === undefined || second !== undefined) continue;
    for (const vulnerability of vulnerabilities) {
      const voted = votes.get(vulnerability);
      if (voted === undefined) votes.set(vulnerability, new Set([product]));
      else voted.add(product);
    }
  }
  return votes;
}

function splitOverProducts(
  bundle: Bundle,
  votes: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, string[]> {
  const products = [...new Set(bundle.products)].sort(compareText);
  const vulnerabilities =
    bundle.vulnerabilities.length === 0 ? [bundle.id] : [...bundle.vulnerabilities].sort(compareText);
  const [only, second] = products;
  if (only !== undefined && second === undefined) return new Map([[only, vulnerabilities]]);
  if (bundle.release === true && only !== undefined)
    return new Map(products.map((product) => [product, vulnerabilities]));
  const parts = new Map<string, string[]>();
  for (const vulnerability of vulnerabilities) {
    const voted = votes.get(vulnerability) ?? new Set<string>();
    const own = products.filter((product) => voted.has(product));
    const among = products.length === 0 ? [...voted].sort(compareText) : own.length === 0 ? products : own;
    for (const product of among) {
      const part = parts.get(product);
      if (part === undefined) parts.set(product, [vulnerability]);
      else part.push(vulnerability);
    }
  }
  return new Map([...parts].sort(([a], [b]) => compareText(a, b)));
}
