import { createHash } from 'node:crypto';
import type { AliasRefusal } from './aliases.ts';
import { type Atom, atomKey, type Bundle, compareText, compareVulnerabilities } from './bundle.ts';
import type { Constraint } from './constraints.ts';
import { readBundles } from './reading.ts';

/** What speaks for two issues being one, or for one being two. */
export type RegroupingReason =
  /**
   * Reports that name atoms of both sides, and those that name atoms of one side only (ids of reports, at most eight of each); `likeness`:
   * the mean share, over pairs of atoms of the two sides, of the reports on either that are on both.
   */
  | { kind: 'reports'; together: string[]; apart: string[]; likeness: number }
  /** Records of these sources state that two ids, one on either side, are one flaw; two CVE ids are not united for that. */
  | { kind: 'alias'; ids: [string, string]; sources: string[] }
  /** One thread of a mailing list names ids of both sides. */
  | { kind: 'thread'; thread: number; ids: string[] };

/** Two issues of one product that may be one, or one that may be two: for a person to decide on. */
export interface Regrouping {
  /** The same for the same atoms on the same sides, whichever ids the issues bear. */
  key: string;
  kind: 'merge' | 'split';
  product: string;
  /** The older of the two; or the one to be split. */
  issue: string;
  /** Of a merge: the younger. */
  other: string | null;
  /** Of a split: what would go. */
  out: string[];
  reasons: RegroupingReason[];
}

/** What the partition says: issue by atomKey. */
export type IssueOfAtom = ReadonlyMap<string, string>;

/** Somebody's word about ids, not a report's: never followed by itself. */
export type Claim =
  | Extract<RegroupingReason, { kind: 'alias' }>
  | { kind: 'thread'; thread: number; ids: string[] };

/** What records state of ids and nobody follows, said of the ids that atoms stand under. */
export function aliasClaims(
  refusals: readonly AliasRefusal[],
  canonical: ReadonlyMap<string, string>,
): Claim[] {
  return refusals.flatMap(({ ids: [first, second], sources, why }): Claim[] => {
    const [a = '', b] = [...new Set([first, second].map((id) => canonical.get(id) ?? id))].sort(
      compareVulnerabilities,
    );
    return why !== 'two-cves' || b === undefined
      ? []
      : [{ kind: 'alias', ids: [a, b], sources: [...sources] }];
  });
}

/** Issues as like as this are proposed to be one: most of the reports on either are on both. */
const MERGE_AT = 0.5;
/** Parts of an issue less like than this are proposed to be two: hardly a report is on both. */
const SPLIT_AT = 0.1;
/** So many sources have to agree: what one alone does may be its own way of cutting, or a mistake. */
const SOURCES = 2;
/** A thread on more vulnerabilities than this is a digest, and ties nothing (of larger ones less than 82 in a hundred pairs belong together). */
const MOST_IN_THREAD = 5;
const SHOWN = 8;

/** One side of a comparison: atoms by place, with the reports that name each. */
type Side = readonly ReadonlySet<number>[];

/**
 * Where reports taken all at once (how often flaws are fixed together, `reference/feeds.md` section 3.3), records and mail disagree with
 * the issues as they are. Reports count once a family; roll-ups, witnesses and what upstream decided do not count. What people tied or took
 * apart is not asked again. A pure function; the order of what is given never tells.
 */
export function regroupings(
  bundles: readonly Bundle[],
  issueOf: IssueOfAtom,
  constraints: readonly Constraint[],
  claims: readonly Claim[],
): Regrouping[] {
  const reading = readBundles(bundles);
  const named = new Map<string, Set<number>>(reading.atoms.map((atom) => [atomKey(atom), new Set()]));
  const pairs = new Map<string, { a: string; b: string; sources: Set<string> }>();
  const issues = new Map<string, Atom[]>();
  const released = new Set<string>();
  for (const atom of reading.atoms) {
    const issue = issueOf.get(atomKey(atom));
    if (issue === undefined) continue;
    const known = issues.get(issue);
    if (known === undefined) issues.set(issue, [atom]);
    else known.push(atom);
  }
  for (const [index, { bundle, atoms }] of reading.pieces.entries()) {
    const touched = new Set<string>();
    for (const place of atoms) {
      const atom = reading.atoms[place];
      if (atom === undefined) continue;
      const key = atomKey(atom);
      const issue = issueOf.get(key);
      if (issue === undefined) continue;
      touched.add(issue);
      if (bundle.release === true) released.add(issue);
      if (counts(bundle)) named.get(key)?.add(index);
    }
    if (!counts(bundle)) continue;
    const ids = [...touched].sort(compareIssues);
    for (const [n, a] of ids.entries()) {
      for (const b of ids.slice(n + 1)) {
        const pair = pairs.get(`${a} ${b}`) ?? { a, b, sources: new Set() };
        pairs.set(`${a} ${b}`, pair);
        pair.sources.add(bundle.source);
      }
    }
  }
  const decided = decidedPairs(constraints, issueOf);
  const side = (atoms: readonly Atom[]): Side =>
    atoms.map((atom) => named.get(atomKey(atom)) ?? new Set<number>());
  const found = new Map<string, Regrouping>();

  for (const { a, b, sources } of pairs.values()) {
    if (sources.size < SOURCES || decided.has(pairKey(a, b)) || (released.has(a) && released.has(b)))
      continue;
    const [mine, theirs] = [issues.get(a) ?? [], issues.get(b) ?? []];
    const likeness = averageLink(side(mine), side(theirs));
    if (likeness < MERGE_AT) continue;
    propose(merge(a, b, mine, theirs), reportsOf(side(mine), side(theirs), likeness));
  }
  for (const claim of claims) {
    if (claim.kind === 'thread' && claim.ids.length > MOST_IN_THREAD) continue;
    for (const [a, b] of tiedBy(claim.ids)) {
      if (decided.has(pairKey(a, b)) || (released.has(a) && released.has(b))) continue;
      propose(merge(a, b, issues.get(a) ?? [], issues.get(b) ?? []), claim);
    }
  }
  for (const [issue, atoms] of issues) {
    if (released.has(issue) || decided.has(pairKey(issue, issue))) continue;
    const cut = divide(atoms, side(atoms));
    if (cut === null || cut.likeness >= SPLIT_AT) continue;
    const [stays, goes] = [cut.stays, cut.goes];
    const telling = sourcesApart(side(stays), side(goes));
    if (telling < SOURCES) continue;
    propose(split(issue, stays, goes), reportsOf(side(stays), side(goes), cut.likeness));
  }
  return [...found.values()].sort((x, y) => compareIssues(x.issue, y.issue) || compareText(x.key, y.key));

  function propose(what: Omit<Regrouping, 'reasons'> | null, reason: RegroupingReason): void {
    if (what === null) return;
    const known = found.get(what.key) ?? { ...what, reasons: [] };
    found.set(what.key, known);
    const words = JSON.stringify(reason);
    if (!known.reasons.some((each) => JSON.stringify(each) === words)) known.reasons.push(reason);
  }

  /** Pairs of issues of one product that ids stand in. */
  function tiedBy(ids: readonly string[]): [string, string][] {
    const wanted = new Set(ids);
    const byProduct = new Map<string, Set<string>>();
    for (const { product, vulnerability } of reading.atoms) {
      if (!wanted.has(vulnerability)) continue;
      const issue = issueOf.get(atomKey({ product, vulnerability }));
      if (issue === undefined) continue;
      const known = byProduct.get(product) ?? new Set();
      byProduct.set(product, known);
      known.add(issue);
    }
    return [...byProduct.values()].flatMap((set) => {
      const all = [...set].sort(compareIssues);
      return all.flatMap((a, n) => all.slice(n + 1).map((b): [string, string] => [a, b]));
    });
  }

  function reportsOf(mine: Side, theirs: Side, likeness: number): RegroupingReason {
    const [a, b] = [union(mine), union(theirs)];
    const idsOf = (places: Iterable<number>) =>
      [...places].sort((x, y) => x - y).flatMap((place) => reading.pieces[place]?.bundle.id ?? []);
    const together = [...a].filter((place) => b.has(place));
    const apart = [...a, ...b].filter((place) => !(a.has(place) && b.has(place)));
    return {
      kind: 'reports',
      together: idsOf(together).slice(0, SHOWN),
      apart: idsOf(apart).slice(0, SHOWN),
      likeness: Math.round(likeness * 100) / 100,
    };
  }

  /** How many sources have reports on either side and none on both. */
  function sourcesApart(mine: Side, theirs: Side): number {
    const [a, b] = [union(mine), union(theirs)];
    const sourceOf = (place: number) => reading.pieces[place]?.bundle.source ?? '';
    const both = new Set([...a].filter((place) => b.has(place)).map(sourceOf));
    const [onA, onB] = [new Set([...a].map(sourceOf)), new Set([...b].map(sourceOf))];
    return [...onA].filter((source) => onB.has(source) && !both.has(source)).length;
  }
}

/** Whether a report tells what is fixed together: one of a family, and none that collects the work of months. */
function counts({ rollup, witness, rebuildOf, release }: Bundle): boolean {
  return rollup !== true && witness !== true && release !== true && rebuildOf === undefined;
}

function merge(
  a: string,
  b: string,
  mine: readonly Atom[],
  theirs: readonly Atom[],
): Omit<Regrouping, 'reasons'> | null {
  const [product] = mine.map((atom) => atom.product);
  if (product === undefined || theirs.length === 0) return null;
  return { key: regroupingKey('merge', mine, theirs), kind: 'merge', product, issue: a, other: b, out: [] };
}

function split(
  issue: string,
  stays: readonly Atom[],
  goes: readonly Atom[],
): Omit<Regrouping, 'reasons'> | null {
  const [product] = stays.map((atom) => atom.product);
  if (product === undefined || goes.length === 0) return null;
  const out = goes.map(({ vulnerability }) => vulnerability).sort(compareVulnerabilities);
  return { key: regroupingKey('split', stays, goes), kind: 'split', product, issue, other: null, out };
}

/** The key of a suggestion: of what stands on either side, whichever comes first. */
export function regroupingKey(kind: Regrouping['kind'], ...sides: readonly (readonly Atom[])[]): string {
  const named = sides.map((atoms) => atoms.map(atomKey).sort(compareText).join(', ')).sort(compareText);
  return createHash('sha256')
    .update(`${kind}\n${named.join('\n')}`)
    .digest('hex')
    .slice(0, 24);
}

function pairKey(a: string, b: string): string {
  return compareIssues(a, b) <= 0 ? `${a} ${b}` : `${b} ${a}`;
}

/** What people have spoken of: pairs that they took apart, and issues that they tied (with themselves). */
function decidedPairs(constraints: readonly Constraint[], issueOf: IssueOfAtom): Set<string> {
  return new Set(
    constraints.flatMap(({ a, b }) => {
      const [x, y] = [issueOf.get(atomKey(a)), issueOf.get(atomKey(b))];
      return x === undefined || y === undefined ? [] : [pairKey(x, y)];
    }),
  );
}

/** Mean over the pairs of the share of reports on either that are on both. */
function averageLink(a: Side, b: Side): number {
  if (a.length === 0 || b.length === 0) return 0;
  let sum = 0;
  for (const x of a) for (const y of b) sum += jaccard(x, y);
  return sum / (a.length * b.length);
}

function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const each of small) if (large.has(each)) shared += 1;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}

function union(side: Side): Set<number> {
  return new Set(side.flatMap((each) => [...each]));
}

/**
 * The last cut of average-link clustering over atoms that reports name: two parts, and how like they are; null where all of them are in
 * the very same reports. The part with the first atom stays.
 */
function divide(
  atoms: readonly Atom[],
  side: Side,
): { stays: Atom[]; goes: Atom[]; likeness: number } | null {
  const classes = new Map<string, { atoms: Atom[]; reports: ReadonlySet<number> }>();
  const ordered = atoms
    .map((atom, place) => ({ atom, reports: side[place] ?? new Set<number>() }))
    .sort((a, b) => compareVulnerabilities(a.atom.vulnerability, b.atom.vulnerability));
  for (const { atom, reports } of ordered) {
    // What only roll-ups or people name says nothing of what it is fixed with.
    if (reports.size === 0) return null;
    const key = [...reports].join(' ');
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { atoms: [atom], reports });
    else known.atoms.push(atom);
  }
  let clusters = [...classes.values()].map(({ atoms: own, reports }) => ({
    atoms: own,
    side: own.map(() => reports),
  }));
  if (clusters.length < 2) return null;
  while (clusters.length > 2) {
    let best: { i: number; j: number; link: number } = { i: 0, j: 1, link: -1 };
    for (let i = 0; i < clusters.length; i += 1) {
      for (let j = i + 1; j < clusters.length; j += 1) {
        const link = averageLink(clusters[i]?.side ?? [], clusters[j]?.side ?? []);
        if (link > best.link) best = { i, j, link };
      }
    }
    const [a, b] = [clusters[best.i], clusters[best.j]];
    if (a === undefined || b === undefined) return null;
    const joined = { atoms: [...a.atoms, ...b.atoms], side: [...a.side, ...b.side] };
    clusters = clusters.map((each, n) => (n === best.i ? joined : each)).filter((_, n) => n !== best.j);
  }
  const [stays, goes] = clusters;
  if (stays === undefined || goes === undefined) return null;
  return { stays: stays.atoms, goes: goes.atoms, likeness: averageLink(stays.side, goes.side) };
}

/** By year and number, as they were given. */
function compareIssues(a: string, b: string): number {
  return compareVulnerabilities(a, b);
}
