import { EXIT } from '#base/errors';
import { type DrillSize, drillEdits } from '#bench/drill';
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
