-- Room roundup: whose week it is, and the list before a release.

alter table roundup
  -- What is listed: the week's, or the backlog of one channel before its branch-off.
  add column kind text not null default 'weekly' check (kind in ('weekly', 'gate')),
  add column channel text references channel,
  add check ((kind = 'gate') = (channel is not null));
drop index roundup_open;
create unique index roundup_open on roundup ((true)) where closed_at is null and kind = 'weekly';
create unique index roundup_gate_open on roundup (channel) where closed_at is null and kind = 'gate';

alter table roundup_line add column version bigint not null default 0;

-- Who leads which round; by week, the day on which it opens.
create table rota (
  week date primary key,
  -- Null where somebody was taken off: the version is not forgotten.
  account bigint references account,
  version bigint not null
);

-- Who leads a round where that is not whom the rota named when it opened.
create table roundup_lead (
  roundup int primary key references roundup,
  account bigint references account,
  version bigint not null
);

-- What is to be done before a round is closed.
create table roundup_item (
  roundup int not null references roundup,
  key text not null,
  position int not null,
  -- Null where it was taken off.
  words text,
  done boolean not null default false,
  version bigint not null default 0,
  primary key (roundup, key)
);

-- Since when rounds open by themselves: what was due before is not made up for.
create table roundup_clock (
  only_row boolean primary key default true check (only_row),
  since timestamptz not null default now()
);
insert into roundup_clock default values;

-- Who took part in a round is read from the history by time, in which it is written.
create index event_by_time on event using brin (at);
