-- Room issues: vulnerabilities, issues, and which report belongs where. All but people's links is derived from reports.

create table vulnerability (
  -- CVE-2017-3167, GHSA-…, or an id of ours
  id text primary key,
  -- The id that the whole alias set goes by; its own where it has no alias.
  canonical text not null,
  state text not null default 'published' check (state in ('published', 'reserved', 'rejected')),
  title text,
  description text,
  published timestamptz,
  severity text,
  score real,
  weaknesses text[],
  -- Kind of flaw in a word or two, for titles: "buffer overflow".
  flaw text
);
create index vulnerability_set on vulnerability (canonical);

create table issue (
  -- NSI-2017-0043
  id text primary key,
  year int not null,
  number int not null,
  product text not null,
  title text not null,
  severity text,
  -- When the first report of it was published.
  opened timestamptz not null,
  last_report timestamptz not null,
  -- By the clock, not by the beginning of a long transaction: a roundup that opened meanwhile has not seen it.
  created_at timestamptz not null default clock_timestamp(),
  -- When it last gained a vulnerability.
  grown_at timestamptz not null default clock_timestamp(),
  -- Set when it was merged: the page leads on.
  redirect text references issue,
  -- Set when every report of it was taken back.
  ended_at timestamptz,
  -- Of which computation (grouping_state.computation) it last came out otherwise, or something else was said of its
  -- vulnerabilities: later stages read what changed since they last looked.
  changed bigint not null default 0,
  unique (year, number)
);
create index issue_by_product on issue (product) where redirect is null;
create index issue_by_last_report on issue (last_report) where redirect is null;
create index issue_changed_order on issue (changed);

-- Next number of each year; a number is never given twice.
create table issue_number (
  year int primary key,
  last int not null
);

-- Atoms: each (product, vulnerability) belongs to exactly one issue.
create table issue_atom (
  product text not null,
  vulnerability text not null,
  issue text not null,
  primary key (product, vulnerability)
);
create index issue_atom_of_issue on issue_atom (issue);
create index issue_atom_of_vulnerability on issue_atom (vulnerability);

-- Issue and report are no declared references: all rows are derived in one transaction, and for 100,000 of them the checks
-- take longer than the writing. Neither issues nor reports are ever deleted.
create table issue_report (
  issue text not null,
  report bigint not null,
  -- When the report was published: a list asks for what is new by date.
  published timestamptz,
  coverage text not null check (coverage in ('full', 'partial')),
  why jsonb not null,
  primary key (issue, report)
);
create index issue_report_of_report on issue_report (report);

-- What people say of two atoms; outranks every rule and survives every recomputation.
create table issue_link (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('must', 'cannot')),
  product_a text not null,
  vulnerability_a text not null,
  product_b text not null,
  vulnerability_b text not null,
  author text not null,
  reason text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

-- Up to which change of the reports the issues are computed.
create table grouping_state (
  only_row boolean primary key default true check (only_row),
  -- Grows with every computation that found something new.
  computation bigint not null default 0,
  -- Of the reports, of people's links, and of the watched products: what the last computation had seen.
  reports_changed bigint not null default 0,
  links_seen bigint not null default 0,
  products_seen bigint not null default 0,
  grouping_version int not null default 0,
  computed_at timestamptz
);
insert into grouping_state default values;

-- Products that are ours in some channel: a vulnerability that no distribution has announced opens an issue only for these.
create table watched_product (
  product text primary key,
  since timestamptz not null default now()
);
