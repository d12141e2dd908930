import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { outcomeOf, muster as run, startMuster } from '../../../test/muster.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SAMPLE = join(ROOT, 'demo/sample/reports');
const FOLDER = mkdtempSync(join(tmpdir(), 'muster-cli-'));
const DATA = join(FOLDER, 'db');
after(() => rmSync(FOLDER, { recursive: true, force: true }));

function muster(...args: string[]) {
  return run(args, { env: { MUSTER_DATA: DATA } });
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

  test('finds an issue by a vulnerability that is in no other, and by its id in either case', async () => {
    const { value } = await json('issue', 'show', 'cve-2017-3167');
    assert.ok(value.vulnerabilities.some(({ id }: { id: string }) => id === 'CVE-2017-3167'));
    assert.equal((await json('issue', 'show', value.id.toLowerCase())).value.id, value.id);
  });

  const wrong: [string, string[], number, RegExp][] = [
    [
      'an unknown command, with the nearest',
      ['rondup'],
      2,
      /unknown command 'rondup'[\s\S]*Did you mean roundup/,
    ],
    [
      'an unknown verb, with the nearest',
      ['roundup', 'opne'],
      2,
      /unknown command 'opne'[\s\S]*Did you mean open/,
    ],
    [
      'an unknown flag, with the nearest',
      ['roundup', 'open', '--led', 'x'],
      2,
      /unknown option '--led'[\s\S]*--lead/,
    ],
    ['help for what is not there', ['help', 'rondup'], 2, /unknown command 'rondup'/],
    ['a missing word', ['roundup', 'import'], 2, /missing required argument 'file'/],
    ['a word too many', ['roundup', 'show', '1', '2'], 2, /too many arguments/],
    ['a number that is none', ['roundup', 'show', '0'], 2, /a number is due, as 12/],
    [
      'a release gate that is not there',
      ['roundup', 'show', 'first'],
      1,
      /NOT_FOUND: there is no release gate of first/,
    ],
    [
      'a format that is none',
      ['roundup', 'render', '--format', 'pdf'],
      2,
      /Allowed choices are markdown, html, json/,
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
    [
      'a folder without anything of a source',
      ['sync', '--from', join(ROOT, 'docs')],
      1,
      /FILE_MALFORMED: .*docs holds nothing in a form of debian, /,
    ],
    ['a roundup that is not there', ['roundup', 'show', '99'], 1, /NOT_FOUND: there is no roundup 99/],
    [
      'a date that is none',
      ['roundup', 'open', '--at', 'tomorrow'],
      2,
      /USAGE: --at "tomorrow": a date is due, as 2017-06-28/,
    ],
    ['a day that no calendar has', ['roundup', 'close', '--at', '2017-02-31'], 2, /a date is due/],
    [
      'a date that would bar all others',
      ['roundup', 'open', '--at', '2117-06-28'],
      2,
      /--at 2117-06-28 lies more than a month ahead/,
    ],
    [
      'a list that is none',
      ['roundup', 'import', join(ROOT, 'package.json')],
      1,
      /FILE_MALFORMED: .*package\.json names no issue/,
    ],
    [
      'a list that is a folder',
      ['roundup', 'import', ROOT],
      1,
      /FILE_UNREADABLE: cannot use .*: it is a folder/,
    ],
    [
      'a list that is not there',
      ['roundup', 'import', '/nonexistent.md'],
      1,
      /FILE_UNREADABLE: cannot use \/nonexistent\.md: it does not exist/,
    ],
    [
      'to tick what is no issue',
      ['roundup', 'tick', 'CVE-2017-3167'],
      2,
      /the id of an issue is due, as NSI-2017-0043/,
    ],
    [
      'an issue that never was',
      ['issue', 'show', 'NSI-1999-0001'],
      1,
      /NOT_FOUND: there is no issue NSI-1999-0001/,
    ],
    [
      'a vulnerability that is in no issue',
      ['issue', 'show', 'CVE-1999-0001'],
      1,
      /NOT_FOUND: CVE-1999-0001 is in no issue/,
    ],
    [
      'a decision without a reason',
      ['issue', 'merge', 'NSI-2017-0001', 'NSI-2017-0002', '--reason', ' '],
      2,
      /say why: it is kept for good/,
    ],
    [
      'a package set that is none',
      ['channel', 'import', 'nixos-17.03', 'package.json', '--commit', 'abcdef1', '--date', '2017-01-01'],
      1,
      /FILE_MALFORMED/,
    ],
    [
      'a package set that is not there',
      ['channel', 'import', 'nixos-17.03', '/nonexistent'],
      1,
      /FILE_UNREADABLE: cannot use \/nonexistent: it does not exist/,
    ],
    [
      'a channel with a slip of the pen',
      ['channel', 'lifecycle', 'nixos-17.3', 'end_of_life'],
      1,
      /NOT_FOUND: there is no channel nixos-17\.3; there are nixos-17\.03/,
    ],
    ['a port that is none', ['serve', '--port', '99999'], 2, /a port is due, 0 to 65535/],
    [
      'labelled data that are not there',
      ['score', 'grouping', '--corpus', '/nonexistent'],
      1,
      /FILE_UNREADABLE: cannot use \/nonexistent\/grouping/,
    ],
    [
      'a folder for the database that is a file',
      ['--data', join(ROOT, 'package.json'), 'log', 'verify'],
      1,
      /EMBEDDED_UNAVAILABLE: cannot make the folder .*package\.json: it is a file/,
    ],
  ];
  for (const [name, args, code, message] of wrong) {
    test(`refuses ${name}`, async () => {
      const outcome = await muster(...args);
      assert.match(outcome.err, message);
      assert.equal(outcome.code, code, outcome.err);
      assert.doesNotMatch(outcome.err, /INTERNAL|\n\s+at /);
    });
  }

  test('refuses a setting that is wrong, by its name', async () => {
    for (const [variable, value, words] of [
      ['MUSTER_PORT', 'eighty', /port \(environment variable MUSTER_PORT\): must be a whole number/],
      [
        'MUSTER_TIMEZONE',
        'Berlin',
        /timezone \(environment variable MUSTER_TIMEZONE\): must be the name of a time zone/,
      ],
    ] as const) {
      const { code, err } = await run(['config'], { env: { [variable]: value } });
      assert.match(err, words);
      assert.equal(code, 2);
    }
  });

  test('refuses a database of another PostgreSQL at once, and leaves it alone', async () => {
    const data = join(FOLDER, 'of-17');
    mkdirSync(join(data, 'postgres'), { recursive: true });
    writeFileSync(join(data, 'postgres/PG_VERSION'), '17\n');
    const { code, err } = await run(['--data', data, 'log', 'verify']);
    assert.match(
      err,
      /EMBEDDED_UNAVAILABLE: .*of-17\/postgres is of PostgreSQL 17; the built-in one is 18\n {2}The built-in/,
    );
    assert.equal(code, 1);
    assert.deepEqual(readdirSync(join(data, 'postgres')), ['PG_VERSION']);
  });

  test('refuses a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    assert.ok(address !== null && typeof address === 'object');
    const { code, err } = await muster('serve', '--host', '127.0.0.1', '--port', String(address.port));
    other.close();
    assert.match(err, /cannot listen on 127\.0\.0\.1, port \d+: something else listens there already/);
    assert.equal(code, 2);
  });

  test('with --json tells a failure as an object too', async () => {
    const missing = await json('roundup', 'show', '99');
    assert.equal(missing.code, 1);
    assert.deepEqual(Object.keys(missing.value.error), ['code', 'message', 'advice']);
    assert.equal(missing.value.error.code, 'NOT_FOUND');
    const misused = await json('roundup', 'shwo');
    assert.equal(misused.code, 2);
    assert.equal(misused.value.error.code, 'USAGE');
    assert.match(misused.value.error.message, /^unknown command 'shwo'/);
  });

  test('shows every setting with its value, and where it comes from', async () => {
    const { value } = await json('config');
    const named = (name: string) => value.find((each: { name: string }) => each.name === name);
    assert.equal(named('data').value, DATA);
    assert.equal(named('databaseUrl').variable, 'DATABASE_URL');
    for (const { meaning } of value) assert.ok(meaning.length > 10);
  });

  test('tells of a secret that it is set, and never what it is', async () => {
    const env = { MUSTER_GITHUB_CLIENT_SECRET: 'hunter2', MUSTER_OIDC_CLIENT_SECRET: 'hunter2' };
    for (const flags of [[], ['--json']]) {
      const { code, out } = await run(['config', ...flags], { env });
      assert.deepEqual([code, out.includes('hunter2')], [0, false]);
      assert.match(out, /githubClientSecret\D+\*\*\*/s);
    }
  });

  test('goes on, and says nothing, when nobody reads its output any more', async () => {
    const child = await startMuster(['issue', 'list', '--limit', '400', '--json'], {
      env: { MUSTER_DATA: DATA },
    });
    child.stdout.destroy();
    const { code, err } = await outcomeOf(child);
    assert.deepEqual([code, err], [0, '']);
  });

  test('at Ctrl-C says how things stand; the next run goes on, and nothing is lost or twice', async () => {
    const env = { MUSTER_DATA: join(FOLDER, 'interrupted') };
    const child = await startMuster(['sync', '--from', SAMPLE], { env });
    const ended = outcomeOf(child);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { signal, err, out } = await ended;
    assert.deepEqual([signal, err.split(' ').slice(0, 2)], ['SIGINT', ['muster:', 'stopped.']]);
    assert.match(out, /^debian /);
    const again = JSON.parse((await run(['sync', '--from', SAMPLE, '--json'], { env })).out);
    assert.deepEqual([again.debian.stored, again.debian.unchanged], [0, 406]);
    const whole = await json('sync', '--from', SAMPLE);
    for (const [source, { unchanged }] of Object.entries<{ unchanged: number }>(whole.value)) {
      const { stored, unchanged: before, quarantined } = again[source];
      assert.deepEqual([stored + before, quarantined], [unchanged, 0], source);
    }
    assert.equal((await run(['log', 'verify'], { env })).code, 0);
  });

  test('reads the other sources where one fails, and says which and why', async () => {
    const from = join(FOLDER, 'shrunk');
    for (const source of ['debian', 'gentoo'])
      cpSync(join(SAMPLE, source), join(from, source), { recursive: true });
    const env = { MUSTER_DATA: join(FOLDER, 'guarded') };
    await run(['sync', 'debian', '--from', from], { env });
    const list = join(from, 'debian/data/DSA/list');
    writeFileSync(list, readFileSync(list, 'utf8').slice(0, 4000));
    const { code, out, err } = await run(['sync', 'debian', 'gentoo', 'nvd', '--from', from, '--json'], {
      env,
    });
    assert.equal(code, 1);
    assert.match(err, /^muster: SOURCE_GUARDED: debian: .*data\/DSA\/list no longer holds \d+ of its/);
    const { debian, gentoo, ...others } = JSON.parse(out);
    assert.deepEqual([debian.stored, debian.error.code], [0, 'SOURCE_GUARDED']);
    assert.ok(gentoo.stored > 0);
    assert.deepEqual(others, {}, 'a source without a folder is none that was read');
    const accepted = await run(['sync', 'debian', '--accept', '--from', from], { env });
    assert.match(accepted.out, /\d+ gone/);
    assert.equal(accepted.code, 0);
  });

  test('the README’s commands exist', async () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const top = (await muster('--help')).out;
    for (const [, command = ''] of text.matchAll(/`\.\/muster ([a-z]+)/g)) {
      if (command !== 'test') assert.match(top, new RegExp(`^ {2}${command}\\b`, 'm'), command);
    }
  });
});
