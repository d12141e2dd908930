import { hash } from 'node:crypto';
import type { Verdict } from '#base/versions';
import type { ScorePart } from './candidates.ts';
import type { Suggestion } from './match-issue.ts';
import { packCells } from './pack-cells.ts';
import { packEvidence } from './pack-evidence.ts';
import type { PackageVerdict } from './verdict.ts';

/** What is said of a suggestion in one channel: places of the channel and of the verdict's evidence. */
export interface ResultCell {
  channel: number;
  version: string;
  verdict: Verdict;
  evidence: number;
}

/** One suggestion as it is stored. */
export interface ResultRow {
  attr: string;
  /** JSON text of its row but for its number: {issue, attr, pname, score, verdict, reasons} */
  text: string;
  cells: ResultCell[];
}

/** What was found for one issue, as texts ready to be stored: each is made once. */
export interface MatchResult {
  issue: string;
  /** Names under which packages were looked for. */
  names: string[];
  rows: ResultRow[];
  /** JSON text of the packed evidence. */
  evidence: string;
  /** JSON text of the packed cells. */
  cells: string;
  /** For each channel, by its place, where not all packages are safe: the worst verdict. */
  worst: [number, 'affected' | 'unknown'][];
  toLookAt: number;
  /** Equal where everything else is. */
  digest: string;
}

/** @param places place of each channel */
export function issueResult(
  issue: string,
  names: readonly string[],
  found: readonly Suggestion[],
  places: ReadonlyMap<string, number>,
): MatchResult {
  const reasons = placer<readonly ScorePart[]>();
  const verdicts = placer<PackageVerdict>();
  const worst = new Map<number, 'affected' | 'unknown'>();
  const rows = found.map(({ attr, pname, score, reasons: parts, verdict, channels }): ResultRow => {
    const cells = channels.map(({ channel, version, verdict: each }): ResultCell => {
      const place = places.get(channel) ?? -1;
      if (each.verdict !== 'not_affected' && worst.get(place) !== 'affected') worst.set(place, each.verdict);
      return { channel: place, version, verdict: each.verdict, evidence: verdicts.placeOf(each) };
    });
    const row = { issue, attr, pname, score, verdict, reasons: reasons.placeOf(parts) };
    return { attr, text: JSON.stringify(row), cells };
  });
  const evidence = JSON.stringify(packEvidence({ reasons: reasons.all, verdicts: verdicts.all }));
  const asked = [...names].sort();
  const said = rows.map(({ text, cells }) => `${text} ${cells.map(textOf).join(' ')}`);
  return {
    issue,
    names: asked,
    rows,
    evidence,
    cells: JSON.stringify(packCells(found)),
    worst: [...worst],
    toLookAt: found.filter(({ verdict }) => verdict !== 'not_affected').length,
    digest: hash('sha1', [...places.keys(), ...asked, ...said, evidence].join('\n'), 'base64'),
  };
}

/** What evidence says need not be said again. */
function textOf({ channel, version, evidence }: ResultCell): string {
  return `${channel} ${version} ${evidence}`;
}

/** Gives each object a place, the same one every time. */
function placer<T extends object>(): { all: T[]; placeOf(each: T): number } {
  const places = new Map<T, number>();
  const all: T[] = [];
  return {
    all,
    placeOf(each) {
      const known = places.get(each);
      if (known !== undefined) return known;
      places.set(each, all.length);
      return all.push(each) - 1;
    },
  };
}
