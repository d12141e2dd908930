import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { EXIT, MusterError } from '#base/errors';
import { readLabelledAdvisories, scoreGrouping } from '#domain/issues';
import { type Cli, examples } from '../program.ts';
import { table } from '../table.ts';

const GOALS = { f1: 0.8, largest: 100 };

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
    .action(
      run(async (context, flags: { advisories?: string; corpus: string }) => {
        const file = flags.advisories ?? `${flags.corpus}/grouping/advisories-2016-2017.jsonl.gz`;
        const advisories = readLabelledAdvisories(await readText(file), file);
        const result = scoreGrouping(advisories);
        const byYear = Object.fromEntries(
          [...new Set(advisories.map(({ date }) => date.slice(0, 4)))].sort().map((year) => {
            const { f1, precision, recall } = scoreGrouping(
              advisories.filter(({ date }) => date.startsWith(year)),
            );
            return [year, { f1, precision, recall }];
          }),
        );
        const holds = result.f1 >= GOALS.f1 && result.largest <= GOALS.largest;
        if (!holds) context.setExit(EXIT.failed);
        context.result({ ...result, byYear, goals: GOALS, holds }, () => {
          const row = (name: string, each: { f1: number; precision: number; recall: number }) => [
            name,
            each.f1.toFixed(3),
            each.precision.toFixed(3),
            each.recall.toFixed(3),
          ];
          const rows = [
            ...Object.entries(result.bySource).map(([source, each]) => row(source, each)),
            row('mean', result),
            ...Object.entries(byYear).map(([year, each]) => row(year, each)),
          ];
          context.say(table(['left out', 'F1', 'precision', 'recall'], rows));
          context.say(
            `\n${result.advisories} advisories make ${result.issues} issues; the largest has ${result.largest} atoms.`,
          );
          context.say(
            `Goal: F1 ≥ ${GOALS.f1.toFixed(2)}, largest ≤ ${GOALS.largest}: ${holds ? 'holds' : 'does not hold'}.`,
          );
        });
      }),
    );
  examples(grouping, [
    './muster score grouping',
    './muster score grouping --advisories ../shared/data/grouping/advisories-2016-2017.jsonl.gz --json',
    './muster score grouping --corpus /data/muster',
  ]);
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new MusterError('FILE_UNREADABLE', `cannot read ${file}`, { cause });
  }
  if (!file.endsWith('.gz')) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (cause) {
    throw new MusterError('FILE_MALFORMED', `${file} is no gzip file, or it was cut off`, { cause });
  }
}
