import type { Announcement } from './announcement.ts';

/** Days from which to which (inclusive), as `2017-04-01`. */
export interface Days {
  from: string;
  to: string;
}

export interface Choice {
  /** Ids of the advisories that the sample holds. */
  advisories: Set<string>;
  /** Vulnerabilities of which the sample holds records and trackers. */
  vulnerabilities: Set<string>;
}

export interface Wish {
  /** Every advisory of these days is taken. */
  window: Days;
  /** Of these days, every other advisory of `around` that names one of their vulnerabilities is taken as well: who was first, and who late. */
  core: Days;
  around: Days;
  /** Stories to be told whole: every advisory of `around` that names one of these. */
  cases: readonly string[];
}

/** Chooses what goes into the sample. Red Hat's many notices are taken only where they concern what another distribution announced. */
export function choose(announcements: readonly Announcement[], wish: Wish): Choice {
  const { window, core, around } = wish;
  const lead = announcements.filter(({ source, day }) => source !== 'redhat' && within(day, window));
  const cases = new Set(wish.cases);
  const told = announcements.filter(
    ({ day, vulnerabilities }) => within(day, around) && vulnerabilities.some((id) => cases.has(id)),
  );
  const followed = new Set([
    ...cases,
    ...lead.filter(({ day }) => within(day, core)).flatMap(({ vulnerabilities }) => vulnerabilities),
  ]);
  const inWindow = new Set(lead.flatMap(({ vulnerabilities }) => vulnerabilities));
  const others = announcements.filter(
    ({ source, day, vulnerabilities }) =>
      (within(day, around) && vulnerabilities.some((id) => followed.has(id))) ||
      (source === 'redhat' && within(day, window) && vulnerabilities.some((id) => inWindow.has(id))),
  );
  const chosen = new Set([...lead, ...told, ...others]);
  return {
    advisories: new Set([...chosen].map(({ id }) => id)),
    vulnerabilities: new Set([
      ...cases,
      ...[...chosen]
        .filter(({ day }) => within(day, window))
        .flatMap(({ vulnerabilities }) => vulnerabilities),
      ...told
        .filter(({ vulnerabilities }) => mostly(vulnerabilities, cases))
        .flatMap(({ vulnerabilities }) => vulnerabilities),
    ]),
  };
}

function within(day: string, { from, to }: Days): boolean {
  return day >= from && day <= to;
}

/** Whether a story's advisory is about the story, and not a roll-up that mentions it. */
function mostly(vulnerabilities: readonly string[], cases: ReadonlySet<string>): boolean {
  return 2 * vulnerabilities.filter((id) => cases.has(id)).length >= vulnerabilities.length;
}
