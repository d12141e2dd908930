import { z } from 'zod';
import type { Answer, Change, FieldValue } from '#domain/proposals';
import {
  answerInWords,
  changeSchema,
  changeSetSchema,
  readForm,
  readSet,
  type SentSet,
  sendChanges,
} from '#faces/editing';
import type { AnswerJson } from './changes-answer.ts';
import { RequestRefused } from './request-checks.ts';
import type { Site } from './site.ts';
import type { Who } from './who.ts';

const bodySchema = z.union([
  changeSetSchema,
  z.strictObject({ sets: z.array(changeSetSchema).min(1).max(500) }),
]);

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
  return { listed: 'sets' in parsed.data, sets: sets.map(readSet) };
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

/** An answer with its words, as browsers and other programs read it. */
export function answerJson(site: Site, answer: Answer): Promise<AnswerJson> {
  return answerInWords(site.names, answer);
}
