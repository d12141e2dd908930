import { z } from 'zod';
import { MusterError } from '#base/errors';
import {
  currentBatch,
  decisionSchema,
  listRules,
  nextSuggestions,
  type QueuedSuggestion,
  queueCounts,
  releaseBatch,
  ruleById,
  type StoredRule,
  skipSuggestions,
  takeBatch,
  unskipSuggestions,
} from '#domain/matching';
import { sendDecisions } from '#faces/editing';
import { CHANGE_ANSWERS, settled } from '../changes-answered.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { operation, reply } from '../operation.ts';
import {
  type Called,
  calledBy,
  calledShape,
  day,
  exploitationShape,
  exploitedFilter,
  listOf,
  moment,
  named,
  nothing,
  numberIn,
  paging,
  severityShape,
  verdictShape,
} from '../shapes.ts';

const suggestionShape = named(
  'Suggestion',
  z.strictObject({
    id: z.string().describe('`NSI-2017-0043/openssl`: what changes of the kind `suggestion` name'),
    number: z.int(),
    issue: z.string(),
    package: z.string(),
    title: z.string(),
    severity: severityShape.nullable(),
    opened: moment,
    exploitation: exploitationShape.nullable(),
    urgency: z.number(),
    urgent: z.array(z.string()).describe('Why it is so urgent'),
    score: z.number(),
    reasons: z.array(z.string()).describe('Why it may be that package'),
    verdict: verdictShape,
    channels: z.array(
      z.strictObject({
        channel: z.string(),
        version: z.string(),
        verdict: verdictShape,
        evidence: z.array(
          z.strictObject({ vulnerability: z.string(), verdict: verdictShape, why: z.string() }),
        ),
        patched: z.array(z.string()),
      }),
    ),
    again: z.array(z.string()).nullable().describe('Why it is asked again; null where nobody has decided'),
    decision: z.unknown(),
    version: z.int().describe('What a decision has to have seen'),
  }),
);

function asShown(entry: QueuedSuggestion): z.input<typeof suggestionShape> {
  const { id, suggestion, issue, attr, title, severity, opened, urgency, parts } = entry;
  return {
    id,
    number: suggestion,
    issue,
    package: attr,
    title,
    severity,
    opened: opened.toISOString(),
    exploitation: entry.exploitation,
    urgency,
    urgent: parts.map(({ why }) => why),
    score: entry.score,
    reasons: entry.reasons.map(({ why }) => why),
    verdict: entry.verdict,
    channels: entry.channels.map(({ channel, version, verdict, evidence, patched }) => ({
      channel,
      version,
      verdict,
      evidence: evidence.map(({ vulnerability, verdict: of, why }) => ({ vulnerability, verdict: of, why })),
      patched,
    })),
    again: entry.again,
    decision: entry.decision?.value ?? null,
    version: entry.version,
  };
}

const filter = {
  severity: severityShape.optional(),
  channel: z.string().max(100).optional().describe('May be hit in that channel'),
  package: z.string().max(300).optional(),
  issue: z.string().max(40).optional(),
  exploited: exploitedFilter.optional(),
  again: z.stringbool().optional().describe('Only what is asked again, or only what nobody has decided'),
};

const batchShape = named(
  'Batch',
  z.strictObject({
    items: z.array(suggestionShape),
    until: moment.nullable().describe('Until then nobody else has them'),
  }),
);

const ruleShape = named(
  'Rule',
  z.strictObject({
    number: z.int(),
    request: z.string().describe('What changes of the kind `rule` name'),
    value: z.unknown().describe('Null where it was taken back'),
    version: z.int(),
    author: calledShape,
    madeAt: moment,
    expiresOn: day.nullable(),
    revokedAt: moment.nullable(),
    suppresses: z.int(),
  }),
);

function ruleShown(rule: StoredRule, called: (actor: string) => Called): z.input<typeof ruleShape> {
  const { id, request, value, version, author, madeAt, expiresOn, revokedAt, suppresses } = rule;
  return {
    number: id,
    request,
    value,
    version,
    author: called(author),
    madeAt: madeAt.toISOString(),
    expiresOn,
    revokedAt: revokedAt?.toISOString() ?? null,
    suppresses,
  };
}

const remembered = z
  .strictObject({
    product: z.string().max(200),
    vendor: z.string().max(200).optional(),
    channel: z.string().max(100).optional(),
    evidence: z.string().max(2000).optional(),
    expiresOn: day.optional(),
  })
  .describe('Makes a rule of a dismissal; by whoever may not make rules, proposes it');

const numbersBody = z.strictObject({ numbers: z.array(z.int().min(1)).min(1).max(500) });

export const suggestionOperations = [
  operation({
    id: 'listSuggestions',
    tag: 'Suggestions',
    method: 'GET',
    path: '/suggestions',
    summary: 'What waits for eyes, the most urgent first',
    description:
      'Of the queue as it is now: what was decided since the part before is gone from it. What you passed over, and what somebody else has in their batch, is left out.',
    query: z.strictObject({ ...paging, ...filter }),
    answers: { 200: listOf(suggestionShape) },
    async answer({ site, who, query: { cursor, limit, package: attr, ...rest } }) {
      const offset = placeOf(cursor, z.tuple([z.int().min(0).max(100_000)]))?.[0] ?? 0;
      const found = await nextSuggestions(site.database.queries, {
        account: who.actor.account,
        limit: limit + 1,
        offset,
        filter: { ...rest, attr },
        now: site.now(),
      });
      const items = found.slice(0, limit).map(asShown);
      return reply(200, { items, next: found.length > limit ? cursorOf([offset + limit]) : null });
    },
  }),
  operation({
    id: 'countSuggestions',
    tag: 'Suggestions',
    method: 'GET',
    path: '/suggestions/counts',
    summary: 'How many wait, by severity',
    answers: {
      200: named(
        'QueueCounts',
        z.strictObject({ waiting: z.int(), again: z.int(), bySeverity: z.record(z.string(), z.int()) }),
      ),
    },
    async answer({ site }) {
      return reply(200, await queueCounts(site.database.queries));
    },
  }),
  operation({
    id: 'decideSuggestions',
    tag: 'Suggestions',
    method: 'POST',
    path: '/suggestions/decisions',
    summary: 'Accept or dismiss suggestions as one change set',
    description:
      'Accepting one also lists its package under the issue, and says of each channel what the verdict shows, where nobody has said anything yet.',
    least: 'contributor',
    body: z.strictObject({
      decisions: z
        .array(
          z.strictObject({
            id: z.string().max(400).describe('`NSI-2017-0043/openssl`'),
            decision: decisionSchema,
            saw: z.int().min(0),
          }),
        )
        .min(1)
        .max(500),
      key: z.string().min(8).max(100).optional(),
      remark: z.string().trim().max(4000).optional(),
      remember: remembered.optional(),
    }),
    answers: CHANGE_ANSWERS,
    problems: [403, 409, 422],
    async answer({ site, who, body: { decisions, key, remark, remember } }) {
      const { answer } = await sendDecisions(site.database, who.actor, decisions, {
        rules: site.rules,
        at: site.now(),
        key,
        remark,
        remember,
      });
      return settled(site, answer);
    },
  }),
  operation({
    id: 'getBatch',
    tag: 'Suggestions',
    method: 'GET',
    path: '/me/batch',
    summary: 'What one has in one’s batch',
    least: 'contributor',
    answers: { 200: batchShape },
    async answer({ site, who }) {
      const { suggestions, until } = await currentBatch(
        site.database.queries,
        who.actor.account ?? 0,
        site.now(),
      );
      return reply(200, { items: suggestions.map(asShown), until: until?.toISOString() ?? null });
    },
  }),
  operation({
    id: 'takeBatch',
    tag: 'Suggestions',
    method: 'POST',
    path: '/me/batch',
    summary: '“Give me ten”: the most urgent ones that nobody else has, for two hours',
    least: 'contributor',
    body: z.strictObject({
      limit: z.int().min(1).max(50).default(10),
      severity: filter.severity,
      channel: filter.channel,
    }),
    answers: { 200: batchShape },
    async answer({ site, who, body: { limit, severity, channel } }) {
      const { suggestions, until } = await takeBatch(site.database, who.actor, {
        limit,
        filter: { severity, channel },
        now: site.now(),
      });
      return reply(200, { items: suggestions.map(asShown), until: until?.toISOString() ?? null });
    },
  }),
  operation({
    id: 'releaseBatch',
    tag: 'Suggestions',
    method: 'DELETE',
    path: '/me/batch',
    summary: 'Give one’s batch back',
    least: 'contributor',
    answers: { 200: nothing },
    async answer({ site, who }) {
      await releaseBatch(site.database, who.actor);
      return reply(200, {});
    },
  }),
  operation({
    id: 'skipSuggestions',
    tag: 'Suggestions',
    method: 'POST',
    path: '/me/skipped',
    summary: 'Pass over suggestions: they come back when something about them changes',
    least: 'contributor',
    body: numbersBody,
    answers: { 200: named('Skipped', z.strictObject({ skipped: z.int() })) },
    async answer({ site, who, body: { numbers } }) {
      return reply(200, { skipped: await skipSuggestions(site.database, who.actor, numbers, site.now()) });
    },
  }),
  operation({
    id: 'unskipSuggestions',
    tag: 'Suggestions',
    method: 'POST',
    path: '/me/skipped/undo',
    summary: 'See them again',
    least: 'contributor',
    body: numbersBody,
    answers: { 200: nothing },
    async answer({ site, who, body: { numbers } }) {
      await unskipSuggestions(site.database, who.actor, numbers);
      return reply(200, {});
    },
  }),
  operation({
    id: 'listRules',
    tag: 'Suggestions',
    method: 'GET',
    path: '/rules',
    summary: 'Remembered suppressions, the latest first',
    query: z.strictObject({ ...paging, package: z.string().max(300).optional() }),
    answers: { 200: listOf(ruleShape) },
    async answer({ site, query: { cursor, limit, package: attr } }) {
      const offset = placeOf(cursor, z.tuple([z.int().min(0).max(100_000)]))?.[0] ?? 0;
      const found = await listRules(site.database.queries, {
        limit: limit + 1,
        offset,
        ...(attr === undefined ? {} : { attr }),
      });
      const called = calledBy(await site.names(found.map(({ author }) => author)));
      const items = found.slice(0, limit).map((rule) => ruleShown(rule, called));
      return reply(200, { items, next: found.length > limit ? cursorOf([offset + limit]) : null });
    },
  }),
  operation({
    id: 'getRule',
    tag: 'Suggestions',
    method: 'GET',
    path: '/rules/{number}',
    summary: 'One rule',
    params: z.strictObject({ number: numberIn }),
    answers: { 200: ruleShape },
    problems: [404],
    async answer({ site, params: { number } }) {
      const rule = await ruleById(site.database.queries, number);
      if (rule === null) throw new MusterError('NOT_FOUND', `there is no rule ${number}`);
      return reply(200, ruleShown(rule, calledBy(await site.names([rule.author]))));
    },
  }),
];
