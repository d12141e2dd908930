-- Room roundup: who said what stands behind a line is an entry of the history, as who ticked it is.
alter table roundup_line add column remark_version bigint not null default 0;
