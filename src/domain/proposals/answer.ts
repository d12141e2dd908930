import type { Change, FieldValue } from './editable.ts';

/** A change as it was made: what it replaced, and where it is told. */
export interface Made extends Change {
  before: FieldValue;
  /** The field's version now. */
  version: number;
  /** False where the field held that value already: nothing was written. */
  changed: boolean;
}

/** Somebody was faster: the same field holds something else than its author saw. */
export interface Conflict {
  kind: string;
  id: string;
  field: string;
  /** What the author had before their eyes; undefined where the history no longer tells (redacted). */
  was: FieldValue | undefined;
  theirs: FieldValue;
  yours: FieldValue;
  /** What an edit has to have seen now. */
  version: number;
  /** Who set theirs, and when. */
  by: string;
  at: Date | null;
}

/** Why a change was refused, by change. */
export interface Refusal {
  kind: string;
  id: string;
  field: string;
  code: 'UNKNOWN' | 'MALFORMED' | 'BARRED' | 'FORBIDDEN';
  why: string;
}

/** What became of a change set. All of it or nothing. */
export type Answer =
  | { outcome: 'accepted'; proposal: number | null; made: Made[] }
  | { outcome: 'proposed'; proposal: number; waitsFor: 'decision' | 'second_opinion' }
  | { outcome: 'conflict'; conflicts: Conflict[] }
  | { outcome: 'refused'; refusals: Refusal[] };
