import type { Context } from 'hono';
import { decodeUtf8 } from '#base/formats';
import { RequestRefused } from './request-checks.ts';

/** Two thousand changes with a note each stay below it. */
const LONGEST_BODY = 1024 * 1024;
/** Halves of characters, which no text of the database can hold. */
const HALVES = /\p{Cs}/gu;

/** Whether an answer is wanted for a program: it asks for JSON, or sent it. */
export function wantsJson(c: Context): boolean {
  const accepted = c.req.header('Accept') ?? '';
  if (accepted.includes('text/html')) return false;
  return accepted.includes('application/json') || isJson(c);
}

export function isJson(c: Context): boolean {
  return /^application\/json\b/i.test(c.req.header('Content-Type') ?? '');
}

/** A form as it was sent. @throws RequestRefused where it is no form, is too long, or holds what no text can */
export async function readFields(c: Context): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('Content-Type') ?? ''))
    throw new RequestRefused(415, 'It takes a form (application/x-www-form-urlencoded).');
  const fields = new URLSearchParams(await readText(c));
  for (const value of fields.values()) refuseNul(value);
  return fields;
}

/** A JSON document as it was sent. @throws RequestRefused where it is none, is too long, too deep, or holds what no text can */
export async function readJson(c: Context): Promise<unknown> {
  const text = await readText(c);
  try {
    return JSON.parse(text, (_, value: unknown) => {
      if (typeof value !== 'string') return value;
      refuseNul(value);
      return value.replace(HALVES, '\ufffd');
    });
  } catch (error) {
    if (error instanceof RequestRefused) throw error;
    throw new RequestRefused(400, 'The body is not JSON that can be read.');
  }
}

async function readText(c: Context): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new RequestRefused(413, 'That is more than a megabyte.');
    chunks.push(chunk);
  }
  const text = decodeUtf8(Buffer.concat(chunks));
  if (text === null) throw new RequestRefused(400, 'The body is not UTF-8.');
  return text;
}

function refuseNul(text: string): void {
  if (text.includes('\0')) throw new RequestRefused(400, 'No text here can hold a NUL.');
}
