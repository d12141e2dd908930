import { type Atom, atomKey } from './bundle.ts';
import type { Constraint } from './constraints.ts';

/** What a decision of today strikes out of those before it, and what it puts down. */
export interface DecidedLinks<Link extends Constraint> {
  /** Earlier links that say the contrary: while they hold, the new ones would not be followed. */
  revoked: Link[];
  made: Omit<Constraint, 'id'>[];
}

/**
 * Two whole issues become one. `links`: those that hold; everything under canonical ids.
 *
 * Where a cannot-link gave a side its shape, that side is tied together as well: the new link alone would have the group
 * that it was divided from divided anew, and perhaps otherwise.
 */
export function linksToMerge<Link extends Constraint>(
  links: readonly Link[],
  one: readonly [Atom, ...Atom[]],
  other: readonly [Atom, ...Atom[]],
): DecidedLinks<Link> {
  const revoked = contrary('cannot', links, one, other);
  const kept = links.filter((link) => !revoked.includes(link));
  const within = [one, other].flatMap((side) => (isDivided(kept, side) ? untied(kept, side) : []));
  return { revoked, made: [{ kind: 'must', a: one[0], b: other[0] }, ...within] };
}

/** Whether a cannot-link speaks of any of the atoms, or of what is tied to them. */
function isDivided(links: readonly Constraint[], atoms: readonly Atom[]): boolean {
  const own = tied(links, atoms, new Set());
  return links.some(({ kind, a, b }) => kind === 'cannot' && (own.has(atomKey(a)) || own.has(atomKey(b))));
}

/** The links that it takes to tie all of the atoms to the first one. */
function untied(
  links: readonly Constraint[],
  [first, ...others]: readonly [Atom, ...Atom[]],
): Omit<Constraint, 'id'>[] {
  const made: Constraint[] = [];
  for (const b of others)
    if (!tied([...links, ...made], [first], new Set()).has(atomKey(b)))
      made.push({ id: 0, kind: 'must', a: first, b });
  return made.map(({ kind, a, b }) => ({ kind, a, b }));
}

/**
 * An issue becomes two: what goes together is linked, what stays together is linked, and the two are kept apart. What goes
 * is kept apart, too, from whatever was divided off before: it is to be an issue of its own.
 */
export function linksToSplit<Link extends Constraint>(
  links: readonly Link[],
  stays: readonly [Atom, ...Atom[]],
  goes: readonly [Atom, ...Atom[]],
): DecidedLinks<Link> {
  const together = [stays, goes].flatMap(([first, ...others]) =>
    others.map((b) => ({ kind: 'must' as const, a: first, b })),
  );
  const staying = tied(links, stays, new Set(goes.map(atomKey)));
  const going = tied(links, goes, staying);
  const divided = links
    .filter(({ kind }) => kind === 'cannot')
    .flatMap(({ a, b }) => (staying.has(atomKey(a)) ? [b] : staying.has(atomKey(b)) ? [a] : []))
    .filter((atom) => !staying.has(atomKey(atom)) && !going.has(atomKey(atom)));
  const apart = [stays[0], ...new Map(divided.map((atom) => [atomKey(atom), atom])).values()];
  return {
    revoked: contrary('must', links, stays, goes),
    made: [...together, ...apart.map((a) => ({ kind: 'cannot' as const, a, b: goes[0] }))],
  };
}

/**
 * Links of that kind between the two sides. A side is its atoms and whatever must-links tie to them, atoms included that
 * no report names at present: a chain may lead over those. What is tied to both sides counts as the first one's.
 */
function contrary<Link extends Constraint>(
  kind: Constraint['kind'],
  links: readonly Link[],
  one: readonly Atom[],
  other: readonly Atom[],
): Link[] {
  const first = tied(links, one, new Set(other.map(atomKey)));
  const second = tied(links, other, first);
  return links.filter((link) => {
    const [a, b] = [atomKey(link.a), atomKey(link.b)];
    const crosses = (first.has(a) && second.has(b)) || (first.has(b) && second.has(a));
    return link.kind === kind && crosses;
  });
}

/** The atoms and all that must-links tie to them without leading over `barred`. */
function tied(
  links: readonly Constraint[],
  atoms: readonly Atom[],
  barred: ReadonlySet<string>,
): Set<string> {
  const neighbours = new Map<string, string[]>();
  for (const { kind, a, b } of links) {
    if (kind !== 'must') continue;
    const [x, y] = [atomKey(a), atomKey(b)];
    neighbours.set(x, [...(neighbours.get(x) ?? []), y]);
    neighbours.set(y, [...(neighbours.get(y) ?? []), x]);
  }
  const reached = new Set(atoms.map(atomKey));
  for (const key of reached)
    for (const next of neighbours.get(key) ?? []) if (!barred.has(next)) reached.add(next);
  return reached;
}
