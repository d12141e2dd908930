import { hash } from 'node:crypto';
import type { Attachment } from '#base/mail';

/** A patch in a message: text between its words, or a file. */
export interface FoundPatch {
  /** The name of the file, or of the first file that it changes. */
  name: string;
  /** The same for the same changes, whatever surrounds them. */
  id: string;
  /** Null where it is packed, and only its name tells. */
  text: string | null;
  bytes: Buffer;
}

const NAME = /\.(?:patch|diff|dpatch|debdiff)(?:\.txt)?$/i;
const PACKED = /\.(?:patch|diff|debdiff)\.(?:gz|bz2|xz|zst)$/i;
const TYPE = /^text\/x-(?:patch|diff)$/i;
const MOST_PATCHES = 50;
const LARGEST = 4 << 20;

/** The patches of a message: attached ones, whatever they are encoded in, and those in the text. Quoted ones are not: they are told of where they came first. */
export function findPatches({
  text,
  attachments,
}: {
  text: string;
  attachments: readonly Attachment[];
}): FoundPatch[] {
  const found: FoundPatch[] = [];
  for (const { name, type, bytes } of attachments) {
    const told = NAME.test(name) || TYPE.test(type);
    if (PACKED.test(name)) found.push({ name, id: idOf([bytes.toString('latin1')]), text: null, bytes });
    else if (bytes.length <= LARGEST && (told || type.startsWith('text/') || isText(bytes))) {
      const content = bytes.toString('utf8');
      const changes = told ? [content] : blocksIn(content).map((block) => block.text);
      if (changes.length > 0) found.push({ name, id: idOf([content]), text: content, bytes });
    }
    if (found.length >= MOST_PATCHES) return found;
  }
  for (const block of blocksIn(text)) {
    if (found.length >= MOST_PATCHES) break;
    found.push({ ...block, id: idOf([block.text]), bytes: Buffer.from(block.text) });
  }
  return found;
}

/** Whether bytes without a telling name are worth looking into: what holds a NUL is no text. */
function isText(bytes: Buffer): boolean {
  return bytes.includes('@@ -') && !bytes.subarray(0, 8192).includes(0);
}

/** Over the lines that change something and those around them; blanks at their ends say nothing. */
function idOf(texts: readonly string[]): string {
  const lines = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => /^[ +@-]/.test(line))
    .map((line) => line.trimEnd());
  return hash('sha256', (lines.length > 0 ? lines : [...texts]).join('\n'), 'hex').slice(0, 32);
}

/** Stretches of a text that are unified diffs (`diff -u`, git, Mercurial, Subversion). */
function blocksIn(text: string): { name: string; text: string }[] {
  if (!text.includes('\n@@ -')) return [];
  const lines = text.split('\n');
  const blocks: { name: string; text: string }[] = [];
  let at = 0;
  while (at < lines.length && blocks.length < MOST_PATCHES) {
    if (!beginsDiff(lines, at)) {
      at += 1;
      continue;
    }
    const end = endOfDiff(lines, at);
    const block = lines.slice(at, end).join('\n').trimEnd();
    if (block.includes('\n@@ -')) blocks.push({ name: nameOf(lines, at, end), text: `${block}\n` });
    at = Math.max(end, at + 1);
  }
  return blocks;
}

function beginsDiff(lines: readonly string[], at: number): boolean {
  const [line = '', next = ''] = [lines[at], lines[at + 1]];
  return /^(?:diff -|Index: )/.test(line) || (line.startsWith('--- ') && next.startsWith('+++ '));
}

/** A diff goes on as long as its lines have one of its marks; one empty line is one that a mail program stripped. */
function endOfDiff(lines: readonly string[], from: number): number {
  let at = from;
  let empty = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const marked =
      /^(?:[ +@\\]|-(?!- $)|diff -|Index: |index [0-9a-f]|={20}|new file|deleted file|old mode|new mode|similarity |rename |copy |GIT binary)/.test(
        line,
      );
    if (!marked && !(line === '' && empty === 0)) break;
    empty = line === '' ? empty + 1 : 0;
    at += 1;
  }
  return at;
}

/** Without control characters, and the half of one that a cut leaves. */
function plainName(path: string): string {
  return path.replace(/[\p{Cc}\p{Cs}]+/gu, '');
}

function nameOf(lines: readonly string[], from: number, end: number): string {
  for (let at = from; at < end; at += 1) {
    const [, path] = /^\+\+\+ (?:b\/)?(\S{1,200})/.exec(lines[at] ?? '') ?? [];
    if (path !== undefined && path !== '/dev/null') return plainName(path);
  }
  return 'patch';
}
