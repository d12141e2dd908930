import type { Context, Hono } from 'hono';
import { eventById, findEvents, type LoggedEvent } from '#base/db';
import { MusterError } from '#base/errors';
import { revokeEntry } from '#domain/issues';
import { mayGroup } from '#domain/policies';
import { undo } from '#domain/proposals';
import { EDITABLES, maySeeEntry } from '#faces/editing';
import { readings, sendPage } from '../answer.ts';
import { answerJson } from '../changes.ts';
import { issueAddress, ownAddress } from '../components/addresses.ts';
import { eventAddress } from '../editing-addresses.ts';
import { changeOf, historyEntries, isGrouping, replacedWords } from '../history-entries.ts';
import { EventPage, HistoryPage } from '../pages/history.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { RequestRefused } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { whoOf } from '../who.ts';
import { sendConflict, withResult } from './changes.ts';
import { sendNotFound } from './not-found.ts';

const SHOWN = 50;

/** `/history?of=issue:NSI-2017-0043&who=people`, `/events/123`, and `POST /events/123/undo`. */
export function eventRoutes(app: Hono, site: Site): void {
  const { queries } = site.database;

  for (const form of ['html', 'json'] as const)
    app.get(form === 'json' ? '/history.json' : '/history', async (c) => {
      const asked = whoOf(c);
      const of = c.req.query('of') ?? '';
      const [, entity, entityId] = /^([a-z_]{1,40}):(.{1,300})$/su.exec(of) ?? [];
      const who = whoseOf(c);
      const before = c.req.query('before') ?? '';
      const { events, olderThan } = await findEvents(queries, {
        ...(entity === undefined || entityId === undefined ? {} : { entity, entityId }),
        ...(who === null ? {} : { who }),
        ...(/^\d{1,15}$/.test(before) ? { before: Number(before) } : {}),
        limit: SHOWN,
      });
      const shown = events.filter((event) => maySeeEntry(asked.actor, event));
      return sendPage(
        c,
        site,
        form,
        {
          of: entity === undefined ? null : of,
          who,
          entries: await historyEntries(site, asked, shown),
          older: olderThan,
        },
        HistoryPage,
      );
    });

  app.get('/events/:id', async (c) => {
    const wanted = readings(c.req.param('id')).at(-1);
    const id = /^[1-9]\d{0,14}$/.test(wanted?.name ?? '') ? Number(wanted?.name) : 0;
    const event = await eventById(queries, id);
    const who = whoOf(c);
    if (wanted === undefined || event === null || !maySeeEntry(who.actor, event))
      return sendNotFound(c, site);
    const [entry] = await historyEntries(site, who, [event]);
    if (entry === undefined) return sendNotFound(c, site);
    const names = await site.names([]);
    const { entity, entityId, type, cause } = event;
    const replaced = await replacedWords(queries, event, names);
    return sendPage(c, site, wanted.form, { entry, replaced, entity, entityId, type, cause }, EventPage);
  });

  app.post('/events/:id/undo', async (c) => {
    c.header('Cache-Control', 'no-store');
    const id = /^[1-9]\d{0,14}$/.test(c.req.param('id')) ? Number(c.req.param('id')) : 0;
    const form = await readFields(c);
    const back = ownAddress(form.get('back') ?? eventAddress(id));
    const event = await eventById(queries, id);
    if (event !== null && isGrouping(event.type)) return revoke(c, site, event, form);
    const answer = await undo(site.database, whoOf(c).actor, id, {
      kinds: EDITABLES,
      rules: site.rules,
      at: site.now(),
    });
    if (answer.outcome === 'conflict') {
      const change = changeOf((await eventById(queries, id))?.payload ?? null);
      const own =
        change === null ? [] : answer.conflicts.map(({ yours }) => ({ ...change, value: yours, saw: id }));
      return sendConflict(c, site, { set: { changes: own, propose: false }, answer, back });
    }
    const json = await answerJson(site, answer);
    if (wantsJson(c)) return c.json(json, json.status);
    if (answer.outcome === 'refused')
      throw new MusterError(json.status === 403 ? 'FORBIDDEN' : 'USAGE', json.said.replace(/\.$/, ''));
    const made = answer.outcome === 'accepted' ? answer.made : [];
    return c.redirect(withResult(back, { undone: String(made[0]?.version ?? id) }, made), 303);
  });
}

/** Takes back what somebody decided to be one issue, or two. */
async function revoke(
  c: Context,
  site: Site,
  { id, entityId }: LoggedEvent,
  form: URLSearchParams,
): Promise<Response> {
  const { actor } = whoOf(c);
  if (!mayGroup(actor)) throw new MusterError('FORBIDDEN', 'what is one issue is decided by security');
  const reason = form.get('reason')?.trim().slice(0, 1000) ?? '';
  if (reason === '') throw new RequestRefused(400, 'Say why it is taken back.');
  await revokeEntry(site.database, id, { author: actor.id, reason });
  return wantsJson(c) ? c.json({ outcome: 'revoked' }) : c.redirect(issueAddress(entityId), 303);
}

function whoseOf(c: Context): 'people' | 'machine' | null {
  const who = c.req.query('who');
  return who === 'people' || who === 'machine' ? who : null;
}
