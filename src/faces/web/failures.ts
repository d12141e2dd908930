import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { MusterError } from '#base/errors';
import { bareFrame } from './frame.ts';
import { htmlDocument } from './layout.tsx';
import { ProblemPage } from './pages/problem.tsx';
import { wantsJson } from './request-body.ts';
import { RequestRefused } from './request-checks.ts';
import { sendNotFound } from './routes/not-found.ts';
import type { Site } from './site.ts';

interface Failure {
  status: ContentfulStatusCode;
  title: string;
  message: string;
  /** Under which it stands in the log. */
  errorId: string | null;
}

/** Answers a request that went wrong. What nobody foresaw is logged under an id, and the page shows that id alone. */
export async function answerFailure(c: Context, site: Site, error: Error): Promise<Response> {
  if (error instanceof MusterError && error.code === 'NOT_FOUND') {
    try {
      return await sendNotFound(c, site);
    } catch (worse) {
      return send(c, site, unforeseen(c, site, worse));
    }
  }
  if (error instanceof RequestRefused) {
    if (error.status === 405) c.header('Allow', error.allow);
    return send(c, site, {
      status: error.status,
      title: error.status === 405 ? 'Only reading is possible here' : 'This cannot be asked',
      message: error.message,
      errorId: null,
    });
  }
  if (error instanceof MusterError && error.status < 500)
    return send(c, site, {
      status: error.status as ContentfulStatusCode,
      title: TITLES[error.status] ?? 'This cannot be done',
      message: `${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`,
      errorId: null,
    });
  return send(c, site, unforeseen(c, site, error));
}

/** Links that open something carry it in what is asked for; it stays out of the log. */
function withoutSecrets(address: string): string {
  return address
    .replace(/([?&](?:link|invite|ticket|code|state)=)[^&]*/g, '$1…')
    .replace(/(\/report(?:\.json)?\?).*/s, '$1…');
}

/** What was refused on purpose, by status. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'This cannot be asked',
  401: 'This takes an account',
  403: 'You may not do this',
  409: 'Somebody was faster',
  429: 'Too many at once',
};

/** Writes down what nobody foresaw, under an id. */
export function unforeseen(c: Context, site: Site, error: unknown): Failure {
  const errorId = randomUUID().slice(0, 13);
  const unreachable = isUnreachable(error);
  site.log.error(
    { errorId, method: c.req.method, url: withoutSecrets(c.req.url), err: error },
    'request failed',
  );
  return unreachable
    ? {
        status: 503,
        title: 'The database does not answer',
        message: 'Nothing is lost. Try again in a moment.',
        errorId,
      }
    : {
        status: 500,
        title: 'Something went wrong here',
        message: 'It is our fault, not yours, and it was written down.',
        errorId,
      };
}

/** Codes of Node and PostgreSQL ("57": operator intervention, "08": connection) with which a database says that it is not there. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof MusterError) return error.code === 'DATABASE_UNREACHABLE';
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (/^(?:57P0\d|08\w{3}|53300|ECONN\w+|ENOENT|EPIPE|ETIMEDOUT)$/.test(code)) return true;
  return (
    error instanceof Error &&
    /^(?:Connection terminated|Cannot use a pool after|driver has already been destroyed)/.test(error.message)
  );
}

function send(c: Context, site: Site, failure: Failure): Response {
  c.header('Cache-Control', 'no-store');
  if (failure.status === 503) c.header('Retry-After', '10');
  if (new URL(c.req.url).pathname.endsWith('.json') || wantsJson(c))
    return c.json(
      { error: failure.title, message: failure.message, errorId: failure.errorId },
      failure.status,
    );
  const page = ProblemPage({ frame: bareFrame(c, site), ...failure });
  return c.html(htmlDocument(page), failure.status);
}
