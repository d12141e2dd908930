import type { Hono } from 'hono';
import { MusterError } from '#base/errors';
import { viewerOf } from '../presence.ts';
import { readFields } from '../request-body.ts';
import type { Site } from '../site.ts';
import { pageOf } from './live.ts';

/** `POST /presence` (`page`, `window`, `gone`): somebody who is signed in looks at a page. Told to the others who do, stored nowhere. */
export function presenceRoutes(app: Hono, site: Site): void {
  app.post('/presence', async (c) => {
    const viewer = viewerOf(c);
    if (viewer === null)
      throw new MusterError('UNAUTHENTICATED', 'only people who are signed in see each other');
    const fields = await readFields(c);
    const page = pageOf(fields.get('page'));
    const window = fields.get('window') ?? '';
    if (page === null || !/^[\w-]{1,40}$/.test(window))
      throw new MusterError('USAGE', 'it takes the path of a page, and a name of the window');
    await site.live.presence.say({ page, window, viewer, gone: fields.get('gone') === 'yes' });
    return c.body(null, 204);
  });
}
