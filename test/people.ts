// People, channels and issues for tests of what people do.
import { sql } from 'kysely';
import type { Database } from '#base/db';
import { editableCampaign, editableCampaignIssue, editableRegrouping } from '#domain/campaigns';
import {
  editableComment,
  editableIntake,
  editableIssue,
  editableNewIssue,
  editablePackage,
  editableStatus,
} from '#domain/issues';
import { editableRule, editableSuggestion } from '#domain/matching';
import type { Actor, Role } from '#domain/policies';
import { type Answer, type Change, editables, type FieldValue, type Made } from '#domain/proposals';
import { editableBatch } from '#domain/sources';
import { editableThread } from '#domain/threads';
import { testDatabase } from './database.ts';

export const OPTIONS = {
  kinds: editables([
    editablePackage,
    editableStatus,
    editableIssue,
    editableComment,
    editableNewIssue,
    editableIntake,
    editableSuggestion,
    editableRule,
    editableThread,
    editableBatch,
    editableCampaign,
    editableCampaignIssue,
    editableRegrouping,
  ]),
  rules: { secondOpinion: false },
};

function person(account: number, role: Role): Actor {
  return { id: `person:${account}`, role, account };
}

/** Accounts 1 to 5 of `withPeople`, by their handles. */
export const ADA = person(1, 'triager');
export const BEN = person(2, 'triager');
export const CLEO = person(3, 'contributor');
export const DORA = person(4, 'security');
export const EVE = person(5, 'contributor');

/** A database with five people, two channels, and the issues NSI-2017-0001 to -0004. Dora gets no mail: hers is not confirmed. */
export async function withPeople(): Promise<Database> {
  const database = await testDatabase();
  await sql`insert into account (handle, name, role, email, email_confirmed_at) values
    ('ada', 'Ada', 'triager', 'ada@a.example', now()), ('ben', 'Ben', 'triager', 'ben@a.example', now()),
    ('cleo', 'Cleo', 'contributor', 'cleo@a.example', now()), ('dora', 'Dora', 'security', 'dora@a.example', null),
    ('eve', 'Eve', 'contributor', null, null)`.execute(database.queries);
  await sql`insert into channel (name) values ('nixos-16.09'), ('nixos-17.03')`.execute(database.queries);
  await sql`insert into issue (id, year, number, product, title, opened, last_report)
    select 'NSI-2017-000' || n, 2017, n, 'openssl', 'openssl: flaw ' || n, '2017-01-26', '2017-01-26' from generate_series(1, 4) n`.execute(
    database.queries,
  );
  await sql`insert into issue_atom (product, vulnerability, issue)
    select 'openssl', 'CVE-2017-000' || n, 'NSI-2017-000' || n from generate_series(1, 4) n`.execute(
    database.queries,
  );
  await sql`insert into issue_number (year, last) values (2017, 4)`.execute(database.queries);
  return database;
}

export function status(issue: string, value: FieldValue, saw = 0, box = 'openssl/nixos-17.03'): Change {
  return { kind: 'status', id: `${issue}/${box}`, field: 'value', value, saw };
}

export function field(issue: string, name: string, value: FieldValue, saw = 0): Change {
  return { kind: 'issue', id: issue, field: name, value, saw };
}

/** What was made; throws with the answer where nothing was. */
export async function made(answer: Promise<Answer>): Promise<Made[]> {
  const done = await answer;
  if (done.outcome !== 'accepted') throw new Error(JSON.stringify(done));
  return done.made;
}

/** Comes back when somebody in that database waits for the end of the history, which somebody else has locked. */
export async function waitsForHistory({ queries }: Database): Promise<void> {
  for (;;) {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%event_head%'`.execute(
      queries,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
