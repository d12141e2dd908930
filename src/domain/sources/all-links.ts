import type { Queries } from '#base/db';
import { readDocument } from './read-file.ts';
import { SOURCES } from './registry.ts';
import type { Link } from './source.ts';
import { readRaw } from './store-raw.ts';
import { documentOf, type Report } from './store-reading.ts';

/** Every link of a report, read again from its bytes: the row keeps only those that one can act on. */
export async function allLinks(queries: Queries, report: Report): Promise<Link[]> {
  const format = SOURCES.find(({ id }) => id === report.source)?.formats.find(
    ({ name }) => name === report.format,
  );
  const [bytes, key] = await Promise.all([readRaw(queries, report), documentOf(queries, report.id)]);
  if (format === undefined || bytes === null || key === null) return report.links;
  const outcome = readDocument(format, report.path, { key, bytes });
  return outcome.kind === 'read' ? outcome.document.report.links : report.links;
}
