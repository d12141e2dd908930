-- Search: words in titles, descriptions, reports and comments. Parts of names are found by trigrams, words by their stems.

create index issue_by_words on issue using gin (title gin_trgm_ops) where redirect is null;
create index issue_by_part_of_product on issue using gin (product gin_trgm_ops) where redirect is null;
-- Three million words of the records are too many to be looked through, few enough to be indexed.
create index vulnerability_by_words on vulnerability
  using gin (to_tsvector('english', coalesce(title, '') || ' ' || coalesce(description, '')));
-- Records say what the vulnerabilities say.
create index report_by_words on report using gin (title gin_trgm_ops) where kind <> 'record' and gone_at is null;
create index report_by_date on report (published desc nulls last) where kind <> 'record' and gone_at is null;
create index comment_by_words on comment using gin (to_tsvector('english', coalesce(body, '')));
