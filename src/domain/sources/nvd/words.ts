import { SEVERITIES, type Severity } from '../source.ts';

/** NVD's word for how bad it is (`HIGH`) beside ours. Nothing where NVD says nothing. */
export function severityOf(word: string | undefined): { severity?: Severity; severityAs?: string } {
  if (word === undefined || word === '') return {};
  const severity = SEVERITIES.find((known) => known === word.toLowerCase());
  return severity === undefined ? { severityAs: word } : { severity, severityAs: word };
}

/** Why a record was rejected, where its description says that it was ("** REJECT **", "Rejected reason:"); else null. */
export function rejectionOf(description: string): string | null {
  const match = /^(?:\*\*\s*REJECT(?:ED)?\s*\*\*|Rejected reason:)\s*/i.exec(description.slice(0, 40));
  if (match === null) return null;
  const reason = description
    .slice(match[0].length)
    .replace(/^Reason:\s*/i, '')
    .trim();
  return reason === '' ? 'rejected' : reason.slice(0, 2000);
}
