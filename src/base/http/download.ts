import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { request } from 'undici';
import { MusterError } from '#base/errors';
import type { HttpClient } from './client.ts';
import { isWorthAnother, pauseBefore, retryAfter } from './pauses.ts';
import { NotAllowed } from './public-hosts.ts';
import { userAgent } from './user-agent.ts';

/** What a server said of a version of a resource. Hints, no more: what counts is the hash of the content. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

/** What came of a download. `unchanged`: the server says that what it gave under those validators still holds. */
export type Downloaded = { kind: 'unchanged' } | DownloadedFile;

export interface DownloadedFile extends Validators {
  kind: 'fetched';
  path: string;
  /** Bytes that went over the wire in this download, what an earlier one had left not among them. */
  received: number;
  /** SHA-256 of the file, in hexadecimal. */
  hash: string;
}

export interface DownloadOptions {
  /** Larger answers are refused, before and after decompression. */
  maxBytes: number;
  /** Asks only for what differs from what these were said of. */
  known?: Validators | undefined;
  headers?: Readonly<Record<string, string>>;
  /** Attempts in all. */
  attempts?: number;
  /** For one attempt: until its answer begins, with all redirects, and as long again until it ends. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  onProgress?: (bytes: number) => void;
}

const ATTEMPTS = 4;
const LONGEST_MS = 45 * 60_000;

/**
 * Fetches one address into a file. The body is read within the attempt, so that a connection that breaks half-way is tried
 * again; what came until then is kept beside the file, also for a later process, and the next attempt asks for the rest
 * (`Range` with `If-Range`), and takes the whole where the server gives that. `Retry-After` is obeyed up to five minutes.
 * Between attempts it pauses, longer each time. undici's own retrying goes on only within a process and without jitter.
 *
 * @throws MusterError FETCH_FAILED with the last reason
 */
export async function download(
  client: HttpClient,
  url: string,
  path: string,
  options: DownloadOptions,
): Promise<Downloaded> {
  const attempts = options.attempts ?? ATTEMPTS;
  await mkdir(dirname(path), { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(client, url, path, options);
    if (outcome.kind !== 'failed') return outcome;
    if (!outcome.again || attempt >= attempts)
      throw new MusterError('FETCH_FAILED', `${url}: ${outcome.why}`);
    const { askedMs } = outcome;
    await sleep(pauseBefore(attempt, { firstMs: client.pauseMs, askedMs }), undefined, {
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }
}

interface Failed {
  kind: 'failed';
  why: string;
  again: boolean;
  askedMs: number | null;
}

/** What stands beside a file that is not whole yet. */
interface Part extends Validators {
  url: string;
  encoding: string | null;
}

type Answer = Awaited<ReturnType<typeof request>>;

async function once(
  client: HttpClient,
  url: string,
  path: string,
  options: DownloadOptions,
): Promise<Downloaded | Failed> {
  const part = `${path}.part`;
  const begun = await begunPart(part, url);
  const late = new AbortController();
  const signal = options.signal === undefined ? late.signal : AbortSignal.any([options.signal, late.signal]);
  const wait = () =>
    setTimeout(() => late.abort(new Error('it took too long')), options.timeoutMs ?? LONGEST_MS);
  // A redirect has a body too, and is followed only when that has ended.
  let timer = wait();
  try {
    const answer = await request(url, {
      dispatcher: client.dispatcher,
      signal,
      headers: { ...headersOf(client, url, options), ...(begun === null ? {} : rangeOf(begun)) },
    });
    clearTimeout(timer);
    timer = wait();
    return await take(answer, { url, path, part, begun, options });
  } catch (error) {
    if (options.signal?.aborted === true) throw options.signal.reason;
    if (error instanceof TooLarge) {
      await forget(part);
      return failed(`larger than ${options.maxBytes} bytes`, false);
    }
    const reason = late.signal.aborted ? (late.signal.reason as Error) : (error as Error);
    const { message, cause } = reason;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message || reason.name;
    return failed(why, !isFinal(error));
  } finally {
    clearTimeout(timer);
  }
}

function failed(why: string, again: boolean, askedMs: number | null = null): Failed {
  return { kind: 'failed', why, again, askedMs };
}

function isFinal(error: unknown): boolean {
  const { code, cause } = error as NodeJS.ErrnoException;
  if (error instanceof NotAllowed || cause instanceof NotAllowed) return true;
  // An address that is none, or a redirect to where it came from.
  return code === 'ERR_INVALID_URL' || code === 'UND_ERR_INVALID_ARG';
}

interface Taking {
  url: string;
  path: string;
  part: string;
  begun: (Part & { size: number }) | null;
  options: DownloadOptions;
}

async function take(answer: Answer, taking: Taking): Promise<Downloaded | Failed> {
  const { url, part, begun, options } = taking;
  const { statusCode: status, headers, body } = answer;
  const header = (name: string) => textOf(headers[name]);
  if (status === 304 && options.known !== undefined) {
    await drop(body);
    return { kind: 'unchanged' };
  }
  if (status === 416) {
    await drop(body);
    await forget(part);
    return failed('answered 416: what was begun does not go on', true, 0);
  }
  const total = status === 206 && begun !== null ? wholeSize(header('content-range'), begun.size) : null;
  const goesOn = total !== null;
  if (status !== 200 && !goesOn) {
    await drop(body);
    if (status === 206) await forget(part);
    const where = header('location');
    const why =
      status >= 300 && status < 400 && where !== null
        ? 'leads elsewhere once too often'
        : `answered ${status}`;
    return failed(why, isWorthAnother(status) || status === 206, retryAfter(header('retry-after')));
  }
  const said: Part = {
    url,
    etag: header('etag'),
    lastModified: header('last-modified'),
    encoding: header('content-encoding'),
  };
  if (!goesOn) await writeFile(`${part}.json`, JSON.stringify(said));
  const received = await append(body, part, goesOn ? (begun?.size ?? 0) : 0, options);
  if (total !== null && (begun?.size ?? 0) + received !== total) {
    await forget(part);
    return failed(`gave other bytes than it said, ${received}`, true);
  }
  const whole = goesOn && begun !== null ? { ...said, encoding: begun.encoding } : said;
  const hash = await finish(taking, whole.encoding);
  const { etag, lastModified } = whole;
  return { kind: 'fetched', path: taking.path, received, hash, etag, lastModified };
}

/** Appends a body to what is there of it; of an old one from the beginning. @returns how many bytes came */
async function append(
  body: Readable,
  part: string,
  from: number,
  { maxBytes, onProgress }: DownloadOptions,
): Promise<number> {
  let bytes = from;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onProgress?.(bytes);
      done(bytes > maxBytes ? new TooLarge() : null, chunk);
    },
  });
  await pipeline(body, limit, createWriteStream(part, { flags: from > 0 ? 'a' : 'w' }));
  return bytes - from;
}

/** The whole file in its place, without the encoding that it travelled in. */
async function finish({ path, part, options }: Taking, encoding: string | null): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > options.maxBytes ? new TooLarge() : null, chunk);
    },
  });
  const decoder = isPacked(path) ? null : decoderOf(encoding);
  if (decoder === null) {
    for await (const chunk of createReadStream(part)) hash.update(chunk as Buffer);
    await rename(part, path);
  } else {
    try {
      await pipeline(createReadStream(part), decoder, tap, createWriteStream(path));
    } catch (error) {
      // What cannot be unpacked is not gone on with.
      await forget(part);
      throw error;
    }
  }
  await forget(part);
  return hash.digest('hex');
}

function decoderOf(encoding: string | null): Transform | null {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  return encoding === 'deflate' ? createInflate() : null;
}

class TooLarge extends Error {}

/** Some servers say `Content-Encoding: gzip` of a .gz file, and mean the file: it is kept as it is. */
function isPacked(path: string): boolean {
  return /\.(?:gz|tgz|bz2|xz|txz|zip|zst|br)$/i.test(path);
}

function headersOf(
  { contact }: HttpClient,
  url: string,
  { known, headers = {} }: DownloadOptions,
): Record<string, string> {
  return {
    ...headers,
    'user-agent': userAgent(contact),
    'accept-encoding': isPacked(new URL(url).pathname) ? 'identity' : 'gzip',
    // Both: some servers look at one of them only.
    ...(known?.etag == null ? {} : { 'if-none-match': known.etag }),
    ...(known?.lastModified == null ? {} : { 'if-modified-since': known.lastModified }),
  };
}

function rangeOf({ size, etag, lastModified }: Part & { size: number }): Record<string, string> {
  return { range: `bytes=${size}-`, 'if-range': etag ?? lastModified ?? '' };
}

/** What an earlier attempt left of the same address; null where nothing can be gone on with. */
async function begunPart(part: string, url: string): Promise<(Part & { size: number }) | null> {
  try {
    const said = JSON.parse(await readFile(`${part}.json`, 'utf8')) as Part;
    const { size } = await stat(part);
    // A weak validator does not promise the same bytes (RFC 9110, section 13.1.5).
    const strong = said.etag === null ? said.lastModified !== null : !said.etag.startsWith('W/');
    return said.url === url && size > 0 && strong ? { ...said, size } : null;
  } catch {
    return null;
  }
}

/**
 * Size of the whole, of an answer that goes on from there to its very end (RFC 9110, section 14.4): a server may give less
 * than it was asked for, and what is missing would look as if it were gone. Null for any other.
 */
function wholeSize(range: string | null, from: number): number | null {
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(range ?? '') ?? [];
  return Number(first) === from && Number(last) + 1 === Number(total) ? Number(total) : null;
}

async function forget(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.json`, { force: true });
}

/** So that the connection can be used again; a long one is cut. */
async function drop(body: Answer['body']): Promise<void> {
  await body.dump({ limit: 1 << 16 }).catch(() => {});
}

function textOf(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
}
