/** An issue's part in one vulnerability. */
export interface SharedAtom {
  product: string;
  vulnerability: string;
  issue: string;
}

/** A name that people have given to vulnerabilities: "Stack Clash". */
export interface Nickname {
  /** `stack-clash` */
  name: string;
  title: string;
  /** ISO 8601: when it was told. */
  since: string;
  vulnerabilities: readonly string[];
}

/** A thread of a mailing list, and the vulnerabilities that it names. */
export interface NamingThread {
  thread: number;
  since: Date | null;
  vulnerabilities: readonly string[];
}

/** A story, and the issues that belong to it; at least two. */
export interface DerivedCampaign {
  name: string;
  kind: 'nickname' | 'vulnerability' | 'thread';
  title: string;
  vulnerabilities: string[];
  since: string | null;
  issues: { issue: string; vulnerabilities: string[] }[];
}

/** A thread on more than this is a digest: it ties no story together. */
const MOST_IN_THREAD = 20;

/**
 * The stories that issues of different products belong to: those that have a name, those of one vulnerability in several products, those of
 * one mail thread. Vulnerabilities that are in the very same issues are one story, called by the first of them. What a named story says whole
 * already is not said again. A pure function; the order of what is given never tells.
 *
 * @param spokenOf names of campaigns that people said something of: each is there, and goes by that name, as long as anything makes it a story
 */
export function deriveCampaigns(
  atoms: readonly SharedAtom[],
  nicknames: readonly Nickname[],
  threads: readonly NamingThread[],
  spokenOf: ReadonlySet<string> = new Set(),
): DerivedCampaign[] {
  const byVulnerability = new Map<string, SharedAtom[]>();
  for (const atom of atoms) {
    const known = byVulnerability.get(atom.vulnerability);
    if (known === undefined) byVulnerability.set(atom.vulnerability, [atom]);
    else known.push(atom);
  }
  const named = nicknames.flatMap(({ name, title, since, vulnerabilities }) =>
    campaign({ name, kind: 'nickname', title, since }, vulnerabilities),
  );
  const covered = new Set(
    named.flatMap(({ vulnerabilities, issues }) =>
      vulnerabilities.map(
        (id) => `${id} ${issuesKey(issues.filter((each) => each.vulnerabilities.includes(id)))}`,
      ),
    ),
  );
  const shared = new Map<string, string[]>();
  for (const [vulnerability, own] of byVulnerability) {
    if (new Set(own.map(({ product }) => product)).size < 2) continue;
    const issues = [...new Set(own.map(({ issue }) => issue))].sort();
    if (issues.length < 2) continue;
    if (covered.has(`${vulnerability} ${issues.join(' ')}`) && !spokenOf.has(nameOf(vulnerability))) continue;
    const key = issues.join(' ');
    shared.set(key, [...(shared.get(key) ?? []), vulnerability]);
  }
  const unnamed = [...shared.values()].flatMap((ids) => {
    const [first = ''] = ids.sort(compareIds);
    const called = ids.find((id) => spokenOf.has(nameOf(id))) ?? first;
    return campaign({ name: nameOf(called), kind: 'vulnerability', title: titleOf(ids), since: null }, ids);
  });
  const known = new Set([...named, ...unnamed].map(({ issues }) => issuesKey(issues)));
  const mailed = threads
    .filter(({ vulnerabilities: { length } }) => length <= MOST_IN_THREAD)
    .flatMap(({ thread, since, vulnerabilities }) =>
      campaign(
        {
          name: `thread-${thread}`,
          kind: 'thread',
          title: `Thread ${thread}`,
          since: since?.toISOString() ?? null,
        },
        vulnerabilities,
      ),
    )
    .filter(({ name, issues }) => spokenOf.has(name) || !known.has(issuesKey(issues)));
  return [...named, ...unnamed, ...mailed]
    .filter(({ name }) => CAMPAIGN_NAME.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

  /** None where the ids are in fewer than two issues, or all in one product. */
  function campaign(
    head: Pick<DerivedCampaign, 'name' | 'kind' | 'title' | 'since'>,
    ids: readonly string[],
  ): DerivedCampaign[] {
    const issues = new Map<string, Set<string>>();
    const products = new Set<string>();
    for (const id of ids) {
      for (const { issue, product } of byVulnerability.get(id) ?? []) {
        const own = issues.get(issue) ?? new Set();
        issues.set(issue, own.add(id));
        products.add(product);
      }
    }
    if (issues.size < 2 || products.size < 2) return [];
    return [
      {
        ...head,
        vulnerabilities: [...new Set(ids)].sort(compareIds),
        issues: [...issues]
          .map(([issue, own]) => ({ issue, vulnerabilities: [...own].sort(compareIds) }))
          .sort((a, b) => compareIds(a.issue, b.issue)),
      },
    ];
  }
}

/** What a campaign may be called in an address. */
export const CAMPAIGN_NAME = /^[a-z0-9][a-z0-9-]{1,62}$/;

function issuesKey(issues: readonly { issue: string }[]): string {
  return issues
    .map(({ issue }) => issue)
    .sort()
    .join(' ');
}

/** What the story of one vulnerability is called. */
function nameOf(vulnerability: string): string {
  return vulnerability.toLowerCase();
}

function titleOf(ids: readonly string[]): string {
  const [first = '', ...others] = ids;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** As people count: CVE-2017-9788 before CVE-2017-12613. */
export function compareIds(a: string, b: string): number {
  const [x, y] = [a.lastIndexOf('-'), b.lastIndexOf('-')];
  const [p, q] = [a.slice(0, x), b.slice(0, y)];
  if (p !== q) return p < q ? -1 : 1;
  return a.length - x - (b.length - y) || (a < b ? -1 : a > b ? 1 : 0);
}
