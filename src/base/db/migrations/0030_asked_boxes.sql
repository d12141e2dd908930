-- Room issues: what records said when somebody set a box, and what they say otherwise since.

-- Kept once for all boxes that were set on it: {vulnerabilities, records by id}, under its hash.
create table record_look (
  mark text primary key,
  look json not null
);

-- Only of boxes that were set since this is remembered.
create table box_look (
  issue text not null,
  package text not null,
  channel text not null,
  -- The event that set the box, or emptied it: then it rests on nothing.
  version bigint not null,
  mark text references record_look,
  -- What has changed since, in words; null where nothing has. Derived: brought up to date after computations.
  again json,
  primary key (issue, package, channel)
);
create index box_look_asked on box_look (issue) where again is not null;
create index box_look_of_mark on box_look (mark);
create index box_look_by_version on box_look (version);

-- Up to which computation boxes were compared.
alter table grouping_state add column boxes_seen bigint not null default 0;

-- Room matching: up to which event boxes were seen by the queue.
alter table queue_state add column boxes_seen bigint not null default 0;
