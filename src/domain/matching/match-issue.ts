import type { Verdict } from '#base/versions';
import {
  type Candidate,
  candidates,
  type NameIndex,
  type ProductNames,
  type ScorePart,
} from './candidates.ts';
import { bareName, foldName, type MatchPackage } from './package-names.ts';
import { judgePackage, type PackageVerdict, type Statement, worse } from './verdict.ts';

/** An issue as the matcher needs it. */
export interface MatchIssue {
  id: string;
  names: ProductNames;
  vulnerabilities: readonly string[];
  statements: ReadonlyMap<string, readonly Statement[]>;
}

/** The package set of one channel, with its index. */
export interface MatchChannel {
  name: string;
  index: NameIndex;
}

/** issue × package, with what is known in each channel. */
export interface Suggestion {
  issue: string;
  attr: string;
  pname: string;
  score: number;
  reasons: ScorePart[];
  /** The worst over the channels. */
  verdict: Verdict;
  channels: { channel: string; version: string; verdict: PackageVerdict }[];
}

/**
 * Everything in the channels that may be the issue's product, with a verdict for each channel. What looks safe in every
 * channel is proposed too, with that verdict: somebody may ask.
 */
export function matchIssue(issue: MatchIssue, channels: readonly MatchChannel[]): Suggestion[] {
  const aliases = new Set([
    foldName(issue.names.product),
    ...issue.names.distributions.map(({ name }) => foldName(bareName(name))),
    ...issue.names.cpes.map(({ name }) => foldName(name)),
  ]);
  const suggestions = new Map<string, Suggestion>();
  for (const { name: channel, index } of channels) {
    for (const candidate of candidates(index, issue.names)) {
      const { pkg } = candidate;
      const verdict = judgePackage(pkg, issue.vulnerabilities, issue.statements, aliases);
      const suggestion = suggestions.get(pkg.attr) ?? begin(issue.id, candidate, pkg);
      suggestion.channels.push({ channel, version: pkg.version, verdict });
      suggestion.verdict =
        suggestion.channels.length === 1 ? verdict.verdict : worse(suggestion.verdict, verdict.verdict);
      if (candidate.score > suggestion.score) {
        suggestion.score = candidate.score;
        suggestion.reasons = candidate.reasons;
      }
      suggestions.set(pkg.attr, suggestion);
    }
  }
  return [...suggestions.values()];
}

function begin(issue: string, { score, reasons }: Candidate, { attr, pname }: MatchPackage): Suggestion {
  return { issue, attr, pname, score, reasons, verdict: 'not_affected', channels: [] };
}
