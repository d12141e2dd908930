import { z } from 'zod';
import { MusterError } from '#base/errors';
import {
  FACT_KINDS,
  findThreads,
  patchOf,
  type ReadableMail,
  readMails,
  redactMail,
  THREAD_STATES,
  type Thread,
  threadById,
} from '#domain/threads';
import { CHANGE_ANSWERS, fieldBody, setField } from '../changes-answered.ts';
import { pageOf, placeOf } from '../cursor.ts';
import { type ApiSite, operation, reply } from '../operation.ts';
import { type Called, calledBy, calledShape, listOf, moment, named, numberIn, paging } from '../shapes.ts';

const signatureShape = z
  .enum(['good', 'bad', 'unknown_key', 'unreadable', 'unchecked'])
  .describe(
    '`unknown_key`: by a key that nobody here has; `unchecked`: S/MIME, and what our library does not judge',
  );
const signatureMark = z
  .enum(['good', 'part', 'bad', 'unknown_key', 'unreadable', 'unchecked'])
  .describe('As of a message; `part`: something in one is signed, and not all of it');

const threadShape = named(
  'Thread',
  z.strictObject({
    number: z.int(),
    subject: z.string().nullable(),
    lists: z.array(z.string()).describe('List-Ids'),
    messages: z.int(),
    firstAt: moment.nullable(),
    lastAt: moment.nullable(),
    waits: z.boolean(),
    signature: signatureMark.nullable().describe('The best that can be said of the signatures in it'),
    facts: z
      .array(
        z.strictObject({
          kind: z.enum(FACT_KINDS),
          value: z.string(),
          label: z.string().nullable().describe('What a patch is called'),
          since: z.int().describe('The version of the facts that it came with'),
        }),
      )
      .describe('What it speaks of'),
    factsVersion: z.int().describe('Grows when a vulnerability, a patch or a product is added'),
    decision: z
      .unknown()
      .describe(
        'Null while nobody decided; it holds for `knew`, the version of the facts that was before its author',
      ),
    version: z.int().describe('What a change of `decision` has to have seen'),
    decidedBy: calledShape.nullable(),
    decidedAt: moment.nullable(),
    claim: z.strictObject({ by: calledShape, until: moment }).nullable(),
    claimVersion: z.int(),
    issue: z.string().nullable().describe('The issue that it belongs to, or became'),
    partOf: z.int().nullable().describe('It turned out to be part of that thread'),
  }),
);

function asShown(thread: Thread, called: (actor: string) => Called): z.input<typeof threadShape> {
  const { id, subject, lists, messages, firstAt, lastAt, waits, signature, facts, factsVersion } = thread;
  const { decision, version, decidedBy, decidedAt, claim, claimVersion, issue, redirect } = thread;
  return {
    ...{ number: id, subject, lists, messages, waits, signature, facts, factsVersion, decision, version },
    ...{ claimVersion, issue, partOf: redirect },
    firstAt: firstAt?.toISOString() ?? null,
    lastAt: lastAt?.toISOString() ?? null,
    decidedBy: decidedBy === null ? null : called(decidedBy),
    decidedAt: decidedAt?.toISOString() ?? null,
    claim: claim === null ? null : { by: called(claim.person), until: new Date(claim.until).toISOString() },
  };
}

async function shown(site: ApiSite, threads: readonly Thread[]) {
  const names = await site.names(threads.flatMap(({ decidedBy, claim }) => [decidedBy, claim?.person]));
  return threads.map((thread) => asShown(thread, calledBy(names)));
}

const messageShape = named(
  'ThreadMessage',
  z.strictObject({
    number: z.int(),
    list: z.string(),
    sentAt: moment.nullable(),
    from: z.strictObject({ name: z.string(), address: z.string() }).nullable(),
    subject: z.string().nullable(),
    signatures: z.array(
      z.strictObject({
        kind: z.enum(['clear', 'pgp_mime', 'smime']),
        state: signatureShape,
        keyId: z.string().nullable(),
        signer: z.string().nullable(),
        whole: z.boolean().describe('It is of all that the message holds; else see `signer` of the passages'),
      }),
    ),
    passages: z
      .array(
        z.strictObject({
          kind: z.enum(['words', 'quoted', 'patch', 'armor']),
          text: z.string(),
          signer: z.string().nullable().describe('Who signed it, where that holds'),
        }),
      )
      .describe('Plain text, whatever it came as'),
    patches: z.array(
      z.strictObject({
        number: z.int(),
        name: z.string(),
        text: z.string().nullable().describe('Null where it is packed, and where no room was left for it'),
        bytes: z.int(),
        packed: z.boolean(),
        inText: z.boolean().describe('It stands among the passages'),
      }),
    ),
    attachments: z.array(z.strictObject({ name: z.string(), type: z.string(), bytes: z.int() })),
    cut: z.boolean().describe('Too long to be given whole'),
    redacted: z.boolean(),
  }),
);

function asMessage({ id, sentAt, ...mail }: ReadableMail): z.input<typeof messageShape> {
  return { ...mail, number: id, sentAt: sentAt?.toISOString() ?? null };
}

const numberParam = z.strictObject({ number: numberIn });

async function threadOf(site: ApiSite, number: number): Promise<Thread> {
  const thread = await threadById(site.database.queries, number);
  if (thread === null) throw new MusterError('NOT_FOUND', `there is no thread ${number}`);
  return thread;
}

export const threadOperations = [
  operation({
    id: 'listThreads',
    tag: 'Threads',
    method: 'GET',
    path: '/threads',
    summary: 'Threads of mailing lists, the one that was written to last first',
    query: z.strictObject({
      ...paging,
      state: z.enum(THREAD_STATES).default('waiting'),
      list: z.string().max(200).optional().describe('A List-Id'),
      about: z.string().max(200).optional().describe('A vulnerability, an advisory or a product'),
      patch: z.enum(['yes']).optional().describe('Only with a patch'),
    }),
    answers: { 200: listOf(threadShape) },
    async answer({ site, query: { cursor, limit, patch, ...search } }) {
      const place = placeOf(cursor, z.tuple([z.number(), z.int()]));
      const found = await findThreads(site.database.queries, {
        ...search,
        patch: patch === 'yes',
        limit: limit + 1,
        after: place === null ? null : { lastAt: place[0] < 0 ? null : place[0], id: place[1] },
      });
      const { items, next } = pageOf(found, limit, ({ lastAt, id }) => [lastAt?.getTime() ?? -1, id]);
      return reply(200, { items: await shown(site, items), next });
    },
  }),
  operation({
    id: 'getThread',
    tag: 'Threads',
    method: 'GET',
    path: '/threads/{number}',
    summary: 'A thread, with what became of it',
    params: numberParam,
    answers: { 200: threadShape },
    problems: [404],
    async answer({ site, params: { number } }) {
      const [thread] = await shown(site, [await threadOf(site, number)]);
      if (thread === undefined) throw new MusterError('NOT_FOUND', `there is no thread ${number}`);
      return reply(200, thread);
    },
  }),
  operation({
    id: 'listThreadMessages',
    tag: 'Threads',
    method: 'GET',
    path: '/threads/{number}/messages',
    summary: 'The messages of a thread as plain text, by their dates',
    params: numberParam,
    query: z.strictObject({ ...paging, limit: z.coerce.number().int().min(1).max(50).default(20) }),
    answers: { 200: listOf(messageShape) },
    problems: [404],
    async answer({ site, params: { number }, query: { cursor, limit } }) {
      await threadOf(site, number);
      const [offset] = placeOf(cursor, z.tuple([z.int().min(0)])) ?? [0];
      const found = await readMails(site.database.queries, number, { offset, limit: limit + 1 });
      const { items, next } = pageOf(found, limit, () => [offset + limit]);
      return reply(200, { items: items.map(asMessage), next });
    },
  }),
  operation({
    id: 'getThreadPatch',
    tag: 'Threads',
    method: 'GET',
    path: '/threads/{number}/messages/{message}/patches/{patch}',
    summary: 'A patch of a message',
    params: z.strictObject({ number: numberIn, message: numberIn, patch: numberIn }),
    answers: {
      200: named(
        'ThreadPatch',
        z.strictObject({
          name: z.string(),
          text: z.string().nullable().describe('Null where it is packed'),
          base64: z.string(),
        }),
      ),
    },
    problems: [404],
    async answer({ site, params: { number, message, patch } }) {
      const at = { thread: number, mail: message, number: patch };
      const found = await patchOf(site.database.queries, at);
      if (found === null)
        throw new MusterError('NOT_FOUND', `message ${message} of thread ${number} has no patch ${patch}`);
      return reply(200, { name: found.name, text: found.text, base64: found.bytes.toString('base64') });
    },
  }),
  operation({
    id: 'setThreadField',
    tag: 'Threads',
    method: 'PUT',
    path: '/threads/{number}/fields/{field}',
    summary: 'Decide on a thread, or claim it',
    description:
      'Fields are `decision` and `claim`. A decision names with `knew` the version of the facts that you saw; what is added later brings the thread back.',
    least: 'contributor',
    params: z.strictObject({ number: numberIn, field: z.enum(['decision', 'claim']) }),
    body: fieldBody,
    answers: CHANGE_ANSWERS,
    problems: [403, 404, 412, 422, 428],
    ifMatch: true,
    answer: (asked) =>
      setField(asked, { kind: 'thread', id: String(asked.params.number), field: asked.params.field }),
  }),
  operation({
    id: 'redactMessage',
    tag: 'Threads',
    method: 'POST',
    path: '/threads/{number}/messages/{message}/redact',
    summary: 'Erase a message for good',
    least: 'security',
    params: z.strictObject({ number: numberIn, message: numberIn }),
    body: z.strictObject({ reason: z.string().trim().min(1).max(1000) }),
    answers: { 200: named('MessageRedacted', z.strictObject({ thread: z.int() })) },
    problems: [403, 404, 422],
    async answer({ site, who, params: { number, message }, body: { reason } }) {
      const where = { thread: number, at: site.now() };
      return reply(200, await redactMail(site.database, who.actor, message, reason, where));
    },
  }),
];
