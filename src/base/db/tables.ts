// Written by `node --import tsx src/base/db/generate-tables.ts` from the migrations; a test keeps it true.
import type { Generated } from 'kysely';

export interface Tables {
  account: AccountRow;
  account_address_change: AccountAddressChangeRow;
  account_identity: AccountIdentityRow;
  account_invite: AccountInviteRow;
  account_mail_link: AccountMailLinkRow;
  account_mailed_secret: AccountMailedSecretRow;
  account_password: AccountPasswordRow;
  account_recovery: AccountRecoveryRow;
  api_token: ApiTokenRow;
  box_look: BoxLookRow;
  campaign: CampaignRow;
  campaign_issue: CampaignIssueRow;
  campaign_state: CampaignStateRow;
  campaign_word: CampaignWordRow;
  channel: ChannelRow;
  comment: CommentRow;
  event: EventRow;
  event_head: EventHeadRow;
  exploitation_state: ExploitationStateRow;
  exposure: ExposureRow;
  grouping_state: GroupingStateRow;
  insight_figures: InsightFiguresRow;
  insight_list: InsightListRow;
  insight_state: InsightStateRow;
  intake: IntakeRow;
  issue: IssueRow;
  issue_atom: IssueAtomRow;
  issue_boxes: IssueBoxesRow;
  issue_card: IssueCardRow;
  issue_cells: IssueCellsRow;
  issue_channel: IssueChannelRow;
  issue_evidence: IssueEvidenceRow;
  issue_exploitation: IssueExploitationRow;
  issue_field: IssueFieldRow;
  issue_link: IssueLinkRow;
  issue_number: IssueNumberRow;
  issue_package: IssuePackageRow;
  issue_report: IssueReportRow;
  mail: MailRow;
  mail_key: MailKeyRow;
  mail_reference: MailReferenceRow;
  mailbox: MailboxRow;
  maintainer: MaintainerRow;
  matched_issue: MatchedIssueRow;
  matching_state: MatchingStateRow;
  notice: NoticeRow;
  notice_cursor: NoticeCursorRow;
  number_figures: NumberFiguresRow;
  outbox: OutboxRow;
  own_vulnerability: OwnVulnerabilityRow;
  package_fact: PackageFactRow;
  package_name: PackageNameRow;
  package_period: PackagePeriodRow;
  package_source: PackageSourceRow;
  passkey: PasskeyRow;
  proposal: ProposalRow;
  quarantine: QuarantineRow;
  queue_claim: QueueClaimRow;
  queue_count: QueueCountRow;
  queue_entry: QueueEntryRow;
  queue_state: QueueStateRow;
  rate_limit: RateLimitRow;
  raw_pack: RawPackRow;
  record_look: RecordLookRow;
  regrouping: RegroupingRow;
  report: ReportRow;
  report_affected: ReportAffectedRow;
  report_revision: ReportRevisionRow;
  report_vulnerability: ReportVulnerabilityRow;
  revision: RevisionRow;
  rota: RotaRow;
  roundup: RoundupRow;
  roundup_clock: RoundupClockRow;
  roundup_item: RoundupItemRow;
  roundup_lead: RoundupLeadRow;
  roundup_line: RoundupLineRow;
  rule: RuleRow;
  session: SessionRow;
  sign_in_step: SignInStepRow;
  signal: SignalRow;
  signal_document: SignalDocumentRow;
  source_alarm: SourceAlarmRow;
  source_batch: SourceBatchRow;
  source_file: SourceFileRow;
  source_run: SourceRunRow;
  source_shape: SourceShapeRow;
  source_state: SourceStateRow;
  status: StatusRow;
  status_transition: StatusTransitionRow;
  suggestion: SuggestionRow;
  suggestion_channel: SuggestionChannelRow;
  suggestion_decision: SuggestionDecisionRow;
  suggestion_skip: SuggestionSkipRow;
  thread: ThreadRow;
  thread_fact: ThreadFactRow;
  vulnerability: VulnerabilityRow;
  watch: WatchRow;
  watched_product: WatchedProductRow;
}

export interface AccountRow {
  id: Generated<number>;
  handle: string;
  name: string;
  email: string | null;
  email_confirmed_at: Date | null;
  role: Generated<string>;
  github: string | null;
  created_at: Generated<Date>;
  disabled_at: Date | null;
  settings: Generated<unknown>;
}

export interface AccountAddressChangeRow {
  account: number;
  email: string | null;
  asked_at: Date;
  expires_at: Date;
  old_confirmed_at: Date | null;
  new_confirmed_at: Date | null;
}

export interface AccountIdentityRow {
  provider: string;
  subject: string;
  account: number;
  label: string | null;
  created_at: Generated<Date>;
  used_at: Date | null;
}

export interface AccountInviteRow {
  id: Generated<number>;
  secret_hash: Buffer | null;
  note: string;
  role: string;
  made_by: string;
  made_at: Date;
  expires_at: Date;
  used_by: number | null;
  used_at: Date | null;
  withdrawn_at: Date | null;
  email: string | null;
}

export interface AccountMailLinkRow {
  hash: Buffer;
  account: number;
  purpose: string;
  email: string;
  made_at: Date;
  expires_at: Date;
}

export interface AccountMailedSecretRow {
  hash: Buffer;
  invite: number | null;
  recovery: number | null;
  expires_at: Date;
}

export interface AccountPasswordRow {
  account: number;
  hash: string;
  changed_at: Generated<Date>;
}

export interface AccountRecoveryRow {
  id: Generated<number>;
  account: number;
  asked_by: string;
  asked_at: Date;
  reason: string;
  granted_by: string | null;
  granted_at: Date | null;
  secret_hash: Buffer | null;
  expires_at: Date | null;
  used_at: Date | null;
  withdrawn_at: Date | null;
  email: string | null;
}

export interface ApiTokenRow {
  id: Generated<number>;
  hash: Buffer;
  account: number;
  name: string;
  scopes: string[];
  created_at: Generated<Date>;
  used_at: Date | null;
  expires_at: Date | null;
  revoked_at: Date | null;
}

export interface BoxLookRow {
  issue: string;
  package: string;
  channel: string;
  version: number;
  mark: string | null;
  again: unknown;
}

export interface CampaignRow {
  name: string;
  kind: string;
  title: string;
  vulnerabilities: string[];
  since: Date | null;
}

export interface CampaignIssueRow {
  campaign: string;
  issue: string;
  vulnerabilities: Generated<string[]>;
  derived: Generated<boolean>;
  said: string | null;
  said_by: string | null;
  version: Generated<number>;
  belongs: Generated<boolean>;
}

export interface CampaignStateRow {
  only_row: Generated<boolean>;
  computation: Generated<number>;
  threads: Generated<number>;
  regrouped_computation: Generated<number>;
  regrouped_threads: Generated<number>;
}

export interface CampaignWordRow {
  kind: string;
  id: string;
  value: unknown;
  version: number;
  said_by: string;
  said_at: Date;
}

export interface ChannelRow {
  name: string;
  lifecycle: Generated<string>;
  released: string | null;
  end_of_life: string | null;
  created_at: Generated<Date>;
}

export interface CommentRow {
  id: Generated<number>;
  issue: string;
  author: string;
  body: string | null;
  created_at: Generated<Date>;
  key: string | null;
  version: number;
  edited_at: Date | null;
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

export interface ExploitationStateRow {
  only_row: Generated<boolean>;
  refresh: Generated<number>;
  signals_seen: Generated<string>;
  computation: Generated<number>;
}

export interface ExposureRow {
  issue: string;
  channel: string;
  histories: unknown;
  exposed: string;
  unknown: string;
  hit: string[];
  looked: boolean;
}

export interface GroupingStateRow {
  only_row: Generated<boolean>;
  computation: Generated<number>;
  reports_changed: Generated<number>;
  links_seen: Generated<number>;
  products_seen: Generated<number>;
  grouping_version: Generated<number>;
  computed_at: Date | null;
  own_seen: Generated<number>;
  boxes_seen: Generated<number>;
}

export interface InsightFiguresRow {
  name: string;
  value: unknown;
  reckoned_at: Date;
}

export interface InsightListRow {
  name: string;
  part: number;
  lines: string[];
}

export interface InsightStateRow {
  only_row: Generated<boolean>;
  issues_seen: Generated<number>;
  events_seen: Generated<number>;
  revisions: Generated<unknown>;
  version: string | null;
  computed_at: Date | null;
}

export interface IntakeRow {
  id: Generated<number>;
  received_at: Date;
  key: string | null;
  event: number;
  url: string | null;
  words: string | null;
  package: string | null;
  decision: unknown;
  version: Generated<number>;
  decided_by: string | null;
  decided_at: Date | null;
  issue: string | null;
  comment: number | null;
  request: string | null;
  email: string | null;
  answer_to: string | null;
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
  rejected_at: Date | null;
}

export interface IssueAtomRow {
  product: string;
  vulnerability: string;
  issue: string;
}

export interface IssueBoxesRow {
  issue: string;
  boxes: unknown;
  rest: unknown;
}

export interface IssueCardRow {
  issue: string;
  changed: number;
  brief: unknown;
  page: unknown;
  sources: Generated<string[]>;
}

export interface IssueCellsRow {
  issue: string;
  cells: unknown;
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

export interface IssueExploitationRow {
  issue: string;
  known_since: string | null;
  known_due: string | null;
  ransomware: Generated<boolean>;
  known: Generated<string[]>;
  percentile: number | null;
  percentile_of: string | null;
  percentile_since: string | null;
  entered_at: Date | null;
  entered: number | null;
  changed: number;
}

export interface IssueFieldRow {
  issue: string;
  field: string;
  value: unknown;
  version: number;
  changed_at: Date;
  changed_by: string;
}

export interface IssueLinkRow {
  id: Generated<number>;
  kind: string;
  product_a: string;
  vulnerability_a: string;
  product_b: string;
  vulnerability_b: string;
  author: string;
  created_at: Generated<Date>;
  revoked_at: Date | null;
  event: number;
}

export interface IssueNumberRow {
  year: number;
  last: number;
}

export interface IssuePackageRow {
  issue: string;
  package: string;
  kind: Generated<string>;
  version: number;
  listed: Generated<boolean>;
}

export interface IssueReportRow {
  issue: string;
  report: number;
  published: Date | null;
  coverage: string;
  why: unknown;
}

export interface MailRow {
  id: number;
  thread: number;
  fingerprint: Buffer;
  message: Buffer;
  follows: Buffer | null;
  list: string;
  sent_at: Date | null;
  from_name: string | null;
  from_address: string | null;
  subject: string | null;
  stem: Buffer;
  orphan: number;
  posting: unknown;
  facts: unknown;
  signatures: unknown;
  raw: Buffer;
  pack: number;
  size: number;
  redacted_at: Date | null;
}

export interface MailKeyRow {
  fingerprint: string;
  key_ids: string[];
  armored: string;
  owner: string;
  added_by: string;
  added_at: Generated<Date>;
}

export interface MailReferenceRow {
  target: Buffer;
  mail: number;
}

export interface MailboxRow {
  name: string;
  cursor: unknown;
  last_run: Date | null;
  last_error: string | null;
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

export interface NoticeRow {
  id: Generated<number>;
  account: number;
  event: number;
  reason: string;
  topic: string;
  words: string;
  created_at: Generated<Date>;
  seen_at: Date | null;
  mailed_at: Date | null;
}

export interface NoticeCursorRow {
  only_row: Generated<boolean>;
  event: number;
}

export interface NumberFiguresRow {
  only_row: Generated<boolean>;
  computation: number;
  made_at: Date;
  figures: unknown;
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
  given_up_at: Date | null;
}

export interface OwnVulnerabilityRow {
  id: string;
  year: number;
  number: number;
  request: string;
  product: string;
  issue: string;
  draft: unknown;
  published: Date;
  version: number;
  made_by: string;
  made_at: Date;
  withdrawn_at: Date | null;
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

export interface PasskeyRow {
  id: string;
  account: number;
  public_key: Buffer;
  counter: Generated<number>;
  transports: Generated<string[]>;
  name: string;
  created_at: Generated<Date>;
  used_at: Date | null;
}

export interface ProposalRow {
  id: Generated<number>;
  key: string | null;
  author: string;
  created_at: Generated<Date>;
  changes: unknown;
  touches: string[];
  topics: string[];
  remark: string | null;
  state: Generated<string>;
  stale_since: Date | null;
  decided_by: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
  amended: unknown;
  waits_for: string | null;
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
  replayed_at: Date | null;
}

export interface QueueClaimRow {
  suggestion: number;
  account: number;
  until: Date;
}

export interface QueueCountRow {
  severity: string;
  again: boolean;
  waiting: number;
}

export interface QueueEntryRow {
  suggestion: number;
  issue: string;
  attr: string;
  urgency: number;
  severity: string;
  opened: Date;
  channels: string[];
  asked_again: boolean;
  shown: unknown;
  fingerprint: string;
  content: string;
  exploited: string | null;
}

export interface QueueStateRow {
  only_row: Generated<boolean>;
  begun_for: Date | null;
  settled_for: Date | null;
  exploitation_seen: number | null;
  boxes_seen: Generated<number>;
}

export interface RateLimitRow {
  bucket: string;
  tokens: number;
  at: Date;
}

export interface RawPackRow {
  id: Generated<number>;
  directory: Buffer;
  bytes: Buffer;
}

export interface RecordLookRow {
  mark: string;
  look: unknown;
}

export interface RegroupingRow {
  key: string;
  kind: string;
  product: string;
  issue: string;
  other: string | null;
  out: string[];
  reasons: unknown;
  proposed_at: Date;
  holds: boolean;
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

export interface RotaRow {
  week: string;
  account: number | null;
  version: number;
}

export interface RoundupRow {
  number: number;
  opened_at: Date;
  covers_until: Date;
  covers_since: Date;
  created_at: Generated<Date>;
  lead: string | null;
  closed_at: Date | null;
  kind: Generated<string>;
  channel: string | null;
  release: string | null;
}

export interface RoundupClockRow {
  only_row: Generated<boolean>;
  since: Generated<Date>;
}

export interface RoundupItemRow {
  roundup: number;
  key: string;
  position: number;
  words: string | null;
  done: Generated<boolean>;
  version: Generated<number>;
}

export interface RoundupLeadRow {
  roundup: number;
  account: number | null;
  version: number;
}

export interface RoundupLineRow {
  roundup: number;
  issue: string;
  carried_from: number | null;
  done_at: Date | null;
  done_by: string | null;
  remark: string | null;
  version: Generated<number>;
  remark_version: Generated<number>;
}

export interface RuleRow {
  id: Generated<number>;
  request: string;
  attr: string;
  vendor: string | null;
  product: string | null;
  channel: string | null;
  versions: unknown;
  reason: string;
  note: string | null;
  evidence: string | null;
  value: unknown;
  version: number;
  author: string;
  made_at: Date;
  expires_on: string | null;
  revoked_at: Date | null;
}

export interface SessionRow {
  hash: Buffer;
  account: number;
  created_at: Generated<Date>;
  seen_at: Generated<Date>;
  expires_at: Date;
  means: string;
  browser: string | null;
}

export interface SignInStepRow {
  id: string;
  kind: string;
  payload: unknown;
  expires_at: Date;
}

export interface SignalRow {
  source: string;
  vulnerability: string;
  since: string | null;
  due: string | null;
  ransomware: boolean | null;
  score: number | null;
  percentile: number | null;
  changed_at: Generated<Date>;
  gone_at: Date | null;
}

export interface SignalDocumentRow {
  source: string;
  key: string;
  as_of: string;
  path: string;
  format: string;
  raw: Buffer;
  pack: number;
  parser_version: number;
  read_at: Generated<Date>;
}

export interface SourceAlarmRow {
  id: Generated<number>;
  source: string;
  kind: string;
  subject: string;
  facts: unknown;
  opened_at: Date;
  seen_at: Date;
  closed_at: Date | null;
}

export interface SourceBatchRow {
  id: Generated<number>;
  source: string;
  path: string;
  hash: Buffer;
  kind: string;
  facts: unknown;
  held_at: Date;
  seen_at: Date;
  decision: unknown;
  version: Generated<number>;
  decided_by: string | null;
  decided_at: Date | null;
  applied_at: Date | null;
  overtaken_at: Date | null;
}

export interface SourceFileRow {
  source: string;
  path: string;
  hash: Buffer;
  documents: number;
  quarantined: number;
  parser_version: number;
  read_at: Date;
  usual: number | null;
}

export interface SourceRunRow {
  id: Generated<number>;
  source: string;
  started_at: Date;
  ended_at: Date;
  outcome: string;
  stored: number;
  unchanged: number;
  quarantined: number;
  gone: number;
  requests: number;
  bytes: number;
  error: string | null;
}

export interface SourceShapeRow {
  source: string;
  format: string;
  documents: number;
  fields: unknown;
  measured_at: Date;
}

export interface SourceStateRow {
  source: string;
  parser_version: number;
  cursor: Generated<unknown>;
  last_attempt: Date | null;
  last_success: Date | null;
  last_error: string | null;
  fetched_at: Date | null;
  failures: Generated<number>;
  changed_at: Date | null;
  newest: Date | null;
  wanted_at: Date | null;
  proven_at: Date | null;
}

export interface StatusRow {
  issue: string;
  package: string;
  channel: string;
  status: string;
  justification: string | null;
  until: string | null;
  fixed_in: string | null;
  link: string | null;
  note: string | null;
  version: number;
  undoes: number | null;
  changed_at: Date;
  changed_by: string;
}

export interface StatusTransitionRow {
  from_status: string;
  to_status: string;
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

export interface SuggestionDecisionRow {
  suggestion: number;
  decision: string | null;
  reason: string | null;
  note: string | null;
  rule: number | null;
  confirms: number | null;
  version: number;
  decided_by: string;
  decided_at: Date;
  decided_on: unknown;
}

export interface SuggestionSkipRow {
  account: number;
  suggestion: number;
  fingerprint: string;
  at: Date;
}

export interface ThreadRow {
  id: number;
  subject: string | null;
  first_at: Date | null;
  last_at: Date | null;
  seen_at: Generated<Date>;
  messages: number;
  lists: string[];
  signature: string | null;
  facts_version: Generated<number>;
  redirect: number | null;
  archived_at_version: number | null;
  decision: unknown;
  version: Generated<number>;
  decided_by: string | null;
  decided_at: Date | null;
  claim: unknown;
  claim_version: Generated<number>;
  issue: string | null;
  request: string | null;
  waits: Generated<boolean>;
}

export interface ThreadFactRow {
  thread: number;
  kind: string;
  value: string;
  label: string | null;
  since: number;
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
  state_since: Date | null;
  state_by: Generated<string[]>;
}

export interface WatchRow {
  account: number;
  topic: string;
  since: Generated<Date>;
}

export interface WatchedProductRow {
  product: string;
  since: Generated<Date>;
}
