import { plainLine } from './markdown-text.ts';
import { REMARK_LIMIT } from './render-markdown.ts';

/**
 * What stands behind a line after somebody said something more there. Nothing that was said is lost and nothing stands twice:
 * an edited text that still holds the earlier one replaces it, another one is put behind it, the same one changes nothing.
 */
export function mergeRemarks(stored: string | null, said: string | null): string | null {
  const [before, after] = [seen(stored), seen(said)];
  if (after === '' || before.includes(after)) return stored;
  if (before === '' || after.includes(before)) return said;
  // What went out as markdown was cut at the limit, and comes back as that.
  if (plainLine(before, REMARK_LIMIT) === after) return stored;
  return `${stored} · ${said}`;
}

/** As it reads: one plain line. */
function seen(text: string | null): string {
  return plainLine(text ?? '', text?.length ?? 0);
}
