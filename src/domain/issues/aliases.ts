import { parseAdvisoryIds } from '#base/formats';
import { compareText, compareVulnerabilities } from './bundle.ts';

/** A record's statement that ids name the very same flaw. */
export interface AliasStatement {
  /** Who states it: "ghsa", "osv", "cve". */
  source: string;
  /** The record's own id. */
  id: string;
  aliases: readonly string[];
  /** The CVE list itself says that its id was merged into the other (REJECTED, replaced by): only that unites two CVE ids. */
  replaces?: boolean;
}

/** A statement that was not followed, or not whole. */
export interface AliasRefusal {
  ids: readonly [string, string];
  sources: readonly string[];
  /**
   * - `advisory`: an announcement fixes flaws, it is never one of them.
   * - `two-cves`: it would have made one flaw of two CVE ids.
   * - `too-many`: the record names more aliases than one flaw has, or the group would grow past its cap.
   */
  why: 'advisory' | 'two-cves' | 'too-many';
}

/** Which ids are one flaw. */
export interface VulnerabilityAliases {
  /** Canonical id of each id that is not its own; ask with `canonical.get(id) ?? id`. */
  canonical: ReadonlyMap<string, string>;
  /** All names of a flaw that has several, by canonical id, sorted. */
  groups: ReadonlyMap<string, readonly string[]>;
  refusals: readonly AliasRefusal[];
}

/** OSV's caps: at most so many ids for one flaw, and aliases in one record (google/osv.dev, alias groups). */
export const MAX_GROUP = 32;
export const MAX_ALIASES = 5;

/**
 * Unites ids that records state to be the same flaw. A pure function of the set of statements: those that several sources make
 * count first, then by id, so order of arrival never tells; when a record changes, computing it again is all there is to do.
 * Two CVE ids stay apart whatever third parties say, an advisory is an alias of nothing, and groups are capped; what was not
 * followed is reported. The canonical id is the lowest CVE id that was not `rejected`, else the lowest CVE id, else the
 * lowest GHSA, else the lowest of all.
 */
export function uniteAliases(
  statements: readonly AliasStatement[],
  rejected: ReadonlySet<string> = new Set(),
): VulnerabilityAliases {
  const refusals = new Map<string, { refusal: AliasRefusal; sources: Set<string> }>();
  const edges = new Map<string, Edge>();
  for (const statement of statements) {
    const others = [...new Set(statement.aliases)].filter((alias) => alias !== statement.id);
    for (const other of others) {
      const pair = sortedPair(statement.id, other);
      const why = pair.some(isAdvisory) ? 'advisory' : others.length > MAX_ALIASES ? 'too-many' : null;
      if (why !== null) refuse(pair, why, [statement.source]);
      else noteEdge(edges, pair, statement);
    }
  }
  const members = new Map<string, Set<string>>();
  for (const { pair, sources, replaces } of [...edges.values()].sort(compareEdges)) {
    const [a, b] = pair.map((id) => members.get(id) ?? new Set([id]));
    if (a === undefined || b === undefined || a.has(pair[1])) continue;
    const cves = [...a, ...b].filter(isCve);
    const mixed = [...a].some(isCve) && [...b].some(isCve);
    if (mixed && cves.length > 1 && !replaces) refuse(pair, 'two-cves', sources);
    else if (a.size + b.size > MAX_GROUP) refuse(pair, 'too-many', sources);
    else {
      for (const id of b) a.add(id);
      for (const id of a) members.set(id, a);
    }
  }
  const canonical = new Map<string, string>();
  const groups = new Map<string, readonly string[]>();
  for (const group of new Set(members.values())) {
    const names = [...group].sort(compareNames);
    const head = names.find((id) => isCve(id) && !rejected.has(id)) ?? names[0] ?? '';
    groups.set(head, names);
    for (const id of names) if (id !== head) canonical.set(id, head);
  }
  return { canonical, groups: sortedByKey(groups), refusals: reported() };

  function refuse(ids: readonly [string, string], why: AliasRefusal['why'], by: Iterable<string>): void {
    const key = [...ids, why].join('\n');
    const known = refusals.get(key) ?? { refusal: { ids, sources: [], why }, sources: new Set() };
    refusals.set(key, known);
    for (const source of by) known.sources.add(source);
  }

  function reported(): AliasRefusal[] {
    return [...refusals]
      .sort(([a], [b]) => compareText(a, b))
      .map(([, { refusal, sources }]) => ({ ...refusal, sources: [...sources].sort(compareText) }));
  }
}

/** Ids whose canonical id is another one than before, with both. What is stored under the old one has to move. */
export function changedCanonicals(
  before: VulnerabilityAliases,
  after: VulnerabilityAliases,
): { id: string; was: string; now: string }[] {
  const ids = new Set([...before.canonical.keys(), ...after.canonical.keys()]);
  return [...ids]
    .sort(compareText)
    .map((id) => ({ id, was: before.canonical.get(id) ?? id, now: after.canonical.get(id) ?? id }))
    .filter(({ was, now }) => was !== now);
}

interface Edge {
  pair: readonly [string, string];
  sources: Set<string>;
  replaces: boolean;
}

function noteEdge(
  edges: Map<string, Edge>,
  pair: readonly [string, string],
  { source, replaces }: AliasStatement,
): void {
  const key = pair.join('\n');
  const edge = edges.get(key) ?? { pair, sources: new Set(), replaces: false };
  edges.set(key, edge);
  edge.sources.add(source);
  edge.replaces ||= replaces === true;
}

/** The CVE list's own word first, then what most sources state, then by ids. */
function compareEdges(a: Edge, b: Edge): number {
  return (
    Number(b.replaces) - Number(a.replaces) ||
    b.sources.size - a.sources.size ||
    compareText(a.pair[0], b.pair[0]) ||
    compareText(a.pair[1], b.pair[1])
  );
}

function sortedPair(a: string, b: string): readonly [string, string] {
  return compareNames(a, b) <= 0 ? [a, b] : [b, a];
}

function isCve(id: string): boolean {
  return id.startsWith('CVE-');
}

function isAdvisory(id: string): boolean {
  return parseAdvisoryIds(id).length > 0;
}

/** CVE ids first, then GHSA, then all others; within each by number. */
function compareNames(a: string, b: string): number {
  return rank(a) - rank(b) || compareVulnerabilities(a, b);
}

function rank(id: string): number {
  return isCve(id) ? 0 : id.startsWith('GHSA-') ? 1 : 2;
}

function sortedByKey<T>(map: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...map].sort(([a], [b]) => compareText(a, b)));
}
