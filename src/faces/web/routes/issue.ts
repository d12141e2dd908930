import type { Context, Hono } from 'hono';
import { type Database, eventsReading, findEvents, type LoggedEvent, type Queries, together } from '#base/db';
import { sessionReading } from '#domain/accounts';
import { issueStoriesReading } from '#domain/campaigns';
import { channelsReading, lifecycleOn } from '#domain/channels';
import {
  type CardPatch,
  type Comment,
  commentsOf,
  commentsReading,
  comparedBoxesReading,
  type IssueCard,
  issueById,
  issueKeysFirst,
  issuePageReading,
  issueWatchersReading,
  type ListedPackage,
  listedReading,
  refreshCards,
  type IssuePage as StoredIssuePage,
} from '#domain/issues';
import { askedAgainReading, type Hit, hitsReading } from '#domain/matching';
import { mayComment, mayEditComment, mayGroup } from '#domain/policies';
import { listProposals, openProposalsReading } from '#domain/proposals';
import { latestRoundupReading, roundupsReading } from '#domain/roundup';
import { issueThreadsReading } from '#domain/threads';
import { CACHE_CONTROL, type Form, readings, sendPage } from '../answer.ts';
import { issueAddress } from '../components/addresses.ts';
import type { StandingRow } from '../components/evidence.tsx';
import type { PatchLink } from '../components/links.tsx';
import { decisionsFrom, editingOf } from '../decisions.ts';
import { makeFrame } from '../frame.ts';
import { historyEntries } from '../history-entries.ts';
import { htmlDocument } from '../layout.tsx';
import { withQuery } from '../list-addresses.ts';
import { IssuePage, type IssuePageProps } from '../pages/issue.tsx';
import { NotFoundPage } from '../pages/not-found.tsx';
import { type ProposalView, viewProposals } from '../proposal-views.ts';
import { today } from '../read-channels.ts';
import { wordsOf } from '../request-checks.ts';
import { askAs } from '../session.ts';
import { signInAddress } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { sourceTitle } from '../source-titles.ts';
import { issueThreadsView, listNames } from '../thread-views.ts';
import { whoOf } from '../who.ts';
import { sendNotFound } from './not-found.ts';

type IssueData = Omit<IssuePageProps, 'frame' | 'notes' | 'editing' | 'reader'>;

const SHOWN_EVENTS = 40;
const SHOWN_COMMENTS = 100;

/** All that the page shows, in one question. */
const ask = together(
  {
    page: issuePageReading,
    hits: hitsReading,
    roundups: roundupsReading,
    proposals: openProposalsReading,
    events: eventsReading('issue', SHOWN_EVENTS),
    comments: commentsReading(SHOWN_COMMENTS),
    listed: listedReading,
    again: askedAgainReading,
    boxes: comparedBoxesReading,
    watchers: issueWatchersReading,
    channels: channelsReading,
    stories: issueStoriesReading,
    latest: latestRoundupReading,
    session: sessionReading(2),
    threads: issueThreadsReading,
  },
  issueKeysFirst,
);

const askPage = together({ page: issuePageReading });

type Asked = Awaited<ReturnType<typeof ask>>;

/** `/issues/NSI-2017-0043`. One that was merged leads to what it became part of, and the page there says so. */
export function issueRoutes(app: Hono, site: Site): void {
  app.get('/issues/:id', async (c) => {
    const wanted = readings(c.req.param('id')).at(-1);
    const id = wanted?.name.toUpperCase() ?? '';
    if (wanted === undefined || !/^[A-Z]{2,8}-\d{4}-\d{1,9}$/.test(id)) return sendNotFound(c, site);
    const asked = await askAs(c, site, (session) => ask(site.database.pool, [id, ...session]));
    if (asked.page === null) return sendNotFound(c, site);
    if (asked.page.redirect !== null) return sendMoved(c, site, wanted.form, asked.page.redirect, id);
    const [data, notes] = await Promise.all([
      issueData(c, site, asked.page, asked),
      notesOn(c, site.database.queries, asked.page),
    ]);
    return sendPage(
      c,
      site,
      wanted.form,
      { ...data, notes },
      (props) => IssuePage({ ...props, editing: editingOf(whoOf(c)), reader: readerOf(c, asked) }),
      asked.latest,
    );
  });
}

/** What the page has for whoever reads it, and nobody else's business. */
function readerOf(c: Context, { watchers }: Asked): IssuePageProps['reader'] {
  const { actor } = whoOf(c);
  return {
    watched: actor.account !== null && watchers.includes(actor.account),
    mayGroup: mayGroup(actor),
    signIn: mayComment(actor) === 'apply' ? null : signInAddress(c.req.path),
  };
}

async function issueData(c: Context, site: Site, page: StoredIssuePage, asked: Asked): Promise<IssueData> {
  const { issue, fields } = page;
  const card = page.card ?? (await cardNow(site.database, issue.id));
  const [decisions, proposals, history, comments] = await Promise.all([
    decisionsFrom(site, page.statuses, [[issue.id, fields]]),
    asked.proposals.length === 0 ? [] : proposalsOn(c, site, issue.id),
    historyOf(c, site, issue.id, asked.events),
    commentsOn(c, site, issue.id, asked.comments),
  ]);
  const channels = asked.channels.map((channel) => ({
    name: channel.name,
    lifecycle: lifecycleOn(channel, today(site)),
    read: channel.read,
  }));
  return {
    id: issue.id,
    product: issue.product,
    title: issue.title,
    severity: issue.severity,
    severityBy: fields.severity?.value == null ? titles(card.ratedBy) : 'the team',
    exploitation: page.exploitation,
    opened: issue.opened.toISOString(),
    lastReport: issue.lastReport.toISOString(),
    advisories: card.advisories.map((row) => ({
      ...row,
      sourceTitle: sourceTitle(row.source),
      patches: row.patches.map(patchLink),
    })),
    patches: card.patches.map(patchLink),
    channels: channels.map(({ name, lifecycle }) => ({ name, lifecycle })),
    packages: standingRows(asked, channels, page.statuses),
    vulnerabilities: card.vulnerabilities.map((one) => ({
      ...one,
      records: one.records.map(({ source, key }) => ({
        source,
        key,
        title: `${sourceTitle(source)} ${key}`,
      })),
    })),
    reports: card.reports.map((report) => ({ ...report, sourceTitle: sourceTitle(report.source) })),
    roundups: asked.roundups,
    stories: asked.stories,
    threads: issueThreadsView(asked.threads, listNames(site)),
    summary: (fields.summary?.value as string | null | undefined) ?? null,
    seen: {
      title: fields.title?.version ?? 0,
      severity: fields.severity?.version ?? 0,
      summary: fields.summary?.version ?? 0,
    },
    comments,
    decisions,
    proposals,
    history,
  };
}

/** What was said of it: the newest, or all of it where the address asks for that. */
async function commentsOn(
  c: Context,
  site: Site,
  id: string,
  newest: readonly Comment[],
): Promise<IssueData['comments']> {
  const cut = newest.length > SHOWN_COMMENTS;
  const all = cut && c.req.query('comments') === 'all';
  const shown = all ? await commentsOf(site.database.queries, [id]) : newest.slice(-SHOWN_COMMENTS);
  const { actor } = whoOf(c);
  const names = await site.names(shown.map(({ author }) => author));
  return {
    older: cut && !all,
    shown: shown.map(({ id: number, author, body, createdAt, editedAt, version }) => ({
      ...{ number, body, version },
      by: names(author),
      at: createdAt.toISOString(),
      editedAt: editedAt?.toISOString() ?? null,
      may:
        mayEditComment(actor, { author, takenBack: false }) === 'apply'
          ? 'edit'
          : mayEditComment(actor, { author, takenBack: true }) === 'apply'
            ? 'take_back'
            : null,
    })),
  };
}

/** Of an issue that changed a moment ago, or of which words were forgotten: its card is made before it is shown. */
async function cardNow(database: Database, id: string): Promise<IssueCard> {
  await refreshCards(database, { among: [id] });
  const { page } = await askPage(database.pool, [id]);
  if (page?.card == null) throw new Error(`the card of ${id} is stale as soon as it is made`);
  return page.card;
}

function patchLink({ url, vulnerability, source }: CardPatch): PatchLink {
  return { url, vulnerability, source: sourceTitle(source) };
}

/** Who rated it so; null where nobody did. */
function titles(sources: readonly string[]): string | null {
  return sources.length === 0 ? null : [...new Set(sources.map(sourceTitle))].sort().join(', ');
}

async function proposalsOn(c: Context, site: Site, id: string): Promise<ProposalView[]> {
  const open = await listProposals(site.database.queries, {
    state: 'open',
    topic: `issue:${id}`,
    limit: 20,
  });
  return viewProposals(site, whoOf(c), open);
}

/** What happened to it; of people alone or of the machine alone where the address says so. */
async function historyOf(
  c: Context,
  site: Site,
  id: string,
  newest: readonly LoggedEvent[],
): Promise<NonNullable<IssuePageProps['history']>> {
  const whose = c.req.query('events');
  const who = whose === 'people' || whose === 'machine' ? whose : null;
  if (who === null) {
    const entries = await historyEntries(site, whoOf(c), newest.slice(0, SHOWN_EVENTS));
    return { entries, who, older: newest.length > SHOWN_EVENTS };
  }
  const { events, olderThan } = await findEvents(site.database.queries, {
    ...{ entity: 'issue', entityId: id, limit: SHOWN_EVENTS, who },
  });
  return { entries: await historyEntries(site, whoOf(c), events), who, older: olderThan !== null };
}

/** What one has to know before reading on. */
async function notesOn(c: Context, queries: Queries, { issue, endedAt }: StoredIssuePage): Promise<string[]> {
  const merged = await mergedInto(c, queries, issue.id);
  return [
    ...(merged === null ? [] : [`${merged} became part of this issue.`]),
    ...(endedAt === null
      ? []
      : [
          `Its last report was taken back on ${endedAt.toISOString().slice(0, 10)}: the issue has ended, and its number is not used again.`,
        ]),
  ];
}

/** The id that led here, if it truly does: whoever writes the address does not write the page. */
async function mergedInto(c: Context, queries: Queries, id: string): Promise<string | null> {
  const from = wordsOf(c, 'merged');
  if (!/^[A-Z]{2,8}-\d{4}-\d{1,9}$/.test(from)) return null;
  return (await issueById(queries, from))?.redirect === id ? from : null;
}

async function sendMoved(c: Context, site: Site, form: Form, to: string, from: string): Promise<Response> {
  const address = `${issueAddress(to)}${form === 'json' ? '.json' : ''}`;
  c.header('Location', withQuery(address, { merged: from }));
  c.header('Cache-Control', CACHE_CONTROL);
  if (form === 'json') return c.json({ id: from, movedTo: to }, 308);
  const target = await issueById(site.database.queries, to);
  const page = NotFoundPage({
    frame: await makeFrame(c, site),
    wanted: from,
    suggestions: [],
    movedTo: { id: to, title: target?.issue.title ?? '' },
  });
  return c.html(htmlDocument(page), 308);
}

function standingRows(
  asked: Pick<Asked, 'hits' | 'listed' | 'again' | 'boxes'>,
  channels: readonly { name: string; read: boolean }[],
  statuses: StoredIssuePage['statuses'],
): StandingRow[] {
  const { hits, listed } = asked;
  const boxes = boxesAsked(asked, statuses);
  const byAttr = new Map<string, Hit[]>();
  for (const hit of hits) {
    const list = byAttr.get(hit.attr);
    if (list === undefined) byAttr.set(hit.attr, [hit]);
    else list.push(hit);
  }
  const listings = new Map(listed.map((each) => [each.package, each]));
  // What people list has a row, whether the matcher saw it or not.
  for (const name of listings.keys()) if (!byAttr.has(name)) byAttr.set(name, []);
  return [...byAttr].map(([attr, own]) => ({
    attr,
    listed: listedAs(listings.get(attr)),
    again: asked.again[attr] ?? boxes.words.get(attr) ?? null,
    score: own[0]?.score ?? null,
    reasons: own[0]?.reasons ?? [],
    cells: channels.map(({ name, read }) => {
      const hit = own.find(({ channel }) => channel === name);
      // Of a channel that was never read nobody can say that it has no such package.
      const none = read && own.length > 0 ? ('absent' as const) : ('unknown' as const);
      return hit === undefined
        ? {
            channel: name,
            verdict: none,
            version: null,
            evidence: [],
            patched: [],
            asked: boxes.asked(attr, name),
          }
        : {
            channel: name,
            verdict: hit.verdict,
            version: hit.version,
            evidence: hit.evidence.map(({ vulnerability, verdict, why }) => ({
              vulnerability,
              verdict,
              why,
            })),
            patched: hit.patched,
            asked: boxes.asked(attr, name),
          };
    }),
  }));
}

/** Which boxes are asked again: what was set before that was remembered, with its package as a whole. */
function boxesAsked(
  { hits, again, boxes }: Pick<Asked, 'hits' | 'again' | 'boxes'>,
  statuses: StoredIssuePage['statuses'],
): { words: ReadonlyMap<string, string[]>; asked(attr: string, channel: string): boolean } {
  const words = new Map<string, string[]>();
  const known = new Map<string, boolean>();
  for (const box of boxes) {
    const at = `${box.package}/${box.channel}`;
    const is = ({ channel }: { channel: string }) => channel === box.channel;
    const set = statuses.find((each) => each.package === box.package && is(each))?.value.status;
    const verdict = hits.find((hit) => hit.attr === box.package && is(hit))?.verdict;
    // Said to be safe, and no version there is hit by what records say now.
    const agreed = (set === 'fixed' || set === 'not_affected') && verdict === 'not_affected';
    const telling = box.again !== null && set !== undefined && !agreed;
    known.set(at, telling);
    if (telling)
      words.set(box.package, [...new Set([...(words.get(box.package) ?? []), ...(box.again ?? [])])]);
  }
  return { words, asked: (attr, channel) => known.get(`${attr}/${channel}`) ?? again[attr] !== undefined };
}

function listedAs(listed: Omit<ListedPackage, 'issue'> | undefined): StandingRow['listed'] {
  return listed === undefined ? null : { kind: listed.kind, version: listed.version };
}
