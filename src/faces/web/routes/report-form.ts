import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import { receiveReport } from '#domain/issues';
import type { FormProblem } from '../components/form-fields.tsx';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { REPORT_ADDRESS, withQuery } from '../list-addresses.ts';
import { ReportFormPage, type TypedReport } from '../pages/report-form.tsx';
import { networkOf } from '../remote-address.ts';
import { readFields, wantsJson } from '../request-body.ts';
import { wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';

type Step = 'question' | 'form' | 'private' | 'sent';

/** Nobody reads the form and fills it in faster; and what was open for longer than a day is looked at anew. */
const SHORTEST_MS = 2_000;
const LONGEST_MS = 24 * 3_600_000;

/** `/report`: a visitor's report. It asks first whether the problem is public, and stores nothing of what is not. */
export function reportFormRoutes(app: Hono, site: Site): void {
  app.get('/report', (c) => {
    const asked = c.req.query('public');
    const step =
      c.req.query('sent') === 'yes'
        ? 'sent'
        : asked === 'yes'
          ? 'form'
          : asked === 'no'
            ? 'private'
            : 'question';
    const typed = { url: wordsOf(c, 'url'), words: '', package: wordsOf(c, 'package'), email: '' };
    return sendForm(c, site, { step, typed });
  });

  app.get('/report.json', (c) => {
    c.header('Cache-Control', 'no-store');
    const { securityContact = null, securityKey = null } = site.config;
    return c.json({ securityContact, securityKey, api: '/api/v1/intake' });
  });

  app.post('/report', async (c) => {
    c.header('Cache-Control', 'no-store');
    const form = await readFields(c);
    const typed = typedIn(form);
    if (form.get('public') !== 'yes')
      return wantsJson(c) ? c.json({ outcome: 'not_public' }) : sendForm(c, site, { step: 'private' });
    const why = looksMade(form, site.now());
    if (why !== null) return refuse(c, site, typed, why);
    const received = await receiveReport(
      site.database,
      { isPublic: true, ...typed, key: keyOf(form) },
      {
        sender: networkOf(c),
        securityContact: site.config.securityContact ?? null,
        securityKey: site.config.securityKey ?? null,
        at: site.now(),
      },
    );
    if (received.outcome === 'refused') return refuse(c, site, typed, `${capital(received.why)}.`);
    if (received.outcome === 'limited')
      throw new MusterError(
        'RATE_LIMITED',
        `that is a lot at once; try again in ${received.seconds} seconds`,
      );
    if (wantsJson(c)) return c.json({ outcome: 'received' }, 201);
    return c.redirect(withQuery(REPORT_ADDRESS, { sent: 'yes' }), 303);
  });
}

/** Why it looks as if no person had sent it; what was typed is kept, for this may be wrong. */
function looksMade(form: URLSearchParams, now: Date): string | null {
  if ((form.get('website') ?? '') !== '')
    return 'A field that is to stay empty was filled in. If you are no machine, send it again.';
  const opened = /^[0-9a-z]{1,12}$/.test(form.get('opened') ?? '')
    ? parseInt(form.get('opened') ?? '', 36)
    : 0;
  const passed = now.getTime() - opened;
  if (passed < 0 || passed > LONGEST_MS) return 'The form was open for very long. Send it again.';
  return passed < SHORTEST_MS ? 'That was very quick. If you are no machine, send it again.' : null;
}

function typedIn(form: URLSearchParams): TypedReport {
  const text = (name: string, most: number) => (form.get(name) ?? '').slice(0, most);
  return {
    url: text('url', 2001),
    words: text('words', 10_001),
    package: text('package', 201),
    email: text('email', 301),
  };
}

function keyOf(form: URLSearchParams): string | undefined {
  const key = form.get('key') ?? '';
  return /^[\w-]{8,100}$/.test(key) ? key : undefined;
}

function capital(words: string): string {
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1).replace(/\.$/, '')}`;
}

function refuse(c: Context, site: Site, typed: TypedReport, why: string): Response | Promise<Response> {
  if (wantsJson(c)) return c.json({ outcome: 'refused', said: why }, 422);
  return sendForm(c, site, { step: 'form', typed, problem: { form: 'report', field: null, why } }, 422);
}

async function sendForm(
  c: Context,
  site: Site,
  { step, typed, problem = null }: { step: Step; typed?: TypedReport; problem?: FormProblem | null },
  status: 200 | 422 = 200,
): Promise<Response> {
  // The form's key is its reader's own: two who shared a copy would be taken for one.
  c.header('Cache-Control', 'no-store');
  const page = ReportFormPage({
    frame: await makeFrame(c, site),
    step,
    typed: typed ?? { url: '', words: '', package: '', email: '' },
    contact: site.config.securityContact ?? null,
    pgpKey: site.config.securityKey ?? null,
    formKey: randomUUID(),
    opened: site.now().getTime().toString(36),
    problem,
  });
  return c.html(htmlDocument(page), status);
}
