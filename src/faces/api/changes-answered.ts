import { z } from 'zod';
import { MusterError } from '#base/errors';
import type { Answer, Change, FieldValue } from '#domain/proposals';
import { answerInWords, EDITABLES, type SentSet, sendChanges } from '#faces/editing';
import type { ApiSite, ApiWho, Asked } from './operation.ts';
import { ProblemError } from './problem.ts';
import { named } from './shapes.ts';

export const madeShape = named(
  'ChangesMade',
  z.strictObject({
    outcome: z.literal('accepted'),
    status: z.literal(200),
    proposal: z.int().nullable().describe('Number of the change set: undoing it takes all of it back'),
    made: z
      .array(
        z.strictObject({
          kind: z.string(),
          id: z.string(),
          field: z.string(),
          value: z.unknown(),
          saw: z.int(),
          before: z.unknown(),
          version: z.int().describe('The version of the field now: an entry of the history'),
          changed: z.boolean().describe('False where it held that value already'),
          subject: z.string(),
          words: z.string(),
        }),
      )
      .describe('Empty where the same change set was sent before'),
    said: z.string(),
  }),
);

export const proposedShape = named(
  'ChangesProposed',
  z.strictObject({
    outcome: z.literal('proposed'),
    status: z.literal(202),
    proposal: z.int(),
    waitsFor: z.enum(['decision', 'second_opinion']),
    said: z.string(),
  }),
);

/** What every change answers; 409, 422 and 403 are problems, with the conflicts or the refusals in them. */
export const CHANGE_ANSWERS = { 200: madeShape, 202: proposedShape } as const;

type Settled =
  | { status: 200; body: z.input<typeof madeShape>; headers?: Record<string, string> }
  | { status: 202; body: z.input<typeof proposedShape> };

/** Sends a change set in the name of whoever asks. @throws ProblemError CONFLICT, REFUSED or FORBIDDEN, with the details */
export async function sendSet(site: ApiSite, who: ApiWho, { propose, ...set }: SentSet): Promise<Settled> {
  return settled(
    site,
    await sendChanges(site.database, who.actor, set, {
      rules: site.rules,
      onlyPropose: propose,
      at: site.now(),
    }),
  );
}

/** What came of a change set, as it is answered. @throws ProblemError CONFLICT, REFUSED or FORBIDDEN, with the details */
export async function settled(
  site: ApiSite,
  answer: Answer,
  whenStale: 'CONFLICT' | 'PRECONDITION_FAILED' = 'CONFLICT',
): Promise<Settled> {
  const words = await answerInWords(site.names, answer);
  if (words.outcome === 'accepted') return { status: 200, body: asMade(words) };
  if (words.outcome === 'proposed') {
    const { outcome, status, proposal, waitsFor, said } = words;
    return { status: 202, body: { outcome, status, proposal, waitsFor, said } };
  }
  if (words.outcome === 'conflict')
    throw new ProblemError(whenStale, words.said, { conflicts: words.conflicts });
  throw new ProblemError(words.status === 403 ? 'FORBIDDEN' : 'REFUSED', words.said, {
    refusals: words.refusals,
  });
}

function asMade(
  words: Extract<Awaited<ReturnType<typeof answerInWords>>, { outcome: 'accepted' }>,
): z.input<typeof madeShape> {
  const { outcome, status, proposal, said } = words;
  const made = words.made.map(
    ({ kind, id, field, value, before, version, changed, subject, words: said }) => ({
      kind,
      id,
      field,
      value,
      saw: version,
      before,
      version,
      changed,
      subject,
      words: said,
    }),
  );
  return { outcome, status, proposal, made, said };
}

/** How one field is set by itself. */
export const fieldBody = named(
  'FieldChange',
  z.strictObject({
    value: z
      .unknown()
      .refine((value) => value !== undefined, 'is missing')
      .describe('What it may hold its kind says: `Change-status-value` and the like'),
    remark: z.string().trim().max(4000).optional(),
    propose: z.boolean().optional(),
    key: z.string().min(8).max(100).optional(),
  }),
);

/** A field as it stands; its version is its ETag. */
export const fieldShape = named(
  'Field',
  z.strictObject({
    kind: z.string(),
    id: z.string(),
    field: z.string(),
    value: z.unknown().describe('Null where nobody has said anything'),
    version: z.int().describe('What a change has to have seen; 0 where nobody ever set it'),
  }),
);

type Place = Pick<Change, 'kind' | 'id' | 'field'>;

/** One field as it stands. @throws MusterError NOT_FOUND */
export async function readField(site: ApiSite, { kind, id, field }: Place) {
  const editable = EDITABLES.get(kind);
  if (editable?.fields[field] === undefined)
    throw new MusterError('NOT_FOUND', `there is no field ${field} of a ${kind}`);
  const states = await site.database.transaction((tx) => editable.read(tx, [id]));
  const thing = states.get(id);
  if (thing === undefined) throw new MusterError('NOT_FOUND', `there is no ${kind} ${id}`);
  const { value, version } = thing[field] ?? { value: null, version: 0 };
  return {
    status: 200 as const,
    body: { kind, id, field, value, version },
    headers: { ETag: `"${version}"` },
  };
}

/** Sets one field, seen as `If-Match` says. @throws ProblemError PRECONDITION_REQUIRED, PRECONDITION_FAILED, REFUSED or FORBIDDEN */
export async function setField(
  { site, who, body, ifMatch }: Asked<unknown, unknown, z.output<typeof fieldBody>>,
  place: Place,
): Promise<Settled> {
  const saw = sawOf(ifMatch);
  const set = {
    changes: [{ ...place, value: body.value as FieldValue, saw }],
    key: body.key,
    remark: body.remark,
  };
  const answer = await sendChanges(site.database, who.actor, set, {
    rules: site.rules,
    onlyPropose: body.propose === true,
    at: site.now(),
  });
  const answered = await settled(site, answer, 'PRECONDITION_FAILED');
  if (answered.status === 202) return answered;
  const version = answered.body.made[0]?.version;
  return version === undefined ? answered : { ...answered, headers: { ETag: `"${version}"` } };
}

/** @throws MusterError PRECONDITION_REQUIRED where there is none, USAGE where it names no version */
function sawOf(ifMatch: string | null): number {
  if (ifMatch === null)
    throw new MusterError('PRECONDITION_REQUIRED', 'say with If-Match which version of the field you saw');
  const [, version] = /^"(\d{1,15})"$/.exec(ifMatch.trim()) ?? [];
  if (version === undefined)
    throw new MusterError('USAGE', 'If-Match names one version of a field, as its ETag does: "12"');
  return Number(version);
}
