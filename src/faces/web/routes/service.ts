import type { Hono } from 'hono';
import { roundupFigures } from '#domain/roundup';
import type { Site } from '../site.ts';

const HEALTH_MS = 3_000;
const FOREVER = 'public, max-age=31536000, immutable';

/** What machines ask for: `/healthz`, `/robots.txt`, the stylesheet, the script, the icon. */
export function serviceRoutes(app: Hono, site: Site): void {
  const { stylesheet, script, icon } = site.assets;

  app.get('/healthz', async (c) => {
    c.header('Cache-Control', 'no-store');
    const reachable = await inTime(roundupFigures(site.database.queries, 1), HEALTH_MS);
    return c.text(reachable ? 'ok\n' : 'the database does not answer\n', reachable ? 200 : 503);
  });

  app.get('/robots.txt', (c) => {
    c.header('Cache-Control', 'public, max-age=86400');
    return c.text(
      'User-agent: *\nDisallow: /search\nDisallow: /edit\nDisallow: /live\nDisallow: /sign-\nDisallow: /recover\nDisallow: /*theme=\nDisallow: /*/raw$\n',
    );
  });

  app.get(stylesheet.path, (c) => {
    c.header('Cache-Control', FOREVER);
    return c.body(stylesheet.text, 200, { 'Content-Type': 'text/css; charset=utf-8' });
  });

  app.get(script.path, (c) => {
    c.header('Cache-Control', FOREVER);
    return c.body(script.text, 200, { 'Content-Type': 'text/javascript; charset=utf-8' });
  });

  app.get('/favicon.ico', (c) => {
    c.header('Cache-Control', 'public, max-age=86400');
    return c.body(icon, 200, { 'Content-Type': 'image/svg+xml' });
  });
}

/** Whether a reading succeeds before the time is over. */
async function inTime(reading: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const done = reading.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
