import { MusterError } from '#base/errors';
import { asList, asObject, asString, JsonFieldError, optionalString, parseIsoDate } from '#base/formats';
import type { Bundle } from './bundle.ts';
import { dayByNumber } from './undated.ts';

/** An advisory whose own bundling a grouping is measured against. */
export interface LabelledAdvisory {
  id: string;
  /** "DSA", "USN" … */
  source: string;
  /** "2017-06-22" */
  date: string;
  /** "exact", or how it was made up. */
  dateIs: string;
  products: readonly string[];
  cves: readonly string[];
}

/**
 * Reads advisories, one JSON object a line: `id`, `source`, `date`, `date_is` (optional, "exact" if absent), `products`, `cves`. Empty
 * lines are passed over. Throws FILE_MALFORMED with `name` and the number of the first line that is none.
 */
export function readLabelledAdvisories(text: string, name: string): LabelledAdvisory[] {
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : readLine(line, `${name}, line ${index + 1}`)));
}

function readLine(line: string, where: string): LabelledAdvisory {
  try {
    const row = asObject(JSON.parse(line), where);
    const date = asString(row.date, 'date');
    if (parseIsoDate(date) === null)
      throw new MusterError('FILE_MALFORMED', `${where}: “${date}” is no date.`);
    return {
      id: nameIn(asString(row.id, 'id')),
      source: asString(row.source, 'source'),
      date,
      dateIs: optionalString(row.date_is, 'date_is') ?? 'exact',
      products: asList(row.products, 'products').map((product) => nameIn(asString(product, 'products'))),
      cves: asList(row.cves, 'cves').map((cve) => nameIn(asString(cve, 'cves'))),
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof JsonFieldError)
      throw new MusterError('FILE_MALFORMED', `${where}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Names in grouping hold no white space. */
function nameIn(text: string): string {
  return text.trim().replace(/\s+/g, '_');
}

/** Sources whose reports collect the work of many months. */
const COLLECTORS: ReadonlySet<string> = new Set(['GLSA']);

/** What grouping sees of a labelled advisory. */
export function bundleOf(advisory: LabelledAdvisory): Bundle {
  return {
    id: advisory.id,
    source: advisory.source,
    published: publishedOf(advisory),
    products: advisory.products,
    vulnerabilities: advisory.cves,
    rollup: COLLECTORS.has(advisory.source),
  };
}

/**
 * When an advisory was published. Where all that is known is the year of its id, its number tells how far that year had
 * come ({@link dayByNumber}); good to some weeks.
 */
function publishedOf({ id, date, dateIs }: LabelledAdvisory): string {
  return dateIs.startsWith('mid-year') ? (dayByNumber(id) ?? date) : date;
}
