-- Room roundup: a release gate is called by its channel and what it is for, not by a number.

alter table roundup
  -- The release that is to branch off, "26.11"; where nobody said which, the day on which the gate was opened.
  add column release text check (release ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$');
update roundup set release = to_char(opened_at at time zone 'UTC', 'YYYY-MM-DD') || '-' || (number - 1000000) where kind = 'gate';
alter table roundup add check ((kind = 'gate') = (release is not null));
create unique index roundup_gate_release on roundup (channel, release);

-- Room insight: the long lists of the page of figures, in their order. Only what names a line is kept; its words are read
-- when it is shown, so that nothing that was erased elsewhere stays here.
create table insight_list (
  name text not null,
  -- A thousand lines each, numbered from 0: nobody reads all of a list to show the first lines of it.
  part int not null,
  -- "NSI-2017-0043 nixos-17.03", "NSI-2017-0043"; of packages, which nobody can erase, the line itself as JSON.
  lines text[] not null,
  primary key (name, part)
);
-- As they are stored from now on; the worker makes them within ten minutes.
delete from insight_figures;
