import {
  asList,
  asObject,
  asString,
  type Cpe,
  JsonFieldError,
  type JsonObject,
  optionalString,
  parseCpe,
} from '#base/formats';
import type { VersionRange } from '#base/versions';
import type { Affected } from '../source.ts';

/**
 * Configurations of NVD: trees of AND and OR over CPE matches. What is marked vulnerable is affected; what is not, beside
 * it under an AND, is the platform that it must run on, and is never affected.
 *
 * The same trees occur in NVD's feeds 1.1 (`cpe_match`, `cpe23Uri`, `children`), its API 2.0 (`cpeMatch`, `criteria`) and
 * the `cpeApplicability` of CVE records.
 */

/** Deeper trees have not been seen: two levels are usual. */
const MAX_DEPTH = 32;

/** The products of one list of configurations. */
interface Products {
  byName: Map<string, Product>;
  /** The same by how names of their versions begin (`cpe:2.3:a:sun:jre:`), for names without quoting. */
  byPrefix: Map<string, Product>;
  /** What most matches name is the product of the one before. */
  last: Product | null;
  prefix: string;
}

/** Everything that is said of one product. */
interface Product {
  vendor: string;
  name: string;
  hardware: boolean;
  /** Ranges and exact versions by what tells them apart. */
  ranges: Map<string, VersionRange>;
  /** Some match has the version `-`: NVD names the product without knowing a version. */
  unversioned: boolean;
  /** Some range has an upper end. */
  ended: boolean;
  /** Attributes that narrow matches: to which values, and how many matches. */
  narrowed: Map<string, { values: Set<string>; matches: number }>;
  matches: number;
  /** Matches that count on some platform only, and the platforms. */
  onPlatform: number;
  platforms: Set<string>;
}

/**
 * What a list of configurations says: one row for each vendor and product, with all its ranges and exact versions.
 *
 * Where a range of a product has an end, NVD means every other version to be unaffected. Where it has none, or NVD names
 * the product without a version (`-`) or by single versions only, nothing is known of the others (`unknown`): such lists
 * have holes (CVE-2017-3167 lists httpd 2.4.2 and 2.4.10, and nothing between them, for "2.4.x before 2.4.26"). Hardware is left out unless there is nothing else. `note` holds what narrows the matches, for who
 * compares ("target_sw=windows; running_on=o:microsoft:windows"); a `*` in it means that some match is not narrowed.
 *
 * @throws JsonFieldError where something is missing, of the wrong type, or a CPE name is none
 */
export function affectedOf(configurations: readonly unknown[], where: string): Affected[] {
  const products: Products = { byName: new Map(), byPrefix: new Map(), last: null, prefix: '' };
  for (let index = 0; index < configurations.length; index++) {
    const node = asObject(configurations[index], `${where}[]`, index);
    readNode(node, where, index, 0, null, products);
  }
  const found = [...products.byName.values()];
  const software = found.filter(({ hardware }) => !hardware);
  return (software.length > 0 ? software : found).map(asAffected);
}

function readNode(
  node: JsonObject,
  where: string,
  index: number,
  depth: number,
  platforms: ReadonlySet<string> | null,
  products: Products,
): void {
  if (depth > MAX_DEPTH)
    throw new JsonFieldError('wrong-type', where, `${where} is nested more than ${MAX_DEPTH} deep`);
  // "Everything but these" says nothing about a product that it names.
  if (node.negate === true) return;
  const children = childrenOf(node, where, index);
  const matches = asList(node.cpe_match ?? node.cpeMatch, `${where}[].cpeMatch`, index);
  const beside = node.operator === 'AND' ? platformsOf(children, matches, where, index) : null;
  const under = beside === null || beside.size === 0 ? platforms : beside;
  for (const item of matches) readMatch(item, where, index, under, products);
  for (const child of children) readNode(child, where, index, depth + 1, under, products);
}

/** Feeds 1.1 nest nodes as `children`; in API 2.0 a configuration has `nodes`. */
function childrenOf(node: JsonObject, where: string, index: number): JsonObject[] {
  const list = node.nodes ?? node.children;
  if (list === undefined) return [];
  return asList(list, `${where}[].nodes`, index).map((item) => asObject(item, `${where}[].nodes`, index));
}

/** CPE names that stand beside the vulnerable ones of an AND. */
function platformsOf(
  children: readonly JsonObject[],
  own: readonly unknown[],
  where: string,
  index: number,
): Set<string> {
  const platforms = new Set<string>();
  takePlatforms(own, where, index, platforms);
  for (const child of children) {
    if (child.negate !== true) {
      const list = asList(child.cpe_match ?? child.cpeMatch, `${where}[].cpeMatch`, index);
      takePlatforms(list, where, index, platforms);
    }
  }
  return platforms;
}

function takePlatforms(list: readonly unknown[], where: string, index: number, platforms: Set<string>): void {
  for (const item of list) {
    const match = asObject(item, `${where}[].cpeMatch`, index);
    if (match.vulnerable !== false) continue;
    const cpe = cpeOf(nameOf(match, where, index), where, index);
    platforms.add(`${cpe.part}:${cpe.vendor}:${cpe.product}`);
  }
}

function nameOf(match: JsonObject, where: string, index: number): string {
  const text = match.cpe23Uri ?? match.criteria;
  return typeof text === 'string' ? text : asString(text, `${where}[].cpeMatch.criteria`, index);
}

function cpeOf(text: string, where: string, index: number): Cpe {
  const cpe = parseCpe(text);
  if (cpe !== null) return cpe;
  const at = `${where}[${index}].cpeMatch.criteria`;
  throw new JsonFieldError('wrong-type', at, `${at} is ${JSON.stringify(text.slice(0, 100))}, no CPE name`);
}

function readMatch(
  item: unknown,
  where: string,
  index: number,
  platforms: ReadonlySet<string> | null,
  products: Products,
): void {
  const match = asObject(item, where, index);
  if (typeof match.vulnerable !== 'boolean')
    throw new JsonFieldError(
      match.vulnerable === undefined ? 'missing-field' : 'wrong-type',
      `${where}[${index}].cpeMatch.vulnerable`,
      `${where}[${index}].cpeMatch.vulnerable should be true or false`,
    );
  if (!match.vulnerable) return;
  const name = nameOf(match, where, index);
  const product = knownProduct(products, name);
  const version = product === null ? null : versionIn(name, products.prefix.length);
  if (product !== null && version !== null) {
    count(product, platforms);
    readVersion(product, version, match, where, index);
    return;
  }
  readWholeName(match, name, where, index, platforms, products);
}

/** The product of a name that begins as another one before it did; null where the name has to be read as a whole. */
function knownProduct(products: Products, name: string): Product | null {
  if (products.last !== null && name.startsWith(products.prefix)) return products.last;
  if (name.includes('\\')) return null;
  const vendor = name.indexOf(':', PART) + 1;
  const product = name.indexOf(':', vendor) + 1;
  const version = name.indexOf(':', product) + 1;
  if (vendor === 0 || product === 0 || version === 0) return null;
  const prefix = name.slice(0, version);
  const known = products.byPrefix.get(prefix);
  if (known === undefined) return null;
  products.last = known;
  products.prefix = prefix;
  return known;
}

/** Where the part stands in `cpe:2.3:a:`. */
const PART = 8;
/** Attributes that are not set: how most names end. */
const OPEN_END = ':*:*:*:*:*:*';

/**
 * The version in a name, with its update: people, Nix and RPM alike write that behind the version (openssh 7.2-p2, jre
 * 1.6.0-update_1). Null where something else is set as well, or quoted.
 */
function versionIn(name: string, from: number): string | null {
  if (!name.endsWith(OPEN_END)) return null;
  const end = name.length - OPEN_END.length;
  const colon = name.indexOf(':', from);
  const version = name.slice(from, colon);
  if (colon === end - 2 && name.charCodeAt(end - 1) === ANY) return version.includes('\\') ? null : version;
  const update = name.slice(colon + 1, end);
  if (colon >= end || update === '' || update.includes(':') || name.includes('\\', from)) return null;
  return withUpdate(version, update);
}

const ANY = 0x2a;

function withUpdate(version: string, update: string): string {
  const plain = version === '*' || version === '-' || update === '*' || update === '-';
  return plain ? version : `${version}-${update}`;
}

function readWholeName(
  match: JsonObject,
  name: string,
  where: string,
  index: number,
  platforms: ReadonlySet<string> | null,
  products: Products,
): void {
  const cpe = cpeOf(name, where, index);
  const product = productOf(products, cpe);
  count(product, platforms);
  narrow(product.narrowed, 'edition', cpe.edition);
  narrow(product.narrowed, 'sw_edition', cpe.swEdition);
  narrow(product.narrowed, 'target_sw', cpe.targetSw);
  narrow(product.narrowed, 'target_hw', cpe.targetHw);
  readVersion(product, withUpdate(cpe.version, cpe.update), match, where, index);
}

function count(product: Product, platforms: ReadonlySet<string> | null): void {
  product.matches++;
  if (platforms === null) return;
  product.onPlatform++;
  for (const platform of platforms) product.platforms.add(platform);
}

function productOf(products: Products, cpe: Cpe): Product {
  const hardware = cpe.part === 'h';
  const key = `${hardware ? 'h' : ''}:${cpe.vendor}:${cpe.product}`;
  const product = products.byName.get(key) ?? newProduct(cpe, hardware);
  products.byName.set(key, product);
  // A name with quoting in it begins otherwise; then every match is read in full.
  const prefix = `cpe:2.3:${cpe.part}:${cpe.vendor}:${cpe.product}:`;
  products.byPrefix.set(prefix, product);
  products.last = product;
  products.prefix = prefix;
  return product;
}

function newProduct(cpe: Cpe, hardware: boolean): Product {
  return {
    vendor: cpe.vendor,
    name: cpe.product,
    hardware,
    ranges: new Map(),
    unversioned: false,
    ended: false,
    narrowed: new Map(),
    matches: 0,
    onPlatform: 0,
    platforms: new Set(),
  };
}

function narrow(narrowed: Product['narrowed'], attribute: string, value: string): void {
  if (value === '*' || value === '-') return;
  const known = narrowed.get(attribute);
  if (known === undefined) {
    narrowed.set(attribute, { values: new Set([value]), matches: 1 });
  } else {
    known.values.add(value);
    known.matches++;
  }
}

/** Bounds as an end of a range: `versionStartIncluding` and its three sisters. An exact version takes no bounds. */
function readVersion(
  product: Product,
  version: string,
  match: JsonObject,
  where: string,
  index: number,
): void {
  if (version !== '*' && version !== '-') {
    product.ranges.set(version, { min: version, max: version, maxInclusive: true });
    return;
  }
  const fromIncluding = bound(match.versionStartIncluding, where, index);
  const fromExcluding = bound(match.versionStartExcluding, where, index);
  const toIncluding = bound(match.versionEndIncluding, where, index);
  const toExcluding = bound(match.versionEndExcluding, where, index);
  const min = fromIncluding ?? fromExcluding;
  const max = toExcluding ?? toIncluding;
  if (version === '-' && min === undefined && max === undefined) {
    product.unversioned = true;
    return;
  }
  const range: VersionRange = {};
  if (min !== undefined) range.min = min;
  if (fromIncluding === undefined && fromExcluding !== undefined) range.minInclusive = false;
  if (max !== undefined) {
    range.max = max;
    product.ended = true;
  }
  if (toExcluding === undefined && toIncluding !== undefined) range.maxInclusive = true;
  product.ranges.set(`${min ?? ''}\n${range.minInclusive}\n${max ?? ''}\n${range.maxInclusive}`, range);
}

function bound(value: unknown, where: string, index: number): string | undefined {
  return optionalString(value, `${where}[].cpeMatch.version…`, index);
}

function asAffected(product: Product): Affected {
  const ranges = [...product.ranges.values()];
  const everything = ranges.some(({ min, max }) => min === undefined && max === undefined);
  const row: Affected = {
    ecosystem: 'cpe',
    vendor: product.vendor,
    name: product.name,
    versions: {
      scheme: 'generic',
      affected: everything ? [{}] : ranges,
      unaffected: [],
      otherwise: product.ended && !product.unversioned ? 'unaffected' : 'unknown',
    },
  };
  const note = noteOf(product);
  if (note !== '') row.note = note;
  return row;
}

const MAX_NOTE = 500;

function noteOf({ narrowed, matches, onPlatform, platforms }: Product): string {
  if (narrowed.size === 0 && onPlatform === 0) return '';
  const parts = [...narrowed].map(([attribute, { values, matches: of }]) =>
    noted(attribute, values, of < matches),
  );
  if (onPlatform > 0) parts.push(noted('running_on', platforms, onPlatform < matches));
  const note = parts.join('; ');
  return note.length <= MAX_NOTE ? note : `${note.slice(0, note.lastIndexOf(',', MAX_NOTE - 2))},…`;
}

function noted(name: string, values: ReadonlySet<string>, alsoWithout: boolean): string {
  return `${name}=${[...(alsoWithout ? ['*'] : []), ...[...values].sort()].join(',')}`;
}
