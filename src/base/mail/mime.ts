import { TextDecoder } from 'node:util';
import { decodeUtf8 } from '#base/formats';

/** What may be in one message. What exceeds it is refused, or left out and said so. */
const LIMITS = {
  /** Bytes of all headers of one entity. */
  headers: 256 << 10,
  /** Levels of multiparts and of messages in messages. */
  depth: 20,
  parts: 300,
};

/** Why bytes are no message that can be read. */
export class MailProblem extends Error {
  readonly reason: 'too-large' | 'bad-grammar';
  /** Where in the document. */
  readonly place: string;
  constructor(reason: MailProblem['reason'], place: string, message: string) {
    super(message);
    this.reason = reason;
    this.place = place;
  }
}

/**
 * Those headers of a message or of a part that somebody reads, unfolded and not decoded; names in lower case. Of others one
 * name at most, to say that there are headers.
 */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** Most of what relays, lists and signers write into a head is read by nobody. */
const READ = new Set(
  'from sender to cc subject date received message-id in-reply-to references list-id content-type content-disposition content-transfer-encoding'.split(
    ' ',
  ),
);

/** One leaf of a message: its bytes as they are on the wire, decoded when they are asked for. */
export interface Part {
  /** `text/plain` */
  type: string;
  charset: string | null;
  /** Name of the file, as far as it tells one. */
  name: string | null;
  attached: boolean;
  encoding: string;
  /** Still encoded. */
  body: Buffer;
  /** HTML whose words stand beside it as plain text, in the same multipart/alternative. */
  doubled: boolean;
}

/** Something signed within a message, and its signature: the very bytes, for one changed byte breaks it. */
export interface SignedPart {
  kind: 'pgp_mime' | 'smime';
  /** As it stands in the document, headers of the part included. */
  signed: Buffer;
  signature: Buffer;
  /** Which parts of the message are signed: from one up to another, that not included. */
  parts: { from: number; to: number };
}

/** The structure of a message. */
export interface Entity {
  headers: Headers;
  parts: Part[];
  signed: SignedPart[];
  /** There is a message in it: whose words those are is another question. */
  forwarded: boolean;
  /** Nested too deeply, or of too many parts: what came after was left out. */
  cut: boolean;
}

/**
 * Takes a message apart (RFC 5322, RFC 2045, RFC 2046). The parts are slices of `raw`, so that signatures can be checked over
 * the bytes as they came, and nothing is decoded that nobody reads: the libraries that decode everything need two to six times
 * the time (docs/decisions/0012). Takes whatever comes, line ends of both kinds, missing final boundaries and
 * boundaries that begin with each other.
 *
 * @throws MailProblem HEADERS too large
 */
export function readEntity(raw: Buffer): Entity {
  const entity: Entity = { headers: new Map(), parts: [], signed: [], forwarded: false, cut: false };
  entity.headers = walk(raw, 0, entity, 'text/plain');
  return entity;
}

function walk(raw: Buffer, depth: number, into: Entity, otherwise: string): Headers {
  const { headers, body } = splitEntity(raw);
  const { value: given, params } = parseParams(first(headers, 'content-type') ?? otherwise);
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(given) ? given.toLowerCase() : otherwise;
  if (depth >= LIMITS.depth || into.parts.length >= LIMITS.parts) {
    into.cut = true;
    return headers;
  }
  const boundary = params.get('boundary') ?? '';
  if (type.startsWith('multipart/') && boundary !== '') {
    const children = split(body, boundary);
    const signed =
      type === 'multipart/signed' ? noteSigned(children, params.get('protocol') ?? '', into) : null;
    const starts: number[] = [];
    for (const child of children) {
      if (into.parts.length >= LIMITS.parts) {
        into.cut = true;
        break;
      }
      starts.push(into.parts.length);
      walk(child, depth + 1, into, type === 'multipart/digest' ? 'message/rfc822' : 'text/plain');
      if (signed !== null && starts.length === 1) signed.parts.to = into.parts.length;
    }
    if (type === 'multipart/alternative') noteDoubled(starts, into.parts);
    return headers;
  }
  const encoding = (first(headers, 'content-transfer-encoding') ?? '')
    .trim()
    .toLowerCase()
    .replace(/;.*$/, '');
  if (type === 'message/rfc822') {
    into.forwarded = true;
    const inner = encoding === 'base64' || encoding === 'quoted-printable' ? decode(body, encoding) : body;
    walk(inner, depth + 1, into, 'text/plain');
    return headers;
  }
  const disposition = parseParams(first(headers, 'content-disposition') ?? '');
  into.parts.push({
    type,
    charset: params.get('charset') ?? null,
    name: disposition.params.get('filename') ?? params.get('name') ?? null,
    attached: disposition.value.toLowerCase() === 'attachment',
    encoding,
    body,
    doubled: false,
  });
  return headers;
}

/** @param starts where the parts of each alternative begin */
function noteDoubled(starts: readonly number[], parts: readonly Part[]): void {
  const plain = starts.map((start, index) =>
    parts.slice(start, starts[index + 1]).some(({ type, attached }) => type === 'text/plain' && !attached),
  );
  for (const [index, start] of starts.entries()) {
    if (!plain.some((there, other) => there && other !== index)) continue;
    for (const part of parts.slice(start, starts[index + 1])) part.doubled ||= part.type === 'text/html';
  }
}

function noteSigned(children: readonly Buffer[], protocol: string, into: Entity): SignedPart | null {
  const [signed, second] = children;
  if (signed === undefined || second === undefined) return null;
  const { headers, body } = splitEntity(second);
  const type = `${first(headers, 'content-type') ?? ''} ${protocol}`.toLowerCase();
  const kind = type.includes('pgp-signature') ? 'pgp_mime' : type.includes('pkcs7') ? 'smime' : null;
  if (kind === null) return null;
  const encoding = (first(headers, 'content-transfer-encoding') ?? '').trim().toLowerCase();
  const from = into.parts.length;
  const part = { kind, signed, signature: decode(body, encoding), parts: { from, to: from } } as const;
  into.signed.push(part);
  return part;
}

/** The value of a header that is there once, or the first of several. */
export function first(headers: Headers, name: string): string | undefined {
  return headers.get(name)?.[0];
}

/** Headers, and what comes after the empty line. */
function splitEntity(raw: Buffer): { headers: Headers; body: Buffer } {
  const end = endOfHeaders(raw);
  if (end > LIMITS.headers)
    throw new MailProblem('too-large', `byte ${LIMITS.headers}`, `headers of ${end} bytes`);
  const head = raw.subarray(0, end);
  const text = decodeUtf8(head) ?? head.toString('latin1');
  const body = raw.subarray(end);
  return { headers: parseHeaders(text), body: body.subarray(lineEnd(body, 0)) };
}

/** Where the empty line begins that ends the headers; the end of the bytes where there is none. */
function endOfHeaders(raw: Buffer): number {
  if (lineEnd(raw, 0) > 0) return 0;
  for (let at = raw.indexOf(0x0a); at !== -1; at = raw.indexOf(0x0a, at + 1)) {
    if (lineEnd(raw, at + 1) > 0) return at + 1;
    if (at > LIMITS.headers) return at;
  }
  return raw.length;
}

/** Length of a line end at that place; 0 where there is none. */
function lineEnd(raw: Buffer, at: number): number {
  if (raw[at] === 0x0a) return 1;
  return raw[at] === 0x0d && raw[at + 1] === 0x0a ? 2 : 0;
}

function parseHeaders(text: string): Headers {
  const headers = new Map<string, string[]>();
  let values: string[] | null = null;
  for (const whole of text.split('\n')) {
    const line = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    const code = line.charCodeAt(0);
    if (code === 0x20 || code === 0x09) {
      const last = values?.length ?? 0;
      // A blank joins folded lines (RFC 5322, section 2.2.3).
      if (values !== null && last > 0) values[last - 1] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || colon > 80) {
      values = null;
      continue;
    }
    const name = line.slice(0, colon).trimEnd().toLowerCase();
    values = headers.get(name) ?? null;
    if (!READ.has(name)) {
      values = null;
      if (headers.size === 0) headers.set(name, []);
      continue;
    }
    if (values === null) {
      values = [];
      headers.set(name, values);
    }
    values.push(line.slice(colon + 1).trim());
  }
  return headers;
}

/** The bytes between boundary lines (RFC 2046, section 5.1.1), without the line end that belongs to the boundary. */
function split(body: Buffer, boundary: string): Buffer[] {
  const marker = Buffer.from(`--${boundary}`, 'latin1');
  const children: Buffer[] = [];
  let start = -1;
  for (let at = body.indexOf(marker); at !== -1; at = body.indexOf(marker, at + 1)) {
    if (at > 0 && body[at - 1] !== 0x0a) continue;
    let after = at + marker.length;
    const last = body[after] === 0x2d && body[after + 1] === 0x2d;
    if (last) after += 2;
    while (body[after] === 0x20 || body[after] === 0x09) after += 1;
    const end = lineEnd(body, after);
    if (end === 0 && after < body.length) continue;
    if (start !== -1) children.push(withoutLineEnd(body.subarray(start, at)));
    start = last ? -1 : after + end;
    if (last || children.length > LIMITS.parts) break;
  }
  if (start !== -1 && start < body.length) children.push(body.subarray(start));
  return children;
}

function withoutLineEnd(bytes: Buffer): Buffer {
  const { length } = bytes;
  if (bytes[length - 1] !== 0x0a) return bytes;
  return bytes.subarray(0, bytes[length - 2] === 0x0d ? length - 2 : length - 1);
}

/**
 * `text/plain; charset="utf-8"` → value and parameters (RFC 2045, section 5.1; of RFC 2231 the parameters in pieces and in
 * percent form). The first of two of the same name counts.
 */
export function parseParams(text: string): { value: string; params: Map<string, string> } {
  const params = new Map<string, string>();
  const semicolon = text.indexOf(';');
  const value = (semicolon === -1 ? text : text.slice(0, semicolon)).trim();
  if (semicolon === -1 || text.length > 20_000) return { value, params };
  const pieces = new Map<string, string>();
  for (const match of text
    .slice(semicolon)
    .matchAll(/;\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g)) {
    const [, name = '', quoted, plain = ''] = match;
    const given = quoted === undefined ? plain.trim() : quoted.replace(/\\(.)/g, '$1');
    const [, stem = '', percent] = /^([^*]+)(?:\*\d+)?(\*)?$/.exec(name.toLowerCase()) ?? [];
    if (stem === name.toLowerCase()) {
      if (!params.has(stem)) params.set(stem, given);
    } else if (stem !== '')
      pieces.set(stem, (pieces.get(stem) ?? '') + (percent === undefined ? given : unpercent(given)));
  }
  for (const [name, joined] of pieces) if (!params.has(name)) params.set(name, joined);
  return { value, params };
}

function unpercent(text: string): string {
  const plain = text.replace(/^[\w-]*'[\w-]*'/, '');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** The bytes of a part, its transfer encoding undone (RFC 2045, section 6). An encoding that nobody knows is left as it is. */
export function decode(body: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  return encoding === 'quoted-printable' ? unquote(body) : body;
}

/** Quoted-printable (RFC 2045, section 6.7); what is no code in it stays as it is. */
function unquote(body: Buffer): Buffer {
  let from = body.indexOf(0x3d);
  if (from === -1) return body;
  const out = Buffer.allocUnsafe(body.length);
  let to = body.copy(out, 0, 0, from);
  while (from < body.length) {
    const byte = body[from] ?? 0;
    if (byte !== 0x3d) {
      out[to++] = byte;
      from += 1;
      continue;
    }
    let end = from + 1;
    while (body[end] === 0x20 || body[end] === 0x09) end += 1;
    const soft = lineEnd(body, end);
    if (soft > 0) {
      from = end + soft;
      continue;
    }
    const code = hexDigit(body[from + 1]) * 16 + hexDigit(body[from + 2]);
    if (Number.isNaN(code)) {
      out[to++] = byte;
      from += 1;
    } else {
      out[to++] = code;
      from += 3;
    }
  }
  return out.subarray(0, to);
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return Number.NaN;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

const DECODERS = new Map<string, TextDecoder | null>();
const MOST_DECODERS = 100;

/** The text of bytes in a charset; what names none that we know is taken for UTF-8, and where it is not, for Windows-1252. */
export function textOf(bytes: Buffer, charset: string | null): string {
  const label = (charset ?? '').trim().toLowerCase();
  if (label !== '' && label !== 'utf-8' && label !== 'us-ascii') {
    const text = decoderOf(label)?.decode(bytes);
    if (text !== undefined) return text;
  }
  return decodeUtf8(bytes) ?? decoderOf('windows-1252')?.decode(bytes) ?? bytes.toString('latin1');
}

function decoderOf(label: string): TextDecoder | null {
  const known = DECODERS.get(label);
  if (known !== undefined) return known;
  let decoder: TextDecoder | null = null;
  try {
    decoder = new TextDecoder(label);
  } catch {
    // Nobody knows that charset.
  }
  if (DECODERS.size < MOST_DECODERS) DECODERS.set(label, decoder);
  return decoder;
}
