import { z } from 'zod';

/** What somebody says of a file that is held; why, stands in the remark of the change. */
export const batchDecision = z.strictObject({ as: z.enum(['released', 'refused']) });

export type BatchDecision = z.infer<typeof batchDecision>;
