import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { eventsOf } from '#base/db';
import { MusterError } from '#base/errors';
import { CLAIM_DAYS, headsOfIssues, issuesOfVulnerability } from '#domain/issues';
import { mayDecide } from '#domain/policies';
import type { FieldValue } from '#domain/proposals';
import {
  countWaitingThreads,
  findThreads,
  joinedInto,
  patchOf,
  readMails,
  THREAD_STATES,
  type Thread,
  type ThreadPlace,
  type ThreadState,
  threadById,
} from '#domain/threads';
import { type Form, readings, redirectTo, sendPage, sendRaw } from '../answer.ts';
import { answerJson, send } from '../changes.ts';
import { ownAddress, threadAddress } from '../components/addresses.ts';
import { historyEntries } from '../history-entries.ts';
import { type RelatedIssue, ThreadPage, type ThreadPageProps } from '../pages/thread.tsx';
import { ThreadsPage, type ThreadsPageProps } from '../pages/threads.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { pageOf, RequestRefused, wordsOf } from '../request-checks.ts';
import { requirePerson } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { listNames, threadView } from '../thread-views.ts';
import { type Who, whoOf } from '../who.ts';
import { sendConflict, withResult } from './changes.ts';
import { sendNotFound } from './not-found.ts';

const SIZE = 50;
/** Messages on one page of a thread. */
const MESSAGES = 20;
const MOST_RELATED = 10;
const DAY_MS = 86_400_000;

/** `/threads`: threads of mailing lists that wait; `/threads/12` with its messages, and the forms that decide on it. */
export function threadRoutes(app: Hono, site: Site): void {
  const list = async (c: Context, form: Form) =>
    sendPage(c, site, form, await listData(c, site), ThreadsPage);
  app.get('/threads', (c) => list(c, 'html'));
  app.get('/threads.json', (c) => list(c, 'json'));

  app.get('/threads/:id', async (c) => {
    const wanted = readings(c.req.param('id')).at(-1);
    const thread = await threadOf(site, wanted?.name ?? '');
    if (wanted === undefined || thread === null) return sendNotFound(c, site);
    if (thread.redirect !== null) return redirectTo(c, threadAddress(thread.redirect), 302);
    return sendPage(c, site, wanted.form, await threadData(c, site, thread), ThreadPage);
  });

  app.get('/threads/:id/patches/:mail/:number/raw', async (c) => {
    const { id, mail, number } = c.req.param();
    const plain = /^[1-9]\d{0,14}$/;
    const patch =
      plain.test(id) && plain.test(mail) && /^[1-9]\d{0,2}$/.test(number)
        ? await patchOf(site.database.queries, {
            thread: Number(id),
            mail: Number(mail),
            number: Number(number),
          })
        : null;
    return patch === null ? sendNotFound(c, site) : sendRaw(c, patch.bytes, patch.name);
  });

  app.post('/threads/:id', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const thread = await threadOf(site, c.req.param('id'));
    if (thread === null) return sendNotFound(c, site);
    return decide(c, site, thread, await readFields(c));
  });
}

async function threadOf(site: Site, name: string): Promise<Thread | null> {
  return /^[1-9]\d{0,14}$/.test(name) ? threadById(site.database.queries, Number(name)) : null;
}

async function listData(c: Context, site: Site): Promise<Omit<ThreadsPageProps, 'frame'>> {
  const { queries } = site.database;
  const { actor } = whoOf(c);
  const state = stateOf(wordsOf(c, 'state'));
  const [list, about] = [wordsOf(c, 'list'), wordsOf(c, 'about')];
  const mine = wordsOf(c, 'mine') === 'yes' && actor.account !== null;
  const patch = wordsOf(c, 'patch') === 'yes';
  const [found, counts] = await Promise.all([
    findThreads(queries, {
      ...{ state, patch, limit: SIZE + 1, after: placeOf(wordsOf(c, 'after')) },
      ...(list === '' ? {} : { list }),
      ...(about === '' ? {} : { about }),
      ...(mine ? { claimedBy: actor.id } : {}),
    }),
    countWaitingThreads(queries),
  ]);
  const threads = found.slice(0, SIZE);
  const last = threads.at(-1);
  const names = await site.names(threads.flatMap(({ claim, decidedBy }) => [claim?.person, decidedBy]));
  return {
    filter: { state, list: list === '' ? null : list, about: about === '' ? null : about, mine, patch },
    ...counts,
    lists: [...listNames(site)].map(([id, name]) => ({ id, name })),
    threads: threads.map((thread) => threadView(thread, names, listNames(site))),
    next: found.length > SIZE && last !== undefined ? `${last.lastAt?.getTime() ?? ''}~${last.id}` : null,
    signedIn: actor.account !== null,
  };
}

function stateOf(word: string): ThreadState {
  const state = THREAD_STATES.find((each) => each === word);
  if (state !== undefined || word === '') return state ?? 'waiting';
  throw new RequestRefused(400, `"state" is one of ${THREAD_STATES.join(', ')}.`);
}

/** `?after=1497890780000~12`; without the moment for threads that bear none. */
function placeOf(text: string): ThreadPlace | null {
  if (text === '') return null;
  const [, moment, id] = /^(\d{0,14})~(\d{1,15})$/.exec(text) ?? [];
  if (id === undefined) throw new RequestRefused(400, '"after" is no place in the list.');
  return { lastAt: moment === '' ? null : Number(moment), id: Number(id) };
}

async function threadData(c: Context, site: Site, thread: Thread): Promise<Omit<ThreadPageProps, 'frame'>> {
  const { queries } = site.database;
  const who = whoOf(c);
  const pages = Math.max(1, Math.ceil(thread.messages / MESSAGES));
  const page = Math.min(pageOf(c), pages);
  const [messages, joined, events, related] = await Promise.all([
    readMails(queries, thread.id, { offset: (page - 1) * MESSAGES, limit: MESSAGES }),
    joinedInto(queries, thread.id),
    eventsOf(queries, 'thread', String(thread.id)),
    relatedIssues(site, thread),
  ]);
  const names = await site.names([thread.claim?.person, thread.decidedBy]);
  return {
    thread: threadView(thread, names, listNames(site)),
    messages: messages.map(({ sentAt, ...mail }) => ({ ...mail, sentAt: sentAt?.toISOString() ?? null })),
    page,
    pages,
    joined: joined.map(({ id, issue }) => ({ id, issue })),
    related,
    history: await historyEntries(site, who, events.slice(-30).reverse()),
    permission: who.actor.account === null ? 'refuse' : mayDecide(who.actor),
    mine: thread.claim !== null && thread.claim.person === who.actor.id,
    draft: draftOf(thread),
    changeKey: randomUUID(),
  };
}

/** Issues that the vulnerabilities of a thread belong to: what it may be attached to. Never by itself. */
async function relatedIssues({ database: { queries } }: Site, { facts }: Thread): Promise<RelatedIssue[]> {
  const cves = facts.flatMap(({ kind, value }) => (kind === 'cve' ? [value] : [])).slice(0, MOST_RELATED);
  const why = new Map<string, string[]>();
  for (const cve of cves)
    for (const { id } of await issuesOfVulnerability(queries, cve))
      why.set(id, [...(why.get(id) ?? []), cve]);
  const heads = await headsOfIssues(queries, [...why.keys()].slice(0, MOST_RELATED));
  return [...heads.values()].map(({ id, title }) => ({ id, title, shared: why.get(id) ?? [] }));
}

/** What a new issue would be called. */
function draftOf({ subject, facts }: Thread): { product: string; title: string } {
  const product = facts.find(({ kind }) => kind === 'product')?.value ?? '';
  const plain = (subject ?? '').replace(/^(?:\s*(?:\[[^\]]{1,60}\]|(?:re|fwd?|aw)\s*:))+\s*/i, '');
  return { product, title: plain.slice(0, 200) };
}

/** Carries out what the form says, as a change like any other. */
async function decide(c: Context, site: Site, thread: Thread, form: URLSearchParams): Promise<Response> {
  const who = whoOf(c);
  const back = ownAddress(form.get('back') ?? threadAddress(thread.id));
  const { field, value } = changeIn(form, who, site.now(), thread);
  const saw = Number(/^\d{1,15}$/.exec(form.get('saw') ?? '')?.[0] ?? '0');
  const change = { kind: 'thread', id: String(thread.id), field, value, saw };
  const key = form.get('key') ?? '';
  const remark = (form.get('remark') ?? '').trim().slice(0, 4000);
  const set = {
    changes: [change],
    key: /^[\w-]{8,60}$/.test(key) ? key : undefined,
    remark: remark === '' ? undefined : remark,
    propose: false,
  };
  const answer = await send(site, who, set);
  if (answer.outcome === 'conflict') return sendConflict(c, site, { set, answer, back });
  const json = await answerJson(site, answer);
  if (wantsJson(c)) return c.json(json, json.status);
  if (answer.outcome === 'refused')
    throw new MusterError(json.status === 403 ? 'FORBIDDEN' : 'USAGE', json.said.replace(/\.$/, ''));
  return c.redirect(withResult(back, answer.proposal === null ? {} : { set: String(answer.proposal) }), 303);
}

function changeIn(
  form: URLSearchParams,
  { actor }: Who,
  now: Date,
  { archived }: Thread,
): { field: 'decision' | 'claim'; value: FieldValue } {
  const text = (name: string) => (form.get(name) ?? '').trim();
  const knew = Number(/^\d{1,9}$/.exec(text('knew'))?.[0] ?? '0');
  switch (text('deed')) {
    case 'claim': {
      const until = new Date(now.getTime() + CLAIM_DAYS * DAY_MS).toISOString();
      return { field: 'claim', value: { person: actor.id, until } };
    }
    case 'release':
      return { field: 'claim', value: null };
    case 'attach':
      return { field: 'decision', value: { as: 'attached', issue: text('issue').toUpperCase(), knew } };
    case 'dismiss': {
      const note = text('note') === '' ? {} : { note: text('note') };
      return { field: 'decision', value: { as: 'dismissed', reason: text('reason'), ...note, knew } };
    }
    case 'issue': {
      const summary = text('summary') === '' ? {} : { summary: text('summary') };
      const draft = { product: text('product'), title: text('title'), ...summary };
      return { field: 'decision', value: { as: 'issue', draft, knew } };
    }
    case 'reopen':
      // What was brought in as history waits for nobody, unless somebody says so.
      return { field: 'decision', value: archived ? { as: 'waiting', knew } : null };
    default:
      throw new RequestRefused(400, '"deed" is one of claim, release, attach, dismiss, issue, reopen.');
  }
}
