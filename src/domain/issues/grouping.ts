import { atomKey, type Bundle, compareAtoms, compareText, compareVulnerabilities } from './bundle.ts';
import { applyConstraints, type ConstrainedGroup, type Constraint } from './constraints.ts';
import type { GroupedIssue, Membership, Partition, Reason } from './partition.ts';
import { type Piece, type Reading, readBundles } from './reading.ts';
import { applyRule, GROUPING_DEFAULTS, type GroupingOptions, type RuleIssue } from './rule.ts';

/**
 * Groups reports into issues: a pure function of the set of bundles, of people's decisions and of the rule's numbers, never
 * of the order in which any of them are given. {@link applyRule} states the rule.
 * Throws FILE_MALFORMED for a bundle whose date cannot be read.
 */
export function group(
  bundles: readonly Bundle[],
  constraints: readonly Constraint[] = [],
  options: Partial<GroupingOptions> = {},
): Partition {
  const reading = readBundles(bundles);
  const ruled = applyRule(reading, { ...GROUPING_DEFAULTS, ...options });
  const { groups, conflicts } = applyConstraints(
    ruled.map(({ atoms }) => atoms),
    constraints,
    reading,
  );
  const issues = describe(groups, ruled, reading);
  const issueOfAtom = new Map<string, number>();
  for (const [index, { atoms }] of issues.entries()) {
    for (const atom of atoms) issueOfAtom.set(atomKey(atom), index);
  }
  return { issues, issueOfAtom, unplaced: reading.unplaced, conflicts };
}

/** A group while its reports are gathered: for each report, by its place in the reading, which atoms of the group it names. */
interface Gathered {
  shape: ConstrainedGroup;
  reports: Map<Bundle, Named>;
}

interface Named {
  piece: Piece;
  atoms: number[];
}

/** What witnesses did for an issue. */
interface Testimony {
  /** By atom, the id of the witness that put it there. */
  brought: ReadonlyMap<number, string>;
  /** Those that joined something to it. */
  joining: readonly Piece[];
}

function describe(
  groups: readonly ConstrainedGroup[],
  ruled: readonly RuleIssue[],
  reading: Reading,
): GroupedIssue[] {
  const groupOf = new Int32Array(reading.atoms.length).fill(-1);
  for (const [index, { atoms }] of groups.entries()) for (const atom of atoms) groupOf[atom] = index;
  const gathered: Gathered[] = groups.map((shape) => ({ shape, reports: new Map() }));
  const bundled = new Map<Bundle, number>();
  for (const piece of reading.pieces) {
    bundled.set(piece.bundle, (bundled.get(piece.bundle) ?? 0) + piece.atoms.length);
    for (const atom of piece.atoms) {
      const reports = gathered[groupOf[atom] ?? -1]?.reports;
      const known = reports?.get(piece.bundle);
      if (known === undefined) reports?.set(piece.bundle, { piece, atoms: [atom] });
      else known.atoms.push(atom);
    }
  }
  const witnesses = new Map(reading.witnesses.map((witness) => [witness.bundle.id, witness]));
  return gathered
    .map((entry) => ({ entry, issue: describeIssue(entry, ruled, reading, bundled, witnesses) }))
    .sort((a, b) => compareOpening(a.entry, b.entry) || compareFirstAtoms(a.issue, b.issue))
    .map(({ issue }) => issue);
}

function compareOpening(a: Gathered, b: Gathered): number {
  const [[x], [y]] = [[...a.reports.values()], [...b.reports.values()]];
  if (x === undefined || y === undefined) return 0;
  return x.piece.day - y.piece.day || compareText(x.piece.bundle.id, y.piece.bundle.id);
}

function compareFirstAtoms(a: GroupedIssue, b: GroupedIssue): number {
  const [[x], [y]] = [a.atoms, b.atoms];
  return x === undefined || y === undefined ? 0 : compareAtoms(x, y);
}

function describeIssue(
  { shape, reports }: Gathered,
  ruled: readonly RuleIssue[],
  reading: Reading,
  bundled: ReadonlyMap<Bundle, number>,
  witnesses: ReadonlyMap<string, Piece>,
): GroupedIssue {
  const atoms = shape.atoms.flatMap((index) => reading.atoms[index] ?? []).sort(compareAtoms);
  const from = shape.from.flatMap((index) => ruled[index] ?? []);
  const members: Membership[] = [];
  const named: Named[] = [...reports.values()];
  const firstNamedBy = new Map<number, number>();
  const brought = new Map(from.flatMap((issue) => [...issue.brought]));
  const joining = from.flatMap(({ joins }) => joins.flatMap(({ by }) => witnesses.get(by) ?? []));
  for (const [rank, { piece, atoms: own }] of named.entries()) {
    const { bundle } = piece;
    const reason = reasonOf(rank, named, firstNamedBy, { brought, joining }, shape, reading);
    for (const atom of own) if (!firstNamedBy.has(atom)) firstNamedBy.set(atom, rank);
    members.push({
      report: bundle.id,
      source: bundle.source,
      published: bundle.published,
      coverage: own.length === atoms.length ? 'full' : 'partial',
      named: own.length,
      bundled: bundled.get(bundle) ?? own.length,
      reason,
    });
  }
  return {
    products: [...new Set(atoms.map(({ product }) => product))],
    atoms,
    opened: members[0]?.published ?? '',
    members,
    release: from.some(({ release }) => release),
    joins: from.flatMap(({ joins }) => joins),
    linked: shape.linked,
    separated: shape.separated,
  };
}

/**
 * Why the member of this rank, of all members in published order, belongs to the issue. `firstNamedBy`: rank by atom, of
 * those before it.
 */
function reasonOf(
  rank: number,
  members: readonly Named[],
  firstNamedBy: ReadonlyMap<number, number>,
  { brought, joining }: Testimony,
  shape: ConstrainedGroup,
  reading: Reading,
): Reason {
  const [member, first] = [members[rank], members[0]];
  if (member === undefined || first === undefined || rank === 0)
    return {
      kind: 'opened',
      release: member?.piece.bundle.release === true,
      rollup: member?.piece.bundle.rollup === true,
    };
  const fresh = new Set(member.atoms.filter((atom) => !firstNamedBy.has(atom)));
  const idsOf = (atoms: readonly number[]) =>
    atoms.flatMap((index) => reading.atoms[index]?.vulnerability ?? []).sort(compareVulnerabilities);
  const added = idsOf([...fresh]);
  const release = [...fresh].map((atom) => brought.get(atom)).find((id) => id !== undefined);
  const partner = members[partnerOf(member.atoms, firstNamedBy) ?? -1];
  const { bundle } = member.piece;
  const original = members.slice(0, rank).find(({ piece }) => piece.bundle.id === bundle.rebuildOf);
  if (original !== undefined && added.length === 0) return { kind: 'rebuild', of: original.piece.bundle.id };
  if (partner === undefined) {
    const released = members.filter(({ piece }) => piece.bundle.release === true && piece !== member.piece);
    if (bundle.release === true && released[0] !== undefined)
      return { kind: 'released', with: released[0].piece.bundle.id, added };
    const by =
      release ??
      bridgeTo(fresh, firstNamedBy, members.slice(rank + 1), joining) ??
      released.find(({ atoms }) => atoms.some((atom) => fresh.has(atom)))?.piece.bundle.id;
    return by === undefined
      ? { kind: 'linked', constraints: shape.linked, added }
      : { kind: 'joined', by, added };
  }
  const theirs = new Set(partner.atoms);
  const shared = member.atoms.filter((atom) => theirs.has(atom)).length;
  const comparison = {
    with: partner.piece.bundle.id,
    shared,
    of: partner.atoms.length + member.atoms.length - shared,
    ...(bundle.release === true && { release: true as const }),
  };
  return added.length === 0
    ? { kind: 'shares', ...comparison }
    : {
        kind: 'extends',
        ...comparison,
        added,
        days: member.piece.day - first.piece.day,
        ...(release !== undefined && {
          closedBy: {
            release,
            vulnerabilities: idsOf([...fresh].filter((atom) => brought.get(atom) === release)),
          },
        }),
      };
}

/** Id of what names some of the `fresh` atoms and some that were named before: a later member, or else a witness that joined. */
function bridgeTo(
  fresh: ReadonlySet<number>,
  firstNamedBy: ReadonlyMap<number, number>,
  later: readonly Named[],
  joining: readonly Piece[],
): string | undefined {
  const bridges = ({ atoms }: { atoms: readonly number[] }) =>
    atoms.some((atom) => fresh.has(atom)) && atoms.some((atom) => firstNamedBy.has(atom));
  return later.find(bridges)?.piece.bundle.id ?? joining.find(bridges)?.bundle.id;
}

/** The rank of the report that first named most of these atoms; of several, the earliest. */
function partnerOf(atoms: readonly number[], firstNamedBy: ReadonlyMap<number, number>): number | null {
  const counts = new Map<number, number>();
  for (const atom of atoms) {
    const rank = firstNamedBy.get(atom);
    if (rank !== undefined) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  }
  let best: number | null = null;
  for (const [rank, count] of counts) {
    const most = best === null ? 0 : (counts.get(best) ?? 0);
    if (count > most || (count === most && best !== null && rank < best)) best = rank;
  }
  return best;
}
