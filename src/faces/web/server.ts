import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { MusterError } from '#base/errors';

export interface RunningServer {
  /** `http://127.0.0.1:8080` */
  url: string;
  /** Takes no new request, finishes those under way (at most `GRACE_MS`), and resolves when all is done. */
  close(): Promise<void>;
  /** Resolves when it was closed, by whatever. */
  closed: Promise<void>;
}

/** An application that may hold answers open, and can be told to end them. */
export type ServedApp = Hono & { endStreams?: () => Promise<void> };

/** Requests that take longer than this to finish are cut off when the server closes. */
const GRACE_MS = 10_000;

/**
 * Serves an application over HTTP until it is closed.
 *
 * @param options.port 0 takes any free one
 * @throws MusterError CONFIG_INVALID where the address cannot be listened on
 */
export function startServer(
  app: ServedApp,
  { host, port }: { host: string; port: number },
): Promise<RunningServer> {
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: app.fetch,
        hostname: host,
        port,
        serverOptions: {
          maxHeaderSize: 16_384,
          headersTimeout: 10_000,
          requestTimeout: 30_000,
          keepAliveTimeout: 5_000,
        },
      },
      (address) => {
        server.off('error', refuse);
        const endStreams = app.endStreams ?? (async () => {});
        resolve(running(server as Server, urlOf(host, address.port), endStreams));
      },
    );
    const refuse = (cause: NodeJS.ErrnoException) => {
      reject(
        new MusterError('CONFIG_INVALID', `cannot listen on ${host}, port ${port}: ${whyNot(cause)}`, {
          cause,
        }),
      );
    };
    server.once('error', refuse);
  });
}

/** Closes the server at the first SIGINT or SIGTERM; the second one ends the process as it always did. */
export function closeOnSignals(server: RunningServer): void {
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, stop);
    void server.close();
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  void server.closed.then(() => {
    for (const signal of SIGNALS) process.off(signal, stop);
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function running(server: Server, url: string, endStreams: () => Promise<void>): RunningServer {
  let done: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    done = resolve;
  });
  // What listens to the database for them is let go of before anybody takes the database away.
  server.once(
    'close',
    () =>
      void endStreams()
        .catch(() => {})
        .then(done),
  );
  let closing = false;
  // A connection that has its answer would otherwise be kept for the next request, and the server with it.
  server.on('request', (_request, response) =>
    response.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    }),
  );
  const close = () => {
    if (!closing) {
      closing = true;
      server.close();
      void endStreams().catch(() => {});
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      void closed.then(() => clearTimeout(cut));
    }
    return closed;
  };
  return { url, close, closed };
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'something else listens there already';
  if (code === 'EACCES') return 'this account may not listen there';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address';
  return message;
}

/** Where a person on this machine reaches it: an address that stands for all of them leads to the machine itself. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
