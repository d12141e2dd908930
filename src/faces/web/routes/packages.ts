import type { Context, Hono } from 'hono';
import { findPackages } from '#domain/channels';
import { type Form, sendPage } from '../answer.ts';
import { PackagesPage } from '../pages/packages.tsx';
import { wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';

const MOST = 100;

/** `/packages?q=`: packages by a part of their name. */
export function packagesRoutes(app: Hono, site: Site): void {
  app.get('/packages', (c) => send(c, site, 'html'));
  app.get('/packages.json', (c) => send(c, site, 'json'));
}

async function send(c: Context, site: Site, form: Form): Promise<Response> {
  const words = wordsOf(c, 'q');
  // One more than is shown tells that there are more.
  const found = await findPackages(site.database.queries, words, MOST + 1);
  const data = { words, packages: found.slice(0, MOST), more: found.length > MOST };
  return sendPage(c, site, form, data, PackagesPage);
}
