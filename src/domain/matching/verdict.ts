import { combine, judge, type SourcedJudgement, type Verdict, type VersionStatement } from '#base/versions';
import type { Judge } from './judgements.ts';
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
  // They roll: what mends something is upstream's next release, or a patch on top, which the version tells.
  arch: () => true,
  alpine: (release) => release === 'edge',
  // Versions there are upstream's own.
  pypi: () => true,
  npm: () => true,
  rubygems: () => true,
};

/** NVD corrects what CNAs wrote, and both know upstream better than a distribution does. */
const RANK: Readonly<Record<string, number>> = {
  ...{ nvd: 2, cve: 2, ghsa: 2, osv: 2 },
  ...{ gentoo: 1, debian: 1, ubuntu: 1, arch: 1, alpine: 1 },
};

const WORSE: Readonly<Record<Verdict, number>> = { not_affected: 0, unknown: 1, affected: 2 };

/** The worse of two verdicts: what may be hit comes before what nobody knows, and that before what is not hit. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return WORSE[a] >= WORSE[b] ? a : b;
}

/**
 * Judges a package against an issue, vulnerability by vulnerability, from every statement about a product that may be the
 * package. One that nobody says anything usable about is `unknown`, never `not_affected`.
 *
 * @param aliases folded names under which the issue's product is known: names that others give it count as the package's own
 */
export function judgePackage(
  pkg: MatchPackage,
  vulnerabilities: readonly string[],
  statements: ReadonlyMap<string, readonly Statement[]>,
  aliases: ReadonlySet<string>,
): PackageVerdict {
  return issueJudge(vulnerabilities, statements, aliases)(judgeable(pkg));
}

/** A package with what every issue asks of it anew. */
export interface JudgeablePackage {
  pkg: MatchPackage;
  /** Equal where name and version are. */
  key: string;
  /** The vulnerabilities that its patches name, each with the first patch that does. */
  fixes: ReadonlyMap<string, string>;
}

export function judgeable(pkg: MatchPackage): JudgeablePackage {
  const fixes = new Map<string, string>();
  for (const patch of pkg.patches) {
    for (const id of vulnerabilitiesNamed(patch)) if (!fixes.has(id)) fixes.set(id, patch);
  }
  return { pkg, key: `${pkg.name}\n${pkg.version}`, fixes };
}

/** A statement that may count, with the name that it goes by. */
interface Usable {
  statement: Statement;
  folded: string;
  /** It speaks of the issue's product, whatever the package is called. */
  always: boolean;
}

/**
 * `judgePackage` for one issue that remembers its answers: packages of the same name and version get one verdict, and a
 * version is held against a statement once. Its answers are shared, so that nobody may change them.
 *
 * @param judgeVersion `judge`, or one that remembers
 */
export function issueJudge(
  vulnerabilities: readonly string[],
  statements: ReadonlyMap<string, readonly Statement[]>,
  aliases: ReadonlySet<string>,
  judgeVersion: Judge = (version, statement, pname) => judge(version, statement, { pname }),
): (judged: JudgeablePackage) => PackageVerdict {
  const usable = new Map(
    vulnerabilities.map((id) => [id, usableStatements(statements.get(id) ?? [], aliases)] as const),
  );
  // Names of its own matter only where some statement is about a product that is not called as the issue's is.
  const byOwnNames = [...usable.values()].some((list) => list.some(({ always }) => !always));
  const known = new Map<string, PackageVerdict>();

  return ({ pkg, key, fixes }) => {
    const patched = fixes.size === 0 ? [] : vulnerabilities.filter((id) => fixes.has(id));
    const listed =
      pkg.knownVulnerabilities.length === 0
        ? []
        : vulnerabilities.filter((id) => pkg.knownVulnerabilities.some((line) => line.includes(id)));
    const own = byOwnNames ? namesOf(pkg) : null;
    const plain = own === null && patched.length === 0 && listed.length === 0;
    const before = plain ? known.get(key) : undefined;
    if (before !== undefined) return before;
    const verdict = judged(pkg, own, fixes, patched, listed);
    if (plain) known.set(key, verdict);
    return verdict;
  };

  function judged(
    pkg: MatchPackage,
    own: ReadonlySet<string> | null,
    fixes: ReadonlyMap<string, string>,
    patched: string[],
    listed: readonly string[],
  ): PackageVerdict {
    const evidence = vulnerabilities.map((vulnerability): VulnerabilityVerdict => {
      const line = patched.includes(vulnerability)
        ? {
            vulnerability,
            verdict: 'not_affected' as const,
            why: `the package applies ${fixes.get(vulnerability)}`,
          }
        : byStatements(pkg, vulnerability, own);
      if (!listed.includes(vulnerability) || line.verdict === 'affected') return line;
      return {
        vulnerability,
        verdict: 'affected',
        why: `nixpkgs itself lists it under knownVulnerabilities; ${line.why}`,
      };
    });
    const verdict = evidence.reduce<Verdict>((worst, line) => worse(worst, line.verdict), 'not_affected');
    return { verdict, evidence, patched };
  }

  function byStatements(
    pkg: MatchPackage,
    vulnerability: string,
    own: ReadonlySet<string> | null,
  ): VulnerabilityVerdict {
    const about = (usable.get(vulnerability) ?? []).filter(
      ({ always, folded }) => always || own?.has(folded) === true,
    );
    if (about.length === 0)
      return { vulnerability, verdict: 'unknown', why: 'no record says which versions are hit' };
    const judgements = about.map(({ statement }) => judgeBy(pkg, statement, judgeVersion));
    const [only, second] = judgements;
    if (only !== undefined && second === undefined)
      return { vulnerability, verdict: only.verdict, why: `${only.source}: ${only.reason}` };
    const { verdict, reasons } = combine(judgements);
    return { vulnerability, verdict, why: [...new Set(reasons)].slice(0, 4).join('; ') };
  }
}

/**
 * Judges packages that carry a copy of an issue's product: of which version it is nobody says, so that every vulnerability is
 * `unknown` that no patch of the package names. Answers are shared, so that nobody may change them.
 */
export function copyJudge(vulnerabilities: readonly string[]): (judged: JudgeablePackage) => PackageVerdict {
  const why = 'it carries a copy, and no record says of which version';
  const plain: PackageVerdict = {
    verdict: 'unknown',
    evidence: vulnerabilities.map((vulnerability) => ({ vulnerability, verdict: 'unknown', why })),
    patched: [],
  };
  return ({ fixes }) => {
    const patched = fixes.size === 0 ? [] : vulnerabilities.filter((id) => fixes.has(id));
    if (patched.length === 0) return plain;
    const evidence = plain.evidence.map((line): VulnerabilityVerdict => {
      const patch = fixes.get(line.vulnerability);
      return patch === undefined
        ? line
        : { ...line, verdict: 'not_affected', why: `the package applies ${patch}` };
    });
    const verdict = patched.length === vulnerabilities.length ? 'not_affected' : 'unknown';
    return { verdict, evidence, patched };
  };
}

/** Those that may say something of upstream's versions. Commits have no order: they are told of only where nothing else is. */
function usableStatements(statements: readonly Statement[], aliases: ReadonlySet<string>): Usable[] {
  const usable = statements.filter(
    ({ ecosystem, release }) => FOLLOWS_UPSTREAM[ecosystem]?.(release) ?? false,
  );
  const ordered = usable.filter(({ versions }) => versions.scheme !== 'git');
  return (ordered.length > 0 ? ordered : usable).map((statement) => {
    const folded = foldName(bareName(statement.name));
    return { statement, folded, always: aliases.has(folded) };
  });
}

/**
 * What one statement comes to. A report that names several vulnerabilities together says of a version below its fix only
 * that some of them are open there; above the fix, that none is.
 */
function judgeBy(
  pkg: MatchPackage,
  { source, report, versions, together }: Statement,
  judgeVersion: Judge,
): SourcedJudgement {
  const { verdict, reason, basis, scheme } = judgeVersion(pkg.version, versions, pkg.name);
  const rank = RANK[source] ?? 0;
  // Written out: this is done millions of times, and a spread takes as long as the judgement.
  if (verdict !== 'affected' || together === 1) return { verdict, reason, basis, scheme, source, rank };
  return {
    ...{ basis, scheme, source, rank },
    verdict: 'unknown',
    reason: `${reason}, but ${report} speaks of ${together} vulnerabilities at once`,
  };
}

/**
 * Whether a patch's file name names a vulnerability: `CVE-2017-3731.patch`, and of a list with shared beginnings each
 * (`CVE-2011-1552_1553_1554.patch`, `CVE-2015-0848+4588+4695.patch`).
 */
export function namesVulnerability(patch: string, id: string): boolean {
  return vulnerabilitiesNamed(patch).includes(id);
}

function vulnerabilitiesNamed(patch: string): string[] {
  return [...patch.matchAll(/cve[-_]?(\d{4})[-_](\d{4,}(?:[_+,-]\d{4,})*)/gi)].flatMap(
    ([, year, numbers = '']) => numbers.split(/[_+,-]/).map((number) => `CVE-${year}-${number}`),
  );
}
