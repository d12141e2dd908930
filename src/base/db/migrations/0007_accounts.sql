-- Room accounts: people, how they sign in, their sessions and tokens.

create table account (
  id bigint generated always as identity primary key,
  -- What others call them: @handle. Lower case, never given to somebody else.
  handle text not null unique check (handle ~ '^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?$'),
  name text not null,
  email text,
  role text not null default 'contributor' check (role in ('contributor', 'triager', 'security', 'admin')),
  -- Maintainers are known by it in the package sets.
  github text,
  created_at timestamptz not null default now(),
  -- Cannot sign in any more; what they did stays theirs.
  disabled_at timestamptz,
  settings jsonb not null default '{}'
);
create unique index account_by_email on account (lower(email));
create unique index account_by_github on account (lower(github));

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

-- Somebody else says who it is: an OpenID provider or GitHub.
create table account_identity (
  provider text not null,
  subject text not null,
  account bigint not null references account,
  created_at timestamptz not null default now(),
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
  scopes text[] not null,
  created_at timestamptz not null default now(),
  used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_token_of_account on api_token (account);

-- A way back in for somebody who lost theirs: asked by one admin, granted by another, used once.
create table account_recovery (
  id bigint generated always as identity primary key,
  account bigint not null references account,
  asked_by bigint not null references account,
  asked_at timestamptz not null default now(),
  reason text not null,
  granted_by bigint references account,
  granted_at timestamptz,
  -- SHA-256 of the link's secret.
  secret_hash bytea unique,
  expires_at timestamptz,
  used_at timestamptz,
  check (granted_by is distinct from asked_by),
  check (granted_by is distinct from account and asked_by <> account)
);

-- Steps of a sign-in that is under way (passkey challenges, OpenID's state): short-lived.
create unlogged table sign_in_step (
  id text primary key,
  kind text not null,
  payload jsonb not null,
  expires_at timestamptz not null
);

-- Token buckets. Losing them in a crash only forgives.
create unlogged table rate_limit (
  bucket text primary key,
  tokens double precision not null,
  at timestamptz not null
);
