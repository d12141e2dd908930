import { ERRORS, explain, MusterError } from '#base/errors';
import { fileError } from './file-error.ts';

/** A failure as `--json` prints it. */
interface ErrorObject {
  code: string;
  message: string;
  advice: string;
}

const REPORT =
  'This is a mistake in Muster. MUSTER_LOG_LEVEL=debug shows where it happened; please report it.';

/**
 * The coded error that an error is: itself, or what the operating system or PostgreSQL says in words of theirs of a file
 * or a connection. Null for what nobody foresaw.
 */
export async function asMusterError(error: unknown): Promise<MusterError | null> {
  if (error instanceof MusterError) return error;
  if (typeof (error as { code?: unknown } | null)?.code !== 'string') return null;
  const file = fileError(error);
  if (file !== null) return file;
  const { databaseError } = await import('#base/db');
  return databaseError(error);
}

/** What went wrong and what to do about it, as a person reads it. */
export function failureText(error: unknown): string {
  return error instanceof MusterError ? explain(error) : `INTERNAL: ${explain(error)}\n  ${REPORT}`;
}

/** The same for a program. */
export function errorObject(error: unknown): ErrorObject {
  return error instanceof MusterError
    ? { code: error.code, message: error.message, advice: ERRORS[error.code].advice }
    : { code: 'INTERNAL', message: explain(error), advice: REPORT };
}
