import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import {
  gateFigures,
  isGateNumber,
  type ReadRoundup,
  renderMarkdown,
  roundupFigures,
  roundupList,
  roundupView,
} from '#domain/roundup';
import { CACHE_CONTROL, type Form, readings, redirectTo, sendPage } from '../answer.ts';
import { gateAddress, roundupAddress } from '../components/addresses.ts';
import { IssueLine } from '../components/issue-lines.tsx';
import { decisionsOnLines, editingOf, readDecisions } from '../decisions.ts';
import { ROUNDUPS_ADDRESS } from '../list-addresses.ts';
import { isReadAnew, makeShared, wantedFragments } from '../live-fragments.ts';
import { type KeepMarkup, makeKeepMarkup } from '../markup/kept-markup.ts';
import { html } from '../markup/markup.ts';
import { type DrawLine, RoundupPage } from '../pages/roundup.tsx';
import { RoundupsPage, type RoundupsPageProps } from '../pages/roundups.tsx';
import { today } from '../read-channels.ts';
import { askAs } from '../session.ts';
import type { Site } from '../site.ts';
import { answerTicked } from '../ticks.ts';
import { whoOf } from '../who.ts';
import { sendNotFound } from './not-found.ts';

/**
 * `/roundups`, `/roundups/12` (also as `.json` and `.md`), and `/roundup`, which leads to the latest. `POST /roundups/12/ticks`
 * ticks the lines that were selected.
 */
export function roundupRoutes(app: Hono, site: Site): void {
  const { queries } = site.database;
  const send = makeSendList(site);

  app.get('/roundups', async (c) => sendPage(c, site, 'html', await allRoundups(site), RoundupsPage));
  app.get('/roundups.json', async (c) => sendPage(c, site, 'json', await allRoundups(site), RoundupsPage));

  app.get('/roundup', async (c) => {
    const [latest] = await roundupFigures(queries, 1);
    return redirectTo(c, latest === undefined ? ROUNDUPS_ADDRESS : roundupAddress(latest.number), 302);
  });

  app.get('/roundups/:number', async (c) => {
    const wanted = readings(c.req.param('number'), ['json', 'md']).at(-1);
    if (wanted === undefined || !/^[1-9]\d{0,8}$/.test(wanted.name)) return sendNotFound(c, site);
    const number = Number(wanted.name);
    if (!isGateNumber(number)) return send(c, number, wanted.form);
    // Gates are called by their channels. Their numbers are in the history, and lead there.
    const gate = (await gateFigures(queries)).find((one) => one.number === number);
    if (gate === undefined) return sendNotFound(c, site);
    const ending = wanted.form === 'html' ? '' : `.${wanted.form}`;
    return redirectTo(c, `${gateAddress(gate.channel, gate.release)}${ending}`, 308);
  });

  app.post('/roundups/:number/ticks', async (c) => {
    const number = c.req.param('number');
    if (!/^[1-9]\d{0,8}$/.test(number)) return sendNotFound(c, site);
    return answerTicked(c, site, { number: Number(number), address: roundupAddress(Number(number)) });
  });
}

/** Sends a list of either kind, in whatever form, with what visitors get made once for all of them. */
export function makeSendList(
  site: Site,
): (c: Context, number: number, form: Form, mayPlan?: boolean) => Promise<Response> {
  const shared = makeShared<string>();
  const keep = makeKeepMarkup();
  return async (c, number, form, mayPlan = false) => {
    const only = wantedFragments(c);
    if (isReadAnew(c) && form === 'html' && whoOf(c).actor.account === null) {
      // What visitors get is the same for all of them; the last change is in the key, so that none gets what was before it.
      const key = JSON.stringify([c.req.url, only === null ? null : [...only].sort(), site.live.last()]);
      c.header('Cache-Control', 'no-store');
      return c.html(
        await shared(key, async () => {
          const response = await sendRoundup(c, site, number, { form: 'html', only, mayPlan, keep });
          return response.text();
        }),
      );
    }
    if (form !== 'md') return sendRoundup(c, site, number, { form, only, mayPlan, keep });
    const view = await roundupView(site.database.queries, site.config.team, number);
    c.header('Cache-Control', CACHE_CONTROL);
    const { publicUrl } = site.config;
    const text = renderMarkdown(view, publicUrl === undefined ? {} : { publicUrl });
    return c.body(text, 200, { 'Content-Type': 'text/markdown; charset=utf-8' });
  };
}

/** The page of a list with what people decided; `only` some of its lines. Its JSON says all of it. */
async function sendRoundup(
  c: Context,
  site: Site,
  number: number,
  {
    form,
    only,
    mayPlan,
    keep,
  }: { form: Form; only: ReadonlySet<string> | null; mayPlan: boolean; keep: KeepMarkup },
): Promise<Response> {
  const { database, config } = site;
  if (form === 'json') {
    const view = await roundupView(database.queries, config.team, number);
    const issues = view.sections.flatMap(({ lines }) => lines.map(({ issue }) => issue));
    return sendPage(c, site, form, { ...view, decisions: await readDecisions(site, issues) }, () => html``);
  }
  const { read } = await askAs(c, site, (session) =>
    roundupList(database, { team: config.team, number, today: today(site), session }),
  );
  if (read === null) throw new MusterError('NOT_FOUND', `there is no roundup ${number}`);
  const { list, issues, latest } = read;
  const decisions = await decisionsOnLines(site, issues);
  const editing = editingOf(whoOf(c));
  const drawLine = makeDrawLine(keep, read);
  return sendPage(
    c,
    site,
    form,
    {},
    ({ frame }) => RoundupPage({ frame, roundup: list, decisions, editing, drawLine, only, mayPlan }),
    latest,
  );
}

/** Lines are drawn again when their issue, their cells or what stands beside them has changed. */
function makeDrawLine(keep: KeepMarkup, { list, issues, cells }: ReadRoundup): DrawLine {
  const channels = list.channels.map(({ name }) => name).join(' ');
  return (props) => {
    const { line, product, now, group, decisions, editing } = props;
    const owner = issues.get(line.issue);
    if (owner === undefined || decisions === undefined || editing === undefined) return IssueLine(props);
    const claim = decisions.claim(line.issue);
    return keep(
      owner,
      [
        ...[cells.get(line.issue), list.number, product, group, channels, now.slice(0, 10), decisions.epoch],
        ...[line.done, line.doneBy, line.version, line.remark, line.remarkVersion, line.carriedFrom],
        ...[editing.permission, editing.person === null, claim.person, claim.person === editing.person],
      ],
      () => IssueLine(props),
    );
  };
}

async function allRoundups(site: Site): Promise<Omit<RoundupsPageProps, 'frame'>> {
  const { queries } = site.database;
  const [all, gates] = await Promise.all([roundupFigures(queries), gateFigures(queries)]);
  return {
    roundups: all.map(({ number, coversSince, coversUntil, openedAt, closedAt, lead, ...counts }) => ({
      number,
      coversSince: coversSince.toISOString().slice(0, 10),
      coversUntil: coversUntil.toISOString().slice(0, 10),
      openedAt: openedAt.toISOString(),
      closedAt: closedAt?.toISOString() ?? null,
      lead,
      lines: counts.lines,
      completed: counts.completed,
      carried: counts.carried,
    })),
    gates: gates.map(({ channel, release, openedAt, closedAt, lead, lines, completed }) => ({
      ...{ channel, release, lead, lines, completed },
      openedAt: openedAt.toISOString(),
      closedAt: closedAt?.toISOString() ?? null,
    })),
  };
}
