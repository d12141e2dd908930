import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** A stream of numbers from 0 to 1 that is the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LIST = 'oss-security.lists.openwall.com';
const PRODUCTS = [
  'linux',
  'openssl',
  'xen',
  'curl',
  'imagemagick',
  'libxml2',
  'php7.0',
  'wireshark',
  'qemu',
  'nginx',
  'samba',
  'bind9',
  'libtiff',
  'ghostscript',
  'jasper',
  'mupdf',
  'poppler',
  'systemd',
  'tcpdump',
  'apache2',
];
const FLAWS = [
  'heap overflow in the parser',
  'use after free on close',
  'out of bounds read of a header',
  'null pointer dereference',
  'integer overflow in size computation',
  'cross-site scripting in the admin page',
  'arbitrary code execution by a crafted file',
  'infinite loop in the decoder',
  'certificate check is skipped',
];
const WORDS =
  'the a of in to attacker crafted file memory function buffer length check missing when reading header remote local user kernel process denial service version release upstream commit patch fixed affected before after allocation free pointer stack heap overflow parser packet request server client module library this that can may leads allows because without sanity bounds value size'.split(
    ' ',
  );

/** What was sent before, for answers to it. */
interface Sent {
  id: string;
  references: string[];
  subject: string;
  at: number;
}

/** How many messages an author may still answer. */
const OPEN = 400;

/**
 * Writes an mbox as a busy security list would make it, the same for the same seed: threads of some five messages, a
 * twentieth of the answers without any reference, a tenth in quoted-printable, a twentieth clear-signed (by nobody), one in
 * twelve with a patch in the text and one in thirty with one attached in base64; four kilobytes on average, up to
 * hundreds.
 *
 * @returns bytes that were written
 */
export async function writeMbox(path: string, messages: number, seed = 1): Promise<number> {
  const random = numbersFrom(seed);
  const out = createWriteStream(path, { highWaterMark: 4 << 20 });
  const open: Sent[] = [];
  let bytes = 0;
  let at = Date.UTC(2008, 0, 1);
  for (let index = 0; index < messages; index += 1) {
    at += Math.floor(random() * 3_600_000);
    const [sent, text] = messageOf(index, at, open, random);
    open.push(sent);
    if (open.length > OPEN) open.splice(Math.floor(random() * (OPEN / 2)), 1);
    bytes += Buffer.byteLength(text);
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return bytes;
}

function messageOf(index: number, at: number, open: readonly Sent[], random: () => number): [Sent, string] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const answered = open.length > 0 && random() < 0.78 ? pick(open.slice(-60)) : null;
  const product = pick(PRODUCTS);
  const year = new Date(at).getUTCFullYear();
  const subject =
    answered === null
      ? `[oss-security] ${random() < 0.4 ? `CVE-${year}-${1000 + Math.floor(random() * 20000)}: ` : ''}${product}: ${pick(FLAWS)} (${index})`
      : `Re: ${answered.subject.replace(/^Re: /, '')}`;
  const id = `<${index}.${Math.floor(random() * 1e9).toString(36)}@mail${index % 50}.example.org>`;
  const lost = answered !== null && random() < 0.05;
  const references = answered === null || lost ? [] : [...answered.references, answered.id].slice(-12);
  const person = Math.floor(random() * 2000);
  const date = new Date(at).toUTCString().replace('GMT', '+0000');
  const boundary = `=_${index}`;
  const attached = random() < 1 / 30;
  const quotedPrintable = random() < 0.1;
  const body = bodyOf(index, answered, product, year, random);
  const text = quotedPrintable ? body.replace(/=/g, '=3D').replace(/(.{60}) /g, '$1 =\n') : body;
  const headers = [
    `From oss-security-return-${index}@lists.openwall.com ${new Date(at).toUTCString().slice(0, 3)} Jan  1 00:00:00 ${year}`,
    `Received: (qmail ${10000 + (index % 50000)} invoked by uid 550); ${date}`,
    'Mailing-List: contact oss-security-help@lists.openwall.com; run by ezmlm',
    'Precedence: bulk',
    'List-Post: <mailto:oss-security@lists.openwall.com>',
    'List-Help: <mailto:oss-security-help@lists.openwall.com>',
    `List-ID: <${LIST}>`,
    `Received: (qmail ${20000 + (index % 40000)} invoked from network); ${date}`,
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=2012;\n        h=mime-version:from:date:message-id:subject:to:cc;\n        bh=${letters(44, random)};\n        b=${letters(70, random)}\n         ${letters(70, random)}\n         ${letters(70, random)}\n         ${letters(70, random)}`,
    'MIME-Version: 1.0',
    `From: Person ${person} <person${person}@example.org>`,
    `Date: ${date}`,
    `Message-ID: ${id}`,
    ...(references.length > 0
      ? [`In-Reply-To: ${references.at(-1)}`, `References: ${references.join('\n ')}`]
      : []),
    'To: oss-security@lists.openwall.com',
    ...(answered === null
      ? []
      : [`Cc: Person ${person % 97} <person${person % 97}@example.org>, "Other, One" <one@example.com>`]),
    attached
      ? `Content-Type: multipart/mixed; boundary="${boundary}"`
      : 'Content-Type: text/plain; charset=UTF-8',
    ...(quotedPrintable && !attached ? ['Content-Transfer-Encoding: quoted-printable'] : []),
    `Subject: ${subject}`,
  ];
  const content = attached
    ? `--${boundary}\nContent-Type: text/plain; charset=utf-8\n\n${body}\n--${boundary}\nContent-Type: application/octet-stream; name="fix-${index}.patch"\nContent-Disposition: attachment; filename="fix-${index}.patch"\nContent-Transfer-Encoding: base64\n\n${folded(Buffer.from(patchOf(index, random)).toString('base64'))}\n--${boundary}--\n`
    : text;
  const quoted = content.replace(/^(>*From )/gm, '>$1');
  return [{ id, references, subject, at }, `${headers.join('\n')}\n\n${quoted}\n\n`];
}

function bodyOf(
  index: number,
  answered: Sent | null,
  product: string,
  year: number,
  random: () => number,
): string {
  const words = (count: number) =>
    Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
  const lines = (count: number, before = '') =>
    Array.from({ length: count }, () => `${before}${words(9 + Math.floor(random() * 4))}`).join('\n');
  // Most are short, some are as long as an advisory with a log.
  const size = random() < 0.02 ? 400 + Math.floor(random() * 1500) : 5 + Math.floor(random() * 40);
  const parts = [
    ...(answered === null
      ? []
      : [`On some day, somebody wrote:\n${lines(4 + Math.floor(random() * 12), '> ')}\n`]),
    lines(size),
    ...(random() < 0.3 ? [`Use CVE-${year}-${1000 + Math.floor(random() * 20000)}.`] : []),
    ...(random() < 0.3 ? [`https://bugs.example.org/show_bug.cgi?id=${100000 + index}`] : []),
    ...(random() < 0.1 ? [`https://git.example.org/${product}/commit/${letters(40, random, HEX)}`] : []),
    ...(random() < 1 / 12 ? [patchOf(index, random)] : []),
    `-- \nPerson of ${product}`,
  ];
  const body = parts.join('\n\n');
  return random() < 0.05
    ? `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${body.replace(/^-/gm, '- -')}\n-----BEGIN PGP SIGNATURE-----\nVersion: GnuPG v1\n\n${SIGNATURE}\n-----END PGP SIGNATURE-----\n`
    : body;
}

function patchOf(index: number, random: () => number): string {
  const hunk = () =>
    ` static int f${Math.floor(random() * 1e6)}(void)\n {\n-\treturn ${Math.floor(random() * 99)};\n+\treturn -EINVAL;\n }`;
  return `diff --git a/src/file${index}.c b/src/file${index}.c\nindex ${letters(7, random, HEX)}..${letters(7, random, HEX)} 100644\n--- a/src/file${index}.c\n+++ b/src/file${index}.c\n@@ -1,5 +1,5 @@\n${hunk()}\n@@ -40,5 +40,5 @@\n${hunk()}\n`;
}

const HEX = '0123456789abcdef';
const BASE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function letters(count: number, random: () => number, from = BASE): string {
  let text = '';
  for (let index = 0; index < count; index += 1) text += from[Math.floor(random() * from.length)];
  return text;
}

function folded(text: string): string {
  return text.replace(/(.{76})/g, '$1\n');
}

/** A signature packet that can be read and belongs to no key: version 4, RSA, SHA-256, issuer 0123456789ABCDEF. */
const SIGNATURE = [
  'wpwEAQEIAAYFAlhAAAAACgkQASNFZ4mrze8SNAQAgAswVXqfxOkOM1h9osfsETZb',
  'gKXK7xQ5XoOozfIXPGGGq9D1Gj9kia7T+B1CZ4yx1vsgRWqPtNn+I0htkrfcASZL',
  'cJW63wQpTnOYveIHLFF2m8DlCi9UeZ7D6A0yV3yhxusQNVp/pMnuEzhdgqfM8RY7',
  'YIWqz/QZPmOIrdL3HEE=',
  '=5TYb',
].join('\n');
