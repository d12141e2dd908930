-- Room channels: lines of releases, their revisions, and the package set of each.

-- Search by a part of a name. Part of PostgreSQL's own contrib; "trusted", so that an owner of the database may create it.
create extension if not exists pg_trgm;

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
  -- Whether a list of patches came with the set. Without one, a package without patches may have some.
  patches_known boolean not null,
  unique (channel, commit),
  unique (channel, committed_at)
);

-- What is known of one package, stored once however many revisions and channels share it.
-- No mail addresses (table maintainer) and no source URLs (table package_source): they change or get known without the package changing.
create table package_fact (
  -- SHA-256 over all of the columns below.
  hash bytea primary key,
  attr text not null,
  kind text not null default 'attribute' check (kind in ('attribute', 'module', 'nix')),
  name text not null,
  pname text not null,
  version text not null,
  description text,
  homepage text,
  -- File below the root of nixpkgs, without the line.
  position text,
  -- Patch file names, in order.
  patches text[] not null default '{}',
  known_vulnerabilities text[] not null default '{}',
  -- [{name, github}] in the order of the set; github is null where the set names none.
  maintainers jsonb not null default '[]',
  -- Short names.
  licences text[] not null default '{}',
  broken boolean not null default false,
  unfree boolean not null default false,
  insecure boolean not null default false
);

-- From which revision (its commit date) up to which, exclusive, a channel had a package in that state. Only changes make rows.
create table package_period (
  -- Neither this nor the fact is a declared reference: for 100,000 rows the checks take longer than the writing. The
  -- channel's revisions refer to it, facts are never deleted, and a period is only written where its fact is found.
  channel text not null,
  attr text not null,
  fact bytea not null,
  since timestamptz not null,
  -- Null: up to the newest revision that was imported.
  until timestamptz,
  primary key (channel, attr, since),
  check (until > since)
);
create index package_period_current on package_period (attr) where until is null;

-- Every name that a package has or had in any channel: what people search in.
create table package_name (
  attr text not null,
  pname text not null,
  words text not null generated always as (lower(attr || ' ' || pname)) stored,
  primary key (attr, pname)
);
create index package_name_by_part on package_name using gin (words gin_trgm_ops);

-- Where the source of a version of a package comes from, as far as a list of source URLs said so.
create table package_source (
  attr text not null,
  version text not null,
  url text not null,
  primary key (attr, version)
);

-- How to reach who maintains packages. The only table with their mail addresses.
create table maintainer (
  name text not null,
  -- Empty: the set names none.
  github text not null,
  github_id bigint,
  email text,
  -- Commit date of the newest revision that said so.
  seen timestamptz not null,
  primary key (name, github)
);
