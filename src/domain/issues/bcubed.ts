/** How well a grouping agrees with a reference: B-cubed precision and recall and their harmonic mean, with how many things were compared. */
export interface Agreement {
  f1: number;
  precision: number;
  recall: number;
  atoms: number;
}

/**
 * B-cubed agreement (Bagga and Baldwin 1998) of disjoint groups with bundles that may overlap, over the things that both
 * know: for each, precision is the share of its group that shares a bundle with it, recall the share of what shares a bundle with it
 * that is in its group. Means over the things; f1 is the harmonic mean of the two means. With `whole`, the group and the bundle count
 * with those of their members that the other side does not know, too.
 * All zero where nothing is in both.
 */
export function bcubed(
  groupOf: ReadonlyMap<string, number>,
  bundles: readonly (readonly string[])[],
  { whole = false } = {},
): Agreement {
  const companions = companionsOf(bundles);
  const sizes = new Map<number, number>();
  for (const [atom, group] of groupOf) {
    if (whole || companions.has(atom)) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  let [precision, recall, atoms] = [0, 0, 0];
  for (const [atom, with_] of companions) {
    const group = groupOf.get(atom);
    if (group === undefined) continue;
    let [shared, compared] = [0, 0];
    for (const other of with_) {
      const theirs = groupOf.get(other);
      if (whole || theirs !== undefined) compared += 1;
      if (theirs === group) shared += 1;
    }
    precision += shared / (sizes.get(group) ?? 1);
    recall += shared / compared;
    atoms += 1;
  }
  return atoms === 0
    ? { f1: 0, precision: 0, recall: 0, atoms }
    : agreement(precision / atoms, recall / atoms, atoms);
}

function agreement(precision: number, recall: number, atoms: number): Agreement {
  const sum = precision + recall;
  return { f1: sum === 0 ? 0 : (2 * precision * recall) / sum, precision, recall, atoms };
}

/** For each thing, everything that shares one of its bundles with it, itself included. */
function companionsOf(bundles: readonly (readonly string[])[]): Map<string, Set<string>> {
  const companions = new Map<string, Set<string>>();
  for (const bundle of bundles) {
    for (const atom of bundle) {
      const known = companions.get(atom) ?? new Set<string>();
      companions.set(atom, known);
      for (const other of bundle) known.add(other);
    }
  }
  return companions;
}
