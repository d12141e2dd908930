import { type Judgement, judge, type VersionStatement } from '#base/versions';

/** How a version is held against a statement. `pname`: name of the package, see `JudgeOptions`. */
export type Judge = (version: string, statement: VersionStatement, pname: string) => Judgement;

/** How many judgements are kept: some 100 MB at most. */
const KEPT = 300_000;

/**
 * `judge` that remembers its answers by what a statement says: a hundred kernels are held against thousands of flaws, and
 * those of one time have the same fix. What is said for the first time is only noted: most of it is never said again.
 */
export function rememberedJudge(): Judge {
  let saidOnce = new Set<string>();
  let byContent = new Map<string, Map<string, Judgement>>();
  let byStatement = new WeakMap<VersionStatement, Map<string, Judgement> | null>();
  let kept = 0;

  /** Null for what was not said before. */
  function answersTo(statement: VersionStatement): Map<string, Judgement> | null {
    const known = byStatement.get(statement);
    if (known !== undefined) return known;
    const content = JSON.stringify(statement);
    const before = byContent.get(content) ?? (saidOnce.has(content) ? new Map<string, Judgement>() : null);
    if (before === null) saidOnce.add(content);
    else byContent.set(content, before);
    byStatement.set(statement, before);
    return before;
  }

  return (version, statement, pname) => {
    // Commits are never compared.
    const answers = statement.scheme === 'git' ? null : answersTo(statement);
    if (answers === null) return judge(version, statement, { pname });
    const key = `${pname}\n${version}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    if (kept >= KEPT) {
      saidOnce = new Set();
      byContent = new Map();
      byStatement = new WeakMap();
      kept = 0;
    }
    const judgement = judge(version, statement, { pname });
    answers.set(key, judgement);
    kept += 1;
    return judgement;
  };
}
