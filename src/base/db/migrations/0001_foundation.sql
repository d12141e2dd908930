-- What every room stands on: the event log and the outbox.

-- The append-only history. Each entry covers the one before it and a salted hash of its own payload, so that payload and
-- salt can be erased for good (redaction) while the chain still holds.
create table event (
  id bigint primary key,
  at timestamptz not null,
  entity text not null,
  entity_id text not null,
  type text not null,
  actor text not null,
  cause text not null,
  payload jsonb,
  salt bytea,
  payload_hash bytea not null,
  -- Unique: an entry has one successor, so the chain cannot fork even where somebody writes past our code.
  previous bytea not null unique,
  hash bytea not null unique,
  redacted_at timestamptz,
  check ((payload is null) = (salt is null)),
  check ((payload is null) = (redacted_at is not null))
);
create index event_of_entity on event (entity, entity_id, id);

-- The end of the chain; its row lock puts writers in order.
create table event_head (
  only_row boolean primary key default true check (only_row),
  id bigint not null,
  hash bytea not null
);
insert into event_head (id, hash) values (0, '\x0000000000000000000000000000000000000000000000000000000000000000');

create function event_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE'
    and new.payload is null and new.salt is null and new.redacted_at is not null
    and old.redacted_at is null
    and (new.id, new.at, new.entity, new.entity_id, new.type, new.actor, new.cause, new.payload_hash, new.previous, new.hash)
      is not distinct from
      (old.id, old.at, old.entity, old.entity_id, old.type, old.actor, old.cause, old.payload_hash, old.previous, old.hash)
  then
    return new;
  end if;
  raise exception 'the event log is append-only: % of entry % refused', lower(tg_op), old.id using errcode = 'restrict_violation';
end
$$;
create trigger event_is_append_only before update or delete on event
  for each row execute function event_is_append_only();
create function event_is_never_emptied() returns trigger language plpgsql as $$
begin
  raise exception 'the event log is append-only: truncate refused' using errcode = 'restrict_violation';
end
$$;
create trigger event_is_never_emptied before truncate on event
  for each statement execute function event_is_never_emptied();

-- Effects on the outside (mail, GitHub, webhooks), written in the transaction that causes them and carried out after it.
create table outbox (
  id bigint generated always as identity primary key,
  -- The same effect asked for twice is one row.
  idempotency_key text not null unique,
  kind text not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  attempts int not null default 0,
  last_error text,
  delivered_at timestamptz
);
create index outbox_due on outbox (due_at) where delivered_at is null;
