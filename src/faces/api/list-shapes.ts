import { z } from 'zod';
import { LIFECYCLES } from '#domain/channels';
import { exploitationShape, issueId, named, severityShape, verdictShape } from './shapes.ts';

const lineShape = named(
  'RoundupLine',
  z.strictObject({
    issue: z.string(),
    title: z.string(),
    severity: severityShape.nullable(),
    exploitation: exploitationShape.nullable(),
    vulnerabilities: z.array(z.string()),
    done: z.boolean(),
    doneBy: z.string().nullable(),
    carriedFrom: z.int().nullable(),
    remark: z.string().nullable(),
    version: z.int().describe('What a change of `done` has to have seen'),
    remarkVersion: z.int().describe('What a change of `remark` has to have seen'),
    cells: z.array(
      z.strictObject({
        channel: z.string(),
        verdict: z.enum([...verdictShape.options, 'absent']),
        packages: z.array(
          z.strictObject({ attr: z.string(), version: z.string(), verdict: verdictShape, why: z.string() }),
        ),
      }),
    ),
    advisories: z.array(
      z.strictObject({
        id: z.string(),
        source: z.string(),
        published: z.string().nullable(),
        url: z.string().nullable(),
      }),
    ),
    patches: z.array(
      z.strictObject({ url: z.string(), vulnerability: z.string().nullable(), source: z.string() }),
    ),
  }),
);

/** What weekly lists and release gates have in common: columns and lines. */
export const listShape = {
  channels: z.array(z.strictObject({ name: z.string(), lifecycle: z.enum(LIFECYCLES) })),
  sections: z.array(z.strictObject({ product: z.string(), lines: z.array(lineShape) })),
};

/** Lines to tick. */
export const ticksBody = z.strictObject({
  ticks: z
    .array(z.strictObject({ issue: issueId, remark: z.string().trim().max(1000).nullable().default(null) }))
    .min(1)
    .max(500),
  key: z
    .string()
    .min(8)
    .max(100)
    .optional()
    .describe('Chosen by you: sent again under it, it is the same change set'),
});

export const tickedShape = named(
  'Ticked',
  z.strictObject({
    ticked: z.array(z.string()),
    already: z.array(z.string()).describe('Somebody was faster: their tick stays'),
    unknown: z.array(z.string()).describe('Not on this list'),
    proposal: z.int().nullable().describe('Number of the change set; null where nothing had to be changed'),
  }),
);
