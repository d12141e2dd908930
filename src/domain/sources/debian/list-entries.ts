import { createHash } from 'node:crypto';
import { checkFile } from '../document.ts';
import { DocumentProblem, type RawDocument, type SourceFile } from '../source.ts';

const NEWLINE = 0x0a;

interface Entry {
  key: string;
  start: number;
  end: number;
}

/**
 * Cuts one of the security tracker's lists (data/DSA/list, data/CVE/list …) into its entries: a line at the margin and
 * the indented lines below it. Blank lines, `--` lines and the claims of who works on what belong to no entry.
 * A line at the margin that is no header makes an entry of its own, so that it is looked at and not lost.
 * Lists end with a line feed; one that does not was cut short, and half a list would look like a mass deletion.
 */
export function* splitList(
  file: SourceFile,
  keyOf: (header: string) => string | null,
): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  const entries = findEntries(bytes, (header) => keyOf(header) ?? `${path}#${digest(header)}`);
  if (entries.every(({ key }) => key.startsWith(`${path}#`)))
    throw new DocumentProblem('bad-grammar', 'line 1', `${path} has no line that begins an entry`);
  if (bytes.at(-1) !== NEWLINE)
    throw new DocumentProblem('truncated', `byte ${bytes.length}`, `${path} ends in the middle of a line`);
  for (const { key, start, end } of numberRepeats(entries)) yield { key, bytes: bytes.subarray(start, end) };
}

function findEntries(bytes: Buffer, keyOf: (header: string) => string): Entry[] {
  const entries: Entry[] = [];
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    const first = bytes[at];
    const indented = first === 0x20 || first === 0x09;
    const last = entries.at(-1);
    if (indented && last !== undefined) {
      if (!isBlank(bytes, at, end)) last.end = end;
    } else if (!isNoise(bytes, at, end)) {
      entries.push({ key: keyOf(bytes.toString('utf8', at, end).trimEnd()), start: at, end });
    }
    at = end;
  }
  return entries;
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++)
    if (!' \t\r\n'.includes(String.fromCharCode(bytes[at] ?? 0))) return false;
  return true;
}

function isNoise(bytes: Buffer, from: number, to: number): boolean {
  const line = bytes.toString('latin1', from, Math.min(to, from + 40));
  return isBlank(bytes, from, to) || /^(?:--|STOP:|(?:begin|end) claimed by )/.test(line);
}

/**
 * A second entry with the same key gets `#2`. Counted from the end of the list: new entries come in at its top,
 * and must not take over the key of an old one.
 */
function numberRepeats(entries: readonly Entry[]): Entry[] {
  const seen = new Map<string, number>();
  return entries
    .toReversed()
    .map((entry) => {
      const count = (seen.get(entry.key) ?? 0) + 1;
      seen.set(entry.key, count);
      return count === 1 ? entry : { ...entry, key: `${entry.key}#${count}` };
    })
    .toReversed();
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
