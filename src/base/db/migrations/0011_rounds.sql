-- Room roundup: whose week it is, and the list before a release.

alter table roundup
  -- What is listed: the week's, or the backlog of one channel before its branch-off.
  add column kind text not null default 'weekly' check (kind in ('weekly', 'gate')),
  add column channel text references channel,
  add column checklist jsonb not null default '[]',
  add column lead_version bigint not null default 0,
  add check ((kind = 'gate') = (channel is not null));
drop index roundup_open;
create unique index roundup_open on roundup ((true)) where closed_at is null and kind = 'weekly';
create unique index roundup_gate_open on roundup (channel) where closed_at is null and kind = 'gate';

alter table roundup_line add column version bigint not null default 0;

-- Who leads which round; by week, the day on which it opens.
create table rota (
  week date primary key,
  account bigint not null references account,
  version bigint not null
);
