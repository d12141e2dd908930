import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { FieldState, FieldValue, Written } from '#domain/proposals';
import {
  affectedAgain,
  type Box,
  boxId,
  type Justification,
  parseBoxId,
  type Status,
  type StatusWord,
} from './status.ts';

/** A status as it is stored, with who set it. */
export interface StoredStatus extends Box {
  value: Status;
  /** Event that set it; an edit has to have seen it. */
  version: number;
  changedAt: Date;
  changedBy: string;
}

interface Row extends Box {
  status: StatusWord;
  justification: Justification | null;
  until: string | null;
  fixedIn: string | null;
  link: string | null;
  note: string | null;
  version: number;
  changedAt: Date;
  changedBy: string;
}

const COLUMNS = sql`issue, package, channel, status, justification, until, fixed_in as "fixedIn", link, note, version,
  changed_at as "changedAt", changed_by as "changedBy"`;

/** The statuses of some issues. What was postponed up to today or before reads as affected, whether or not the job has been there. */
export async function statusesOf(queries: Queries, issues: readonly string[]): Promise<StoredStatus[]> {
  const today = new Date().toISOString().slice(0, 10);
  return (await storedStatusesOf(queries, issues)).map((row) => cameBack(row, today));
}

/** The same as they are stored: what was postponed is that until the job has been there. */
export async function storedStatusesOf(queries: Queries, issues: readonly string[]): Promise<StoredStatus[]> {
  const { rows } = await sql<Row>`select ${COLUMNS} from status where issue = any(${issues}::text[])
    order by issue, package, channel`.execute(queries);
  return rows.map(stored);
}

/** What people decided last of the boxes of a channel, or of a package; those of issues that stand. */
export async function latestStatuses(
  queries: Queries,
  of: { channel: string } | { package: string },
  limit: number,
): Promise<StoredStatus[]> {
  const which = 'channel' in of ? sql`s.channel = ${of.channel}` : sql`s.package = ${of.package}`;
  const { rows } = await sql<Row>`select ${COLUMNS} from status s where ${which}
    and exists (select from issue i where i.id = s.issue and i.redirect is null) order by s.version desc limit ${limit}`.execute(
    queries,
  );
  const today = new Date().toISOString().slice(0, 10);
  return rows.map((row) => cameBack(stored(row), today));
}

/** A row whose day has come. Days are those of UTC. */
function cameBack(row: StoredStatus, today: string): StoredStatus {
  return row.value.status === 'postponed' && row.value.until <= today
    ? { ...row, value: affectedAgain(row.value) }
    : row;
}

/** What people said of each package of a channel. */
export async function statusesIn(
  queries: Queries,
  channel: string,
): Promise<{ issue: string; package: string; status: StatusWord }[]> {
  return queries
    .selectFrom('status')
    .select(['issue', 'package', 'status'])
    .where('channel', '=', channel)
    .orderBy('issue')
    .$castTo<{ issue: string; package: string; status: StatusWord }>()
    .execute();
}

/** What each of the boxes holds; those whose issue was merged away or never was are left out. Whether there is such a channel it does not know. */
export async function readBoxes(tx: Tx, ids: readonly string[]): Promise<Map<string, FieldState>> {
  const boxes = ids.flatMap((id) => parseBoxId(id) ?? []);
  const { rows } = await sql<Box & Partial<Row>>`
    select b.issue, b.package, b.channel, s.status, s.justification, s.until, s.fixed_in as "fixedIn", s.link, s.note, s.version
    from json_to_recordset(${JSON.stringify(boxes)}::json) as b(issue text, package text, channel text)
    join issue i on i.id = b.issue and i.redirect is null
    left join status s using (issue, package, channel)`.execute(tx);
  return new Map(
    rows.map((row) => [
      boxId(row),
      row.status == null
        ? { value: null, version: 0 }
        : { value: asSet(row as Row) as FieldValue, version: row.version ?? 0 },
    ]),
  );
}

/** Writes statuses that were checked; null takes the row away. Lists the package where the issue does not list it yet. */
export async function writeBoxes(tx: Tx, written: readonly Written[]): Promise<void> {
  const rows = written.flatMap(({ id, value, version, undoes, at, actor }) => {
    const box = parseBoxId(id);
    return box === null ? [] : [{ ...box, value: value as Status | null, version, undoes, at, actor }];
  });
  const gone = rows.filter(({ value }) => value === null);
  const set = rows.flatMap(({ value, ...rest }) => (value === null ? [] : [{ ...rest, ...columns(value) }]));
  if (gone.length > 0)
    await sql`delete from status s using json_to_recordset(${JSON.stringify(gone)}::json) as g(issue text, package text, channel text)
      where (s.issue, s.package, s.channel) = (g.issue, g.package, g.channel)`.execute(tx);
  if (set.length === 0) return;
  const json = JSON.stringify(set);
  await sql`insert into issue_package (issue, package, version)
    select issue, package, min(version) from json_to_recordset(${json}::json) as r(issue text, package text, version bigint)
    group by issue, package on conflict (issue, package) do nothing`.execute(tx);
  await sql`insert into status (issue, package, channel, status, justification, until, fixed_in, link, note, version, undoes,
      changed_at, changed_by)
    select issue, package, channel, status, justification, until, "fixedIn", link, note, version, undoes, at, actor
    from json_to_recordset(${json}::json) as r(issue text, package text, channel text, status text, justification text, until date,
      "fixedIn" text, link text, note text, version bigint, undoes bigint, at timestamptz, actor text)
    on conflict (issue, package, channel) do update set status = excluded.status, justification = excluded.justification,
      until = excluded.until, fixed_in = excluded.fixed_in, link = excluded.link, note = excluded.note,
      version = excluded.version, undoes = excluded.undoes, changed_at = excluded.changed_at, changed_by = excluded.changed_by`.execute(
    tx,
  );
}

/** Boxes that were postponed up to a day that has come. */
export async function postponedUpTo(queries: Queries, day: string): Promise<StoredStatus[]> {
  const { rows } =
    await sql<Row>`select ${COLUMNS} from status where status = 'postponed' and until <= ${day}::date
    order by issue, package, channel`.execute(queries);
  return rows.map(stored);
}

function stored(row: Row): StoredStatus {
  const { issue, package: name, channel, version, changedAt, changedBy } = row;
  return { issue, package: name, channel, version, changedAt, changedBy, value: asSet(row) };
}

/** A row as people set it: without what it does not have. */
function asSet({ status, justification, until, fixedIn, link, note }: Row): Status {
  const value = { status, justification, until, fixedIn, link, note };
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== null && part !== undefined),
  ) as Status;
}

function columns(value: Status) {
  const { status, justification, until, fixedIn, link, note } = value as Partial<Row> & {
    status: StatusWord;
  };
  return { status, justification, until, fixedIn, link, note };
}

/** Forgets words of boxes that one of those events set; the status itself stays. What cannot be without words says so. */
export async function eraseBoxes(
  tx: Tx,
  forgotten: readonly { id: string; events: readonly number[] }[],
): Promise<void> {
  const rows = forgotten.flatMap(({ id, events }) => {
    const box = parseBoxId(id);
    return box === null ? [] : [{ ...box, events }];
  });
  await sql`update status s set link = null, fixed_in = null, note = case when s.note is not null then '(redacted)' end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(issue text, package text, channel text, events bigint[])
    where (s.issue, s.package, s.channel) = (r.issue, r.package, r.channel) and s.version = any(r.events)`.execute(
    tx,
  );
}
