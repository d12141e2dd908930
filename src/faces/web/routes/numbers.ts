import type { Context, Hono } from 'hono';
import { LONGEST_GAP, type NumberFigures, numberFigures } from '#domain/issues';
import { type Form, sendPage } from '../answer.ts';
import { NumbersPage } from '../pages/numbers.tsx';
import { pageOf, pagesOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { sourceTitle } from '../source-titles.ts';

const SIZE = 100;

/** `/numbers`: how many are public, reserved, rejected, and of how many nobody has spoken; `?page=`. */
export function numberRoutes(app: Hono, site: Site): void {
  app.get('/numbers', (c) => send(c, site, 'html'));
  app.get('/numbers.json', (c) => send(c, site, 'json'));
}

/** Before the first count. */
const NOT_COUNTED: NumberFigures = { years: [], provisional: [], reservedPublic: { total: 0, latest: [] } };

async function send(c: Context, site: Site, form: Form): Promise<Response> {
  const [figures, sources] = await Promise.all([numberFigures(site.database.queries), site.sources()]);
  const { years, provisional, reservedPublic } = figures ?? NOT_COUNTED;
  const { page, pages } = pagesOf(reservedPublic.latest.length, SIZE, pageOf(c));
  const shown = reservedPublic.latest.slice((page - 1) * SIZE, page * SIZE).map((each) => ({
    ...each,
    firstTitle: sourceTitle(each.first.source),
    byTitles: each.by.map(sourceTitle),
  }));
  const data = {
    madeAt: figures?.madeAt.toISOString() ?? null,
    years,
    provisional,
    reserved: { total: reservedPublic.total, listed: reservedPublic.latest.length, shown, page, pages },
    recordsRead: sources.some(({ source, reports }) => source === 'cve' && reports > 0),
    longestGap: LONGEST_GAP,
  };
  return sendPage(c, site, form, data, NumbersPage);
}
