-- Room campaigns: what issues of several products have in common, and where the grouping may be wrong. All but what people say is derived.

-- A story that several issues belong to: derived (nickname, vulnerability, thread).
create table campaign (
  -- stack-clash, cve-2016-2183, thread-12
  name text primary key,
  kind text not null check (kind in ('nickname', 'vulnerability', 'thread')),
  title text not null,
  vulnerabilities text[] not null,
  since timestamptz
);

create table campaign_issue (
  campaign text not null,
  issue text not null,
  -- Which vulnerabilities of the issue tie it to the others; none where nothing but people's word does.
  vulnerabilities text[] not null default '{}',
  derived boolean not null default false,
  -- What people say of it, and the entry of the history that says so.
  said text check (said in ('in', 'out')),
  said_by text,
  version bigint not null default 0,
  belongs boolean not null generated always as (coalesce(said = 'in', derived)) stored,
  primary key (campaign, issue)
);
create index campaign_issue_of_issue on campaign_issue (issue);
create index campaign_issue_said on campaign_issue (issue) where said is not null;

-- Issues that may be one, or one that may be two.
create table regrouping (
  key text primary key,
  kind text not null check (kind in ('merge', 'split')),
  product text not null,
  issue text not null,
  other text,
  out text[] not null,
  reasons jsonb not null,
  -- When it was first seen; false where it no longer holds: an earlier word on it is kept all the same.
  proposed_at timestamptz not null,
  holds boolean not null
);
create index regrouping_of_issue on regrouping (issue);
create index regrouping_of_other on regrouping (other) where other is not null;

-- What people say of these: what campaigns are called, suggestions that they dismiss.
create table campaign_word (
  kind text not null check (kind in ('campaign', 'regrouping')),
  id text not null,
  value jsonb,
  version bigint not null,
  said_by text not null,
  said_at timestamptz not null,
  primary key (kind, id)
);

-- Up to which computation of the issues, and to which messages, all this was looked at.
create table campaign_state (
  only_row boolean primary key default true check (only_row),
  computation bigint not null default 0,
  threads bigint not null default 0,
  -- The same for suggestions, which are looked for at night.
  regrouped_computation bigint not null default 0,
  regrouped_threads bigint not null default 0
);
insert into campaign_state default values;
