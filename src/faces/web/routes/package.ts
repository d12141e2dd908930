import type { Hono } from 'hono';
import {
  type PackageInChannel,
  packageAcrossChannels,
  representatives,
  type Sibling,
  siblingsOf,
} from '#domain/channels';
import { gradesOf, issuesById } from '#domain/issues';
import { type Hit, hitsOfPackage } from '#domain/matching';
import type { ChannelHead } from '#domain/roundup';
import { readings, sendPage } from '../answer.ts';
import { PackagePage, type PackagePageProps } from '../pages/package.tsx';
import { today } from '../read-channels.ts';
import type { Site } from '../site.ts';
import { byGravity, suggestionRows } from '../suggestion-rows.ts';
import { sendNotFound } from './not-found.ts';

type PackageData = Omit<PackagePageProps, 'frame'>;

/** `/packages/python27Packages.requests` */
export function packageRoutes(app: Hono, site: Site): void {
  app.get('/packages/:attr', async (c) => {
    for (const { name, form } of readings(c.req.param('attr'))) {
      const data = await packageData(site, name);
      if (data !== null) return sendPage(c, site, form, data, PackagePage);
    }
    return sendNotFound(c, site);
  });
}

async function packageData(site: Site, attr: string): Promise<PackageData | null> {
  const { queries } = site.database;
  const across = await packageAcrossChannels(queries, attr, today(site));
  const newest = newestOf(across);
  if (newest === null) return null;
  const standsFor = representedBy(attr, await siblingsOf(queries, attr));
  const found = await Promise.all(
    [...new Set(standsFor.values())].map((representative) => hitsOfPackage(queries, representative)),
  );
  const hits = found.flat().filter((hit) => standsFor.get(hit.channel) === hit.attr);
  const heads = across.map(({ channel, lifecycle }): ChannelHead => ({ name: channel, lifecycle }));
  return {
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
    suggestions: await rows(site, hits, across, heads),
  };
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

async function rows(
  site: Site,
  hits: readonly Hit[],
  across: readonly PackageInChannel[],
  channels: readonly ChannelHead[],
): Promise<PackageData['suggestions']> {
  const { queries } = site.database;
  const ids = [...new Set(hits.map(({ issue }) => issue))];
  // Only issues that stand have a grade.
  const [issues, grades] = await Promise.all([issuesById(queries, ids), gradesOf(queries, ids)]);
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  const sorted = grades.sort(byGravity).flatMap(({ id }) => byId.get(id) ?? []);
  const read = new Set(across.flatMap(({ channel, revision }) => (revision === null ? [] : [channel])));
  return suggestionRows(sorted, hits, channels, read);
}
