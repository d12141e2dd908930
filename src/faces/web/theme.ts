import type { Context, Next } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { ownAddress } from './components/addresses.ts';
import type { NavItem } from './layout.tsx';
import { RequestRefused } from './request-checks.ts';

export type Theme = 'light' | 'dark';

const COOKIE = 'theme';
const YEAR_SECONDS = 365 * 86_400;

/** The reader's choice: the only cookie of whoever is not signed in, set by nobody but the reader, and never anything but one of two words. */
export function themeOf(c: Context): Theme | null {
  const chosen = getCookie(c, COOKIE);
  return chosen === 'light' || chosen === 'dark' ? chosen : null;
}

/** `?theme=dark` on any page keeps the choice and leads back to the page without it; `?theme=system` forgets it. */
export function chooseTheme({ secure }: { secure: boolean }) {
  return async (c: Context, next: Next): Promise<Response | undefined> => {
    const chosen = c.req.query('theme');
    if (chosen === undefined || c.req.method === 'POST') {
      await next();
      return undefined;
    }
    if (!['light', 'dark', 'system'].includes(chosen))
      throw new RequestRefused(400, 'There is a theme "light", one "dark", and "system".');
    setCookie(c, COOKIE, chosen === 'system' ? '' : chosen, {
      path: '/',
      sameSite: 'Lax',
      httpOnly: true,
      secure,
      maxAge: chosen === 'system' ? 0 : YEAR_SECONDS,
    });
    c.header('Cache-Control', 'no-store');
    return c.redirect(addressWithTheme(c, null), 303);
  };
}

/** Links to the other themes, for the footer. */
export function themeLinks(c: Context): NavItem[] {
  const current = themeOf(c);
  const all = [
    { theme: 'light', label: 'Light' },
    { theme: 'dark', label: 'Dark' },
    { theme: 'system', label: 'Light or dark as the system' },
  ];
  return all
    .filter(({ theme }) => theme !== (current ?? 'system'))
    .map(({ theme, label }) => ({ label, href: addressWithTheme(c, theme) }));
}

/** The address of this very page, with another theme or none. Never leads elsewhere, whatever was asked for. */
function addressWithTheme(c: Context, theme: string | null): string {
  const url = new URL(c.req.url);
  url.searchParams.delete('theme');
  if (theme !== null) url.searchParams.append('theme', theme);
  return ownAddress(`${url.pathname}${url.search}`);
}
