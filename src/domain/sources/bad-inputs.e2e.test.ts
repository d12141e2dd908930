import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { muster } from '../../../test/muster.ts';
import { badFilesOf, GOOD, longLine } from './bad-inputs.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'muster-bad-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

/**
 * Says at the end of a process how much memory it had at most. Not by getrusage: its figure is handed on to children, so that
 * a program started by the runner of all tests has the runner's. What /proc says begins anew with each program.
 */
const PEAK = join(FOLDER, 'peak.mjs');
writeFileSync(
  PEAK,
  `import { readFileSync } from 'node:fs';
process.on('exit', () => {
  const [, kilobytes] = /^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  process.stderr.write('peak ' + kilobytes + '\\n');
});
`,
);

function write(source: string, path: string, bytes: Buffer): void {
  const full = join(FOLDER, 'feeds', source, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, bytes);
}

async function sync() {
  const env = { MUSTER_DATA: join(FOLDER, 'db'), NODE_OPTIONS: `--import=${PEAK}` };
  const { code, out, err } = await muster(['sync', '--from', join(FOLDER, 'feeds'), '--json'], { env });
  assert.ok(out.startsWith('{'), err);
  const results: Record<string, { stored: number; quarantined: number; gone: number }> = JSON.parse(out);
  const peaks = [...err.matchAll(/^peak (\d+)$/gm)].map(([, kilobytes]) => Number(kilobytes) / 1024);
  assert.ok(peaks.length > 0, err);
  return { code, results, megabytes: Math.max(...peaks) };
}

test('a day on which every source sends every bad thing: all of it in quarantine, nothing lost, exit code 3, memory bounded', async () => {
  for (const { source, path, text } of GOOD) write(source, path, Buffer.from(text));
  const first = await sync();
  assert.equal(first.code, 0);
  for (const { source } of GOOD) assert.equal(first.results[source]?.stored, 1, source);

  for (const good of GOOD) {
    const { source, path } = good;
    // Each in a folder of its own, since some go by the name of the good one, which has a line of 100 MB from now on.
    for (const [at, bad] of badFilesOf(good).entries()) write(source, `${at}/${bad.path}`, bad.bytes);
    write(source, path, longLine(good, 100_000_000));
  }
  const second = await sync();
  assert.equal(second.code, 3);
  for (const good of GOOD) {
    const { quarantined, stored, gone } = second.results[good.source] ?? {};
    assert.deepEqual([quarantined, stored, gone], [badFilesOf(good).length + 1, 0, 0], good.source);
  }
  assert.ok(second.megabytes < 800, `${second.megabytes} MB`);

  const env = { MUSTER_DATA: join(FOLDER, 'db') };
  const { out } = await muster(['source', 'quarantine', '--json'], { env });
  for (const { source, path } of GOOD) {
    const file = `${source}/${path}`;
    assert.match(out, new RegExp(`"${file.replaceAll('.', '\\.')}"`), file);
  }
});
