-- Room roundup: the numbered weekly list.

create table roundup (
  number int primary key,
  opened_at timestamptz not null,
  -- Reports published up to here, exclusive, are in this roundup or an earlier one.
  covers_until timestamptz not null,
  covers_since timestamptz not null,
  -- By our own clock, whatever date the roundup bears: what came in later belongs to the next one.
  created_at timestamptz not null default now(),
  lead text,
  closed_at timestamptz,
  check (closed_at is null or closed_at >= opened_at)
);
-- One roundup is open at a time.
create unique index roundup_open on roundup ((true)) where closed_at is null;

create table roundup_line (
  roundup int not null references roundup,
  issue text not null references issue,
  -- The roundup from which it was carried over, null for what is new.
  carried_from int references roundup,
  done_at timestamptz,
  done_by text,
  remark text,
  primary key (roundup, issue)
);
create index roundup_line_of_issue on roundup_line (issue);
