-- Room issues: what lists and pages show, made ready when it changes, so that reading costs next to nothing.

-- What the reports say of an issue (card.ts). Derived: may be emptied and made again.
create table issue_card (
  issue text primary key references issue,
  -- For one line of a list.
  brief json not null,
  -- For the issue's own page.
  page json not null
);
alter table issue_card alter column page set compression pglz;

-- Statuses of an issue as a line shows them: [[channel, package, word, version], …]
create table issue_cells (
  issue text primary key references issue,
  cells json not null
);

-- Room matching: what the matcher sees of an issue, as a line shows it.

-- [[channel, package, version, verdict], …] of suggestions that stand and were not dismissed, and of each package why.
create table issue_verdicts (
  issue text primary key references issue,
  cells json not null
);
