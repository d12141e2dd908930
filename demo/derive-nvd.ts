import { z } from 'zod';
import { isPlainAddress } from './addresses.ts';
import { flawPhrase } from './flaw-words.ts';
import { byId } from './order.ts';
import { sharedLines } from './shared-data.ts';

const Match = z.object({
  vulnerable: z.boolean(),
  cpe23Uri: z.string(),
  versionStartIncluding: z.string().optional(),
  versionStartExcluding: z.string().optional(),
  versionEndIncluding: z.string().optional(),
  versionEndExcluding: z.string().optional(),
});
type Match = z.infer<typeof Match>;

interface Node {
  operator: string;
  negate?: boolean | undefined;
  children?: Node[] | undefined;
  cpe_match?: Match[] | undefined;
}
const Node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    operator: z.string(),
    negate: z.boolean().optional(),
    children: z.array(Node).optional(),
    cpe_match: z.array(Match).optional(),
  }),
);

const Texts = z.object({ description: z.array(z.object({ value: z.string() })) });
const Item = z.object({
  cve: z.object({
    CVE_data_meta: z.object({ ID: z.string() }),
    problemtype: z.object({ problemtype_data: z.array(Texts) }),
    references: z.object({
      reference_data: z.array(
        z.object({ url: z.string(), name: z.string(), refsource: z.string(), tags: z.array(z.string()) }),
      ),
    }),
    description: z.object({ description_data: z.array(z.object({ value: z.string() })) }),
  }),
  configurations: z.object({ nodes: z.array(Node) }),
  impact: z.object({
    baseMetricV3: z
      .object({
        cvssV3: z.object({
          version: z.string(),
          vectorString: z.string(),
          baseScore: z.number(),
          baseSeverity: z.string(),
        }),
      })
      .optional(),
    baseMetricV2: z
      .object({
        cvssV2: z.object({ version: z.string(), vectorString: z.string(), baseScore: z.number() }),
        severity: z.string(),
      })
      .optional(),
  }),
  publishedDate: z.string(),
  lastModifiedDate: z.string(),
});

/** A record of NVD, as far as it is facts; the description only tells whether it was rejected. */
export type NvdItem = z.infer<typeof Item>;

/** Records of the given CVEs. Rejected ones are left out: all that they have is prose. */
export async function readNvd(data: string, wanted: ReadonlySet<string>): Promise<Map<string, NvdItem>> {
  const found = new Map<string, NvdItem>();
  for await (const line of sharedLines(data, 'cve/nvd-1.1-relevant.jsonl.gz')) {
    const id = /"ID":"(CVE-\d{4}-\d+)"/.exec(line.slice(0, 400))?.[1];
    if (id === undefined || !wanted.has(id)) continue;
    const item = Item.parse(JSON.parse(line));
    const text = item.cve.description.description_data[0]?.value ?? '';
    if (!/^\*\* REJECT/.test(text)) found.set(id, item);
  }
  return found;
}

/** "CWE-119" and so on. */
export function weaknessesOf(item: NvdItem | undefined): string[] {
  const types = item?.cve.problemtype.problemtype_data ?? [];
  return types.flatMap(({ description }) => description.map(({ value }) => value));
}

/** The products that a record calls vulnerable, with their ranges in symbols: "http server: >=2.4.0 <2.4.26". */
export function affectedPhrase(item: NvdItem): string {
  const products = new Map<string, string[]>();
  for (const match of item.configurations.nodes.flatMap(matchesOf)) {
    const [, , part, , product = '', version = ''] = match.cpe23Uri.split(':');
    if (!match.vulnerable || part === 'h') continue;
    const name = product.replaceAll('_', ' ').replaceAll('\\', '');
    products.set(name, [...(products.get(name) ?? []), rangeOf(match, version)]);
  }
  return [...products]
    .slice(0, 2)
    .map(([name, ranges]) => `${name} ${shortened(ranges)}`.trim())
    .join(', ');
}

function matchesOf(node: Node): Match[] {
  return [...(node.cpe_match ?? []), ...(node.children ?? []).flatMap(matchesOf)];
}

function rangeOf(match: Match, version: string): string {
  if (version !== '*' && version !== '-') return `=${version}`;
  const { versionStartIncluding, versionStartExcluding, versionEndIncluding, versionEndExcluding } = match;
  return [
    versionStartIncluding && `>=${versionStartIncluding}`,
    versionStartExcluding && `>${versionStartExcluding}`,
    versionEndIncluding && `<=${versionEndIncluding}`,
    versionEndExcluding && `<${versionEndExcluding}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function shortened(ranges: readonly string[]): string {
  const said = [...new Set(ranges)].filter((range) => range !== '');
  const shown = said.length > 3 ? said.slice(-1) : said;
  const more = said.length - shown.length;
  return shown.length === 0 ? '' : `[${shown.join(' | ')}${more > 0 ? ` and ${more} more` : ''}]`;
}

/** A record in the form of NVD's feeds 1.1; its description is composed from its other fields. */
export function printNvdItem(item: NvdItem): string {
  const { cve, configurations, impact, publishedDate, lastModifiedDate } = item;
  const id = cve.CVE_data_meta.ID;
  const description = [
    `${affectedPhrase(item) || id}: ${flawPhrase(weaknessesOf(item)) ?? 'kind unknown'}`,
    scorePhrase(item),
  ]
    .filter(Boolean)
    .join('; ');
  return JSON.stringify({
    cve: {
      data_type: 'CVE',
      data_format: 'MITRE',
      data_version: '4.0',
      CVE_data_meta: { ID: id },
      problemtype: {
        problemtype_data: [{ description: weaknessesOf(item).map((value) => ({ lang: 'en', value })) }],
      },
      references: { reference_data: cve.references.reference_data.flatMap(reference) },
      description: { description_data: [{ lang: 'en', value: description }] },
    },
    configurations: { CVE_data_version: '4.0', nodes: configurations.nodes },
    impact,
    publishedDate,
    lastModifiedDate,
  });
}

/** A name is kept where it is an id; NVD also has subjects of mails there, which somebody wrote. */
export function reference<R extends { url: string; name: string }>(given: R): R[] {
  if (!isPlainAddress(given.url)) return [];
  return [{ ...given, name: /^[A-Za-z0-9:._-]{1,40}$/.test(given.name) ? given.name : given.url }];
}

function scorePhrase({ impact: { baseMetricV3, baseMetricV2 } }: NvdItem): string | null {
  const score = baseMetricV3?.cvssV3 ?? baseMetricV2?.cvssV2;
  return score === undefined ? null : `CVSS ${score.version}: ${score.baseScore.toFixed(1)}`;
}

/** A feed of records, one a line. */
export function printNvd(items: Iterable<NvdItem>): string {
  const lines = [...items]
    .sort((a, b) => byId(a.cve.CVE_data_meta.ID, b.cve.CVE_data_meta.ID))
    .map((item) => printNvdItem(item));
  return `{"CVE_data_type":"CVE","CVE_data_format":"MITRE","CVE_data_version":"4.0","CVE_Items":[\n${lines.join(',\n')}\n]}\n`;
}
