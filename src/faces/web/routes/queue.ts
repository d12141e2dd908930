import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { together } from '#base/db';
import { channelsReading, lifecycleOn } from '#domain/channels';
import { issueLines, issuesById, refreshCards } from '#domain/issues';
import {
  type LinesFilter,
  type QueuePlace,
  queueLines,
  releaseBatch,
  takeBatch,
  waitingLines,
} from '#domain/matching';
import { mayDecide } from '#domain/policies';
import { latestRoundupReading } from '#domain/roundup';
import { SEVERITIES, SOURCES } from '#domain/sources';
import { seenText } from '#faces/editing';
import { type Form, sendPage } from '../answer.ts';
import { issueAddress, ownAddress } from '../components/addresses.ts';
import { editingOf } from '../decisions.ts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { QUEUE_ADDRESS, withQuery } from '../list-addresses.ts';
import { wantedFragments } from '../live-fragments.ts';
import { makeKeepMarkup } from '../markup/kept-markup.ts';
import { html } from '../markup/markup.ts';
import { AnswersPage } from '../pages/answers.tsx';
import { DismissPage } from '../pages/dismiss.tsx';
import { QueuePage, type QueuePageProps } from '../pages/queue.tsx';
import { chosenIn, decide, deedOf, skip } from '../queue-deeds.ts';
import { goneRows, queueRows } from '../queue-rows.ts';
import { today } from '../read-channels.ts';
import { readFields, wantsJson } from '../request-body.ts';
import { RequestRefused, wordsOf } from '../request-checks.ts';
import { requirePerson } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { sourceTitle } from '../source-titles.ts';
import { whoOf } from '../who.ts';
import { withResult } from './changes.ts';

const SIZE = 100;

/** `/queue`: what waits for a triager; the forms of its lines, and of one's own batch. */
export function queueRoutes(app: Hono, site: Site): void {
  const keep = makeKeepMarkup();
  const page = async (c: Context, form: Form) => {
    const { latest, ...data } = await queueData(c, site);
    if (form === 'json')
      return sendPage(c, site, form, { ...data, rows: data.rows.map(({ make }) => make()) }, () => html``);
    return sendPage(
      c,
      site,
      form,
      data,
      (props) =>
        QueuePage({
          ...props,
          editing: editingOf(whoOf(c)),
          keep,
          partial: wantedFragments(c) !== null,
        }),
      latest,
    );
  };
  app.get('/queue', (c) => page(c, 'html'));
  app.get('/queue.json', (c) => page(c, 'json'));

  app.post('/queue', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const form = await readFields(c);
    const deed = deedOf(form);
    const back = ownAddress(form.get('back') ?? QUEUE_ADDRESS);
    if (deed.deed === 'skip' || deed.deed === 'unskip') {
      const skipped = await skip(site, whoOf(c), deed);
      return wantsJson(c) ? c.json({ skipped }) : c.redirect(back, 303);
    }
    const answers = await decide(site, whoOf(c), deed, form);
    const [only, second] = answers;
    if (only === undefined) throw new RequestRefused(400, 'Nothing is chosen.');
    if (wantsJson(c)) return second === undefined ? c.json(only, only.status) : c.json({ answers });
    if (second === undefined && (only.outcome === 'accepted' || only.outcome === 'proposed'))
      return c.redirect(withResult(back, only.proposal === null ? {} : { set: String(only.proposal) }), 303);
    const answered = answers.map(({ ids, ...answer }) => {
      const [about = ''] = ids;
      return { about, href: issueAddress(about.split('/', 1)[0] ?? about), answer };
    });
    const around = await makeFrame(c, site, { json: false });
    return c.html(
      htmlDocument(AnswersPage({ frame: around, answered, back })),
      second === undefined ? only.status : 200,
    );
  });

  app.get('/queue/dismiss', (c) => sendDismiss(c, site, new URL(c.req.url).searchParams));
  // What is ticked on a long page does not fit into an address.
  app.post('/queue/dismiss', async (c) => sendDismiss(c, site, await readFields(c)));

  app.post('/queue/batch', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const form = await readFields(c);
    if (form.get('deed') === 'release') {
      await releaseBatch(site.database, whoOf(c).actor);
      return c.redirect(ownAddress(form.get('back') ?? QUEUE_ADDRESS), 303);
    }
    await takeBatch(site.database, whoOf(c).actor, { now: site.now() });
    return c.redirect(withQuery(QUEUE_ADDRESS, { mine: 'yes' }), 303);
  });
}

type QueueData = Omit<QueuePageProps, 'frame' | 'editing' | 'keep' | 'partial'>;

const askAll = together({ lines: issueLines.all });

/** All that the page shows, in one question; and one each for issues and for suggestions that changed. */
async function queueData(c: Context, site: Site) {
  const { actor } = whoOf(c);
  const { filter, shown } = filterOf(c);
  const after = placeOf(c);
  const only = numbersOf(wantedFragments(c));
  const { first, reading, values } = queueLines({
    ...{ account: actor.account, now: site.now(), filter, after, only },
    limit: SIZE + 1,
  });
  const ask = together(
    {
      queue: reading,
      issues: issueLines.marks(`array(select issue from ${first.name})`),
      channels: channelsReading,
      latest: latestRoundupReading,
    },
    first,
  );
  const { queue, issues: marks, channels, latest } = await ask(site.database.pool, values);
  let issues = await issueLines.read(site.database.pool, marks);
  const stale = [...issues.values()].flatMap(({ issue, brief }) => (brief === null ? [issue.id] : []));
  if (stale.length > 0) {
    await refreshCards(site.database, { among: stale });
    const { lines } = await askAll(site.database.pool, [stale]);
    issues = new Map([...issues, ...lines]);
  }
  const queued = only === null ? queue.queued.slice(0, SIZE) : queue.queued;
  const last = only === null && queue.queued.length > SIZE ? queued.at(-1) : undefined;
  const waiting = await waitingLines(site.database, queued);
  const read = channels.filter((channel) => channel.read);
  const data: QueueData = {
    filter: shown,
    waiting: queue.all,
    again: queue.again,
    channels: read.map((channel) => ({ name: channel.name, lifecycle: lifecycleOn(channel, today(site)) })),
    sources: SOURCES.map(({ id }) => ({ id, title: sourceTitle(id) })),
    rows: await queueRows(site, waiting, issues, read),
    gone: await goneRows(site, queue.gone),
    next: last === undefined ? null : `${last.urgency}~${last.opened}~${last.suggestion}`,
    first: after === null,
  };
  return { ...data, latest };
}

function filterOf(c: Context): { filter: LinesFilter; shown: QueueData['filter'] } {
  const words = (name: string) => wordsOf(c, name) || undefined;
  const severity = oneOf(words('severity'), 'severity', [...SEVERITIES, 'unknown']);
  const again = oneOf(words('again'), 'again', ['yes', 'no']);
  const exploited = oneOf(words('exploited'), 'exploited', ['known', 'likely']);
  const mine = oneOf(words('mine'), 'mine', ['yes']) === 'yes';
  const [channel, source, attr] = [words('channel'), words('source'), words('package')];
  const issue = words('issue');
  return {
    filter: {
      ...{ severity, channel, source, attr, issue, exploited },
      mine: mine && whoOf(c).actor.account !== null,
      again: again === undefined ? undefined : again === 'yes',
    },
    shown: {
      severity: severity ?? null,
      channel: channel ?? null,
      source: source ?? null,
      package: attr ?? null,
      issue: issue ?? null,
      again: again ?? null,
      exploited: exploited ?? null,
      mine,
    },
  };
}

function oneOf<T extends string>(text: string | undefined, name: string, words: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const word = words.find((each) => each === text);
  if (word === undefined) throw new RequestRefused(400, `"${name}" is one of ${words.join(', ')}.`);
  return word;
}

/** `?after=650~2017-01-26T00:00:00+00:00~123`, as the page before says it. */
function placeOf(c: Context): QueuePlace | null {
  const text = wordsOf(c, 'after');
  if (text === '') return null;
  // A plus that nobody encoded came as a space.
  const match =
    /^(-?\d{1,9})~(\d{4,5}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?[+ -]\d\d(?::\d\d)?)~(\d{1,15})$/.exec(text);
  const [, urgency, opened = '', suggestion] = match ?? [];
  if (match === null || Number.isNaN(Date.parse(opened.replace(' ', '+').slice(0, 19))))
    throw new RequestRefused(400, '"after" is no place in the queue.');
  return { urgency: Number(urgency), opened: opened.replace(' ', '+'), suggestion: Number(suggestion) };
}

/** The lines among the fragments that a script wants; null for the whole page. */
function numbersOf(ids: ReadonlySet<string> | null): number[] | null {
  if (ids === null) return null;
  return [...ids].flatMap((id) => {
    const [, number] = /^s(\d{1,15})$/.exec(id) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
}

async function sendDismiss(c: Context, site: Site, form: URLSearchParams): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  const fields = chosenIn(form);
  const parted = fields.map((field) => {
    const slash = field.id.indexOf('/');
    return {
      at: seenText(field),
      id: field.id,
      issue: field.id.slice(0, slash),
      package: field.id.slice(slash + 1),
    };
  });
  const issues = await issuesById(site.database.queries, [...new Set(parted.map(({ issue }) => issue))]);
  const titles = new Map(issues.map(({ id, title }) => [id, title]));
  const page = DismissPage({
    frame: await makeFrame(c, site, { json: false }),
    chosen: parted.map((each) => ({ ...each, title: titles.get(each.issue) ?? '' })),
    permission: mayDecide(whoOf(c).actor),
    back: ownAddress(form.get('back') ?? QUEUE_ADDRESS),
    changeKey: randomUUID(),
  });
  return c.html(htmlDocument(page));
}
