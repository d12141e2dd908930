import { sql } from 'kysely';
import type { Queries, Reading, Tx } from '#base/db';
import type { RegroupingReason } from '#domain/issues';
import type { FieldState, FieldValue, Forgotten, Written } from '#domain/proposals';
import type { DerivedCampaign } from './derive-campaigns.ts';

/** What people say something of in this room. */
export type WordKind = 'campaign' | 'regrouping';

/** Something that people say. */
export interface Word {
  id: string;
  value: FieldValue;
  version: number;
  saidBy: string;
  saidAt: Date;
}

export async function wordsOf(queries: Queries, kind: WordKind, ids?: readonly string[]): Promise<Word[]> {
  const { rows } =
    await sql<Word>`select id, value, version, said_by as "saidBy", said_at as "saidAt" from campaign_word
    where kind = ${kind} and (${ids === undefined}::bool or id = any(${ids ?? []}::text[])) order by id`.execute(
      queries,
    );
  return rows;
}

export async function writeWords(tx: Tx, kind: WordKind, written: readonly Written[]): Promise<void> {
  const rows = written.map(({ id, value, version, actor, at }) => ({ id, value, version, actor, at }));
  await sql`insert into campaign_word (kind, id, value, version, said_by, said_at)
    select ${kind}, id, nullif(value, 'null'::jsonb), version, actor, at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, value jsonb, version bigint, actor text, at timestamptz)
    on conflict (kind, id) do update set value = excluded.value, version = excluded.version, said_by = excluded.said_by,
      said_at = excluded.said_at`.execute(tx);
}

/** Forgets what somebody wrote, and keeps what was decided: a campaign goes by its name. */
export async function eraseWords(tx: Tx, kind: WordKind, forgotten: readonly Forgotten[]): Promise<void> {
  await sql`update campaign_word w set value = case when w.value ? 'title'
      then jsonb_build_object('title', w.id) else w.value - 'note' end
    from jsonb_to_recordset(${JSON.stringify(forgotten)}::jsonb) as f(id text, events bigint[])
    where w.kind = ${kind} and w.id = f.id and w.version = any(f.events) and jsonb_typeof(w.value) = 'object'`.execute(
    tx,
  );
}

export function stateOf(word: Word | undefined): FieldState {
  return word === undefined ? { value: null, version: 0 } : { value: word.value, version: word.version };
}

/** A story as it was derived. */
export interface StoredCampaign {
  name: string;
  kind: DerivedCampaign['kind'];
  title: string;
  vulnerabilities: string[];
  since: Date | null;
}

export async function derivedCampaigns(
  queries: Queries,
  names?: readonly string[],
): Promise<StoredCampaign[]> {
  const { rows } = await sql<StoredCampaign>`select name, kind, title, vulnerabilities, since from campaign
    where ${names === undefined}::bool or name = any(${names ?? []}::text[]) order by name`.execute(queries);
  return rows;
}

/** An issue's part in a story. */
export interface CampaignPart {
  campaign: string;
  issue: string;
  /** What ties it to the others; none where only people say so. */
  vulnerabilities: string[];
  /** What people say of it, and who; null where it is only derived. */
  said: 'in' | 'out' | null;
  saidBy: string | null;
  /** What a change has to have seen. */
  version: number;
  belongs: boolean;
}

const PART = sql`p.campaign, p.issue, p.vulnerabilities, p.said, p.said_by as "saidBy", p.version, p.belongs`;

/** Every part of the campaigns, those that people took out included. */
export async function partsOf(queries: Queries, campaigns: readonly string[]): Promise<CampaignPart[]> {
  const { rows } = await sql<CampaignPart>`select ${PART} from campaign_issue p
    where p.campaign = any(${campaigns}::text[]) order by p.campaign, p.issue`.execute(queries);
  return rows;
}

export async function readParts(tx: Tx, ids: readonly string[]): Promise<Map<string, FieldState>> {
  const parts = JSON.stringify(ids.map(partOf));
  const { rows } = await sql<{ id: string; said: string | null; version: number }>`
    select campaign || '/' || issue as id, said, version from campaign_issue
    join json_to_recordset(${parts}::json) as r(campaign text, issue text) using (campaign, issue)`.execute(
    tx,
  );
  return new Map(rows.map(({ id, said, version }) => [id, { value: said, version }]));
}

/** `stack-clash/NSI-2017-0043` */
function partOf(id: string): { campaign: string; issue: string } {
  const slash = id.indexOf('/');
  return { campaign: id.slice(0, Math.max(slash, 0)), issue: id.slice(slash + 1) };
}

export async function writeParts(tx: Tx, written: readonly Written[]): Promise<void> {
  const rows = written.map(({ id, value, version, actor }) => {
    return { ...partOf(id), said: value, version, said_by: actor };
  });
  await sql`insert into campaign_issue (campaign, issue, said, said_by, version)
    select campaign, issue, said, said_by, version
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(campaign text, issue text, said text, said_by text, version bigint)
    on conflict (campaign, issue) do update set said = excluded.said, said_by = excluded.said_by, version = excluded.version`.execute(
    tx,
  );
}

/** Issues of which people say that they do, or do not, belong somewhere. */
export async function spokenOf(queries: Queries): Promise<string[]> {
  const { rows } = await sql<{
    issue: string;
  }>`select distinct issue from campaign_issue where said is not null`.execute(queries);
  return rows.map(({ issue }) => issue);
}

/** Campaigns of which people say something: what they are called, or what belongs to them. */
export async function campaignsSpokenOf(queries: Queries): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`select id as name from campaign_word
    where kind = 'campaign' and value is not null
    union select campaign from campaign_issue where said is not null`.execute(queries);
  return new Set(rows.map(({ name }) => name));
}

/** What people say of an issue's part in a story. */
export interface SaidPart {
  campaign: string;
  issue: string;
  said: 'in' | 'out';
  saidBy: string;
  version: number;
}

export async function saidOfIssues(queries: Queries, issues: readonly string[]): Promise<SaidPart[]> {
  const { rows } =
    await sql<SaidPart>`select campaign, issue, said, said_by as "saidBy", version from campaign_issue
    where said is not null and issue = any(${issues}::text[]) order by version`.execute(queries);
  return rows;
}

/** Takes away what was said of issues, once it is said of what they have become. */
export async function clearParts(tx: Tx, issues: readonly string[]): Promise<void> {
  await sql`delete from campaign_issue where issue = any(${issues}::text[])`.execute(tx);
}

/** What an issue's page shows, by the issue's id as `$1`. */
export interface IssueStories {
  campaigns: { name: string; title: string; kind: string }[];
  /** How many suggestions to merge or split it wait. */
  regroupings: number;
}

export const issueStoriesReading: Reading<IssueStories> = {
  sql: `select json_build_object(
    'campaigns', (select json_agg(json_build_object('name', p.campaign, 'title', coalesce(w.value->>'title', c.title, p.campaign),
        'kind', coalesce(c.kind, 'people')) order by p.campaign)
      from campaign_issue p left join campaign c on c.name = p.campaign
      left join campaign_word w on w.kind = 'campaign' and w.id = p.campaign
      where p.issue = $1 and p.belongs and (c.name is not null or w.value is not null)),
    'regroupings', (select count(*) from regrouping r where r.holds and (r.issue = $1 or r.other = $1)
      and not exists (select from campaign_word w where w.kind = 'regrouping' and w.id = r.key and w.value is not null)))`,
  read(json) {
    const { campaigns, regroupings } = json as {
      campaigns: IssueStories['campaigns'] | null;
      regroupings: number;
    };
    return { campaigns: campaigns ?? [], regroupings };
  },
};

/** Puts down what was derived; only what differs is written. */
export async function replaceCampaigns(tx: Tx, campaigns: readonly DerivedCampaign[]): Promise<void> {
  const heads = JSON.stringify(campaigns.map(({ issues: _, ...head }) => head));
  const parts = JSON.stringify(
    campaigns.flatMap(({ name, issues }) => issues.map((each) => ({ campaign: name, ...each }))),
  );
  await sql`delete from campaign where name not in (select name from jsonb_to_recordset(${heads}::jsonb) as r(name text))`.execute(
    tx,
  );
  await sql`insert into campaign (name, kind, title, vulnerabilities, since)
    select name, kind, title, vulnerabilities, since
    from json_to_recordset(${heads}::json) as r(name text, kind text, title text, vulnerabilities text[], since timestamptz)
    on conflict (name) do update set kind = excluded.kind, title = excluded.title, vulnerabilities = excluded.vulnerabilities,
      since = excluded.since
    where (campaign.kind, campaign.title, campaign.vulnerabilities, campaign.since)
      is distinct from (excluded.kind, excluded.title, excluded.vulnerabilities, excluded.since)`.execute(tx);
  await sql`update campaign_issue set derived = false, vulnerabilities = '{}' where derived and (campaign, issue) not in
    (select campaign, issue from jsonb_to_recordset(${parts}::jsonb) as r(campaign text, issue text))`.execute(
    tx,
  );
  await sql`delete from campaign_issue where not derived and version = 0`.execute(tx);
  await sql`insert into campaign_issue (campaign, issue, vulnerabilities, derived)
    select campaign, issue, vulnerabilities, true
    from json_to_recordset(${parts}::json) as r(campaign text, issue text, vulnerabilities text[])
    on conflict (campaign, issue) do update set vulnerabilities = excluded.vulnerabilities, derived = true
    where (campaign_issue.vulnerabilities, campaign_issue.derived) is distinct from (excluded.vulnerabilities, true)`.execute(
    tx,
  );
}

/** Takes the lock under which all this is derived, and says up to where it was looked. */
export async function lockCampaigns(tx: Tx) {
  return tx.selectFrom('campaign_state').selectAll().forUpdate().executeTakeFirstOrThrow();
}

type Looked =
  | { computation: number; threads: number }
  | { regrouped_computation: number; regrouped_threads: number };

export async function recordLook(tx: Tx, seen: Looked): Promise<void> {
  await tx.updateTable('campaign_state').set(seen).execute();
}

/** A suggestion to merge or to split, as it is stored. */
export interface StoredRegrouping {
  key: string;
  kind: 'merge' | 'split';
  product: string;
  issue: string;
  other: string | null;
  out: string[];
  reasons: RegroupingReason[];
  proposedAt: Date;
  holds: boolean;
}

const REGROUPING = sql`r.key, r.kind, r.product, r.issue, r.other, r.out, r.reasons, r.proposed_at as "proposedAt", r.holds`;

export async function replaceRegroupings(
  tx: Tx,
  found: readonly Omit<StoredRegrouping, 'proposedAt' | 'holds'>[],
  at: Date,
): Promise<void> {
  const rows = JSON.stringify(found);
  await sql`update regrouping set holds = false where holds
    and key not in (select key from jsonb_to_recordset(${rows}::jsonb) as r(key text))`.execute(tx);
  await sql`insert into regrouping (key, kind, product, issue, other, out, reasons, proposed_at, holds)
    select key, kind, product, issue, other, out, reasons, ${at}, true
    from jsonb_to_recordset(${rows}::jsonb) as r(key text, kind text, product text, issue text, other text, out text[], reasons jsonb)
    on conflict (key) do update set issue = excluded.issue, other = excluded.other, out = excluded.out,
      reasons = excluded.reasons, holds = true
    where (regrouping.issue, regrouping.other, regrouping.out, regrouping.reasons, regrouping.holds)
      is distinct from (excluded.issue, excluded.other, excluded.out, excluded.reasons, true)`.execute(tx);
}

/** It was followed: it waits for nobody, though the night has not come yet. */
export async function settleRegrouping(tx: Tx, key: string): Promise<void> {
  await tx.updateTable('regrouping').set({ holds: false }).where('key', '=', key).execute();
}

/** Which of them there are, whether they still hold or not. */
export async function knownRegroupings(
  queries: Queries,
  keys: readonly string[],
): Promise<StoredRegrouping[]> {
  const { rows } = await sql<StoredRegrouping>`select ${REGROUPING} from regrouping r
    where key = any(${keys}::text[]) order by key`.execute(queries);
  return rows;
}

/** Those that hold, the latest first: `waiting` for somebody to decide, or `dismissed`. */
export async function regroupingsThat(
  queries: Queries,
  {
    state,
    issue,
    limit,
    offset = 0,
  }: {
    state: 'waiting' | 'dismissed' | 'all';
    issue?: string;
    limit: number;
    offset?: number;
  },
): Promise<StoredRegrouping[]> {
  const { rows } = await sql<StoredRegrouping>`select ${REGROUPING} from regrouping r
    left join campaign_word w on w.kind = 'regrouping' and w.id = r.key and w.value is not null
    where r.holds and (${state === 'all'}::bool or (w.id is null) = ${state === 'waiting'}::bool)
      and (${issue ?? null}::text is null or r.issue = ${issue ?? null} or r.other = ${issue ?? null})
    order by r.proposed_at desc, r.key limit ${limit} offset ${offset}`.execute(queries);
  return rows;
}

export async function countWaitingRegroupings(queries: Queries): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`select count(*)::int as waiting from regrouping r
    where r.holds and not exists (select from campaign_word w where w.kind = 'regrouping' and w.id = r.key and w.value is not null)`.execute(
    queries,
  );
  return rows[0]?.waiting ?? 0;
}
