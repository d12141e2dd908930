import { ERRORS, type ErrorCode } from './catalogue.ts';

/** An error that Muster raises on purpose: a code of the catalogue, and a message that says what, where and why. */
export class MusterError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MusterError';
    this.code = code;
  }

  /** Status for an answer over HTTP. */
  get status(): number {
    return ERRORS[this.code].status;
  }

  /** Exit code for the command line. */
  get exit(): number {
    return ERRORS[this.code].exit;
  }
}

/** Two lines for a person: what went wrong, and what to do about it. An error of nobody's keeps its own words. */
export function explain(error: unknown): string {
  if (error instanceof MusterError) return `${error.code}: ${error.message}\n  ${ERRORS[error.code].advice}`;
  return error instanceof Error ? error.message : String(error);
}
