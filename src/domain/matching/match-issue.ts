import type { Verdict } from '#base/versions';
import { askedNames, candidates, type ProductNames, type ScorePart } from './candidates.ts';
import { rememberedJudge } from './judgements.ts';
import type { PackageSet } from './package-set.ts';
import {
  copyJudge,
  issueJudge,
  type JudgeablePackage,
  judgeable,
  type PackageVerdict,
  type Statement,
  worse,
} from './verdict.ts';

/** An issue as the matcher needs it, or as much of it as concerns one product. */
export interface MatchIssue {
  id: string;
  names: ProductNames;
  vulnerabilities: readonly string[];
  statements: ReadonlyMap<string, readonly Statement[]>;
}

/** issue × package, with what is known in each channel. */
export interface Suggestion {
  issue: string;
  attr: string;
  pname: string;
  score: number;
  reasons: readonly ScorePart[];
  /** The worst over the channels. */
  verdict: Verdict;
  channels: { channel: string; version: string; verdict: PackageVerdict }[];
}

/** What is found for one product: all of a suggestion but the verdicts. */
interface FoundPackages {
  /** Every state that a package has in some channel. */
  states: (JudgeablePackage & { copy: boolean })[];
  packages: {
    attr: string;
    pname: string;
    score: number;
    reasons: readonly ScorePart[];
    /** In the order of the channels; `state` is a place in `states`. */
    channels: { channel: string; version: string; state: number }[];
  }[];
}

/** For how many products what was found is kept. */
const KEPT = 4096;

/**
 * Everything in the channels that may be the issue's product, with a verdict for each channel; the likeliest first. What
 * looks safe in every channel is proposed too, with that verdict: somebody may ask.
 *
 * What is found is remembered, for thousands of issues of the kernel ask under the very same names. Verdicts and reasons that
 * are the same are one object, which nobody may change.
 */
export function issueMatcher(set: PackageSet): (issue: MatchIssue) => Suggestion[] {
  const judgeVersion = rememberedJudge();
  const known = new Map<string, FoundPackages>();

  function find(names: ProductNames): FoundPackages {
    const key = JSON.stringify(names);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= KEPT) known.clear();
    const found = findPackages(set, names);
    known.set(key, found);
    return found;
  }

  return ({ id, names, vulnerabilities, statements }) => {
    const { states, packages } = find(names);
    if (packages.length === 0) return [];
    const judge = issueJudge(vulnerabilities, statements, askedNames(names), judgeVersion);
    const judgeCopy = copyJudge(vulnerabilities);
    const verdicts = states.map((state) => (state.copy ? judgeCopy(state) : judge(state)));
    return packages.map(({ attr, pname, score, reasons, channels }) => {
      const suggestion: Suggestion = {
        issue: id,
        attr,
        pname,
        score,
        reasons,
        verdict: 'not_affected',
        channels: [],
      };
      for (const { channel, version, state } of channels) {
        const verdict = verdicts[state];
        if (verdict === undefined) continue;
        suggestion.channels.push({ channel, version, verdict });
        suggestion.verdict = worse(suggestion.verdict, verdict.verdict);
      }
      return suggestion;
    });
  };
}

function findPackages({ index, channels, channelsOf }: PackageSet, names: ProductNames): FoundPackages {
  const states: FoundPackages['states'] = [];
  const packages = new Map<string, FoundPackages['packages'][number]>();
  // The likeliest come first, so that a suggestion bears the score of the likeliest state of its package.
  for (const { pkg, score, reasons, copy = false } of candidates(index, names)) {
    const { attr, pname, version } = pkg;
    const known = packages.get(attr) ?? { attr, pname, score, reasons, channels: [] };
    packages.set(attr, known);
    const state = states.push({ ...judgeable(pkg), copy }) - 1;
    for (const channel of channelsOf.get(pkg) ?? []) known.channels.push({ channel, version, state });
  }
  const places = new Map(channels.map((channel, place) => [channel, place]));
  const placeOf = ({ channel }: { channel: string }) => places.get(channel) ?? 0;
  for (const found of packages.values()) found.channels.sort((a, b) => placeOf(a) - placeOf(b));
  return { states, packages: [...packages.values()] };
}

/**
 * One list of what was found for the products of one issue (people may link flaws of several). A package that looks like two
 * of them is one suggestion: likely as the likelier one, hit where it is hit as either.
 */
export function unite(lists: readonly (readonly Suggestion[])[]): Suggestion[] {
  const [only = [], ...others] = lists;
  if (others.length === 0) return [...only];
  const united = new Map<string, Suggestion>();
  for (const suggestion of lists.flat()) {
    const known = united.get(suggestion.attr);
    united.set(suggestion.attr, known === undefined ? suggestion : both(known, suggestion));
  }
  return [...united.values()];
}

function both(a: Suggestion, b: Suggestion): Suggestion {
  const [likelier, other] = a.score >= b.score ? [a, b] : [b, a];
  const channels = new Map(a.channels.map((cell) => [cell.channel, cell]));
  for (const cell of b.channels) {
    const known = channels.get(cell.channel);
    channels.set(
      cell.channel,
      known === undefined ? cell : { ...cell, verdict: bothVerdicts(known.verdict, cell.verdict) },
    );
  }
  return { ...likelier, verdict: worse(likelier.verdict, other.verdict), channels: [...channels.values()] };
}

function bothVerdicts(a: PackageVerdict, b: PackageVerdict): PackageVerdict {
  return {
    verdict: worse(a.verdict, b.verdict),
    evidence: [...a.evidence, ...b.evidence],
    patched: [...new Set([...a.patched, ...b.patched])],
  };
}
