import { z } from 'zod';
import { standing } from '#domain/issues';
import { mayDecide, mayDismiss } from '#domain/policies';
import type { Editable } from '#domain/proposals';
import { CAMPAIGN_NAME } from './derive-campaigns.ts';
import {
  eraseWords,
  knownRegroupings,
  readParts,
  stateOf,
  wordsOf,
  writeParts,
  writeWords,
} from './store.ts';

const campaignWord = z.strictObject({
  title: z.string().trim().min(1).max(100),
  note: z.string().trim().min(1).max(2000).optional(),
});
export type CampaignWord = z.infer<typeof campaignWord>;

/** A campaign by its name, `stack-clash`: what people call it; null where they say nothing, and then it is there only if it is derived. */
export const editableCampaign: Editable = {
  kind: 'campaign',
  fields: { value: campaignWord.nullable() },
  async read(tx, ids) {
    const names = ids.filter((id) => CAMPAIGN_NAME.test(id));
    const words = new Map((await wordsOf(tx, 'campaign', names)).map((word) => [word.id, word]));
    return new Map(names.map((name) => [name, { value: stateOf(words.get(name)) }]));
  },
  may: (actor) => mayDecide(actor),
  write: (tx, changes) => writeWords(tx, 'campaign', changes),
  erase: (tx, forgotten) => eraseWords(tx, 'campaign', forgotten),
  history: (id) => ({ entity: 'campaign', entityId: id, topics: ['campaigns'] }),
};

/** campaign / issue, `stack-clash/NSI-2017-0043`: whether people say that the issue belongs to it; null leaves it to what is derived. */
export const editableCampaignIssue: Editable = {
  kind: 'campaign_issue',
  fields: { value: z.enum(['in', 'out']).nullable() },
  async read(tx, ids) {
    const named = ids.flatMap((id) => {
      const slash = id.indexOf('/');
      const [name, issue] = [id.slice(0, Math.max(slash, 0)), id.slice(slash + 1)];
      return CAMPAIGN_NAME.test(name) ? [{ id, issue }] : [];
    });
    const stand = await standing(
      tx,
      named.map(({ issue }) => issue),
    );
    const said = await readParts(tx, ids);
    return new Map(
      named
        .filter(({ issue }) => stand.get(issue) === issue)
        .map(({ id }) => [id, { value: said.get(id) ?? { value: null, version: 0 } }]),
    );
  },
  may: (actor) => mayDecide(actor),
  write: writeParts,
  history(id) {
    const slash = id.indexOf('/');
    return {
      entity: 'campaign',
      entityId: id.slice(0, slash),
      topics: ['campaigns', `issue:${id.slice(slash + 1)}`],
    };
  },
};

export const REGROUPING_DISMISSALS = [
  'different_flaws',
  'one_flaw',
  'fixed_apart',
  'fixed_together',
  'other',
] as const;

const regroupingWord = z
  .strictObject({
    as: z.literal('dismissed'),
    reason: z.enum(REGROUPING_DISMISSALS),
    note: z.string().trim().min(1).max(2000).optional(),
  })
  .refine(({ reason, note }) => reason !== 'other' || note !== undefined, 'another reason has to be told');
export type RegroupingWord = z.infer<typeof regroupingWord>;

/**
 * A suggestion to merge or split, by its key: null while it waits. Dismissed, it is not made again as long as the same
 * vulnerabilities stand on either side. Accepting it is merging or splitting, as people do it.
 */
export const editableRegrouping: Editable = {
  kind: 'regrouping',
  fields: { value: regroupingWord.nullable() },
  async read(tx, ids) {
    const known = await knownRegroupings(tx, ids);
    const words = new Map((await wordsOf(tx, 'regrouping', ids)).map((word) => [word.id, word]));
    return new Map(known.map(({ key }) => [key, { value: stateOf(words.get(key)) }]));
  },
  may: (actor, { value }, _before, rules) => (value === null ? mayDecide(actor) : mayDismiss(actor, rules)),
  write: (tx, changes) => writeWords(tx, 'regrouping', changes),
  erase: (tx, forgotten) => eraseWords(tx, 'regrouping', forgotten),
  history: (id) => ({ entity: 'regrouping', entityId: id, topics: ['regroupings'] }),
};
