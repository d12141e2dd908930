-- Room issues: whose advisories an issue has, for lists of one source's. Derived, as the card is.
alter table issue_card add column sources text[] not null default '{}';
update issue_card c set sources = array(select distinct a->>'source' from json_array_elements(c.page->'advisories') a order by 1);
create index issue_card_sources on issue_card using gin (sources);
