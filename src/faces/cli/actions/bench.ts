import { EXIT } from '#base/errors';
import { benchFuzz } from '#bench/fuzz';
import { benchInsight, type Cpu } from '#bench/insight';
import { benchLive } from '#bench/live';
import { benchLoad } from '#bench/load';
import { benchMail } from '#bench/mail';
import { benchPages } from '#bench/pages';
import { benchSearch } from '#bench/search';
import { FULL_SIZE, seed as fill, SMALL_SIZE } from '#bench/seed';
import { SOURCES, sourceNamed } from '#domain/sources';
import type { Context } from '../context.ts';

/** `muster bench load` */
export async function load(context: Context, { corpus }: { corpus: string }): Promise<void> {
  context.progress.show('loading CVE records');
  const figure = await benchLoad(corpus);
  if (!figure.holds) context.setExit(EXIT.failed);
  context.result(figure, () => {
    const { records, seconds, perCpuSecond, floor, goal, holds } = figure;
    context.say(
      `${records} records in ${seconds.node} s (Node) + ${seconds.postgres} s (PostgreSQL) of CPU: ${perCpuSecond} a CPU-second.`,
    );
    context.say(`JSON.parse alone of the same records, in the same run: ${floor} s.`);
    context.say(`Goal: ≥ ${goal}: ${holds ? 'holds' : 'does not hold'}.`);
  });
}

/** `muster bench mail` */
export async function mail(context: Context, { messages }: { messages: number }): Promise<void> {
  context.progress.show(`reading ${messages} messages`);
  const figure = await benchMail({ messages });
  if (!figure.holds) context.setExit(EXIT.failed);
  context.result(figure, () => {
    const { seconds, perCpuSecond, megabytes, threads, peakMegabytes, goal, holds } = figure;
    context.say(
      `${figure.messages} messages (${megabytes} MB) in ${threads} threads: ${seconds.node} s (Node) + ${seconds.postgres} s (PostgreSQL) of CPU, ${perCpuSecond} a CPU-second.`,
    );
    context.say(
      `Memory of Node at its highest: ${peakMegabytes.tenth} MB up to a tenth of them, ${peakMegabytes.whole} MB in all.`,
    );
    context.say(`Goal: ≥ ${goal}, and flat memory: ${holds ? 'holds' : 'does not hold'}.`);
  });
}

/** `muster bench fuzz` */
export async function fuzz(
  context: Context,
  source: string | undefined,
  { seconds, seed, corpus }: { seconds: number; seed: number; corpus: string },
): Promise<void> {
  const figure = await benchFuzz({
    sources: source === undefined ? SOURCES : [sourceNamed(source)],
    seconds,
    seed,
    corpus,
    onProgress: (words) => context.progress.show(words),
  });
  if (!figure.holds) context.setExit(EXIT.failed);
  context.result(figure, () => {
    for (const { parser, cases, reports, refused, slowest, megabytes, failure } of figure.parsers) {
      const ended =
        failure === null
          ? ''
          : `: ${failure.kind} at seed ${failure.seed}, case ${failure.at}: ${failure.message}`;
      context.say(
        `${parser.padEnd(28)} ${cases} cases, ${reports} reports, ${refused} refused, slowest ${slowest} ms, ${megabytes} MB${ended}`,
      );
    }
    const { crashes, hangs, holds } = figure;
    context.say(
      `${figure.cases} cases, ${crashes} crashes, ${hangs} hangs. Goal: none, and each within ${figure.goal.megabytes} MB: ${holds ? 'holds' : 'does not hold'}.`,
    );
  });
}

/** `muster bench live` */
export async function live(
  context: Context,
  { listeners, changes }: { listeners: number; changes: number },
): Promise<void> {
  context.progress.show(`${changes} changes before ${listeners} listeners`);
  const figure = await benchLive({ listeners, changes });
  if (!figure.holds) context.setExit(EXIT.failed);
  context.result(figure, () => {
    const { received, milliseconds, goal, holds } = figure;
    context.say(`${received} of ${listeners * changes} messages came to ${listeners} listeners.`);
    context.say(
      `From commit to received: median ${milliseconds.median} ms, p95 ${milliseconds.p95} ms, worst ${milliseconds.worst} ms.`,
    );
    context.say(`Goal: all of them, p95 ≤ ${goal} ms: ${holds ? 'holds' : 'does not hold'}.`);
  });
}

/** `muster bench search` */
export async function search(context: Context, { rounds }: { rounds: number }): Promise<void> {
  context.progress.show('searching');
  const figure = await context.withDatabase((database) => benchSearch(database, { rounds }));
  if (!figure.holds) context.setExit(EXIT.failed);
  context.result(figure, () => {
    const { searches, milliseconds, kinds, goal, holds } = figure;
    for (const { kind, p95, worst, slowest } of kinds)
      context.say(`${kind}: p95 ${p95} ms, worst ${worst} ms (“${slowest}”)`);
    context.say(
      `${searches} searches: median ${milliseconds.median} ms, p95 ${milliseconds.p95} ms, worst ${milliseconds.worst} ms.`,
    );
    context.say(`Goal: p95 ≤ ${goal} ms: ${holds ? 'holds' : 'does not hold'}.`);
  });
}

/** `muster bench seed` */
export async function seed(context: Context, { small = false }: { small?: boolean }): Promise<void> {
  const made = await context.withDatabase((database) =>
    fill(database, small ? SMALL_SIZE : FULL_SIZE, (words) => context.progress.show(words)),
  );
  context.result(made, () => {
    const { vulnerabilities, issues, suggestions, statuses, events, seconds } = made;
    context.say(
      `${vulnerabilities} vulnerabilities, ${issues} issues, ${suggestions} suggestions, ${statuses} statuses, ${events} events in ${seconds} s.`,
    );
    context.say(`The median issue: ${made.medianIssue}; one in a hundred: ${made.largeIssue}.`);
  });
}

/** `muster bench insight` */
export async function insight(context: Context): Promise<void> {
  const figure = await context.withDatabase((database) =>
    benchInsight(database, context.config.data, (words) => context.progress.show(words)),
  );
  if (!figure.holds) context.setExit(EXIT.failed);
  context.result(figure, () => {
    const words = ({ node, postgres, cpu }: Cpu) =>
      `${cpu} ms of CPU, ${node} of Node and ${postgres} of PostgreSQL`;
    const { fromNothing, nothingNew, newRevision, pages } = figure;
    if (fromNothing !== null) context.say(`${fromNothing.issues} issues from nothing: ${words(fromNothing)}`);
    context.say(`Nothing new: ${words(nothingNew)}`);
    context.say(
      `A revision with ${newRevision.changed} changed packages, ${newRevision.issues} issues: ${words(newRevision)}`,
    );
    for (const { path, bytes, first, warm, goal } of pages) {
      const held =
        goal === null ? '' : ` · goal ≤ ${goal} ms: ${warm.cpu <= goal ? 'holds' : 'does not hold'}`;
      context.say(`${path} (${bytes} bytes): first ${words(first)}; warm ${words(warm)}${held}`);
    }
  });
}

/** `muster bench pages` */
export async function pages(
  context: Context,
  { requests, only }: { requests: number; only?: string },
): Promise<void> {
  context.progress.show('asking for pages');
  const figure = await context.withDatabase((database) =>
    benchPages(database, context.config.data, { requests, ...(only !== undefined && { only }) }),
  );
  if (!figure.holds) context.setExit(EXIT.failed);
  context.result(figure, () => {
    for (const { name, path, node, postgres, cpu, bytes, goal } of figure.pages) {
      const held = goal === null ? '' : ` · goal ≤ ${goal} ms: ${cpu <= goal ? 'holds' : 'does not hold'}`;
      context.say(
        `${name} (${path}, ${bytes} bytes): ${cpu} ms of CPU, ${node} of Node and ${postgres} of PostgreSQL${held}`,
      );
    }
  });
}
