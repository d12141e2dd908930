import type { Hono } from 'hono';
import {
  type PackageInChannel,
  packageAcrossChannels,
  representatives,
  type Sibling,
  siblingsOf,
} from '#domain/channels';
import { gradesOf, watchedAmong } from '#domain/issues';
import { cellsOfHits, type Hit, hitsOfPackage, issuesSuggestedFor } from '#domain/matching';
import type { ChannelHead } from '#domain/roundup';
import { readings, sendPage } from '../answer.ts';
import { decisionsOnLines, editingOf } from '../decisions.ts';
import { type ListedIssues, readListed } from '../listed-issues.ts';
import { PackagePage, type PackagePageProps } from '../pages/package.tsx';
import { today } from '../read-channels.ts';
import { RequestRefused } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { byGravity, suggestionRows } from '../suggestion-rows.ts';
import { whoOf } from '../who.ts';
import { sendNotFound } from './not-found.ts';

type PackageData = Omit<PackagePageProps, 'frame' | 'watched'>;

const SHOWN = 100;

/** `/packages/python27Packages.requests`; `?after=NSI-…` goes on with the issues behind that one. */
export function packageRoutes(app: Hono, site: Site): void {
  app.get('/packages/:attr', async (c) => {
    const after = c.req.query('after');
    if (after !== undefined && !/^[A-Z]{2,8}-\d{4}-\d{1,9}$/.test(after))
      throw new RequestRefused(400, '"after" is the number of an issue.');
    for (const { name, form } of readings(c.req.param('attr'))) {
      const read = await packageData(site, name, after);
      if (read === null) continue;
      const { account } = whoOf(c).actor;
      const topic = `package:${name}`;
      const [decisions, watches] = await Promise.all([
        decisionsOnLines(site, read.lines),
        account === null ? null : watchedAmong(site.database.queries, account, [topic]),
      ]);
      const own = { decisions, editing: editingOf(whoOf(c)), watched: watches?.has(topic) ?? null };
      return sendPage(c, site, form, read.data, (props) => PackagePage({ ...props, ...own }));
    }
    return sendNotFound(c, site);
  });
}

async function packageData(
  site: Site,
  attr: string,
  after: string | undefined,
): Promise<{ data: PackageData; lines: ListedIssues['lines'] } | null> {
  const { queries } = site.database;
  const across = await packageAcrossChannels(queries, attr, today(site));
  const newest = newestOf(across);
  if (newest === null) return null;
  const standsFor = representedBy(attr, await siblingsOf(queries, attr));
  const issues = await listed(site, standsFor, after);
  const read = new Set(across.flatMap(({ channel, revision }) => (revision === null ? [] : [channel])));
  const heads = across.map(({ channel, lifecycle }): ChannelHead => ({ name: channel, lifecycle }));
  const data = {
    attr,
    pname: newest.pname,
    kind: newest.kind,
    description: newest.description,
    homepage: newest.homepage,
    licences: newest.licences,
    maintainers: newest.maintainers,
    channels: across.map((one, index) => ({
      channel: heads[index] ?? { name: one.channel, lifecycle: one.lifecycle },
      version: one.package?.version ?? null,
      since: one.package?.since.toISOString() ?? null,
      patches: one.package?.patches ?? [],
      position: positionOf(one),
      knownVulnerabilities: one.package?.knownVulnerabilities ?? [],
    })),
    suggestions: suggestionRows(issues.ids, issues, heads, read),
    total: issues.total,
    after: after ?? null,
    next: issues.next,
  };
  return { data, lines: issues.lines };
}

/** The package as the channel with the newest revision has it: what it is called and who looks after it. */
function newestOf(across: readonly PackageInChannel[]): PackageInChannel['package'] {
  const has = across.filter((one) => one.package !== null);
  const dated = has.sort(
    (a, b) => (b.revision?.committedAt.getTime() ?? 0) - (a.revision?.committedAt.getTime() ?? 0),
  );
  return dated[0]?.package ?? null;
}

/** For each channel the attribute under which the matcher knows the package there: of those that are the same, it looks at one. */
function representedBy(attr: string, siblings: readonly Sibling[]): Map<string, string> {
  const byChannel = new Map<string, Sibling[]>();
  for (const sibling of siblings) {
    const family = byChannel.get(sibling.channel);
    if (family === undefined) byChannel.set(sibling.channel, [sibling]);
    else family.push(sibling);
  }
  return new Map(
    [...byChannel].map(([channel, family]) => [channel, representatives(family).get(attr) ?? attr]),
  );
}

function positionOf({
  package: found,
  revision,
}: PackageInChannel): PackagePageProps['channels'][number]['position'] {
  if (found === null || found.position === null) return null;
  const path = found.position;
  if (revision === null) return { path, url: null };
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return { path, url: `https://github.com/NixOS/nixpkgs/blob/${revision.commit}/${encoded}` };
}

/** Issues that may concern it, the gravest first, behind the one that is named, with the lines of which people may decide something. */
async function listed(
  site: Site,
  standsFor: ReadonlyMap<string, string>,
  after: string | undefined,
): Promise<Pick<ListedIssues, 'lines' | 'cells'> & { ids: string[]; total: number; next: string | null }> {
  const { queries } = site.database;
  const named = [...standsFor].map(([channel, attr]) => ({ attr, channel }));
  const all = await issuesSuggestedFor(queries, named);
  // Only issues that stand have a grade. The one behind which it goes on need not concern the package any more.
  const grades = (await gradesOf(queries, after === undefined ? all : [...all, after])).sort(byGravity);
  const among = new Set(all);
  const start = after === undefined ? 0 : grades.findIndex(({ id }) => id === after) + 1;
  const behind = grades.slice(start).filter(({ id }) => among.has(id));
  const ids = behind.slice(0, SHOWN).map(({ id }) => id);
  const [{ lines }, found] = await Promise.all([
    readListed(site.database, ids),
    Promise.all([...new Set(standsFor.values())].map((attr) => hitsOfPackage(queries, attr, ids))),
  ]);
  const byIssue = new Map<string, Hit[]>();
  for (const hit of found.flat()) {
    if (standsFor.get(hit.channel) !== hit.attr) continue;
    const own = byIssue.get(hit.issue);
    if (own === undefined) byIssue.set(hit.issue, [hit]);
    else own.push(hit);
  }
  return {
    ids,
    lines,
    cells: new Map([...byIssue].map(([issue, own]) => [issue, cellsOfHits(own)])),
    total: grades.filter(({ id }) => among.has(id)).length,
    next: behind.length > SHOWN ? (ids.at(-1) ?? null) : null,
  };
}
