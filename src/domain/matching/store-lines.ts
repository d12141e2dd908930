import { type Database, keptRows, type ReadFirst, type Reading } from '#base/db';
import { announcedBy, claimedBy } from '#domain/issues';
import type { SuggestionDismissal } from './decision.ts';
import type { QueueFilter, QueueLine } from './store-queue.ts';

/** A place in the queue, after which a list goes on: whatever comes in or is decided meanwhile, none is left out and none comes twice. */
export interface QueuePlace {
  urgency: number;
  /** As the database says it, to the microsecond. */
  opened: string;
  suggestion: number;
}

export interface LinesFilter extends QueueFilter {
  /** Announced by that source. */
  source?: string | undefined;
  /** Only one's own batch, and what belongs to issues that one has claimed. */
  mine?: boolean | undefined;
}

/** What somebody wants to see of the queue. */
export interface QueueAsked {
  /** Nobody is shown what they passed over as it is, or what is in somebody else's batch. Null for who only looks. */
  account: number | null;
  now: Date;
  filter: LinesFilter;
  after: QueuePlace | null;
  limit: number;
  /** Only these suggestions, by number, whatever the filter says: lines that are read anew. */
  only: readonly number[] | null;
}

/** What was decided of a suggestion, as a line says it. */
export interface LineDecision {
  /** Null where it was taken back. */
  decision: 'accepted' | 'dismissed' | null;
  reason: SuggestionDismissal | null;
  by: string;
  version: number;
}

/** A place in the queue that is taken, and by what. */
export interface QueuedLine extends QueuePlace {
  issue: string;
  attr: string;
  /** Changes with whatever the line shows. */
  mark: string;
  /** What was decided before. */
  decided: LineDecision | null;
  /** Until when it is in one's own batch; null where it is not. */
  until: string | null;
}

/** A suggestion that waits, with what its line shows: the same object each time, as long as it did not change. */
export interface WaitingLine extends QueuedLine {
  shown: QueueLine;
}

/** A suggestion that waits no more, of those that were asked for by number. */
export interface GoneLine {
  suggestion: number;
  issue: string;
  attr: string;
  decided: LineDecision | null;
}

export interface QueueLines {
  queued: QueuedLine[];
  /** Those of `only` that are not among them. */
  gone: GoneLine[];
  /** All that wait, and those of them that are asked again. */
  all: number;
  again: number;
}

/**
 * A part of the queue as a question for `together`: the rows on which its readings stand (their `issue` is the issue's id),
 * its own reading, and its values. Conditions that nobody asks for are not in it.
 */
export function queueLines({ account, now, filter, after, limit, only }: QueueAsked): {
  first: ReadFirst;
  reading: Reading<QueueLines>;
  values: unknown[];
} {
  const values: unknown[] = [];
  const given = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const conditions: string[] = [];
  let batch = 'select null::timestamptz as until';
  if (account !== null) {
    const [who, when] = [given(account, 'bigint'), given(now, 'timestamptz')];
    // Lists that are read once: one look-up for each that waits would cost more.
    conditions.push(
      `(q.suggestion, q.fingerprint) not in (select k.suggestion, k.fingerprint from suggestion_skip k where k.account = ${who})`,
      `q.suggestion not in (select b.suggestion from queue_claim b where b.account <> ${who} and b.until > ${when})`,
    );
    batch = `select b.until from queue_claim b where b.suggestion = q.suggestion and b.account = ${who} and b.until > ${when}`;
    if (filter.mine === true && only === null)
      conditions.push(`(exists (${batch}) or ${claimedBy('q.issue', `'person:' || ${who}`, when)})`);
  }
  if (only !== null) conditions.push(`q.suggestion = any(${given(only, 'bigint[]')})`);
  else {
    const { severity, channel, attr, issue, again, source, exploited } = filter;
    if (severity !== undefined) conditions.push(`q.severity = ${given(severity, 'text')}`);
    if (channel !== undefined) conditions.push(`q.channels @> array[${given(channel, 'text')}]`);
    if (attr !== undefined) conditions.push(`q.attr = ${given(attr, 'text')}`);
    if (issue !== undefined) conditions.push(`q.issue = ${given(issue, 'text')}`);
    if (again !== undefined) conditions.push(`${again ? '' : 'not '}q.asked_again`);
    if (exploited !== undefined)
      conditions.push(exploited === 'known' ? `q.exploited = 'known'` : 'q.exploited is not null');
    if (source !== undefined) conditions.push(announcedBy('q.issue', given(source, 'text')));
    if (after !== null) conditions.push(behind(after, given));
  }
  const order = 'order by q.urgency desc, q.opened desc, q.suggestion';
  const first = {
    name: 'queued',
    sql: `select q.suggestion, q.issue, q.attr, q.urgency, q.opened, q.content, b.until from queue_entry q
      left join lateral (${batch}) b on true ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
      ${order} limit ${Math.trunc(limit)}`,
  };
  const decided = `(select json_build_array(d.decision, d.reason, d.decided_by, d.version) from suggestion_decision d
    where d.suggestion = q.suggestion)`;
  const gone =
    only === null
      ? 'null::json'
      : `(select json_agg(json_build_array(q.suggestion, q.issue, q.attr, ${decided})) from
          (select s.id as suggestion, s.issue, s.attr from suggestion s where s.id = any(${given(only, 'bigint[]')})
            and s.id not in (select suggestion from queued)) q)`;
  return {
    first,
    values,
    reading: {
      sql: `select json_build_array(
        (select json_agg(json_build_array(q.suggestion, q.issue, q.attr, q.urgency, q.opened, q.until, q.content, ${decided}) ${order})
          from queued q), ${gone},
        (select json_build_array(sum(waiting), sum(waiting) filter (where again)) from queue_count))`,
      read: linesIn,
    },
  };
}

const shownLines = keptRows<QueueLine, QueueLine>({
  marks: (ids) =>
    `select q.suggestion::text as id, q.content as mark from queue_entry q where q.suggestion = any((${ids})::bigint[])`,
  rows: `select q.suggestion::text as id, q.shown as data from queue_entry q where q.suggestion = any($1::bigint[])`,
  read: (shown) => shown,
  most: 3000,
});

/** What lines show, of those that have changed by one more question. A line that was decided meanwhile is left out. */
export async function waitingLines(
  { pool }: Pick<Database, 'pool'>,
  queued: readonly QueuedLine[],
): Promise<WaitingLine[]> {
  const marks = new Map(queued.map(({ suggestion, mark }) => [String(suggestion), mark]));
  const found = await shownLines.read(pool, marks);
  return queued.flatMap((line) => {
    const shown = found.get(String(line.suggestion));
    return shown === undefined ? [] : [{ ...line, shown }];
  });
}

function behind(
  { urgency, opened, suggestion }: QueuePlace,
  given: (value: unknown, type: string) => string,
) {
  const [of, at, number] = [given(urgency, 'int'), given(opened, 'timestamptz'), given(suggestion, 'bigint')];
  return `q.urgency <= ${of} and (q.urgency < ${of} or q.opened < ${at} or (q.opened = ${at} and q.suggestion > ${number}))`;
}

/** Of the packages of the issue whose id is `$1` those that are asked again, and why. */
export const askedAgainReading: Reading<Record<string, string[]>> = {
  sql: `select coalesce(json_object_agg(q.attr, q.shown->'again'), '{}') from queue_entry q where q.issue = $1 and q.asked_again`,
  read: (json) => json as Record<string, string[]>,
};

type PackedDecision = [LineDecision['decision'], LineDecision['reason'], string, number];
type PackedQueued = [
  suggestion: number,
  issue: string,
  attr: string,
  urgency: number,
  opened: string,
  until: string | null,
  mark: string,
  decided: PackedDecision | null,
];
type PackedGone = [suggestion: number, issue: string, attr: string, decided: PackedDecision | null];

function linesIn(json: unknown): QueueLines {
  const [queued, gone, [all, again]] = json as [
    PackedQueued[] | null,
    PackedGone[] | null,
    [number | null, number | null],
  ];
  return {
    queued: (queued ?? []).map(([suggestion, issue, attr, urgency, opened, until, mark, decided]) => ({
      ...{ suggestion, issue, attr, urgency, opened, until, mark, decided: decisionIn(decided) },
    })),
    gone: (gone ?? []).map(([suggestion, issue, attr, decided]) => ({
      ...{ suggestion, issue, attr, decided: decisionIn(decided) },
    })),
    all: all ?? 0,
    again: again ?? 0,
  };
}

function decisionIn(packed: PackedDecision | null): LineDecision | null {
  if (packed === null) return null;
  const [decision, reason, by, version] = packed;
  return { decision, reason, by, version };
}
