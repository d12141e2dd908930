import { Temporal } from 'temporal-polyfill';
import type { NextDigest } from '#domain/issues';

/** When the daily mail goes: that time of each day in the team's zone, right also when its clocks change. */
export function digestTimes({ digestAt, timezone }: { digestAt: string; timezone: string }): NextDigest {
  const plainTime = Temporal.PlainTime.from(digestAt);
  return (after) => {
    const now = Temporal.Instant.fromEpochMilliseconds(after.getTime());
    const today = now.toZonedDateTimeISO(timezone).toPlainDate();
    const due = today.toZonedDateTime({ timeZone: timezone, plainTime });
    const next =
      due.epochMilliseconds > after.getTime()
        ? due
        : today.add({ days: 1 }).toZonedDateTime({ timeZone: timezone, plainTime });
    return new Date(next.epochMilliseconds);
  };
}
