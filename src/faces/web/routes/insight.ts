import type { Context, Hono } from 'hono';
import { type Figures, insightFigures } from '#domain/insight';
import { CACHE_CONTROL, type Form, readings, sendPage } from '../answer.ts';
import { csv } from '../csv.ts';
import { INSIGHT_PARTS } from '../insight-tables.ts';
import { EVIDENCE_ADDRESS, INSIGHT_ADDRESS } from '../list-addresses.ts';
import { EvidencePage } from '../pages/evidence.tsx';
import { InsightPage } from '../pages/insight.tsx';
import type { Site } from '../site.ts';
import { sendNotFound } from './not-found.ts';

/** `/insight`, its one page for who answers for it all, and the data of each plot: `/insight/counts.csv`, `.json`. */
export function insightRoutes(app: Hono, site: Site): void {
  for (const form of ['html', 'json'] as const) {
    const ending = form === 'html' ? '' : `.${form}`;
    app.get(`${INSIGHT_ADDRESS}${ending}`, async (c) =>
      sendPage(c, site, form, await insightData(site), InsightPage),
    );
    app.get(`${EVIDENCE_ADDRESS}${ending}`, async (c) =>
      sendPage(c, site, form, { figures: await shownFigures(site) }, EvidencePage),
    );
  }
  app.get(`${INSIGHT_ADDRESS}/:part`, async (c) => {
    const file = c.req.param('part');
    const [wanted] = readings(file, ['json']).filter(({ form }) => form === ('json' as Form));
    const name = wanted?.name ?? (file.endsWith('.csv') ? file.slice(0, -4) : null);
    const part = name !== null && Object.hasOwn(INSIGHT_PARTS, name) ? INSIGHT_PARTS[name] : undefined;
    const figures = await insightFigures(site.database.queries);
    if (part === undefined || figures === null) return sendNotFound(c, site);
    const people = await peopleOf(site, figures);
    const { head, rows, data } = part(figures, (person) => people.get(person) ?? person);
    c.header('Cache-Control', CACHE_CONTROL);
    return wanted === undefined ? sendTable(c, `insight-${name}.csv`, csv(head, rows)) : c.json(data ?? null);
  });
}

function sendTable(c: Context, name: string, text: string): Response {
  return c.body(text, 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
  });
}

async function insightData(site: Site) {
  const figures = await shownFigures(site);
  return { figures, people: figures === null ? {} : Object.fromEntries(await peopleOf(site, figures)) };
}

async function shownFigures(site: Site): Promise<(Figures & { reckonedAt: string }) | null> {
  const figures = await insightFigures(site.database.queries);
  return figures === null ? null : { ...figures, reckonedAt: figures.reckonedAt.toISOString() };
}

async function peopleOf(site: Site, { sharing }: Figures): Promise<Map<string, string>> {
  const actors = [...(sharing?.quarter.shares ?? []), ...(sharing?.year.shares ?? [])].map(
    ({ person }) => person,
  );
  const names = await site.names(actors);
  return new Map(actors.map((actor) => [actor, names(actor).label]));
}
