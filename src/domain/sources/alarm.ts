/** What may be wrong with a source, the gravest first. */
export const ALARM_KINDS = [
  'off',
  'html',
  'unreadable',
  'gone',
  'few',
  'many',
  'silent',
  'schema',
  'quarantine',
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** What an alarm knows, by its kind. All of it is ours or a number, but for names of fields and files. */
export interface AlarmFacts {
  /** ISO 8601: since when it is silent or off. */
  since?: string;
  /** Runs that failed. */
  failures?: number;
  /** How many there are, and how many are usual. */
  now?: number;
  usual?: number;
  /** How many of how many are no longer there, changed, or cannot be read. */
  count?: number;
  of?: number;
  fresh?: string[];
  lost?: string[];
  /** Why it cannot be read: `truncated`. */
  reason?: string;
  /** The held batch that waits for a person. */
  batch?: number;
}

/** What was found out: something is wrong, or, with null, is not (any more). */
export interface Judgement {
  kind: AlarmKind;
  /** The file or form that it is about; empty for the source as a whole. */
  subject: string;
  facts: AlarmFacts | null;
}

/** What is wrong in a line: "silent since 2017-06-20", "3 where 30 are usual". */
export function alarmWords(kind: AlarmKind, facts: AlarmFacts): string {
  const { now = 0, usual = 0, count = 0, of = 0, failures = 0, fresh = [], lost = [] } = facts;
  const since = facts.since === undefined ? '' : ` since ${facts.since.slice(0, 10)}`;
  switch (kind) {
    case 'off':
      return `does not answer${since} (${failures} runs)`;
    case 'html':
      return 'answers with a web page where data were due';
    case 'unreadable':
      return `cannot be read (${facts.reason ?? 'bad-grammar'})`;
    case 'few':
      return `${now} where ${usual} are usual`;
    case 'gone':
      return `${count} of ${of} are gone`;
    case 'many':
      return `${count} of ${of} changed at once`;
    case 'silent':
      return `silent${since}`;
    case 'schema': {
      const parts = [
        ...(fresh.length === 0 ? [] : [`new: ${someOf(fresh)}`]),
        ...(lost.length === 0 ? [] : [`gone: ${someOf(lost)}`]),
      ];
      return `the form of its documents changed (${parts.join('; ')})`;
    }
    case 'quarantine':
      return `${count} of ${of} documents cannot be read`;
  }
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
