import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { eventsOf } from '#base/db';
import { MusterError } from '#base/errors';
import {
  allCampaigns,
  CAMPAIGN_NAME,
  type Campaign,
  type CampaignWord,
  campaignNamed,
  countWaitingRegroupings,
  followRegrouping,
  type RegroupingWord,
  regroupingsThat,
  wordsOf as wordsSaid,
} from '#domain/campaigns';
import { headsOfIssues } from '#domain/issues';
import { atLeast, mayDecide } from '#domain/policies';
import { type FieldValue, touchOf } from '#domain/proposals';
import { type Form, readings, sendPage } from '../answer.ts';
import { answerJson, send } from '../changes.ts';
import { campaignAddress, ownAddress, threadAddress } from '../components/addresses.ts';
import { readFieldStates } from '../editing-state.ts';
import { historyEntries } from '../history-entries.ts';
import { CAMPAIGNS_ADDRESS, REGROUPINGS_ADDRESS } from '../list-addresses.ts';
import {
  CampaignPage,
  type CampaignPageProps,
  CampaignsPage,
  type CampaignsPageProps,
  type CampaignView,
} from '../pages/campaigns.tsx';
import { REGROUPING_WORDS, RegroupingsPage, type RegroupingsPageProps } from '../pages/regroupings.tsx';
import { regroupingWords } from '../regrouping-words.ts';
import { readFields, wantsJson } from '../request-body.ts';
import { pageOf, RequestRefused, wordsOf } from '../request-checks.ts';
import { requirePerson } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { whoOf } from '../who.ts';
import { sendConflict, withResult } from './changes.ts';
import { sendNotFound } from './not-found.ts';

const SIZE = 100;
const REGROUPINGS = 25;
const ISSUE = /^[A-Z]{2,8}-\d{4}-\d{1,9}$/;

/** `/campaigns`: stories that issues of several products belong to; `/regroupings`: issues that may be one, or two. */
export function campaignRoutes(app: Hono, site: Site): void {
  const list = async (c: Context, form: Form) =>
    sendPage(c, site, form, await listData(c, site), CampaignsPage);
  app.get('/campaigns', (c) => list(c, 'html'));
  app.get('/campaigns.json', (c) => list(c, 'json'));

  app.post('/campaigns', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const form = await readFields(c);
    const value = wordIn(form);
    if (value === null) throw new MusterError('USAGE', 'a campaign needs a title');
    const asked = (form.get('name') ?? '').trim().toLowerCase();
    const name = asked === '' ? nameFrom(form.get('title') ?? '') : asked;
    if (!CAMPAIGN_NAME.test(name))
      throw new MusterError(
        'USAGE',
        `“${name}” cannot stand in an address: letters from a to z, digits and hyphens can, two at least`,
      );
    if ((await campaignNamed(site.database.queries, name)) !== null)
      throw new MusterError('CONFLICT', `there is a campaign ${name} already`);
    const change = { kind: 'campaign', id: name, field: 'value', value };
    const may = mayDecide(whoOf(c).actor);
    return make(c, site, change, form, may === 'apply' ? campaignAddress(name) : CAMPAIGNS_ADDRESS);
  });

  app.get('/campaigns/:name', async (c) => {
    const wanted = readings(c.req.param('name')).at(-1);
    const data = wanted === undefined ? null : await campaignData(c, site, wanted.name);
    if (wanted === undefined || data === null) return sendNotFound(c, site);
    return sendPage(c, site, wanted.form, data, CampaignPage);
  });

  app.post('/campaigns/:name', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const name = c.req.param('name');
    const found = CAMPAIGN_NAME.test(name) ? await campaignNamed(site.database.queries, name) : null;
    if (found === null) return sendNotFound(c, site);
    const form = await readFields(c);
    if (form.get('deed') === 'title') {
      const value = wordIn(form);
      // What nobody derives is there by its title alone.
      if (value === null && found.campaign.kind === 'people')
        throw new MusterError('USAGE', 'what people opened needs a title');
      return make(
        c,
        site,
        { kind: 'campaign', id: name, field: 'value', value },
        form,
        campaignAddress(name),
      );
    }
    const issue = (form.get('issue') ?? '').trim().toUpperCase();
    const value = partIn(form.get('deed') ?? '');
    const change = { kind: 'campaign_issue', id: `${name}/${issue}`, field: 'value', value };
    return make(c, site, change, form, campaignAddress(name));
  });

  const regroupings = async (c: Context, form: Form) =>
    sendPage(c, site, form, await regroupingsData(c, site), RegroupingsPage);
  app.get(REGROUPINGS_ADDRESS, (c) => regroupings(c, 'html'));
  app.get(`${REGROUPINGS_ADDRESS}.json`, (c) => regroupings(c, 'json'));

  app.post(REGROUPINGS_ADDRESS, async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const form = await readFields(c);
    const id = form.get('key-of') ?? '';
    if (form.get('deed') === 'follow') return follow(c, site, id, form);
    const value = dismissalIn(form);
    return make(c, site, { kind: 'regrouping', id, field: 'value', value }, form, REGROUPINGS_ADDRESS);
  });
}

function partIn(deed: string): FieldValue {
  if (deed === 'in' || deed === 'out') return deed;
  if (deed === 'back') return null;
  throw new RequestRefused(400, '"deed" is one of in, out, back, title.');
}

/** What people call a campaign; null where nothing is written. */
function wordIn(form: URLSearchParams): { title: string; note?: string } | null {
  const [title, note] = ['title', 'note'].map((name) => (form.get(name) ?? '').trim());
  return !title ? null : { title, ...(note && { note }) };
}

/** "KRACK, again" → "krack-again" */
function nameFrom(title: string): string {
  const words =
    title
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, 63).replace(/-$/, '');
}

function dismissalIn(form: URLSearchParams): FieldValue {
  const deed = form.get('deed');
  if (deed === 'reopen') return null;
  if (deed !== 'dismiss') throw new RequestRefused(400, '"deed" is one of follow, dismiss, reopen.');
  const note = (form.get('note') ?? '').trim();
  return { as: 'dismissed', reason: form.get('reason') ?? '', ...(note !== '' && { note }) };
}

async function follow(c: Context, site: Site, key: string, form: URLSearchParams): Promise<Response> {
  const { actor } = whoOf(c);
  if (!atLeast(actor, 'security'))
    throw new MusterError('FORBIDDEN', 'merging and splitting is for security');
  const reason = (form.get('remark') ?? '').trim().slice(0, 1000);
  if (reason === '') throw new MusterError('USAGE', 'say why: it is kept for good');
  const issues = await followRegrouping(site.database, key, { author: actor.id, reason });
  if (wantsJson(c)) return c.json({ issues });
  return c.redirect(REGROUPINGS_ADDRESS, 303);
}

async function make(
  c: Context,
  site: Site,
  change: { kind: string; id: string; field: string; value: FieldValue },
  form: URLSearchParams,
  page: string,
): Promise<Response> {
  const back = ownAddress(form.get('back') ?? page);
  const seen = /^\d{1,15}$/.exec(form.get('saw') ?? '')?.[0];
  // Who types what they mean has seen nothing of it: what stands is read here.
  const saw =
    seen === undefined
      ? ((await readFieldStates(site.database, [change])).get(touchOf(change))?.version ?? 0)
      : Number(seen);
  const key = form.get('key') ?? '';
  const remark = (form.get('remark') ?? '').trim().slice(0, 4000);
  const set = {
    changes: [{ ...change, saw }],
    key: /^[\w-]{8,60}$/.test(key) ? key : undefined,
    remark: remark === '' ? undefined : remark,
    propose: false,
  };
  const answer = await send(site, whoOf(c), set);
  if (answer.outcome === 'conflict') return sendConflict(c, site, { set, answer, back });
  const json = await answerJson(site, answer);
  if (wantsJson(c)) return c.json(json, json.status);
  if (answer.outcome === 'refused')
    throw new MusterError(json.status === 403 ? 'FORBIDDEN' : 'USAGE', json.said.replace(/\.$/, ''));
  return c.redirect(withResult(back, answer.proposal === null ? {} : { set: String(answer.proposal) }), 303);
}

const KINDS = ['nickname', 'vulnerability', 'thread', 'people'] as const;

async function listData(c: Context, site: Site): Promise<Omit<CampaignsPageProps, 'frame'>> {
  const word = wordsOf(c, 'kind');
  const kind = KINDS.find((each) => each === word) ?? null;
  if (kind === null && word !== '') throw new RequestRefused(400, `"kind" is one of ${KINDS.join(', ')}.`);
  const page = pageOf(c);
  const found = await allCampaigns(site.database.queries, {
    limit: SIZE + 1,
    offset: (page - 1) * SIZE,
    ...(kind !== null && { kind }),
  });
  const campaigns = found.slice(0, SIZE);
  const heads = await headsOfIssues(
    site.database.queries,
    campaigns.flatMap(({ issues }) => issues),
  );
  return {
    kind,
    campaigns: campaigns.map(({ campaign, issues }) => ({
      ...viewOf(campaign),
      issues: issues.length,
      products: [...new Set(issues.flatMap((id) => heads.get(id)?.product ?? []))].sort(),
    })),
    next: found.length > SIZE ? page + 1 : null,
    permission: permissionOf(c),
    changeKey: randomUUID().slice(0, 18),
  };
}

function permissionOf(c: Context): 'apply' | 'propose' | 'refuse' {
  const { actor } = whoOf(c);
  return actor.account === null ? 'refuse' : mayDecide(actor);
}

function viewOf({ version: _, since, ...campaign }: Campaign): CampaignView {
  return { ...campaign, since: since?.toISOString() ?? null };
}

async function campaignData(
  c: Context,
  site: Site,
  name: string,
): Promise<Omit<CampaignPageProps, 'frame'> | null> {
  const { queries } = site.database;
  const found = CAMPAIGN_NAME.test(name) ? await campaignNamed(queries, name) : null;
  if (found === null) return null;
  const { campaign, parts } = found;
  const who = whoOf(c);
  const [[word], heads, events, names] = await Promise.all([
    wordsSaid(queries, 'campaign', [name]),
    headsOfIssues(
      queries,
      parts.map(({ issue }) => issue),
    ),
    eventsOf(queries, 'campaign', name),
    site.names(parts.map(({ saidBy }) => saidBy)),
  ]);
  const said = (word?.value ?? null) as CampaignWord | null;
  const labelOf = (actor: string | null) => (actor === null ? null : names(actor).label);
  const number = /^thread-(\d{1,15})$/.exec(name)?.[1];
  const listed = parts.flatMap((part) => {
    const head = heads.get(part.issue);
    return head === undefined ? [] : [{ part, head }];
  });
  return {
    campaign: viewOf(campaign),
    called: said === null ? null : { title: said.title, note: said.note ?? null },
    version: campaign.version,
    issues: listed
      .filter(({ part }) => part.belongs)
      .map(({ part, head: { id, title } }) => ({
        ...{ id, title, vulnerabilities: part.vulnerabilities, version: part.version },
        addedBy: part.said === 'in' ? labelOf(part.saidBy) : null,
      })),
    out: listed
      .filter(({ part }) => !part.belongs && part.said === 'out')
      .map(({ part, head: { id, title } }) => ({
        ...{ id, title, version: part.version, derived: part.vulnerabilities.length > 0 },
        by: labelOf(part.saidBy) ?? 'somebody',
      })),
    thread: number === undefined ? null : { number: Number(number), href: threadAddress(Number(number)) },
    history: await historyEntries(site, who, events.slice(-30).reverse()),
    permission: permissionOf(c),
    changeKey: randomUUID().slice(0, 18),
  };
}

async function regroupingsData(c: Context, site: Site): Promise<Omit<RegroupingsPageProps, 'frame'>> {
  const { queries } = site.database;
  const { actor } = whoOf(c);
  const word = wordsOf(c, 'state');
  const state = (['waiting', 'dismissed', 'all'] as const).find((each) => each === (word || 'waiting'));
  if (state === undefined) throw new RequestRefused(400, '"state" is one of waiting, dismissed, all.');
  const issue = wordsOf(c, 'issue').toUpperCase();
  if (issue !== '' && !ISSUE.test(issue)) throw new RequestRefused(400, '"issue" is no id of an issue.');
  const page = pageOf(c);
  const [found, waiting] = await Promise.all([
    regroupingsThat(queries, {
      ...{ state, limit: REGROUPINGS + 1, offset: (page - 1) * REGROUPINGS },
      ...(issue !== '' && { issue }),
    }),
    countWaitingRegroupings(queries),
  ]);
  const shown = found.slice(0, REGROUPINGS);
  const ids = shown.flatMap((each) => [each.issue, ...(each.other === null ? [] : [each.other])]);
  const [heads, words] = await Promise.all([
    headsOfIssues(queries, ids),
    wordsSaid(
      queries,
      'regrouping',
      shown.map(({ key }) => key),
    ),
  ]);
  const said = new Map(words.map((each) => [each.id, each]));
  const headOf = (id: string) => ({ id, title: heads.get(id)?.title ?? '' });
  return {
    state,
    issue: issue === '' ? null : issue,
    waiting,
    regroupings: shown.map((each) => {
      const word = said.get(each.key);
      const dismissal = (word?.value ?? null) as RegroupingWord | null;
      const { key, kind, product, out } = each;
      return {
        ...{ key, kind, product, out, why: regroupingWords(each), version: word?.version ?? 0 },
        issue: headOf(each.issue),
        other: each.other === null ? null : headOf(each.other),
        proposedAt: each.proposedAt.toISOString(),
        dismissed:
          dismissal === null
            ? null
            : [REGROUPING_WORDS[dismissal.reason], dismissal.note].filter(Boolean).join(': '),
      };
    }),
    next: found.length > REGROUPINGS ? page + 1 : null,
    permission: permissionOf(c),
    mayFollow: atLeast(actor, 'security'),
    changeKey: randomUUID().slice(0, 18),
  };
}
