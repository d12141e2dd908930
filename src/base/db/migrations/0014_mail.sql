-- Mail: what was tried and failed is given up some day, and shown; what was mailed is mailed once.

alter table outbox add given_up_at timestamptz;
alter table notice add mailed_at timestamptz;
create index notice_to_mail on notice (account, id) where mailed_at is null and seen_at is null;

-- Room accounts: links in mails. Each opens one thing for one account.
create table account_mail_link (
  -- SHA-256 of the link's secret.
  hash bytea primary key,
  account bigint not null references account,
  -- `confirm`: that mail to this address reaches them. `stop`: no more mails of what happens.
  purpose text not null check (purpose in ('confirm', 'stop')),
  -- The address that it was sent to.
  email text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null
);
create index account_mail_link_by_end on account_mail_link (expires_at);
