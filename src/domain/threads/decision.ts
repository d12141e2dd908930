import { z } from 'zod';
import { draftSchema } from '#domain/issues';

/** Why a thread is none of ours. */
export const THREAD_DISMISSALS = [
  'not_packaged',
  'not_affected',
  'not_a_vulnerability',
  'known_already',
  'talk',
  'spam',
  'other',
] as const;
export type ThreadDismissal = (typeof THREAD_DISMISSALS)[number];

const issueId = z.string().min(1).max(64);
/** The version of what the thread speaks of that was before the eyes of whoever decides: what comes later brings it back. */
const knew = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** What becomes of a thread. */
export const threadDecision = z.discriminatedUnion('as', [
  z
    .strictObject({
      as: z.literal('dismissed'),
      reason: z.enum(THREAD_DISMISSALS),
      note: z.string().trim().max(2000).optional(),
      knew,
    })
    .refine(({ reason, note }) => reason !== 'other' || (note ?? '') !== '', 'another reason has to be told'),
  /** It belongs to that issue. */
  z.strictObject({ as: z.literal('attached'), issue: issueId, knew }),
  /** It is a new issue. */
  z.strictObject({ as: z.literal('issue'), draft: draftSchema, knew }),
  /** It shall wait, though it was brought in as history. */
  z.strictObject({ as: z.literal('waiting'), knew }),
]);
export type ThreadDecision = z.infer<typeof threadDecision>;

/** Somebody works on it, up to a moment. */
export const threadClaim = z.strictObject({
  person: z.string().regex(/^person:[0-9]+$/, 'must be a person'),
  until: z.iso.datetime({ offset: true }),
});
export type ThreadClaim = z.infer<typeof threadClaim>;
