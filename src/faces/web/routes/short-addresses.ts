import type { Hono } from 'hono';
import { redirectTo } from '../answer.ts';
import type { Site } from '../site.ts';

/** One says "roundup 12" and "issue NSI-2017-0043", and so types it: these lead to where the pages stand. */
const SINGULARS = [
  ['roundup', 'roundups'],
  ['issue', 'issues'],
  ['package', 'packages'],
  ['channel', 'channels'],
  ['report', 'reports'],
  ['source', 'sources'],
  ['vulnerability', 'vulnerabilities'],
] as const;

export function shortAddressRoutes(app: Hono, _site: Site): void {
  for (const [one, many] of SINGULARS) {
    app.get(`/${one}/*`, (c) => {
      // As it was written: a key's own slashes are percent-encoded and stay so.
      const { pathname, search } = new URL(c.req.url);
      return redirectTo(c, `/${many}${pathname.slice(one.length + 1)}${search}`, 308);
    });
  }
}
