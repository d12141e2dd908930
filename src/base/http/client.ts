import { Agent, type Dispatcher, interceptors } from 'undici';
import { publicLookup, publicOnly } from './public-hosts.ts';

/** Who goes out, and how: one for all requests of a process, so that a host is asked one thing at a time. */
export interface HttpClient extends AsyncDisposable {
  dispatcher: Dispatcher;
  /** Address that the User-Agent names, so that the other side can reach us. */
  contact: string | undefined;
  /** First pause between attempts, doubled each time. */
  pauseMs: number;
}

export interface HttpClientOptions {
  contact?: string | undefined;
  pauseMs?: number;
  /** For servers of tests and drills on this very machine: plain http and private addresses. Never from a setting. */
  local?: boolean;
  /** Silence after which an answer is given up. */
  silenceMs?: number;
}

const MOST_REDIRECTS = 5;

/**
 * One connection to each host with one request on it, at most five redirects, TLS only, and never an address that is not
 * public: not by a redirect, not by a name that resolves to one.
 */
export function makeHttpClient({
  contact,
  pauseMs = 2000,
  local = false,
  silenceMs = 60_000,
}: HttpClientOptions = {}): HttpClient {
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    connect: { timeout: 20_000, ...(local ? {} : { lookup: publicLookup }) },
  });
  const guarded = local ? agent : agent.compose(publicOnly);
  return {
    dispatcher: guarded.compose(interceptors.redirect({ maxRedirections: MOST_REDIRECTS })),
    contact,
    pauseMs,
    async [Symbol.asyncDispose]() {
      await agent.destroy();
    },
  };
}
