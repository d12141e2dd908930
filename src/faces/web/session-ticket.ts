import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { Provider } from '#domain/accounts';
import { readSecret } from './session-cookie.ts';
import type { Site } from './site.ts';

/**
 * What a link of one's own page carries that does something all the same (linking an identity cannot be a form: our policy
 * lets forms lead nowhere else). It goes with the session and is known to nobody else, so no other site can make the link.
 */
export function ticketFor(c: Context, site: Pick<Site, 'config'>, provider: Pick<Provider, 'id'>): string {
  const secret = readSecret(c, site, 'session') ?? '';
  return createHmac('sha256', secret).update(`link ${provider.id}`).digest('base64url');
}

export function isTicket(
  c: Context,
  site: Pick<Site, 'config'>,
  provider: Pick<Provider, 'id'>,
  ticket: string,
): boolean {
  const [ours, theirs] = [Buffer.from(ticketFor(c, site, provider)), Buffer.from(ticket)];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}
