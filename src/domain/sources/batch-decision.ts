import { z } from 'zod';

/** What somebody says of a file that is held. */
export const batchDecision = z.strictObject({
  as: z.enum(['released', 'refused']),
  /** Why, in their words. */
  reason: z.string().trim().min(3).max(2000).optional(),
});

export type BatchDecision = z.infer<typeof batchDecision>;
