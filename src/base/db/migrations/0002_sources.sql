-- Room sources: what was fetched, raw and as read.

create table source_state (
  source text primary key,
  parser_version int not null,
  cursor jsonb not null default '{}',
  last_attempt timestamptz,
  last_success timestamptz,
  last_error text
);

-- Raw documents, some hundred to a pack: they compress together, and a pack costs one row. Whoever refers to one has its
-- hash and its pack.
create table raw_pack (
  id bigint generated always as identity primary key,
  -- For each document its SHA-256, and where it starts and how long it is in the unpacked bytes (store-raw.ts).
  directory bytea not null,
  -- brotli
  bytes bytea not null
);
alter table raw_pack alter column bytes set storage external;

-- Whole files, to see at once that nothing changed.
create table source_file (
  source text not null,
  path text not null,
  hash bytea not null,
  documents int not null,
  quarantined int not null,
  parser_version int not null,
  read_at timestamptz not null,
  primary key (source, path)
);

create table report (
  id bigint generated always as identity primary key,
  source text not null,
  key text not null,
  -- Name of the document in its file: the parser needs it again.
  document text not null,
  format text not null,
  kind text not null check (kind in ('advisory', 'record', 'tracker')),
  raw bytea not null,
  pack bigint not null,
  revision int not null default 1,
  parser_version int not null,
  title text not null,
  description text,
  published timestamptz,
  modified timestamptz,
  url text,
  state text check (state in ('published', 'reserved', 'rejected')),
  withdrawn text,
  severity text check (severity in ('none', 'low', 'medium', 'high', 'critical')),
  severity_as text,
  cvss json,
  vulnerabilities text[] not null,
  aliases text[],
  weaknesses text[],
  cites text[],
  -- What one can act on or that names an advisory, packed (pack-links.ts); other addresses are in the raw bytes.
  links json,
  path text not null,
  fetched_first timestamptz not null default now(),
  fetched_last timestamptz not null default now(),
  -- Grows with every change of the row: later stages read what changed since they last looked.
  changed bigint not null,
  -- A tombstone: the source no longer has it.
  gone_at timestamptz,
  unique (source, key)
);
-- What is read stays in its row: squeezing it costs more time than it saves room.
alter table report set (toast_tuple_target = 8160);
-- Statistics of what no query selects by: gathering them costs more than all of the others, and nobody asks for them.
alter table report
  alter document set statistics 0, alter format set statistics 0, alter raw set statistics 0, alter pack set statistics 0,
  alter revision set statistics 0, alter parser_version set statistics 0, alter title set statistics 0,
  alter description set statistics 0, alter modified set statistics 0, alter url set statistics 0,
  alter severity set statistics 0, alter severity_as set statistics 0, alter cvss set statistics 0,
  alter vulnerabilities set statistics 0, alter aliases set statistics 0, alter weaknesses set statistics 0,
  alter cites set statistics 0, alter links set statistics 0, alter path set statistics 0,
  alter fetched_first set statistics 0, alter fetched_last set statistics 0,
  -- Of the others a smaller sample tells as much.
  alter id set statistics 30, alter source set statistics 30, alter key set statistics 30, alter kind set statistics 30,
  alter published set statistics 30, alter state set statistics 30, alter withdrawn set statistics 30,
  alter changed set statistics 30, alter gone_at set statistics 30;
create sequence report_changed;
create index report_changed_order on report (changed);
create index report_advisory_by_date on report (published) where kind = 'advisory';

-- Which reports name a vulnerability: report.vulnerabilities the other way round.
create table report_vulnerability (
  vulnerability text not null,
  report bigint not null,
  primary key (vulnerability, report)
);

-- Earlier contents of a report: immutable.
create table report_revision (
  report bigint not null references report,
  revision int not null,
  raw bytea not null,
  pack bigint not null,
  parser_version int not null,
  replaced_at timestamptz not null default now(),
  primary key (report, revision)
);

-- Which packages of its source's world a report speaks of, and what it says of their versions.
create table report_affected (
  report bigint not null,
  ecosystem text not null,
  vendor text,
  name text not null,
  release text,
  vulnerability text,
  status text,
  fixed text,
  -- Compact, see pack-versions.ts: [scheme, otherwise, affected, unaffected]
  versions json,
  note text
);
alter table report_affected set (toast_tuple_target = 8160);
alter table report_affected
  alter status set statistics 0, alter fixed set statistics 0, alter versions set statistics 0, alter note set statistics 0;
create index report_affected_of_report on report_affected (report);
create index report_affected_by_name on report_affected (name);

-- Documents that could not be read. Kept with their bytes until somebody, or a better parser, reads them.
create table quarantine (
  id bigint generated always as identity primary key,
  source text not null,
  path text not null,
  -- Empty for a file as a whole.
  document text not null,
  format text,
  raw bytea not null,
  pack bigint not null,
  reason text not null,
  place text not null,
  message text not null,
  parser_version int not null,
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  resolved_at timestamptz,
  unique (source, path, document)
);
create index quarantine_open on quarantine (source) where resolved_at is null;
