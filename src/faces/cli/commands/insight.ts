import { type Cli, examples } from '../program.ts';

const actions = () => import('../actions/insight.ts');

/** `muster insight refresh|show|compare` */
export function insightCommands({ program, run }: Cli): void {
  const insight = program
    .command('insight')
    .description('Figures: what was open when, how fast it was fixed, and who did the work.');

  const refresh = insight
    .command('refresh')
    .description('Bring the figures up to what is stored. A worker does it every ten minutes.')
    .action(run(async () => (await actions()).refresh));
  examples(refresh, [
    './muster insight refresh',
    './muster insight refresh --json',
    './muster channel import nixos-17.03 set.json.gz && ./muster insight refresh',
  ]);

  const show = insight
    .command('show')
    .description('Show the figures as they were last reckoned.')
    .action(run(async () => (await actions()).show));
  examples(show, [
    './muster insight show',
    './muster insight show --json | jq .tenDays.year',
    './muster insight refresh && ./muster insight show',
  ]);

  const compare = insight
    .command('compare')
    .description('What a channel was exposed to at two of its revisions: what came, what went, what stayed.')
    .argument('<channel>', 'name of the channel')
    .argument('<from>', 'commit, or day')
    .argument('[to]', 'commit, or day (default: the newest revision)')
    .action(run(async () => (await actions()).compare));
  examples(compare, [
    './muster insight compare nixos-17.03 2017-04-30 2017-10-31',
    './muster insight compare nixos-17.03 2017-10-31',
    './muster insight compare nixos-16.09 ba3ea2c --json',
  ]);
}
