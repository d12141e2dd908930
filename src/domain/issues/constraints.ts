import { type Atom, atomKey, compareText } from './bundle.ts';
import type { Reading } from './reading.ts';

/** What a person decided of two atoms: they are one issue, or they are not. Outranks every rule and survives recomputation. */
export interface Constraint {
  /** Grows with time: an earlier decision holds against a later one that contradicts it. */
  id: number;
  kind: 'must' | 'cannot';
  a: Atom;
  b: Atom;
}

/** A decision that is not followed, for decisions before it say the contrary. A person has to revoke one of them. */
export interface ConstraintConflict {
  constraint: number;
  /** Ids of the decisions that it contradicts. */
  against: number[];
}

/** A group of atoms (by index), with the decisions that gave it its shape. */
export interface ConstrainedGroup {
  atoms: number[];
  /** Indices of the groups it was made from. */
  from: number[];
  linked: number[];
  separated: number[];
}

/** Atoms that must be together, what they must be apart from, and by which decisions. */
interface Class {
  /** Its first atom: by this classes are known to each other. */
  key: number;
  atoms: number[];
  must: number[];
  /** Class by its root, with the decision that keeps it away. */
  apart: Map<number, number>;
}

/**
 * Bends groups to what people decided. A cannot-link divides a group: what is linked to either side goes with it, and every
 * other atom stays with those that it is named with most often. Then a must-link makes one group of the two that it ties,
 * as whole as they are by then: what was divided off before stays where it is. Decisions on atoms that do not exist (yet)
 * bind as soon as they do. The result does not depend on the order of `constraints`.
 */
export function applyConstraints(
  groups: readonly (readonly number[])[],
  constraints: readonly Constraint[],
  reading: Reading,
): { groups: ConstrainedGroup[]; conflicts: ConstraintConflict[] } {
  const { classes, conflicts } = classesOf(constraints, reading);
  const groupOf = placesOf(groups);
  const parts: ConstrainedGroup[] = [];
  const here = classesByPlace(classes, groupOf);
  for (const [index, atoms] of groups.entries())
    parts.push(...divide(atoms, [index], here.get(index) ?? [], reading, groupOf));
  const united = unite(parts, classes, reading).map((part) => ({
    ...part,
    from: distinct(part.atoms.flatMap((atom) => groupOf.get(atom) ?? [])),
  }));
  return { groups: united, conflicts };
}

/** Makes one of the parts that a class has atoms in. Where that brings together what is to be apart, it is divided again. */
function unite(
  parts: readonly ConstrainedGroup[],
  classes: readonly Class[],
  reading: Reading,
): ConstrainedGroup[] {
  const partOf = placesOf(parts.map(({ atoms }) => atoms));
  const united = rootsOf(parts.length, classes, partOf);
  const members = new Map<number, ConstrainedGroup[]>();
  for (const [index, root] of united.entries()) {
    const part = parts[index];
    if (part !== undefined) members.set(root, [...(members.get(root) ?? []), part]);
  }
  const here = classesByPlace(
    classes,
    new Map([...partOf].map(([atom, part]) => [atom, united[part] ?? part])),
  );
  return [...members].flatMap(([root, each]) => {
    if (each.length === 1) return each;
    const from = distinct(each.flatMap((part) => part.from));
    const separated = each.flatMap((part) => part.separated);
    const atoms = each.flatMap((part) => part.atoms);
    return divide(atoms, from, here.get(root) ?? [], reading, partOf).map((part) => ({
      ...part,
      separated: distinct([...part.separated, ...separated]),
    }));
  });
}

/** Which of the lists each atom is in. */
function placesOf(lists: readonly (readonly number[])[]): Map<number, number> {
  return new Map(lists.flatMap((atoms, index) => atoms.map((atom) => [atom, index] as const)));
}

/** For each place the classes with atoms there, each with those atoms only. */
function classesByPlace(
  classes: readonly Class[],
  placeOf: ReadonlyMap<number, number>,
): Map<number, Class[]> {
  const found = new Map<number, Class[]>();
  for (const member of classes) {
    const places = distinct(member.atoms.flatMap((atom) => placeOf.get(atom) ?? []));
    for (const place of places) {
      const atoms = member.atoms.filter((atom) => placeOf.get(atom) === place);
      found.set(place, [...(found.get(place) ?? []), { ...member, atoms }]);
    }
  }
  return found;
}

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Decisions name what they are about as it was called then; since, aliases may have come. */
export function underCanonicalIds<Decision extends Constraint>(
  decisions: readonly Decision[],
  canonicalIds: ReadonlyMap<string, string>,
): Decision[] {
  const rename = ({ product, vulnerability }: Atom): Atom => ({
    product,
    vulnerability: canonicalIds.get(vulnerability) ?? vulnerability,
  });
  return decisions.map((decision) => ({ ...decision, a: rename(decision.a), b: rename(decision.b) }));
}

/** The decisions that are not followed, in the order of their ids. They depend on the decisions alone. */
export function conflictsOf(constraints: readonly Constraint[]): ConstraintConflict[] {
  return classesOf(constraints, { atoms: [], pieces: [], witnesses: [], unplaced: [] }).conflicts;
}

/** Follows the decisions one after the other; each that contradicts those before it is left out and reported. */
function classesOf(
  constraints: readonly Constraint[],
  reading: Reading,
): { classes: Class[]; conflicts: ConstraintConflict[] } {
  const indices = new Map<string, number>();
  if (constraints.length > 0)
    for (const [index, atom] of reading.atoms.entries()) indices.set(atomKey(atom), index);
  const nodes = new Map<string, number>();
  const classes: Class[] = [];
  const conflicts: ConstraintConflict[] = [];
  const parent: number[] = [];

  function rootOf(atom: Atom): number {
    const key = atomKey(atom);
    let node = nodes.get(key);
    if (node === undefined) {
      node = classes.length;
      nodes.set(key, node);
      parent.push(node);
      const index = indices.get(key);
      classes.push({ key: -1, atoms: index === undefined ? [] : [index], must: [], apart: new Map() });
    }
    return find(parent, node);
  }

  for (const { id, kind, a, b } of [...constraints].sort(compareConstraints)) {
    const [x, y] = [rootOf(a), rootOf(b)];
    const [left, right] = [classes[x], classes[y]];
    if (left === undefined || right === undefined) continue;
    const barred = left.apart.get(y);
    if (kind === 'cannot') {
      if (x === y) conflicts.push({ constraint: id, against: [...left.must].sort((m, n) => m - n) });
      else if (barred === undefined) {
        left.apart.set(y, id);
        right.apart.set(x, id);
      }
      continue;
    }
    if (x === y) continue;
    if (barred !== undefined) {
      conflicts.push({ constraint: id, against: [barred] });
      continue;
    }
    parent[y] = x;
    left.atoms.push(...right.atoms);
    left.must.push(...right.must, id);
    for (const [enemy, by] of right.apart) {
      classes[enemy]?.apart.delete(y);
      if (!left.apart.has(enemy)) left.apart.set(enemy, by);
      classes[enemy]?.apart.set(x, left.apart.get(enemy) ?? by);
    }
  }
  const standing = classes.filter((member, node) => find(parent, node) === node && member.atoms.length > 0);
  for (const member of standing) member.atoms.sort((a, b) => a - b);
  // From here on classes are known by their first atom: roots of decisions mean nothing to groups.
  const firstAtom = new Map(classes.map((member, node) => [node, member.atoms[0] ?? -1]));
  for (const member of standing)
    member.apart = new Map([...member.apart].map(([node, by]) => [firstAtom.get(node) ?? -1, by]));
  for (const member of standing) member.key = member.atoms[0] ?? -1;
  return { classes: standing.sort((a, b) => (a.atoms[0] ?? 0) - (b.atoms[0] ?? 0)), conflicts };
}

function compareConstraints(a: Constraint, b: Constraint): number {
  return (
    a.id - b.id ||
    compareText(a.kind, b.kind) ||
    compareText(atomKey(a.a), atomKey(b.a)) ||
    compareText(atomKey(a.b), atomKey(b.b))
  );
}

function find(parent: number[], node: number): number {
  let at = node;
  while (parent[at] !== undefined && parent[at] !== at) {
    const up = parent[at] ?? at;
    parent[at] = parent[up] ?? up;
    at = up;
  }
  return at;
}

/** For each place, the place of lowest index that it is one with. */
function rootsOf(count: number, classes: readonly Class[], placeOf: ReadonlyMap<number, number>): number[] {
  const parent = Array.from({ length: count }, (_, index) => index);
  for (const { atoms } of classes) {
    const [first, ...others] = atoms.map((atom) => placeOf.get(atom)).filter((place) => place !== undefined);
    for (const other of others) {
      const [a, b] = [find(parent, first ?? other), find(parent, other)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  return parent.map((_, index) => find(parent, index));
}

/** Divides one group as its cannot-links ask, in as few parts as come of taking the classes in order. `placeOf`: where each atom was before. */
function divide(
  atoms: readonly number[],
  from: number[],
  classes: readonly Class[],
  reading: Reading,
  placeOf: ReadonlyMap<number, number>,
): ConstrainedGroup[] {
  const linked = placesIn(atoms, placeOf) > 1 ? distinct(classes.flatMap(({ must }) => must)) : [];
  const here = new Set(classes.map(({ key }) => key));
  const bound = classes.filter(({ apart }) => [...apart.keys()].some((enemy) => here.has(enemy)));
  if (bound.length === 0) return [{ atoms: [...atoms], from, linked, separated: [] }];
  const parts: { classes: Class[]; atoms: Set<number>; enemies: Map<number, number> }[] = [];
  for (const member of bound) {
    let part = parts.find(({ enemies }) => !enemies.has(member.key));
    if (part === undefined) {
      part = { classes: [], atoms: new Set(), enemies: new Map() };
      parts.push(part);
    }
    part.classes.push(member);
    for (const atom of member.atoms) part.atoms.add(atom);
    for (const [enemy, by] of member.apart) if (here.has(enemy)) part.enemies.set(enemy, by);
  }
  placeOthers(
    atoms,
    classes.filter((member) => !bound.includes(member)),
    parts.map((part) => part.atoms),
    reading,
    placeOf,
  );
  return parts.map((part) => ({
    atoms: distinct([...part.atoms]),
    from,
    linked: distinct(part.classes.flatMap(({ must }) => must)),
    separated: distinct([...part.enemies.values()]),
  }));
}

function placesIn(atoms: readonly number[], placeOf: ReadonlyMap<number, number>): number {
  return new Set(atoms.map((atom) => placeOf.get(atom))).size;
}

/** Gives every atom that no cannot-link speaks of to the part that it shares most reports with, within its own group first. */
function placeOthers(
  atoms: readonly number[],
  unbound: readonly Class[],
  parts: readonly Set<number>[],
  reading: Reading,
  groupOf: ReadonlyMap<number, number>,
): void {
  const settled = parts.map((part) => new Set(part));
  const placed = new Set(settled.flatMap((part) => [...part]));
  const free = new Set(atoms.filter((atom) => !placed.has(atom)));
  const votes = new Map<number, number[]>();
  for (const piece of reading.pieces) {
    // A rebuild is no second witness.
    if (piece.bundle.rebuildOf !== undefined) continue;
    const wanting = piece.atoms.filter((atom) => free.has(atom));
    if (wanting.length === 0) continue;
    const named = settled.map((part) => (piece.atoms.some((atom) => part.has(atom)) ? 1 : 0));
    for (const atom of wanting) {
      const tally = votes.get(atom) ?? parts.map(() => 0);
      votes.set(
        atom,
        tally.map((count, index) => count + (named[index] ?? 0)),
      );
    }
  }
  const groupsOf = settled.map((part) => new Set([...part].map((atom) => groupOf.get(atom))));
  const together = new Map(
    unbound.flatMap((member) => member.atoms.map((atom) => [atom, member.atoms] as const)),
  );
  for (const atom of atoms) {
    if (placed.has(atom)) continue;
    const own = groupOf.get(atom);
    const allowed = parts.map((_, index) => index).filter((index) => groupsOf[index]?.has(own) === true);
    const among = allowed.length === 0 ? parts.map((_, index) => index) : allowed;
    const tally = votes.get(atom) ?? [];
    const best = among.reduce((a, b) => ((tally[b] ?? 0) > (tally[a] ?? 0) ? b : a), among[0] ?? 0);
    for (const member of together.get(atom) ?? [atom]) {
      parts[best]?.add(member);
      placed.add(member);
    }
  }
}
