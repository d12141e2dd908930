import { EXIT } from '#base/errors';
import { benchLoad } from '#bench/load';
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
