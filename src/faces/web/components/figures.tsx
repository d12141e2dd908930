import type { Child } from '../markup/markup.ts';
import { ownAddress } from './addresses.ts';
import { number } from './times.tsx';

/** How much of something is done: a bar, with its words beside it for whoever cannot see it. */
export function ProgressBar({ done, total, label }: { done: number; total: number; label: string }) {
  const width = total <= 0 ? 0 : Math.min(100, Math.max(0, (done / total) * 100));
  return (
    <svg class="progress" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="track" x="0" y="0" width="100" height="4" />
      <rect class="fill" x="0" y="0" width={width.toFixed(2)} height="4" />
    </svg>
  );
}

/** Open issues by severity; `unrated` have none. */
export interface SeverityCounts {
  critical: number;
  high: number;
  medium: number;
  low: number;
  none: number;
  unrated: number;
}

export const COUNTED_SEVERITIES = ['critical', 'high', 'medium', 'low', 'none', 'unrated'] as const;

export function totalOf(counts: SeverityCounts): number {
  return COUNTED_SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
}

/** The counts as one bar, as long as its total beside the greatest total; the numbers stand in the table beside it. */
export function CountBar({ counts, greatest }: { counts: SeverityCounts; greatest: number }) {
  const scale = greatest <= 0 ? 0 : 100 / greatest;
  let at = 0;
  return (
    <svg class="countbar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {COUNTED_SEVERITIES.map((severity) => {
        const x = at;
        const width = counts[severity] * scale;
        at += width;
        return width > 0 ? (
          <rect class={`count-${severity}`} x={x.toFixed(2)} y="0" width={width.toFixed(2)} height="8" />
        ) : null;
      })}
    </svg>
  );
}

/** A number in a table; nothing to count is quiet. */
export function Count({ count, href }: { count: number; href?: string | undefined }) {
  if (count === 0) return <span class="quiet">0</span>;
  return href === undefined ? <span>{number(count)}</span> : <a href={ownAddress(href)}>{number(count)}</a>;
}

export interface Fact {
  name: string;
  value: Child;
}

/** A strip of facts: name above, value below. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(({ name, value }) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What is said where there is nothing: what would be here, and how to begin. */
export function Empty({ children }: { children?: Child }) {
  return <p class="empty">{children}</p>;
}

/** Pages of a long list. */
export function Pager({
  page,
  pages,
  href,
  label,
  previous,
  next,
}: {
  /** From 1. */
  page: number;
  pages: number;
  href: (page: number) => string;
  label: string;
  /** Words of the two links. */
  previous: string;
  next: string;
}) {
  if (pages <= 1) return null;
  return (
    <nav class="pager" aria-label={label}>
      {page > 1 ? (
        <a href={href(page - 1)} rel="prev">
          {previous}
        </a>
      ) : (
        <span />
      )}
      <span class="quiet">
        Page {number(page)} of {number(pages)}
      </span>
      {page < pages ? (
        <a href={href(page + 1)} rel="next">
          {next}
        </a>
      ) : (
        <span />
      )}
    </nav>
  );
}

/** Where a list goes on of which nobody counts the pages; nothing at its end. */
export function NextPage({ href, words }: { href: string | null; words: string }) {
  if (href === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <span />
      <a rel="next" href={href}>
        {words}
      </a>
    </nav>
  );
}
