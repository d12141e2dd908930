import { type Cli, examples } from '../program.ts';

/** `muster score grouping` */
export function scoreCommands({ program, run }: Cli): void {
  const score = program
    .command('score')
    .description('Figures of quality, on labelled data. Need no database.');
  const grouping = score
    .command('grouping')
    .description('Leave one distribution out, group what the others say, and compare with its own bundling.')
    .option(
      '--advisories <file>',
      'advisories with their products and CVEs, one JSON object a line (.gz or plain)',
    )
    .option('--corpus <dir>', 'folder with the labelled data', '../shared/data')
    .action(run(async () => (await import('../actions/score.ts')).grouping));
  examples(grouping, [
    './muster score grouping',
    './muster score grouping --advisories ../shared/data/grouping/advisories-2016-2017.jsonl.gz --json',
    './muster score grouping --corpus /data/muster',
  ]);
}
