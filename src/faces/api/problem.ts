import { z } from 'zod';
import { ERRORS, type ErrorCode, MusterError } from '#base/errors';
import type { Refused } from '#domain/accounts';
import { named } from './shapes.ts';

const refusalShape = z.strictObject({
  kind: z.string(),
  id: z.string(),
  field: z.string(),
  code: z.string().describe('UNKNOWN, MALFORMED, BARRED or FORBIDDEN'),
  why: z.string(),
  subject: z.string().describe('What it is about, in words'),
});

const conflictShape = z.strictObject({
  kind: z.string(),
  id: z.string(),
  field: z.string(),
  was: z.unknown().describe('What you had before your eyes; null where the history no longer tells'),
  theirs: z.unknown().describe('What it is now'),
  yours: z.unknown().describe('What you sent'),
  version: z.int().describe('What a change has to have seen now'),
  by: z.string(),
  byName: z.string(),
  at: z.string().nullable(),
  subject: z.string(),
  words: z.strictObject({ was: z.string(), theirs: z.string(), yours: z.string() }),
});

/** What went wrong, as RFC 9457 has it; `code` is one of docs/errors.md. */
export const problemShape = named(
  'Problem',
  z.strictObject({
    type: z.string().describe('Where the code is explained; about:blank for what nobody foresaw'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().nullable().describe('As in docs/errors.md'),
    errorId: z.string().optional().describe('Under which it stands in the log of whoever runs this Muster'),
    errors: z.array(z.strictObject({ where: z.string(), why: z.string() })).optional(),
    refusals: z.array(refusalShape).optional(),
    conflicts: z.array(conflictShape).optional(),
  }),
);

export type Problem = z.infer<typeof problemShape>;
type Extra = Pick<Problem, 'errors' | 'refusals' | 'conflicts' | 'errorId'>;

/** An error with what a program wants to know of it beyond its sentence. */
export class ProblemError extends MusterError {
  readonly extra: Extra;

  constructor(code: ErrorCode, message: string, extra: Extra) {
    super(code, message);
    this.name = 'ProblemError';
    this.extra = extra;
  }
}

/** The document of an error that was raised on purpose. */
export function problemOf(error: MusterError, status = error.status): Problem {
  const extra = error instanceof ProblemError ? error.extra : {};
  return {
    type: `/api#${error.code}`,
    title: titleOf(error.code),
    status,
    detail: sentence(error.message),
    code: error.code,
    ...extra,
  };
}

/** The document of what nobody foresaw: it says under what id it is in the log, and no more. */
export function unforeseenProblem(
  status: number,
  title: string,
  detail: string,
  errorId: string | null,
): Problem {
  return {
    type: 'about:blank',
    title,
    status,
    detail,
    code: null,
    ...(errorId === null ? {} : { errorId }),
  };
}

/** What an error code is called: "NOT_FOUND" → "Not found". */
function titleOf(code: ErrorCode): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return `${words[0]?.toUpperCase()}${words.slice(1)}`;
}

function sentence(message: string): string {
  const first = message[0] ?? '';
  return `${first.toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}

/** Every code with what one can do about it, for the page that explains them. */
export function problemCodes(): { code: string; title: string; status: number; advice: string }[] {
  return (Object.keys(ERRORS) as ErrorCode[]).map((code) => ({
    code,
    title: titleOf(code),
    status: ERRORS[code].status,
    advice: ERRORS[code].advice,
  }));
}

const CODES: Readonly<Record<Refused['code'], ErrorCode>> = {
  MALFORMED: 'REFUSED',
  TAKEN: 'CONFLICT',
  UNKNOWN: 'NOT_FOUND',
  FORBIDDEN: 'FORBIDDEN',
  BARRED: 'TRANSITION_BARRED',
  WRONG: 'FORBIDDEN',
  LIMITED: 'RATE_LIMITED',
};

/** What came of something that is done to accounts. @throws ProblemError where it was refused */
export function doneOf<T extends { outcome: string }>(outcome: T | Refused): Exclude<T, Refused> {
  if (outcome.outcome === 'refused') {
    const { code, why, field } = outcome as Refused;
    throw new ProblemError(
      CODES[code],
      why,
      field === null ? {} : { errors: [{ where: `body.${field}`, why }] },
    );
  }
  return outcome as Exclude<T, Refused>;
}
