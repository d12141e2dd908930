import type { Database } from '#base/db';
import {
  type Decided,
  type DecideOptions,
  decideSuggestions,
  type SuggestionDecision,
} from '#domain/matching';
import type { Actor } from '#domain/policies';
import { EDITABLES } from './kinds.ts';
import { limitProposing } from './send-changes.ts';

/** Decides suggestions the way that every face does, as one change set. @throws MusterError RATE_LIMITED */
export async function sendDecisions(
  database: Database,
  actor: Actor,
  decisions: readonly SuggestionDecision[],
  options: Omit<DecideOptions, 'kinds'>,
): Promise<Decided> {
  await limitProposing(database, actor, options.at ?? new Date());
  return decideSuggestions(database, actor, decisions, { ...options, kinds: EDITABLES });
}
