import { z } from 'zod';
import { SEVERITIES } from '#domain/sources';

/** Gives a shape a name: the document has it once, and refers to it. */
export function named<T extends z.ZodType>(id: string, shape: T): T {
  return shape.meta({ id });
}

/** A part of a list, and the cursor of the next one. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('Ask again with `cursor` set to this; null where nothing follows'),
  });
}

/** What every list is asked with. */
export const paging = {
  cursor: z.string().max(400).optional().describe('From `next` of the part before'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at once'),
};

export const moment = z.iso.datetime().describe('A moment in UTC');
export const day = z.iso.date();
export const severityShape = named('Severity', z.enum(SEVERITIES));
export const verdictShape = named(
  'Verdict',
  z
    .enum(['affected', 'not_affected', 'unknown'])
    .describe('What the machine makes of versions and patches; `unknown` is never fine'),
);

export const exploitationShape = named(
  'Exploitation',
  z
    .strictObject({
      known: z
        .strictObject({
          since: day,
          due: day.nullable().describe('Until then readers of the catalogue have to act'),
          ransomware: z.boolean(),
          vulnerabilities: z.array(z.string()),
        })
        .nullable()
        .describe('It stands in CISA’s catalogue of what is used by attackers'),
      likely: z
        .strictObject({
          percentile: z.int().describe('Of 100 vulnerabilities so many are less likely to be used'),
          since: day.describe('By the scores of that day, and since'),
          vulnerability: z.string(),
        })
        .nullable()
        .describe('EPSS, where it is high'),
    })
    .describe('Whether attackers use it, or are likely to'),
);
export const exploitedFilter = z
  .enum(['known', 'likely'])
  .describe('Only what is known to be used by attackers; or what is known to be, or likely');

/** A number in a path. */
export const numberIn = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
export const issueId = z
  .string()
  .max(24)
  .transform((text) => text.toUpperCase())
  .pipe(z.string().regex(/^[A-Z]{2,8}-\d{4}-\d{1,9}$/, 'is no id of an issue'))
  .describe('`NSI-2017-0043`');
export const nameIn = z
  .string()
  .min(1)
  .max(300)
  .regex(/^\P{Cc}+$/u, 'has control characters');

/** Somebody who did something. */
export const calledShape = named(
  'Called',
  z.strictObject({
    id: z.string().describe('`person:3`, `machine:matching`, `rule:12`, `visitor`'),
    label: z.string(),
    handle: z.string().nullable(),
  }),
);

export type Called = z.infer<typeof calledShape>;

/** Actors as answers name them. */
export function calledBy(names: (actor: string) => { label: string; handle: string | null }) {
  return (actor: string): Called => {
    const { label, handle } = names(actor);
    return { id: actor, label, handle };
  };
}

/** What an answer has of nothing: an empty object. */
export const nothing = z.strictObject({});

/** A day, a commit, or `latest`, as `revisionAt` has it. */
export function atOf(text: string): string | Date {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T23:59:59.999Z`) : text;
}
