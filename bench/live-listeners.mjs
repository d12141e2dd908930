// The listeners of bench/live.ts, a process of their own: connections over HTTP that note when a message comes.
// Plain JavaScript: it starts without what runs TypeScript.
import { Agent, get } from 'node:http';

/** @type {{ url: string, listeners: number, topics: string }} */
const { url, listeners, topics } = JSON.parse(process.argv[2] ?? '{}');
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
process.send?.({ kind: 'listening' });
process.once('message', () => process.send?.({ kind: 'heard', events, at }));
