import type { NumberStanding } from '#domain/issues';
import { namesOf, sourceTitle } from './source-titles.ts';

/** What is known of a number and since when, in sentences; none where it is published, for then its record speaks. */
export function numberWords({ id, state, since, by, announced, neighbours }: NumberStanding): string[] {
  if (state === 'published') return [];
  if (state === 'rejected')
    return [
      `Rejected ${sinceWords(since)}by the word of ${namesOf(by)}: what it named may have another number.`,
    ];
  if (state === 'reserved')
    return [
      by.length === 0
        ? `No record that we read describes it: as far as we see the number is taken and its text is not public${since === null ? '' : `; we have known of it since ${day(since)}`}.`
        : `Reserved ${sinceWords(since)}by the word of ${namesOf(by)}: the number is taken, its text is not public.`,
      ...(announced === null ? [] : [announcedWords(announced)]),
    ];
  if (neighbours === null) return [];
  const { before, after } = neighbours;
  if (before !== null && after !== null)
    return [
      `No source that we read has ever spoken of it. It lies in a gap of the numbering, between ${before} and ${after}: it may be reserved, or was never used.`,
    ];
  if (before !== null)
    return [
      `No source that we read has ever spoken of it. It lies beyond the last number of its year that we know, ${before}.`,
    ];
  if (after !== null)
    return [
      `No source that we read has ever spoken of it. It lies before the first number of its year that we know, ${after}.`,
    ];
  return [`No source that we read has ever spoken of it, nor of any other number of ${id.slice(4, 8)}.`];
}

function announcedWords({ first, announcements }: NonNullable<NumberStanding['announced']>): string {
  const on = first.published === null ? '' : ` on ${day(first.published)}`;
  const others = announcements === 1 ? '' : `, and ${announcements - 1} more advisories name it`;
  return `Public all the same: ${sourceTitle(first.source)} announced it${on} (${first.key})${others}.`;
}

function sinceWords(since: Date | null): string {
  return since === null ? '' : `since ${day(since)} `;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
