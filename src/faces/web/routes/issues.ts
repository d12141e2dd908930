import type { Context, Hono } from 'hono';
import { findIssues } from '#domain/issues';
import { SEVERITIES, type Severity } from '#domain/sources';
import { type Form, sendPage } from '../answer.ts';
import { decisionsOnLines, editingOf } from '../decisions.ts';
import { readListed } from '../listed-issues.ts';
import { IssuesPage } from '../pages/issues.tsx';
import { readChannels } from '../read-channels.ts';
import { pageOf, pagesOf, RequestRefused, wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { suggestionRows } from '../suggestion-rows.ts';
import { whoOf } from '../who.ts';

const SIZE = 50;

/** `/issues`: every issue that stands, the one with the latest report first; `?q=`, `?product=`, `?severity=`, `?exploited=`, `?page=`. */
export function issuesRoutes(app: Hono, site: Site): void {
  app.get('/issues', (c) => send(c, site, 'html'));
  app.get('/issues.json', (c) => send(c, site, 'json'));
}

async function send(c: Context, site: Site, form: Form): Promise<Response> {
  const { queries } = site.database;
  const filter = {
    words: wordsOf(c, 'q') || undefined,
    product: wordsOf(c, 'product') || undefined,
    severity: severityOf(wordsOf(c, 'severity')),
    exploited: exploitedOf(wordsOf(c, 'exploited')),
  };
  const wanted = pageOf(c);
  // All of them are counted once in a while; what is like something, each time.
  const all = Object.values(filter).every((one) => one === undefined);
  const known = all ? (await site.totals()).issues : undefined;
  const search = (page: number) =>
    findIssues(queries, { ...filter, limit: SIZE, offset: (page - 1) * SIZE }, known);
  let { issues, total } = await search(wanted);
  const { page, pages } = pagesOf(total, SIZE, wanted);
  if (page !== wanted) ({ issues } = await search(page));
  const ids = issues.map(({ id }) => id);
  const [{ heads, newest }, listed] = await Promise.all([readChannels(site), readListed(site.database, ids)]);
  const decisions = await decisionsOnLines(site, listed.lines);
  const data = {
    filter: {
      words: filter.words ?? null,
      product: filter.product ?? null,
      severity: filter.severity ?? null,
      exploited: filter.exploited ?? null,
    },
    channels: heads,
    rows: suggestionRows(ids, listed, heads, newest),
    page,
    pages,
    total,
  };
  return sendPage(c, site, form, data, (props) =>
    IssuesPage({ ...props, decisions, editing: editingOf(whoOf(c)) }),
  );
}

function exploitedOf(text: string): 'known' | 'likely' | undefined {
  if (text === '') return undefined;
  if (text !== 'known' && text !== 'likely')
    throw new RequestRefused(400, '"exploited" is one of known, likely.');
  return text;
}

function severityOf(text: string): Severity | undefined {
  if (text === '') return undefined;
  const severity = SEVERITIES.find((each) => each === text);
  if (severity === undefined) throw new RequestRefused(400, `"severity" is one of ${SEVERITIES.join(', ')}.`);
  return severity;
}
