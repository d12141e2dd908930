import type { Verdict } from '#base/versions';
import type { Lifecycle } from '#domain/channels';
import type { IssueExploitation } from '#domain/issues';

/** One part of how urgent something is: what was seen, and what it counts. */
export interface UrgencyPart {
  part: 'emergency' | 'exploited' | 'severity' | 'channel' | 'score' | 'again';
  points: number;
  why: string;
}

export interface UrgencyFacts {
  /** People have declared an emergency. */
  emergency: boolean;
  severity: 'none' | 'low' | 'medium' | 'high' | 'critical' | null;
  /** Whether it is used by attackers, or likely to be; null where no signal says so. */
  exploitation: IssueExploitation | null;
  /** How likely it is that it is the package, 0 to 1. */
  score: number;
  channels: readonly { channel: string; verdict: Verdict; lifecycle: Lifecycle }[];
  /** Why it is asked again. */
  again: readonly string[];
}

/** What nobody has rated may be anything: it comes after what is known to be grave, and before what is known not to be. */
const SEVERITY_POINTS = { critical: 400, high: 300, medium: 200, low: 100, none: 0, unknown: 180 } as const;

/**
 * What is used by attackers counts as if it were graver by three: a low one stands with the critical ones that nobody uses. What
 * is likely to be used counts less than one step of severity. Together never more than what keeps emergencies before all of it
 * (decision 14).
 */
const KNOWN_POINTS = 300;
const LIKELY_POINTS: readonly { from: number; points: number }[] = [
  { from: 99, points: 90 },
  { from: 95, points: 60 },
  { from: 90, points: 30 },
];

/** Users follow the supported releases; what is in development can still be fixed in time; past its end it is counted. */
const LIFECYCLE_POINTS: Readonly<Record<Lifecycle, number>> = {
  supported: 150,
  deprecated: 120,
  development: 90,
  end_of_life: 20,
};

/** How soon somebody should look at a suggestion, with the reasons; of equally urgent ones the latest public comes first. */
export function urgencyOf(facts: UrgencyFacts): { urgency: number; parts: UrgencyPart[] } {
  const parts: UrgencyPart[] = [];
  const add = (part: UrgencyPart['part'], points: number, why: string) => parts.push({ part, points, why });
  if (facts.emergency) add('emergency', 1000, 'people call it an emergency');
  const used = exploitedPart(facts.exploitation);
  if (used !== null) add('exploited', used.points, used.why);
  const severity = facts.severity ?? 'unknown';
  add(
    'severity',
    SEVERITY_POINTS[severity],
    severity === 'unknown' ? 'nobody has rated it' : `${severity} severity`,
  );
  const worst = worstChannel(facts.channels);
  if (worst !== null) add('channel', worst.points, worst.why);
  add(
    'score',
    Math.round(facts.score * 100),
    `${Math.round(facts.score * 100)} of 100 that it is the package`,
  );
  for (const why of facts.again) add('again', 30, why);
  return { urgency: parts.reduce((sum, { points }) => sum + points, 0), parts };
}

/** The stronger of the two signals counts. */
function exploitedPart(exploitation: IssueExploitation | null): { points: number; why: string } | null {
  const { known, likely } = exploitation ?? { known: null, likely: null };
  const points = LIKELY_POINTS.find(({ from }) => (likely?.percentile ?? 0) >= from)?.points ?? 0;
  if (known !== null)
    return {
      points: KNOWN_POINTS,
      why: `known exploited since ${known.since}, CISA${known.ransomware ? ', by ransomware too' : ''}`,
    };
  if (likely === null || points === 0) return null;
  return {
    points,
    why: `likelier to be exploited than ${likely.percentile} of 100, EPSS of ${likely.since}`,
  };
}

function worstChannel(channels: UrgencyFacts['channels']): { points: number; why: string } | null {
  let worst: { points: number; why: string } | null = null;
  for (const { channel, verdict, lifecycle } of channels) {
    if (verdict === 'not_affected') continue;
    const points =
      verdict === 'affected' ? LIFECYCLE_POINTS[lifecycle] : Math.round(LIFECYCLE_POINTS[lifecycle] / 2);
    const why = `${verdict === 'affected' ? 'affected' : 'nobody can say'} in ${channel}, which is ${lifecycle.replaceAll('_', ' ')}`;
    if (worst === null || points > worst.points) worst = { points, why };
  }
  return worst;
}
