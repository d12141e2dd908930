import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import { listRevisions } from '#domain/channels';
import { compareRevisions } from '#domain/insight';
import { type Form, sendPage } from '../answer.ts';
import { COMPARED_SHOWN, ComparePage, type ComparePageProps } from '../pages/compare.tsx';
import { readChannels } from '../read-channels.ts';
import { pageOf, RequestRefused, wordsOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { sendNotFound } from './not-found.ts';

/** `/channels/nixos-17.03/compare?from=…&to=…&page=2`: commits, or days; by default the last two revisions. */
export function compareRoutes(app: Hono, site: Site): void {
  for (const form of ['html', 'json'] as const)
    app.get(`/channels/:name/compare${form === 'html' ? '' : '.json'}`, (c) => sendComparison(c, site, form));
}

async function sendComparison(c: Context, site: Site, form: Form): Promise<Response> {
  const name = c.req.param('name') ?? '';
  const { heads } = await readChannels(site);
  const channel = heads.find((one) => one.name === name);
  if (channel === undefined) return sendNotFound(c, site);
  const revisions = (await listRevisions(site.database.queries, name))
    .toReversed()
    .map(({ commit, committedAt }) => ({ commit, committedAt: committedAt.toISOString() }));
  const [newest, before] = revisions;
  const page = pageOf(c);
  const from = revisionOf(c, 'from') ?? before?.commit;
  const to = revisionOf(c, 'to') ?? newest?.commit;
  const compared =
    from === undefined || to === undefined ? null : await comparison(site, name, [from, to], page);
  const { came = 0, went = 0, stayed = 0 } = compared?.counts ?? {};
  const pages = Math.max(1, Math.ceil(Math.max(came, went, stayed) / COMPARED_SHOWN));
  return sendPage(c, site, form, { channel, revisions, compared, page, pages }, ComparePage);
}

async function comparison(
  site: Site,
  channel: string,
  [from, to]: readonly [string | Date, string | Date],
  page: number,
): Promise<ComparePageProps['compared']> {
  try {
    const {
      channel: _,
      versions: __,
      ...rest
    } = await compareRevisions(site.database.queries, channel, from, to, {
      limit: COMPARED_SHOWN,
      offset: (page - 1) * COMPARED_SHOWN,
    });
    const [first, second] = [rest.from, rest.to].map(({ commit, committedAt }) => ({
      commit,
      committedAt: committedAt.toISOString(),
    }));
    return first === undefined || second === undefined ? null : { ...rest, from: first, to: second };
  } catch (error) {
    if (error instanceof MusterError && (error.code === 'NOT_FOUND' || error.code === 'USAGE'))
      throw new RequestRefused(400, error.message);
    throw error;
  }
}

/** A commit or its beginning; or a day, at whose end it was the newest one. */
function revisionOf(c: Context, name: string): string | Date | undefined {
  const text = wordsOf(c, name);
  if (text === '') return undefined;
  if (/^[0-9a-f]{7,64}$/.test(text)) return text;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T23:59:59.999Z`) : Number.NaN;
  if (Number.isNaN(day)) throw new RequestRefused(400, `"${name}" is a commit, or a day like 2017-06-22.`);
  return new Date(day);
}
