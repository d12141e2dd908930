-- Room channels: lines of releases, their revisions, and the package set of each.

create table channel (
  -- nixos-17.03
  name text primary key,
  lifecycle text not null default 'supported' check (lifecycle in ('development', 'supported', 'deprecated', 'end_of_life')),
  released date,
  end_of_life date,
  created_at timestamptz not null default now()
);

create table revision (
  id bigint generated always as identity primary key,
  channel text not null references channel,
  commit text not null,
  committed_at timestamptz not null,
  imported_at timestamptz not null default now(),
  -- Number of packages in the set, and SHA-256 over all of it: a second import of the same is seen at once.
  packages int not null,
  content_hash bytea not null,
  unique (channel, commit),
  unique (channel, committed_at)
);

-- What is known of one package, stored once however many revisions and channels share it.
create table package_fact (
  hash bytea primary key,
  attr text not null,
  kind text not null default 'attribute' check (kind in ('attribute', 'module', 'nix')),
  name text not null,
  pname text not null,
  version text not null,
  description text,
  homepage text,
  source_url text,
  position text,
  -- Patch file names, in order.
  patches text[] not null default '{}',
  known_vulnerabilities text[] not null default '{}',
  maintainers jsonb not null default '[]',
  licence text
);
create index package_fact_by_attr on package_fact (attr);
create index package_fact_by_pname on package_fact (pname);

-- From which revision (its commit date) up to which, exclusive, a channel had a package in that state. Only changes make rows.
create table package_period (
  channel text not null references channel,
  attr text not null,
  fact bytea not null references package_fact,
  since timestamptz not null,
  -- Null: up to the newest revision that was imported.
  until timestamptz,
  primary key (channel, attr, since)
);
create index package_period_current on package_period (channel, attr) where until is null;
create index package_period_by_fact on package_period (fact);
