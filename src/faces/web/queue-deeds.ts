import {
  type Decision,
  decisionSchema,
  type SuggestionDecision,
  skipSuggestions,
  suggestionsShown,
  unskipSuggestions,
} from '#domain/matching';
import { touchOf } from '#domain/proposals';
import { parseSeen, type Seen, sendDecisions } from '#faces/editing';
import { answerJson } from './changes.ts';
import { readFieldStates } from './editing-state.ts';
import type { DecidedJson } from './queue-answer.ts';
import { RequestRefused } from './request-checks.ts';
import type { Site } from './site.ts';
import type { Who } from './who.ts';

/** What somebody wants done with suggestions. */
export interface Deed {
  deed: 'accept' | 'dismiss' | 'skip' | 'unskip';
  /** The decisions, as they were seen. */
  fields: Seen[];
}

const DEEDS = ['accept', 'dismiss', 'skip', 'unskip'] as const;
/** As many as a page of the queue has twice over. */
const MOST = 200;

/** The button of a line names that line; the others are for all that are ticked. @throws RequestRefused */
export function deedOf(form: URLSearchParams): Deed {
  const own = DEEDS.find((deed) => form.has(deed));
  const deed = own ?? DEEDS.find((each) => each === form.get('deed'));
  if (deed === undefined) throw new RequestRefused(400, '"deed" is accept, dismiss, skip or unskip.');
  return { deed, fields: chosenIn(form, own === undefined ? 'at' : own) };
}

/** What is chosen, by the name under which it was sent. @throws RequestRefused */
export function chosenIn(form: URLSearchParams, name = 'at'): Seen[] {
  const fields = [...new Set(form.getAll(name))].map((text) => parseSeen(text));
  if (fields.length === 0) throw new RequestRefused(400, 'Nothing is chosen.');
  if (fields.length > MOST) throw new RequestRefused(400, `At most ${MOST} at once, not ${fields.length}.`);
  return fields.flatMap((field) => {
    if (field === null || field.kind !== 'suggestion' || field.field !== 'decision')
      throw new RequestRefused(400, '"at" names no suggestion.');
    return [field];
  });
}

/** Passes over what was chosen, or takes that back. @returns how many */
export async function skip(site: Site, who: Who, { deed, fields }: Deed): Promise<number> {
  const shown = await suggestionsShown(
    site.database.queries,
    fields.map(({ id }) => id),
  );
  const numbers = shown.map(({ suggestion }) => suggestion);
  if (deed === 'skip') return skipSuggestions(site.database, who.actor, numbers, site.now());
  await unskipSuggestions(site.database, who.actor, numbers);
  return numbers.length;
}

/**
 * Decides what was chosen, as one change set. Where not all of it can be made, because of somebody who was faster or of what
 * is barred, each is decided for itself.
 */
export async function decide(
  site: Site,
  who: Who,
  { deed, fields }: Deed,
  form: URLSearchParams,
): Promise<DecidedJson[]> {
  const decision = decisionIn(deed, form);
  const decisions = await confirming(site, fields, decision);
  const key = /^[\w-]{8,60}$/.exec(form.get('key') ?? '')?.[0];
  const product = (form.get('product') ?? '').trim();
  const common = {
    rules: site.rules,
    at: site.now(),
    ...(deed === 'dismiss' && product !== '' ? { remember: { product: product.slice(0, 200) } } : {}),
  };
  const whole = await sendDecisions(site.database, who.actor, decisions, { ...common, key });
  const settled = whole.answer.outcome === 'accepted' || whole.answer.outcome === 'proposed';
  if (settled || decisions.length === 1)
    return [{ ...(await answerJson(site, whole.answer)), ids: decisions.map(({ id }) => id) }];
  const answers: DecidedJson[] = [];
  for (const [index, one] of decisions.entries()) {
    const own = key === undefined ? undefined : `${key}-${index}`;
    const { answer } = await sendDecisions(site.database, who.actor, [one], { ...common, key: own });
    answers.push({ ...(await answerJson(site, answer)), ids: [one.id] });
  }
  return answers;
}

function decisionIn(deed: Deed['deed'], form: URLSearchParams): Decision {
  const note = (form.get('note') ?? '').trim();
  const said = note === '' ? {} : { note };
  if (deed === 'accept') return { decision: 'accepted', ...said };
  const parsed = decisionSchema.safeParse({
    decision: 'dismissed',
    reason: form.get('reason') ?? 'wrong_product',
    ...said,
  });
  if (parsed.success) return parsed.data;
  throw new RequestRefused(400, parsed.error.issues.map(({ message }) => message).join('; '));
}

/** What is asked again and is to stay as it was decided: the same said again of what it is now. */
async function confirming(
  site: Site,
  fields: readonly Seen[],
  decision: Decision,
): Promise<SuggestionDecision[]> {
  const states = await readFieldStates(
    site.database,
    fields.filter(({ saw }) => saw > 0),
  );
  return fields.map((field) => {
    const state = states.get(touchOf(field));
    const before = state?.value as Decision | null | undefined;
    const same =
      before != null &&
      state?.version === field.saw &&
      before.decision === decision.decision &&
      (before.decision === 'accepted' ||
        (decision.decision === 'dismissed' && before.reason === decision.reason));
    return { id: field.id, saw: field.saw, decision: same ? { ...decision, confirms: field.saw } : decision };
  });
}
