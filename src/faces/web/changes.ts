import { z } from 'zod';
import { type Answer, type Change, type ChangeSet, type FieldValue, MOST_CHANGES } from '#domain/proposals';
import { type NameOf, readForm, sendChanges, subjectWords, valueWords } from '#faces/editing';
import type { AnswerJson } from './changes-answer.ts';
import { RequestRefused } from './request-checks.ts';
import type { Site } from './site.ts';
import type { Who } from './who.ts';

const changeSchema = z.strictObject({
  kind: z.string().max(40),
  id: z
    .string()
    .min(1)
    .max(600)
    .regex(/^\P{Cc}+$/u, 'has control characters'),
  field: z.string().max(40),
  // What it may hold its kind says.
  value: z.unknown(),
  saw: z.int().min(0),
});

const changeSetSchema = z.strictObject({
  changes: z.array(changeSchema).min(1).max(MOST_CHANGES),
  key: z.string().min(8).max(100).optional(),
  remark: z.string().trim().max(4000).optional(),
  /** Kept for somebody to decide on, though its author may decide it. */
  propose: z.boolean().optional(),
});

const bodySchema = z.union([
  changeSetSchema,
  z.strictObject({ sets: z.array(changeSetSchema).min(1).max(500) }),
]);

/** A change set as it came in. */
export interface SentSet extends ChangeSet {
  propose: boolean;
}

/** One change set, or several that are made each for itself. */
export interface Sent {
  sets: SentSet[];
  /** Whether it came as a list, and is to be answered as one. */
  listed: boolean;
}

/** @throws RequestRefused naming what is wrong with the document */
export function sentByProgram(body: unknown): Sent {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success)
    throw new RequestRefused(400, `The changes cannot be read: ${z.prettifyError(parsed.error)}`);
  const sets = 'sets' in parsed.data ? parsed.data.sets : [parsed.data];
  return { listed: 'sets' in parsed.data, sets: sets.map(asSet) };
}

function asSet({ changes, key, remark, propose = false }: z.infer<typeof changeSetSchema>): SentSet {
  return {
    changes: changes.map((change) => ({ ...change, value: change.value as FieldValue })),
    key,
    remark: remark === '' ? undefined : remark,
    propose,
  };
}

/** What a form sends, and what is missing in it. `each=issue` makes a change set for every issue. */
export function sentByForm(
  form: URLSearchParams,
  who: Who,
  now: Date,
): Sent & { problems: { field: string; why: string }[] } {
  const { changes, problems } = readForm(form, { actor: who.actor, now });
  const written = form.getAll('change').map((text) => changeOf(text));
  const all = [...changes, ...written];
  const key = keyOf(form);
  const common = {
    remark: form.get('remark')?.trim().slice(0, 4000) || undefined,
    propose: form.get('propose') === 'yes',
  };
  if (form.get('each') !== 'issue')
    return { sets: [{ changes: all, key, ...common }], listed: false, problems };
  const byIssue = new Map<string, Change[]>();
  for (const change of all) {
    const issue = change.id.split('/', 1)[0] ?? change.id;
    byIssue.set(issue, [...(byIssue.get(issue) ?? []), change]);
  }
  const sets = [...byIssue].map(([issue, own]) => ({
    changes: own,
    key: key === undefined ? undefined : `${key}-${issue}`.slice(0, 100),
    ...common,
  }));
  return { sets, listed: true, problems };
}

function keyOf(form: URLSearchParams): string | undefined {
  const key = form.get('key') ?? '';
  return /^[\w-]{8,60}$/.test(key) ? key : undefined;
}

/** A change as our own pages write it into a form. */
function changeOf(text: string): Change {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = changeSchema.safeParse(value);
  if (!parsed.success) throw new RequestRefused(400, 'The form holds a change that cannot be read.');
  return { ...parsed.data, value: parsed.data.value as FieldValue };
}

/** Sends one change set in the name of whoever asks. */
export async function send(site: Site, who: Who, { propose, ...set }: SentSet): Promise<Answer> {
  return sendChanges(site.database, who.actor, set, {
    rules: site.rules,
    onlyPropose: propose,
    at: site.now(),
  });
}

/** The status of an answer over HTTP. */
export function statusOf(answer: Answer): AnswerJson['status'] {
  if (answer.outcome === 'accepted') return 200;
  if (answer.outcome === 'proposed') return 202;
  if (answer.outcome === 'conflict') return 409;
  return answer.refusals.some(({ code }) => code === 'FORBIDDEN') ? 403 : 422;
}

/** An answer with its words, as browsers and other programs read it. */
export async function answerJson(site: Site, answer: Answer): Promise<AnswerJson> {
  const names = await site.names(actorsIn(answer));
  const nameOf: NameOf = (actor) => names(actor).label;
  if (answer.outcome === 'accepted') {
    const made = answer.made.map((change) => ({
      ...change,
      subject: subjectWords(change),
      words: valueWords(change, change.value, nameOf),
    }));
    return { ...answer, status: 200, made, said: madeWords(made) };
  }
  if (answer.outcome === 'proposed')
    return {
      ...answer,
      status: 202,
      said:
        answer.waitsFor === 'second_opinion'
          ? 'Proposed: it waits for somebody else’s opinion.'
          : 'Proposed: somebody who may decide will look at it.',
    };
  if (answer.outcome === 'conflict') {
    const conflicts = answer.conflicts.map((conflict) => ({
      ...conflict,
      was: conflict.was ?? null,
      at: conflict.at?.toISOString() ?? null,
      subject: subjectWords(conflict),
      byName: names(conflict.by).label,
      words: {
        was: valueWords(conflict, conflict.was, nameOf),
        theirs: valueWords(conflict, conflict.theirs, nameOf),
        yours: valueWords(conflict, conflict.yours, nameOf),
      },
    }));
    const [first] = conflicts;
    const said = `${first?.byName} was faster: ${first?.subject} is ${first?.words.theirs}.`;
    return { outcome: 'conflict', status: 409, conflicts, said };
  }
  const refusals = answer.refusals.map((refusal) => ({ ...refusal, subject: subjectWords(refusal) }));
  const [first] = refusals;
  return {
    outcome: 'refused',
    status: statusOf(answer) as 403 | 422,
    refusals,
    said: `Not changed: ${first?.subject}: ${first?.why}${refusals.length > 1 ? `, and ${refusals.length - 1} more` : ''}.`,
  };
}

function madeWords(made: readonly { subject: string; words: string; changed: boolean }[]): string {
  const real = made.filter(({ changed }) => changed);
  const [first] = real;
  if (first === undefined) return 'Nothing to change: it was so already.';
  return real.length === 1
    ? `${first.subject}: ${first.words}.`
    : `${first.subject}: ${first.words}, and ${real.length - 1} more.`;
}

function actorsIn(answer: Answer): string[] {
  if (answer.outcome === 'conflict')
    return answer.conflicts.flatMap(({ by, was, theirs, yours }) => [
      by,
      ...[was, theirs, yours].flatMap(personIn),
    ]);
  return answer.outcome === 'accepted' ? answer.made.flatMap(({ value }) => personIn(value)) : [];
}

/** The person that a value names (a claim, a lead), if it does. */
export function personIn(value: FieldValue | undefined): string[] {
  if (typeof value === 'string') return /^person:\d+$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return typeof value.person === 'string' ? [value.person] : [];
}
