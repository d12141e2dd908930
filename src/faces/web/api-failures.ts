import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { MusterError } from '#base/errors';
import { problemOf, unforeseenProblem } from '#faces/api';
import { unforeseen } from './failures.ts';
import { RequestRefused } from './request-checks.ts';
import type { Site } from './site.ts';

/** Answers a request to the API that went wrong, as RFC 9457 has it. */
export function answerProblem(c: Context, site: Site, error: unknown): Response {
  c.header('Cache-Control', 'no-store');
  const problem = problemFor(c, site, error);
  if (problem.status === 503) c.header('Retry-After', '10');
  return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
  });
}

function problemFor(c: Context, site: Site, error: unknown) {
  if (error instanceof RequestRefused) {
    if (error.status === 405) c.header('Allow', error.allow);
    return problemOf(new MusterError('USAGE', error.message), error.status);
  }
  if (error instanceof MusterError && error.status < 500) return problemOf(error);
  const { status, title, message, errorId } = unforeseen(c, site, error);
  return unforeseenProblem(status, title, message, errorId);
}
