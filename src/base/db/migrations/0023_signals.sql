-- Room sources: what tells that flaws are used, or are likely to be (CISA KEV, EPSS). Not reports of flaws in products.

-- A catalogue or a day's scores, as it was published. The bytes are kept of each.
create table signal_document (
  source text not null,
  key text not null,
  -- The day that it is of: a later one is never undone by an earlier one that is read after it.
  as_of date not null,
  path text not null,
  format text not null,
  raw bytea not null,
  pack bigint not null,
  parser_version int not null,
  read_at timestamptz not null default now(),
  primary key (source, key)
);

-- What the latest document of each source says of each vulnerability.
create table signal (
  source text not null,
  vulnerability text not null,
  -- KEV: since when it stands in the catalogue, until when its readers must act, whether ransomware uses it.
  since date,
  due date,
  ransomware boolean,
  -- EPSS: how likely it is to be used within 30 days, from 0 to 1, and the share of all that are less likely.
  score double precision check (score between 0 and 1),
  percentile double precision check (percentile between 0 and 1),
  changed_at timestamptz not null default now(),
  -- A tombstone: the source said it once.
  gone_at timestamptz,
  primary key (source, vulnerability)
);
create index signal_of_vulnerability on signal (vulnerability) where gone_at is null;
