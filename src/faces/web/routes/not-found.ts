import type { Context } from 'hono';
import { parseId } from '#base/formats';
import { findPackages } from '#domain/channels';
import { findProducts, issueById } from '#domain/issues';
import { issueAddress, ownAddress, packageAddress } from '../components/addresses.ts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { ISSUES_ADDRESS, vulnerabilityAddress, withQuery } from '../list-addresses.ts';
import { NotFoundPage, type NotFoundPageProps } from '../pages/not-found.tsx';
import type { Site } from '../site.ts';

const SHOWN = 5;
const LONGEST_WANTED = 120;

/** 404, with what may have been meant. A slash too many leads to the page without it. */
export async function sendNotFound(c: Context, site: Site): Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  if (pathname.length > 1 && pathname.endsWith('/'))
    return c.redirect(ownAddress(pathname.replace(/\/+$/, '') + search), 308);
  const wanted = wantedName(pathname);
  c.header('Cache-Control', 'no-store');
  const suggestions = await meant(site, wanted);
  if (/\.(?:json|md)$/.test(pathname))
    return c.json({ error: 'NOT_FOUND', message: `There is no page for "${wanted}".`, suggestions }, 404);
  const page = NotFoundPage({ frame: await makeFrame(c, site), wanted, suggestions, movedTo: null });
  return c.html(htmlDocument(page), 404);
}

/** What the last part of the address names; `…/raw` belongs to the part before it. */
function wantedName(pathname: string): string {
  const parts = pathname.split('/').filter((part) => part !== '' && part !== 'raw');
  const [, name = pathname] = /^(.*?)(?:\.(?:json|md))?$/s.exec(decodeURIComponent(parts.at(-1) ?? '')) ?? [];
  return [...name].slice(0, LONGEST_WANTED).join('');
}

async function meant(site: Site, wanted: string): Promise<NotFoundPageProps['suggestions']> {
  const { queries } = site.database;
  const words = wanted.trim();
  if (words === '') return [];
  const id = parseId(words);
  const [packages, products, numbered] = await Promise.all([
    findPackages(queries, words, SHOWN),
    findProducts(queries, words, SHOWN),
    sameNumber(site, words),
  ]);
  return [
    ...(id === null ? [] : [{ kind: 'vulnerability', label: id, href: vulnerabilityAddress(id) }]),
    ...numbered,
    ...packages.map(({ attr }) => ({ kind: 'package', label: attr, href: packageAddress(attr) })),
    ...products.map(({ product }) => ({
      kind: 'issues of',
      label: product,
      href: withQuery(ISSUES_ADDRESS, { product }),
    })),
  ];
}

/** For `NSI-2017-43` the issue of that year whose number is written with more zeros. */
async function sameNumber(site: Site, words: string): Promise<NotFoundPageProps['suggestions']> {
  const [, prefix, year, number] = /^([a-z]{2,8})-(\d{4})-(\d{1,9})$/i.exec(words) ?? [];
  if (prefix === undefined || year === undefined || number === undefined) return [];
  const id = `${prefix.toUpperCase()}-${year}-${String(Number(number)).padStart(4, '0')}`;
  const found = await issueById(site.database.queries, id);
  return found === null
    ? []
    : [{ kind: 'issue', label: `${id} ${found.issue.title}`, href: issueAddress(id) }];
}
