import type { Context, Hono } from 'hono';
import { LONGEST_GAP, numberFigures } from '#domain/issues';
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

async function send(c: Context, site: Site, form: Form): Promise<Response> {
  const [figures, sources] = await Promise.all([
    numberFigures(site.database.queries, site.now()),
    site.sources(),
  ]);
  const { years, provisional, reservedPublic, madeAt } = figures;
  const { page, pages } = pagesOf(reservedPublic.latest.length, SIZE, pageOf(c));
  const shown = reservedPublic.latest.slice((page - 1) * SIZE, page * SIZE).map((each) => ({
    ...each,
    firstTitle: sourceTitle(each.first.source),
    byTitles: each.by.map(sourceTitle),
  }));
  const data = {
    madeAt: madeAt.toISOString(),
    years,
    provisional,
    reserved: { total: reservedPublic.total, shown, page, pages },
    recordsRead: sources.some(({ source, reports }) => source === 'cve' && reports > 0),
    longestGap: LONGEST_GAP,
  };
  return sendPage(c, site, form, data, NumbersPage);
}
