import { listQuarantine, SOURCES, sourceNamed, sourceStates } from '#domain/sources';
import { type Cli, examples } from '../program.ts';
import { table } from '../table.ts';

/** `muster source list|quarantine` */
export function sourceCommands({ program, run }: Cli): void {
  const source = program
    .command('source')
    .description('The sources: who they are, how they stand, what could not be read.');
  const list = source
    .command('list')
    .description('Every source with what is stored, its licence, and when it was last read.')
    .action(
      run(async (context) => {
        const states = await context.withDatabase(({ queries }) => sourceStates(queries));
        const rows = SOURCES.map(({ id, title, homepage, licence }) => {
          const state = states.find((each) => each.source === id);
          return {
            source: id,
            title,
            homepage,
            licence: licence.name,
            reports: state?.reports ?? 0,
            quarantined: state?.quarantined ?? 0,
            newest: state?.newest?.toISOString().slice(0, 10) ?? null,
            lastSuccess: state?.last_success?.toISOString() ?? null,
            lastError: state?.last_error ?? null,
          };
        });
        context.result(rows, () => {
          context.say(
            table(
              ['source', 'reports', 'quarantined', 'newest', 'last read', 'licence'],
              rows.map((row) => [
                row.source,
                row.reports,
                row.quarantined,
                row.newest ?? '–',
                row.lastSuccess?.slice(0, 16).replace('T', ' ') ?? 'never',
                row.licence,
              ]),
            ),
          );
        });
      }),
    );
  const quarantine = source
    .command('quarantine')
    .description('Documents that could not be read, with the reason.')
    .argument('[source]', 'only of this source')
    .action(
      run(async (context, name: string | undefined) => {
        const id = name === undefined ? undefined : sourceNamed(name).id;
        const entries = await context.withDatabase(({ queries }) => listQuarantine(queries, id));
        context.result(entries, () => {
          if (entries.length === 0) context.say('Nothing is in quarantine.');
          for (const { source: of, path, document, reason, place, message } of entries) {
            context.say(`${of}  ${path}${document === '' || document === path ? '' : `  ${document}`}`);
            context.say(`    ${reason}${place === '' ? '' : ` at ${place}`}: ${message}`);
          }
        });
      }),
    );
  examples(list, [
    './muster source list',
    './muster source list --json',
    './muster source list --data /tmp/trial',
  ]);
  examples(quarantine, [
    './muster source quarantine',
    './muster source quarantine nvd',
    './muster source quarantine --json',
  ]);
}
