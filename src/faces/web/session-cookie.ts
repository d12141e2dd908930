import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { SESSION_DAYS } from '#domain/accounts';
import type { Site } from './site.ts';

/** `session` says who is signed in; `step` belongs to a sign-in that is under way. */
type Kind = 'session' | 'step';

const NAMES: Readonly<Record<Kind, string>> = { session: 'muster', step: 'muster-step' };
const SECONDS: Readonly<Record<Kind, number>> = { session: SESSION_DAYS * 86_400, step: 3600 };

/** Whether others reach us by https: then cookies travel by nothing else, and no other host of the domain can set them (`__Host-`). */
export function isSecure({ config }: Pick<Site, 'config'>): boolean {
  return config.publicUrl?.startsWith('https:') ?? false;
}

export function readSecret(c: Context, site: Pick<Site, 'config'>, kind: Kind): string | undefined {
  return isSecure(site) ? getCookie(c, NAMES[kind], 'host') : getCookie(c, NAMES[kind]);
}

export function keepSecret(c: Context, site: Pick<Site, 'config'>, kind: Kind, secret: string): void {
  setCookie(c, NAMES[kind], secret, { ...common(site), maxAge: SECONDS[kind] });
}

export function dropSecret(c: Context, site: Pick<Site, 'config'>, kind: Kind): void {
  deleteCookie(c, NAMES[kind], common(site));
}

function common(site: Pick<Site, 'config'>) {
  const secure = isSecure(site);
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure,
    ...(secure ? { prefix: 'host' as const } : {}),
  } as const;
}
