import { appendEvents, type Database, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { type Atom, atomKey } from './bundle.ts';
import { computeIssues } from './compute-issues.ts';
import {
  activeLinks,
  atomsOf,
  insertLink,
  issueById,
  issueHolding,
  lockGrouping,
  revokeLink,
  standing,
} from './store.ts';

/** Who decides, and why: both are kept for good. */
export interface Decision {
  author: string;
  reason: string;
}

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
): Promise<string> {
  const atom = await database.transaction(async (tx) => {
    await lockGrouping(tx);
    const [first, second] = [await firstAtom(tx, a), await firstAtom(tx, b)];
    if (first.issue === second.issue) throw new MusterError('USAGE', `${a} and ${b} are one issue already`);
    await cutLinks(tx, 'cannot', await atomsOf(tx, [first.issue]), await atomsOf(tx, [second.issue]));
    await insertLink(tx, { kind: 'must', a: first, b: second, ...decision });
    await appendEvents(tx, [event(first.issue, 'issue.merge_decided', decision, { with: second.issue })]);
    return first;
  });
  await computeIssues(database);
  return issueHolding(database.queries, atom.product, atom.vulnerability);
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
): Promise<[string, string]> {
  const [stays, goes] = await database.transaction(async (tx) => {
    await lockGrouping(tx);
    const { issue } = await firstAtom(tx, id);
    const atoms = await atomsOf(tx, [issue]);
    const missing = vulnerabilities.filter(
      (wanted) => !atoms.some(({ vulnerability }) => vulnerability === wanted),
    );
    if (missing.length > 0) throw new MusterError('NOT_FOUND', `${missing.join(', ')}: not in ${issue}`);
    const out = atoms.filter(({ vulnerability }) => vulnerabilities.includes(vulnerability));
    const rest = atoms.filter(({ vulnerability }) => !vulnerabilities.includes(vulnerability));
    const [goer, stayer] = [out[0], rest[0]];
    if (goer === undefined || stayer === undefined)
      throw new MusterError('USAGE', `a split of ${issue} must leave something on both sides`);
    await cutLinks(tx, 'must', out, rest);
    // What goes together is linked, what stays together is linked, and the two are kept apart.
    for (const part of [out, rest]) {
      for (const each of part.slice(1))
        await insertLink(tx, { kind: 'must', a: part[0] ?? each, b: each, ...decision });
    }
    await insertLink(tx, { kind: 'cannot', a: stayer, b: goer, ...decision });
    await appendEvents(tx, [event(issue, 'issue.split_decided', decision, { out: vulnerabilities })]);
    return [stayer, goer];
  });
  await computeIssues(database);
  return [
    await issueHolding(database.queries, stays.product, stays.vulnerability),
    await issueHolding(database.queries, goes.product, goes.vulnerability),
  ];
}

/** Takes a decision back; the rules hold again where no other decision does. */
export async function revokeDecision(database: Database, link: number, decision: Decision): Promise<void> {
  await database.transaction(async (tx) => {
    await lockGrouping(tx);
    const found = (await activeLinks(tx)).find(({ id }) => id === link);
    if (found === undefined || !(await revokeLink(tx, link)))
      throw new MusterError('NOT_FOUND', `there is no decision ${link} that holds`);
    const { kind, a, b } = found;
    await appendEvents(tx, [
      {
        entity: 'issue_link',
        entityId: String(link),
        type: 'issue_link.revoked',
        actor: decision.author,
        cause: decision.reason,
        payload: { kind, a, b },
      },
    ]);
  });
  await computeIssues(database);
}

/**
 * Revokes earlier decisions that say the contrary of the one that is made now: all of that kind between the two sides.
 * Every chain of links from one side to the other has one that crosses.
 */
async function cutLinks(
  tx: Tx,
  kind: 'must' | 'cannot',
  one: readonly Atom[],
  other: readonly Atom[],
): Promise<void> {
  const [first, second] = [new Set(one.map(atomKey)), new Set(other.map(atomKey))];
  for (const link of await activeLinks(tx)) {
    const [a, b] = [atomKey(link.a), atomKey(link.b)];
    const crosses = (first.has(a) && second.has(b)) || (first.has(b) && second.has(a));
    if (link.kind === kind && crosses) await revokeLink(tx, link.id);
  }
}

async function firstAtom(tx: Tx, id: string) {
  if ((await issueById(tx, id)) === null) throw new MusterError('NOT_FOUND', `there is no issue ${id}`);
  const now = (await standing(tx, [id])).get(id) ?? id;
  const [atom] = await atomsOf(tx, [now]);
  if (atom === undefined)
    throw new MusterError('NOT_FOUND', `${id} holds nothing any more: its reports were taken back`);
  return atom;
}

function event(issue: string, type: string, { author, reason }: Decision, payload: Record<string, unknown>) {
  return { entity: 'issue', entityId: issue, type, actor: author, cause: reason, payload };
}
