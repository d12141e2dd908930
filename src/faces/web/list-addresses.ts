import { channelAddress, issueAddress, reportAddress } from './components/addresses.ts';

/** Addresses of lists, of what is looked for, and of raw bytes; those of single things are in `components/addresses.ts`. */

export const ISSUES_ADDRESS = '/issues';
export const PACKAGES_ADDRESS = '/packages';
export const CHANNELS_ADDRESS = '/channels';
export const ROUNDUPS_ADDRESS = '/roundups';
export const GATES_ADDRESS = '/gates';
export const SEARCH_ADDRESS = '/search';
/** What programs can do, for those who write them. */
export const API_PAGE_ADDRESS = '/api';
export const PEOPLE_ADDRESS = '/people';
export const ACCOUNT_ADDRESS = '/account';
export const INSIGHT_ADDRESS = '/insight';
/** What waits for a triager. */
export const QUEUE_ADDRESS = '/queue';
/** Threads of mailing lists. */
export const THREADS_ADDRESS = '/threads';
/** Stories that issues of several products belong to. */
export const CAMPAIGNS_ADDRESS = '/campaigns';
/** Issues that may be one, and issues that may be two. */
export const REGROUPINGS_ADDRESS = '/regroupings';
/** The form that asks why what is chosen there is none of ours. */
export const DISMISS_ADDRESS = '/queue/dismiss';
/** Where one takes some of it for oneself, and gives it back. */
export const BATCH_ADDRESS = '/queue/batch';
/** Where anybody reports a problem, without an account. */
export const REPORT_ADDRESS = '/report';
/** What visitors reported, for triagers. */
export const INTAKE_ADDRESS = '/intake';
/** The form that opens an issue which no report tells of. */
export const NEW_ISSUE_ADDRESS = '/issues/new';
/** Remembered suppressions. */
export const RULES_ADDRESS = '/rules';
/** Where one begins and ends to watch something. */
export const WATCH_ADDRESS = '/watch';
/** What is known of numbers, not of flaws. */
export const NUMBERS_ADDRESS = '/numbers';
/** One page for whoever answers for it all. */
export const EVIDENCE_ADDRESS = '/insight/evidence';
/** All accounts, for admins. */
export const ACCOUNTS_ADDRESS = '/accounts';

/** `/CVE-2017-3731` for what the CVE list numbers; other ids stand below `/vulnerabilities/`. */
export function vulnerabilityAddress(id: string): string {
  return /^CVE-\d{4}-\d{4,19}$/.test(id) ? `/${id}` : `/vulnerabilities/${encodeURIComponent(id)}`;
}

/** What a plot of that name shows, as a file. */
export function insightDataAddress(part: string, ending: 'csv' | 'json'): string {
  return `${INSIGHT_ADDRESS}/${part}.${ending}`;
}

/** What two revisions of a channel were exposed to. */
export function compareAddress(channel: string): string {
  return `${channelAddress(channel)}/compare`;
}

/** Where a channel's release gate is opened; closed one below. */
export function gateDeedAddress(channel: string): string {
  return `${channelAddress(channel)}/gate`;
}

/** Where lines of a roundup or a gate are ticked. */
export function ticksAddress(list: string): string {
  return `${list}/ticks`;
}

/** A list with what it is asked for; what is undefined or empty is left out. */
export function withQuery(
  address: string,
  query: Readonly<Record<string, string | number | undefined>>,
): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') given.append(name, String(value));
  const text = given.toString();
  return text === '' ? address : `${address}?${text}`;
}

/** Where one says something of an issue, lists a package under it, joins it with another, or takes it apart. */
export function commentsAddress(issue: string): string {
  return `${issueAddress(issue)}/comments`;
}

export function listPackageAddress(issue: string): string {
  return `${issueAddress(issue)}/packages`;
}

export function mergeAddress(issue: string): string {
  return `${issueAddress(issue)}/merge`;
}

export function splitAddress(issue: string): string {
  return `${issueAddress(issue)}/split`;
}

/** What a visitor sent, by its number. */
export function intakeAddress(id: number): string {
  return `${INTAKE_ADDRESS}/${id}`;
}

export function rawReportAddress(source: string, key: string): string {
  return `${reportAddress(source, key)}/raw`;
}

export function quarantinedRawAddress(id: number): string {
  return `/sources/quarantine/${id}/raw`;
}
