import type { Context, Hono } from 'hono';
import { lastAttempts, quarantinedDocument, quarantinePage, readRaw, SOURCES } from '#domain/sources';
import { type Form, sendPage, sendRaw } from '../answer.ts';
import { freshnessOf } from '../freshness.ts';
import { quarantinedRawAddress } from '../list-addresses.ts';
import { SourcesPage, type SourcesPageProps } from '../pages/sources.tsx';
import { pageOf, pagesOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { sendNotFound } from './not-found.ts';

const SIZE = 50;

/** `/sources`: who publishes, how each source does, and what could not be read; the bytes of that below `/sources/quarantine/`. */
export function sourcesRoutes(app: Hono, site: Site): void {
  const { queries } = site.database;
  const send = async (c: Context, form: Form) =>
    sendPage(c, site, form, await sourcesData(c, site), SourcesPage);
  app.get('/sources', (c) => send(c, 'html'));
  app.get('/sources.json', (c) => send(c, 'json'));

  app.get('/sources/quarantine/:id/raw', async (c) => {
    const id = c.req.param('id');
    const found = /^[1-9]\d{0,14}$/.test(id) ? await quarantinedDocument(queries, Number(id)) : null;
    const bytes = found === null ? null : await readRaw(queries, found);
    if (found === null || bytes === null) return sendNotFound(c, site);
    return sendRaw(c, bytes, `${found.source}-${found.document === '' ? found.path : found.document}`);
  });
}

async function sourcesData(c: Context, site: Site): Promise<Omit<SourcesPageProps, 'frame'>> {
  const { queries } = site.database;
  const wanted = pageOf(c);
  const read = (page: number) => quarantinePage(queries, { limit: SIZE, offset: (page - 1) * SIZE });
  const [states, attempts, first] = await Promise.all([site.sources(), lastAttempts(queries), read(wanted)]);
  const { page, pages } = pagesOf(first.total, SIZE, wanted);
  const { entries } = page === wanted ? first : await read(page);
  const byId = new Map(states.map((state) => [state.source, state]));
  const now = site.now();
  return {
    sources: SOURCES.map((source) => {
      const state = byId.get(source.id);
      return {
        id: source.id,
        title: source.title,
        homepage: source.homepage,
        licence: { name: source.licence.name, url: source.licence.url },
        state: freshnessOf(source, state, now).state,
        lastSuccess: state?.last_success?.toISOString() ?? null,
        lastAttempt: attempts.get(source.id)?.toISOString() ?? null,
        lastError: state?.last_error ?? null,
        newestReport: state?.newest?.toISOString() ?? null,
        reports: state?.reports ?? 0,
        quarantined: state?.quarantined ?? 0,
        expectEveryHours: source.expectEveryHours,
      };
    }),
    quarantine: {
      rows: entries.map((entry) => ({
        ...entry,
        firstSeen: entry.firstSeen.toISOString(),
        lastSeen: entry.lastSeen.toISOString(),
        raw: quarantinedRawAddress(entry.id),
      })),
      page,
      pages,
      total: first.total,
    },
  };
}
