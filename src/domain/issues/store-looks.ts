import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Queries, Reading, Tx } from '#base/db';
import type { RecordLook } from './record-looks.ts';
import type { Box, StatusWord } from './status.ts';

/** What was known of an issue when somebody set a box of it. */
export interface IssueLook {
  vulnerabilities: string[];
  records: Record<string, RecordLook>;
}

/** Keeps what issues look like, each once. @returns what stands for it, by issue */
export async function keepLooks(tx: Tx, looks: ReadonlyMap<string, IssueLook>): Promise<Map<string, string>> {
  const rows = [...looks].map(([issue, look]) => {
    const text = JSON.stringify(look);
    return { issue, mark: createHash('sha256').update(text).digest('base64url').slice(0, 22), look };
  });
  await sql`insert into record_look (mark, look) select distinct on (mark) mark, look
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(mark text, look json)
    on conflict (mark) do nothing`.execute(tx);
  return new Map(rows.map(({ issue, mark }) => [issue, mark]));
}

/** Remembers on what boxes were set; nothing of it is asked again. A box without a mark was emptied. */
export async function writeLooks(
  tx: Tx,
  boxes: readonly (Box & { version: number; mark: string | null })[],
): Promise<void> {
  if (boxes.length === 0) return;
  await sql`insert into box_look (issue, package, channel, version, mark)
    select issue, package, channel, version, mark
    from json_to_recordset(${JSON.stringify(boxes)}::json) as r(issue text, package text, channel text, version bigint, mark text)
    on conflict (issue, package, channel) do update set version = excluded.version, mark = excluded.mark, again = null`.execute(
    tx,
  );
}

/** Boxes are set otherwise, and rest on what they rested on. */
export async function passLooks(tx: Tx, boxes: readonly (Box & { version: number })[]): Promise<void> {
  if (boxes.length === 0) return;
  await sql`update box_look b set version = r.version
    from json_to_recordset(${JSON.stringify(boxes)}::json) as r(issue text, package text, channel text, version bigint)
    where (b.issue, b.package, b.channel) = (r.issue, r.package, r.channel)`.execute(tx);
}

/** What was set on another issue that became part of this one bears what it was set on there. */
export async function carryLooks(tx: Tx, from: string, to: string, boxes: readonly Box[]): Promise<void> {
  await sql`insert into box_look (issue, package, channel, version, mark)
    select s.issue, s.package, s.channel, s.version, f.mark
    from json_to_recordset(${JSON.stringify(boxes)}::json) as r(package text, channel text)
    join box_look f on (f.issue, f.package, f.channel) = (${from}, r.package, r.channel)
    join status s on (s.issue, s.package, s.channel) = (${to}, r.package, r.channel)
    on conflict (issue, package, channel) do update set mark = excluded.mark`.execute(tx);
}

/** A box with what it was set on. */
export interface LookedBox extends Box {
  version: number;
  look: IssueLook;
  again: string[] | null;
}

export async function looksOfBoxes(queries: Queries, issues: readonly string[]): Promise<LookedBox[]> {
  const { rows } = await sql<LookedBox>`select b.issue, b.package, b.channel, b.version, b.again, l.look
    from box_look b join record_look l using (mark) where b.issue = any(${issues}::text[])
    order by b.issue, b.package, b.channel`.execute(queries);
  return rows;
}

/** Up to which computation boxes were compared, and which issues with boxes came out otherwise since. */
export async function issuesToCompare(queries: Queries): Promise<{ computation: number; issues: string[] }> {
  const { rows } = await sql<{ computation: number; issues: string[] | null }>`select g.computation,
      (select array_agg(i.id order by i.id) from issue i where i.changed > g.boxes_seen
        and exists (select from box_look b where b.issue = i.id)) as issues
    from grouping_state g`.execute(queries);
  return { computation: rows[0]?.computation ?? 0, issues: rows[0]?.issues ?? [] };
}

/** Writes what has changed since boxes were set; of one that was set again meanwhile nothing has. */
export async function writeAgain(
  queries: Queries,
  boxes: readonly (Box & { version: number; again: string[] | null })[],
): Promise<void> {
  if (boxes.length === 0) return;
  await sql`update box_look b set again = nullif(r.again::text, 'null')::json
    from json_to_recordset(${JSON.stringify(boxes)}::json) as r(issue text, package text, channel text, version bigint, again json)
    where (b.issue, b.package, b.channel, b.version) = (r.issue, r.package, r.channel, r.version)`.execute(
    queries,
  );
}

/** Whether something is kept that no box rests on any more. */
export async function hasUnusedLooks(queries: Queries): Promise<boolean> {
  const { rows } = await sql<{ unused: boolean }>`select exists (select from record_look l
    where not exists (select from box_look b where b.mark = l.mark)) as unused`.execute(queries);
  return rows[0]?.unused === true;
}

/** Forgets that. Only under the lock on the history: a box that is being set may rest on it. */
export async function forgetUnusedLooks(tx: Tx): Promise<void> {
  await sql`delete from record_look l where not exists (select from box_look b where b.mark = l.mark)`.execute(
    tx,
  );
}

export async function recordCompared(queries: Queries, computation: number): Promise<void> {
  await sql`update grouping_state set boxes_seen = greatest(boxes_seen, ${computation})`.execute(queries);
}

/** A box of which records say something else than when it was set. */
export interface AskedBox extends Box {
  status: StatusWord;
  /** The event that set it. */
  version: number;
  again: string[];
}

/** Those of some issues. */
export async function askedBoxesOf(queries: Queries, issues: readonly string[]): Promise<AskedBox[]> {
  if (issues.length === 0) return [];
  const { rows } = await sql<AskedBox>`select b.issue, b.package, b.channel, b.version, b.again, s.status
    from box_look b join status s using (issue, package, channel)
    where b.issue = any(${issues}::text[]) and b.again is not null order by b.issue, b.package, b.channel`.execute(
    queries,
  );
  return rows;
}

/** A box of which it is known what it was set on. */
export interface ComparedBox {
  package: string;
  channel: string;
  /** Null where nothing has changed. */
  again: string[] | null;
}

/** Those of one issue, as its page asks. */
export const comparedBoxesReading: Reading<ComparedBox[]> = {
  sql: `select coalesce(json_agg(json_build_array(b.package, b.channel, b.again)), '[]') from box_look b
    where b.issue = $1 and b.mark is not null`,
  read: (json) =>
    (json as [string, string, string[] | null][]).map(([name, channel, again]) => ({
      ...{ package: name, channel, again },
    })),
};

/** Somebody has decided on packages as a whole: their boxes are looked at again by that. */
export async function renewLooks(
  tx: Tx,
  packages: readonly { issue: string; package: string }[],
  marks: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = packages.map((each) => ({ ...each, mark: marks.get(each.issue) ?? null }));
  await sql`update box_look b set mark = r.mark, again = null
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(issue text, package text, mark text)
    where b.issue = r.issue and b.package = r.package and b.mark is not null and r.mark is not null`.execute(
    tx,
  );
}

/** Of packages, those that have boxes. */
export async function withLooks(
  queries: Queries,
  packages: readonly { issue: string; package: string }[],
): Promise<{ issue: string; package: string }[]> {
  const { rows } = await sql<{
    issue: string;
    package: string;
  }>`select distinct b.issue, b.package from box_look b
    join json_to_recordset(${JSON.stringify(packages)}::json) as r(issue text, package text) using (issue, package)
    where b.mark is not null`.execute(queries);
  return rows;
}

/** Issues with boxes that were set or emptied after an event, and the last one that did any of it. */
export async function boxesSetSince(
  queries: Queries,
  event: number,
): Promise<{ upTo: number; issues: string[] }> {
  const { rows } = await sql<{ upTo: number | null; issues: string[] | null }>`select max(version) as "upTo",
    array_agg(distinct issue) as issues from box_look where version > ${event}`.execute(queries);
  return { upTo: rows[0]?.upTo ?? event, issues: rows[0]?.issues ?? [] };
}
