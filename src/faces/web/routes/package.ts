import type { Hono } from 'hono';
import { type PackageInChannel, packageAcrossChannels } from '#domain/channels';
import { watchedAmong } from '#domain/issues';
import { cellsOfHits, type Hit, issuesOfPackage } from '#domain/matching';
import type { ChannelHead } from '#domain/roundup';
import { readings, sendPage } from '../answer.ts';
import { decisionsOnLines, editingOf } from '../decisions.ts';
import { type ListedIssues, readListed } from '../listed-issues.ts';
import { PackagePage, type PackagePageProps } from '../pages/package.tsx';
import { today } from '../read-channels.ts';
import { RequestRefused } from '../request-checks.ts';
import type { Site } from '../site.ts';
import { suggestionRows } from '../suggestion-rows.ts';
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
  const issues = await listed(site, attr, after);
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

/** What the matcher found of the package, by issue, with the lines of which people may decide something. */
async function listed(
  site: Site,
  attr: string,
  after: string | undefined,
): Promise<ListedIssues & { ids: string[]; total: number; next: string | null }> {
  const { ids, hits, total, next } = await issuesOfPackage(site.database.queries, attr, {
    after,
    limit: SHOWN,
  });
  const { lines } = await readListed(site.database, ids);
  const byIssue = new Map<string, Hit[]>();
  for (const hit of hits) {
    const own = byIssue.get(hit.issue);
    if (own === undefined) byIssue.set(hit.issue, [hit]);
    else own.push(hit);
  }
  const cells = new Map([...byIssue].map(([issue, own]) => [issue, cellsOfHits(own)]));
  return { ids, lines, cells, total, next };
}
