import { verifyLog } from '#base/db';
import type { Context } from '../context.ts';

/** `muster log verify` */
export async function verify(context: Context): Promise<void> {
  const result = await context.query(verifyLog);
  context.result({ holds: true, ...result }, () =>
    context.say(`The chain holds: ${result.entries} entries, ${result.redacted} of them redacted.`),
  );
}
