import { z } from 'zod';
import { type ChangeSet, type FieldValue, MOST_CHANGES } from '#domain/proposals';

/** A change as programs send it. */
export const changeSchema = z.strictObject({
  kind: z.string().max(40).describe('What is changed: `status`, `issue`, `package` …'),
  id: z
    .string()
    .min(1)
    .max(600)
    .regex(/^\P{Cc}+$/u, 'has control characters')
    .describe('Which of them: `NSI-2017-0043/openssl/nixos-17.03`'),
  field: z.string().max(40).describe('`value` where it has only one'),
  value: z.unknown().describe('What it is to hold; what it may hold its kind says'),
  saw: z.int().min(0).describe('The version of the field that its author saw; 0 where nobody had set it'),
});

/** A change set as programs send it: all of it is made, or nothing. */
export const changeSetSchema = z.strictObject({
  changes: z.array(changeSchema).min(1).max(MOST_CHANGES),
  key: z
    .string()
    .min(8)
    .max(100)
    .optional()
    .describe(
      'Chosen by you: sent again under the same key it is the same change set, and is answered as it was',
    ),
  remark: z.string().trim().max(4000).optional().describe('Why, in your words'),
  propose: z.boolean().optional().describe('Keep it for somebody to decide on, though you may decide it'),
});

/** A change set as it came in. */
export interface SentSet extends ChangeSet {
  propose: boolean;
}

export function readSet({ changes, key, remark, propose = false }: z.infer<typeof changeSetSchema>): SentSet {
  return {
    changes: changes.map((change) => ({ ...change, value: change.value as FieldValue })),
    key,
    remark: remark === '' ? undefined : remark,
    propose,
  };
}
