import { z } from 'zod';
import { MusterError } from '#base/errors';
import {
  allCampaigns,
  type Campaign,
  campaignNamed,
  followRegrouping,
  regroupingsThat,
  wordsOf,
} from '#domain/campaigns';
import { CHANGE_ANSWERS, fieldBody, setField } from '../changes-answered.ts';
import { pageOf, placeOf } from '../cursor.ts';
import { operation, reply } from '../operation.ts';
import { calledBy, calledShape, issueId, listOf, moment, named, paging } from '../shapes.ts';

const campaignName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'is no name of a campaign')
  .describe('`stack-clash`');

const campaignShape = named(
  'Campaign',
  z.strictObject({
    name: z.string(),
    kind: z
      .enum(['nickname', 'vulnerability', 'thread', 'people'])
      .describe('What makes one story of it; `people`: only people say so'),
    title: z.string(),
    note: z.string().nullable(),
    vulnerabilities: z.array(z.string()),
    since: moment.nullable(),
    version: z.int().describe('What a change of `value` has to have seen'),
  }),
);

const campaignLine = named(
  'CampaignLine',
  z.strictObject({ ...campaignShape.shape, issues: z.int().describe('How many belong to it') }),
);

const partShape = named(
  'CampaignPart',
  z.strictObject({
    issue: z.string(),
    belongs: z.boolean(),
    vulnerabilities: z
      .array(z.string())
      .describe('What ties it to the others; none where only people say so'),
    said: z.enum(['in', 'out']).nullable().describe('What people say'),
    saidBy: calledShape.nullable(),
    version: z.int().describe('What a change of its part has to have seen'),
  }),
);

function shown(campaign: Campaign): z.input<typeof campaignShape> {
  return { ...campaign, since: campaign.since?.toISOString() ?? null };
}

const reasonShape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('reports'),
    together: z.array(z.string()).describe('Reports on both sides, at most eight'),
    apart: z.array(z.string()).describe('Reports on one side only, at most eight'),
    likeness: z.number().describe('Mean share of the reports on either of two flaws that are on both'),
  }),
  z.strictObject({ kind: z.literal('alias'), ids: z.array(z.string()), sources: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('thread'), thread: z.int(), ids: z.array(z.string()) }),
]);

const regroupingShape = named(
  'Regrouping',
  z.strictObject({
    key: z.string(),
    kind: z.enum(['merge', 'split']),
    product: z.string(),
    issue: z.string(),
    other: z.string().nullable().describe('The one that it may be one with'),
    out: z.array(z.string()).describe('What may be a problem of its own'),
    reasons: z.array(reasonShape),
    proposedAt: moment,
    dismissed: z.unknown().describe('Null while it waits'),
    version: z.int(),
  }),
);

const keyParam = z.strictObject({ key: z.string().regex(/^[0-9a-f]{24}$/, 'is no key') });

export const campaignOperations = [
  operation({
    id: 'listCampaigns',
    tag: 'Campaigns',
    method: 'GET',
    path: '/campaigns',
    summary:
      'Stories that issues of several products belong to: those that have a name first, then the newest',
    query: z.strictObject({
      ...paging,
      kind: z.enum(['nickname', 'vulnerability', 'thread', 'people']).optional(),
    }),
    answers: { 200: listOf(campaignLine) },
    async answer({ site, query: { cursor, limit, kind } }) {
      const [offset] = placeOf(cursor, z.tuple([z.int().nonnegative()])) ?? [0];
      const found = await allCampaigns(site.database.queries, {
        ...{ limit: limit + 1, offset },
        ...(kind !== undefined && { kind }),
      });
      const { items, next } = pageOf(found, limit, () => [offset + limit]);
      return reply(200, {
        items: items.map(({ campaign, issues }) => ({ ...shown(campaign), issues: issues.length })),
        next,
      });
    },
  }),
  operation({
    id: 'getCampaign',
    tag: 'Campaigns',
    method: 'GET',
    path: '/campaigns/{name}',
    summary: 'A campaign with its issues',
    params: z.strictObject({ name: campaignName }),
    answers: {
      200: named('CampaignWhole', z.strictObject({ ...campaignShape.shape, issues: z.array(partShape) })),
    },
    problems: [404],
    async answer({ site, params: { name } }) {
      const found = await campaignNamed(site.database.queries, name);
      if (found === null) throw new MusterError('NOT_FOUND', `there is no campaign ${name}`);
      const called = calledBy(await site.names(found.parts.map(({ saidBy }) => saidBy)));
      return reply(200, {
        ...shown(found.campaign),
        issues: found.parts.map(({ issue, belongs, vulnerabilities, said, saidBy, version }) => ({
          ...{ issue, belongs, vulnerabilities, said, version },
          saidBy: said === null || saidBy === null ? null : called(saidBy),
        })),
      });
    },
  }),
  operation({
    id: 'setCampaign',
    tag: 'Campaigns',
    method: 'PUT',
    path: '/campaigns/{name}',
    summary: 'Open a campaign, call it otherwise, or take that back',
    description: 'The value is `{title, note?}`, or null: then it is there only if it is derived.',
    least: 'contributor',
    params: z.strictObject({ name: campaignName }),
    body: fieldBody,
    answers: CHANGE_ANSWERS,
    problems: [403, 404, 412, 422, 428],
    ifMatch: true,
    answer: (asked) => setField(asked, { kind: 'campaign', id: asked.params.name, field: 'value' }),
  }),
  operation({
    id: 'setCampaignIssue',
    tag: 'Campaigns',
    method: 'PUT',
    path: '/campaigns/{name}/issues/{id}',
    summary: 'Say that an issue belongs to a campaign, or does not',
    description: 'The value is `in`, `out`, or null: then it is left to what is derived.',
    least: 'contributor',
    params: z.strictObject({ name: campaignName, id: issueId }),
    body: fieldBody,
    answers: CHANGE_ANSWERS,
    problems: [403, 404, 412, 422, 428],
    ifMatch: true,
    answer: (asked) =>
      setField(asked, {
        kind: 'campaign_issue',
        id: `${asked.params.name}/${asked.params.id}`,
        field: 'value',
      }),
  }),
  operation({
    id: 'listRegroupings',
    tag: 'Campaigns',
    method: 'GET',
    path: '/regroupings',
    summary: 'Issues that may be one, and issues that may be two, the latest suggestion first',
    query: z.strictObject({
      ...paging,
      state: z.enum(['waiting', 'dismissed', 'all']).default('waiting'),
      issue: issueId.optional(),
    }),
    answers: { 200: listOf(regroupingShape) },
    async answer({ site, query: { cursor, limit, state, issue } }) {
      const [offset] = placeOf(cursor, z.tuple([z.int().min(0)])) ?? [0];
      const { queries } = site.database;
      const found = await regroupingsThat(queries, {
        ...{ state, limit: limit + 1, offset },
        ...(issue !== undefined && { issue }),
      });
      const { items, next } = pageOf(found, limit, () => [offset + limit]);
      const words = await wordsOf(
        queries,
        'regrouping',
        items.map(({ key }) => key),
      );
      const said = new Map(words.map((word) => [word.id, word]));
      return reply(200, {
        items: items.map(({ proposedAt, holds: _, ...each }) => ({
          ...each,
          proposedAt: proposedAt.toISOString(),
          dismissed: said.get(each.key)?.value ?? null,
          version: said.get(each.key)?.version ?? 0,
        })),
        next,
      });
    },
  }),
  operation({
    id: 'setRegrouping',
    tag: 'Campaigns',
    method: 'PUT',
    path: '/regroupings/{key}',
    summary: 'Dismiss a suggestion to merge or split, or let it wait again',
    description:
      'The value is `{as: "dismissed", reason, note?}`, or null. Dismissed, it is not made again while the same vulnerabilities stand on either side.',
    least: 'contributor',
    params: keyParam,
    body: fieldBody,
    answers: CHANGE_ANSWERS,
    problems: [403, 404, 412, 422, 428],
    ifMatch: true,
    answer: (asked) => setField(asked, { kind: 'regrouping', id: asked.params.key, field: 'value' }),
  }),
  operation({
    id: 'followRegrouping',
    tag: 'Campaigns',
    method: 'POST',
    path: '/regroupings/{key}/follow',
    summary: 'Merge or split as a suggestion says',
    least: 'security',
    params: keyParam,
    body: z.strictObject({ reason: z.string().trim().min(1).max(1000) }),
    answers: {
      200: named(
        'RegroupingFollowed',
        z.strictObject({ issues: z.array(z.string()).describe('The one issue, or the two parts') }),
      ),
    },
    problems: [403, 404, 409, 422],
    async answer({ site, who, params: { key }, body: { reason } }) {
      const issues = await followRegrouping(site.database, key, { author: who.actor.id, reason });
      return reply(200, { issues });
    },
  }),
];
