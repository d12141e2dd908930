import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';

const STRICT = new TextDecoder('utf-8', { fatal: true });

/** The text of UTF-8 bytes (a byte order mark is dropped), or null where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  // Most documents are, and need no decoding then.
  if (isAscii(bytes)) return asBuffer(bytes).toString('latin1');
  try {
    return STRICT.decode(bytes);
  } catch {
    return null;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Whether a beginning looks like a web page: what a source answers when it has moved or is down. */
export function looksLikeHtml(head: string): boolean {
  return /^\s*(?:<!doctype html|<html|<head|<body)/i.test(head.replace(/^\ufeff/, ''));
}

/** White space other than one space between words. */
const UNEVEN = /\s\s|[^\S ]|^ | $/;

/** One line of at most `limit` characters: white space folded, cut at a word, with an ellipsis where something was cut. */
export function oneLine(text: string, limit: number): string {
  // Most texts are one line already, and folding is the dearest part of cutting it.
  const line = UNEVEN.test(text) ? text.replace(/\s+/g, ' ').trim() : text;
  if (line.length <= limit) return line;
  const cut = line.slice(0, limit - 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), limit >> 1))}…`;
}
