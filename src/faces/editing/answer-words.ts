import type { Answer, FieldValue } from '#domain/proposals';
import { type NameOf, subjectWords, valueWords } from './words.ts';

interface MadeInWords {
  kind: string;
  id: string;
  field: string;
  value: FieldValue;
  before: FieldValue;
  /** The field's version now: the entry of the history that tells of it. */
  version: number;
  changed: boolean;
  /** "openssl in nixos-17.03" */
  subject: string;
  /** "fixed in 1.0.2k" */
  words: string;
}

interface ConflictInWords {
  kind: string;
  id: string;
  field: string;
  was: FieldValue;
  theirs: FieldValue;
  yours: FieldValue;
  /** What an edit has to have seen now. */
  version: number;
  by: string;
  byName: string;
  at: string | null;
  subject: string;
  words: { was: string; theirs: string; yours: string };
}

interface RefusalInWords {
  kind: string;
  id: string;
  field: string;
  code: string;
  subject: string;
  why: string;
}

export type AnswerInWords =
  | { outcome: 'accepted'; status: 200; proposal: number | null; made: MadeInWords[]; said: string }
  | {
      outcome: 'proposed';
      status: 202;
      proposal: number;
      waitsFor: 'decision' | 'second_opinion';
      said: string;
    }
  | { outcome: 'conflict'; status: 409; conflicts: ConflictInWords[]; said: string }
  | { outcome: 'refused'; status: 403 | 422; refusals: RefusalInWords[]; said: string };

/** Reads how actors are called. */
type ReadNames = (actors: Iterable<string>) => Promise<(actor: string) => { label: string }>;

/** The status of an answer over HTTP. */
export function statusOf(answer: Answer): AnswerInWords['status'] {
  if (answer.outcome === 'accepted') return 200;
  if (answer.outcome === 'proposed') return 202;
  if (answer.outcome === 'conflict') return 409;
  return answer.refusals.some(({ code }) => code === 'FORBIDDEN') ? 403 : 422;
}

/** An answer with its words, as browsers and other programs read it. */
export async function answerInWords(namesOf: ReadNames, answer: Answer): Promise<AnswerInWords> {
  const names = await namesOf(actorsIn(answer));
  const nameOf: NameOf = (actor) => names(actor).label;
  if (answer.outcome === 'accepted') {
    const made = answer.made.map((change) => ({
      ...change,
      subject: subjectWords(change),
      words: valueWords(change, change.value, nameOf),
    }));
    return { ...answer, status: 200, made, said: madeWords(made) };
  }
  if (answer.outcome === 'proposed')
    return {
      ...answer,
      status: 202,
      said:
        answer.waitsFor === 'second_opinion'
          ? 'Proposed: it waits for somebody else’s opinion.'
          : 'Proposed: somebody who may decide will look at it.',
    };
  if (answer.outcome === 'conflict') {
    const conflicts = answer.conflicts.map((conflict) => ({
      ...conflict,
      was: conflict.was ?? null,
      at: conflict.at?.toISOString() ?? null,
      subject: subjectWords(conflict),
      byName: names(conflict.by).label,
      words: {
        was: valueWords(conflict, conflict.was, nameOf),
        theirs: valueWords(conflict, conflict.theirs, nameOf),
        yours: valueWords(conflict, conflict.yours, nameOf),
      },
    }));
    const [first] = conflicts;
    const said = `${first?.byName} was faster: ${first?.subject} is ${first?.words.theirs}.`;
    return { outcome: 'conflict', status: 409, conflicts, said };
  }
  const refusals = answer.refusals.map((refusal) => ({ ...refusal, subject: subjectWords(refusal) }));
  const [first] = refusals;
  return {
    outcome: 'refused',
    status: statusOf(answer) as 403 | 422,
    refusals,
    said: `Not changed: ${first?.subject}: ${first?.why}${refusals.length > 1 ? `, and ${refusals.length - 1} more` : ''}.`,
  };
}

function madeWords(made: readonly { subject: string; words: string; changed: boolean }[]): string {
  const real = made.filter(({ changed }) => changed);
  const [first] = real;
  if (first === undefined) return 'Nothing to change: it was so already.';
  return real.length === 1
    ? `${first.subject}: ${first.words}.`
    : `${first.subject}: ${first.words}, and ${real.length - 1} more.`;
}

function actorsIn(answer: Answer): string[] {
  if (answer.outcome === 'conflict')
    return answer.conflicts.flatMap(({ by, was, theirs, yours }) => [
      by,
      ...[was, theirs, yours].flatMap(personIn),
    ]);
  return answer.outcome === 'accepted' ? answer.made.flatMap(({ value }) => personIn(value)) : [];
}

/** The person that a value names (a claim, a lead), if it does. */
export function personIn(value: FieldValue | undefined): string[] {
  if (typeof value === 'string') return /^person:\d+$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return typeof value.person === 'string' ? [value.person] : [];
}
