import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#base/db';
import { knownLists, mboxAt, syncMailbox } from '#domain/threads';
import { serverOf, serverSeconds } from './cpu.ts';
import { writeMbox } from './mail-seed.ts';

/** CPU seconds of reading a mailbox end to end: parsed, recognised, threaded, stored raw and queryable. */
export interface MailFigure {
  messages: number;
  megabytes: number;
  threads: number;
  seconds: { node: number; postgres: number };
  /** Messages per CPU-second of Node and PostgreSQL together. */
  perCpuSecond: number;
  /** Memory of Node at its highest, in megabytes: up to a tenth of the messages, and to the end. */
  peakMegabytes: { tenth: number; whole: number };
  goal: number;
  holds: boolean;
}

const GOAL = 3000;
/** So much more memory at the end than at a tenth is still flat: the garbage of a batch more or less. */
const FLAT = 1.5;

/** Writes a seeded mailbox, reads it into a fresh built-in database, and counts the CPU of both processes (Linux only). */
export async function benchMail({ messages }: { messages: number }): Promise<MailFigure> {
  const data = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  try {
    const path = join(data, 'list.mbox');
    const bytes = await writeMbox(path, messages);
    await using database = await openDatabase({ data }, { lingerSeconds: 1 });
    const server = serverOf(data);
    const before = serverSeconds(server);
    const node = process.cpuUsage();
    const peak = { tenth: 0, whole: 0 };
    const done = await syncMailbox(database, mboxAt(path), {
      lists: knownLists(),
      onProgress({ messages: read }) {
        const memory = process.memoryUsage.rss() / 2 ** 20;
        peak.whole = Math.max(peak.whole, memory);
        if (read <= messages / 10 || peak.tenth === 0) peak.tenth = peak.whole;
      },
    });
    const { user, system } = process.cpuUsage(node);
    const seconds = { node: round((user + system) / 1e6), postgres: round(serverSeconds(server) - before) };
    const perCpuSecond = Math.round(done.stored / (seconds.node + seconds.postgres));
    const flat = peak.whole <= peak.tenth * FLAT;
    return {
      messages: done.stored,
      megabytes: Math.round(bytes / 2 ** 20),
      threads: done.threads,
      seconds,
      perCpuSecond,
      peakMegabytes: { tenth: Math.round(peak.tenth), whole: Math.round(peak.whole) },
      goal: GOAL,
      holds: perCpuSecond >= GOAL && flat && done.stored === messages,
    };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
