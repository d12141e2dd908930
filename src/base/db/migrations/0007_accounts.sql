-- Room accounts: people, how they sign in, their sessions and tokens.

create table account (
  id bigint generated always as identity primary key,
  -- What others call them: @handle. Lower case, never given to somebody else.
  handle text not null unique check (handle ~ '^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?$'),
  name text not null,
  -- As its owner says, seen by them and by admins. Two accounts may say the same one: it opens no account.
  email text,
  -- Whoever says so has shown that mail to it reaches them.
  email_confirmed_at timestamptz,
  role text not null default 'contributor' check (role in ('contributor', 'triager', 'security', 'admin')),
  -- Maintainers are known by it in the package sets; only GitHub itself says whose it is.
  github text,
  created_at timestamptz not null default now(),
  -- Cannot sign in any more; what they did stays theirs.
  disabled_at timestamptz,
  settings jsonb not null default '{}'
);
create index account_by_email on account (lower(email));
create unique index account_by_github on account (lower(github));

-- Somebody has to be able to let others in.
create function account_keeps_an_admin() returns trigger language plpgsql as $$
begin
  if old.role = 'admin' and old.disabled_at is null and (new.role <> 'admin' or new.disabled_at is not null)
    and not exists (select from account where role = 'admin' and disabled_at is null and id <> old.id) then
    raise exception 'the last admin cannot go' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger account_keeps_an_admin before update on account
  for each row execute function account_keeps_an_admin();

-- argon2id, in PHC form.
create table account_password (
  account bigint primary key references account,
  hash text not null,
  changed_at timestamptz not null default now()
);

create table passkey (
  -- Credential id, base64url.
  id text primary key,
  account bigint not null references account,
  public_key bytea not null,
  counter bigint not null default 0,
  transports text[] not null default '{}',
  name text not null,
  created_at timestamptz not null default now(),
  used_at timestamptz
);
create index passkey_of_account on passkey (account);

-- Somebody else says who it is: an OpenID provider (by its issuer) or GitHub.
create table account_identity (
  provider text not null,
  subject text not null,
  account bigint not null references account,
  -- What the provider calls them, to tell one from another.
  label text,
  created_at timestamptz not null default now(),
  used_at timestamptz,
  primary key (provider, subject)
);
create index account_identity_of_account on account_identity (account);

create table session (
  -- SHA-256 of what the cookie holds.
  hash bytea primary key,
  account bigint not null references account,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- How they signed in: password, passkey, the provider's name.
  means text not null,
  browser text
);
create index session_of_account on session (account);
create index session_by_end on session (expires_at);

create table api_token (
  id bigint generated always as identity primary key,
  -- SHA-256 of the token.
  hash bytea not null unique,
  account bigint not null references account,
  name text not null,
  scopes text[] not null check (scopes <@ array['read', 'propose', 'write', 'admin'] and cardinality(scopes) > 0),
  created_at timestamptz not null default now(),
  used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_token_of_account on api_token (account);

-- Let in by an admin, where not everybody may make an account.
create table account_invite (
  id bigint generated always as identity primary key,
  -- SHA-256 of the link's secret.
  secret_hash bytea not null unique,
  -- For whom, in the words of who asked them in.
  note text not null,
  role text not null check (role in ('contributor', 'triager', 'security')),
  made_by text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_by bigint references account,
  used_at timestamptz,
  withdrawn_at timestamptz,
  check ((used_by is null) = (used_at is null))
);

-- A way back in for somebody who lost theirs: asked by one admin, granted by another, used once.
create table account_recovery (
  id bigint generated always as identity primary key,
  account bigint not null references account,
  -- Actors: person:3, or cli:name for whoever has the machine itself.
  asked_by text not null,
  asked_at timestamptz not null,
  reason text not null,
  granted_by text,
  granted_at timestamptz,
  -- SHA-256 of the link's secret.
  secret_hash bytea unique,
  expires_at timestamptz,
  used_at timestamptz,
  withdrawn_at timestamptz,
  check (granted_by is distinct from asked_by),
  check (granted_by is distinct from 'person:' || account and asked_by <> 'person:' || account),
  check ((granted_by is null) = (granted_at is null) and (granted_by is null) = (secret_hash is null)
    and (granted_by is null) = (expires_at is null))
);
create unique index account_recovery_open on account_recovery (account)
  where used_at is null and withdrawn_at is null and granted_at is null;

-- Steps of a sign-in that is under way (passkey challenges, OpenID's state): short-lived, each taken once.
create unlogged table sign_in_step (
  -- SHA-256 of what the browser holds, in hexadecimal.
  id text primary key,
  kind text not null,
  payload jsonb not null,
  expires_at timestamptz not null
);
create index sign_in_step_by_end on sign_in_step (expires_at);

-- Token buckets. Losing them in a crash only forgives.
create unlogged table rate_limit (
  bucket text primary key,
  tokens double precision not null,
  at timestamptz not null
);
create index rate_limit_by_time on rate_limit (at);
