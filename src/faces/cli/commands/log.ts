import { verifyLog } from '#base/db';
import { type Cli, examples } from '../program.ts';

/** `muster log verify` */
export function logCommands({ program, run }: Cli): void {
  const log = program.command('log').description('The history of everything that was decided.');
  const verify = log
    .command('verify')
    .description('Prove that no entry of the history was changed, taken out or put in.')
    .action(
      run(async (context) => {
        const result = await context.withDatabase(({ queries }) => verifyLog(queries));
        context.result({ holds: true, ...result }, () =>
          context.say(`The chain holds: ${result.entries} entries, ${result.redacted} of them redacted.`),
        );
      }),
    );
  examples(verify, [
    './muster log verify',
    './muster log verify --json',
    './muster log verify --data ./data/demo',
  ]);
}
