import { MusterError } from '#base/errors';

/** What an error of the driver, of the operating system or of PostgreSQL has to say. */
interface ForeignError {
  code?: unknown;
  message?: unknown;
  syscall?: unknown;
  errors?: unknown;
}

/** Codes of the operating system and of TLS that mean: nobody answers there. */
const NO_ANSWER =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|ENOENT|EACCES|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EAI_FAIL|ERR_TLS\w*|\w*CERT\w*|UNABLE_TO_\w+)$/;
/** What the driver says itself comes without a code. */
const CUT_OFF =
  /^(?:Connection terminated|timeout expired|The server does not support SSL|Client has encountered)/;

/**
 * The coded error that an error of a database is, naming the server, never a password. Null where it is something else:
 * a wrong statement is nobody's fault but ours.
 *
 * Codes are those of PostgreSQL's manual, appendix A.
 *
 * @param where the server in words, "the server at db.example:5432 (database muster, user muster)"
 */
export function databaseError(error: unknown, where = 'the database'): MusterError | null {
  if (error instanceof MusterError) return error;
  const { code, message, syscall } = firstOf(error);
  const name = typeof code === 'string' ? code : '';
  const words = typeof message === 'string' ? message : '';
  const made = (kind: 'UNREACHABLE' | 'REFUSED' | 'UNSUITABLE', why: string) =>
    new MusterError(`DATABASE_${kind}`, `${where}: ${why}`, { cause: error });

  // Of the operating system: only what is said of a connection.
  if (
    NO_ANSWER.test(name) &&
    (syscall === undefined || /^(?:connect|read|write|getaddrinfo)$/.test(String(syscall)))
  )
    return made('UNREACHABLE', noAnswer(name, words));
  if (CUT_OFF.test(words)) return made('UNREACHABLE', words);
  if (words.startsWith('SASL: SCRAM') && words.includes('password must be'))
    return made('REFUSED', 'it asks for a password, and DATABASE_URL has none');
  if (!/^[0-9A-Z]{5}$/.test(name)) return null;

  // Class 08: connection; 57P: the server stops, starts, or was stopped; 53300: too many connections.
  if (/^(?:08|57P0[1-5])/.test(name) || name === '53300') return made('UNREACHABLE', words);
  // Class 28: who one is; 3D000: no such database; 42501: what one may; 53100: the disk is full.
  if (/^28/.test(name) || ['3D000', '42501', '53100'].includes(name)) return made('REFUSED', words);
  if (name === '25006') return made('UNSUITABLE', 'it can only be read (a replica?), and Muster writes');
  if ((name === '0A000' || name === '58P01') && /extension/.test(words)) {
    return made(
      'UNSUITABLE',
      `${words}; it is part of PostgreSQL's contrib, in many distributions the package postgresql-contrib`,
    );
  }
  return null;
}

/** Where several addresses of a name were tried, what the first one said. */
function firstOf(error: unknown): ForeignError {
  const foreign = (typeof error === 'object' && error !== null ? error : {}) as ForeignError;
  return Array.isArray(foreign.errors) && foreign.errors.length > 0 ? firstOf(foreign.errors[0]) : foreign;
}

function noAnswer(code: string, words: string): string {
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ENOENT') return 'there is no such socket';
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'there is no machine of that name';
  if (code === 'ETIMEDOUT') return 'it does not answer';
  return words;
}
