import { numberArgument, reasonArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

/** `muster redact EVENT --reason TEXT` */
export function redactCommand({ program, run }: Cli): void {
  const command = program
    .command('redact')
    .description(
      'Erase for good what an entry of the history says, and every copy of it: what the field holds, proposals, comments, notices. Who did it and why stays in the history, and the chain still holds.',
    )
    .argument('<event>', 'number of the entry', numberArgument)
    .requiredOption(
      '--reason <text>',
      'why; the history keeps it, so say nothing of what is erased',
      reasonArgument,
    )
    .action(run(async () => (await import('../actions/redact.ts')).redactEntry));
  examples(command, [
    './muster redact 4711 --reason "a password was pasted"',
    './muster redact 4711 --reason "asked for by its author" --json',
    './muster redact 4711 --reason "personal data" && ./muster log verify',
  ]);
}
