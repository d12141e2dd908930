import type { Context, Hono } from 'hono';
import {
  type Figures,
  insightFigures,
  type ListPart,
  type ListPlace,
  type ReckonedFigures,
  reckonedFigures,
} from '#domain/insight';
import { CACHE_CONTROL, type Form, readings, sendPage } from '../answer.ts';
import { csv, csvRows } from '../csv.ts';
import { INSIGHT_LISTS, INSIGHT_PARTS, type InsightList } from '../insight-tables.ts';
import { EVIDENCE_ADDRESS, INSIGHT_ADDRESS } from '../list-addresses.ts';
import { EvidencePage } from '../pages/evidence.tsx';
import { InsightPage } from '../pages/insight.tsx';
import { RequestRefused, wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { sendNotFound } from './not-found.ts';

/**
 * `/insight`, its one page for who answers for it all, and the data of each plot: `/insight/counts.csv`, `.json`;
 * of long lists the CSV is all of it, the JSON a part at a time.
 */
export function insightRoutes(app: Hono, site: Site): void {
  for (const form of ['html', 'json'] as const) {
    const ending = form === 'html' ? '' : `.${form}`;
    app.get(`${INSIGHT_ADDRESS}${ending}`, async (c) =>
      sendPage(c, site, form, await insightData(site), InsightPage),
    );
    app.get(`${EVIDENCE_ADDRESS}${ending}`, async (c) =>
      sendPage(c, site, form, { figures: dated(await reckonedFigures(site.database.queries)) }, EvidencePage),
    );
  }
  app.get(`${INSIGHT_ADDRESS}/:part`, async (c) => {
    const file = c.req.param('part');
    const [wanted] = readings(file, ['json']).filter(({ form }) => form === ('json' as Form));
    const name = wanted?.name ?? (file.endsWith('.csv') ? file.slice(0, -4) : null);
    const figures = await reckonedFigures(site.database.queries);
    if (name === null || figures === null) return sendNotFound(c, site);
    c.header('Cache-Control', CACHE_CONTROL);
    const list = Object.hasOwn(INSIGHT_LISTS, name) ? INSIGHT_LISTS[name] : undefined;
    if (list !== undefined)
      return wanted === undefined
        ? sendRows(c, `insight-${name}.csv`, listRows(site, figures, list))
        : sendPart(c, site, figures, list);
    const part = Object.hasOwn(INSIGHT_PARTS, name) ? INSIGHT_PARTS[name] : undefined;
    if (part === undefined) return sendNotFound(c, site);
    const people = await peopleOf(site, figures);
    const { head, rows, data } = part(figures, (person) => people.get(person) ?? person);
    return wanted === undefined ? sendTable(c, `insight-${name}.csv`, csv(head, rows)) : c.json(data ?? null);
  });
}

const PART = 200;
/** Lines of a file that are read at once. */
const SLICE = 1000;

/** A part of a list as JSON: `?cursor=` is the `next` of the one before. */
async function sendPart(
  c: Context,
  site: Site,
  figures: ReckonedFigures,
  list: InsightList,
): Promise<Response> {
  const after = placeOf(wordsOf(c, 'cursor'));
  const { lines, next } = await list.part(site.database.queries, figures, { after, limit: PART });
  const total = figures.totals[list.name];
  const cursor = next === null ? null : cursorOf(next);
  if (cursor !== null)
    c.header('Link', `<${new URL(c.req.url).pathname}?cursor=${encodeURIComponent(cursor)}>; rel="next"`);
  return c.json({ ...list.beside(figures), today: figures.today, total, lines, next: cursor });
}

/** The whole list, read a part at a time while it is sent. */
async function* listRows(
  site: Site,
  figures: ReckonedFigures,
  { head, part, row }: InsightList,
): AsyncGenerator<string> {
  yield csvRows([head]);
  for (let after: ListPlace | null = null; ; ) {
    const read: ListPart<unknown> = await part(site.database.queries, figures, { after, limit: SLICE });
    yield csvRows(read.lines.map(row));
    if (read.next === null) return;
    after = read.next;
  }
}

function sendRows(c: Context, name: string, rows: AsyncGenerator<string>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await rows.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await rows.return(undefined);
    },
  });
  return c.body(body, 200, csvHeaders(name));
}

function cursorOf({ place, line }: ListPlace): string {
  return Buffer.from(JSON.stringify([place, line])).toString('base64url');
}

/** @throws RequestRefused for a cursor that is none of ours */
function placeOf(cursor: string): ListPlace | null {
  if (cursor === '') return null;
  try {
    const [place, line] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (Number.isInteger(place) && Number(place) > 0 && Number(place) < 2 ** 31 && typeof line === 'string')
      return { place: Number(place), line: line.replaceAll('\0', '') };
  } catch {
    // It is said below.
  }
  throw new RequestRefused(400, 'The cursor is not one that a list gave.');
}

function sendTable(c: Context, name: string, text: string): Response {
  return c.body(text, 200, csvHeaders(name));
}

function csvHeaders(name: string) {
  return {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
  };
}

async function insightData(site: Site) {
  const figures = dated(await insightFigures(site.database.queries));
  return { figures, people: figures === null ? {} : Object.fromEntries(await peopleOf(site, figures)) };
}

/** As pages and their JSON have it: moments as text. */
function dated<F extends { reckonedAt: Date }>(
  figures: F | null,
): (Omit<F, 'reckonedAt'> & { reckonedAt: string }) | null {
  return figures === null ? null : { ...figures, reckonedAt: figures.reckonedAt.toISOString() };
}

async function peopleOf(site: Site, { sharing }: Pick<Figures, 'sharing'>): Promise<Map<string, string>> {
  const actors = [...(sharing?.quarter.shares ?? []), ...(sharing?.year.shares ?? [])].map(
    ({ person }) => person,
  );
  const names = await site.names(actors);
  return new Map(actors.map((actor) => [actor, names(actor).label]));
}
