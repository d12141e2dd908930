import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a source does to whoever asks it. */
export type Manner = 'well' | 'off' | 'frozen' | 'html' | 'few' | 'half';

/** Sources on this machine that one can let misbehave. */
export interface OutageServer extends AsyncDisposable {
  /** `http://127.0.0.1:41234` */
  url: string;
  /** From now on that source answers so. */
  behave(source: string, manner: Manner): void;
  /** Lets a day go by: whoever works well, or one of them, has another advisory; of the others nothing changed. */
  pass(to: Date, only?: string): void;
}

const ADVISORIES = 30;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const PACKAGES = ['openssl', 'curl', 'bash', 'gnutls', 'libxml2', 'zlib'];

interface Advisory {
  number: number;
  day: string;
}

/** A list of thirty advisories of each source, in Debian's own form, and one more for each day that passes. */
export async function startOutageServer(sources: readonly string[], begin: Date): Promise<OutageServer> {
  const manners = new Map<string, Manner>(sources.map((source) => [source, 'well']));
  const lists = new Map(sources.map((source, index) => [source, firstList(index, begin)]));
  const server = createServer((request, response) => {
    const source = (request.url ?? '').slice(1);
    const list = lists.get(source) ?? [];
    const known = request.headers['if-none-match'];
    answer(response, manners.get(source) ?? 'off', list, known);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave(source, manner) {
      manners.set(source, manner);
    },
    pass(to, only) {
      for (const [source, list] of lists) {
        const last = list[0]?.number ?? 0;
        const passes = only === undefined ? manners.get(source) === 'well' : source === only;
        if (passes) list.unshift({ number: last + 1, day: dayOf(to) });
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function answer(
  response: ServerResponse,
  manner: Manner,
  list: readonly Advisory[],
  known: string | undefined,
): void {
  const etag = `"${list.length}"`;
  if (manner === 'off') response.destroy();
  else if (manner === 'html')
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>We have moved</title>');
  else if (manner === 'few') response.end(textOf(list.slice(0, 3)));
  else if (manner === 'half') response.end(textOf(list.slice(0, list.length / 2)));
  else if (known === etag) response.writeHead(304).end();
  else response.setHeader('etag', etag).end(textOf(list));
}

function firstList(index: number, begin: Date): Advisory[] {
  return Array.from({ length: ADVISORIES }, (_, n) => ({
    number: (index + 1) * 1000 + ADVISORIES - n,
    day: dayOf(new Date(begin.getTime() - n * 3_600_000)),
  }));
}

function textOf(list: readonly Advisory[]): string {
  return list
    .map(({ number, day }) => {
      const name = PACKAGES[number % PACKAGES.length];
      return `[${day}] DSA-${number}-1 ${name} - security update\n\t{CVE-2017-${10_000 + number}}\n\t[jessie] - ${name} 9.${number}-1\n`;
    })
    .join('');
}

/** "22 Jun 2017" */
function dayOf(date: Date): string {
  return `${String(date.getUTCDate()).padStart(2, '0')} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
