import { appendEvents, type Database, type NewEvent, type Queries, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import type { Atom } from './bundle.ts';
import { computeIssues } from './compute-issues.ts';
import { underCanonicalIds } from './constraints.ts';
import { type DecidedLinks, linksToMerge, linksToSplit } from './decided-links.ts';
import { atomsOf, issueById, issuesOfVulnerability, type StoredAtom, standing } from './store.ts';
import { activeLinks, type IssueLink, insertLink, linksMadeBy, revokeLink } from './store-links.ts';
import { lockGrouping } from './store-state.ts';
import { canonicalIds } from './store-vulnerabilities.ts';

/** Who decides, and why: both are kept for good. */
export interface Decision {
  author: string;
  reason: string;
}

/**
 * What else goes with a decision, in its transaction: it sees what stands on either side before anything is put down, and by
 * throwing prevents the decision. The lock on grouping is held.
 */
export type Along = (tx: Tx, sides: readonly [readonly Atom[], readonly Atom[]]) => Promise<void>;

/**
 * Makes one issue of two. People's word outranks every rule, so this survives every recomputation; the younger id leads on
 * to the older one, or to whichever holds more.
 *
 * @returns the id under which both stand now
 * @throws MusterError NOT_FOUND where one of them does not exist, USAGE where they are the same
 */
export async function mergeIssues(
  database: Database,
  a: string,
  b: string,
  decision: Decision,
  along?: Along,
): Promise<string> {
  const atom = await database.transaction(async (tx) => {
    await lockGrouping(tx);
    const [one, other] = [await issueNamed(tx, a), await issueNamed(tx, b)];
    if (one.issue === other.issue) throw new MusterError('USAGE', `${a} and ${b} are one issue already`);
    await along?.(tx, [one.atoms, other.atoms]);
    const links = linksToMerge(await linksOfToday(tx), one.atoms, other.atoms);
    await decide(tx, links, decision, { issue: one.issue, type: 'merge', payload: { with: other.issue } });
    return { ...one.atoms[0], issue: one.issue };
  });
  await computeIssues(database);
  return issueNow(database.queries, atom);
}

/**
 * Takes vulnerabilities out of an issue into one of their own.
 *
 * @returns ids of the issues that hold the two parts now: what stayed, what was taken out
 * @throws MusterError NOT_FOUND, or USAGE where it would leave nothing on one side
 */
export async function splitIssue(
  database: Database,
  id: string,
  vulnerabilities: readonly string[],
  decision: Decision,
  along?: Along,
): Promise<[string, string]> {
  const [stays, goes] = await database.transaction(async (tx) => {
    await lockGrouping(tx);
    const { issue, atoms } = await issueNamed(tx, id);
    const missing = vulnerabilities.filter(
      (wanted) => !atoms.some(({ vulnerability }) => vulnerability === wanted),
    );
    if (missing.length > 0) throw new MusterError('NOT_FOUND', `${missing.join(', ')}: not in ${issue}`);
    const [goer, ...going] = atoms.filter(({ vulnerability }) => vulnerabilities.includes(vulnerability));
    const [stayer, ...staying] = atoms.filter(
      ({ vulnerability }) => !vulnerabilities.includes(vulnerability),
    );
    if (goer === undefined || stayer === undefined)
      throw new MusterError('USAGE', `a split of ${issue} must leave something on both sides`);
    await along?.(tx, [
      [stayer, ...staying],
      [goer, ...going],
    ]);
    const links = linksToSplit(await linksOfToday(tx), [stayer, ...staying], [goer, ...going]);
    await decide(tx, links, decision, { issue, type: 'split', payload: { out: vulnerabilities } });
    return [
      { ...stayer, issue },
      { ...goer, issue },
    ] as const;
  });
  await computeIssues(database);
  return [await issueNow(database.queries, stays), await issueNow(database.queries, goes)];
}

/** Takes a decision back; the rules hold again where no other decision does. */
export async function revokeDecision(database: Database, link: number, decision: Decision): Promise<void> {
  await database.transaction(async (tx) => {
    await lockGrouping(tx);
    const found = (await activeLinks(tx)).find(({ id }) => id === link);
    if (found === undefined || !(await revokeLink(tx, link)))
      throw new MusterError('NOT_FOUND', `there is no decision ${link} that holds`);
    const event = revokedEvent(found, decision.author, 'decision');
    await appendEvents(tx, [{ ...event, payload: { ...event.payload, reason: decision.reason } }]);
  });
  await computeIssues(database);
}

/**
 * Takes back all that one entry of the history decided (`issue.merge_decided`, `issue.split_decided`), as far as it holds.
 *
 * @throws MusterError NOT_FOUND where nothing of it holds
 */
export async function revokeEntry(database: Database, entry: number, decision: Decision): Promise<void> {
  await database.transaction(async (tx) => {
    await lockGrouping(tx);
    const links = await linksMadeBy(tx, [entry]);
    if (links.length === 0)
      throw new MusterError('NOT_FOUND', `nothing that entry ${entry} decided holds any more`);
    for (const { id } of links) await revokeLink(tx, id);
    const [first, ...others] = links.map((link) => revokedEvent(link, decision.author, `entry ${entry}`));
    if (first === undefined) return;
    // Why stands in one entry of the history alone, from where it can be erased.
    const why = { ...first, payload: { ...first.payload, reason: decision.reason } };
    await appendEvents(tx, [why, ...others]);
  });
  await computeIssues(database);
}

/** Which of some entries of the history decided something that still holds. */
export async function entriesThatHold(queries: Queries, entries: readonly number[]): Promise<Set<number>> {
  return new Set((await linksMadeBy(queries, entries)).map(({ event }) => event));
}

/** The links that hold, under the ids that vulnerabilities go by today. */
async function linksOfToday(tx: Tx): Promise<IssueLink[]> {
  return underCanonicalIds(await activeLinks(tx), await canonicalIds(tx));
}

/**
 * Puts down what was decided, strikes out the earlier links that say the contrary, and tells of both. Why stands in one entry
 * of the history alone, from where it can be erased.
 */
async function decide(
  tx: Tx,
  { revoked, made }: DecidedLinks<IssueLink>,
  { author, reason }: Decision,
  { issue, type, payload }: { issue: string; type: 'merge' | 'split'; payload: object },
): Promise<void> {
  for (const { id } of revoked) await revokeLink(tx, id);
  const event = await appendEvents(tx, [
    {
      ...{
        entity: 'issue',
        entityId: issue,
        type: `issue.${type}_decided`,
        actor: author,
        cause: 'decision',
      },
      payload: { ...payload, reason },
    },
  ]);
  for (const link of made) await insertLink(tx, { ...link, author, event });
  await appendEvents(
    tx,
    revoked.map((link) => revokedEvent(link, author, `entry ${event}`)),
  );
}

/** The issue that goes by that id today, with what it holds. */
async function issueNamed(tx: Tx, id: string): Promise<{ issue: string; atoms: [Atom, ...Atom[]] }> {
  if ((await issueById(tx, id)) === null) throw new MusterError('NOT_FOUND', `there is no issue ${id}`);
  const issue = (await standing(tx, [id])).get(id) ?? id;
  const [first, ...others] = await atomsOf(tx, [issue]);
  if (first === undefined)
    throw new MusterError('NOT_FOUND', `${id} holds nothing any more: its reports were taken back`);
  return { issue, atoms: [first, ...others] };
}

/** Where an atom is since the issues were computed: its vulnerability may go by another id by now, or be gone. */
async function issueNow(queries: Queries, { product, vulnerability, issue }: StoredAtom): Promise<string> {
  const id = (await canonicalIds(queries)).get(vulnerability) ?? vulnerability;
  const found = await issuesOfVulnerability(queries, id);
  const atoms = await atomsOf(
    queries,
    found.map((each) => each.id),
  );
  const held = atoms.find((atom) => atom.product === product && atom.vulnerability === id);
  return held?.issue ?? (await standing(queries, [issue])).get(issue) ?? issue;
}

function revokedEvent({ id, kind, a, b }: IssueLink, author: string, cause: string): NewEvent {
  return {
    ...{ entity: 'issue_link', entityId: String(id), type: 'issue_link.revoked', actor: author, cause },
    payload: { kind, a, b },
  };
}
