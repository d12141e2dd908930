-- Room sources: entries that wait for a number (CVE-2017-XXXX, TEMP-…), to be found by that.
create index report_unnumbered on report (key) where kind = 'tracker' and cardinality(vulnerabilities) = 0;
