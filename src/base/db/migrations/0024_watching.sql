-- Room sources: fetching by itself, and watching over the sources.

alter table source_state
  -- When it was last fetched from the network; null for one that was only read from a folder, which is not fetched by itself.
  add fetched_at timestamptz,
  -- Runs that failed since the last one that did not.
  add failures int not null default 0,
  -- When a run last brought something new, changed or taken back.
  add changed_at timestamptz,
  -- The latest day that its reports bear.
  add newest timestamptz,
  -- Somebody wants it fetched as soon as may be.
  add wanted_at timestamptz,
  -- When documents were first read that came from the network.
  add proven_at timestamptz;

-- When what stands in quarantine was last read again because somebody asked for it: of many, those first that were not.
alter table quarantine add replayed_at timestamptz;

-- How many documents a file usually holds: what is much less raises an alarm.
alter table source_file add usual int;

create table source_run (
  id bigint generated always as identity primary key,
  source text not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  outcome text not null check (outcome in ('done', 'held', 'failed')),
  stored int not null,
  unchanged int not null,
  quarantined int not null,
  gone int not null,
  -- Over the wire; 0 for what came from a folder.
  requests int not null,
  bytes bigint not null,
  error text
);
create index source_run_latest on source_run (source, started_at desc);

-- Something is wrong with a source. Opened and closed by Muster; never deleted.
create table source_alarm (
  id bigint generated always as identity primary key,
  source text not null,
  kind text not null check (kind in ('off', 'silent', 'few', 'html', 'unreadable', 'gone', 'many', 'schema', 'quarantine')),
  -- The file that it is about; empty for the source as a whole.
  subject text not null,
  facts jsonb not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  closed_at timestamptz
);
create unique index source_alarm_open on source_alarm (source, kind, subject) where closed_at is null;
create index source_alarm_latest on source_alarm (opened_at desc, id desc);

-- A file that is so unlike the one before that nothing of it was applied. A person releases or refuses it.
create table source_batch (
  id bigint generated always as identity primary key,
  source text not null,
  path text not null,
  -- SHA-256 of the file: a decision holds for these bytes.
  hash bytea not null,
  kind text not null check (kind in ('few', 'gone', 'many')),
  -- {gone, of, now, changed, examples}
  facts jsonb not null,
  held_at timestamptz not null,
  seen_at timestamptz not null,
  -- {as: released | refused}; null while nobody decided.
  decision jsonb,
  version bigint not null default 0,
  decided_by text,
  decided_at timestamptz,
  applied_at timestamptz,
  -- A later file of the same path was applied, or is held in its place.
  overtaken_at timestamptz
);
-- A decision holds until its file is applied: the same once more is another matter.
create unique index source_batch_open on source_batch (source, path, hash) where applied_at is null;
create index source_batch_waiting on source_batch (source, path) where applied_at is null and overtaken_at is null;

-- The shape that documents of a form have: in how many of those that were looked at each field stood.
create table source_shape (
  source text not null,
  format text not null,
  documents int not null,
  fields jsonb not null,
  measured_at timestamptz not null,
  primary key (source, format)
);

-- Who watches sources is told of alarms.
alter table notice drop constraint notice_reason_check,
  add constraint notice_reason_check
    check (reason in ('mention', 'watch', 'decision', 'claim', 'lead', 'roundup', 'alarm'));
