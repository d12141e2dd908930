import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { outcomeOf } from './muster.ts';

const ROOT = resolve(import.meta.dirname, '..');

describe('./muster', () => {
  const home = mkdtempSync(join(tmpdir(), 'muster-home-'));
  const packed = join(home, 'node_modules/.muster-build');
  const program = join(home, 'src/faces/cli/program.ts');
  before(() => {
    for (const name of [
      'muster',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'src',
      'demo',
      'bench',
    ])
      cpSync(join(ROOT, name), join(home, name), {
        recursive: true,
        filter: (path) => !path.endsWith('demo/sample'),
      });
    // The packages that are there, in a folder of its own.
    mkdirSync(join(home, 'node_modules'));
    for (const name of readdirSync(join(ROOT, 'node_modules')).filter((each) => !each.startsWith('.')))
      symlinkSync(join(ROOT, 'node_modules', name), join(home, 'node_modules', name));
    cpSync(join(ROOT, 'node_modules/.package-lock.json'), join(home, 'node_modules/.package-lock.json'));
    cpSync(join(ROOT, 'package-lock.json'), join(home, 'node_modules/.muster-installed'));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  function run(args: string[], env: Readonly<Record<string, string>> = {}) {
    return outcomeOf(spawn(join(home, 'muster'), args, { cwd: tmpdir(), env: { ...process.env, ...env } }));
  }

  function edit(from: string, to: string): void {
    const text = readFileSync(program, 'utf8');
    assert.ok(text.includes(from), `${from} stands in ${program}`);
    writeFileSync(program, text.replace(from, to));
  }

  const builds = () => readdirSync(packed).filter((name) => !name.startsWith('new-'));

  test('packs the program once, and runs it from any folder', async () => {
    const first = await run(['--help']);
    assert.deepEqual([first.code, first.err], [0, '']);
    assert.match(first.out, /Keeps every release/);
    const [build = '', ...more] = builds();
    assert.deepEqual(more, []);
    const made = statSync(join(packed, build, 'main.mjs')).mtimeMs;
    assert.equal(
      (await run(['--version'])).out.trim(),
      JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version,
    );
    assert.deepEqual([builds(), statSync(join(packed, build, 'main.mjs')).mtimeMs], [[build], made]);
  });

  test('never runs what was packed before an edit, whatever its date, and finds it again when the edit is undone', async () => {
    const before = builds();
    edit('Keeps every release', 'Holds every release');
    utimesSync(program, 0, 0);
    assert.match((await run(['--help'])).out, /Holds every release/);
    assert.equal(builds().length, 2);
    edit('Holds every release', 'Keeps every release');
    assert.match((await run(['--help'])).out, /Keeps every release/);
    assert.equal(builds().length, 2);
    assert.ok(builds().includes(before[0] ?? ''));
  });

  test('packs for another place anew: paths of its files are in it', async () => {
    const moved = `${home}-moved`;
    try {
      cpSync(home, moved, { recursive: true, verbatimSymlinks: true });
      const outcome = await outcomeOf(spawn(join(moved, 'muster'), ['config']));
      assert.equal(outcome.code, 0, outcome.err);
      const names = readdirSync(join(moved, 'node_modules/.muster-build'));
      assert.equal(names.filter((name) => !builds().includes(name)).length, 1);
    } finally {
      rmSync(moved, { recursive: true, force: true });
    }
  });

  test('with a mistake in the source says where it is, and runs nothing older', async () => {
    const good = readFileSync(program, 'utf8');
    appendFileSync(program, '\nconst = 1;\n');
    const { code, out, err } = await run(['--help']);
    writeFileSync(program, good);
    assert.notEqual(code, 0);
    assert.equal(out, '');
    assert.match(err, /program\.ts/);
  });

  test('runs from source where it cannot pack, and for whoever looks for a mistake', async () => {
    for (const name of readdirSync(packed)) rmSync(join(packed, name), { recursive: true });
    const debug = await run(['roundup', '--help'], { MUSTER_LOG_LEVEL: 'debug' });
    assert.deepEqual([debug.code, readdirSync(packed)], [0, []]);
    rmSync(packed, { recursive: true });
    writeFileSync(packed, 'not a folder');
    const outcome = await run(['--version']);
    rmSync(packed);
    assert.deepEqual([outcome.code, outcome.err], [0, '']);
  });

  test('removes what was not used for an hour, and nothing else', async () => {
    mkdirSync(join(packed, 'old'), { recursive: true });
    mkdirSync(join(packed, 'used-now'));
    writeFileSync(join(packed, 'used-now', 'used'), '');
    const long = new Date(Date.now() - 7_200_000);
    for (const name of ['old', 'used-now']) utimesSync(join(packed, name), long, long);
    await run(['--version']);
    assert.deepEqual([builds().includes('old'), builds().includes('used-now')], [false, true]);
  });

  test('two at once both run', async () => {
    rmSync(packed, { recursive: true });
    const both = await Promise.all([run(['--version']), run(['--version'])]);
    assert.deepEqual(
      both.map(({ code, err }) => [code, err]),
      [
        [0, ''],
        [0, ''],
      ],
    );
    assert.equal(builds().length, 1);
  });

  test('refuses a Node that is too old, with what it needs', async () => {
    const old = join(home, 'old-node');
    mkdirSync(old);
    writeFileSync(join(old, 'node'), '#!/bin/sh\necho v18.20.8\n');
    chmodSync(join(old, 'node'), 0o755);
    const { code, err } = await run(['--help'], { PATH: `${old}:${process.env.PATH}` });
    assert.equal(code, 1);
    assert.match(err, /this is Node v18\.20\.8; Muster needs 20\.19 or newer/);
  });
});
