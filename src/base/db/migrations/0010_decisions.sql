-- Room matching: what people decided of a suggestion, and in which order they are asked. Apart from what the matcher writes:
-- a run of it holds its rows for long, and nobody who decides shall wait for that.

create table suggestion_decision (
  suggestion bigint primary key references suggestion,
  -- Null where it was taken back: its version is not forgotten.
  decision text check (decision in ('accepted', 'dismissed')),
  reason text,
  note text,
  -- The rule that decided.
  rule bigint,
  -- The version that this one confirms: the same said again, of what has changed since.
  confirms bigint,
  version bigint not null,
  decided_by text not null,
  decided_at timestamptz not null,
  -- What it looked like: {vulnerabilities, verdicts by channel}. A change for the worse asks for eyes again.
  decided_on jsonb,
  check (decision = 'dismissed' or (reason is null and rule is null))
);
create index suggestion_decision_of_rule on suggestion_decision (rule) where rule is not null;

-- A remembered suppression: what looks like this is none of ours. Never the same thing as "seen".
create table rule (
  id bigint generated always as identity primary key,
  -- Chosen by whoever made it: the same one again is the same rule.
  request text not null unique,
  attr text not null,
  -- As records name it, in lower case; the vendor only together with the product.
  vendor text,
  product text,
  channel text references channel,
  -- [{min, minInclusive, max, maxInclusive}] of the package's own version; null is any.
  versions jsonb,
  reason text not null,
  note text,
  evidence text,
  -- Null where it was taken back.
  value jsonb,
  version bigint not null,
  author text not null,
  made_at timestamptz not null,
  expires_on date,
  revoked_at timestamptz,
  check (vendor is null or product is not null)
);
create index rule_of_package on rule (attr) where revoked_at is null;

-- What waits for eyes, and how urgently: derived from suggestions, decisions and issues, and written anew with them.
create table queue_entry (
  suggestion bigint primary key references suggestion,
  issue text not null,
  attr text not null,
  urgency int not null,
  -- What nobody has rated is unknown.
  severity text not null,
  opened timestamptz not null,
  -- Channels in which it may be hit.
  channels text[] not null,
  -- Somebody has decided, and it has changed since.
  asked_again boolean not null,
  -- All that a line shows of it, made ready: {pname, score, reasons, verdict, channels, parts, again}.
  shown json not null,
  -- What one who passed over it has seen; and of everything above, to see at once that nothing changed.
  fingerprint text not null,
  content text not null
);
create index queue_order on queue_entry (urgency desc, opened desc, suggestion);
create index queue_order_by_severity on queue_entry (severity, urgency desc, opened desc, suggestion);
create index queue_order_again on queue_entry (urgency desc, opened desc, suggestion) where asked_again;
create index queue_of_issue on queue_entry (issue);
create index queue_of_package on queue_entry (attr);

-- How many wait, by severity: counting them all on every page would cost more than the page.
create table queue_count (
  severity text not null,
  again boolean not null,
  waiting int not null,
  primary key (severity, again)
);
create function queue_is_counted() returns trigger language plpgsql as $$
begin
  if tg_op <> 'DELETE' then
    insert into queue_count (severity, again, waiting)
      select severity, asked_again, count(*) from put group by 1, 2 order by 1, 2
      on conflict (severity, again) do update set waiting = queue_count.waiting + excluded.waiting;
  end if;
  if tg_op <> 'INSERT' then
    update queue_count c set waiting = c.waiting - g.waiting
      from (select severity, asked_again as again, count(*) as waiting from gone group by 1, 2) g
      where c.severity = g.severity and c.again = g.again;
  end if;
  return null;
end
$$;
create trigger queue_is_counted_up after insert on queue_entry
  referencing new table as put for each statement execute function queue_is_counted();
create trigger queue_is_counted_down after delete on queue_entry
  referencing old table as gone for each statement execute function queue_is_counted();
create trigger queue_is_counted_anew after update on queue_entry
  referencing old table as gone new table as put for each statement execute function queue_is_counted();

-- Passed over by one person, who is not shown it again unless it changed.
create table suggestion_skip (
  account bigint not null references account,
  suggestion bigint not null references suggestion,
  fingerprint text not null,
  at timestamptz not null,
  primary key (account, suggestion)
);

-- Somebody's small batch: nobody else is given the same for a while.
create table queue_claim (
  suggestion bigint primary key references queue_entry on delete cascade,
  account bigint not null references account,
  until timestamptz not null
);
create index queue_claim_of_account on queue_claim (account);

-- For which run of the matcher decisions were carried over, rules applied and the queue written.
create table queue_state (
  only_row boolean primary key default true check (only_row),
  begun_for timestamptz,
  settled_for timestamptz
);
insert into queue_state default values;
