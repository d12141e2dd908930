import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { MusterError } from '#base/errors';
import { bareFrame } from './frame.ts';
import { htmlDocument } from './layout.tsx';
import { ProblemPage } from './pages/problem.tsx';
import { RequestRefused } from './request-checks.ts';
import { sendNotFound } from './routes/not-found.ts';
import type { Site } from './site.ts';

interface Failure {
  status: 400 | 405 | 414 | 500 | 503;
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
    if (error.status === 405) c.header('Allow', 'GET, HEAD');
    return send(c, site, {
      status: error.status,
      title: error.status === 405 ? 'Only reading is possible' : 'This cannot be asked',
      message: error.message,
      errorId: null,
    });
  }
  return send(c, site, unforeseen(c, site, error));
}

function unforeseen(c: Context, site: Site, error: unknown): Failure {
  const errorId = randomUUID().slice(0, 13);
  const unreachable = isUnreachable(error);
  site.log.error({ errorId, method: c.req.method, url: c.req.url, err: error }, 'request failed');
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
  if (new URL(c.req.url).pathname.endsWith('.json'))
    return c.json(
      { error: failure.title, message: failure.message, errorId: failure.errorId },
      failure.status,
    );
  const page = ProblemPage({ frame: bareFrame(c, site), ...failure });
  return c.html(htmlDocument(page), failure.status);
}
