import type { Context, Hono } from 'hono';
import { ownAddress } from '../components/addresses.ts';
import { ACCOUNT_ADDRESS, INTAKE_ADDRESS } from '../list-addresses.ts';
import { parseTopics } from '../live-topics.ts';
import { viewerOf } from '../presence.ts';
import { networkOf } from '../remote-address.ts';
import { RequestRefused } from '../request-checks.ts';
import type { Site } from '../site.ts';

const AGAIN_SECONDS = '15';

/**
 * `GET /live?topics=issue:NSI-2017-0043,package:openssl`: server-sent events. `changed` tells which of the topics changed
 * and the number of the history's entry, nothing of what changed: whoever is told reads the page anew, with the rights that
 * they have. `Last-Event-ID` (or `after`) brings what was missed. To people who are signed in `presence` tells who else
 * looks at `page`.
 */
export function liveRoutes(app: Hono, site: Site): void {
  app.get('/live', async (c) => {
    const topics = parseTopics(c.req.query('topics') ?? '');
    if (topics === null)
      throw new RequestRefused(
        400,
        '"topics" names up to 60 public things: issue:NSI-2017-0043,package:openssl',
      );
    const page = pageOf(c.req.query('page'));
    c.header('Cache-Control', 'no-store');
    c.header('Content-Type', 'text/event-stream; charset=utf-8');
    // nginx would keep it until it has a page full.
    c.header('X-Accel-Buffering', 'no');
    if (c.req.method === 'HEAD') return c.body(null);
    const stream = await site.live.open({
      topics,
      after: afterOf(c),
      address: networkOf(c),
      page,
      viewer: viewerOf(c),
    });
    if (stream instanceof ReadableStream) return c.body(stream);
    c.header('Content-Type', 'text/plain; charset=utf-8');
    c.header('Retry-After', AGAIN_SECONDS);
    return stream === 'full'
      ? c.text('too many listen already\n', 429)
      : c.text('this server is closing\n', 503);
  });
}

/** The last entry that the listener knows of. */
function afterOf(c: Context): number | null {
  const text = c.req.header('Last-Event-ID') ?? c.req.query('after') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

const LONGEST_PAGE = 400;

/** Pages that not everybody may read: who looks at them is told to nobody. */
const PRIVATE = [INTAKE_ADDRESS, ACCOUNT_ADDRESS];

/** A page of ours by its path; null where it is none, or a private one. */
export function pageOf(path: unknown): string | null {
  if (typeof path !== 'string' || path === '' || path.length > LONGEST_PAGE) return null;
  if (PRIVATE.some((place) => path === place || path.startsWith(`${place}/`))) return null;
  return path.startsWith('/') && ownAddress(path) === path ? path : null;
}
