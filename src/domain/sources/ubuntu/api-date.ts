import { parseIsoDate } from '#base/formats';
import { plainText } from '../document.ts';
import { DocumentProblem } from '../source.ts';

/** A date of the JSON forms, in UTC where no zone is given. Throws `missing-field` or `bad-date`. */
export function readApiDate(key: string, name: string, written: unknown): string {
  if (written === undefined) throw new DocumentProblem('missing-field', name, `${key} has no "${name}"`);
  const date = typeof written === 'string' ? parseIsoDate(written) : null;
  if (date !== null) return date;
  throw new DocumentProblem(
    'bad-date',
    name,
    `${key}: ${plainText(JSON.stringify(written), 60)} is not a date`,
  );
}

/** The same where the source may have none: null, or not there at all. */
export function readOptionalDate(key: string, name: string, written: unknown): string | null {
  return written == null || written === '' ? null : readApiDate(key, name, written);
}
