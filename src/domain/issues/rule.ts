import type { Piece, Reading } from './reading.ts';

/** The numbers of the rule. Changing one changes which issues exist: a decision record, and the score beside it. */
export interface GroupingOptions {
  /** How many days after it opened an issue still takes in or joins anything. Then it is frozen. */
  windowDays: number;
  /** The share of an issue that a report must name so that its other vulnerabilities go there too. */
  overlap: number;
}

export const GROUPING_DEFAULTS: GroupingOptions = { windowDays: 45, overlap: 0.5 };

/** Two issues became one, for a report covers more than half of each. */
export interface Join {
  /** Id of that report, or of the release of upstream that a witness speaks of. */
  by: string;
  /** Ids of the reports that opened the two, the older first. */
  opened: readonly [string, string];
}

/** What the rule made of the reports: atoms by index, and where two issues were joined. */
export interface RuleIssue {
  product: string;
  atoms: number[];
  joins: Join[];
  /** A release of upstream decided it. */
  release: boolean;
  /** For each atom that a witness put here, the witness's id. */
  brought: Map<number, string>;
}

interface Draft extends RuleIssue {
  day: number;
  openedBy: string;
  /** Indices of the pieces (roll-ups apart) that name an atom of it. */
  readers: Set<number>;
  live: boolean;
}

/**
 * The online rule (`reference/feeds.md`, section 3.3), one product at a time; reports in published order:
 *
 * 1. Releases of upstream come first and decide: those of one day open an issue with what no earlier release has, and nothing else is
 *    ever added to it.
 * 2. A report touches every issue whose vulnerabilities it names. What it names beyond them are its leftovers.
 * 3. It joins two issues when it covers more than half of each, all three lie within the window, and no two sources have
 *    treated them in separate reports only (one alone may just have been early with a part).
 * 4. Its leftovers go to the issue that holds most of what it names, if that is at least half of what is known of it,
 *    at least the overlap share of that issue, and within the window; else they open an issue.
 * 5. A roll-up waits one window for narrower reports before it is read, joins nothing, and adds nothing to an issue: what
 *    nobody else has named by then opens one of its own.
 * 6. A witness too waits one window; then it joins (3) and its leftovers find a home (4) as those of a report of its day would, but it opens
 *    nothing. So a flaw that only late reports name goes where the others of its release are.
 *
 * So every vulnerability of an issue was named, or became public with those of its release, within the window of its opening:
 * there is no snowball.
 */
export function applyRule(reading: Reading, options: GroupingOptions): RuleIssue[] {
  const pieces = [...reading.pieces, ...reading.witnesses];
  const drafts: Draft[] = [];
  /** By product and day. */
  const releases = new Map<string, number>();
  const issueOf = new Int32Array(reading.atoms.length).fill(-1);
  for (const index of readingOrder(pieces, options)) {
    const piece = pieces[index];
    if (piece === undefined) continue;
    const touched = countTouched(piece, issueOf);
    if (piece.bundle.release !== true && piece.bundle.rollup !== true) {
      if (touched.size > 1) joinTouched(piece, touched);
    }
    const leftovers = piece.atoms.filter((atom) => issueOf[atom] === -1);
    const { witness } = piece.bundle;
    if (leftovers.length > 0) {
      const home = homeOf(piece, touched) ?? (witness === true ? null : open(piece));
      if (home === null) continue;
      for (const atom of leftovers) issueOf[atom] = home;
      drafts[home]?.atoms.push(...leftovers);
      if (witness === true) for (const atom of leftovers) drafts[home]?.brought.set(atom, piece.bundle.id);
      touched.set(home, 0);
    }
    if (piece.bundle.rollup === true || witness === true) continue;
    for (const issue of touched.keys()) drafts[issue]?.readers.add(index);
  }
  return drafts
    .filter(({ live }) => live)
    .map(({ product, atoms, joins, release, brought }) => ({ product, atoms, joins, release, brought }));

  function open(piece: Piece): number {
    const { id, release } = piece.bundle;
    drafts.push({
      product: piece.product,
      atoms: [],
      joins: [],
      release: release === true,
      brought: new Map(),
      day: piece.day,
      openedBy: id,
      readers: new Set(),
      live: true,
    });
    if (release === true) releases.set(releaseKey(piece), drafts.length - 1);
    return drafts.length - 1;
  }

  function near(piece: Piece, draft: Draft): boolean {
    return !draft.release && Math.abs(piece.day - draft.day) <= options.windowDays;
  }

  /** Step 3. Keeps `touched` true to what it joined. */
  function joinTouched(piece: Piece, touched: Map<number, number>): void {
    const covered = [...touched.keys()]
      .map((issue) => ({ issue, draft: drafts[issue] }))
      .filter((entry): entry is { issue: number; draft: Draft } => entry.draft !== undefined)
      .filter(({ draft }) => near(piece, draft))
      .sort((a, b) => a.draft.day - b.draft.day || a.issue - b.issue);
    const [oldest] = covered;
    if (oldest === undefined) return;
    for (const { issue, draft } of covered.slice(1)) {
      const [mine, theirs] = [touched.get(oldest.issue) ?? 0, touched.get(issue) ?? 0];
      const both = 2 * mine > oldest.draft.atoms.length && 2 * theirs > draft.atoms.length;
      if (!both || keptApart(oldest.draft, draft, pieces)) continue;
      for (const atom of draft.atoms) issueOf[atom] = oldest.issue;
      oldest.draft.atoms.push(...draft.atoms);
      oldest.draft.joins.push(...draft.joins, {
        by: piece.bundle.id,
        opened: [oldest.draft.openedBy, draft.openedBy],
      });
      for (const reader of draft.readers) oldest.draft.readers.add(reader);
      for (const [atom, by] of draft.brought) oldest.draft.brought.set(atom, by);
      draft.live = false;
      touched.set(oldest.issue, mine + theirs);
      touched.delete(issue);
    }
  }

  /** Step 4: where the leftovers belong, or null. */
  function homeOf(piece: Piece, touched: ReadonlyMap<number, number>): number | null {
    if (piece.bundle.release === true) return releases.get(releaseKey(piece)) ?? null;
    if (piece.bundle.rollup === true) return null;
    let best: number | null = null;
    let most = 0;
    let known = 0;
    for (const [issue, count] of touched) {
      known += count;
      if (count > most || (count === most && best !== null && issue < best)) [best, most] = [issue, count];
    }
    const draft = best === null ? undefined : drafts[best];
    if (draft === undefined || !near(piece, draft)) return null;
    return 2 * most >= known && most >= options.overlap * draft.atoms.length ? best : null;
  }
}

/** Releases first; then by day, a witness and after it a roll-up one window later than it was published and after everything else of that day. */
function readingOrder(pieces: readonly Piece[], options: GroupingOptions): number[] {
  const readAt = pieces.map(({ bundle, day }) =>
    bundle.release === true
      ? Number.NEGATIVE_INFINITY
      : bundle.rollup === true
        ? day + options.windowDays + 0.5
        : bundle.witness === true
          ? day + options.windowDays + 0.25
          : day,
  );
  return pieces
    .map((_, index) => index)
    .sort((a, b) => {
      const [x, y] = [readAt[a] ?? 0, readAt[b] ?? 0];
      return x === y ? a - b : x - y;
    });
}

function releaseKey({ product, day }: Piece): string {
  return `${product} ${day}`;
}

function countTouched(piece: Piece, issueOf: Int32Array): Map<number, number> {
  const touched = new Map<number, number>();
  for (const atom of piece.atoms) {
    const issue = issueOf[atom] ?? -1;
    if (issue !== -1) touched.set(issue, (touched.get(issue) ?? 0) + 1);
  }
  return touched;
}

/** So many sources have to tell two issues apart: one alone may have fixed a part first, or have made a mistake. */
const TELLING = 2;

/** Whether several sources named atoms of either issue in separate reports, and never of both in one. */
function keptApart(a: Draft, b: Draft, pieces: readonly Piece[]): boolean {
  const together = new Set<string>();
  const [onlyA, onlyB] = [new Set<string>(), new Set<string>()];
  for (const index of a.readers) {
    const source = pieces[index]?.bundle.source ?? '';
    (b.readers.has(index) ? together : onlyA).add(source);
  }
  for (const index of b.readers) if (!a.readers.has(index)) onlyB.add(pieces[index]?.bundle.source ?? '');
  const telling = [...onlyA].filter((source) => onlyB.has(source) && !together.has(source));
  return telling.length >= TELLING;
}
