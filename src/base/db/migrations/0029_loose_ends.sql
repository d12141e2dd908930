-- Room issues: what was merged into an issue, for what still names it by its old id.
create index issue_redirects on issue (redirect) where redirect is not null;
