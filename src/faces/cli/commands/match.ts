import { countSuggestions, rematch } from '#domain/matching';
import { type Cli, examples } from '../program.ts';

/** `muster match` */
export function matchCommand({ program, run }: Cli): void {
  const command = program
    .command('match')
    .description(
      'Group what was announced into issues, and find which of our packages they hit. Does nothing where nothing is new.',
    )
    .action(
      run(async (context) => {
        const result = await context.withDatabase(async (database) => ({
          ...(await rematch(database, (done, of) => context.progress.show(`matching  ${done}/${of} issues`))),
          suggestions: await countSuggestions(database.queries),
        }));
        context.result(result, () => {
          const { toLookAt, all } = result.suggestions;
          const done = result.ran
            ? `${result.issues} issues matched, ${result.fresh} new suggestions`
            : 'Nothing is new since the last time';
          context.say(
            `${done}. ${toLookAt} of ${all} suggestions are to be looked at; the others look safe.`,
          );
        });
      }),
    );
  examples(command, ['./muster match', './muster match --json', './muster sync debian && ./muster match']);
}
