import { STATUSES, type StatusWord } from '#domain/issues';
import type { Actor } from '#domain/policies';
import type { Change, FieldValue } from '#domain/proposals';

/** For how long somebody who claims an issue has it, unless they say otherwise. */
const CLAIM_DAYS = 7;

/** What is wrong with a form itself, before anything is compared or decided. */
export interface FormProblem {
  field: string;
  why: string;
}

export interface FormReading {
  changes: Change[];
  problems: FormProblem[];
}

/** Who fills in a form, and when: a claim is made in one's own name and runs from now. */
export interface Filler {
  actor: Actor;
  now: Date;
}

/**
 * What a form sets. Each `at` is a field as it was seen, `status/NSI-2017-0043/openssl/nixos-17.03#value@123`; the inputs
 * beside (`status`, `note`, `value` …) are what all of them become. Numbered groups (`0.at`, `0.status`, `1.at` …) are read
 * one by one, those with `0.leave_out` not at all.
 */
export function readForm(form: URLSearchParams, filler: Filler): FormReading {
  const groups = [...form.keys()].flatMap((name) => /^\d{1,4}\.(?=at$)/.exec(name)?.[0] ?? []);
  const reading: FormReading = { changes: [], problems: [] };
  for (const prefix of new Set(['', ...groups])) {
    if (prefix !== '' && form.has(`${prefix}leave_out`)) continue;
    for (const text of form.getAll(`${prefix}at`)) {
      const at = parseSeen(text);
      if (at === null) reading.problems.push({ field: 'at', why: `"${text}" names no field` });
      else {
        const value = valueIn(form, prefix, at, filler);
        if (value === undefined)
          reading.problems.push({ field: `${prefix}status`, why: 'choose one of the states' });
        else reading.changes.push({ ...at, value });
      }
    }
  }
  return reading;
}

/** A field as somebody saw it. */
export type Seen = Omit<Change, 'value'>;

/** `status/NSI-2017-0043/openssl/nixos-17.03#value@123`; null where the text is none. */
export function parseSeen(text: string): Seen | null {
  const match = /^([a-z_]{1,40})\/([^\p{Cc}]{1,600})#([a-z_]{1,40})@(\d{1,15})$/u.exec(text);
  const [, kind, id, field, saw] = match ?? [];
  if (kind === undefined || id === undefined || field === undefined || saw === undefined) return null;
  return { kind, id, field, saw: Number(saw) };
}

export function seenText({ kind, id, field, saw }: Seen): string {
  return `${kind}/${id}#${field}@${saw}`;
}

/** A package in a channel as somebody saw it, on the page of an issue: `NSI-2017-0043/nixos-17.03/openssl@123`. */
export function cellText(issue: string, channel: string, name: string, saw: number): string {
  return `${plain(issue)}/${plain(channel)}/${plain(name)}@${saw}`;
}

/**
 * What a cell names: of a package in a channel the field as it was seen; of the cell of a line (`NSI-2017-0043/nixos-17.03@…`)
 * issue and channel, as what stands there is read anew. Null where the text is none.
 */
export function parseCell(text: string): Seen | { issue: string; channel: string } | null {
  const [, issue, channel, name, saw] =
    /^([^/@]{1,100})\/([^/@]{1,200})(?:\/([^/@]{1,300}))?@([\d,-]{0,400})$/.exec(text) ?? [];
  if (issue === undefined || channel === undefined) return null;
  if (name === undefined) return { issue: decoded(issue), channel: decoded(channel) };
  return parseSeen(`status/${decoded(issue)}/${decoded(name)}/${decoded(channel)}#value@${saw}`);
}

/** The packages of a line, in the order in which its cells tell their versions. */
export function namesText(names: readonly string[]): string {
  return names.map(plain).join(' ');
}

function plain(text: string): string {
  // Halves of characters are no text that could be sent.
  return /^[\w.+-]*$/.test(text) ? text : encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function valueIn(
  form: URLSearchParams,
  prefix: string,
  { kind, field }: Seen,
  filler: Filler,
): FieldValue | undefined {
  const text = (name: string) => (form.get(prefix + name) ?? '').trim();
  if (kind === 'status') return statusOf(text);
  const value = text('value');
  if (kind === 'issue' && field === 'claim') return value === 'me' ? claimOf(filler) : null;
  if (kind === 'issue' && field === 'dismissed')
    return value === '' ? null : { reason: text('reason'), note: text('note') };
  // What somebody wrote there is theirs, whatever it says.
  if (kind === 'roundup_line' && field === 'remark') return value === '' ? null : value;
  if (value === 'yes') return true;
  return value === '' || value === 'no' ? null : value;
}

/** What goes with each word; whatever else a form holds was meant for another one. */
const PARTS: Readonly<Record<StatusWord, readonly string[]>> = {
  under_investigation: ['note'],
  affected: ['note', 'link'],
  fix_pending: ['note', 'link'],
  wont_fix: ['note', 'link'],
  postponed: ['until', 'note', 'link'],
  fixed: ['fixedIn', 'note', 'link'],
  not_affected: ['justification', 'note', 'link'],
};

function statusOf(text: (name: string) => string): FieldValue | undefined {
  const status = text('status');
  if (!(STATUSES as readonly string[]).includes(status)) return undefined;
  const parts = PARTS[status as StatusWord].flatMap((name) =>
    text(name) === '' ? [] : [[name, text(name)]],
  );
  return { status, ...(Object.fromEntries(parts) as Record<string, string>) };
}

function claimOf({ actor, now }: Filler): FieldValue {
  return { person: actor.id, until: new Date(now.getTime() + CLAIM_DAYS * 86_400_000).toISOString() };
}
