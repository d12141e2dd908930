import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { addressParser } from 'postal-mime';
import { LARGEST_MESSAGE, readMessage } from './message.ts';
import { MailProblem } from './mime.ts';
import { MAIL_DATA, mailOf, NO_MAIL_DATA } from './testing-mail.ts';

function real(name: string) {
  return readMessage(readFileSync(join(MAIL_DATA, name)));
}

/** Milliseconds of CPU. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('messages', () => {
  test('what real ones say', { skip: NO_MAIL_DATA }, () => {
    const xsa = real('oss-security/2018-01-04-XSA-253-with-patch.eml');
    assert.deepEqual(
      [xsa.from, xsa.list, xsa.sentAt, xsa.attachments.map(({ name, bytes }) => [name, bytes.length])],
      [
        { name: 'Xen.org security team', address: 'security@xen.org' },
        'oss-security.lists.openwall.com',
        Date.parse('2018-01-04T13:02:49Z'),
        [['xsa253.patch', 739]],
      ],
    );
    const hanno = real('oss-security/2016-12-01-gstreamer-multiple-no-cve.eml');
    assert.equal(hanno.from?.name, 'Hanno Böck');
    assert.ok(hanno.text.includes('id=774859'), 'quoted-printable is undone');
    assert.equal(real('oss-security/2017-06-19-stackclash-2-meissner.eml').references.length, 3);
    assert.equal(real('full-disclosure/2015-05-01-fd-mailman.eml').list, 'fulldisclosure.seclists.org');
  });

  test('malformed ones, each as far as it goes', { skip: NO_MAIL_DATA }, () => {
    const names = readdirSync(join(MAIL_DATA, 'malformed'), { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => name.endsWith('.eml'));
    assert.equal(files.length, 39);
    for (const name of files) readMessage(readFileSync(join(MAIL_DATA, 'malformed', name)));
    const japanese = (name: string) => real(`malformed/mikel-mail-charset/${name}`);
    assert.equal(japanese('japanese_iso_2022.eml').subject, 'まみむめも');
    assert.equal(japanese('japanese_attachment.eml').attachments[0]?.name, 'てすと.txt');
    assert.match(japanese('ks_c_5601-1987.eml').text, /^\p{Script=Hangul}/u);
  });

  test('people are who the library says they are, however they are named', () => {
    const word = fc.constantFrom('ada', 'Lovelace, A', 'b.c-d', 'x+y', 'O');
    const named = fc
      .tuple(
        fc.constantFrom('', '"', ' '),
        word,
        fc.constantFrom('', 'a@b.example', '<A@b.example>', ' <c@d>', '<e>'),
      )
      .map(([quote, name, address]) => `${quote}${name}${quote === '"' ? '"' : ''}${address}`);
    const address = fc.constantFrom('a@b.example', ' <A.B@c-d.example> ', 'g: h@i;', '(x) j@k', '');
    const value = fc.array(fc.oneof(named, address), { maxLength: 4 }).map((each) => each.join(', '));
    fc.assert(
      fc.property(value, (text) => {
        const { to } = readMessage(mailOf({ 'Message-ID': '<1@a>', To: text }));
        const told = addressParser(text, { flatten: true }).flatMap(({ name, address: at = '' }) =>
          at === '' ? [] : [{ name: name.trim(), address: at.toLowerCase() }],
        );
        assert.deepEqual(to, told, text);
      }),
      { numRuns: 2000 },
    );
  });

  test('the same message has the same fingerprint, whatever mailboxes and relays added', () => {
    const headers = {
      From: 'ada@a.example',
      'Message-ID': '<1@a>',
      Date: 'Thu, 1 Jan 2026 00:00:00 +0000',
      Subject: 'x',
    };
    const plain = readMessage(mailOf(headers));
    const relayed = readMessage(mailOf({ Received: 'by me', 'X-Junk': 'yes', ...headers }, 'words\r\n\r\n'));
    assert.equal(relayed.fingerprint, plain.fingerprint);
    assert.notEqual(readMessage(mailOf(headers, 'other words\n')).fingerprint, plain.fingerprint);
    assert.notEqual(readMessage(mailOf({ ...headers, Subject: 'y' })).fingerprint, plain.fingerprint);
  });

  test('no dates, wrong ones, and the date of the first relay in their place', () => {
    const dated = (headers: Record<string, string>) =>
      readMessage(mailOf({ Subject: 'x', ...headers })).sentAt;
    assert.equal(dated({}), null);
    for (const wrong of [
      '<HR>',
      '',
      'unknown',
      'Fri, 31 Dec 9999 00:00:00 +0000',
      '1 Jan 1970 00:00:00 +0000',
      `${'9'.repeat(5000)}`,
    ])
      assert.equal(dated({ Date: wrong }), null, wrong);
    assert.equal(dated({ Received: 'by x; Thu, 1 Jan 2026 00:00:00 +0000' }), Date.UTC(2026, 0, 1));
    assert.equal(dated({ Date: 'Thu, 1 Jan 2026 01:00:00 +0100 (CET)' }), Date.UTC(2026, 0, 1));
  });

  test('charsets that do not exist, and bytes that are none of theirs', () => {
    const body = Buffer.from([0x66, 0xfc, 0x72, 0x0a]);
    for (const charset of ['utf-8', 'x-nobody', '__proto__', 'utf-7', '', 'iso-8859-1', '"'.repeat(50)]) {
      const head = Buffer.from(`Subject: x\nContent-Type: text/plain; charset=${charset}\n\n`);
      assert.equal(readMessage(Buffer.concat([head, body])).text, 'für\n', charset);
    }
  });

  test('boundaries that begin with each other, are empty, or never end', () => {
    const part = (text: string) => `Content-Type: text/plain\n\n${text}\n`;
    const nested = `--x\nContent-Type: multipart/mixed; boundary=xy\n\n--xy\n${part('inner')}--xy--\n--x\n${part('outer')}--x--\nepilogue\n`;
    const read = readMessage(mailOf({ 'Content-Type': 'multipart/mixed; boundary=x' }, nested));
    assert.deepEqual(read.text.split('\n'), ['inner', 'outer']);
    const open = readMessage(
      mailOf({ 'Content-Type': 'multipart/mixed; boundary=x' }, `--x\n${part('no end')}`),
    );
    assert.equal(open.text.trim(), 'no end');
    const empty = readMessage(mailOf({ 'Content-Type': 'multipart/mixed; boundary=""' }, '--\nwords\n'));
    assert.equal(empty.cut, false);
  });

  test('HTML is only ever words', () => {
    const html =
      '<style>p{}</style><p>one &lt;b&gt; &#x41;</p><script>alert(1)</script><br>two<img src=x onerror=y>';
    const only = readMessage(mailOf({ 'Content-Type': 'text/html' }, html));
    assert.equal(only.text.replace(/\s+/g, ' ').trim(), 'one <b> A two');
    const both = `--x\nContent-Type: text/html\n\n<p>html</p>\n--x\nContent-Type: text/plain\n\nplain\n--x--\n`;
    assert.equal(
      readMessage(mailOf({ 'Content-Type': 'multipart/alternative; boundary=x' }, both)).text,
      'plain',
    );
  });

  test('HTML is left out only beside a plain text that says the same', () => {
    const text = (type: string, words: string) => `Content-Type: ${type}\n\n${words}\n`;
    const multi = (kind: string, name: string, ...parts: string[]) =>
      `Content-Type: multipart/${kind}; boundary=${name}\n\n${parts.map((part) => `--${name}\n${part}\n`).join('')}--${name}--\n`;
    const read = (entity: string) =>
      readMessage(Buffer.from(`Subject: x\n${entity}`))
        .text.split(/\s*\n\s*/)
        .filter((line) => line !== '');
    const html = text('text/html', '<p>html</p>');
    const [plain, footer] = [text('text/plain', 'plain'), text('text/plain', 'footer')];
    assert.deepEqual(read(multi('mixed', 'x', html, footer)), ['html', 'footer']);
    assert.deepEqual(read(multi('mixed', 'x', multi('alternative', 'y', plain, html), footer)), [
      'plain',
      'footer',
    ]);
    assert.deepEqual(read(multi('mixed', 'x', multi('alternative', 'y', html), footer)), ['html', 'footer']);
    const related = multi('related', 'z', html);
    assert.deepEqual(read(multi('alternative', 'y', plain, related)), ['plain'], 'with its pictures');
    assert.deepEqual(read(multi('alternative', 'y', multi('mixed', 'm', plain), html)), ['plain']);
    const signed = multi('signed', 's', multi('alternative', 'y', plain, html));
    assert.deepEqual(read(multi('mixed', 'x', signed, footer)), ['plain', 'footer']);
  });

  test('names of files lead nowhere', () => {
    for (const name of [
      '../../etc/passwd',
      'C:\\windows\\x',
      '..',
      '.bashrc',
      'a\u0000b',
      '<script>.patch',
    ]) {
      const headers = {
        'Content-Type': 'application/x',
        'Content-Disposition': `attachment; filename="${name}"`,
      };
      assert.match(
        readMessage(mailOf(headers)).attachments[0]?.name ?? '',
        /^[\p{L}\p{N}+-][\p{L}\p{N}._+-]*$/u,
        name,
      );
    }
  });
});

describe('hostile messages', () => {
  const MULTI = 'multipart/mixed; boundary=';

  test('nested a thousand levels deep', () => {
    let body = 'Content-Type: text/plain\n\ndeep\n';
    for (let level = 1000; level > 0; level -= 1)
      body = `Content-Type: ${MULTI}b${level}\n\n--b${level}\n${body}--b${level}--\n`;
    const read = readMessage(Buffer.from(`Subject: x\n${body}`));
    assert.equal(read.cut, true);
    const forwarded = `${'Content-Type: message/rfc822\n\n'.repeat(1000)}Subject: y\n\nwords\n`;
    assert.equal(readMessage(Buffer.from(`Subject: x\n${forwarded}`)).cut, true);
  });

  test('of a hundred thousand parts', () => {
    const body = '--x\n\np\n'.repeat(100_000);
    const took = cpuOf(() =>
      assert.equal(readMessage(mailOf({ 'Content-Type': `${MULTI}x` }, body)).cut, true),
    );
    assert.ok(took < 2000, `${took} ms`);
  });

  test('with headers that never end are refused', () => {
    const problem = (error: unknown) => error instanceof MailProblem && error.reason === 'too-large';
    assert.throws(() => readMessage(Buffer.from(`Subject: x\nX: ${'a'.repeat(1 << 20)}\n\nwords`)), problem);
    assert.throws(() => readMessage(Buffer.from('X: y\n'.repeat(100_000))), problem);
    assert.throws(() => readMessage(Buffer.alloc(LARGEST_MESSAGE + 1, 'a')), problem);
    assert.throws(() => readMessage(Buffer.from('no headers')), MailProblem);
  });

  test('of one line, or of nothing but lines, take time in proportion', () => {
    const line = Buffer.concat([Buffer.from('Subject: x\n\n'), Buffer.alloc(15 << 20, 'a')]);
    const lines = Buffer.concat([Buffer.from('Subject: x\n\n'), Buffer.alloc(15 << 20, '\n')]);
    const encoded = (encoding: string, fill: string) =>
      Buffer.concat([
        Buffer.from(`Subject: x\nContent-Transfer-Encoding: ${encoding}\n\n`),
        Buffer.alloc(15 << 20, fill),
      ]);
    const html = Buffer.concat([
      Buffer.from('Subject: x\nContent-Type: text/html\n\n'),
      Buffer.alloc(2 << 20, '<script>'),
    ]);
    const all = [
      line,
      lines,
      encoded('base64', 'A'),
      encoded('quoted-printable', '='),
      encoded('quoted-printable', '=\n'),
      html,
    ];
    for (const [index, bytes] of all.entries()) {
      const took = cpuOf(() => readMessage(bytes));
      assert.ok(took < 5000, `${index}: ${took} ms`);
    }
    assert.equal(readMessage(line).cut, true);
  });

  test('with headers made to be slow', () => {
    const slow = (name: string, value: string) =>
      cpuOf(() => readMessage(mailOf({ Subject: 'x', [name]: value.slice(0, 100_000) })));
    for (const [name, value] of [
      ['From', '<'.repeat(100_000)],
      ['From', '"a" '.repeat(30_000)],
      ['To', 'a@b, '.repeat(20_000)],
      ['To', ' '.repeat(100_000)],
      ['Subject', '=?utf-8?q?'.repeat(10_000)],
      ['Subject', ' '.repeat(100_000)],
      ['References', '<a@b> '.repeat(16_000)],
      ['References', '<'.repeat(100_000)],
      ['Content-Type', `text/plain${'; a="\\'.repeat(3000)}`],
      ['Content-Type', `text/plain; ${' '.repeat(90_000)}`],
      ['Content-Disposition', `attachment${'; filename*0*=a'.repeat(6000)}`],
      ['Date', '('.repeat(100_000)],
      ['List-Id', '<'.repeat(100_000)],
      ['Received', `x; ${'1 '.repeat(50_000)}`],
    ] as const)
      assert.ok(slow(name, value) < 2000, `${name}: ${value.slice(0, 20)}`);
  });

  test('of any bytes at all, either read or refused', () => {
    const pieces = fc.constantFrom(
      'From: a@b\n',
      'Content-Type: multipart/mixed; boundary=x\n',
      'Content-Type: message/rfc822\n',
      '\n',
      '\r\n',
      '--x\n',
      '--x--',
      'Content-Transfer-Encoding: base64\n',
      '=?utf-8?b?w7w=?=',
      ' folded\n',
      '<1@a> ',
      'Message-ID: ',
      '\u0000',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        try {
          const { fingerprint, references } = readMessage(Buffer.from(parts.join('')));
          assert.match(fingerprint, /^[0-9a-f]{64}$/);
          assert.ok(references.length <= 50);
        } catch (error) {
          assert.ok(error instanceof MailProblem);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
