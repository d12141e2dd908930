-- Room threads: what mailing lists carry, as threads that somebody decides on.

-- One thread, and the triage item that it is.
create table thread (
  id bigint primary key,
  -- Of its first message; null where that was redacted.
  subject text,
  -- By the dates that the messages bear; null where none bears any.
  first_at timestamptz,
  last_at timestamptz,
  -- When it came to us.
  seen_at timestamptz not null default now(),
  messages int not null,
  lists text[] not null,
  -- The best that can be said of the signatures in it: good, then part (of a message), then bad, then those that nobody could check.
  signature text,
  -- Grows when a vulnerability, a patch or a product is added.
  facts_version int not null default 0,
  -- It turned out to be part of that one.
  redirect bigint references thread,
  -- Brought in as history: it waits for nobody until something is added.
  archived_at_version int,
  -- {as: dismissed, …, knew}; null while nobody decided. `knew` is the version of the facts that was before their eyes.
  decision jsonb,
  version bigint not null default 0,
  decided_by text,
  decided_at timestamptz,
  -- {person, until}
  claim jsonb,
  claim_version bigint not null default 0,
  -- What came of it.
  issue text references issue,
  request text,
  waits boolean not null generated always as (redirect is null
    and (coalesce(decision->>'as' = 'waiting', false)
      or facts_version > coalesce((decision->>'knew')::int, archived_at_version, -1))) stored,
  check ((decision is null) = (decided_at is null))
);
create sequence thread_id;
create index thread_waiting on thread (last_at desc nulls last, id desc) where waits;
create index thread_by_date on thread (last_at desc nulls last, id desc) where redirect is null;
create index thread_of_issue on thread (issue) where issue is not null;
create index thread_redirects on thread (redirect) where redirect is not null;

-- What a thread speaks of: cve, advisory, product, patch.
create table thread_fact (
  thread bigint not null,
  kind text not null check (kind in ('cve', 'advisory', 'product', 'patch')),
  -- The id, the product, the hash of a patch or the address of one.
  value text not null,
  -- What a patch is called.
  label text,
  -- The version of the facts that it came with: later ones were added.
  since int not null,
  primary key (thread, kind, value)
);
create index thread_fact_by_value on thread_fact (value, kind);

-- One message. Its words are in its raw bytes, and read from there when somebody looks.
create table mail (
  id bigint primary key,
  thread bigint not null,
  -- The same for every copy of it.
  fingerprint bytea not null unique,
  -- Hash of its Message-ID; the beginning of the fingerprint where it bears none.
  message bytea not null,
  -- The message that it follows (base/mail, threading.ts); null where it begins something.
  follows bytea,
  list text not null,
  sent_at timestamptz,
  from_name text,
  from_address text,
  subject text,
  -- Hash of what subjects are compared by.
  stem bytea not null,
  -- 1 where it answers something and does not say what.
  orphan int not null,
  -- What places it in its thread (base/mail, Posting), with hashes for words and addresses.
  posting json not null,
  -- [[kind, value, label]]
  facts json not null,
  -- [{kind, state, keyId, signer}]
  signatures json,
  raw bytea not null,
  pack bigint not null,
  size int not null,
  redacted_at timestamptz
);
create sequence mail_id;
create index mail_of_thread on mail (thread);
create index mail_by_message on mail (message);
create index mail_redacted on mail (message) where redacted_at is not null;
create index mail_by_follows on mail (follows) where follows is not null;
create index mail_by_stem on mail (stem, sent_at);
alter table mail
  alter fingerprint set statistics 0, alter from_name set statistics 0, alter from_address set statistics 0,
  alter subject set statistics 0, alter raw set statistics 0, alter pack set statistics 0, alter size set statistics 0;

-- Which messages name a message that is not there, nearer than the one that they follow: they are placed anew when it comes.
create table mail_reference (
  target bytea not null,
  mail bigint not null
);
create index mail_reference_by_target on mail_reference (target);

-- Keys of people whose signatures are checked.
create table mail_key (
  fingerprint text primary key,
  key_ids text[] not null,
  armored text not null,
  owner text not null,
  added_by text not null,
  added_at timestamptz not null default now()
);

-- How far mailboxes have been read.
create table mailbox (
  -- Its address, without the password.
  name text primary key,
  cursor jsonb,
  last_run timestamptz,
  last_error text
);
