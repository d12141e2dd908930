/** What is known of an advisory that may lack a date. */
export interface Numbered {
  /** "RHSA-2017:2483", "USN-3340-1", "GLSA-201710-32" */
  key: string;
  /** ISO 8601, or null where its source gives none. */
  published: string | null;
}

/** A row of numbers that a publisher gives out in order of publication, and the place in it. */
interface Place {
  series: string;
  number: number;
  /** Where the numbers begin anew each year: that year. */
  year: number | null;
}

const DAY = 86_400_000;

/** Red Hat and SUSE each gave out about this many numbers a year in 2016 to 2018 (RHSA-2017:3485 and SUSE-SU-2016:3303 were late ones). */
const NUMBERS_A_YEAR = 3500;

/**
 * For each advisory without a date, the day on which its number was likely given out: everybody numbers in order, so it lies
 * between the days of the nearest dated numbers around it, as its number does. Where there is none on one side, the year
 * begins or ends there for Red Hat and SUSE, who begin anew each year; for others the nearest day of all is taken. Days by
 * key; what none of this can place is missing.
 * Depends on the set of advisories only, never on when they were fetched.
 */
export function reckonDays(advisories: Iterable<Numbered>): Map<string, string> {
  const dated = new Map<string, { number: number; time: number }[]>();
  const undated: { key: string; place: Place }[] = [];
  for (const { key, published } of advisories) {
    const place = placeOf(key);
    if (place === null) continue;
    const time = published === null ? Number.NaN : Date.parse(published.slice(0, 10));
    if (Number.isNaN(time)) undated.push({ key, place });
    else {
      const row = dated.get(place.series) ?? [];
      dated.set(place.series, row);
      row.push({ number: place.number, time });
    }
  }
  if (undated.length === 0) return new Map();
  for (const row of dated.values()) row.sort((a, b) => a.number - b.number || a.time - b.time);
  return new Map(
    undated.flatMap(({ key, place }) => {
      const day = between(place, dated.get(place.series) ?? []);
      return day === null ? [] : [[key, day] as const];
    }),
  );
}

/** The day of an advisory of which nothing but its number is known, or null where its number alone tells nothing. */
export function dayByNumber(key: string): string | null {
  const place = placeOf(key);
  return place === null ? null : between(place, []);
}

function between({ number, year }: Place, row: readonly { number: number; time: number }[]): string | null {
  const before = row.findLast((known) => known.number <= number) ?? yearBegins(year);
  const after = row.find((known) => known.number >= number) ?? yearEnds(year, number);
  if (before === null || after === null) {
    const near = before ?? after;
    return near === null ? null : dayOf(near.time);
  }
  const span = after.number - before.number;
  // A number out of order may have a day before that of a lower one: then the earlier of the two holds.
  const share = span === 0 || after.time < before.time ? 0 : (number - before.number) / span;
  const time = Math.min(before.time, after.time) + share * Math.abs(after.time - before.time);
  return dayOf(year === null ? time : Math.min(time, Date.UTC(year, 11, 31)));
}

function yearBegins(year: number | null): { number: number; time: number } | null {
  return year === null ? null : { number: 0, time: Date.UTC(year, 0, 1) };
}

function yearEnds(year: number | null, number: number): { number: number; time: number } | null {
  return year === null
    ? null
    : { number: Math.max(NUMBERS_A_YEAR, number), time: Date.UTC(year, 0, 1) + 365 * DAY };
}

function dayOf(time: number): string {
  return new Date(Math.floor(time / DAY) * DAY).toISOString().slice(0, 10);
}

function placeOf(key: string): Place | null {
  const [, yearly, year = '', number = ''] =
    /^(RH[SBE]A|SUSE-SU|openSUSE-SU)-(\d{4}):(\d{1,5})/.exec(key) ?? [];
  if (yearly !== undefined) {
    // Red Hat numbers its three kinds, and SUSE its two, in one row.
    const publisher = yearly.startsWith('RH') ? 'RH' : 'SUSE';
    return { series: `${publisher}-${year}`, number: Number(number), year: Number(year) };
  }
  const [, list, serial = ''] = /^(DSA|DLA|DTSA|USN|LSN)-(\d{1,6})(?:-1)?$/.exec(key) ?? [];
  return list === undefined ? null : { series: list, number: Number(serial), year: null };
}
