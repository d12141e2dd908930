import type { Queries } from '#base/db';
import { EXIT, MusterError } from '#base/errors';
import { listChannels } from '#domain/channels';
import {
  closeByChecklist,
  closeRoundup,
  findGate,
  gateTitle,
  importTicks,
  isGateNumber,
  listRoundups,
  openGate,
  openRoundup,
  type RoundupView,
  renderMarkdown,
  renderSummary,
  roundupView,
  tickLines,
  untick,
} from '#domain/roundup';
import type { ListArgument } from '../arguments.ts';
import type { Context } from '../context.ts';
import { moment } from '../moment.ts';
import { readText } from '../read-text.ts';
import { whoAmI } from '../who-am-i.ts';
import { matchWhatIsNew, NO_CHANNEL } from './match.ts';

const FAR_AHEAD_MS = 31 * 86_400_000;
const NOTHING_NEW =
  'Nothing of that time looks to concern a channel. To look further back: ./muster roundup close, then open the next one with --since DATE.';

/** `muster roundup open` */
export async function open(
  context: Context,
  flags: { at?: string; since?: string; lead?: string },
): Promise<void> {
  const at = moment('--at', flags.at);
  const since = moment('--since', flags.since);
  // No later roundup can be older: a slip of the pen would bar them for years.
  if (at !== undefined && at.getTime() > Date.now() + FAR_AHEAD_MS)
    throw new MusterError('USAGE', `--at ${flags.at} lies more than a month ahead`);
  const { opened, channels } = await context.withDatabase(async (database) => {
    await matchWhatIsNew(context, database);
    return {
      opened: await openRoundup(database, {
        ...(at && { at }),
        ...(since && { since }),
        ...(flags.lead && { lead: flags.lead }),
        actor: whoAmI(),
      }),
      channels: (await listChannels(database.queries)).length,
    };
  });
  context.result(opened, () => {
    const left = opened.carried > 0 ? `, ${opened.carried} of them carried over` : '';
    context.say(`Roundup ${opened.number} is open: ${opened.lines} lines${left}. ./muster roundup show`);
    if (opened.lines === 0) context.say(channels === 0 ? NO_CHANNEL : NOTHING_NEW);
  });
}

/** `muster roundup show` */
export async function show(context: Context, list: ListArgument | undefined): Promise<void> {
  const view = await viewOf(context, list);
  context.result(view, () => context.say(renderSummary(view).trimEnd()));
}

/** `muster roundup render` */
export async function render(
  context: Context,
  list: ListArgument | undefined,
  { format }: { format: string },
): Promise<void> {
  const view = await viewOf(context, list);
  if (context.json || format === 'json') {
    process.stdout.write(`${JSON.stringify(view, null, 2)}\n`);
  } else if (format === 'html') {
    const { standaloneRoundup } = await import('#faces/web');
    process.stdout.write(standaloneRoundup(view, context.config));
  } else {
    const { publicUrl } = context.config;
    process.stdout.write(renderMarkdown(view, publicUrl === undefined ? {} : { publicUrl }));
  }
}

/** `muster roundup close` */
export async function close(context: Context, flags: { at?: string; anyway?: boolean }): Promise<void> {
  const at = moment('--at', flags.at);
  const closed = await context.withDatabase((database) =>
    closeByChecklist(
      database,
      { id: whoAmI(), role: 'triager', account: null },
      { ...(at && { at }), ...(flags.anyway && { anyway: true }) },
    ),
  );
  context.result(closed, () =>
    context.say(
      `Roundup ${closed.number} is closed: ${closed.completed} done, ${closed.remaining} will be carried over.`,
    ),
  );
}

/** `muster roundup gate` */
export async function gate(
  context: Context,
  channel: string,
  flags: { release?: string; lead?: string; unknown?: boolean; close?: boolean },
): Promise<void> {
  if (flags.close === true) {
    const closed = await context.withDatabase((database) =>
      closeRoundup(database, {
        actor: whoAmI(),
        gate: channel,
        ...(flags.release && { release: flags.release }),
      }),
    );
    context.result(closed, () =>
      context.say(`The gate of ${channel} is closed: ${closed.completed} done, ${closed.remaining} left.`),
    );
    return;
  }
  const opened = await context.withDatabase(async (database) => {
    await matchWhatIsNew(context, database);
    return openGate(database, channel, {
      actor: whoAmI(),
      ...(flags.release && { release: flags.release }),
      ...(flags.lead && { lead: flags.lead }),
      ...(flags.unknown && { unknown: true }),
    });
  });
  const { title, release, lines, fresh } = opened;
  context.result(opened, () =>
    context.say(
      `${title} is open${fresh ? `: ${lines} lines.` : ' already:'} ./muster roundup show ${channel}/${release}`,
    ),
  );
}

/** `muster roundup list` */
export async function list(context: Context): Promise<void> {
  const all = await context.query(listRoundups);
  context.result(all, () => {
    if (all.length === 0) context.say('There is no roundup yet: ./muster roundup open');
    for (const { number, openedAt, closedAt, lead } of all) {
      const state = closedAt === null ? 'open' : `closed ${closedAt.toISOString().slice(0, 10)}`;
      context.say(
        `Roundup ${number}  ${openedAt.toISOString().slice(0, 10)}  ${state}${lead === null ? '' : `  ${lead}`}`,
      );
    }
  });
}

/** `muster roundup import` */
export async function take(
  context: Context,
  file: string,
  flags: { number?: ListArgument; by?: string },
): Promise<void> {
  const text = await readText(file);
  if (!text.includes(`${context.config.issuePrefix}-`))
    throw new MusterError(
      'FILE_MALFORMED',
      `${file} names no issue: it is not a roundup as \`render\` writes it`,
    );
  const result = await context.withDatabase(async (database) =>
    importTicks(database, text, {
      number: await numberOf(database.queries, flags.number),
      by: flags.by ?? whoAmI(),
      cause: `imported from ${file}`,
    }),
  );
  if (result.problems.length > 0 || result.unknown.length > 0) context.setExit(EXIT.quarantined);
  context.result(result, () => {
    context.say(
      `${listWords(result.roundup)}: ${result.ticked.length} ticked, ${result.already.length} were done already, ${result.remarked.length} have a new remark.`,
    );
    for (const issue of result.unknown) context.say(`  ${issue}: not on this roundup`);
    for (const { line, message } of result.problems) context.say(`  ${file}:${line}: ${message}`);
  });
}

/** `muster roundup tick` */
export async function tick(
  context: Context,
  issues: string[],
  flags: { number?: ListArgument; remark?: string },
): Promise<void> {
  const ticks = issues.map((issue) => ({ issue, remark: flags.remark ?? null }));
  const result = await context.withDatabase(async (database) =>
    tickLines(database, ticks, {
      number: await numberOf(database.queries, flags.number),
      by: whoAmI(),
      cause: 'ticked',
    }),
  );
  if (result.unknown.length > 0) context.setExit(EXIT.failed);
  context.result(result, () => {
    context.say(`${result.ticked.length} ticked, ${result.already.length} were done already.`);
    for (const issue of result.unknown)
      context.say(`  ${issue}: not on ${listWords(result.roundup).toLowerCase()}`);
  });
}

/** `muster roundup untick` */
export async function back(context: Context, issue: string, flags: { number?: ListArgument }): Promise<void> {
  await context.withDatabase(async (database) =>
    untick(database, issue, { number: await numberOf(database.queries, flags.number), by: whoAmI() }),
  );
  context.result({ issue, done: false }, () => context.say(`${issue} is open again.`));
}

function viewOf({ query, config }: Context, list: ListArgument | undefined): Promise<RoundupView> {
  return query(async (queries) => roundupView(queries, config.team, await numberOf(queries, list)));
}

/** A gate is called by its channel, never by its number. */
function listWords(number: number): string {
  return isGateNumber(number) ? 'The release gate' : `Roundup ${number}`;
}

/** The number under which a list is stored; of none, none: the latest weekly one. */
async function numberOf(queries: Queries, list: ListArgument | undefined): Promise<number | undefined> {
  if (list === undefined || typeof list === 'number') return list;
  const gate = await findGate(queries, list);
  if (gate !== null) return gate.number;
  const { channel, release } = list;
  const name = release === undefined ? `release gate of ${channel}` : gateTitle({ channel, release });
  throw new MusterError('NOT_FOUND', `there is no ${name} (./muster roundup gate ${channel})`);
}
