import type { Hono } from 'hono';
import { renderMarkdown, roundupFigures, roundupView } from '#domain/roundup';
import { CACHE_CONTROL, readings, redirectTo, sendPage } from '../answer.ts';
import { roundupAddress } from '../components/addresses.ts';
import { ROUNDUPS_ADDRESS } from '../list-addresses.ts';
import { RoundupPage } from '../pages/roundup.tsx';
import { RoundupsPage, type RoundupsPageProps } from '../pages/roundups.tsx';
import type { Site } from '../site.ts';
import { sendNotFound } from './not-found.ts';

/** `/roundups`, `/roundups/12` (also as `.json` and `.md`), and `/roundup`, which leads to the latest. */
export function roundupRoutes(app: Hono, site: Site): void {
  const { queries } = site.database;

  app.get('/roundups', async (c) => sendPage(c, site, 'html', await allRoundups(site), RoundupsPage));
  app.get('/roundups.json', async (c) => sendPage(c, site, 'json', await allRoundups(site), RoundupsPage));

  app.get('/roundup', async (c) => {
    const [latest] = await roundupFigures(queries, 1);
    return redirectTo(c, latest === undefined ? ROUNDUPS_ADDRESS : roundupAddress(latest.number), 302);
  });

  app.get('/roundups/:number', async (c) => {
    const wanted = readings(c.req.param('number'), ['json', 'md']).at(-1);
    if (wanted === undefined || !/^[1-9]\d{0,8}$/.test(wanted.name)) return sendNotFound(c, site);
    const view = await roundupView(queries, site.config.team, Number(wanted.name));
    if (wanted.form === 'md') {
      c.header('Cache-Control', CACHE_CONTROL);
      const { publicUrl } = site.config;
      const text = renderMarkdown(view, publicUrl === undefined ? {} : { publicUrl });
      return c.body(text, 200, { 'Content-Type': 'text/markdown; charset=utf-8' });
    }
    return sendPage(c, site, wanted.form, view, ({ frame, ...roundup }) => RoundupPage({ frame, roundup }));
  });
}

async function allRoundups(site: Site): Promise<Omit<RoundupsPageProps, 'frame'>> {
  const all = await roundupFigures(site.database.queries);
  return {
    roundups: all.map(({ number, coversSince, coversUntil, openedAt, closedAt, lead, ...counts }) => ({
      number,
      coversSince: coversSince.toISOString().slice(0, 10),
      coversUntil: coversUntil.toISOString().slice(0, 10),
      openedAt: openedAt.toISOString(),
      closedAt: closedAt?.toISOString() ?? null,
      lead,
      lines: counts.lines,
      completed: counts.completed,
      carried: counts.carried,
    })),
  };
}
