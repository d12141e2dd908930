import type { Atom } from './bundle.ts';
import type { ConstraintConflict } from './constraints.ts';
import type { Join } from './rule.ts';

/** The issues that a set of reports makes. */
export interface Partition {
  /** By the first report's day and id, then by first atom. */
  issues: readonly GroupedIssue[];
  /** Index into `issues`, by atomKey. Each atom is in exactly one issue. */
  issueOfAtom: ReadonlyMap<string, number>;
  /** Ids of reports that name no product, and whose vulnerabilities no other report places in one. */
  unplaced: readonly string[];
  /** People's decisions that are not followed, for earlier ones say the contrary. */
  conflicts: readonly ConstraintConflict[];
}

/** One overarching problem: what one fix closes. */
export interface GroupedIssue {
  /** Sorted; one, unless people linked atoms of several. */
  products: readonly string[];
  /** Sorted by product and id. This is the issue's core: the rule adds nothing to it once its window is over. */
  atoms: readonly Atom[];
  /** As its first report states it. */
  opened: string;
  /** Every report that names an atom of it, by day and id. */
  members: readonly Membership[];
  /** A release of upstream decided what belongs to it. */
  release: boolean;
  /** Where two issues became one by the rule. */
  joins: readonly Join[];
  /** Ids of people's decisions that gave it its shape. */
  linked: readonly number[];
  separated: readonly number[];
}

/** A report's link to an issue. */
export interface Membership {
  /** Id of the report. */
  report: string;
  source: string;
  published: string;
  /** `full`: it names every atom of the issue. */
  coverage: 'full' | 'partial';
  /** How many of the issue's atoms it names. */
  named: number;
  /** How many atoms it names in all, in this issue and in others. */
  bundled: number;
  reason: Reason;
}

/**
 * Why a report belongs to an issue. Reports are compared with the earlier member that first named most of what they name;
 * `shared` of `of` counts the issue's atoms that both name, of those that either does.
 * - `opened`: the first to name anything of it.
 * - `shares`: names what an earlier member names.
 * - `extends`: that, and it was the first to name `added`, so many days after the issue opened.
 * - `joined`: names other atoms than the members before it; the report (or release of upstream) `by` showed that they are one issue.
 * - `released`: the same, by upstream: it is of the same release as `with`.
 * - `rebuild`: repeats the report `of` for a rebuild of its packages, and names nothing new: with it, one witness.
 * - `linked`: names other atoms than the members before it; people's decisions put them here.
 *
 * `release`: upstream's own word, which decides. `closedBy`: where a release of upstream put some of what was added here, for it closes them with others of the issue.
 */
export type Reason =
  | { kind: 'opened'; release: boolean; rollup: boolean }
  | { kind: 'shares'; with: string; shared: number; of: number; release?: true }
  | {
      kind: 'extends';
      with: string;
      shared: number;
      of: number;
      added: readonly string[];
      days: number;
      release?: true;
      closedBy?: Closing;
    }
  | { kind: 'joined'; by: string; added: readonly string[] }
  | { kind: 'released'; with: string; added: readonly string[] }
  | { kind: 'rebuild'; of: string }
  | { kind: 'linked'; constraints: readonly number[]; added: readonly string[] };

/** A release of upstream, by the id of {@link fixReleases}, and which vulnerabilities its witness put into an issue. */
export interface Closing {
  release: string;
  vulnerabilities: readonly string[];
}
