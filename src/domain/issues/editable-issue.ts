import { z } from 'zod';
import { mayClaim, mayDecide, mayDeclareEmergency, mayDismiss } from '#domain/policies';
import type { Editable } from '#domain/proposals';
import { eraseFields, readIssueFields, writeIssueFields } from './store-fields.ts';

/** Why an issue is none of ours. */
export const DISMISSALS = [
  'not_packaged',
  'hosted_service_only',
  'hardware_only',
  'other_platform_only',
  'not_a_vulnerability',
  'disputed',
] as const;

/** Somebody works on it, up to a moment. */
export const claimSchema = z.strictObject({
  person: z.string().regex(/^person:[0-9]+$/, 'must be a person'),
  until: z.iso.datetime({ offset: true }),
});
export type Claim = z.infer<typeof claimSchema>;

export const dismissalSchema = z.strictObject({
  reason: z.enum(DISMISSALS),
  note: z.string().trim().min(1, 'a dismissal needs a word of explanation').max(4000),
});
export type Dismissal = z.infer<typeof dismissalSchema>;

const FIELDS = {
  title: z.string().trim().min(3).max(200).nullable(),
  severity: z.enum(['none', 'low', 'medium', 'high', 'critical']).nullable(),
  /** Markdown: what it means for our users. */
  summary: z.string().trim().min(1).max(20_000).nullable(),
  claim: claimSchema.nullable(),
  emergency: z.boolean().nullable(),
  help_wanted: z.boolean().nullable(),
  dismissed: dismissalSchema.nullable(),
};

/** What people say of an issue itself; null is: what was derived holds. */
export const editableIssue: Editable = {
  kind: 'issue',
  fields: FIELDS,
  read: readIssueFields,
  may(actor, { field, value }, before, rules) {
    if (field === 'claim')
      return mayClaim(actor, {
        before: holderOf(before.value as Claim | null),
        after: (value as Claim | null)?.person ?? null,
      });
    if (field === 'dismissed' && value !== null) return mayDismiss(actor, rules);
    if (field === 'emergency') return mayDeclareEmergency(actor);
    return mayDecide(actor);
  },
  write: writeIssueFields,
  erase: eraseFields,
  history: (id) => ({ entity: 'issue', entityId: id, topics: [] }),
};

/** Whose claim it is, if it has not run out: then anybody may take the work, whether or not the job has been there. */
export function holderOf(claim: Claim | null, now = new Date()): string | null {
  return claim === null || new Date(claim.until) <= now ? null : claim.person;
}
