-- What lists and pages show, made ready when it changes, so that reading costs next to nothing. All of it is derived: any of
-- these tables may be emptied, and is made again.

-- Room issues: what the reports say of an issue (card.ts).
create table issue_card (
  issue text primary key references issue,
  -- The computation that it was made after (issue.changed): another one there makes it stale.
  changed bigint not null,
  -- For one line of a list.
  brief json not null,
  -- For the issue's own page.
  page json not null
);
alter table issue_card alter column page set compression pglz;

-- Room issues: what people decided of an issue, as a line shows it: [[package, channel, status, words, version, actor, at], …]
create table issue_boxes (
  issue text primary key,
  boxes json not null
);

-- Keeps issue_boxes as `status` is, whoever writes it.
create function status_is_shown() returns trigger language plpgsql as $$
begin
  delete from issue_boxes b using (select distinct issue from touched) t where b.issue = t.issue;
  insert into issue_boxes (issue, boxes)
    select s.issue, json_agg(json_build_array(s.package, s.channel, s.status, s.version, s.changed_by,
        to_char(s.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        nullif(jsonb_strip_nulls(jsonb_build_object('justification', s.justification, 'until', s.until, 'fixedIn', s.fixed_in,
          'link', s.link, 'note', s.note)), '{}'::jsonb)) order by s.package, s.channel)
    from status s where s.issue in (select issue from touched) group by s.issue;
  return null;
end
$$;
create trigger status_is_shown_put after insert on status
  referencing new table as touched for each statement execute function status_is_shown();
create trigger status_is_shown_changed after update on status
  referencing new table as touched for each statement execute function status_is_shown();
create trigger status_is_shown_gone after delete on status
  referencing old table as touched for each statement execute function status_is_shown();

-- Room matching: what the matcher sees of an issue, as a line shows it (pack-cells.ts).
create table issue_cells (
  issue text primary key,
  cells json not null
);

-- Which stands where something was matched before is found again and written, with its cells.
update matched_issue set due = true, digest = '' where digest is not null;
