import type { CellPackage } from '#domain/matching';
import type { ChannelHead, ListedLine } from '#domain/roundup';
import { namesText } from '#faces/editing';
import { type DecisionIndex, type Editing, NO_DECISIONS, READING } from '../decisions.ts';
import { escapedMarkup, escapeHtml, html, type Markup } from '../markup/markup.ts';
import { anchor, channelAddress, issueAddress, packageAddress, roundupAddress } from './addresses.ts';
import { ClaimMark } from './claim-mark.tsx';
import { ExploitationMark } from './exploitation-mark.tsx';
import { OutsideLink } from './links.tsx';
import { SeverityMark, type Verdict, VerdictMark } from './marks.tsx';
import { lineCell } from './status-cell.tsx';
import { RemarkButton, TickBox } from './tick-box.tsx';
import { counted, Day, daysBetween } from './times.tsx';

export interface IssueTitleProps {
  title: string;
  href: string;
  /** Set where the project stands beside the title: it is then not shown twice, only read aloud. */
  project?: string;
  /** Of a line in a list: Enter opens it. */
  opens?: boolean;
}

/** A title; its project ("openssl:") steps back behind what is wrong with it. */
export function IssueTitle({ title, href, project, opens = false }: IssueTitleProps): Markup {
  const colon = title.indexOf(': ');
  const open = opens ? html` data-open=""` : null;
  if (colon <= 0 || colon > 60) return html`<a class="title" href="${href}"${open}>${title}</a>`;
  const name = title.slice(0, colon);
  return html`<a class="title" href="${href}"${open}><span class="${name === project ? 'hidden' : 'project'}">${name}:</span> ${title.slice(colon + 2)}</a>`;
}

export interface IssueLineProps {
  /** Number under which the list is stored. */
  list: number;
  line: ListedLine;
  product: string;
  /** Names of the columns. */
  channels: readonly ChannelHead[];
  now: string;
  /** Of the project's first line: how many lines its name stands beside. */
  group?: number | undefined;
  /** What people decided of it. */
  decisions?: DecisionIndex;
  editing?: Editing;
}

/** One line of a roundup, as a row of its table. */
export function IssueLine({
  list,
  line,
  product,
  channels,
  now,
  group,
  decisions = NO_DECISIONS,
  editing = READING,
}: IssueLineProps): Markup {
  const { issue } = line;
  const href = issueAddress(issue);
  const id = /^[A-Za-z0-9-]+$/.test(issue) ? issue : anchor('line', issue);
  const names = namesIn(line.cells);
  const cells = line.cells.map((packages, place) =>
    ChannelCell({
      packages,
      channel: channels[place]?.name ?? '',
      product,
      issue,
      names,
      decisions,
      editing,
    }),
  );
  const meta = [
    html`<a class="id" href="${href}">${issue}</a> `,
    ExploitationMark(line),
    html`<span class="ids">`,
    line.vulnerabilities.map((one) => html`<code class="id">${one}</code> `),
    more(line.vulnerabilityCount - line.vulnerabilities.length),
    html`</span> `,
    ClaimMark({ claim: decisions.claim(issue), editing }),
    RemarkButton({ list, line, editing }),
    line.carriedFrom === null
      ? null
      : html` <a class="carried" href="${roundupAddress(line.carriedFrom)}">since roundup ${line.carriedFrom}</a>`,
  ];
  return html`<tr class="line${line.done ? ' line-done' : ''}" id="${id}" data-item="" data-fragment="issue:${issue}" data-packages="${namesText(names)}">${
    group === undefined ? null : ProjectCell({ product, group })
  }<td class="cell-tick">${TickBox({ list, line, editing })}</td><th scope="row" class="cell-issue">${IssueTitle(
    { title: line.title, href, project: product, opens: true },
  )}<p class="meta">${meta}</p>${AdvisoryLinks({ line, href })}${PackageLinks({ names })}${Remark({ line })}</th><td class="cell-severity" data-label="Severity">${SeverityMark(
    { severity: line.severity },
  )}</td>${cells}<td class="cell-number" data-label="Patches">${
    line.patchCount === 0
      ? html`<span class="quiet">0</span>`
      : html`<a href="${href}#others" aria-label="${counted(line.patchCount, 'patch', 'patches')} for ${issue}">${line.patchCount}</a>`
  }</td><td class="cell-since" data-label="Exposed since">${Exposure({ line, now })}</td>${
    editing.permission === 'refuse'
      ? null
      : html`<td class="cell-pick" data-label="Select"><input type="checkbox" class="pick" name="issue" value="${issue}" form="bulk" aria-label="Select ${issue}"/></td>`
  }</tr>`;
}

function ProjectCell({ product, group }: { product: string; group: number }) {
  const id = anchor('project', product);
  return (
    <th scope="rowgroup" rowspan={group} class="cell-project" id={id}>
      <div class="stays">
        <a href={`#${id}`}>{product}</a>
        {group === 1 ? null : <span class="version quiet">{counted(group, 'issue')}</span>}
      </div>
    </th>
  );
}

/** "+3" where a line shows only some. */
export function more(count: number): Markup | null {
  return count > 0 ? html`<span class="quiet">+${count}</span>` : null;
}

function AdvisoryLinks({ line, href }: { line: ListedLine; href: string }): Markup | null {
  const { advisories, advisoryCount } = line;
  if (advisories.length === 0) return null;
  const rest = advisoryCount - advisories.length;
  return html`<p class="advisories"><span class="hidden">Announced as </span>${advisories.map(
    ({ id, url, published }) =>
      html`${OutsideLink({ class: 'advisory', href: url, title: published ?? undefined, children: id })} `,
  )}${rest > 0 ? html`<a class="quiet" href="${href}#others" aria-label="${rest} more advisories">+${rest}</a>` : null}</p>`;
}

const SHOWN_PACKAGES = 4;

/** What of ours looks like it, each once: the cells name versions alone. */
function PackageLinks({ names }: { names: readonly string[] }): Markup | null {
  if (names.length === 0) return null;
  return html`<p class="packages"><span class="hidden">Packages </span>${names
    .slice(0, SHOWN_PACKAGES)
    .map(
      (attr) => html`<a href="${packageAddress(attr)}">${attr}</a> `,
    )}${more(names.length - SHOWN_PACKAGES)}</p>`;
}

/** Packages of all cells, each once. */
export function namesIn(cells: ListedLine['cells']): string[] {
  const names: string[] = [];
  for (const packages of cells) for (const { attr } of packages) if (!names.includes(attr)) names.push(attr);
  return names;
}

function Remark({ line: { remark, doneBy } }: { line: ListedLine }): Markup | null {
  if (remark === null && doneBy === null) return null;
  return html`<p class="remark">${remark}${
    doneBy === null
      ? null
      : html`<span class="quiet">${remark === null ? 'ticked by ' : ' · ticked by '}${doneBy}</span>`
  }</p>`;
}

export interface ChannelCellProps
  extends Required<Pick<IssueLineProps, 'product' | 'decisions' | 'editing'>> {
  /** The worst first. */
  packages: readonly CellPackage[];
  channel: string;
  issue: string;
  /** Packages of the line. */
  names: readonly string[];
  /** What is said where nothing looks like it: unknown of a channel that nobody has read. */
  none?: Verdict;
}

/** A channel in a line: what people decided, else what the machine sees, with the versions that it comes from. */
export function ChannelCell({
  packages,
  channel,
  product,
  issue,
  names,
  decisions,
  editing,
  none = 'absent',
}: ChannelCellProps): Markup {
  const label = escapeHtml(channel);
  const start = `<td class="cell-channel" data-label="${label}">`;
  if (packages.length === 0) return escapedMarkup(`${start}${VerdictMark({ verdict: none })}</td>`);
  const decided = packages.map(({ attr }) => decisions.box(issue, attr, channel));
  const value = `${escapeHtml(issue)}/${label}@${seenOf(names, packages, decided)}`;
  return escapedMarkup(
    `${start}${lineCell({ packages, decided, value, editing })}<span class="version">${escapeHtml(versionsOf(packages, product))}</span></td>`,
  );
}

/** "123,0,,77": the version of each of the line's packages that is in this channel. */
function seenOf(
  names: readonly string[],
  packages: readonly CellPackage[],
  decided: readonly ({ version: number } | null)[],
): string {
  let text = '';
  for (let place = 0; place < names.length; place++) {
    if (place > 0) text += ',';
    const own = packages.findIndex(({ attr }) => attr === names[place]);
    if (own !== -1) text += decided[own]?.version ?? 0;
  }
  return text;
}

/** "1.0.2k, openssl_1_1 1.1.0e +2" */
function versionsOf([first, second, ...others]: readonly CellPackage[], product: string): string {
  if (first === undefined) return '';
  if (second === undefined) return versionOf(first, product);
  const both = `${versionOf(first, product)}, ${versionOf(second, product)}`;
  return others.length === 0 ? both : `${both} +${others.length}`;
}

/** "1.0.2k"; of another package than the project's own with its name. */
function versionOf(one: CellPackage, product: string): string {
  if (one.attr === product) return one.version || one.attr;
  return one.version === '' ? one.attr : `${one.attr} ${one.version}`;
}

/** Since when users have been exposed: the first announcement, where something of ours looks hit; otherwise only since when it is public. */
function Exposure({ line, now }: { line: ListedLine; now: string }): Markup {
  const { since } = line;
  if (since === null) return html`<span class="quiet">no date</span>`;
  const hit = line.cells.some(([worst]) => worst?.verdict === 'affected');
  if (!hit || line.done) return html`<span class="quiet">public ${Day({ at: since })}</span>`;
  const days = daysBetween(since, now);
  return html`${Day({ at: since })}${
    days === null ? null : html`<span class="version quiet">${counted(Math.max(0, days), 'day')}</span>`
  }`;
}

/** Heads of the columns, one for each channel. */
export function ChannelHeads({ channels }: { channels: readonly ChannelHead[] }) {
  return (
    <>
      {channels.map(({ name, lifecycle }) => (
        <th scope="col" class="head-channel">
          <a href={channelAddress(name)}>{name}</a>
          {lifecycle === 'supported' ? null : (
            <span class={`head-lifecycle head-lifecycle-${lifecycle === 'end_of_life' ? 'end' : 'other'}`}>
              {lifecycle === 'end_of_life' ? 'end of life' : lifecycle}
            </span>
          )}
        </th>
      ))}
    </>
  );
}
