import type { Queries } from '#base/db';
import { compareIds } from './derive-campaigns.ts';
import type { CampaignWord } from './editable-campaign.ts';
import {
  type CampaignPart,
  derivedCampaigns,
  partsOf,
  type StoredCampaign,
  type Word,
  wordsOf,
} from './store.ts';

/** A story that issues of several products belong to, as it is shown. */
export interface Campaign {
  name: string;
  /** `people`: nobody but people say that there is one. */
  kind: StoredCampaign['kind'] | 'people';
  title: string;
  note: string | null;
  vulnerabilities: string[];
  since: Date | null;
  /** What a change of its title has to have seen. */
  version: number;
}

/** The campaign of that name with its issues, those that people took out included; null where neither we nor people know of one. */
export async function campaignNamed(
  queries: Queries,
  name: string,
): Promise<{ campaign: Campaign; parts: CampaignPart[] } | null> {
  const [[derived], [word], parts] = await Promise.all([
    derivedCampaigns(queries, [name]),
    wordsOf(queries, 'campaign', [name]),
    partsOf(queries, [name]),
  ]);
  const campaign = asCampaign(name, derived, word);
  return campaign === null ? null : { campaign, parts };
}

/** Campaigns and the issues that belong to each: those that have a name first, then by mail threads, then the newest. */
export async function allCampaigns(
  queries: Queries,
  { limit, offset = 0, kind }: { limit: number; offset?: number; kind?: Campaign['kind'] },
): Promise<{ campaign: Campaign; issues: string[] }[]> {
  const [derived, words] = await Promise.all([derivedCampaigns(queries), wordsOf(queries, 'campaign')]);
  const byName = new Map(derived.map((each) => [each.name, each]));
  const said = new Map(words.map((each) => [each.id, each]));
  const page = [...new Set([...byName.keys(), ...said.keys()])]
    .flatMap((name) => asCampaign(name, byName.get(name), said.get(name)) ?? [])
    .filter((campaign) => kind === undefined || campaign.kind === kind)
    .sort(inOrder)
    .slice(offset, offset + limit);
  const issues = new Map<string, string[]>();
  const parts = await partsOf(
    queries,
    page.map(({ name }) => name),
  );
  for (const { campaign, issue, belongs } of parts)
    if (belongs) issues.set(campaign, [...(issues.get(campaign) ?? []), issue]);
  return page.map((campaign) => ({ campaign, issues: issues.get(campaign.name) ?? [] }));
}

const RANK: Readonly<Record<Campaign['kind'], number>> = {
  nickname: 0,
  people: 0,
  thread: 1,
  vulnerability: 2,
};

function inOrder(a: Campaign, b: Campaign): number {
  return (
    RANK[a.kind] - RANK[b.kind] ||
    (b.since?.getTime() ?? 0) - (a.since?.getTime() ?? 0) ||
    compareIds(b.vulnerabilities[0] ?? '', a.vulnerabilities[0] ?? '') ||
    (a.name < b.name ? -1 : 1)
  );
}

function asCampaign(
  name: string,
  derived: StoredCampaign | undefined,
  word: Word | undefined,
): Campaign | null {
  const said = (word?.value ?? null) as CampaignWord | null;
  if (derived === undefined && said === null) return null;
  return {
    name,
    kind: derived?.kind ?? 'people',
    title: said?.title ?? derived?.title ?? name,
    note: said?.note ?? null,
    vulnerabilities: derived?.vulnerabilities ?? [],
    since: derived?.since ?? null,
    version: word?.version ?? 0,
  };
}
