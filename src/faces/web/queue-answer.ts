import type { AnswerJson } from './changes-answer.ts';

/** What `POST /queue` answers to programs, the browser's among them. Plain types: this file is read on both sides. */

/** What became of some suggestions that were decided together: `NSI-2017-0043/openssl`. */
export type DecidedJson = AnswerJson & { ids: string[] };

/** … where they had to be decided each for itself, since not all of them could be at once. */
export interface DecidedListJson {
  answers: DecidedJson[];
}

/** How many were passed over, or are shown again. */
export interface SkippedJson {
  skipped: number;
}
