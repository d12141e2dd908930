import { affectedAgain, STATUSES, type Status } from './status.ts';
import type { StoredStatus } from './store-statuses.ts';

/**
 * What people decided of an issue, as the database keeps it beside `status` (migration 0012): texts stand there once, and five
 * numbers a box: places of its package and channel, of its word among STATUSES, its version, place of its actor. What goes
 * with a word (justification, until, fixed in) stands under the box's place.
 */
export type PackedBoxes = [
  packages: string[],
  channels: string[],
  actors: string[],
  numbers: number[],
  parts: Record<string, [string | null, string | null, string | null]> | null,
];

/** What only the issue's own page shows of each box: when (milliseconds since 1970), link, note. */
export type PackedRest = [at: number, link: string | null, note: string | null][];

const A_BOX = 5;

/** What people decided of one box, as lists show it: without its note and link. */
export interface LineStatus {
  value: Status;
  version: number;
  changedBy: string;
}

/** What people decided of one package in one channel; null where nobody did. Reads no more of it than it has to. */
export function statusAt(
  packed: PackedBoxes | null,
  name: string,
  channel: string,
  today: string,
): LineStatus | null {
  if (packed === null) return null;
  const [packages, channels, , numbers] = packed;
  const [wanted, where] = [packages.indexOf(name), channels.indexOf(channel)];
  if (wanted === -1 || where === -1) return null;
  for (let at = 0; at < numbers.length; at += A_BOX)
    if (numbers[at] === wanted && numbers[at + 1] === where)
      return lineStatus(packed, at / A_BOX, today, null, null);
  return null;
}

/** Everything that people decided of an issue. */
export function unpackBoxes(
  issue: string,
  packed: PackedBoxes | null,
  rest: PackedRest | null,
  today: string,
): StoredStatus[] {
  if (packed === null) return [];
  const [packages, channels, , numbers] = packed;
  return Array.from({ length: numbers.length / A_BOX }, (_, place) => {
    const [at = 0, link = null, note = null] = rest?.[place] ?? [];
    return {
      issue,
      package: packages[numbers[place * A_BOX] ?? -1] ?? '',
      channel: channels[numbers[place * A_BOX + 1] ?? -1] ?? '',
      ...lineStatus(packed, place, today, link, note),
      changedAt: new Date(at),
    };
  });
}

/** What was postponed up to today or before reads as affected, whether or not the job has been there (statusesOf). */
function lineStatus(
  [, , actors, numbers, parts]: PackedBoxes,
  place: number,
  today: string,
  link: string | null,
  note: string | null,
): LineStatus {
  const at = place * A_BOX;
  const [justification = null, until = null, fixedIn = null] = parts?.[place] ?? [];
  const status = STATUSES[numbers[at + 2] ?? -1] ?? 'under_investigation';
  const value = {
    status,
    ...(justification !== null && { justification }),
    ...(until !== null && { until }),
    ...(fixedIn !== null && { fixedIn }),
    ...(link !== null && { link }),
    ...(note !== null && { note }),
  } as Status;
  return {
    value: value.status === 'postponed' && value.until <= today ? affectedAgain(value) : value,
    version: numbers[at + 3] ?? 0,
    changedBy: actors[numbers[at + 4] ?? -1] ?? '',
  };
}
