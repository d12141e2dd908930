import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on this machine that answers as it is told, for tests of what goes out. */
export interface LocalServer extends AsyncDisposable {
  /** `http://127.0.0.1:41234` */
  url: string;
  /** What it was asked, in order. */
  asked: IncomingMessage[];
}

export async function serveLocally(answer: RequestListener): Promise<LocalServer> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
