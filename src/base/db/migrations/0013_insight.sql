-- Room insight: what was open when, derived from what others store. All of it may be emptied and is then made again.

-- issue × channel, where some package ever looked hit, or nobody could say, or people said something.
create table exposure (
  issue text not null,
  channel text not null,
  -- What its packages looked like, by what is known today: [[[package, …], [[from, to, verdict], …]], …]. Those that looked
  -- safe all the time are left out.
  histories json not null,
  -- The days on which the channel was exposed, and those on which nobody can say.
  exposed datemultirange not null,
  unknown datemultirange not null,
  -- Packages through which it is exposed at present.
  hit text[] not null,
  -- Whether a person, or a rule of theirs, has said anything of it for this channel.
  looked boolean not null,
  primary key (issue, channel)
);
create index exposure_of_channel on exposure (channel);

-- Up to where the exposures are computed, and when the figures were.
create table insight_state (
  only_row boolean primary key default true check (only_row),
  issues_seen bigint not null default 0,
  events_seen bigint not null default 0,
  -- {channel: ["2017-01-31 commit imported-at", …]}
  revisions json not null default '{}',
  -- Of the matcher and of this room; null: nothing was ever computed.
  version text,
  computed_at timestamptz
);
insert into insight_state default values;

-- What the page shows, made ready.
create table insight_figures (
  name text primary key,
  value json not null,
  reckoned_at timestamptz not null
);
