import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { Span } from './exposure.ts';
import type { ReckonedFigures } from './figures.ts';
import type { PackedHistories } from './histories.ts';

/** Up to where the exposures are computed. */
export interface InsightState {
  issuesSeen: number;
  eventsSeen: number;
  revisions: Readonly<Record<string, readonly string[]>>;
  version: string | null;
}

export async function insightState(queries: Queries): Promise<InsightState> {
  return queries
    .selectFrom('insight_state')
    .select(['issues_seen as issuesSeen', 'events_seen as eventsSeen', 'revisions', 'version'])
    .$castTo<InsightState>()
    .executeTakeFirstOrThrow();
}

export async function recordState(tx: Tx, state: InsightState): Promise<void> {
  await tx
    .updateTable('insight_state')
    .set({
      issues_seen: state.issuesSeen,
      events_seen: state.eventsSeen,
      revisions: JSON.stringify(state.revisions),
      version: state.version,
      computed_at: sql`clock_timestamp()`,
    })
    .execute();
}

/** An issue in a channel, as it is stored. */
export interface StoredExposure {
  issue: string;
  channel: string;
  exposed: Span[];
  unknown: Span[];
  hit: string[];
  looked: boolean;
}

/** Writes everything that is known of some issues, in place of what was. */
export async function writeExposures(
  tx: Tx,
  issues: readonly string[],
  rows: readonly (StoredExposure & { histories: PackedHistories })[],
): Promise<void> {
  await sql`delete from exposure where issue = any(${issues}::text[])`.execute(tx);
  const texts = rows.map((row) => ({
    ...row,
    exposed: rangesText(row.exposed),
    unknown: rangesText(row.unknown),
  }));
  for (let start = 0; start < texts.length; start += 1000)
    await sql`insert into exposure (issue, channel, histories, exposed, unknown, hit, looked)
      select issue, channel, histories, exposed::datemultirange, unknown::datemultirange, hit, looked
      from json_to_recordset(${JSON.stringify(texts.slice(start, start + 1000))}::json) as r(issue text, channel text,
        histories json, exposed text, unknown text, hit text[], looked boolean)`.execute(tx);
}

/** What is known of the packages of some issues, by issue and channel. */
export async function historiesOf(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, Map<string, PackedHistories>>> {
  const { rows } = await sql<{ issue: string; channel: string; histories: PackedHistories }>`
    select issue, channel, histories from exposure where issue = any(${issues}::text[]) order by issue, channel`.execute(
    queries,
  );
  const found = new Map<string, Map<string, PackedHistories>>();
  for (const { issue, channel, histories } of rows) {
    const own = found.get(issue) ?? new Map<string, PackedHistories>();
    found.set(issue, own.set(channel, histories));
  }
  return found;
}

/** Everything but the histories, of every issue and channel. */
export async function allExposures(queries: Queries): Promise<StoredExposure[]> {
  // One text a channel: the driver takes its time over hundreds of thousands of rows.
  const { rows } = await sql<{ channel: string; all: [string, string, string, string[], boolean][] }>`
    select channel, json_agg(json_build_array(issue, exposed::text, unknown::text, hit, looked)) as all
    from exposure where looked or not isempty(exposed) or not isempty(unknown) group by channel`.execute(
    queries,
  );
  return rows.flatMap(({ channel, all }) =>
    all.map(([issue, exposed, unknown, hit, looked]) => ({
      ...{ issue, channel, hit, looked },
      exposed: spansOf(exposed),
      unknown: spansOf(unknown),
    })),
  );
}

/** Issues that a channel was exposed to on the later of two days alone, on the earlier alone, and on both. */
export async function exposedOnDays(
  queries: Queries,
  channel: string,
  from: string,
  to: string,
): Promise<{ came: string[]; went: string[]; stayed: string[] }> {
  const { rows } = await sql<Record<'came' | 'went' | 'stayed', string[] | null>>`
    select json_agg(issue) filter (where not before) as came, json_agg(issue) filter (where not after) as went,
      json_agg(issue) filter (where before and after) as stayed
    from (select issue, exposed @> ${from}::date as before, exposed @> ${to}::date as after from exposure
      where channel = ${channel} and (exposed @> ${from}::date or exposed @> ${to}::date)) on_days`.execute(
    queries,
  );
  const [found] = rows;
  return { came: found?.came ?? [], went: found?.went ?? [], stayed: found?.stayed ?? [] };
}

/** What is known of the packages of some issues in a channel. */
export async function historiesIn(
  queries: Queries,
  channel: string,
  issues: readonly string[],
): Promise<Map<string, PackedHistories>> {
  const { rows } = await sql<{ issue: string; histories: PackedHistories }>`
    select issue, histories from exposure where channel = ${channel} and issue = any(${issues}::text[])`.execute(
    queries,
  );
  return new Map(rows.map(({ issue, histories }) => [issue, histories]));
}

/** Issues that a channel is exposed to at present, or of which nobody can say, by which of the two. */
export async function openInChannel(
  queries: Queries,
  channel: string,
): Promise<{ issue: string; state: 'affected' | 'unknown' }[]> {
  const { rows } = await sql<{ issue: string; state: 'affected' | 'unknown' }>`
    select issue, case when upper_inf(exposed) then 'affected' else 'unknown' end as state from exposure
    where channel = ${channel} and (upper_inf(exposed) or upper_inf(unknown)) order by issue`.execute(
    queries,
  );
  return rows;
}

export async function writeFigures(
  tx: Tx,
  figures: ReadonlyMap<string, unknown>,
  reckonedAt: Date,
): Promise<void> {
  // As text: null is a value here, and no value there.
  const rows = [...figures].map(([name, value]) => ({ name, value: JSON.stringify(value) }));
  await sql`insert into insight_figures (name, value, reckoned_at)
    select name, value::json, ${reckonedAt} from json_to_recordset(${JSON.stringify(rows)}::json) as r(name text, value text)
    on conflict (name) do update set value = excluded.value, reckoned_at = excluded.reckoned_at`.execute(tx);
}

/** Lines of a list that stand in one row. */
const PART = 1000;

/** Writes the lists; a part that is as it was is not written. */
export async function writeLists(tx: Tx, lists: Readonly<Record<string, readonly string[]>>): Promise<void> {
  for (const [name, lines] of Object.entries(lists)) {
    const parts = Math.ceil(lines.length / PART);
    for (let part = 0; part < parts; part += 1) {
      const own = lines.slice(part * PART, (part + 1) * PART);
      await sql`insert into insight_list (name, part, lines) values (${name}, ${part}, ${own}::text[])
        on conflict (name, part) do update set lines = excluded.lines where insight_list.lines <> excluded.lines`.execute(
        tx,
      );
    }
    await sql`delete from insight_list where name = ${name} and part >= ${parts}`.execute(tx);
  }
}

/** A line of a list by where it stands, from 1, and what it is. */
export interface ListPlace {
  place: number;
  line: string;
}

/**
 * Lines of a list, in its order.
 *
 * @param after the line before them; where the list has changed meanwhile, from where that line stands now, or where it was taken out
 */
export async function listLines(
  queries: Queries,
  name: string,
  { after, limit }: { after: ListPlace | null; limit: number },
): Promise<ListPlace[]> {
  const start = after === null ? 0 : await placeNow(queries, name, after);
  const [first, last] = [Math.floor(start / PART), Math.floor((start + limit - 1) / PART)];
  const { rows } = await sql<ListPlace>`
    select part * ${PART}::int + n::int as place, line
    from insight_list, unnest(lines) with ordinality as x(line, n)
    where name = ${name} and part between ${first}::int and ${last}::int
      and part * ${PART}::int + n > ${start}::int and part * ${PART}::int + n <= ${start + limit}::int
    order by 1`.execute(queries);
  return rows;
}

/** Where a line stands by now; if it is gone, where what stood before it does, so that what follows is not left out. */
async function placeNow(queries: Queries, name: string, { place, line }: ListPlace): Promise<number> {
  const { rows } = await sql<{ place: number }>`
    select coalesce(
      (select ${place}::int from insight_list
        where name = ${name} and part = ${Math.floor((place - 1) / PART)}::int
          and lines[${((place - 1) % PART) + 1}::int] = ${line}),
      (select part * ${PART}::int + array_position(lines, ${line}) from insight_list
        where name = ${name} and array_position(lines, ${line}) is not null limit 1),
      ${place - 1}::int) as place`.execute(queries);
  return rows[0]?.place ?? place - 1;
}

/** A channel that is exposed to an issue at present. */
export interface OpenExposure {
  issue: string;
  channel: string;
  /** ISO day. */
  since: string;
  /** The first few of the packages. */
  packages: string[];
}

/** Where some issues are open at present, in the order of channels. */
export async function openExposures(
  queries: Queries,
  issues: readonly string[],
  packages: number,
): Promise<OpenExposure[]> {
  const { rows } = await sql<OpenExposure>`
    select issue, channel, (select lower(span)::text from unnest(exposed) span where upper_inf(span)) as since,
      hit[1:${packages}::int] as packages
    from exposure where issue = any(${issues}::text[]) and upper_inf(exposed) order by issue, channel`.execute(
    queries,
  );
  return rows;
}

/** The figures as they were last written; null where they never were. */
export async function readFigures(
  queries: Queries,
): Promise<(ReckonedFigures & { reckonedAt: Date }) | null> {
  const rows = await queries
    .selectFrom('insight_figures')
    .select(['name', 'value', 'reckoned_at as at'])
    .execute();
  const [first] = rows;
  if (first === undefined) return null;
  return {
    ...(Object.fromEntries(rows.map(({ name, value }) => [name, value])) as unknown as ReckonedFigures),
    reckonedAt: first.at,
  };
}

/** Says that the figures hold on. @returns false where there are none of that day */
export async function touchFigures(tx: Tx, today: string, reckonedAt: Date): Promise<boolean> {
  const { rows } = await sql`update insight_figures set reckoned_at = ${reckonedAt}
    where exists (select from insight_figures where name = 'today' and value #>> '{}' = ${today}) returning 1`.execute(
    tx,
  );
  return rows.length > 0;
}

function rangesText(spans: readonly Span[]): string {
  return `{${spans.map(({ from, to }) => `[${from},${to ?? ''})`).join(',')}}`;
}

/** PostgreSQL writes ranges of days with their end exclusive (manual, section 8.17.7): `{[2017-01-02,2017-02-03),[2017-03-04,)}`. */
function spansOf(ranges: string): Span[] {
  const spans: Span[] = [];
  for (let at = ranges.indexOf('['); at >= 0; at = ranges.indexOf('[', at + 1)) {
    const comma = ranges.indexOf(',', at);
    const end = ranges.indexOf(')', comma);
    spans.push({
      from: ranges.slice(at + 1, comma),
      to: end === comma + 1 ? null : ranges.slice(comma + 1, end),
    });
  }
  return spans;
}
