import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#base/db';
import { compileSimply, filesOfFolder, sourceNamed, syncFiles } from '#domain/sources';
import { serverOf, serverSeconds } from './cpu.ts';

/** CPU seconds of loading CVE records end to end: stored raw, parsed, normalised, queryable. */
export interface LoadFigure {
  records: number;
  seconds: { node: number; postgres: number };
  /** Records per CPU-second of Node and PostgreSQL together. */
  perCpuSecond: number;
  /** CPU seconds of what nobody can do without: JSON.parse of the same records, in the same run. */
  floor: number;
  goal: number;
  holds: boolean;
}

const GOAL = 4000;

/**
 * Loads `nvd-1.1-relevant` and every `cve5-*` of the corpus into a fresh built-in database and counts the CPU of both
 * processes (Linux only: PostgreSQL's from /proc).
 *
 * @param corpus the folder with `cve/` in it
 */
export async function benchLoad(corpus: string): Promise<LoadFigure> {
  // As `sync` does.
  compileSimply();
  const data = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  try {
    await using database = await openDatabase({ data }, { lingerSeconds: 1 });
    const files = await filesOfFolder(join(corpus, 'cve'));
    const server = serverOf(data);
    const before = serverSeconds(server);
    const node = process.cpuUsage();
    let records = 0;
    for (const [source, pattern] of [
      ['nvd', /^nvd-1\.1-relevant/],
      ['cve', /^cve5-/],
    ] as const) {
      const own = files.filter(({ path }) => pattern.test(path));
      records += (await syncFiles(database, sourceNamed(source), own, { ours: true })).stored;
    }
    const { user, system } = process.cpuUsage(node);
    const seconds = { node: round((user + system) / 1e6), postgres: round(serverSeconds(server) - before) };
    const perCpuSecond = Math.round(records / (seconds.node + seconds.postgres));
    return {
      records,
      seconds,
      perCpuSecond,
      floor: await floor(corpus),
      goal: GOAL,
      holds: perCpuSecond >= GOAL,
    };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function floor(corpus: string): Promise<number> {
  const { gunzipSync } = await import('node:zlib');
  const folder = join(corpus, 'cve');
  const names = readdirSync(folder).filter((name) => /^(nvd-1\.1-relevant|cve5-)/.test(name));
  const lines = names.flatMap((name) =>
    gunzipSync(readFileSync(join(folder, name)))
      .toString('utf8')
      .split('\n'),
  );
  const start = process.cpuUsage();
  for (const line of lines) if (line !== '') JSON.parse(line);
  const { user, system } = process.cpuUsage(start);
  return round((user + system) / 1e6);
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
