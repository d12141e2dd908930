import { combine, judge, type SourcedJudgement, type Verdict, type VersionStatement } from '#base/versions';
import { bareName, foldName, type MatchPackage, namesOf } from './package-names.ts';

/** What one report says of the versions of one product with respect to one vulnerability. */
export interface Statement {
  vulnerability: string;
  /** Id of the source, and key of the report: "nvd", "CVE-2017-3731". */
  source: string;
  report: string;
  ecosystem: string;
  vendor: string | null;
  name: string;
  release: string | null;
  versions: VersionStatement;
  /** How many vulnerabilities the report says this of at once. */
  together: number;
}

/** Whether a version is hit by one vulnerability, and how that is known. */
export interface VulnerabilityVerdict {
  vulnerability: string;
  verdict: Verdict;
  why: string;
}

/** Whether a package is hit by an issue. */
export interface PackageVerdict {
  /** The worst of the vulnerabilities' verdicts; unpatched ones only. */
  verdict: Verdict;
  evidence: VulnerabilityVerdict[];
  /** Vulnerabilities that a patch of the package names. */
  patched: string[];
}

/**
 * Releases of distributions that follow upstream: their fixed version is an upstream release. Stable releases take the fix
 * into an old version, of which upstream's later versions say nothing.
 */
const FOLLOWS_UPSTREAM: Readonly<Record<string, (release: string | null) => boolean>> = {
  cpe: () => true,
  cve: () => true,
  gentoo: () => true,
  debian: (release) => release === 'sid',
  ubuntu: (release) => release === 'upstream',
};

/** NVD corrects what CNAs wrote, and both know upstream better than a distribution does. */
const RANK: Readonly<Record<string, number>> = { nvd: 2, cve: 2, gentoo: 1, debian: 1, ubuntu: 1 };

const WORSE: Readonly<Record<Verdict, number>> = { not_affected: 0, unknown: 1, affected: 2 };

/** The worse of two verdicts: what may be hit comes before what nobody knows, and that before what is not hit. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return WORSE[a] >= WORSE[b] ? a : b;
}

/**
 * Judges a package against an issue, vulnerability by vulnerability, from every statement about a product that may be the
 * package. One that nobody says anything usable about is `unknown`, never `not_affected`.
 *
 * @param product canonical product of the issue: names that others give it count as the package's own
 * @param aliases folded names under which the product is known
 */
export function judgePackage(
  pkg: MatchPackage,
  vulnerabilities: readonly string[],
  statements: ReadonlyMap<string, readonly Statement[]>,
  aliases: ReadonlySet<string>,
): PackageVerdict {
  const own = namesOf(pkg);
  const patched = vulnerabilities.filter((id) => pkg.patches.some((patch) => namesVulnerability(patch, id)));
  const evidence = vulnerabilities.map((vulnerability): VulnerabilityVerdict => {
    if (patched.includes(vulnerability)) {
      const patch = pkg.patches.find((name) => namesVulnerability(name, vulnerability));
      return { vulnerability, verdict: 'not_affected', why: `the package applies ${patch}` };
    }
    const about = (statements.get(vulnerability) ?? []).filter(({ name, ecosystem, release }) => {
      const folded = foldName(bareName(name));
      return (own.has(folded) || aliases.has(folded)) && (FOLLOWS_UPSTREAM[ecosystem]?.(release) ?? false);
    });
    if (about.length === 0)
      return { vulnerability, verdict: 'unknown', why: 'no record says which versions are hit' };
    const judgements = about.map((statement) => judgeBy(pkg, statement));
    const { verdict, reasons } = combine(judgements);
    return { vulnerability, verdict, why: [...new Set(reasons)].slice(0, 4).join('; ') };
  });
  const known = vulnerabilities.filter((id) => pkg.knownVulnerabilities.some((line) => line.includes(id)));
  for (const line of evidence) {
    if (!known.includes(line.vulnerability) || line.verdict === 'affected') continue;
    line.verdict = 'affected';
    line.why = `nixpkgs itself lists it under knownVulnerabilities; ${line.why}`;
  }
  const verdict = evidence.reduce<Verdict>((worst, line) => worse(worst, line.verdict), 'not_affected');
  return { verdict, evidence, patched };
}

/**
 * What one statement comes to. A report that names several vulnerabilities together says of a version below its fix only
 * that some of them are open there; above the fix, that none is.
 */
function judgeBy(pkg: MatchPackage, { source, report, versions, together }: Statement): SourcedJudgement {
  const judged = { ...judge(pkg.version, versions, { pname: pkg.name }), source, rank: RANK[source] ?? 0 };
  if (judged.verdict !== 'affected' || together === 1) return judged;
  return {
    ...judged,
    verdict: 'unknown',
    reason: `${judged.reason}, but ${report} speaks of ${together} vulnerabilities at once`,
  };
}

/**
 * Whether a patch's file name names a vulnerability: `CVE-2017-3731.patch`, and of a list with shared beginnings each
 * (`CVE-2011-1552_1553_1554.patch`, `CVE-2015-0848+4588+4695.patch`).
 */
export function namesVulnerability(patch: string, id: string): boolean {
  const wanted = /^CVE-(\d{4})-(\d{4,})$/.exec(id);
  if (wanted === null) return false;
  const [, year, number = ''] = wanted;
  for (const list of patch.matchAll(/cve[-_]?(\d{4})[-_](\d{4,}(?:[_+,-]\d{4,})*)/gi)) {
    if (list[1] === year && list[2]?.split(/[_+,-]/).includes(number)) return true;
  }
  return false;
}
