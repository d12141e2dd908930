import { type Cli, examples } from '../program.ts';

const actions = () => import('../actions/source.ts');

/** `muster source list|quarantine` */
export function sourceCommands({ program, run }: Cli): void {
  const source = program
    .command('source')
    .description('The sources: who they are, how they stand, what could not be read.');
  const list = source
    .command('list')
    .description('Every source with what is stored, its licence, and when it was last read.')
    .action(run(async () => (await actions()).list));
  examples(list, [
    './muster source list',
    './muster source list --json',
    './muster source list --data /tmp/trial',
  ]);
  const quarantine = source
    .command('quarantine')
    .description('Documents that could not be read, with the reason.')
    .argument('[source]', 'only of this source')
    .action(run(async () => (await actions()).quarantine));
  examples(quarantine, [
    './muster source quarantine',
    './muster source quarantine nvd',
    './muster source quarantine --json',
  ]);
}
