import { appendEvents, type Database, lockHistory, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { latestRevision } from '#domain/channels';
import { headsOfIssues, isOpen, standing, statusesIn } from '#domain/issues';
import { doubtsIn } from '#domain/matching';
import { freeRelease, type GateName, gateTitle, RELEASE_NAME, releaseIn } from './gate-name.ts';
import {
  gateReleases,
  insertLines,
  insertRoundup,
  lockRoundups,
  nextGateNumber,
  openGateOf,
} from './store.ts';

export interface OpenedGate extends GateName {
  number: number;
  /** "Release gate 26.11 of nixos-unstable" */
  title: string;
  lines: number;
  /** False where one was open already: then it is that one. */
  fresh: boolean;
}

/**
 * Opens the release gate of a channel: a list of its own of everything that is open in it, to be gone through before a
 * release branches off. On it comes every issue of which some package there looks hit and people have not said that it is
 * fixed, not hit, or stays; and what people said is hit. With `unknown` also what nobody can say. The weekly list knows
 * nothing of it: neither is carried over to the other.
 *
 * One is open for a channel at a time: where one is, it is that one. It is called by the release that is to branch off: that
 * which is named, else the one that the channel bears in its name, else the day. A second one of a release is numbered.
 *
 * @throws MusterError NOT_FOUND for a channel of which nothing was imported; USAGE for a release that cannot be one
 */
export async function openGate(
  database: Database,
  channel: string,
  options: {
    actor: string;
    release?: string | undefined;
    lead?: string;
    unknown?: boolean;
    at?: Date;
  },
): Promise<OpenedGate> {
  if (options.release !== undefined && !RELEASE_NAME.test(options.release))
    throw new MusterError(
      'USAGE',
      'a release is named by letters, digits, dots and dashes, 40 at most, as 26.11',
    );
  return database.transaction(async (tx) => {
    // Nobody ticks while it is seen what is done.
    await lockHistory(tx);
    await lockRoundups(tx);
    const revision = await latestRevision(tx, channel);
    if (revision === null)
      throw new MusterError('NOT_FOUND', `nothing of a channel ${channel} was ever imported`);
    const open = await openGateOf(tx, channel);
    if (open !== null)
      return { ...opened(open.number, { channel, release: open.release ?? '' }), fresh: false };
    const at = options.at ?? new Date();
    const wanted = options.release ?? releaseIn(channel) ?? at.toISOString().slice(0, 10);
    const release = freeRelease(wanted, await gateReleases(tx, channel));
    const number = await nextGateNumber(tx);
    const issues = await backlogOf(tx, channel, options.unknown === true);
    await insertRoundup(tx, {
      ...{ number, channel, release, openedAt: at, lead: options.lead ?? null },
      // The whole backlog, whatever its dates, as of the revision that is looked at.
      coversSince: revision.committedAt < at ? revision.committedAt : at,
      coversUntil: at,
    });
    await insertLines(
      tx,
      number,
      issues.map((issue) => ({ issue, carriedFrom: null, remark: null, remarkVersion: 0 })),
    );
    await appendEvents(tx, [
      {
        entity: 'roundup',
        entityId: String(number),
        type: 'roundup.opened',
        actor: options.actor,
        cause: `release gate of ${channel}`,
        payload: { lines: issues, carried: [], channel, release },
        topics: [`channel:${channel}`],
      },
    ]);
    return { ...opened(number, { channel, release }), lines: issues.length };
  });
}

function opened(number: number, name: GateName): OpenedGate {
  return { number, ...name, title: gateTitle(name), lines: 0, fresh: true };
}

/** Issues that are open in a channel, in the order of their ids. */
async function backlogOf(tx: Tx, channel: string, withUnknown: boolean): Promise<string[]> {
  const statuses = await statusesIn(tx, channel);
  const said = new Map(statuses.map((each) => [`${each.issue}/${each.package}`, each.status]));
  const doubts = (await doubtsIn(tx, channel)).filter(
    ({ issue, attr, verdict }) => !said.has(`${issue}/${attr}`) && (verdict === 'affected' || withUnknown),
  );
  const open = statuses.filter(({ status }) => isOpen(status));
  const ids = [...new Set([...doubts, ...open].map(({ issue }) => issue))];
  const [heads, now] = await Promise.all([headsOfIssues(tx, ids), standing(tx, ids)]);
  return ids.filter((id) => now.get(id) === id && heads.get(id)?.dismissed === false).sort();
}
