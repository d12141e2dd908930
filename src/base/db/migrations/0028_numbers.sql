-- Room issues: what is known of numbers, not of flaws: reserved, rejected, spoken of by nobody.

alter table vulnerability
  -- Since when it is in its state: as the records say, else since we saw it.
  add column state_since timestamptz,
  -- Sources whose records say so. Empty: reports name it, and no record that we read describes it.
  add column state_by text[] not null default '{}';

-- By year and number: the CVE list pads with zeros to four digits only, so the longer one is the greater one.
create index vulnerability_number on vulnerability (substr(id, 1, 9), length(id), id collate "C") where id ~ '^CVE-\d{4}-\d{4,19}$';
create index vulnerability_reserved on vulnerability (id) where state = 'reserved';
create index vulnerability_rejected on vulnerability (id) where state = 'rejected';

-- All vulnerabilities of it were rejected: since when we know that, and that its dismissal was proposed for it.
alter table issue add column rejected_at timestamptz;
create index issue_rejected on issue (id) where rejected_at is not null;

-- How many numbers of each year are in which state; made anew after computations. Derived: emptied, it is made again.
create table number_figures (
  only_row boolean primary key default true check (only_row),
  computation bigint not null,
  made_at timestamptz not null,
  -- NumberFigures of store-numbers.ts
  figures json not null
);

-- Since when and by whom is filled in for all that is known, with the next computation.
update grouping_state set grouping_version = 0;
