import type { Actor } from '#domain/policies';
import { redact } from '#domain/proposals';
import { COPIES, EDITABLES } from '#faces/editing';
import type { Context } from '../context.ts';
import { whoAmI } from '../who-am-i.ts';

/** `muster redact` */
export async function redactEntry(
  context: Context,
  event: number,
  { reason }: { reason: string },
): Promise<void> {
  const actor: Actor = { id: whoAmI(), role: 'security', account: null };
  const options = { kinds: EDITABLES, copies: COPIES };
  const result = await context.withDatabase((database) => redact(database, actor, event, reason, options));
  context.result(result, () => {
    context.say(`Erased: ${result.events.join(', ')}.`);
    if (result.others.length > 0)
      context.say(`Other entries about the same still hold words: ${result.others.join(', ')}.`);
  });
}
