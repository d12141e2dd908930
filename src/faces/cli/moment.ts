import { MusterError } from '#base/errors';
import { parseIsoDate } from '#base/formats';

/**
 * A day or a moment that a flag says: "2017-06-28", "2017-06-28T06:45:00Z". Undefined where it says none.
 *
 * @throws MusterError USAGE
 */
export function moment(flag: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = parseIsoDate(text);
  if (date === null)
    throw new MusterError('USAGE', `${flag} "${text}": a date is due, as 2017-06-28 or 2017-06-28T06:45:00Z`);
  return new Date(date);
}
