import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '../../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'muster-cli-'));
const DATA = join(FOLDER, 'db');
after(() => rmSync(FOLDER, { recursive: true, force: true }));

interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** The program as a person runs it, but for the script that installs. */
async function muster(...args: string[]): Promise<Outcome> {
  const { MUSTER_CONFIG: _c, DATABASE_URL: _d, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    cwd: ROOT,
    env: { ...env, MUSTER_DATA: DATA },
  });
  const outcome: Outcome = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (outcome.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (outcome.err += chunk.toString()));
  outcome.code = await new Promise((done) => child.once('close', done));
  return outcome;
}

async function json(...args: string[]) {
  const { code, out, err } = await muster(...args, '--json');
  assert.ok(out.startsWith('{') || out.startsWith('['), `${args.join(' ')}: ${out.slice(0, 200)} ${err}`);
  return { code, value: JSON.parse(out) };
}

describe('the command line', () => {
  test('takes a team through a week: sync, channel, match, roundup, markdown out and back in, close, next', async () => {
    const synced = await json('sync', '--from', 'demo/sample/reports');
    assert.equal(synced.code, 0);
    assert.deepEqual(Object.keys(synced.value), ['debian', 'ubuntu', 'gentoo', 'redhat', 'cve', 'nvd']);
    for (const { stored, unchanged, quarantined } of Object.values<Record<string, number>>(synced.value)) {
      assert.ok((stored ?? 0) > 0);
      assert.deepEqual([unchanged, quarantined], [0, 0]);
    }
    const again = await muster('sync', 'debian', 'gentoo', '--from', 'demo/sample/reports');
    assert.equal(again.code, 0);
    assert.match(again.out, /debian .*0 stored, 406 unchanged, 0 quarantined, nothing changed/);

    const set = join(FOLDER, 'set.json');
    const entry = (name: string) => ({ name, system: 'x86_64-linux', meta: {} });
    writeFileSync(
      set,
      JSON.stringify({ apacheHttpd: entry('apache-httpd-2.4.25'), vim: entry('vim-8.0.0442') }),
    );
    const imported = await json(
      'channel',
      'import',
      'nixos-17.03',
      set,
      '--commit',
      'a'.repeat(40),
      '--date',
      '2017-06-20',
    );
    assert.deepEqual([imported.code, imported.value.outcome, imported.value.packages], [0, 'imported', 2]);

    const opened = await json(
      'roundup',
      'open',
      '--at',
      '2017-06-28',
      '--since',
      '2017-06-21',
      '--lead',
      'somebody',
    );
    assert.equal(opened.code, 0);
    assert.deepEqual([opened.value.number, opened.value.lines > 0], [1, true]);
    const shown = await json('roundup', 'show');
    const lines = shown.value.sections.flatMap(
      ({ lines: each }: { lines: { issue: string; title: string; vulnerabilities: string[] }[] }) => each,
    );
    const httpd = lines.find(({ vulnerabilities }: { vulnerabilities: string[] }) =>
      vulnerabilities.includes('CVE-2017-3167'),
    );
    assert.match(httpd.title, /^apache2: /);
    const ids = httpd.advisories.map(({ id }: { id: string }) => id);
    for (const id of [
      'DSA-3896-1',
      'USN-3340-1',
      'DLA-1009-1',
      'GLSA-201710-32',
      'RHSA-2017:2478',
      'RHSA-2017:2479',
      'RHSA-2017:2483',
    ]) {
      assert.ok(ids.includes(id), `${id} is attached`);
    }
    assert.ok(httpd.patches.length >= 4);
    assert.equal(httpd.cells[0].verdict, 'affected');

    const markdown = (await muster('roundup', 'render')).out;
    assert.match(markdown, /^### apache2 \(1 issue\)/m);
    const edited = join(FOLDER, 'roundup.md');
    writeFileSync(
      edited,
      markdown
        .split('\n')
        .map((line) => (line.includes(httpd.issue) ? line.replace('[ ]', '[x]') : line))
        .join('\n'),
    );
    const taken = await json('roundup', 'import', edited, '--by', 'fpletz');
    assert.deepEqual([taken.code, taken.value.ticked], [0, [httpd.issue]]);
    const twice = await json('roundup', 'import', edited, '--by', 'globin');
    assert.deepEqual([twice.value.ticked, twice.value.already], [[], [httpd.issue]]);
    writeFileSync(edited, markdown);
    await json('roundup', 'import', edited);
    const after = await json('roundup', 'show');
    assert.equal(after.value.completed, 1, 'an older copy of the list takes no tick away');

    const refused = await muster('roundup', 'open');
    assert.equal(refused.code, 1);
    assert.match(refused.err, /TRANSITION_BARRED: roundup 1 is open; close it first/);
    const closed = await json('roundup', 'close', '--at', '2017-07-05');
    assert.deepEqual([closed.value.completed, closed.value.remaining], [1, lines.length - 1]);
    const next = await json('roundup', 'open', '--at', '2017-07-05');
    assert.deepEqual([next.value.number, next.value.carried], [2, lines.length - 1]);

    const log = await json('log', 'verify');
    assert.equal(log.value.holds, true);
  });

  test('says that something was quarantined by its exit code, and what and why on request', async () => {
    const folder = mkdtempSync(join(FOLDER, 'bad-'));
    writeFileSync(
      join(folder, 'CVE-2023-XXXX.json'),
      JSON.stringify({
        data_type: 'CVE',
        data_format: 'MITRE',
        data_version: '4.0',
        CVE_data_meta: { ID: 'CVE-2023-XXXX', STATE: 'PUBLIC' },
        affects: {},
        description: { description_data: [] },
        references: { reference_data: [] },
      }),
    );
    const { code, value } = await json('sync', 'cve', '--from', folder);
    assert.deepEqual([code, value.cve.quarantined], [3, 1]);
    const { out } = await muster('source', 'quarantine', 'cve');
    assert.match(out, /cve {2}CVE-2023-XXXX\.json[\s\S]*bad-id/);
  });

  test('merges and splits issues for good', async () => {
    const { value } = await json('issue', 'list', '--product', 'bind', '--limit', '10');
    const [a, b] = value.issues;
    const merged = await json('issue', 'merge', a.id, b.id, '--reason', 'one release fixes both');
    const kept = merged.value.issue;
    const other = kept === a.id ? b.id : a.id;
    const led = await json('issue', 'show', other);
    assert.deepEqual([led.value.id, led.value.mergedFrom], [kept, other]);
    const shown = await json('issue', 'show', kept);
    const out = shown.value.vulnerabilities[0].id;
    const split = await json('issue', 'split', kept, out, '--reason', 'another component');
    assert.notEqual(split.value.stays, split.value.goes, 'a later decision undoes the earlier one');
  });

  const wrong: [string, string[], number, RegExp][] = [
    [
      'an unknown command, with the nearest',
      ['rondup'],
      2,
      /unknown command 'rondup'[\s\S]*Did you mean roundup/,
    ],
    [
      'an unknown source',
      ['sync', 'debain'],
      2,
      /SOURCE_UNKNOWN: there is no source "debain"; there are debian/,
    ],
    [
      'a folder that is not there',
      ['sync', 'debian', '--from', '/nonexistent'],
      1,
      /FILE_UNREADABLE: there is no folder \/nonexistent/,
    ],
    ['a roundup that is not there', ['roundup', 'show', '99'], 1, /NOT_FOUND: there is no roundup 99/],
    ['a date that is none', ['roundup', 'open', '--at', 'tomorrow'], 2, /a date is due, as 2017-06-28/],
    [
      'an issue that never was',
      ['issue', 'show', 'NSI-1999-0001'],
      1,
      /NOT_FOUND: there is no issue NSI-1999-0001/,
    ],
    [
      'a package set that is none',
      ['channel', 'import', 'nixos-17.03', 'package.json', '--commit', 'abcdef1', '--date', '2017-01-01'],
      1,
      /FILE_MALFORMED/,
    ],
  ];
  for (const [name, args, code, message] of wrong) {
    test(`refuses ${name}`, async () => {
      const outcome = await muster(...args);
      assert.equal(outcome.code, code, outcome.err);
      assert.match(outcome.err, message);
    });
  }

  test('the README’s commands exist', async () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const top = (await muster('--help')).out;
    for (const [, command = ''] of text.matchAll(/`\.\/muster ([a-z]+)/g)) {
      if (command !== 'test') assert.match(top, new RegExp(`^ {2}${command}\\b`, 'm'), command);
    }
  });
});
