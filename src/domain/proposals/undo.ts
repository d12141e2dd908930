import { type Database, eventById, lockHistory } from '#base/db';
import { MusterError } from '#base/errors';
import type { Actor } from '#domain/policies';
import type { Answer } from './answer.ts';
import type { Change, FieldValue } from './editable.ts';
import { check, make, type SubmitOptions } from './submit.ts';

/**
 * Takes one change back: a new event that sets the field to what it was before. A change that somebody built on since
 * answers with the conflict.
 *
 * @throws MusterError NOT_FOUND where that event is no change of a field, or what it was before is redacted
 */
export async function undo(
  database: Database,
  actor: Actor,
  event: number,
  options: SubmitOptions,
): Promise<Answer> {
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const entry = await eventById(tx, event);
    const told = entry?.payload as
      | { kind?: string; id?: string; field?: string; was?: number }
      | null
      | undefined;
    if (
      told?.kind === undefined ||
      told.id === undefined ||
      told.field === undefined ||
      told.was === undefined
    )
      throw new MusterError('NOT_FOUND', `entry ${event} of the history is no change that can be taken back`);
    const earlier = told.was === 0 ? null : await eventById(tx, told.was);
    if (told.was !== 0 && earlier?.payload?.value === undefined)
      throw new MusterError('NOT_FOUND', `what entry ${event} replaced is no longer known`);
    const change: Change = {
      kind: told.kind,
      id: told.id,
      field: told.field,
      value: (earlier?.payload?.value ?? null) as FieldValue,
      saw: event,
    };
    const checked = await check(tx, actor, [change], options, { takingBack: true });
    if ('outcome' in checked) return checked;
    if (checked.permission !== 'apply')
      throw new MusterError('FORBIDDEN', 'taking back what others see takes a triager; propose it instead');
    const made = await make(tx, checked.steps, options.kinds, {
      actor: actor.id,
      author: actor.id,
      proposal: null,
      cause: `undo of entry ${event}`,
      remark: null,
      at: options.at ?? new Date(),
      undoes: event,
    });
    return { outcome: 'accepted', proposal: null, made };
  });
}
