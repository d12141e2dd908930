-- Room matching: what the matcher proposes, and why.

-- issue × package: proposed by the matcher, never removed by it.
create table suggestion (
  id bigint generated always as identity primary key,
  -- No declared reference, for the checks take longer than the writing; issues are never deleted.
  issue text not null,
  attr text not null,
  pname text not null,
  score real not null check (score between 0 and 1),
  matcher_version int not null,
  -- The worst over the channels.
  verdict text not null check (verdict in ('affected', 'not_affected', 'unknown')),
  state text not null default 'open' check (state in ('open', 'stale')),
  -- Place of the parts of its score in the issue's evidence.
  reasons int not null,
  -- Since when it is open and somebody has to look at it; null while it is not so.
  due_since timestamptz,
  -- What was known of it when it became stale: {reasons, channels: [{channel, version, verdict, evidence, patched}]}
  kept json,
  -- By the clock, not by the beginning of a transaction: a roundup that opened meanwhile has not seen it.
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (issue, attr)
);
create index suggestion_by_package on suggestion (attr);
create index suggestion_due on suggestion (due_since) where due_since is not null;

-- … × channel, for those that are open: whether the version there looks hit. Some millions of rows, hence without the reasons.
create table suggestion_channel (
  suggestion bigint not null,
  channel text not null,
  version text not null,
  verdict text not null check (verdict in ('affected', 'not_affected', 'unknown')),
  -- Place of the verdict's reasons in the issue's evidence.
  evidence int not null,
  primary key (suggestion, channel)
);

-- Why, for all suggestions of an issue at once: packages of one version have it in common, and together it is a tenth.
create table issue_evidence (
  issue text primary key,
  -- Packed, see pack-evidence.ts.
  evidence json not null
);

-- issue × channel: the worst verdict of the issue's packages there, where it is not that all of them are safe.
create table issue_channel (
  issue text not null,
  channel text not null,
  verdict text not null check (verdict in ('affected', 'unknown')),
  primary key (issue, channel)
);

-- Which issues were matched, and what came of it.
create table matched_issue (
  issue text primary key,
  -- Something is new since it was matched, or it never was: a run that was cut off goes on here.
  due boolean not null,
  -- Names under which packages were looked for, folded: when packages change, the issue is due again only for these.
  names text[] not null default '{}',
  -- Over everything that was found: what comes out as before is not written again.
  digest text,
  -- Open suggestions, and those of them that somebody has to look at.
  suggestions int not null default 0,
  to_look_at int not null default 0
);
create index matched_issue_due on matched_issue (issue) where due;

-- What was seen when it was last decided which issues are due.
create table matching_state (
  only_row boolean primary key default true check (only_row),
  -- Grows whenever issues become due: who matches notices that somebody else has seen something newer.
  run bigint not null default 0,
  -- Number of the computation of issues.
  issues_seen bigint not null default 0,
  -- Newest revision of each channel: {channel: {commit, committedAt, importedAt}}
  revisions json not null default '{}',
  matcher_version int not null default 0,
  matched_at timestamptz
);
insert into matching_state default values;
