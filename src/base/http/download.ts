import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { MusterError } from '#base/errors';
import { userAgent } from './user-agent.ts';

/** What came of a download. */
export interface Downloaded {
  path: string;
  bytes: number;
  etag: string | null;
  lastModified: string | null;
}

export interface DownloadOptions {
  /** Address that the User-Agent names, so that the other side can reach us. */
  contact?: string | undefined;
  /** Larger answers are refused. */
  maxBytes: number;
  /** Attempts in all. */
  attempts?: number;
  /** First pause between attempts; doubled each time. For tests. */
  pauseMs?: number;
  onProgress?: (bytes: number) => void;
}

const LONGEST_PAUSE_MS = 300_000;
/** Answers after which another attempt makes sense (RFC 9110, and 524 of a well-known proxy). */
const TRY_AGAIN = new Set([408, 425, 429, 500, 502, 503, 504, 524]);

/**
 * Fetches one address into a file. The body is read within the attempt, so that a connection that breaks half-way is tried
 * again too; `Retry-After` is obeyed up to five minutes.
 *
 * @throws MusterError FETCH_FAILED with the last reason
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<Downloaded> {
  const attempts = options.attempts ?? 4;
  const agent = new Agent({ connect: { timeout: 20_000 }, headersTimeout: 60_000, bodyTimeout: 60_000 });
  try {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await once(url, path, options, agent);
      if ('bytes' in outcome) return outcome;
      if (!outcome.again || attempt >= attempts)
        throw new MusterError('FETCH_FAILED', `${url}: ${outcome.why}`);
      await sleep(
        Math.min(outcome.afterMs ?? (options.pauseMs ?? 1000) * 2 ** (attempt - 1), LONGEST_PAUSE_MS),
      );
    }
  } finally {
    await agent.close();
  }
}

interface Failure {
  why: string;
  again: boolean;
  afterMs?: number;
}

async function once(
  url: string,
  path: string,
  options: DownloadOptions,
  dispatcher: Agent,
): Promise<Downloaded | Failure> {
  try {
    const response = await fetch(url, {
      dispatcher,
      redirect: 'follow',
      headers: { 'user-agent': userAgent(options.contact) },
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      const afterMs = retryAfter(response.headers.get('retry-after'));
      return {
        why: `answered ${response.status}`,
        again: TRY_AGAIN.has(response.status),
        ...(afterMs === null ? {} : { afterMs }),
      };
    }
    await mkdir(dirname(path), { recursive: true });
    let bytes = 0;
    const limit = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        options.onProgress?.(bytes);
        done(bytes > options.maxBytes ? new TooLarge() : null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), limit, createWriteStream(path));
    return {
      path,
      bytes,
      etag: response.headers.get('etag'),
      lastModified: response.headers.get('last-modified'),
    };
  } catch (error) {
    if (error instanceof TooLarge) return { why: `larger than ${options.maxBytes} bytes`, again: false };
    const { message, cause } = error as Error;
    return { why: cause instanceof Error ? `${message}: ${cause.message}` : message, again: true };
  }
}

class TooLarge extends Error {}

/** Seconds or a date (RFC 9110, section 10.2.3), in milliseconds from now. */
function retryAfter(value: string | null): number | null {
  if (value === null) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : null;
}
