import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Header, pack } from 'tar-stream';
import { MusterError } from '#base/errors';
import { DocumentProblem, type SourceFile } from './source.ts';
import { filesOfFolder, MAX_FILE_BYTES, unpack } from './unpack.ts';

const TEXT = Buffer.from(
  `[22 Jun 2017] DSA-3896-1 apache2 - security update\n${Array.from({ length: 8 }, (_, n) => `\t{CVE-2017-${3161 + n}}\n`).join('')}`,
);

/** The same text as other programs pack it. */
const PACKED: Readonly<Record<string, Buffer>> = {
  'list.gz': gzipSync(TEXT),
  'list.br': brotliCompressSync(TEXT),
  // bzip2 -c
  'list.bz2': Buffer.from(
    'QlpoOTFBWSZTWcJwSIoAAEnfgAAwQAJ/4C4QCQouYV4qIAByIk0aaGJoBiaMmJ6CUUm1PT1IHomTGowGUUCMwKtMqK2lX6+AWAXVID4AQQH+XOAaLuiAqX+AKFQFZb8pgN9AWMQMLd3a6e6Zby4lPCwMiiNt+NAAG+O/F/D6i7kinChIYTgkRQA=',
    'base64',
  ),
  // zstd -c
  'list.zst': Buffer.from(
    'KLUv/SS79QIAhARbMjIgSnVuIDIwMTddIERTQS0zODk2LTEgYXBhY2hlMiAtIHNlY3VyaXR5IHVwZGF0ZQoJe0NWRS0tMzE2MX0yMzQ1Njc4fQoIAAARgBxAGEAEIAcQRrNhUkvtAVhFcsA=',
    'base64',
  ),
};

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Everything in a file, handed over in pieces of that size. */
async function unpacked(path: string, bytes: Buffer, piece = bytes.length): Promise<SourceFile[]> {
  const pieces = function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  };
  return listOf(unpack({ path, open: () => Readable.from(pieces()) }));
}

/** "truncated list.gz": how a file is refused. */
async function refusal(path: string, bytes: Buffer): Promise<string> {
  try {
    const files = await unpacked(path, bytes);
    return `read: ${files.map((file) => `${file.path} ${file.bytes.length}`).join(', ')}`;
  } catch (error) {
    assert.ok(error instanceof DocumentProblem, String(error));
    assert.ok(error.message.length > 10);
    return error.reason;
  }
}

async function tar(
  entries: readonly [Partial<Header> & { name: string }, string | Buffer][],
): Promise<Buffer> {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, Buffer.from(content));
  archive.finalize();
  return Buffer.concat(await listOf(archive as AsyncIterable<Buffer>));
}

const named = (files: readonly SourceFile[]) => files.map(({ path, bytes }) => [path, bytes.toString()]);

describe('what is packed', () => {
  for (const [path, packed] of Object.entries(PACKED)) {
    test(`${path} is read whole, in whatever pieces it comes`, async () => {
      for (const piece of [packed.length, 7, 1])
        assert.deepEqual(named(await unpacked(path, packed, piece)), [[path, TEXT.toString()]]);
    });

    test(`${path}, cut anywhere, is refused and never half read`, async () => {
      for (let length = 1; length < packed.length; length++)
        assert.equal(await refusal(path, packed.subarray(0, length)), 'truncated', `${length} bytes`);
    });

    test(`${path} that holds something else is refused`, async () => {
      assert.equal(await refusal(path, Buffer.from('<!DOCTYPE html><html></html>')), 'truncated');
      if (path !== 'list.br')
        assert.equal(await refusal(path, Buffer.concat([packed, Buffer.from('more of it')])), 'truncated');
    });

    if (path !== 'list.br')
      test(`${path} of several parts, one behind the other, is one file`, async () => {
        const [file, ...others] = await unpacked(path, Buffer.concat([packed, packed, packed]));
        assert.equal(file?.bytes.toString(), TEXT.toString().repeat(3));
        assert.deepEqual(others, []);
        const cut = Buffer.concat([packed, packed.subarray(0, packed.length >> 1)]);
        assert.equal(await refusal(path, cut), 'truncated');
      });
  }

  test('a changed byte is noticed by its checksum, or changes nothing', async () => {
    for (const path of ['list.gz', 'list.bz2']) {
      const packed = PACKED[path] ?? Buffer.alloc(0);
      for (let at = 0; at < packed.length; at++) {
        const changed = Buffer.from(packed);
        changed[at] = (changed[at] ?? 0) ^ 0x10;
        const outcome = await refusal(path, changed);
        assert.ok(
          ['truncated', 'too-large', `read: ${path} ${TEXT.length}`].includes(outcome),
          `${path} ${at}: ${outcome}`,
        );
        if (outcome.startsWith('read'))
          assert.deepEqual(named(await unpacked(path, changed)), [[path, TEXT.toString()]]);
      }
    }
  });

  test('what is not packed stays as it is, an empty file included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        async (bytes, piece) => {
          const [file] = await unpacked('data/DSA/list', Buffer.from(bytes), piece);
          assert.deepEqual(file, { path: 'data/DSA/list', bytes: Buffer.from(bytes) });
        },
      ),
    );
  });
});

describe('a bomb', () => {
  /** Small parts that unpack to 64 MiB each, behind one another. */
  const bomb = (parts: number) => {
    const part = gzipSync(Buffer.alloc(64 << 20), { level: 1 });
    return Buffer.concat(Array.from({ length: parts }, () => part));
  };

  test('that unpacks to more than a file may have is refused', async () => {
    const parts = MAX_FILE_BYTES / (64 << 20) + 1;
    assert.equal(await refusal('list.gz', bomb(parts)), 'too-large');
  });

  test('of zstd or bzip2, which are unpacked in one go, is refused before it fills the memory', async () => {
    // A frame of blocks that say "128 KiB of this byte" in four bytes each.
    const blocks = Buffer.alloc(16_000 * 4);
    for (let at = 0; at < blocks.length; at += 4)
      blocks.writeUInt32LE((131_072 << 3) | 2 | (at + 4 === blocks.length ? 1 : 0), at);
    const zstd = Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), blocks]);
    assert.equal(await refusal('list.zst', zstd), 'too-large');
  });

  test('inside an archive is refused as well', async () => {
    // A header that promises more than a file may have, and the bytes to it.
    const promise = await tar([[{ name: 'list' }, '']]);
    const header = Buffer.from(promise.subarray(0, 512));
    header.write((MAX_FILE_BYTES + 512).toString(8).padStart(11, '0'), 124, 'latin1');
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const packed = Buffer.concat([gzipSync(header), bomb(MAX_FILE_BYTES / (64 << 20) + 1)]);
    assert.equal(await refusal('feeds.tar.gz', packed), 'too-large');
  });
});

describe('an archive', () => {
  test('is read member by member; folders, links and devices hold nothing', async () => {
    const archive = await tar([
      [{ name: 'data', type: 'directory' }, ''],
      [{ name: 'data/DSA/list' }, TEXT],
      [{ name: 'data/link', type: 'symlink', linkname: '/etc/passwd' }, ''],
      [{ name: 'data/hard', type: 'link', linkname: 'data/DSA/list' }, ''],
      [{ name: 'dev', type: 'character-device' }, ''],
      [{ name: 'data/empty' }, ''],
      [{ name: 'data/DSA/list' }, 'the same name again'],
    ]);
    const expected = [
      ['data/DSA/list', TEXT.toString()],
      ['data/empty', ''],
      ['data/DSA/list', 'the same name again'],
    ];
    for (const [path, bytes] of [
      ['a.tar', archive],
      ['a.tar.gz', gzipSync(archive)],
      ['a.tgz', gzipSync(archive)],
      ['b/a.tar.br', brotliCompressSync(archive)],
    ] as const)
      assert.deepEqual(
        named(await unpacked(path, bytes)),
        expected.map(([name, text]) => [`${path}!/${name}`, text]),
      );
  });

  test('with names that lead elsewhere: they stay names, and nothing is written', async () => {
    const names = [
      '../../outside',
      '/tmp/outside',
      'a/../../outside',
      `${'long/'.repeat(60)}x`,
      'ü ñ',
      'C:\\x',
    ];
    const archive = await tar(names.map((name) => [{ name }, 'x']));
    const before = existsSync('/tmp/outside') || existsSync('../../outside');
    assert.deepEqual(
      (await unpacked('a.tar', archive)).map(({ path }) => path),
      names.map((name) => `a.tar!/${name}`),
    );
    assert.equal(existsSync('/tmp/outside') || existsSync('../../outside'), before);
  });

  test('holds others as they are: one level is enough', async () => {
    const inner = gzipSync(TEXT);
    const archive = await tar([[{ name: 'list.gz' }, inner]]);
    const [member] = await unpacked('a.tar', archive);
    assert.equal(member?.path, 'a.tar!/list.gz');
    assert.deepEqual(member?.bytes, inner);
  });

  test('cut anywhere is refused: by its packing wherever it is packed, else by the place where it ends', async () => {
    const archive = await tar([
      [{ name: 'one' }, TEXT],
      [{ name: 'two' }, TEXT],
    ]);
    const packed = gzipSync(archive);
    for (let length = 1; length < packed.length; length += 3)
      assert.equal(await refusal('a.tar.gz', packed.subarray(0, length)), 'truncated', `${length} bytes`);
    for (let length = 1; length < archive.length; length += 101)
      if (length % 512 !== 0)
        assert.equal(await refusal('a.tar', archive.subarray(0, length)), 'truncated', `${length} bytes`);
  });

  test('without anything in it is refused, packed or not: it is not a feed from which all was taken out', async () => {
    const none = await tar([]);
    assert.equal(await refusal('a.tar', none), 'empty');
    assert.equal(await refusal('a.tar', Buffer.alloc(0)), 'empty');
    assert.equal(await refusal('a.tar.gz', gzipSync(none)), 'empty');
  });

  test('with a name that no database takes is read under one that it does', async () => {
    const archive = await tar([[{ name: 'x', pax: { path: 'a\0b\u001b[31m' } }, 'y']]);
    assert.deepEqual(named(await unpacked('a.tar', archive)), [['a.tar!/a\ufffdb\ufffd[31m', 'y']]);
  });

  test('that is none is refused', async () => {
    assert.equal(await refusal('a.tar', Buffer.from('<html>'.repeat(200))), 'truncated');
    assert.equal(await refusal('a.tar.gz', gzipSync('x'.repeat(2000))), 'truncated');
  });

  test('that the reader leaves half way is let go', async () => {
    const archive = await tar(Array.from({ length: 20 }, (_, n) => [{ name: `${n}` }, 'x'.repeat(100_000)]));
    let closed = false;
    const source = Readable.from([archive.subarray(0, 600_000), archive.subarray(600_000)]).on(
      'close',
      () => {
        closed = true;
      },
    );
    for await (const { path } of unpack({ path: 'a.tar', open: () => source })) {
      assert.equal(path, 'a.tar!/0');
      break;
    }
    await new Promise((done) => setTimeout(done, 50));
    assert.equal(closed, true);
  });
});

describe('filesOfFolder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-unpack-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('lists every file below in the order of their paths, and one file by itself', async () => {
    for (const name of ['b', 'a', 'a.json']) writeFileSync(join(folder, name), name);
    symlinkSync('/etc', join(folder, 'elsewhere'));
    assert.deepEqual(
      (await filesOfFolder(folder)).map(({ path }) => path),
      ['a', 'a.json', 'b'],
    );
    const [one, ...others] = await filesOfFolder(join(folder, 'a.json'));
    assert.deepEqual([one?.path, others], ['a.json', []]);
  });

  test('a folder or a file that is not there is said by name', async () => {
    const unreadable = (error: unknown) =>
      error instanceof MusterError && error.code === 'FILE_UNREADABLE' && error.message.includes('nowhere');
    await assert.rejects(filesOfFolder(join(folder, 'nowhere')), unreadable);
    const [gone] = await filesOfFolder(join(folder, 'b'));
    rmSync(join(folder, 'b'));
    assert.ok(gone);
    await assert.rejects(listOf(unpack({ ...gone, path: 'nowhere' })), unreadable);
  });
});
