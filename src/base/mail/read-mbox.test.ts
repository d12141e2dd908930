import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readMessage } from './message.ts';
import { MboxSplitter, type RawMessage, readMbox } from './read-mbox.ts';
import { MAIL_DATA, NO_MAIL_DATA } from './testing-mail.ts';

/** What comes out where the bytes come in pieces of that size. */
function split(bytes: Buffer, piece = bytes.length): RawMessage[] {
  const splitter = new MboxSplitter();
  const found: RawMessage[] = [];
  for (let at = 0; at < bytes.length; at += piece)
    found.push(...splitter.take(bytes.subarray(at, at + piece), false));
  return [...found, ...splitter.take(Buffer.alloc(0), true)];
}

function textsOf(found: readonly RawMessage[]): string[] {
  return found.map((each) => (each.kind === 'message' ? each.bytes.toString('latin1') : each.kind));
}

const FROM = 'From ada@a.example Thu Jan  1 00:00:00 2026';

describe('mbox', () => {
  test('real files with their traps', { skip: NO_MAIL_DATA }, () => {
    const read = (name: string) => {
      const bytes = readFileSync(join(MAIL_DATA, 'mbox', name));
      return split(name.endsWith('.gz') ? gunzipSync(bytes) : bytes, 10_000);
    };
    assert.equal(read('content-length.mbox.txt.gz').length, 29);
    assert.equal(read('simple.mbox.txt').length, 3);
    const takeout = read('issue1189.mbox.txt').map((each) =>
      readMessage(each.kind === 'message' ? each.bytes : Buffer.alloc(0)),
    );
    assert.deepEqual(
      takeout.map(({ subject }) => subject),
      ['Message 1', 'Message 2', 'Message 3', 'Message 4'],
    );
    assert.equal(takeout[1]?.attachments[0]?.name, 'Attachment.zip');
    // "From Russia with love" begins a line of a body, once before what looks like a header.
    const unmunged = textsOf(read('unmunged.mbox.txt'));
    assert.equal(unmunged.length, 2);
    assert.ok(unmunged.every((text) => text.includes('\nFrom Russia with love\n')));
  });

  test('an archive in mboxrd gives back the very bytes that were put into it', { skip: NO_MAIL_DATA }, () => {
    const found = split(readFileSync(join(MAIL_DATA, 'oss-security/all.mboxrd')), 4000);
    assert.equal(found.length, 16);
    const own = readFileSync(join(MAIL_DATA, 'oss-security/2018-01-04-XSA-253-with-patch.eml'), 'latin1');
    assert.ok(textsOf(found).some((text) => text.trimEnd() === own.trimEnd()));
  });

  test('whatever a body holds, quoted as mboxrd does, comes out as it was, in pieces of any size', () => {
    const line = fc.constantFrom(
      '',
      'words',
      'From here',
      '>From there',
      '>>From x',
      FROM,
      'From: ada',
      'Content-Length: 3',
    );
    const bodies = fc.array(fc.array(line, { maxLength: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(bodies, fc.integer({ min: 1, max: 200 }), (all, piece) => {
        const messages = all.map((lines, index) => `Subject: ${index}\n\n${lines.join('\n')}\n`);
        const quoted = messages.map((text) => `${FROM}\n${text.replace(/^(>*From )/gm, '>$1')}\n`);
        assert.deepEqual(
          textsOf(split(Buffer.from(quoted.join('')), piece)),
          messages.map((text) => `${text}\n`),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('a Content-Length that leads to a message is believed, one that lies is not', () => {
    const body = `one\n${FROM}\nSubject: quoted by nobody\n\nstill the first\n`;
    const honest = `${FROM}\nSubject: a\nContent-Length: ${body.length}\n\n${body}\n${FROM}\nSubject: b\n\ntwo\n`;
    assert.equal(split(Buffer.from(honest)).length, 2);
    for (const lie of ['3', '0', '99999999', '999999999999999', '-1', 'many']) {
      const lying = `${FROM}\nSubject: a\nContent-Length: ${lie}\n\none\n\n${FROM}\nSubject: b\n\ntwo\n`;
      assert.deepEqual(
        split(Buffer.from(lying)).map((each) => each.kind === 'message' && readMessage(each.bytes).subject),
        ['a', 'b'],
        lie,
      );
    }
  });

  test('a message of 100 MB without a line end is passed over, and the next one read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-mbox-'));
    try {
      const path = join(folder, 'large.mbox');
      writeFileSync(path, `${FROM}\nSubject: large\n\n`);
      const piece = Buffer.alloc(10 << 20, 'a');
      for (let n = 0; n < 10; n += 1) writeFileSync(path, piece, { flag: 'a' });
      writeFileSync(path, `\n\n${FROM}\nSubject: small\n\nwords\n`, { flag: 'a' });
      const before = process.memoryUsage.rss();
      const found: RawMessage[] = [];
      for await (const each of readMbox(path)) found.push(each);
      assert.deepEqual(
        found.map((each) => (each.kind === 'message' ? 'message' : [each.place, each.size > 100 << 20])),
        [['byte 0', true], 'message'],
      );
      assert.ok(process.memoryUsage.rss() - before < 150 << 20, 'it is not held in memory');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a file that is none, or not there', async () => {
    assert.deepEqual(split(Buffer.from('')), []);
    assert.equal(split(Buffer.from('no mailbox at all')).length, 1);
    await assert.rejects(async () => {
      for await (const _ of readMbox('/nowhere/at/all'));
    }, /FILE_UNREADABLE|cannot read/);
  });
});
