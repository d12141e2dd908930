import type { Queries } from '#base/db';
import type { CampaignWord } from './editable-campaign.ts';
import {
  type CampaignPart,
  countParts,
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

/** Campaigns by name, with how many issues belong to each. */
export async function allCampaigns(
  queries: Queries,
  { limit, after = '', kind }: { limit: number; after?: string; kind?: Campaign['kind'] },
): Promise<{ campaign: Campaign; issues: number }[]> {
  const [derived, words] = await Promise.all([derivedCampaigns(queries), wordsOf(queries, 'campaign')]);
  const byName = new Map(derived.map((each) => [each.name, each]));
  const said = new Map(words.map((each) => [each.id, each]));
  const page = [...new Set([...byName.keys(), ...said.keys()])]
    .filter((name) => name > after)
    .sort()
    .flatMap((name) => asCampaign(name, byName.get(name), said.get(name)) ?? [])
    .filter((campaign) => kind === undefined || campaign.kind === kind)
    .slice(0, limit);
  const count = await countParts(
    queries,
    page.map(({ name }) => name),
  );
  return page.map((campaign) => ({ campaign, issues: count.get(campaign.name) ?? 0 }));
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
