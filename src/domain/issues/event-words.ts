import type { LoggedEvent } from '#base/db';
import { parseBoxId } from './status.ts';

/** How somebody is called: `person:3` → `@fpletz`, `machine:grouping` → `Muster`. */
export type NameOf = (actor: string) => string;

/**
 * What an entry of the history tells, in a line for a notice or the subject of a mail. It names things, words of ours and
 * people, and never holds what somebody wrote: what is told cannot be taken back.
 */
export function eventWords({ entity, entityId, type, actor, payload }: LoggedEvent, nameOf: NameOf): string {
  const who = nameOf(actor);
  const { kind, id, field, value } = payload ?? {};
  if (kind === 'comment') {
    const done =
      value === null ? 'took a comment back' : payload?.was === 0 ? 'commented' : 'edited a comment';
    return `${who} ${done} on ${entityId}`;
  }
  if (kind === 'status' && typeof id === 'string') {
    const box = parseBoxId(id);
    const word = (value as { status?: string } | null)?.status?.replaceAll('_', ' ') ?? 'unknown';
    return box === null
      ? `${who} set ${id}`
      : `${entityId}: ${box.package} in ${box.channel} is ${word} (${who})`;
  }
  if (kind === 'package' && typeof id === 'string') {
    const name = id.slice(id.indexOf('/') + 1);
    return `${who} ${value === null ? 'took' : 'listed'} ${name} ${value === null ? 'off' : 'under'} ${entityId}`;
  }
  if (kind === 'suggestion' && typeof id === 'string') {
    const name = id.slice(id.indexOf('/') + 1);
    const decision = (value as { decision?: string } | null)?.decision;
    if (field === 'made') return `${entityId} may hit ${name}`;
    return `${who} ${decision ?? 'took back what was decided of'} ${name} for ${entityId}`;
  }
  if (kind === 'issue' && typeof field === 'string') {
    const done = value === null ? 'set back' : 'set';
    return `${who} ${done} the ${field.replaceAll('_', ' ')} of ${entityId}`;
  }
  if (type === 'issue.opened') return `${entityId} is new`;
  if (type === 'issue.exploited')
    return `${entityId} is known to be exploited, since ${String(payload?.since)} (CISA)`;
  if (type === 'issue.merged') return `${entityId} is part of ${String(payload?.into)} now`;
  if (type === 'issue.work_received') return `${String(payload?.from)} is part of ${entityId} now`;
  if (type === 'issue.split_from') return `${entityId} was part of ${String(payload?.from)}`;
  if (type === 'issue.split_off') return `${String(payload?.to)} was split off from ${entityId}`;
  return `${who}: ${type.replaceAll(/[._]/g, ' ')}, ${entity} ${entityId}`;
}
