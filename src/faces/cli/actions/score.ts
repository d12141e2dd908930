import { existsSync } from 'node:fs';
import { EXIT } from '#base/errors';
import {
  canonicalProduct,
  readLabelledAdvisories,
  scoreGrouping,
  scoreReleases,
  type UpstreamRelease,
} from '#domain/issues';
import { readFolder, sourceNamed } from '#domain/sources';
import type { Context } from '../context.ts';
import { readText } from '../read-text.ts';
import { table } from '../table.ts';

const GOALS = { f1: 0.82, largest: 100, mozilla: 0.86 };

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
  const releases = await mozillasReleases(`${flags.corpus}/feeds/mozilla`);
  const mozilla = releases.length === 0 ? null : scoreReleases(advisories, releases);
  const holds =
    result.f1 >= GOALS.f1 &&
    result.largest <= GOALS.largest &&
    (mozilla === null || mozilla.atoms === 0 || mozilla.f1 >= GOALS.mozilla);
  if (!holds) context.setExit(EXIT.failed);
  context.result({ ...result, byYear, mozilla, goals: GOALS, holds }, () => {
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
      ...(mozilla === null ? [] : [row('Mozilla’s own', mozilla)]),
    ];
    context.say(table(['left out', 'F1', 'precision', 'recall'], rows));
    context.say(
      `\n${result.advisories} advisories make ${result.issues} issues; the largest has ${result.largest} atoms.`,
    );
    context.say(
      `Goal: F1 ≥ ${GOALS.f1.toFixed(2)}, largest ≤ ${GOALS.largest}, Mozilla’s own releases ≥ ${GOALS.mozilla.toFixed(2)}${mozilla === null ? ' (not there)' : ''}: ${holds ? 'holds' : 'does not hold'}.`,
    );
  });
}

/**
 * What each of Mozilla's releases mends, of its own records; none where they are not there. Until the end of 2016 a record was one flaw:
 * those of one product and day are one release.
 */
async function mozillasReleases(folder: string): Promise<UpstreamRelease[]> {
  if (!existsSync(folder)) return [];
  const records = await readFolder(sourceNamed('mozilla'), folder);
  return records.flatMap(({ format, report }) => {
    const products = new Set(report.affected.map(({ ecosystem, name }) => canonicalProduct(ecosystem, name)));
    const name = format === 'mfsa' ? report.key : (report.published ?? report.key);
    return [...products].map((product) => ({ product, name, cves: report.vulnerabilities }));
  });
}
