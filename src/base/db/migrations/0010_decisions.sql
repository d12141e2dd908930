-- Room matching: what people decided of a suggestion.

alter table suggestion
  add column decision text check (decision in ('accepted', 'dismissed')),
  add column decision_reason text,
  add column decision_note text,
  add column decision_version bigint not null default 0,
  add column decided_by text,
  add column decided_at timestamptz,
  -- What it looked like when it was decided: a later change of it asks for eyes again.
  add column decided_on jsonb;
create index suggestion_undecided on suggestion (score desc, id) where decision is null and state = 'open';

-- Passed over by one person, who is not shown it again unless it changed.
create table suggestion_skip (
  account bigint not null references account,
  suggestion bigint not null references suggestion,
  at timestamptz not null default now(),
  primary key (account, suggestion)
);
