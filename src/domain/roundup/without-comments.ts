export interface CommentedLine {
  /** What a reader sees. */
  shown: string;
  /** What stands inside comments. */
  hidden: string;
}

/**
 * Separates HTML comments from the lines of a text. A comment that never ends is text, and `unclosed` is its line
 * (from 1): one stray `<!--` must not swallow what follows.
 */
export function withoutComments(lines: readonly string[]): {
  lines: CommentedLine[];
  unclosed: number | null;
} {
  const lastEnd = lines.findLastIndex((line) => line.includes('-->'));
  let inside = false;
  let unclosed: number | null = null;
  const separated = lines.map((line, index) => {
    const parts = { shown: '', hidden: '' };
    let at = 0;
    while (at < line.length) {
      const mark = line.indexOf(inside ? '-->' : '<!--', at);
      const opens = !inside && mark >= 0;
      if (opens && index >= lastEnd && line.indexOf('-->', mark + 4) < 0) {
        unclosed ??= index + 1;
        break;
      }
      const end = mark < 0 ? line.length : mark;
      parts[inside ? 'hidden' : 'shown'] += line.slice(at, end);
      at = mark < 0 ? line.length : mark + (inside ? 3 : 4);
      if (mark >= 0) inside = !inside;
    }
    parts.shown += inside ? '' : line.slice(at);
    return parts;
  });
  return { lines: separated, unclosed };
}
