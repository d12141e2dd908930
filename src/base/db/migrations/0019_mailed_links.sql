-- Room accounts: invitations and ways back in that go by mail, and addresses that are confirmed from both sides.
-- The event log: causes that can be erased.

-- Where it goes by mail; null where whoever made it hands the link over.
alter table account_invite add email text;
alter table account_invite alter secret_hash drop not null;
alter table account_invite add check (num_nonnulls(secret_hash, email) = 1);

alter table account_recovery add email text;
alter table account_recovery drop constraint account_recovery_check2;
alter table account_recovery add constraint account_recovery_check2
  check ((granted_by is null) = (granted_at is null) and (granted_by is null) = (expires_at is null)
    and num_nonnulls(secret_hash, email) = case when granted_by is null then 0 else 1 end);

-- Links to them, made when the mail is written: each attempt to deliver it has one of its own.
create table account_mailed_secret (
  -- SHA-256 of the link's secret.
  hash bytea primary key,
  invite bigint references account_invite,
  recovery bigint references account_recovery,
  expires_at timestamptz not null,
  check (num_nonnulls(invite, recovery) = 1)
);
create index account_mailed_secret_by_end on account_mailed_secret (expires_at);

-- Another address than the confirmed one: asked for, and in force once mail to both has been answered.
create table account_address_change (
  account bigint primary key references account,
  -- Null: none at all, which takes the word of the old one alone.
  email text,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  old_confirmed_at timestamptz,
  new_confirmed_at timestamptz
);

alter table account_mail_link drop constraint account_mail_link_purpose_check;
-- `leave`: the account may go on to another address. `arrive`: that other one is theirs, too.
alter table account_mail_link add constraint account_mail_link_purpose_check
  check (purpose in ('confirm', 'stop', 'leave', 'arrive'));

-- The event log: words in a cause can be erased, too. An entry of its own (event.cause_erased) then stands for the hash
-- that cannot be computed any more.
create or replace function event_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE'
    and new.payload is null and new.salt is null and new.redacted_at is not null
    and (old.redacted_at is null or new.redacted_at = old.redacted_at)
    and (new.cause = old.cause or new.cause = '(redacted)')
    and (new.id, new.at, new.entity, new.entity_id, new.type, new.actor, new.payload_hash, new.previous, new.hash)
      is not distinct from
      (old.id, old.at, old.entity, old.entity_id, old.type, old.actor, old.payload_hash, old.previous, old.hash)
  then
    return new;
  end if;
  raise exception 'the event log is append-only: % of entry % refused', lower(tg_op), old.id using errcode = 'restrict_violation';
end
$$;
