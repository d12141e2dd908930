import type { OrderedScheme } from './comparator.ts';
import { comparatorOf } from './comparators.ts';
import { isExact, meant, type Position, positionIn, within } from './contains.ts';
import { lowerEnd, saysNothing, upperEnd } from './ends.ts';
import { generic } from './generic.ts';
import { type Nearest, nearest } from './nearest.ts';
import { unpack } from './packaged.ts';
import type { Scheme, Verdict, VersionRange, VersionStatement } from './range.ts';
import { conflict, inRange, outside, undecided } from './reasons.ts';
import { type Reading, subject, upstreamPosition } from './upstream-position.ts';
import { upstreamVersion } from './upstream-version.ts';

/**
 * How firmly a verdict stands, firmest first: `exact` on a fix that upstream named for the version's own line of releases,
 * on an exactly listed version, or on what is said to be unaffected; `through` on a last affected version, after which
 * nothing is said; `elsewhere` on a fix that is named but for another line (60.2.2 is before 62.0.3, and fixed; 4.7.5 is
 * after 4.5.16, and not), or a version that a distribution took the fix with (it skips releases that had it before);
 * `open` on a range without an end or on what the source says of all other versions; `none` for `unknown`.
 */
export type Basis = 'exact' | 'through' | 'elsewhere' | 'open' | 'none';

export interface Judgement {
  verdict: Verdict;
  /** A short plain sentence with the versions that decided: "1.0.2j < 1.0.2k, generic order". */
  reason: string;
  basis: Basis;
  /** The range that decided, where one did. */
  range?: VersionRange;
  scheme: Scheme;
}

export interface JudgeOptions {
  /** Name of the package: glibc and OpenSSH have numbers after their versions that mean something of their own. */
  pname?: string;
  /** What the judged version is written in; by default nixpkgs' own. */
  versionScheme?: OrderedScheme;
}

/** What a statement comes to from one point of view. */
interface Finding {
  verdict: Verdict;
  basis: Basis;
  /** The range that the version is in. */
  within?: VersionRange;
  /** Whether that range was one of the unaffected ones. */
  cleared?: boolean;
  /** The range that the version is closest to, where it is in none. */
  near?: Nearest;
  /** Whether some range could not be held against the version. */
  undecided?: boolean;
}

/**
 * What a statement says of one version of its product.
 *
 * Unaffected ranges win over affected ones, then affected ones count, then `otherwise`. Where `otherwise` is `unknown`
 * a version past the end of a range is still `not_affected` if that end is exclusive: "before 1.0.2k" says that
 * 1.0.2k is the fix. Past "through 1.0.2j" nothing is known.
 *
 * A nixpkgs version stands for an upstream release (`upstreamVersion`) and is held against upstream's and distributions'
 * ranges. The verdict must then be the same from three points of view, or it is `unknown` and the reason says why:
 *
 * - by the order of the range (the statement's scheme; generic where one of the two is not of that form);
 * - as Nix has it: 1.0rc1 against "before 1.0" is real doubt, since a fix may have come between the two. What is a
 *   defect of Nix's order and no opinion (trailing zeros, numbers over 2³¹−1, `_`) does not count, see `compareAsNix`;
 * - without what nobody can place: 0.5.3+git2016 against "through 0.5.3".
 *
 * Never throws: a version or an end that cannot be read, days against release numbers, and `git` are `unknown`.
 */
export function judge(version: string, statement: VersionStatement, options: JudgeOptions = {}): Judgement {
  const { scheme } = statement;
  if (scheme === 'git') return unknown('commits have no order without their repository', scheme);
  if (saysNothing(version)) return unknown('the version is not known', scheme);
  const versionScheme = options.versionScheme ?? 'nix';
  if (versionScheme === scheme) return judgeDirectly(version, statement, scheme);
  const upstream =
    versionScheme === 'nix'
      ? upstreamVersion(version, options.pname)
      : (unpack(version, versionScheme)?.upstream ?? version);
  return judgeUpstream(upstream, statement, scheme, options.pname);
}

function unknown(reason: string, scheme: Scheme): Judgement {
  return { verdict: 'unknown', reason, basis: 'none', scheme };
}

/** Version and ranges are of one kind: there is nothing to translate and nothing to doubt. */
function judgeDirectly(version: string, statement: VersionStatement, scheme: OrderedScheme): Judgement {
  const comparator = comparatorOf(scheme);
  if (!comparator.isValid(version))
    return unknown(`${quote(version)} is no version in ${scheme} order`, scheme);
  const position = positionIn(comparator, version);
  return judgement(version, find(statement, position), statement, position, scheme);
}

function judgeUpstream(
  version: string,
  statement: VersionStatement,
  scheme: OrderedScheme,
  pname: string | undefined,
): Judgement {
  if (!generic.isValid(version) && !comparatorOf(scheme).isValid(version)) {
    return unknown(`${quote(version)} has no place in an order of versions`, scheme);
  }
  const who = subject(version, pname);
  const position = upstreamPosition(who, scheme, 'range');
  const finding = find(statement, position);
  const order = orderOf(version, finding, scheme);
  if (finding.verdict !== 'unknown') {
    const readings: Reading[] = who.early ? ['nix', 'base'] : ['base'];
    for (const reading of readings) {
      if (reading === 'base' && !who.uncertain) continue;
      const other = upstreamPosition(who, scheme, reading);
      if (find(statement, other).verdict === finding.verdict) continue;
      return unknown(conflict(version, statement, position, other, order, reading), scheme);
    }
  }
  return judgement(version, finding, statement, position, order);
}

/** What the source says at the first place where it says something; ranges that cannot be read are set aside. */
function find(statement: VersionStatement, position: Position): Finding {
  let maybeCleared = false;
  for (const range of statement.unaffected) {
    const inside = within(range, position);
    if (inside) return { verdict: 'not_affected', basis: 'exact', within: range, cleared: true };
    if (inside === null) maybeCleared = true;
  }
  let maybeHit = false;
  for (const range of statement.affected) {
    const inside = within(range, position);
    // An unreadable exception does not silence an alarm.
    if (inside) return { verdict: 'affected', basis: basisInside(range, position), within: range };
    if (inside === null) maybeHit = true;
  }
  if (maybeHit || (maybeCleared && statement.otherwise === 'affected')) {
    return { verdict: 'unknown', basis: 'none', undecided: true };
  }
  return elsewhere(statement, position);
}

/** A version that is in none of the ranges. */
function elsewhere(statement: VersionStatement, position: Position): Finding {
  if (statement.otherwise === 'affected') {
    // The kernel's records: everything is affected until its line's fix, which is named.
    const fix = nearest(statement.unaffected, position, 'above');
    return found('affected', fix?.side === 'above' ? 'exact' : 'open', fix);
  }
  const near = nearest(statement.affected, position, 'below');
  const basis = near?.side === 'below' ? basisAfter(near.range, position) : 'open';
  // A list of single versions begins where somebody looked, not where the flaw does.
  const untold = near?.side === 'above' && isExact(meant(near.range));
  if (statement.otherwise === 'unaffected' && !untold) return found('not_affected', basis, near);
  const fixNamed = near?.side === 'below' && endOf(near.range) === 'exact' && !isExact(meant(near.range));
  return fixNamed ? found('not_affected', basis, near) : found('unknown', 'none', near);
}

function found(verdict: Verdict, basis: Basis, near: Nearest | null): Finding {
  return near === null ? { verdict, basis } : { verdict, basis, near };
}

/** What the end of a range is: the fix or the one version (`exact`), the last affected version, or nothing. */
function endOf(range: VersionRange): 'exact' | 'through' | 'open' {
  const wanted = meant(range);
  if (isExact(wanted)) return 'exact';
  const end = upperEnd(wanted.max).kind;
  if (end === 'open' || end === 'silent') return 'open';
  return wanted.maxInclusive === true || end === 'line' ? 'through' : 'exact';
}

/** For a version in the range. Where the range names its beginning it was drawn for the version's line. */
function basisInside(range: VersionRange, position: Position): Basis {
  const wanted = meant(range);
  const { min, max } = { min: lowerEnd(wanted.min), max: upperEnd(wanted.max) };
  if (max.kind !== 'version' || isExact(wanted)) return endOf(range);
  if (position.translated) return 'elsewhere';
  const otherLine = min.kind !== 'version' && position.sharesLine(max.version) === false;
  return otherLine ? 'elsewhere' : endOf(range);
}

/** For a version after the end of the range. Past one version of a list nothing was fixed, it is only not listed. */
function basisAfter(range: VersionRange, position: Position): Basis {
  const wanted = meant(range);
  const max = upperEnd(wanted.max);
  if (max.kind === 'version' && position.sharesLine(max.version) === false) return 'elsewhere';
  return isExact(wanted) ? 'through' : endOf(range);
}

/** The order that the decision was made in: not the statement's where one of the two is not of its form. */
function orderOf(version: string, finding: Finding, scheme: OrderedScheme): OrderedScheme {
  if (unpack(version, scheme) !== null) return scheme;
  const comparator = comparatorOf(scheme);
  const range = meant(finding.within ?? finding.near?.range ?? {});
  const ends = [lowerEnd(range.min), upperEnd(range.max)];
  const versions = [version, ...ends.flatMap((end) => (end.kind === 'version' ? [end.version] : []))];
  return versions.every((end) => comparator.isValid(end)) ? scheme : 'generic';
}

function judgement(
  version: string,
  finding: Finding,
  statement: VersionStatement,
  position: Position,
  order: OrderedScheme,
): Judgement {
  const { verdict, basis } = finding;
  const { scheme } = statement;
  const range = finding.within ?? finding.near?.range;
  const reason =
    finding.within !== undefined
      ? inRange(version, finding.within, finding.cleared === true, order)
      : finding.undecided === true
        ? undecided(version, statement, position, order)
        : outside(version, finding.near ?? null, verdict, order);
  return { verdict, reason, basis, scheme, ...(range === undefined ? {} : { range }) };
}

function quote(text: string): string {
  return `“${text.slice(0, 80)}”`;
}
