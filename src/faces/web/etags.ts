import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import { whoOf } from './who.ts';

/**
 * Answers 304 to whoever has the same bytes. Those who are signed in keep nothing (`no-store`), so nothing is hashed for
 * them. The hash is made at once: handing a page to another thread and back costs more than SHA-1 of it.
 */
export function etags(): MiddlewareHandler {
  // The number of the last change goes with what has not changed, too.
  const answer = etag({
    retainedHeaders: [...RETAINED_304_HEADERS, 'Server-Timing'],
    generateDigest: (body) => {
      const digest = createHash('sha1').update(body).digest();
      return digest.buffer.slice(digest.byteOffset, digest.byteOffset + digest.length) as ArrayBuffer;
    },
  });
  return async (c, next) => {
    await next();
    if (whoOf(c).actor.account === null) await answer(c, async () => {});
  };
}
