import { type Actor, atLeast } from '#domain/policies';

/**
 * What anybody may listen to and read the history of: the kinds of things that have public pages. What happens to accounts
 * and reports of visitors is nobody else's business, not even that it happens.
 */
const PUBLIC_KINDS = new Set([
  'issue',
  'package',
  'channel',
  'roundup',
  'proposal',
  'proposals',
  'queue',
  'report',
  'source',
  'sources',
  'batch',
  'vulnerability',
  'rota',
  'issues',
  'new_issue',
  'rule',
  'rules',
  'thread',
  'threads',
  'campaign',
  'campaigns',
  'regrouping',
  'regroupings',
]);

const LONGEST_TOPIC = 300;

export function isPublic(topic: string): boolean {
  return topic.length <= LONGEST_TOPIC && PUBLIC_KINDS.has(kindOf(topic));
}

/** `issue:NSI-2017-0043` → `issue` */
export function kindOf(topic: string): string {
  const colon = topic.indexOf(':');
  return colon === -1 ? topic : topic.slice(0, colon);
}

/** Whether somebody may read an entry of the history: what happens to accounts and to what visitors sent is for those who look after it. */
export function maySeeEntry(
  actor: Actor,
  { entity, entityId }: { entity: string; entityId: string },
): boolean {
  return isPublic(`${entity}:${entityId}`) || atLeast(actor, entity === 'intake' ? 'triager' : 'security');
}

/** The same of a proposal. */
export function maySeeProposal(actor: Actor, { topics }: { topics: readonly string[] }): boolean {
  return topics.every(isPublic) || atLeast(actor, 'triager');
}
