-- Room proposals: change sets against the versions that their author saw. A triager's own edit is one accepted at once.

create table proposal (
  id bigint generated always as identity primary key,
  -- Chosen by whoever sends it: the same key twice is the same change set.
  key text unique,
  author text not null,
  created_at timestamptz not null default now(),
  -- [{kind, id, field, value, saw}]
  changes jsonb not null,
  -- kind/id#field of each change: what goes stale when somebody else changes it.
  touches text[] not null,
  -- Pages on which it shows: issue:NSI-2017-0043.
  topics text[] not null,
  remark text,
  state text not null default 'open' check (state in ('open', 'accepted', 'rejected', 'withdrawn')),
  -- Somebody changed one of its fields since.
  stale_since timestamptz,
  decided_by text,
  decided_at timestamptz,
  decision_reason text,
  -- What was accepted where that is not what was proposed.
  amended jsonb,
  -- Why it waits although its author may decide: a dismissal that asks for a second opinion.
  waits_for text check (waits_for in ('decision', 'second_opinion')),
  check ((state = 'open') = (decided_at is null)),
  check (state <> 'rejected' or decision_reason is not null)
);
create index proposal_open on proposal (created_at) where state = 'open';
create index proposal_open_touching on proposal using gin (touches) where state = 'open';
create index proposal_open_on on proposal using gin (topics) where state = 'open';
create index proposal_of_author on proposal (author, created_at);
