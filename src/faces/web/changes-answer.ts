/**
 * What `POST /changes` and `POST /events/undo` answer to programs, the browser's among them. Plain types: this file is read on
 * both sides, so it imports nothing.
 */

export interface MadeJson {
  kind: string;
  id: string;
  field: string;
  value: unknown;
  before: unknown;
  /** The field's version now: the entry of the history that tells of it. */
  version: number;
  changed: boolean;
  /** "openssl in nixos-17.03" */
  subject: string;
  /** "fixed in 1.0.2k" */
  words: string;
}

export interface ConflictJson {
  kind: string;
  id: string;
  field: string;
  was: unknown;
  theirs: unknown;
  yours: unknown;
  /** What an edit has to have seen now. */
  version: number;
  by: string;
  byName: string;
  at: string | null;
  subject: string;
  words: { was: string; theirs: string; yours: string };
}

export interface RefusalJson {
  kind: string;
  id: string;
  field: string;
  code: string;
  subject: string;
  why: string;
}

export type AnswerJson =
  | { outcome: 'accepted'; status: 200; proposal: number | null; made: MadeJson[]; said: string }
  | {
      outcome: 'proposed';
      status: 202;
      proposal: number;
      waitsFor: 'decision' | 'second_opinion';
      said: string;
    }
  | { outcome: 'conflict'; status: 409; conflicts: ConflictJson[]; said: string }
  | { outcome: 'refused'; status: 403 | 422; refusals: RefusalJson[]; said: string };

/** The answer to several change sets, each made for itself, in their order. */
export interface AnswersJson {
  answers: AnswerJson[];
}
