// Written by `node --import tsx src/base/db/generate-tables.ts` from the migrations; a test keeps it true.
import type { Generated } from 'kysely';

export interface Tables {
  channel: ChannelRow;
  event: EventRow;
  event_head: EventHeadRow;
  grouping_state: GroupingStateRow;
  issue: IssueRow;
  issue_atom: IssueAtomRow;
  issue_channel: IssueChannelRow;
  issue_evidence: IssueEvidenceRow;
  issue_link: IssueLinkRow;
  issue_number: IssueNumberRow;
  issue_report: IssueReportRow;
  maintainer: MaintainerRow;
  matched_issue: MatchedIssueRow;
  matching_state: MatchingStateRow;
  outbox: OutboxRow;
  package_fact: PackageFactRow;
  package_name: PackageNameRow;
  package_period: PackagePeriodRow;
  package_source: PackageSourceRow;
  quarantine: QuarantineRow;
  raw_pack: RawPackRow;
  report: ReportRow;
  report_affected: ReportAffectedRow;
  report_revision: ReportRevisionRow;
  report_vulnerability: ReportVulnerabilityRow;
  revision: RevisionRow;
  roundup: RoundupRow;
  roundup_line: RoundupLineRow;
  source_file: SourceFileRow;
  source_state: SourceStateRow;
  suggestion: SuggestionRow;
  suggestion_channel: SuggestionChannelRow;
  vulnerability: VulnerabilityRow;
  watched_product: WatchedProductRow;
}

export interface ChannelRow {
  name: string;
  lifecycle: Generated<string>;
  released: string | null;
  end_of_life: string | null;
  created_at: Generated<Date>;
}

export interface EventRow {
  id: number;
  at: Date;
  entity: string;
  entity_id: string;
  type: string;
  actor: string;
  cause: string;
  payload: unknown;
  salt: Buffer | null;
  payload_hash: Buffer;
  previous: Buffer;
  hash: Buffer;
  redacted_at: Date | null;
}

export interface EventHeadRow {
  only_row: Generated<boolean>;
  id: number;
  hash: Buffer;
}

export interface GroupingStateRow {
  only_row: Generated<boolean>;
  computation: Generated<number>;
  reports_changed: Generated<number>;
  links_seen: Generated<number>;
  products_seen: Generated<number>;
  grouping_version: Generated<number>;
  computed_at: Date | null;
}

export interface IssueRow {
  id: string;
  year: number;
  number: number;
  product: string;
  title: string;
  severity: string | null;
  opened: Date;
  last_report: Date;
  created_at: Generated<Date>;
  grown_at: Generated<Date>;
  redirect: string | null;
  ended_at: Date | null;
  changed: Generated<number>;
}

export interface IssueAtomRow {
  product: string;
  vulnerability: string;
  issue: string;
}

export interface IssueChannelRow {
  issue: string;
  channel: string;
  verdict: string;
}

export interface IssueEvidenceRow {
  issue: string;
  evidence: unknown;
}

export interface IssueLinkRow {
  id: Generated<number>;
  kind: string;
  product_a: string;
  vulnerability_a: string;
  product_b: string;
  vulnerability_b: string;
  author: string;
  reason: string;
  created_at: Generated<Date>;
  revoked_at: Date | null;
}

export interface IssueNumberRow {
  year: number;
  last: number;
}

export interface IssueReportRow {
  issue: string;
  report: number;
  published: Date | null;
  coverage: string;
  why: unknown;
}

export interface MaintainerRow {
  name: string;
  github: string;
  github_id: number | null;
  email: string | null;
  seen: Date;
}

export interface MatchedIssueRow {
  issue: string;
  due: boolean;
  names: Generated<string[]>;
  digest: string | null;
  suggestions: Generated<number>;
  to_look_at: Generated<number>;
}

export interface MatchingStateRow {
  only_row: Generated<boolean>;
  run: Generated<number>;
  issues_seen: Generated<number>;
  revisions: Generated<unknown>;
  matcher_version: Generated<number>;
  matched_at: Date | null;
}

export interface OutboxRow {
  id: Generated<number>;
  idempotency_key: string;
  kind: string;
  payload: unknown;
  created_at: Generated<Date>;
  due_at: Generated<Date>;
  attempts: Generated<number>;
  last_error: string | null;
  delivered_at: Date | null;
}

export interface PackageFactRow {
  hash: Buffer;
  attr: string;
  kind: Generated<string>;
  name: string;
  pname: string;
  version: string;
  description: string | null;
  homepage: string | null;
  position: string | null;
  patches: Generated<string[]>;
  known_vulnerabilities: Generated<string[]>;
  maintainers: Generated<unknown>;
  licences: Generated<string[]>;
  broken: Generated<boolean>;
  unfree: Generated<boolean>;
  insecure: Generated<boolean>;
}

export interface PackageNameRow {
  attr: string;
  pname: string;
  words: Generated<string>;
}

export interface PackagePeriodRow {
  channel: string;
  attr: string;
  fact: Buffer;
  since: Date;
  until: Date | null;
}

export interface PackageSourceRow {
  attr: string;
  version: string;
  url: string;
}

export interface QuarantineRow {
  id: Generated<number>;
  source: string;
  path: string;
  document: string;
  format: string | null;
  raw: Buffer;
  pack: number;
  reason: string;
  place: string;
  message: string;
  parser_version: number;
  first_seen: Generated<Date>;
  last_seen: Generated<Date>;
  resolved_at: Date | null;
}

export interface RawPackRow {
  id: Generated<number>;
  directory: Buffer;
  bytes: Buffer;
}

export interface ReportRow {
  id: Generated<number>;
  source: string;
  key: string;
  document: string;
  format: string;
  kind: string;
  raw: Buffer;
  pack: number;
  revision: Generated<number>;
  parser_version: number;
  title: string;
  description: string | null;
  published: Date | null;
  modified: Date | null;
  url: string | null;
  state: string | null;
  withdrawn: string | null;
  severity: string | null;
  severity_as: string | null;
  cvss: unknown;
  vulnerabilities: string[];
  aliases: string[] | null;
  weaknesses: string[] | null;
  cites: string[] | null;
  links: unknown;
  path: string;
  fetched_first: Generated<Date>;
  fetched_last: Generated<Date>;
  changed: number;
  gone_at: Date | null;
}

export interface ReportAffectedRow {
  report: number;
  ecosystem: string;
  vendor: string | null;
  name: string;
  release: string | null;
  vulnerability: string | null;
  status: string | null;
  fixed: string | null;
  versions: unknown;
  note: string | null;
}

export interface ReportRevisionRow {
  report: number;
  revision: number;
  raw: Buffer;
  pack: number;
  parser_version: number;
  replaced_at: Generated<Date>;
}

export interface ReportVulnerabilityRow {
  vulnerability: string;
  report: number;
}

export interface RevisionRow {
  id: Generated<number>;
  channel: string;
  commit: string;
  committed_at: Date;
  imported_at: Generated<Date>;
  packages: number;
  content_hash: Buffer;
  patches_known: boolean;
}

export interface RoundupRow {
  number: number;
  opened_at: Date;
  covers_until: Date;
  covers_since: Date;
  created_at: Generated<Date>;
  lead: string | null;
  closed_at: Date | null;
}

export interface RoundupLineRow {
  roundup: number;
  issue: string;
  carried_from: number | null;
  done_at: Date | null;
  done_by: string | null;
  remark: string | null;
}

export interface SourceFileRow {
  source: string;
  path: string;
  hash: Buffer;
  documents: number;
  quarantined: number;
  parser_version: number;
  read_at: Date;
}

export interface SourceStateRow {
  source: string;
  parser_version: number;
  cursor: Generated<unknown>;
  last_attempt: Date | null;
  last_success: Date | null;
  last_error: string | null;
}

export interface SuggestionRow {
  id: Generated<number>;
  issue: string;
  attr: string;
  pname: string;
  score: number;
  matcher_version: number;
  verdict: string;
  state: Generated<string>;
  reasons: number;
  due_since: Date | null;
  kept: unknown;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface SuggestionChannelRow {
  suggestion: number;
  channel: string;
  version: string;
  verdict: string;
  evidence: number;
}

export interface VulnerabilityRow {
  id: string;
  canonical: string;
  state: Generated<string>;
  title: string | null;
  description: string | null;
  published: Date | null;
  severity: string | null;
  score: number | null;
  weaknesses: string[] | null;
  flaw: string | null;
}

export interface WatchedProductRow {
  product: string;
  since: Generated<Date>;
}
