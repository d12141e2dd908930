/** What `./muster` exits with. 0 is done, 3 is done though something was put into quarantine. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2, quarantined: 3 } as const;

interface ErrorEntry {
  /** Status over HTTP. */
  status: number;
  /** Exit code on the command line. */
  exit: number;
  /** What a person can do about it: printed under the message, and in docs/errors.md. */
  advice: string;
}

/**
 * Every error that Muster raises on purpose, by its code. `docs/errors.md` is written from this table
 * (errors-page.ts); a code is never reused for something else.
 */
export const ERRORS = {
  CONFIG_INVALID: {
    status: 500,
    exit: 2,
    advice: 'Correct the setting that the message names; `./muster config` lists them all.',
  },
  USAGE: { status: 400, exit: 2, advice: 'See `--help` of the command; it ends with examples.' },
  NOT_FOUND: {
    status: 404,
    exit: 1,
    advice:
      'Check the id or number; `./muster issue list`, `./muster roundup list` and `./muster channel list` show what there is.',
  },
  FILE_UNREADABLE: {
    status: 400,
    exit: 1,
    advice: 'Check that the path exists and that this account may use it.',
  },
  FILE_MALFORMED: {
    status: 400,
    exit: 1,
    advice:
      'The file is not in a form that this command reads; the message says where it stops making sense.',
  },
  SOURCE_UNKNOWN: {
    status: 404,
    exit: 2,
    advice: '`./muster source list` prints the sources that Muster knows.',
  },
  SOURCE_GUARDED: {
    status: 409,
    exit: 1,
    advice: 'The batch is unlike the ones before it. Look at it; `./muster sync --accept SOURCE` applies it.',
  },
  FETCH_FAILED: {
    status: 502,
    exit: 1,
    advice: 'The source did not answer as it should. What is stored stays; the next run tries again.',
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    exit: 1,
    advice:
      'Check that the server of DATABASE_URL runs and can be reached from here; `./muster config` shows the address.',
  },
  DATABASE_REFUSED: {
    status: 503,
    exit: 1,
    advice:
      'The server answers, but refuses. Correct user, password or database in DATABASE_URL, or on the server what the message names.',
  },
  DATABASE_UNSUITABLE: {
    status: 503,
    exit: 1,
    advice:
      'Muster needs PostgreSQL 15 or newer with its contrib extension pg_trgm, and a database of its own in UTF8 that it may write.',
  },
  DATABASE_NEWER: {
    status: 500,
    exit: 1,
    advice: 'This database was used by a newer Muster. Update Muster; there is no way back.',
  },
  EMBEDDED_UNAVAILABLE: {
    status: 503,
    exit: 1,
    advice:
      'The built-in PostgreSQL cannot run there. Name another folder (--data, MUSTER_DATA), or set DATABASE_URL to a server of your own (15 or newer).',
  },
  LOG_BROKEN: {
    status: 500,
    exit: 1,
    advice:
      'An entry of the event log does not follow from the one before it. Keep a copy of the database before you do anything else.',
  },
  TRANSITION_BARRED: {
    status: 409,
    exit: 1,
    advice: 'The present state does not allow that step; the message says which ones it allows.',
  },
  CONFLICT: {
    status: 409,
    exit: 1,
    advice: 'Somebody was faster. The message shows what it was, what they set, and what you set.',
  },
  PRECONDITION_FAILED: {
    status: 412,
    exit: 1,
    advice:
      'It is not any more what If-Match names. Read it again, look at what it is now, and send it with that ETag.',
  },
  PRECONDITION_REQUIRED: {
    status: 428,
    exit: 1,
    advice:
      'Send If-Match with the ETag of what you saw ("0" where nobody had set it), so that nobody’s work is lost.',
  },
  REFUSED: {
    status: 422,
    exit: 1,
    advice:
      'It was read, and cannot be done as it is; the answer says what is wrong with which part. Nothing was changed.',
  },
  FORBIDDEN: {
    status: 403,
    exit: 1,
    advice: 'Your role does not allow it. Propose it instead; a triager accepts it with one click.',
  },
  UNAUTHENTICATED: {
    status: 401,
    exit: 1,
    advice: 'Sign in, or send a valid token. Reading needs neither.',
  },
  RATE_LIMITED: {
    status: 429,
    exit: 1,
    advice: 'Too many at once. Wait as long as the message says, then try again.',
  },
  MAIL_FAILED: {
    status: 502,
    exit: 1,
    advice:
      'The mail server did not take it; it is tried again. Check `smtpUrl`, then `./muster mail try ADDRESS`.',
  },
  MAIL_REFUSED: {
    status: 502,
    exit: 1,
    advice: 'The mail server refused it for good, and said why; it is not tried again.',
  },
  MAIL_UNREADABLE: {
    status: 502,
    exit: 1,
    advice: 'The mailbox could not be read; nothing was lost, the next run goes on there. Check `mailboxes`.',
  },
  DEPENDENCY_MISSING: { status: 500, exit: 1, advice: 'Install what the message names.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
