import { z } from 'zod';
import type { Verdict } from '#base/versions';
import { type RecordLook, recordChanges } from '#domain/issues';
import type { FieldValue } from '#domain/proposals';
import { worse } from './verdict.ts';

/** Why what the matcher proposes is none of ours. Closed, so that it can be counted and learnt from; `other` needs words. */
export const SUGGESTION_DISMISSALS = [
  'wrong_product',
  'not_our_version',
  'patched',
  'other_platform',
  'not_a_vulnerability',
  'duplicate',
  'other',
] as const;
export type SuggestionDismissal = (typeof SUGGESTION_DISMISSALS)[number];

const note = z.string().trim().min(1).max(4000).optional();
/** The version that is said again, of what has changed since (asked again). */
const confirms = z.int().positive().optional();

export const decisionSchema = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('accepted'), note, confirms }),
  z
    .strictObject({
      decision: z.literal('dismissed'),
      reason: z.enum(SUGGESTION_DISMISSALS),
      note,
      confirms,
      /** The rule that says so. */
      rule: z.int().positive().optional(),
    })
    .refine(({ reason, note: why }) => reason !== 'other' || why !== undefined, {
      message: 'a dismissal for another reason needs a word of explanation',
    }),
]);
export type Decision = z.infer<typeof decisionSchema>;

/** What a suggestion looked like when somebody decided. */
export interface DecidedOn {
  vulnerabilities: string[];
  verdicts: Record<string, Verdict>;
  /** What records said of its vulnerabilities; left out of what was decided before that was remembered. */
  records?: Record<string, RecordLook>;
}

/**
 * Why a decided suggestion is to be looked at again: the issue has gained vulnerabilities, some channel looks worse than it
 * did (one that was not there looked like nothing), or records say something else (recordChanges). Empty where nothing
 * changed that speaks against what was decided.
 */
export function changedSince(decided: DecidedOn | null, now: DecidedOn): string[] {
  if (decided === null) return [];
  const known = new Set(decided.vulnerabilities);
  const gained = now.vulnerabilities.filter((id) => !known.has(id)).map((id) => `${id} came in since`);
  const before = new Map(Object.entries(decided.verdicts));
  const worsened = Object.entries(now.verdicts).flatMap(([channel, verdict]) => {
    const was = before.get(channel);
    if (verdict === 'not_affected' || (was !== undefined && worse(was, verdict) === was)) return [];
    return [`${verdict} in ${channel} now${was === undefined ? '' : `, ${was.replace('_', ' ')} then`}`];
  });
  const mayBeHit = Object.values(now.verdicts).some((verdict) => verdict !== 'not_affected');
  const changed =
    decided.records === undefined || now.records === undefined
      ? []
      : recordChanges(decided.records, now.records, mayBeHit);
  return [...gained, ...worsened, ...changed];
}

/** What one channel shows of a suggestion. */
export interface Shown {
  verdict: Verdict;
  evidence: readonly { vulnerability: string; verdict: Verdict; why: string }[];
  patched: readonly string[];
}

/** How base/versions says that a version is behind the end of what is affected, and the matcher that a patch is applied. */
const FIXED = /where the affected versions end|the package applies /;
const LONGEST_NOTE = 1000;

/**
 * The status that accepting a suggestion gives to a box, with the evidence as its note: what is affected is affected; what
 * nobody can say is under investigation; what is not affected is fixed where every vulnerability was, and not affected
 * where some never was there.
 */
export function statusShown({ verdict, evidence }: Shown): FieldValue {
  const telling = evidence.filter((line) => line.verdict === verdict);
  const words = telling.map(({ vulnerability, why }) => `${vulnerability}: ${why}`).join('; ');
  const said =
    words === ''
      ? 'as the matcher says'
      : words.length > LONGEST_NOTE
        ? `${words.slice(0, LONGEST_NOTE - 1)}…`
        : words;
  if (verdict === 'affected') return { status: 'affected', note: said };
  if (verdict === 'unknown') return { status: 'under_investigation', note: said };
  const fixed = evidence.length > 0 && evidence.every(({ why }) => FIXED.test(why));
  return { status: fixed ? 'fixed' : 'not_affected', note: said };
}
