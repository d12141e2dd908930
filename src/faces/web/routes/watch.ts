import type { Hono } from 'hono';
import { unwatch, watch } from '#domain/issues';
import { ownAddress, topicAddress } from '../components/addresses.ts';
import { readFields, wantsJson } from '../request-body.ts';
import { requirePerson } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { whoOf } from '../who.ts';

/** `POST /watch`: begins or ends to watch an issue, a package or a channel. */
export function watchRoutes(app: Hono, site: Site): void {
  app.post('/watch', async (c) => {
    c.header('Cache-Control', 'no-store');
    requirePerson(c);
    const form = await readFields(c);
    const { actor } = whoOf(c);
    const watches = form.get('watch') !== 'no';
    const { topic } = watches
      ? await watch(site.database, actor, form.get('topic') ?? '', site.now())
      : await unwatch(site.database, actor, form.get('topic') ?? '');
    if (wantsJson(c)) return c.json({ topic, watched: watches });
    return c.redirect(ownAddress(form.get('back') ?? topicAddress(topic)), 303);
  });
}
