import type { Context, Next } from 'hono';

type RefusalStatus = 400 | 405 | 413 | 414 | 415;

/** A request that cannot be answered as it is: with a status, and a sentence that says why. */
export class RequestRefused extends Error {
  readonly status: RefusalStatus;
  /** With 405: what the address does take. */
  readonly allow: string;

  constructor(status: RefusalStatus, message: string, allow = 'GET, HEAD') {
    super(message);
    this.name = 'RequestRefused';
    this.status = status;
    this.allow = allow;
  }
}

/** Our own longest addresses (a report's key, percent-encoded) stay below it. */
const LONGEST_ADDRESS = 4_000;
const MOST_PARAMETERS = 20;
const PAGE_METHODS: readonly string[] = ['GET', 'HEAD', 'POST'];
const API_METHODS: readonly string[] = [...PAGE_METHODS, 'PUT', 'DELETE'];

/**
 * Lets only through what a page can be asked with: GET, HEAD or POST, an address of bearable length that is percent-encoded
 * UTF-8, and no control characters in its path (PostgreSQL's text has no NUL, and no name here has a line break).
 */
export async function checkRequest(c: Context, next: Next): Promise<void> {
  const { method, url } = c.req;
  const known = c.req.path.startsWith('/api/') ? API_METHODS : PAGE_METHODS;
  if (!known.includes(method)) throw new RequestRefused(405, 'Pages can be read, and forms be sent (POST).');
  const address = url.slice(url.indexOf('/', url.indexOf('//') + 2));
  if (address.length > LONGEST_ADDRESS)
    throw new RequestRefused(414, `The address is longer than ${LONGEST_ADDRESS} characters.`);
  const [path = '', query = ''] = cut(address, '?');
  if (/[\p{Cc}]/u.test(decoded(path, 'path')))
    throw new RequestRefused(400, 'The path has control characters.');
  const parameters = query === '' ? [] : query.split('&');
  if (parameters.length > MOST_PARAMETERS)
    throw new RequestRefused(400, `There are more than ${MOST_PARAMETERS} parameters.`);
  for (const parameter of parameters) decoded(parameter.replaceAll('+', ' '), 'query');
  await next();
}

function cut(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function decoded(text: string, where: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RequestRefused(400, `The ${where} of the address is not percent-encoded UTF-8.`);
  }
}

const LONGEST_WORDS = 200;

/** Words that somebody looks for: one line, without control characters; empty where there are none. */
export function wordsOf(c: Context, name: string): string {
  const text = (c.req.query(name) ?? '').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  if ([...text].length > LONGEST_WORDS)
    throw new RequestRefused(400, `"${name}" is longer than ${LONGEST_WORDS} characters.`);
  return text;
}

/** The number of a page of a long list, from 1. */
export function pageOf(c: Context): number {
  const text = c.req.query('page');
  if (text === undefined) return 1;
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new RequestRefused(400, '"page" is a whole number from 1 to 999999.');
  return Number(text);
}

/** Which part of a list a page shows. What lies past the end is the last page. */
export function pagesOf(
  total: number,
  size: number,
  wanted: number,
): { page: number; pages: number; offset: number } {
  const pages = Math.max(1, Math.ceil(total / size));
  const page = Math.min(wanted, pages);
  return { page, pages, offset: (page - 1) * size };
}
