import { type Comparator, comparatorFrom, compareText, type Order } from './comparator.ts';

/** The largest number of Nix (a C `int`): a longer one stays a text, and texts sort below numbers. */
const LARGEST = 2_147_483_647;

type Component = number | string;

/** Runs of digits and runs of anything else; `.` and `-` only separate (nix `nextComponent`). */
function components(version: string): Component[] {
  return (version.match(/[0-9]+|[^0-9.-]+/g) ?? []).map((run) => {
    if (!/^[0-9]/.test(run)) return run;
    const number = Number(run);
    return number <= LARGEST ? number : run;
  });
}

/** nix `componentsLT` read as an order: `pre`, then the end, then texts, then numbers. */
function rank(component: Component): number {
  if (typeof component === 'number') return 3;
  if (component === 'pre') return 0;
  return component === '' ? 1 : 2;
}

function compareComponents(a: Component, b: Component): Order {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank < 0 ? -1 : 1;
  return compareText(String(a), String(b));
}

function order(a: readonly Component[], b: readonly Component[]): Order {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    // The end is an empty text, which Nix puts below a number: 1.0 < 1.0.0.
    const found = compareComponents(a[i] ?? '', b[i] ?? '');
    if (found !== 0) return found;
  }
  return 0;
}

/**
 * The order of Nix: exactly `builtins.compareVersions` (Nix manual, "nix-env --upgrade"; `src/libstore/names.cc`).
 * It says which of two nixpkgs versions `nix-env -u` takes for newer. Every text is valid.
 * Known oddities, kept because they are Nix's: trailing zeros count, numbers over 2³¹−1 sort below 0,
 * only `pre` comes before the release.
 */
export const nix: Comparator = comparatorFrom('nix', components, order);
