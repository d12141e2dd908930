/**
 * Dates of sources. Read strictly: a word like `unknown`, or the 31st of February, is null and never today.
 * Results are ISO 8601 in UTC and keep the exactness of the source ("2017-06-22", "2017-06-22T10:00:00Z").
 */

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|UTC|UCT|GMT|CEST|CET|EST|EDT|PST|PDT|[+-]\d{2}:?\d{2})?)?$/;

/** Zone words that sources have really used, in minutes east of UTC. */
const ZONES: Readonly<Record<string, number>> = {
  Z: 0,
  UTC: 0,
  UCT: 0,
  GMT: 0,
  CET: 60,
  CEST: 120,
  EST: -300,
  EDT: -240,
  PST: -480,
  PDT: -420,
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** "2017-06-22", "2017-06-20 01:29:00 UTC", "2017-06-20T01:29Z", "2018-01-03 14:00:00 CEST"; a time without a zone is UTC. Null if it is none of these. */
export function parseIsoDate(text: string): string | null {
  const match = ISO.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = '00', zone = 'Z'] = match;
  if (hour === undefined) return calendarDate(Number(year), Number(month), Number(day));
  if (calendarDate(Number(year), Number(month), Number(day)) === null) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const offset =
    ZONES[zone] ?? Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  const at = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute) - offset,
    Number(second),
  );
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since 1970 of a date in the form of `parseIsoDate`; a day without a time begins at midnight in UTC. */
export function momentOf(iso: string): number {
  const time = iso.length > 10;
  return Date.UTC(
    digits(iso, 0, 4),
    digits(iso, 5, 7) - 1,
    digits(iso, 8, 10),
    time ? digits(iso, 11, 13) : 0,
    time ? digits(iso, 14, 16) : 0,
    time ? digits(iso, 17, 19) : 0,
  );
}

function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 48;
  return number;
}

/** "22 Jun 2017" or "5 April 2017" (Debian's lists). Null if it is not a day of the calendar. */
export function parseDayMonthYear(text: string): string | null {
  const match = /^(\d{1,2}) ([A-Za-z]{3,9})\.? (\d{4})$/.exec(text.trim());
  if (match === null) return null;
  const month = MONTHS.indexOf((match[2] ?? '').slice(0, 3).toLowerCase());
  return month < 0 ? null : calendarDate(Number(match[3]), month + 1, Number(match[1]));
}

/** "May 22, 2006" or "January 5th 2012" (old GLSAs). Null if it is not a day of the calendar. */
export function parseMonthDayYear(text: string): string | null {
  const match = /^([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/.exec(text.trim());
  return match === null ? null : parseDayMonthYear(`${match[2]} ${match[1]} ${match[3]}`);
}

const CLOCK = '(\\d{2}):(\\d{2})(?::(\\d{2}))?';
const MAIL_DATE = new RegExp(
  `^(?:[A-Za-z]{3},?\\s+)?(\\d{1,2})\\s+([A-Za-z]{3})\\s+(\\d{4})\\s+${CLOCK}\\s*([A-Z]{1,4}|[+-]\\d{4})?$`,
);
const UNIX_DATE = new RegExp(
  `^[A-Za-z]{3}\\s+([A-Za-z]{3})\\s+(\\d{1,2})\\s+${CLOCK}\\s+([A-Z]{3,4})\\s+(\\d{4})$`,
);

/** "Tue, 07 Mar 2023 00:29:00 GMT" (RFC 5322, RSS). Null if it is none. */
export function parseMailDate(text: string): string | null {
  const [, day = '', month = '', year = '', hour = '', minute = '', second = '00', zone = 'Z'] =
    MAIL_DATE.exec(text.trim()) ?? [];
  return moment(`${day} ${month} ${year}`, `${hour}:${minute}:${second}`, zone);
}

/** "Thu Jun 15 02:40:25 UTC 2017": as `date` writes it, and ChangeLogs. Null if it is none. */
export function parseUnixDate(text: string): string | null {
  const [, month = '', day = '', hour = '', minute = '', second = '00', zone = '', year = ''] =
    UNIX_DATE.exec(text.trim()) ?? [];
  return moment(`${day} ${month} ${year}`, `${hour}:${minute}:${second}`, zone);
}

function moment(day: string, time: string, zone: string): string | null {
  const date = parseDayMonthYear(day);
  return date === null ? null : parseIsoDate(`${date} ${time} ${zone}`);
}

function calendarDate(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = year >= 1970 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? date.toISOString().slice(0, 10) : null;
}
