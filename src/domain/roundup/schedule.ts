import { Temporal } from 'temporal-polyfill';
import { MusterError } from '#base/errors';

/** When rounds open: a weekday and a time of the team's zone. */
export interface Schedule {
  /** 1 is Monday, 7 Sunday. */
  weekday: number;
  /** `06:45` */
  time: string;
  /** `Europe/Berlin` */
  zone: string;
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/**
 * The settings `roundupOpens` and `timezone`; null where rounds do not open by themselves.
 *
 * @throws MusterError CONFIG_INVALID
 */
export function scheduleOf({
  roundupOpens,
  timezone,
}: {
  roundupOpens: string;
  timezone: string;
}): Schedule | null {
  if (roundupOpens === 'never') return null;
  const [day = '', time = ''] = roundupOpens.split(' ');
  const weekday = DAYS.indexOf(day) + 1;
  if (weekday === 0 || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
    throw new MusterError('CONFIG_INVALID', `roundupOpens: "${roundupOpens}" is no day and time`);
  try {
    Temporal.Now.zonedDateTimeISO(timezone);
  } catch (cause) {
    throw new MusterError('CONFIG_INVALID', `timezone: "${timezone}" is no zone that is known here`, {
      cause,
    });
  }
  return { weekday, time, zone: timezone };
}

/** The last moment up to `now` at which a round was due. */
export function lastOpening(schedule: Schedule, now: Date): Date {
  const local = zoned(schedule, now);
  const back = (local.dayOfWeek - schedule.weekday + 7) % 7;
  const day = local.toPlainDate().subtract({ days: back });
  const at = opening(schedule, day);
  return at <= now ? at : opening(schedule, day.subtract({ days: 7 }));
}

/** The first moment after `now` at which a round is due. */
export function nextOpening(schedule: Schedule, now: Date): Date {
  return opening(
    schedule,
    Temporal.PlainDate.from(weekOf(schedule, lastOpening(schedule, now))).add({ days: 7 }),
  );
}

/**
 * What is due, where the last round opened at `after`: one round for however many weeks were missed, at the last of their
 * moments. Null where none is.
 */
export function dueOpening(schedule: Schedule, after: Date, now: Date): Date | null {
  const last = lastOpening(schedule, now);
  return last > after ? last : null;
}

/** The day, in the team's zone, on which a round opened: weeks of the rota bear its name. */
export function weekOf(schedule: Schedule, opened: Date): string {
  return zoned(schedule, opened).toPlainDate().toString();
}

/** The next weeks of the rota, the coming one first. */
export function weeksAhead(schedule: Schedule, now: Date, count: number): string[] {
  const first = Temporal.PlainDate.from(weekOf(schedule, nextOpening(schedule, now)));
  return Array.from({ length: count }, (_, index) => first.add({ days: 7 * index }).toString());
}

function zoned({ zone }: Schedule, at: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
}

/** Where the clocks go forward over that time it is as much later; where they go back, the first of the two. */
function opening({ time, zone }: Schedule, day: Temporal.PlainDate): Date {
  const at = day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
  return new Date(at.epochMilliseconds);
}
