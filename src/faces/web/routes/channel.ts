import type { Hono } from 'hono';
import { listRevisions } from '#domain/channels';
import { byGravity, bySeverity } from '#domain/issues';
import { mayPlanRounds } from '#domain/policies';
import { openGateOf } from '#domain/roundup';
import { readings, sendPage } from '../answer.ts';
import { decisionsOnLines, editingOf } from '../decisions.ts';
import { type ListedIssues, readListed } from '../listed-issues.ts';
import { NO_ISSUES } from '../open-issues.ts';
import { ChannelPage, type ChannelPageProps } from '../pages/channel.tsx';
import { readChannels } from '../read-channels.ts';
import { pageOf, pagesOf } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { suggestionRows } from '../suggestion-rows.ts';
import { whoOf } from '../who.ts';
import { sendNotFound } from './not-found.ts';

const SIZE = 50;
const SHOWN_REVISIONS = 40;

/** `/channels/nixos-17.03`; `?page=` of what looks open. */
export function channelRoutes(app: Hono, site: Site): void {
  app.get('/channels/:name', async (c) => {
    const page = pageOf(c);
    for (const { name, form } of readings(c.req.param('name'))) {
      const read = await channelData(site, name, page);
      if (read === null) continue;
      const mayPlan = mayPlanRounds(whoOf(c).actor) === 'apply';
      const decisions = await decisionsOnLines(site, read.lines);
      const editing = editingOf(whoOf(c));
      return sendPage(c, site, form, read.data, (props) =>
        ChannelPage({ ...props, mayPlan, decisions, editing }),
      );
    }
    return sendNotFound(c, site);
  });
}

async function channelData(
  site: Site,
  name: string,
  wanted: number,
): Promise<{ data: Omit<ChannelPageProps, 'frame'>; lines: ListedIssues['lines'] } | null> {
  const { queries } = site.database;
  const { all, newest } = await readChannels(site);
  const channel = all.find((one) => one.name === name);
  if (channel === undefined) return null;
  const [revisions, open, gate] = await Promise.all([
    listRevisions(queries, name),
    site.openIssues(),
    openGateOf(queries, name),
  ]);
  const { affected = [], unknown = [] } = open.byChannel.get(name) ?? {};
  const counts = open.counts.get(name) ?? { affected: NO_ISSUES, unknown: NO_ISSUES };
  const hit = new Set(affected);
  // Of equal severity what looks hit comes before what nobody can say.
  const sorted = [...affected, ...unknown]
    .flatMap((id) => open.grades.get(id) ?? [])
    .sort((a, b) => bySeverity(a, b) || Number(hit.has(b.id)) - Number(hit.has(a.id)) || byGravity(a, b));
  const { page, pages, offset } = pagesOf(sorted.length, SIZE, wanted);
  const ids = sorted.slice(offset, offset + SIZE).map(({ id }) => id);
  const listed = await readListed(site.database, ids);
  const head = { name, lifecycle: channel.lifecycle };
  const rows = suggestionRows(ids, listed, [head], newest);
  const newestFirst = revisions.toReversed();
  const data = {
    channel: head,
    released: channel.released,
    endOfLife: channel.endOfLife,
    gate: gate?.release == null ? null : { release: gate.release },
    packages: newestFirst[0]?.packages ?? 0,
    counts,
    revisions: newestFirst.slice(0, SHOWN_REVISIONS).map(({ commit, committedAt, importedAt, packages }) => ({
      commit,
      url: `https://github.com/NixOS/nixpkgs/commit/${commit}`,
      committedAt: committedAt.toISOString(),
      importedAt: importedAt.toISOString(),
      packages,
    })),
    suggestions: { rows, page, pages, total: sorted.length },
  };
  return { data, lines: listed.lines };
}
