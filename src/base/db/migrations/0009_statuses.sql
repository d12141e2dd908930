-- Room issues: what people decide, apart from what was derived.

-- Which packages an issue concerns, as people said.
create table issue_package (
  issue text not null references issue,
  -- Attribute, option path of a module, or release of Nix itself.
  package text not null,
  kind text not null default 'attribute' check (kind in ('attribute', 'module', 'nix')),
  -- Event that listed it, or took it off.
  version bigint not null,
  listed boolean not null default true,
  primary key (issue, package)
);
create index issue_package_by_package on issue_package (package) where listed;

-- issue × package × channel. No row reads unknown.
create table status (
  issue text not null,
  package text not null,
  channel text not null references channel,
  status text not null check (status in
    ('under_investigation', 'affected', 'fix_pending', 'wont_fix', 'postponed', 'fixed', 'not_affected')),
  justification text check (justification in ('component_not_present', 'vulnerable_code_not_present',
    'vulnerable_code_not_in_execute_path', 'vulnerable_code_cannot_be_controlled_by_adversary', 'inline_mitigations_already_exist')),
  -- Postponed up to this day.
  until date,
  -- Where it is fixed: version, and a link to the change.
  fixed_in text,
  link text,
  note text,
  -- The event that made it what it is: what an edit has to have seen.
  version bigint not null,
  -- The event that this one took back, if it did.
  undoes bigint,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (issue, package, channel),
  foreign key (issue, package) references issue_package,
  check ((status = 'not_affected') or justification is null),
  check (status <> 'not_affected' or justification is not null or note is not null),
  check ((status = 'postponed') = (until is not null)),
  check (status <> 'wont_fix' or note is not null)
);
create index status_by_channel on status (channel, status);
create index status_by_package on status (package);
create index status_postponed on status (until) where status = 'postponed';

-- Which step leads where; the same table as transitions.ts, and a test keeps it so. From no row every step is allowed.
create table status_transition (
  from_status text not null,
  to_status text not null,
  primary key (from_status, to_status)
);
insert into status_transition (from_status, to_status) values
  ('under_investigation', 'affected'), ('under_investigation', 'fix_pending'), ('under_investigation', 'wont_fix'),
  ('under_investigation', 'postponed'), ('under_investigation', 'fixed'), ('under_investigation', 'not_affected'),
  ('affected', 'under_investigation'), ('affected', 'fix_pending'), ('affected', 'wont_fix'), ('affected', 'postponed'),
  ('affected', 'fixed'), ('affected', 'not_affected'),
  ('fix_pending', 'under_investigation'), ('fix_pending', 'affected'), ('fix_pending', 'wont_fix'),
  ('fix_pending', 'postponed'), ('fix_pending', 'fixed'), ('fix_pending', 'not_affected'),
  ('wont_fix', 'under_investigation'), ('wont_fix', 'affected'), ('wont_fix', 'fix_pending'), ('wont_fix', 'postponed'),
  ('wont_fix', 'fixed'), ('wont_fix', 'not_affected'),
  ('postponed', 'under_investigation'), ('postponed', 'affected'), ('postponed', 'fix_pending'), ('postponed', 'wont_fix'),
  ('postponed', 'fixed'), ('postponed', 'not_affected'),
  ('fixed', 'under_investigation'), ('fixed', 'affected'),
  ('not_affected', 'under_investigation'), ('not_affected', 'affected');

create function status_keeps_to_transitions() returns trigger language plpgsql as $$
begin
  if new.status = old.status or new.undoes = old.version
    or exists (select from status_transition where from_status = old.status and to_status = new.status) then
    return new;
  end if;
  raise exception 'a status that is % cannot become %', old.status, new.status using errcode = 'check_violation';
end
$$;
create trigger status_keeps_to_transitions before update on status
  for each row execute function status_keeps_to_transitions();

-- What people say of an issue itself: overlays that outrank what was derived. One row a field that somebody set.
create table issue_field (
  issue text not null references issue,
  field text not null check (field in ('title', 'severity', 'summary', 'claim', 'emergency', 'help_wanted', 'dismissed')),
  value jsonb not null,
  version bigint not null,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (issue, field)
);
create index issue_field_claims on issue_field (issue) where field = 'claim';

create table comment (
  id bigint generated always as identity primary key,
  issue text not null references issue,
  author text not null,
  -- Markdown; null once it was redacted or taken back.
  body text,
  created_at timestamptz not null default now(),
  -- Sent twice is stored once.
  key text unique,
  version bigint not null,
  edited_at timestamptz
);
create index comment_of_issue on comment (issue, id);
create index comment_of_author on comment (author, id);

-- What visitors reported. Seen by triagers only, until one of them releases it.
create table intake (
  id bigint generated always as identity primary key,
  received_at timestamptz not null,
  -- Sent twice is stored once.
  key text unique,
  -- The event that tells that it came in.
  event bigint not null,
  -- All three are null once it was redacted.
  url text,
  words text,
  package text,
  -- {as: dismissed, reason} and the like; null while it waits.
  decision jsonb,
  version bigint not null default 0,
  decided_by text,
  decided_at timestamptz,
  -- What came of it.
  issue text references issue,
  comment bigint references comment,
  request text,
  check ((decision is null) = (decided_at is null))
);
create index intake_waiting on intake (id) where decision is null;

-- Vulnerabilities that bear a number of ours, for nobody gave them one (yet). Each is an atom that people say there is:
-- grouping reads them beside the reports.
create table own_vulnerability (
  -- MUSTER-2026-0001
  id text primary key,
  year int not null,
  number int not null,
  -- Chosen by whoever asked for it: the same one again is the same vulnerability.
  request text not null unique,
  product text not null,
  -- Where it was when it was last set or taken back: there it comes back.
  issue text not null references issue,
  -- As it was asked for: {product, title, summary, severity, references, packages, published}; null once redacted.
  draft jsonb,
  published timestamptz not null,
  -- The event that made it what it is.
  version bigint not null,
  made_by text not null,
  made_at timestamptz not null,
  -- Taken back: it is no atom any more, and its number is not given again.
  withdrawn_at timestamptz,
  unique (year, number)
);

-- Up to which change of them the issues are computed.
alter table grouping_state add column own_seen bigint not null default 0;

-- Why people linked two atoms is said by the entry of the history that made the link, from where it can be erased.
alter table issue_link add column event bigint;
update issue_link l set event = (select max(e.id) from event e
  where e.type in ('issue.merge_decided', 'issue.split_decided') and e.actor = l.author and e.cause = l.reason);
alter table issue_link alter column event set not null, drop column reason;

-- Who wants to hear of what: issue:NSI-2017-0043, package:openssl, channel:nixos-17.03.
create table watch (
  account bigint not null references account,
  topic text not null,
  since timestamptz not null default now(),
  primary key (account, topic)
);
create index watch_by_topic on watch (topic);

-- What somebody was told, and whether they looked.
create table notice (
  id bigint generated always as identity primary key,
  account bigint not null references account,
  event bigint not null,
  reason text not null check (reason in ('mention', 'watch', 'decision', 'claim', 'lead', 'roundup')),
  topic text not null,
  words text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz,
  unique (account, event, reason)
);
create index notice_unseen on notice (account, id) where seen_at is null;

-- Up to which event people have been told.
create table notice_cursor (
  only_row boolean primary key default true check (only_row),
  event bigint not null
);
insert into notice_cursor (event) select id from event_head;
