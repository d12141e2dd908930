import { sql } from 'kysely';
import type { Queries, Reading, Tx } from '#base/db';
import type { FieldState, Forgotten, Written } from '#domain/proposals';

/** What somebody said of an issue. */
export interface Comment {
  id: number;
  issue: string;
  author: string;
  /** Markdown; null where it was taken back or redacted. */
  body: string | null;
  createdAt: Date;
  editedAt: Date | null;
  /** Event that made it what it is; an edit has to have seen it. */
  version: number;
}

/** The body as a field, with whose it is: only they may change it. */
export interface CommentState extends FieldState {
  author: string;
}

const COLUMNS = sql`id, issue, author, body, created_at as "createdAt", edited_at as "editedAt", version`;

/** Comments of some issues, in the order in which they were made. */
export async function commentsOf(queries: Queries, issues: readonly string[]): Promise<Comment[]> {
  const { rows } = await sql<Comment>`select ${COLUMNS} from comment where issue = any(${issues}::text[])
    order by id`.execute(queries);
  return rows;
}

/**
 * What was said of the issue whose id is `$1`: the newest ones, in the order in which they were made.
 *
 * @param limit one more is read, so that whoever shows them knows of the others
 */
export function commentsReading(limit: number): Reading<Comment[]> {
  return {
    sql: `select json_agg(json_build_array(c.id, c.issue, c.author, c.body, c.created_at, c.edited_at, c.version) order by c.id)
      from (select * from comment where issue = $1 order by id desc limit ${limit + 1}) c`,
    read: (json) =>
      ((json ?? []) as PackedComment[]).map(([id, issue, author, body, createdAt, editedAt, version]) => ({
        ...{ id, issue, author, body, version },
        createdAt: new Date(createdAt),
        editedAt: editedAt === null ? null : new Date(editedAt),
      })),
  };
}

type PackedComment = [
  id: number,
  issue: string,
  author: string,
  body: string | null,
  createdAt: string,
  editedAt: string | null,
  version: number,
];

export async function commentByKey(queries: Queries, key: string): Promise<Comment | null> {
  const { rows } = await sql<Comment>`select ${COLUMNS} from comment where key = ${key}`.execute(queries);
  return rows[0] ?? null;
}

/** The number that the next comment has. Callers hold the lock on the history. */
export async function insertComment(
  tx: Tx,
  comment: { issue: string; author: string; body: string; key: string | null; at: Date; version: number },
): Promise<number> {
  const { id } = await tx
    .insertInto('comment')
    .values({
      issue: comment.issue,
      author: comment.author,
      body: comment.body,
      key: comment.key,
      created_at: comment.at,
      version: comment.version,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Bodies by `issue/number`; the issue may be one that was merged into the comment's since the page was made. */
export async function readComments(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { body: CommentState }>> {
  const named = ids.flatMap((id) => {
    const [, issue, number] = /^([^/]+)\/([1-9]\d{0,14})$/.exec(id) ?? [];
    return issue === undefined ? [] : [{ id, issue, number: Number(number) }];
  });
  const { rows } = await sql<{ id: string; author: string; body: string | null; version: number }>`
    select r.id, c.author, c.body, c.version
    from json_to_recordset(${JSON.stringify(named)}::json) as r(id text, issue text, number bigint)
    join comment c on c.id = r.number
    join issue i on i.id = r.issue and coalesce(i.redirect, i.id) = c.issue`.execute(tx);
  return new Map(
    rows.map(({ id, author, body, version }) => [id, { body: { value: body, version, author } }]),
  );
}

export async function writeComments(tx: Tx, written: readonly Written[]): Promise<void> {
  const rows = written.map(({ id, value, version, at }) => ({ id: numberOf(id), body: value, version, at }));
  await sql`update comment c set body = r.body, version = r.version, edited_at = r.at
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id bigint, body text, version bigint, at timestamptz)
    where c.id = r.id`.execute(tx);
}

/** Forgets comments that one of those events made what they are. */
export async function eraseComments(tx: Tx, forgotten: readonly Forgotten[]): Promise<void> {
  const rows = forgotten.map(({ id, events }) => ({ id: numberOf(id), events }));
  await sql`update comment c set body = null from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id bigint, events bigint[])
    where c.id = r.id and c.version = any(r.events)`.execute(tx);
}

function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1));
}
