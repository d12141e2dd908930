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

-- Room issues: what people decided of an issue (pack-boxes.ts). Lists read `boxes` alone.
create table issue_boxes (
  issue text primary key,
  -- [[package, …], [channel, …], [actor, …], [five numbers a box: places of package and channel, of its status among the words,
  -- version, place of the actor], {place of the box: [justification, until, fixed_in]}]
  boxes json not null,
  -- For each box: when (milliseconds since 1970), link, note.
  rest json not null
);

-- Keeps issue_boxes as `status` is, whoever writes it.
create function status_is_shown() returns trigger language plpgsql as $$
begin
  delete from issue_boxes b using (select distinct issue from touched) t where b.issue = t.issue;
  insert into issue_boxes (issue, boxes, rest)
    select s.issue,
      json_build_array(a.packages, a.channels, a.actors, json_agg(n.number order by s.package, s.channel, n.place),
        json_object_agg(s.place - 1, json_build_array(s.justification, s.until, s.fixed_in))
          filter (where n.place = 1 and coalesce(s.justification, s.until::text, s.fixed_in) is not null)),
      json_agg(json_build_array(floor(extract(epoch from s.changed_at) * 1000)::bigint, s.link, s.note)
        order by s.package, s.channel) filter (where n.place = 1)
    from (select issue, array_agg(distinct package) as packages, array_agg(distinct channel) as channels,
          array_agg(distinct changed_by) as actors
        from status where issue in (select issue from touched) group by issue) a
      join (select *, row_number() over (partition by issue order by package, channel) as place from status
        where issue in (select issue from touched)) s on s.issue = a.issue,
      unnest(array[array_position(a.packages, s.package) - 1, array_position(a.channels, s.channel) - 1,
        array_position(array['under_investigation', 'affected', 'fix_pending', 'wont_fix', 'postponed', 'fixed', 'not_affected'],
          s.status) - 1, s.version, array_position(a.actors, s.changed_by) - 1]) with ordinality n(number, place)
    group by s.issue, a.packages, a.channels, a.actors;
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
