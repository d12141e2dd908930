import type { IssueExploitation } from '#domain/issues';
import type { CellPackage } from '#domain/matching';

/**
 * A roundup as people and programs see it: plain data, made from the store by `roundup-view.ts`, turned into markdown, HTML
 * and JSON. Field names are the JSON that `./muster roundup show --json` prints, so they are kept.
 */
export interface RoundupView {
  number: number;
  /** Of a release gate, its channel. */
  gate?: string;
  /** Of a release gate, what it is for: "26.11". */
  release?: string;
  team: string;
  openedAt: string;
  /** First and last day that it covers (ISO dates). */
  coversSince: string;
  coversUntil: string;
  lead: string | null;
  closedAt: string | null;
  previous: number | null;
  /** Channels in the order of their columns, newest release first, development last. */
  channels: ChannelHead[];
  /** Projects in alphabetical order; inside, the gravest issue first. */
  sections: Section[];
  lines: number;
  remaining: number;
  completed: number;
  carried: number;
  /** Who ticked or proposed something in the roundup before this one, and in this one. */
  thanks: string[];
}

export interface ChannelHead {
  name: string;
  lifecycle: 'development' | 'supported' | 'deprecated' | 'end_of_life';
}

export interface Section {
  /** The project: "openssl". */
  product: string;
  lines: RoundupLine[];
}

export interface RoundupLine {
  /** "NSI-2017-0043" */
  issue: string;
  /** "openssl: denial of service" */
  title: string;
  severity: 'none' | 'low' | 'medium' | 'high' | 'critical' | null;
  /** Whether it is used by attackers, or likely to be; null where no signal says so. */
  exploitation: IssueExploitation | null;
  vulnerabilities: string[];
  done: boolean;
  doneBy: string | null;
  /** Number of the roundup that it was carried over from. */
  carriedFrom: number | null;
  /** Free text that somebody put behind the line. */
  remark: string | null;
  /** The entries of the history that tell whether it is done, and what stands behind it: what a change has to have seen. */
  version: number;
  remarkVersion: number;
  /** One for each channel of the head, in its order. */
  cells: ChannelCell[];
  /** Every distribution's advisory, oldest first. */
  advisories: AdvisoryLink[];
  patches: PatchLink[];
}

export interface ChannelCell {
  channel: string;
  /** `absent`: nothing in this channel looks like it. `unknown`: something does, and nobody can say yet. */
  verdict: 'affected' | 'not_affected' | 'unknown' | 'absent';
  /** Packages that look like it there, with their version and why, the worst first. */
  packages: CellPackage[];
}

export interface AdvisoryLink {
  /** "DSA-3773-1" */
  id: string;
  source: string;
  /** ISO date, null where only a citation is known. */
  published: string | null;
  url: string | null;
}

export interface PatchLink {
  url: string;
  vulnerability: string | null;
  /** Who links to it: a source id. */
  source: string;
}

/**
 * A roundup as its page lists it: of each line the first few of everything, and how many there are. `asList` makes it of a
 * whole view, `roundupList` reads nothing else.
 */
export interface RoundupList extends Omit<RoundupView, 'sections'> {
  sections: ListedSection[];
}

export interface ListedSection {
  product: string;
  lines: ListedLine[];
}

export interface ListedLine extends Omit<RoundupLine, 'cells' | 'patches'> {
  vulnerabilityCount: number;
  advisoryCount: number;
  patchCount: number;
  /** Day of the oldest advisory that has one. */
  since: string | null;
  /** Packages of each channel of the head, in its order, the worst first. */
  cells: readonly (readonly CellPackage[])[];
}
