import { Agent, fetch } from 'undici';
import { MusterError } from '#base/errors';
import { userAgent } from './user-agent.ts';

/** What is asked for: one request, nothing followed. */
export interface SmallRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string | URLSearchParams | Uint8Array | null;
  signal?: AbortSignal | undefined;
}

export interface SmallFetchOptions {
  /** Address that the User-Agent names. */
  contact?: string | undefined;
  /** Larger answers are refused. */
  maxBytes: number;
  /** For the whole of it, in milliseconds. */
  timeoutMs: number;
}

/**
 * One request for something small that is needed at once (a sign-in waits for it): read whole within a time and a size,
 * no redirect followed, no second attempt. Any status is an answer.
 *
 * @throws MusterError FETCH_FAILED where there is none
 */
export async function smallFetch(
  url: string,
  { method = 'GET', headers = {}, body = null, signal }: SmallRequest,
  { contact, maxBytes, timeoutMs }: SmallFetchOptions,
): Promise<Response> {
  const late = AbortSignal.timeout(timeoutMs);
  const agent = new Agent({ connect: { timeout: timeoutMs }, pipelining: 0 });
  const host = new URL(url).host;
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'user-agent': userAgent(contact) },
      body,
      redirect: 'manual',
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      dispatcher: agent,
    });
    const bytes = await readWhole(response.body, maxBytes);
    if (bytes === null)
      throw new MusterError('FETCH_FAILED', `${host}: the answer is larger than ${maxBytes} bytes`);
    // The platform's own class: libraries look for it.
    const empty = [101, 103, 204, 205, 304].includes(response.status);
    return new Response(empty ? null : bytes, {
      status: response.status,
      headers: [...response.headers].filter(([name]) => !/^content-(?:encoding|length)$/.test(name)),
    });
  } catch (error) {
    if (error instanceof MusterError) throw error;
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    throw new MusterError('FETCH_FAILED', `${host}: ${why}`, { cause: error });
  } finally {
    await agent.destroy();
  }
}

async function readWhole(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > maxBytes) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
