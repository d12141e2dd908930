import type { Hono } from 'hono';
import { sendPage } from '../answer.ts';
import { KEYS } from '../keys-table.ts';
import { KeysPage } from '../pages/keys.tsx';
import type { Site } from '../site.ts';

/** `/keys`: what each key does. */
export function keysRoutes(app: Hono, site: Site): void {
  app.get('/keys', async (c) => sendPage(c, site, 'html', {}, KeysPage));
  app.get('/keys.json', async (c) => sendPage(c, site, 'json', { keys: KEYS }, KeysPage));
}
