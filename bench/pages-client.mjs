// Whoever asks for pages in bench/pages.ts, in a process of its own so that its CPU is not counted.
import { Agent, get } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** @param {string} url @param {string} cookie @returns {Promise<{ status: number, bytes: number }>} */
function ask(url, cookie) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { cookie, accept: 'text/html' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => {
        bytes += chunk.length;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, bytes }));
      response.once('error', reject);
    });
    request.once('error', reject);
  });
}

process.once('message', async (/** @type {{ url: string, cookie: string, requests: number }} */ message) => {
  const { url, cookie, requests } = message;
  let last = { status: 0, bytes: 0 };
  for (let number = 0; number < requests; number++) last = await ask(url, cookie);
  process.send?.(last, () => process.exit(0));
});
