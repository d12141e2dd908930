import type { Verdict } from '#base/versions';
import type { ScorePart } from './candidates.ts';
import type { PackageVerdict } from './verdict.ts';

/** Why the suggestions of one issue are what they are: parts of scores, and verdicts with their evidence, each once. */
export interface IssueEvidence {
  reasons: ScorePart[][];
  verdicts: PackageVerdict[];
}

/** A line of evidence: place of its vulnerability, verdict, why. */
type PackedLine = [number, Verdict, string];

/**
 * As it is stored: issues share nothing, but the vulnerabilities of one stand in each of its verdicts, and half of the text
 * would be names of fields.
 */
export interface PackedEvidence {
  reasons: [ScorePart['part'], number, string][][];
  vulnerabilities: string[];
  /** The verdict, places of the patched vulnerabilities, lines. */
  verdicts: [Verdict, number[], PackedLine[]][];
}

export function packEvidence({
  reasons,
  verdicts,
}: {
  reasons: readonly (readonly ScorePart[])[];
  verdicts: readonly PackageVerdict[];
}): PackedEvidence {
  const places = new Map<string, number>();
  const placeOf = (vulnerability: string) => {
    const place = places.get(vulnerability) ?? places.size;
    places.set(vulnerability, place);
    return place;
  };
  return {
    reasons: reasons.map((parts) => parts.map(({ part, points, why }) => [part, points, why])),
    verdicts: verdicts.map(({ verdict, patched, evidence }) => [
      verdict,
      patched.map(placeOf),
      evidence.map((line) => [placeOf(line.vulnerability), line.verdict, line.why]),
    ]),
    vulnerabilities: [...places.keys()],
  };
}

/** The inverse of packEvidence. */
export function unpackEvidence({ reasons, vulnerabilities, verdicts }: PackedEvidence): IssueEvidence {
  const nameOf = (place: number) => vulnerabilities[place] ?? '';
  return {
    reasons: reasons.map((parts) => parts.map(([part, points, why]) => ({ part, points, why }))),
    verdicts: verdicts.map(([verdict, patched, lines]) => ({
      verdict,
      patched: patched.map(nameOf),
      evidence: lines.map(([place, each, why]) => ({ vulnerability: nameOf(place), verdict: each, why })),
    })),
  };
}
