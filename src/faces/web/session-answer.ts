import type { Context } from 'hono';
import type { From, RefusalCode, Refused } from '#domain/accounts';
import type { FormProblem } from './components/form-fields.tsx';
import { networkOf } from './remote-address.ts';
import { browserOf } from './session-browser.ts';
import { readSecret } from './session-cookie.ts';
import type { Site } from './site.ts';

const STATUS = {
  MALFORMED: 422,
  TAKEN: 409,
  UNKNOWN: 404,
  FORBIDDEN: 403,
  BARRED: 409,
  WRONG: 403,
  LIMITED: 429,
} as const satisfies Record<RefusalCode, number>;

export type RefusalStatus = (typeof STATUS)[RefusalCode];

/** With what a refusal is answered; says when to come back where it is for too many attempts. */
export function statusOf(c: Context, { code, afterSeconds }: Refused): RefusalStatus {
  if (afterSeconds !== null) c.header('Retry-After', String(afterSeconds));
  return STATUS[code];
}

/** A refusal as a form shows it. */
export function problemOf(form: string, { field, why }: Refused): FormProblem {
  return { form, field, why };
}

/** A refusal for a script. */
export function refuseJson(c: Context, refusal: Refused): Response {
  const { code, why, field } = refusal;
  c.header('Cache-Control', 'no-store');
  return c.json({ error: code, message: why, field }, statusOf(c, refusal));
}

/** Where a sign-in comes from. */
export function fromOf(c: Context, site: Pick<Site, 'config'>): From {
  return {
    address: networkOf(c),
    browser: browserOf(c.req.header('User-Agent')),
    replaces: readSecret(c, site, 'session'),
  };
}
