import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import { EXIT, MusterError } from '#base/errors';
import { rematch } from '#domain/matching';
import {
  closeRoundup,
  importTicks,
  listRoundups,
  openRoundup,
  renderMarkdown,
  renderSummary,
  roundupView,
  tickLines,
  untick,
} from '#domain/roundup';
import { standaloneRoundup } from '#faces/web';
import { dateFlag, numberArgument, whoAmI } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

/** `muster roundup open|show|render|close|list|import|tick|untick` */
export function roundupCommands({ program, run }: Cli): void {
  const roundup = program
    .command('roundup')
    .description('The weekly list: open, show, render, close; ticks back from an edited file.');

  const open = roundup
    .command('open')
    .description('Open the next roundup: what came in since the last one, and what is left over of it.')
    .option('--at <date>', 'the day that it bears (default: now)', dateFlag)
    .option(
      '--since <date>',
      'how far the list looks back (default: to the one before; a week for the first)',
      dateFlag,
    )
    .option('--lead <name>', 'the round lead')
    .action(
      run(async (context, flags: { at?: Date; since?: Date; lead?: string }) => {
        await context.withDatabase(async (database) => {
          await rematch(database, (done, of) => context.progress.show(`matching  ${done}/${of} issues`));
          const opened = await openRoundup(database, { ...flags, actor: whoAmI() });
          context.result(opened, () => {
            const left = opened.carried > 0 ? `, ${opened.carried} of them carried over` : '';
            context.say(
              `Roundup ${opened.number} is open: ${opened.lines} lines${left}. ./muster roundup show`,
            );
          });
        });
      }),
    );
  examples(open, [
    './muster roundup open --lead grahamc',
    './muster roundup open --at 2017-06-28 --since 2017-06-21',
    './muster roundup open --json',
  ]);

  const show = roundup
    .command('show')
    .description('Show a roundup as it stands now.')
    .argument('[number]', 'default: the latest', numberArgument)
    .action(
      run(async (context, number: number | undefined) => {
        const view = await context.withDatabase(({ queries }) =>
          roundupView(queries, context.config.team, number),
        );
        context.result(view, () => context.say(renderSummary(view).trimEnd()));
      }),
    );
  examples(show, [
    './muster roundup show',
    './muster roundup show 12',
    './muster roundup show --json | jq .remaining',
  ]);

  const render = roundup
    .command('render')
    .description('Write a roundup as markdown, HTML or JSON to standard output.')
    .argument('[number]', 'default: the latest', numberArgument)
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(['markdown', 'html', 'json'])
        .default('markdown'),
    )
    .action(
      run(async (context, number: number | undefined, { format }: { format: string }) => {
        const view = await context.withDatabase(({ queries }) =>
          roundupView(queries, context.config.team, number),
        );
        const { publicUrl } = context.config;
        const text =
          format === 'json' || context.json
            ? `${JSON.stringify(view, null, 2)}\n`
            : format === 'html'
              ? standaloneRoundup(view, context.config)
              : renderMarkdown(view, publicUrl === undefined ? {} : { publicUrl });
        process.stdout.write(text);
      }),
    );
  examples(render, [
    './muster roundup render > roundup.md',
    './muster roundup render 12 --format html > 12.html',
    './muster roundup render --format json',
  ]);

  const close = roundup
    .command('close')
    .description('Close the open roundup. What is not done is carried over by the next one.')
    .option('--at <date>', 'the day that it bears (default: now)', dateFlag)
    .action(
      run(async (context, flags: { at?: Date }) => {
        const closed = await context.withDatabase((database) =>
          closeRoundup(database, { ...flags, actor: whoAmI() }),
        );
        context.result(closed, () =>
          context.say(
            `Roundup ${closed.number} is closed: ${closed.completed} done, ${closed.remaining} will be carried over.`,
          ),
        );
      }),
    );
  examples(close, [
    './muster roundup close',
    './muster roundup close --at 2017-07-05',
    './muster roundup close --json',
  ]);

  const list = roundup
    .command('list')
    .description('All roundups, the latest first.')
    .action(
      run(async (context) => {
        const all = await context.withDatabase(({ queries }) => listRoundups(queries));
        context.result(all, () => {
          if (all.length === 0) context.say('There is no roundup yet: ./muster roundup open');
          for (const { number, openedAt, closedAt, lead } of all) {
            const state = closedAt === null ? 'open' : `closed ${closedAt.toISOString().slice(0, 10)}`;
            context.say(
              `Roundup ${number}  ${openedAt.toISOString().slice(0, 10)}  ${state}${lead === null ? '' : `  ${lead}`}`,
            );
          }
        });
      }),
    );
  examples(list, [
    './muster roundup list',
    './muster roundup list --json',
    './muster roundup list --data ./data/demo',
  ]);

  const take = roundup
    .command('import')
    .description(
      'Take ticks back from a roundup that was edited as markdown. Nobody else’s tick is ever taken away.',
    )
    .argument('<file>', 'the edited file')
    .option(
      '--number <n>',
      'roundup that the ticks belong to (default: the one that the file names)',
      numberArgument,
    )
    .option('--by <name>', 'whose ticks they are (default: you)')
    .action(
      run(async (context, file: string, flags: { number?: number; by?: string }) => {
        const text = await readText(file);
        const result = await context.withDatabase((database) =>
          importTicks(database, text, {
            number: flags.number,
            by: flags.by ?? whoAmI(),
            cause: `imported from ${file}`,
          }),
        );
        if (result.problems.length > 0 || result.unknown.length > 0) context.setExit(EXIT.quarantined);
        context.result(result, () => {
          context.say(
            `Roundup ${result.roundup}: ${result.ticked.length} ticked, ${result.already.length} were done already.`,
          );
          for (const issue of result.unknown) context.say(`  ${issue}: not on this roundup`);
          for (const { line, message } of result.problems) context.say(`  ${file}:${line}: ${message}`);
        });
      }),
    );
  examples(take, [
    './muster roundup import roundup.md',
    './muster roundup import roundup.md --by fpletz',
    './muster roundup import old.md --number 12',
  ]);

  const tick = roundup
    .command('tick')
    .description('Tick lines: looked at, and nothing left to do.')
    .argument('<issue...>', 'ids of issues')
    .option('--number <n>', 'roundup (default: the latest)', numberArgument)
    .option('--remark <text>', 'what to put behind the line')
    .action(
      run(async (context, issues: string[], flags: { number?: number; remark?: string }) => {
        const ticks = issues.map((issue) => ({ issue, remark: flags.remark ?? null }));
        const result = await context.withDatabase((database) =>
          tickLines(database, ticks, { number: flags.number, by: whoAmI(), cause: 'ticked' }),
        );
        if (result.unknown.length > 0) context.setExit(EXIT.failed);
        context.result(result, () => {
          context.say(`${result.ticked.length} ticked, ${result.already.length} were done already.`);
          for (const issue of result.unknown) context.say(`  ${issue}: not on roundup ${result.roundup}`);
        });
      }),
    );
  examples(tick, [
    './muster roundup tick NSI-2017-0043',
    './muster roundup tick NSI-2017-0043 NSI-2017-0044',
    './muster roundup tick NSI-2017-0043 --remark "not packaged"',
  ]);

  const back = roundup
    .command('untick')
    .description('Take the tick of a line back.')
    .argument('<issue>', 'id of the issue')
    .option('--number <n>', 'roundup (default: the latest)', numberArgument)
    .action(
      run(async (context, issue: string, flags: { number?: number }) => {
        await context.withDatabase((database) =>
          untick(database, issue, { number: flags.number, by: whoAmI() }),
        );
        context.result({ issue, done: false }, () => context.say(`${issue} is open again.`));
      }),
    );
  examples(back, [
    './muster roundup untick NSI-2017-0043',
    './muster roundup untick NSI-2017-0043 --number 12',
    './muster roundup untick NSI-2017-0043 --json',
  ]);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new MusterError('FILE_UNREADABLE', `cannot read ${file}`, { cause });
  }
}
