/** The package set of a revision: the hash of the fact of each attribute. */
export type Facts = ReadonlyMap<string, string>;

/** The revisions beside a new one, as they are stored. Null where there is none. */
export interface Neighbours {
  /** Set of the last revision before it. */
  before: Facts | null;
  /** Set of the first revision after it. */
  after: Facts | null;
}

/** What a new revision at time T does to the periods of its channel. N is the date of the revision after it. */
export interface PeriodChanges {
  /** Attributes whose period runs over T and goes on in N: a copy of it begins at N. */
  split: string[];
  /** Attributes whose period that runs over T ends at T (after the splits). */
  end: string[];
  /** Attributes whose period that begins at N begins at T instead. */
  extend: string[];
  /** New periods from T to N, or without an end where nothing comes after. */
  begin: { attr: string; fact: string }[];
  /** Against the revision before: how many attributes are new, gone, and no longer what they were. */
  added: number;
  removed: number;
  changed: number;
}

/**
 * Which rows change when a revision comes in between two others, or at either end. A period is a longest run of
 * neighbouring revisions that have the same fact for an attribute; whatever the order in which revisions are imported,
 * the same periods come out.
 */
export function planPeriods(set: Facts, { before, after }: Neighbours): PeriodChanges {
  const changes: PeriodChanges = {
    split: [],
    end: [],
    extend: [],
    begin: [],
    added: 0,
    removed: 0,
    changed: 0,
  };
  for (const [attr, fact] of set) {
    const old = before?.get(attr);
    if (fact === old) continue;
    if (old === undefined) changes.added += 1;
    else {
      changes.changed += 1;
      endOld(changes, attr, old, after);
    }
    if (fact === after?.get(attr)) changes.extend.push(attr);
    else changes.begin.push({ attr, fact });
  }
  for (const [attr, old] of before ?? []) {
    if (set.has(attr)) continue;
    changes.removed += 1;
    endOld(changes, attr, old, after);
  }
  return changes;
}

function endOld(changes: PeriodChanges, attr: string, old: string, after: Facts | null): void {
  if (after?.get(attr) === old) changes.split.push(attr);
  changes.end.push(attr);
}
