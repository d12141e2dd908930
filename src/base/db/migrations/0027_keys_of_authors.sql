-- A key is its author's: nobody takes one that somebody else will want.
alter table proposal drop constraint proposal_key_key;
alter table proposal add constraint proposal_author_key unique (author, key);
