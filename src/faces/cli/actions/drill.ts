import { EXIT } from '#base/errors';
import { type DrillSize, drillEdits } from '#bench/drill';
import { drillOutage } from '#bench/drill-outage';
import type { Context } from '../context.ts';

/** `muster drill edits` */
export async function edits(context: Context, size: Omit<DrillSize, 'kills'>): Promise<void> {
  await show(context, { ...size, kills: 0 });
}

/** `muster drill kills` */
export async function kills(context: Context, size: DrillSize): Promise<void> {
  await show(context, size);
}

async function show(context: Context, size: DrillSize): Promise<void> {
  const figure = await drillEdits(size, (words) => context.progress.show(words));
  if (!figure.holds) context.setExit(EXIT.failed);
  context.result(figure, () => {
    const { changes, editors, boxes, accepted, refused, lost, duplicated, log, holds } = figure;
    context.say(`${changes} changes by ${editors} editors on ${boxes} boxes in ${figure.seconds} s.`);
    if (size.kills > 0)
      context.say(
        `The server was killed ${figure.kills.server} times, its database ${figure.kills.database} times; ${figure.resent} requests were sent again.`,
      );
    context.say(`${accepted} were made, ${refused} refused with 409: what it was, theirs and yours.`);
    context.say(
      `${lost} lost, ${duplicated} made twice, ${figure.unasked} that nobody was told of, ${figure.withoutAnswer} without a right answer, ${figure.astray} boxes astray.`,
    );
    context.say(`History: ${log.entries} entries, the chain ${log.holds ? 'holds' : 'is broken'}.`);
    context.say(`Goal: nothing of that kind: ${holds ? 'holds' : 'does not hold'}.`);
  });
}

/** `muster drill outage` */
export async function outage(context: Context): Promise<void> {
  const figure = await drillOutage((words) => context.progress.show(words));
  if (!figure.holds) context.setExit(EXIT.failed);
  context.result(figure, () => {
    for (const [source, { words }] of Object.entries(figure.bySource))
      context.say(`${source.padEnd(13)} ${words.length === 0 ? 'no alarm' : words.join('; ')}`);
    const { alarms, reports, lost, came, roundup, stillOpen, log, holds } = figure;
    context.say(
      `${alarms} alarms. Of ${reports} reports ${lost} lost; ${came} came from the source that works.`,
    );
    context.say(`Roundup ${roundup.number} opened with ${roundup.lines} lines.`);
    context.say(`Once all worked again, ${stillOpen} alarms were still open.`);
    context.say(`History: ${log.entries} entries, the chain ${log.holds ? 'holds' : 'is broken'}.`);
    context.say(
      `Goal: five alarms, each the right one, nothing lost, the roundup opens: ${holds ? 'holds' : 'does not hold'}.`,
    );
  });
}
