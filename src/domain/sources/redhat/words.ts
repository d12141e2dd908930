import type { Affected, Severity } from '../source.ts';

/** https://access.redhat.com/security/updates/classification/ */
const SEVERITIES = new Map<string, Severity>([
  ['none', 'none'],
  ['low', 'low'],
  ['moderate', 'medium'],
  ['important', 'high'],
  ['critical', 'critical'],
]);

/** Red Hat's word for how bad it is, beside ours. */
export function severityOf(word: string | undefined): { severity?: Severity; severityAs?: string } {
  const trimmed = word?.trim() ?? '';
  if (trimmed === '') return {};
  const severity = SEVERITIES.get(trimmed.toLowerCase());
  return { ...(severity !== undefined && { severity }), severityAs: trimmed.slice(0, 100) };
}

/** `fix_state` of the API, and the details of remediations in VEX documents, which are the same words. */
const STATES = new Map<string, NonNullable<Affected['status']>>([
  ['affected', 'affected'],
  ['fix deferred', 'postponed'],
  ['new', 'under_investigation'],
  ['not affected', 'not_affected'],
  ['out of support scope', 'wont_fix'],
  ['under investigation', 'under_investigation'],
  ['will not fix', 'wont_fix'],
]);

/** What a state means in our words; undefined for a word that Red Hat has not used so far. */
export function statusOf(state: string): Affected['status'] {
  return STATES.get(state.trim().toLowerCase());
}

/** Where a person reads an advisory. */
export function errataUrl(id: string): string {
  return `https://access.redhat.com/errata/${id}`;
}

/** Where a person reads what Red Hat knows of a CVE. */
export function cveUrl(id: string): string {
  return `https://access.redhat.com/security/cve/${id}`;
}
