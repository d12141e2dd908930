import { isUtf8 } from 'node:buffer';
import type { Context } from 'hono';
import { type LatestRoundup, makeFrame } from './frame.ts';
import { type Frame, htmlDocument } from './layout.tsx';
import { isReadAnew } from './live-fragments.ts';
import { drawBytes } from './markup/kept-markup.ts';
import type { Site } from './site.ts';

/** In which form a page is wanted: by the ending of its address. */
export type Form = 'html' | 'json' | 'md';

/** A reader's own copy is asked for anew each time (an ETag makes that cheap); what stands between may keep it for a minute. */
export const CACHE_CONTROL = 'public, max-age=0, s-maxage=60, must-revalidate';

/**
 * What the last part of an address may mean, the likeliest first: itself (there is a package `haskellPackages.json`), then
 * without an ending that names a form.
 */
export function readings(
  part: string,
  endings: readonly Exclude<Form, 'html'>[] = ['json'],
): { name: string; form: Form }[] {
  const form = endings.find((ending) => part.endsWith(`.${ending}`) && part.length > ending.length + 1);
  const whole = { name: part, form: 'html' as const };
  return form === undefined ? [whole] : [whole, { name: part.slice(0, -form.length - 1), form }];
}

/** Sends what a page shows: as the page, or as JSON where that is wanted. */
export async function sendPage<D extends object>(
  c: Context,
  site: Site,
  form: Form,
  data: D,
  page: (props: D & { frame: Frame }) => { toString(): string },
  latest?: LatestRoundup | null,
): Promise<Response> {
  // Parts of a page are nobody else's copy of it.
  c.header('Cache-Control', isReadAnew(c) ? 'no-store' : CACHE_CONTROL);
  if (form === 'json') return c.json(data);
  // A reader's theme is in the page.
  c.header('Vary', 'Cookie');
  const around = { feeds: true, ...(latest === undefined ? {} : { latest }) };
  const frame = await makeFrame(c, site, around);
  const bytes = drawBytes(() => htmlDocument(page({ ...data, frame })));
  return c.body(bytes, 200, { 'Content-Type': 'text/html; charset=UTF-8' });
}

/** Sends raw bytes of somebody else's so that no browser takes them for a page: as a file, of plain text, in no origin. */
export function sendRaw(c: Context, bytes: Buffer, name: string): Response {
  c.header('Cache-Control', CACHE_CONTROL);
  c.header('Content-Type', `text/plain; charset=${isUtf8(bytes) ? 'utf-8' : 'iso-8859-1'}`);
  c.header('Content-Disposition', `attachment; filename="${fileName(name)}"`);
  c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
  return c.body(new Uint8Array(bytes));
}

function fileName(name: string): string {
  const plain = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 100);
  return `${plain === '' ? 'document' : plain}.txt`;
}

/** Leads to another address; as short-lived as any page, since what was merged may be split again. */
export function redirectTo(c: Context, address: string, status: 302 | 308): Response {
  c.header('Cache-Control', CACHE_CONTROL);
  return c.redirect(address, status);
}
