// What CISA and FIRST publish, made up, for tests of what is done with it.
import { Readable } from 'node:stream';
import type { Database } from '#base/db';
import { sourceNamed, syncFiles } from '#domain/sources';

/** CISA's catalogue of a day, with the day on which each vulnerability was added. */
export async function catalogue(
  database: Database,
  day: string,
  added: Readonly<Record<string, string>>,
): Promise<void> {
  const text = JSON.stringify({
    catalogVersion: day.replaceAll('-', '.'),
    dateReleased: `${day}T10:00:00.0000Z`,
    count: Object.keys(added).length,
    vulnerabilities: Object.entries(added).map(([cveID, dateAdded]) => ({
      ...{ cveID, dateAdded, dueDate: '2030-01-01' },
    })),
  });
  await sync(database, 'kev', 'known_exploited_vulnerabilities.json', text);
}

/** The scores of a day: of each vulnerability the share of all that are less likely to be used. */
export async function scores(
  database: Database,
  day: string,
  percentiles: Readonly<Record<string, number>>,
): Promise<void> {
  const lines = Object.entries(percentiles).map(([id, percentile]) => `${id},0.5,${percentile}`);
  const text = `#model_version:v2023.03.01,score_date:${day}T00:00:00+0000\ncve,epss,percentile\n${lines.join('\n')}\n`;
  await sync(database, 'epss', `epss_scores-${day}.csv`, text);
}

async function sync(database: Database, source: string, path: string, text: string): Promise<void> {
  const file = { path, open: () => Readable.from([Buffer.from(text)]) };
  const { quarantined } = await syncFiles(database, sourceNamed(source), [file], {
    ours: true,
    accept: true,
  });
  if (quarantined > 0) throw new Error(`${path} was not read`);
}
