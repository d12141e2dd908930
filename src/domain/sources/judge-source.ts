import type { AlarmFacts, Judgement } from './alarm.ts';
import type { FileSeen } from './sync.ts';

/** What is known of a source that is fetched from the network. */
export interface SourceStanding {
  /** Null where it was only ever read from a folder: of its rhythm nothing is then known. */
  fetchedAt: Date | null;
  /** When it was fetched for the first time. */
  firstFetchedAt: Date | null;
  failures: number;
  lastSuccess: Date | null;
  /** The latest day that its reports bear. */
  newest: Date | null;
  /** When a run last brought anything. */
  changedAt: Date | null;
  /** Reports that its runs of the last seven days stored. */
  storedInWeek: number;
}

interface Rhythm {
  expectEveryHours: number;
  usualPerWeek: readonly [least: number, most: number];
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** One run that fails is a hiccup. */
const FAILURES = 2;

/** Judges a source by its rhythm. Tells nothing of one that is not fetched. */
export function judgeRhythm(
  { expectEveryHours, usualPerWeek: [least] }: Rhythm,
  standing: SourceStanding,
  now: Date,
): Judgement[] {
  const { fetchedAt, firstFetchedAt, failures, lastSuccess, storedInWeek } = standing;
  if (fetchedAt === null) return [];
  const off = failures >= FAILURES;
  const heard = lastHeard(standing, now);
  const silent = heard !== null && now.getTime() - heard.getTime() > expectEveryHours * HOUR_MS;
  // Two weeks, so that one of them was whole; and not beside what is worse.
  const known = firstFetchedAt !== null && now.getTime() - firstFetchedAt.getTime() > 2 * WEEK_MS;
  const few = known && !off && !silent && storedInWeek < least;
  const facts = (holds: boolean, own: AlarmFacts) => (holds ? own : null);
  return [
    {
      kind: 'off',
      subject: '',
      facts: facts(off, { failures, ...(lastSuccess === null ? {} : { since: lastSuccess.toISOString() }) }),
    },
    { kind: 'silent', subject: '', facts: facts(silent, { since: heard?.toISOString() ?? '' }) },
    { kind: 'few', subject: '', facts: facts(few, { now: storedInWeek, usual: least }) },
  ];
}

/** When a source last said something: by its newest report, else by when anything of it changed. What lies in the future says nothing. */
export function lastHeard(
  { newest, changedAt }: Pick<SourceStanding, 'newest' | 'changedAt'>,
  now: Date,
): Date | null {
  return newest !== null && newest <= now ? newest : changedAt;
}

/** Fewer documents than a third of what is usual are few; below ten nothing is usual. */
export function isFew(now: number, usual: number): boolean {
  return usual >= 10 && now * 3 < usual;
}

const REFUSED_SHARE = 0.05;
const REFUSED_AT_LEAST = 5;

/** Judges what a run read, path by path: pages of one list have one path. */
export function judgeFiles(files: readonly FileSeen[]): Judgement[] {
  return byPath(files).flatMap((file): Judgement[] => {
    const { path: subject, outcome, documents, usual, quarantined, reason, held } = file;
    const only = (kind: Judgement['kind'], facts: AlarmFacts): Judgement[] => [{ kind, subject, facts }];
    if (outcome === 'same' && documents === 0) return [];
    if (outcome === 'refused') {
      const html = reason === 'html';
      return [
        ...only(html ? 'html' : 'unreadable', html ? {} : { reason: reason ?? '' }),
        { kind: html ? 'unreadable' : 'html', subject, facts: null },
      ];
    }
    const readable: Judgement[] = (['html', 'unreadable'] as const).map((kind) => ({
      kind,
      subject,
      facts: null,
    }));
    // How many documents it holds and could not be read is as it was.
    if (outcome === 'same' || outcome === 'sound') return readable;
    if (outcome === 'held' && held !== undefined) {
      const { kind, gone, of, now, changed, batch } = held;
      const facts =
        kind === 'few'
          ? { now, usual: of, batch }
          : kind === 'gone'
            ? { count: gone, of, batch }
            : { count: changed, of: now, batch };
      return [...readable, ...only(kind, facts), ...others(subject, kind)];
    }
    const few = usual !== null && isFew(documents, usual) ? { now: documents, usual } : null;
    const all = documents + quarantined;
    const refused = quarantined >= REFUSED_AT_LEAST && quarantined > all * REFUSED_SHARE;
    return [
      ...readable,
      { kind: 'few', subject, facts: few },
      ...others(subject, 'few'),
      { kind: 'quarantine', subject, facts: refused ? { count: quarantined, of: all } : null },
    ];
  });
}

/** What became of each path: the worst, and of what was read piece by piece the sum. */
function byPath(files: readonly FileSeen[]): FileSeen[] {
  const paths = new Map<string, FileSeen>();
  for (const file of files) {
    const before = paths.get(file.path);
    paths.set(file.path, before === undefined ? file : together(before, file));
  }
  return [...paths.values()];
}

const WORST_FIRST: readonly FileSeen['outcome'][] = ['refused', 'held', 'read', 'same', 'sound'];

function together(one: FileSeen, other: FileSeen): FileSeen {
  const rank = WORST_FIRST.indexOf(other.outcome) - WORST_FIRST.indexOf(one.outcome);
  if (rank !== 0 || other.outcome !== 'read') return rank > 0 ? one : other;
  const documents = one.documents + other.documents;
  // Nothing is usual of a sum.
  return { ...other, documents, quarantined: one.quarantined + other.quarantined, usual: null };
}

/** Of a batch that is held for one reason the other reasons do not hold. */
function others(subject: string, kind: Judgement['kind']): Judgement[] {
  return (['few', 'gone', 'many'] as const)
    .filter((each) => each !== kind)
    .map((each) => ({ kind: each, subject, facts: null }));
}
