import type { z } from 'zod';
import { MusterError } from '#base/errors';
import { submitTicks } from '#domain/roundup';
import { EDITABLES } from '#faces/editing';
import { CHANGE_ANSWERS, proposedShape, settled } from './changes-answered.ts';
import { tickedShape, type ticksBody } from './list-shapes.ts';
import type { ApiSite, ApiWho } from './operation.ts';

/** What ticking answers: 200 with what became of each, 202 where it was proposed. */
export const TICK_ANSWERS = { 200: tickedShape, 202: proposedShape } as const;
/** What opening a line again answers. */
export const UNTICK_ANSWERS = CHANGE_ANSWERS;

/** Ticks lines of a list, by the number under which it is stored. @throws ProblemError */
export async function answerTicks(
  site: ApiSite,
  { actor }: ApiWho,
  number: number,
  { ticks, key }: z.output<typeof ticksBody>,
) {
  const marks = ticks.map((tick) => ({ ...tick, done: true }));
  const { answer, ticked, already, unknown } = await submitTicks(
    site.database,
    actor,
    { number, marks, key },
    { kinds: EDITABLES, rules: site.rules, at: site.now() },
  );
  const done = await settled(site, answer);
  if (done.status === 202) return done;
  return { status: 200 as const, body: { ticked, already, unknown, proposal: done.body.proposal } };
}

/** Opens one line again. @throws ProblemError; MusterError NOT_FOUND where it is not on the list */
export async function answerUntick(site: ApiSite, { actor }: ApiWho, number: number, issue: string) {
  const { answer, unknown } = await submitTicks(
    site.database,
    actor,
    { number, marks: [{ issue, done: false, remark: null }] },
    { kinds: EDITABLES, rules: site.rules, at: site.now() },
  );
  if (unknown.length > 0) throw new MusterError('NOT_FOUND', `${issue} is not on the list`);
  return settled(site, answer);
}
