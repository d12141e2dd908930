import { EXIT } from '#base/errors';
import { readLabelledAdvisories, scoreGrouping } from '#domain/issues';
import type { Context } from '../context.ts';
import { readText } from '../read-text.ts';
import { table } from '../table.ts';

const GOALS = { f1: 0.8, largest: 100 };

/** `muster score grouping` */
export async function grouping(
  context: Context,
  flags: { advisories?: string; corpus: string },
): Promise<void> {
  const file = flags.advisories ?? `${flags.corpus}/grouping/advisories-2016-2017.jsonl.gz`;
  const advisories = readLabelledAdvisories(await readText(file), file);
  const result = scoreGrouping(advisories);
  const byYear = Object.fromEntries(
    [...new Set(advisories.map(({ date }) => date.slice(0, 4)))].sort().map((year) => {
      const { f1, precision, recall } = scoreGrouping(advisories.filter(({ date }) => date.startsWith(year)));
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
}
