import { forgetNotices } from '#domain/issues';
import type { Actor } from '#domain/policies';
import { redact } from '#domain/proposals';
import { EDITABLES } from '#faces/editing';
import { numberArgument, whoAmI } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

/** `muster redact EVENT --reason TEXT` */
export function redactCommand({ program, run }: Cli): void {
  const command = program
    .command('redact')
    .description(
      'Erase for good what an entry of the history says, and every copy of it: what the field holds, proposals, comments, notices. Who did it and why stays in the history, and the chain still holds.',
    )
    .argument('<event>', 'number of the entry', numberArgument)
    .requiredOption('--reason <text>', 'why; the history keeps it, so say nothing of what is erased')
    .action(
      run(async (context, event: number, { reason }: { reason: string }) => {
        const actor: Actor = { id: whoAmI(), role: 'security', account: null };
        const options = { kinds: EDITABLES, copies: [forgetNotices] };
        const result = await context.withDatabase((database) =>
          redact(database, actor, event, reason, options),
        );
        context.result(result, () => {
          context.say(`Erased: ${result.events.join(', ')}.`);
          if (result.others.length > 0)
            context.say(`Other entries about the same still hold words: ${result.others.join(', ')}.`);
        });
      }),
    );
  examples(command, [
    './muster redact 4711 --reason "a password was pasted"',
    './muster redact 4711 --reason "asked for by its author" --json',
    './muster redact 4711 --reason "personal data" && ./muster log verify',
  ]);
}
