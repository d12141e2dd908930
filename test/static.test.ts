import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '..');

/** Runs one of our own tools over the whole tree. */
async function run(tool: string, args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(join(ROOT, 'node_modules', '.bin', tool), args, {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output };
}

describe('the tree', { concurrency: true }, () => {
  const tools: [string, string, string[]][] = [
    ['has no type error', 'tsc', ['--noEmit']],
    ['has no type error in what runs in the browser', 'tsc', ['--noEmit', '-p', 'src/faces/web/browser']],
    ['is linted and formatted', 'biome', ['ci', '--error-on-warnings', '.']],
    ['has no unused file, export or dependency', 'knip', ['--no-progress']],
  ];
  for (const [name, tool, args] of tools) {
    test(name, async () => {
      const { code, output } = await run(tool, args);
      assert.equal(code, 0, output);
    });
  }
});
