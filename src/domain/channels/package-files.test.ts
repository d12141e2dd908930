import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type ErrorCode, MusterError } from '#base/errors';
import { readPackageFiles } from './package-files.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const set = JSON.stringify({ version: 2, packages: { hello: { name: 'hello-2.10' } } });
const said = { commit: COMMIT, committedAt: '2017-03-31T22:13:33+02:00' };

/** A folder with these files, for as long as the work takes. */
function inFolder(files: Record<string, string | Buffer>, work: (folder: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'muster-channels-'));
  try {
    mkdirSync(join(folder, 'months'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fails(work: () => unknown, code: ErrorCode, what: RegExp) {
  assert.throws(
    work,
    (error) => error instanceof MusterError && error.code === code && what.test(error.message),
  );
}

describe('reading package files', () => {
  test('plain, gzip and brotli, with what lies beside it', () => {
    const files = {
      'a.packages.json': set,
      'b.packages.json.gz': gzipSync(set),
      'c.json.br': brotliCompressSync(set),
      'a.patches.json': JSON.stringify({
        patches: {
          hello: ['/nix/store/0123456789abcdfghijklmnpqrsvwxyz-CVE-2017-1.patch', 'dir/b.patch'],
          none: [],
        },
      }),
      'b.patches.json.gz': gzipSync(JSON.stringify({ hello: ['c.patch'] })),
      'c.src-urls.json.br': brotliCompressSync(JSON.stringify({ hello: 'https://example.org/hello.tar.gz' })),
    };
    inFolder(files, (folder) => {
      const a = readPackageFiles(join(folder, 'a.packages.json'), said);
      assert.deepEqual([a.commit, a.committedAt.toISOString()], [COMMIT, '2017-03-31T20:13:33.000Z']);
      assert.deepEqual([...(a.patches ?? [])], [['hello', ['CVE-2017-1.patch', 'b.patch']]]);
      assert.equal(a.sourceUrls, null);
      assert.deepEqual(a.files, [join(folder, 'a.packages.json'), join(folder, 'a.patches.json')]);
      const b = readPackageFiles(join(folder, 'b.packages.json.gz'), said);
      assert.deepEqual(b.patches?.get('hello'), ['c.patch']);
      const c = readPackageFiles(join(folder, 'c.json.br'), said);
      assert.equal(c.sourceUrls?.get('hello'), 'https://example.org/hello.tar.gz');
      assert.equal(c.patches, null);
      assert.equal(
        readPackageFiles(join(folder, 'a.packages.json'), { ...said, companions: false }).patches,
        null,
      );
      assert.equal(
        readPackageFiles(join(folder, 'a.packages.json'), { ...said, patches: null }).patches,
        null,
      );
      const named = { ...said, patches: join(folder, 'b.patches.json.gz') };
      assert.deepEqual(readPackageFiles(join(folder, 'a.packages.json'), named).patches?.get('hello'), [
        'c.patch',
      ]);
    });
  });

  test('the file of a channel folder has its companions without a name', () => {
    inFolder({ 'packages.json': set, 'patches.json': '{"patches":{"hello":["a.patch"]}}' }, (folder) => {
      assert.deepEqual(readPackageFiles(join(folder, 'packages.json'), said).patches?.get('hello'), [
        'a.patch',
      ]);
    });
  });

  test('an index beside the file or above it says commit, date, channel and base', () => {
    const index = {
      channels: [
        {
          name: 'nixos-17.03',
          file: 'nixos-17.03.packages.json',
          revision: COMMIT,
          commit_date: '2018-01-06T11:26:51+00:00',
        },
      ],
      months: [
        {
          name: 'nixos-17.03@1',
          channel: 'nixos-17.03',
          revision: 'aaaaaaa1',
          commit_date: '2017-03-31T00:00:00Z',
        },
        {
          name: 'nixos-17.03@2',
          channel: 'nixos-17.03',
          revision: 'aaaaaaa2',
          commit_date: '2017-04-30',
          base: 'nixos-17.03@1',
        },
      ],
    };
    const delta = JSON.stringify({ base: 'nixos-17.03@1', revision: 'aaaaaaa2', removed: [], packages: {} });
    const files = {
      'index.json': JSON.stringify(index),
      'nixos-17.03.packages.json': set,
      'months/nixos-17.03@2.delta.json': delta,
      'other.packages.json': set,
    };
    inFolder(files, (folder) => {
      const head = readPackageFiles(join(folder, 'nixos-17.03.packages.json'));
      assert.deepEqual([head.channel, head.commit, head.base], ['nixos-17.03', COMMIT, null]);
      assert.equal(head.committedAt.toISOString(), '2018-01-06T11:26:51.000Z');
      const month = readPackageFiles(join(folder, 'months/nixos-17.03@2.delta.json'));
      assert.deepEqual([month.channel, month.commit, month.base], ['nixos-17.03', 'aaaaaaa2', 'aaaaaaa1']);
      const flags = readPackageFiles(join(folder, 'nixos-17.03.packages.json'), {
        commit: 'bbbbbbb',
        committedAt: '2018-01-07',
      });
      assert.deepEqual(
        [flags.commit, flags.committedAt.toISOString()],
        ['bbbbbbb', '2018-01-07T00:00:00.000Z'],
      );
      fails(() => readPackageFiles(join(folder, 'other.packages.json')), 'USAGE', /which commit.*--commit/);
    });
  });

  test('what is not said is asked for, and what is said wrongly is refused', () => {
    const delta = JSON.stringify({ base: 'some set', removed: [], packages: {} });
    inFolder(
      {
        'a.json': set,
        'd.json': delta,
        'bad.json.gz': Buffer.from([0x1f, 0x8b, 1, 2]),
        'bad.patches.json': '[]',
        'bad.json': set,
      },
      (folder) => {
        const read = (name: string, options: object) => () => readPackageFiles(join(folder, name), options);
        fails(read('a.json', { committedAt: '2017-03-31' }), 'USAGE', /--commit/);
        fails(read('a.json', { commit: COMMIT }), 'USAGE', /--date/);
        fails(read('a.json', { ...said, commit: 'HEAD' }), 'USAGE', /"HEAD" is not a commit/);
        fails(read('a.json', { ...said, committedAt: '2017-02-31' }), 'USAGE', /not a date/);
        fails(read('d.json', said), 'USAGE', /"some set".*--base/);
        assert.equal(readPackageFiles(join(folder, 'd.json'), { ...said, base: 'abcdef0' }).base, 'abcdef0');
        fails(read('none.json', said), 'FILE_UNREADABLE', /none\.json/);
        fails(read('bad.json.gz', said), 'FILE_MALFORMED', /cannot be unpacked/);
        fails(read('bad.json', said), 'FILE_MALFORMED', /bad\.patches\.json is not a JSON object/);
      },
    );
  });
});
