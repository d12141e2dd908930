import type { Database } from '#base/db';
import { computedIssues, findRegroupings } from '#domain/issues';
import { threadsMark, threadsNaming } from '#domain/threads';
import { carryParts } from './carry-parts.ts';
import { deriveCampaigns } from './derive-campaigns.ts';
import { NICKNAMES } from './nicknames.ts';
import {
  campaignsSpokenOf,
  lockCampaigns,
  recordLook,
  replaceCampaigns,
  replaceRegroupings,
} from './store.ts';

/**
 * Brings campaigns up to the issues and the threads, where either has changed. What people say of them is kept apart, stays, and goes
 * with an issue into the one that it became part of.
 */
export async function refreshCampaigns(
  database: Database,
  at = new Date(),
): Promise<{ ran: boolean; campaigns: number }> {
  // By itself: whoever writes meanwhile waits for that alone.
  await carryParts(database, at);
  return database.transaction(async (tx) => {
    const seen = await lockCampaigns(tx);
    const { computation, shared } = await computedIssues(tx);
    const threads = await threadsMark(tx);
    if (seen.computation === computation && seen.threads === threads) return { ran: false, campaigns: 0 };
    const naming = await threadsNaming(tx);
    const told = [...NICKNAMES, ...naming].flatMap(({ vulnerabilities }) => vulnerabilities);
    const campaigns = deriveCampaigns(await shared(told), NICKNAMES, naming, await campaignsSpokenOf(tx));
    await replaceCampaigns(tx, campaigns);
    await recordLook(tx, { computation, threads });
    return { ran: true, campaigns: campaigns.length };
  });
}

/** Looks where issues may be one, or one may be two, since issues or threads changed. Nothing is merged or split by it. */
export async function refreshRegroupings(
  database: Database,
  at: Date,
): Promise<{ ran: boolean; regroupings: number }> {
  return database.transaction(async (tx) => {
    const seen = await lockCampaigns(tx);
    const { computation } = await computedIssues(tx);
    const threads = await threadsMark(tx);
    if (seen.regrouped_computation === computation && seen.regrouped_threads === threads)
      return { ran: false, regroupings: 0 };
    const naming = await threadsNaming(tx);
    const found = await findRegroupings(
      tx,
      naming.map(({ thread, vulnerabilities }) => ({ thread, ids: vulnerabilities })),
    );
    await replaceRegroupings(tx, found, at);
    await recordLook(tx, { regrouped_computation: computation, regrouped_threads: threads });
    return { ran: true, regroupings: found.length };
  });
}
