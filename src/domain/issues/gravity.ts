import { SEVERITIES, type Severity } from '#domain/sources';
import type { IssueGrade } from './store-reading.ts';

/** The gravest first, then the oldest, then by id; what nobody has rated comes last. */
export function byGravity(a: IssueGrade, b: IssueGrade): number {
  return bySeverity(a, b) || a.opened.getTime() - b.opened.getTime() || (a.id < b.id ? -1 : 1);
}

/** The gravest first; what nobody has rated comes last. */
export function bySeverity(a: Pick<IssueGrade, 'severity'>, b: Pick<IssueGrade, 'severity'>): number {
  return gravity(b.severity) - gravity(a.severity);
}

function gravity(severity: Severity | null): number {
  return severity === null ? -1 : SEVERITIES.indexOf(severity);
}
