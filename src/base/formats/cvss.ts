import cvss from 'ae-cvss-calculator';

interface Scorer {
  prefix: string;
  version: string;
  /** Score of a vector whose metrics have been checked. */
  score(vector: string): number | undefined;
  /** Metric → its values, by their short names. */
  metrics: ReadonlyMap<string, ReadonlySet<string>>;
  required: readonly string[];
}

interface Component {
  shortName: string;
  values: readonly { shortName: string }[];
}

function scorer(
  version: string,
  prefix: string,
  required: string,
  groups: Iterable<readonly Component[]>,
  score: (vector: string) => number | undefined,
): Scorer {
  const metrics = new Map(
    [...groups]
      .flat()
      .map((metric) => [metric.shortName, new Set(metric.values.map((value) => value.shortName))] as const),
  );
  return { prefix, version, score, metrics, required: required.split(' ') };
}

const V3_BASE = 'AV AC PR UI S C I A';

/** The longest prefix first: CVSS 2.0 has none. */
const SCORERS: readonly Scorer[] = [
  scorer(
    '4.0',
    'CVSS:4.0/',
    'AV AC AT PR UI VC VI VA SC SI SA',
    new cvss.Cvss4P0().getRegisteredComponents().values(),
    (vector) => new cvss.Cvss4P0(vector).calculateScores().overall,
  ),
  scorer(
    '3.1',
    'CVSS:3.1/',
    V3_BASE,
    new cvss.Cvss3P1().getRegisteredComponents().values(),
    (vector) => new cvss.Cvss3P1(vector).calculateScores().base,
  ),
  scorer(
    '3.0',
    'CVSS:3.0/',
    V3_BASE,
    new cvss.Cvss3P0().getRegisteredComponents().values(),
    (vector) => new cvss.Cvss3P0(vector).calculateScores().base,
  ),
  scorer(
    '2.0',
    '',
    'AV AC Au C I A',
    new cvss.Cvss2().getRegisteredComponents().values(),
    (vector) => new cvss.Cvss2(vector).calculateScores().base,
  ),
];

/** No vector of any version is longer; what is longer is not looked at. */
const MAX_VECTOR = 400;

/**
 * Version and score of a CVSS vector of any version (2.0, 3.0, 3.1, 4.0), or null if it is none: an unknown metric or
 * value, a metric twice, a base metric missing. `vector` comes back without white space and the brackets of old NVD feeds.
 * For 2.0 and 3.x the score is that of the base metrics; for 4.0 it is of all that are given, since 4.0 has but one
 * score (specification, sections 1.3 and 8)..
 */
export function scoreVector(text: string): { version: string; vector: string; score: number } | null {
  if (text.length > MAX_VECTOR) return null;
  const trimmed = text.trim();
  const vector = trimmed.startsWith('(') && trimmed.endsWith(')') ? trimmed.slice(1, -1) : trimmed;
  const found = SCORERS.find(({ prefix }) => vector.startsWith(prefix));
  if (found === undefined || !isVector(found, vector.slice(found.prefix.length))) return null;
  const score = found.score(vector);
  return score === undefined || !Number.isFinite(score) ? null : { version: found.version, vector, score };
}

function isVector({ metrics, required }: Scorer, body: string): boolean {
  const given = new Map<string, string>();
  for (const part of body.split('/')) {
    const colon = part.indexOf(':');
    const name = part.slice(0, Math.max(colon, 0));
    const value = part.slice(colon + 1);
    if (given.has(name) || metrics.get(name)?.has(value) !== true) return false;
    given.set(name, value);
  }
  return required.every((name) => given.has(name) && given.get(name) !== 'X' && given.get(name) !== 'ND');
}

/** Qualitative rating of a score (CVSS v3.1, section 5; the same bounds in v4.0, section 6). */
export function ratingOf(score: number): 'none' | 'low' | 'medium' | 'high' | 'critical' {
  if (score <= 0) return 'none';
  if (score < 4) return 'low';
  if (score < 7) return 'medium';
  return score < 9 ? 'high' : 'critical';
}
