import type { Context } from 'hono';
import { submitTicks } from '#domain/roundup';
import { EDITABLES } from '#faces/editing';
import { answerJson } from './changes.ts';
import { ownAddress } from './components/addresses.ts';
import { readFields, wantsJson } from './request-body.ts';
import { RequestRefused } from './request-checks.ts';
import { withResult } from './routes/changes.ts';
import { requirePerson } from './session-guard.ts';
import type { Site } from './site.ts';
import { whoOf } from './who.ts';

/** As many as a form of the longest list sends. */
const MOST = 2000;

/** Ticks the lines of a list that were selected on its page, as one change set; leads back to the page. */
export async function answerTicked(
  c: Context,
  site: Site,
  { number, address }: { number: number; address: string },
): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  requirePerson(c);
  const form = await readFields(c);
  const issues = [...new Set(form.getAll('issue'))];
  if (issues.length === 0) throw new RequestRefused(400, 'Nothing is selected.');
  if (issues.length > MOST) throw new RequestRefused(400, `At most ${MOST} at once, not ${issues.length}.`);
  const marks = issues.map((issue) => ({ issue, done: true, remark: null }));
  const { answer, ...became } = await submitTicks(
    site.database,
    whoOf(c).actor,
    { number, marks, key: /^[\w-]{8,60}$/.exec(form.get('key') ?? '')?.[0] },
    { kinds: EDITABLES, rules: site.rules, at: site.now() },
  );
  const json = await answerJson(site, answer);
  if (wantsJson(c)) return c.json({ ...json, ...became }, json.status);
  if (json.outcome === 'refused') throw new RequestRefused(400, json.said);
  const set = 'proposal' in json && json.proposal !== null ? { set: String(json.proposal) } : {};
  return c.redirect(withResult(ownAddress(form.get('back') ?? address), set), 303);
}
