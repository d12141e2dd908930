import { isIP } from 'node:net';
import type { Context } from 'hono';
import type { RelyingParty } from '#domain/accounts';
import { originOf } from './session.ts';
import type { Site } from './site.ts';

/**
 * For whom passkeys are made at this address; null where browsers make none: they need a name (an IP address is none) and
 * https, but for `localhost` (WebAuthn Level 3, section 5.1.3; Secure Contexts).
 */
export function partyOf(c: Context, site: Pick<Site, 'config'>): RelyingParty | null {
  const { protocol, hostname, origin } = new URL(originOf(c, site));
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (isIP(hostname) !== 0 || hostname.startsWith('[') || !(protocol === 'https:' || isLocal)) return null;
  return { name: `Muster ${site.config.team}`, id: hostname, origin };
}
