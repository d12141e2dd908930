import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { MusterError } from '#base/errors';
import { atLeast } from '#domain/policies';
import { ASKING, makeBuckets } from './limits.ts';
import { makeDocument } from './openapi.ts';
import type { AnyReply, ApiSite, Asked, Asker, Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { ProblemError } from './problem.ts';

export const API_ADDRESS = '/api/v1';
export const DOCUMENT_ADDRESS = `${API_ADDRESS}/openapi.json`;

/** What the web does for the API: who asks, what came in a body, what is kept by whom. */
export interface ApiDoor extends Asker {
  readJson(c: Context): Promise<unknown>;
  isJson(c: Context): boolean;
  /** For what everybody may read. */
  cacheControl: string;
}

/** `/api/v1`: every operation of the table, and the document that is written from it. */
export function apiRoutes(app: Hono, site: ApiSite, door: ApiDoor): void {
  const take = makeBuckets();
  const document = JSON.stringify(makeDocument(site.config));
  app.get(DOCUMENT_ADDRESS, (c) => {
    c.header('Cache-Control', door.cacheControl);
    return c.body(document, 200, { 'Content-Type': 'application/json' });
  });
  for (const one of OPERATIONS)
    app.on(one.method, routeOf(one), async (c) => {
      c.header(
        'Cache-Control',
        one.method === 'GET' && one.least === 'visitor' ? door.cacheControl : 'no-store',
      );
      limit(c, door, take);
      const asked = await readAsked(c, site, door, one);
      // What was read is what the operation's own schemas made of it.
      return send(c, one, await one.answer(asked as Asked<never, never, never>));
    });
}

/** `/issues/{id}` as the router has it: `/api/v1/issues/:id`. */
export function routeOf({ path }: Pick<Operation, 'path'>): string {
  return `${API_ADDRESS}${path.replace(/\{(\w+)\}/g, ':$1')}`;
}

function limit(c: Context, door: ApiDoor, take: ReturnType<typeof makeBuckets>): void {
  const { actor } = door.whoOf(c);
  const wait =
    actor.account === null ? take(`from ${door.addressOf(c)}`, ASKING.visitor) : take(actor.id, ASKING.known);
  if (wait === null) return;
  c.header('Retry-After', String(wait));
  throw new MusterError('RATE_LIMITED', `that is a lot at once; go on in ${wait} seconds`);
}

async function readAsked(
  c: Context,
  site: ApiSite,
  door: ApiDoor,
  { least, session, params, query, body }: Operation,
): Promise<Asked<unknown, unknown, unknown>> {
  const who = door.whoOf(c);
  if (least !== 'visitor' && who.actor.account === null)
    throw new MusterError(
      'UNAUTHENTICATED',
      'that takes an account: send a token (Authorization: Bearer muster_…)',
    );
  if (!atLeast(who.actor, least))
    throw new MusterError(
      'FORBIDDEN',
      `that takes the role ${least}${who.scopes === null ? '' : ', and a token whose scopes allow it'}`,
    );
  if (session && who.session === null)
    throw new MusterError('FORBIDDEN', 'a token cannot change how its account is entered; sign in for that');
  return {
    site,
    who,
    params: checked('path', params, c.req.param()),
    query: checked('query', query, c.req.query()),
    body: body === null ? undefined : checked('body', body, await jsonBody(c, door)),
    ifMatch: c.req.header('If-Match') ?? null,
    address: door.addressOf(c),
  };
}

async function jsonBody(c: Context, door: ApiDoor): Promise<unknown> {
  if (!door.isJson(c))
    throw new MusterError('USAGE', 'the body has to be JSON (Content-Type: application/json)');
  return door.readJson(c);
}

/** What came in, as its schema has it. @throws ProblemError USAGE or REFUSED, with what is wrong where */
function checked(where: 'path' | 'query' | 'body', schema: z.ZodType | null, value: unknown): unknown {
  const parsed = schema?.safeParse(value);
  if (parsed === undefined) {
    const [extra] = where === 'query' ? Object.keys(value as object) : [];
    if (extra !== undefined) throw new ProblemError('USAGE', `it is not asked with "${extra}"`, {});
    return value;
  }
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
    where: [where, ...path].join('.'),
    why: message,
  }));
  const words = errors.map((error) => `${error.where}: ${error.why}`).join('; ');
  // A part of a path that cannot be is a thing that is not there.
  throw new ProblemError(where === 'path' ? 'NOT_FOUND' : where === 'body' ? 'REFUSED' : 'USAGE', words, {
    errors,
  });
}

function send(c: Context, { method }: Operation, { status, body, headers = {} }: AnyReply): Response {
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  const next =
    method === 'GET' && typeof body === 'object' && body !== null && 'next' in body ? body.next : null;
  if (typeof next === 'string') {
    const { pathname, searchParams } = new URL(c.req.url);
    searchParams.set('cursor', next);
    c.header('Link', `<${pathname}?${searchParams}>; rel="next"`);
  }
  // The statuses are those that the operation itself names.
  return c.json(body as object, status as 200);
}
