import { webAddress } from '#base/formats';
import { shortChannelNames } from './channel-names.ts';
import { type GateName, gateTitle } from './gate-name.ts';
import { escapeMarkdown, escapeRemark, markdownLink, plainLine, SEVERITY_MARKS } from './markdown-text.ts';
import type { ChannelCell, RoundupLine, RoundupView, Section } from './view.ts';

export interface MarkdownOptions {
  /** `https://muster.example.org`: makes links absolute, as a file that leaves our pages needs. */
  publicUrl?: string;
  /** Collects projects with a single open line under "Assorted", as the tool of 2016 did. Otherwise each project keeps its own heading, which one can link to. */
  assorted?: boolean;
}

/** Longest that a title and a remark get; longer ones end in "…". */
export const TITLE_LIMIT = 300;
export const REMARK_LIMIT = 1_000;

/** How the facts below a line begin. What begins otherwise was written by a person. */
export const FACT_LABELS = [
  'exploited',
  'vulnerabilities',
  'looks hit',
  'cannot say',
  'channels',
  'announced',
  'patches',
  'ticked by',
] as const;
type FactLabel = (typeof FACT_LABELS)[number];

/**
 * The roundup as the GitHub issues of 2016 looked (their grammar: `### PACKAGE (N issues)` and
 * "- [ ] [`#ID`](address) free text", so that the tools of that time read it too), with facts indented below each line.
 * Done lines stand in the folded block at the end. All text from outside is shown as text: no markup, no mention, no link of its own.
 * `parseMarkdown` takes the ticks and remarks back.
 */
export function renderMarkdown(view: RoundupView, options: MarkdownOptions = {}): string {
  const open = listsOf(view.sections, false);
  const done = listsOf(view.sections, true);
  const pages = pagesAt(options.publicUrl);
  const parts = [preamble(view, pages)];
  for (const list of options.assorted ? assorted(open) : open) parts.push(listText(list, view, pages));
  if (done.length > 0) {
    parts.push('<details><summary>Triaged and Resolved Issues</summary>');
    for (const list of done) parts.push(listText(list, view, pages));
    parts.push('</details>');
  }
  return `${parts.join('\n\n')}\n`;
}

/** Addresses of our own pages begin with this: absolute where we know how others reach us. */
function pagesAt(publicUrl: string | undefined): string {
  return publicUrl === undefined ? '' : (webAddress(publicUrl)?.replace(/\/+$/, '') ?? '');
}

function preamble(view: RoundupView, pages: string): string {
  const paragraphs = [
    ...(view.gate === undefined
      ? weeklyHead(view)
      : gateHead(view, { channel: view.gate, release: view.release ?? '' })),
    'What to do with a line: see whether we have the software, and whether our version is hit. If we do not have it or are not vulnerable, tick the box and say why behind the line. If we are hit, say so behind the line, or open a pull request that names the issue.',
    'To tick, edit this text and put an `x` between the brackets. Lines may be moved and sorted; what stands behind a line stays with it.',
  ];
  const credits: string[] = [];
  if (view.previous !== null)
    credits.push(`Previous: [Roundup ${view.previous}](${pages}/roundups/${view.previous}).`);
  if (view.thanks.length > 0) credits.push(`Thanks to ${view.thanks.map(person).join(', ')}.`);
  if (credits.length > 0) paragraphs.push(credits.join(' '));
  const closed = view.closedAt === null ? '' : ` Closed on ${day(view.closedAt)}.`;
  paragraphs.push(`**Remaining: ${view.remaining}. Completed: ${view.completed}.**${closed}`);
  return paragraphs.join('\n\n');
}

function weeklyHead(view: RoundupView): string[] {
  const team = escapeMarkdown(plainLine(view.team, 80));
  const lead = view.lead === null ? '' : ` Lead of this round: ${person(view.lead)}.`;
  const carried = view.carried === 0 ? '' : `, and ${view.carried} that an earlier roundup left open`;
  return [
    `# Vulnerability Roundup ${view.number}`,
    `What other distributions announced from ${day(view.coversSince)} to ${day(view.coversUntil)} that may concern ${team}${carried}, by project.${lead}`,
  ];
}

function gateHead(view: RoundupView, name: GateName): string[] {
  const team = escapeMarkdown(plainLine(view.team, 80));
  const lead = view.lead === null ? '' : ` Lead: ${person(view.lead)}.`;
  const channel = escapeMarkdown(plainLine(name.channel, 200));
  return [
    `# ${escapeMarkdown(plainLine(gateTitle(name), 300))}`,
    `What is open in ${channel} as of ${day(view.coversSince)}, to be gone through before ${team} branches a release off, by project.${lead}`,
  ];
}

/** What stands below one heading. */
interface List {
  heading: string;
  entries: { product: string; line: RoundupLine }[];
}

function listsOf(sections: readonly Section[], done: boolean): List[] {
  return sections
    .map(({ product, lines }) => ({
      heading: product,
      entries: lines.filter((line) => line.done === done).map((line) => ({ product, line })),
    }))
    .filter(({ entries }) => entries.length > 0);
}

function assorted(lists: readonly List[]): List[] {
  const single = lists.filter(({ entries }) => entries.length === 1);
  if (single.length < 2) return [...lists];
  const longer = lists.filter(({ entries }) => entries.length > 1);
  return [...longer, { heading: 'Assorted', entries: single.flatMap(({ entries }) => entries) }];
}

function listText({ heading, entries }: List, view: RoundupView, pages: string): string {
  const name = escapeMarkdown(plainLine(heading, 120));
  const rows = entries.flatMap(({ product, line }) => [
    tickLine(line, product, pages),
    ...facts(line, view).map((one) => `   - ${one}`),
  ]);
  return [`### ${name} (${entries.length} ${entries.length === 1 ? 'issue' : 'issues'})`, ...rows].join('\n');
}

function tickLine(line: RoundupLine, product: string, pages: string): string {
  const id = line.issue.replace(/[^A-Za-z0-9._:-]/g, '');
  const name = encodeURIComponent(plainLine(product, 80)).replace(/[!'()*]/g, percentEncoded);
  const nixpkgs = 'https://github.com/search?type=code&q=repo%3ANixOS%2Fnixpkgs+';
  const searches = `([search](${nixpkgs}${name}), [files](${nixpkgs}path%3A${name}))`;
  const title = escapeMarkdown(plainLine(line.title, TITLE_LIMIT));
  const severity = SEVERITY_MARKS[line.severity ?? 'unknown'];
  const remark = line.remark === null ? '' : escapeRemark(plainLine(line.remark, REMARK_LIMIT));
  const behind = remark === '' ? '' : ` — ${remark}`;
  return ` - [${line.done ? 'x' : ' '}] [\`#${id}\`](${pages}/issues/${id}) ${searches} ${title} ${severity}${behind}`;
}

function percentEncoded(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** What one needs to decide a line; of a line that is decided, only by whom. */
function facts(line: RoundupLine, view: RoundupView): string[] {
  if (line.done)
    return line.doneBy === null ? [] : [fact('ticked by', escapeMarkdown(plainLine(line.doneBy, 80)))];
  return [
    ...exploitationFact(line),
    ...vulnerabilityFact(line),
    ...channelFacts(line.cells, view),
    ...advisoryFact(line),
    ...patchFact(line),
  ];
}

function fact(label: FactLabel, text: string): string {
  return `${label}: ${text}`;
}

function exploitationFact({ exploitation }: RoundupLine): string[] {
  const { known, likely } = exploitation ?? { known: null, likely: null };
  const parts = [
    ...(known === null
      ? []
      : [
          `**known exploited since ${day(known.since)}** (CISA${known.due === null ? '' : `, to be acted on by ${day(known.due)}`}${known.ransomware ? ', by ransomware too' : ''})`,
        ]),
    ...(likely === null
      ? []
      : [`likelier to be exploited than ${likely.percentile} of 100 (EPSS, ${day(likely.since)})`]),
  ];
  return parts.length === 0 ? [] : [fact('exploited', parts.join('; '))];
}

function vulnerabilityFact(line: RoundupLine): string[] {
  const parts = some(line.vulnerabilities, 12, (id) => escapeMarkdown(plainLine(id, 60)));
  const since = firstAnnounced(line);
  if (since !== null) parts.push(`public since ${day(since)}`);
  if (line.carriedFrom !== null) parts.push(`carried over from roundup ${line.carriedFrom}`);
  return parts.length === 0 ? [] : [fact('vulnerabilities', parts.join(', '))];
}

/** Date of the oldest advisory that has one: since when everybody could know. */
function firstAnnounced(line: RoundupLine): string | null {
  const dates = line.advisories.flatMap(({ published }) => (published === null ? [] : [published]));
  return dates.reduce<string | null>((first, date) => (first === null || date < first ? date : first), null);
}

function channelFacts(cells: readonly ChannelCell[], view: RoundupView): string[] {
  const names = shortChannelNames(view.channels.map(({ name }) => name));
  const found = [
    ...saying(cells, 'affected', 'looks hit', names),
    ...saying(cells, 'unknown', 'cannot say', names),
  ];
  if (found.length > 0 || cells.length === 0) return found;
  const words = cells.some(({ verdict }) => verdict === 'not_affected')
    ? 'what we found does not look hit'
    : 'found nothing that looks like it';
  return [fact('channels', words)];
}

/** One fact for a verdict; channels that say the same are named together. */
function saying(
  cells: readonly ChannelCell[],
  verdict: 'affected' | 'unknown',
  label: FactLabel,
  names: ReadonlyMap<string, string>,
): string[] {
  const channelsOf = new Map<string, string[]>();
  for (const cell of cells) {
    if (cell.verdict !== verdict) continue;
    const packages = cell.packages.filter((one) => one.verdict === verdict);
    const text = some(packages, 2, ({ attr, version, why }) => {
      const reason = plainLine(why, 110);
      const name = escapeMarkdown(plainLine(`${attr} ${version}`, 100));
      return reason === '' ? name : `${name} (${escapeMarkdown(reason)})`;
    }).join(', ');
    const channel = escapeMarkdown(plainLine(names.get(cell.channel) ?? cell.channel, 60));
    channelsOf.set(text, [...(channelsOf.get(text) ?? []), channel]);
  }
  if (channelsOf.size === 0) return [];
  const parts = [...channelsOf].map(([text, channels]) => `**${channels.join(', ')}** ${text}`.trimEnd());
  return [fact(label, parts.join('; '))];
}

function advisoryFact(line: RoundupLine): string[] {
  const links = line.advisories.map(({ id, url }) => markdownLink(id, url));
  return links.length === 0 ? [] : [fact('announced', links.join(', '))];
}

function patchFact(line: RoundupLine): string[] {
  const links = some(line.patches, 8, ({ url, vulnerability, source }) =>
    markdownLink(`${vulnerability ?? 'patch'} by ${source}`, url),
  );
  return links.length === 0 ? [] : [fact('patches', links.join(', '))];
}

/** The first few, and how many more there are. */
function some<T>(all: readonly T[], limit: number, show: (one: T) => string): string[] {
  const shown = all.slice(0, limit).map(show);
  return all.length > limit ? [...shown, `and ${all.length - limit} more`] : shown;
}

function person(name: string): string {
  return escapeMarkdown(plainLine(name, 80));
}

/** The day of an ISO date; anything else as the text that it is. */
function day(date: string): string {
  return /^\d{4}-\d{2}-\d{2}/.test(date) ? date.slice(0, 10) : escapeMarkdown(plainLine(date, 40));
}
