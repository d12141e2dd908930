-- Room matching: what the matcher proposes, and why.

-- issue × package: proposed by the matcher, never removed by it.
create table suggestion (
  id bigint generated always as identity primary key,
  issue text not null references issue,
  attr text not null,
  pname text not null,
  score real not null check (score between 0 and 1),
  -- Parts of the score: [{part, points, why}]
  reasons jsonb not null,
  matcher_version int not null,
  -- The worst over the channels.
  verdict text not null check (verdict in ('affected', 'not_affected', 'unknown')),
  state text not null default 'open' check (state in ('open', 'stale')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (issue, attr)
);
create index suggestion_by_package on suggestion (attr);

-- … × channel: whether the version there looks hit.
create table suggestion_channel (
  suggestion bigint not null references suggestion,
  channel text not null references channel,
  version text not null,
  verdict text not null check (verdict in ('affected', 'not_affected', 'unknown')),
  -- [{vulnerability, verdict, why, report}]
  evidence jsonb not null,
  -- Vulnerabilities of the issue that a patch in the package names.
  patched text[] not null default '{}',
  primary key (suggestion, channel)
);
create index suggestion_channel_by_channel on suggestion_channel (channel, verdict);

-- What the last run of the matcher had seen.
create table matching_state (
  only_row boolean primary key default true check (only_row),
  issues_computed_at timestamptz,
  packages_seen text not null default '',
  matcher_version int not null default 0,
  matched_at timestamptz
);
insert into matching_state default values;
