// The listeners of bench/live.ts, in a thread of their own: connections over HTTP that note when a message comes.
// Plain JavaScript: a thread starts without what runs TypeScript.
import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** @type {{ url: string, listeners: number, topics: string }} */
const { url, listeners, topics } = workerData;
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
/** @type {number[]} */
const events = [];
/** @type {bigint[]} */
const at = [];
/** Connections that are made at once: a thousand at the same moment would wait in the queue of the system. */
const AT_ONCE = 50;

function connect() {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/live?topics=${topics}`, { agent }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`status ${response.statusCode}`));
        return;
      }
      response.setEncoding('utf8');
      response.on('data', (text) => {
        const now = process.hrtime.bigint();
        if (text.includes('event: hello')) resolve();
        for (const [, id] of text.matchAll(/^id: (\d+)\nevent: changed$/gm)) {
          events.push(Number(id));
          at.push(now);
        }
      });
    });
    request.once('error', reject);
  });
}

for (let made = 0; made < listeners; made += AT_ONCE)
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, listeners - made) }, connect));
parentPort?.postMessage({ kind: 'listening' });
parentPort?.once('message', () => parentPort?.postMessage({ kind: 'heard', events, at }));
