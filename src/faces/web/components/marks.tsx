import type { ChannelCell, ChannelHead, RoundupLine } from '#domain/roundup';
import { html, type Markup } from '../markup/markup.ts';

export type SeverityWord = RoundupLine['severity'];
export type Verdict = ChannelCell['verdict'];

const SEVERITY_STEPS = { none: 0, low: 1, medium: 2, high: 3, critical: 4 } as const;

/** Severity as a word and a small bar of four steps. */
export function SeverityMark({ severity }: { severity: SeverityWord }) {
  const steps =
    severity !== null && Object.hasOwn(SEVERITY_STEPS, severity) ? SEVERITY_STEPS[severity] : null;
  const word = steps === null ? 'unrated' : severity;
  return <span class={`severity severity-${steps ?? 'unrated'}`}>{word}</span>;
}

const VERDICT_WORDS = {
  affected: 'affected',
  not_affected: 'not affected',
  unknown: 'unknown',
  absent: 'absent',
} as const;

/** What looks true of a package or channel: a word with a shape and a colour. What we have no word for reads `unknown`. */
export function VerdictMark({ verdict, why }: { verdict: Verdict; why?: string | undefined }): Markup {
  const known = knownVerdict(verdict);
  return why === undefined
    ? html`<span class="mark mark-${known}">${VERDICT_WORDS[known]}</span>`
    : html`<span class="mark mark-${known}" title="${why}">${VERDICT_WORDS[known]}</span>`;
}

/** What there is no word for is unknown. */
export function knownVerdict(verdict: Verdict): Verdict {
  return Object.hasOwn(VERDICT_WORDS, verdict) ? verdict : 'unknown';
}

export function verdictWord(verdict: Verdict): string {
  return VERDICT_WORDS[knownVerdict(verdict)];
}

export const VERDICT_MEANINGS: readonly { verdict: Verdict; meaning: string }[] = [
  { verdict: 'affected', meaning: 'our version looks hit' },
  { verdict: 'not_affected', meaning: 'our version looks fixed or was never hit' },
  { verdict: 'unknown', meaning: 'something looks like it, and nobody can say yet' },
  { verdict: 'absent', meaning: 'nothing there looks like it' },
];

/** What the marks mean, below a table that uses them. */
export function Legend() {
  return (
    <ul class="legend" aria-label="What the states mean">
      {VERDICT_MEANINGS.map(({ verdict, meaning }) => (
        <li>
          <VerdictMark verdict={verdict} /> <span class="quiet">{meaning}</span>
        </li>
      ))}
    </ul>
  );
}

const LIFECYCLE_WORDS = {
  development: 'development',
  supported: 'supported',
  deprecated: 'deprecated',
  end_of_life: 'end of life',
} as const;

/** Where a channel is in its life, in a word. */
export function Lifecycle({ lifecycle }: { lifecycle: ChannelHead['lifecycle'] }) {
  const known = Object.hasOwn(LIFECYCLE_WORDS, lifecycle);
  return (
    <span class={`lifecycle ${known ? `lifecycle-${lifecycle}` : ''}`}>
      {known ? LIFECYCLE_WORDS[lifecycle] : lifecycle}
    </span>
  );
}

/** Whether a line is done: the box as it looks in the list. */
export function TickMark({ done, label = done ? 'done' : 'open' }: { done: boolean; label?: string }) {
  return (
    <span class={`tick ${done ? 'tick-done' : 'tick-open'}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        <rect x="1.5" y="1.5" width="13" height="13" rx="3" />
        {done ? <path d="M4.5 8.3l2.4 2.4 4.7-5.2" /> : null}
      </svg>
      <span class="hidden">{label}</span>
    </span>
  );
}
