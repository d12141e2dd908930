import type { CellPackage } from '#domain/matching';
import type { ChannelHead, ListedLine } from '#domain/roundup';
import { type DecisionIndex, type Editing, NO_DECISIONS, READING } from '../decisions.ts';
import { html, type Markup } from '../markup/markup.ts';
import { anchor, channelAddress, issueAddress, packageAddress, roundupAddress } from './addresses.ts';
import { ClaimMark } from './claim-mark.tsx';
import { OutsideLink } from './links.tsx';
import { SeverityMark, TickMark, VerdictMark } from './marks.tsx';
import { StatusCell } from './status-cell.tsx';
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
  const cells = line.cells.map((packages, place) => {
    const channel = channels[place]?.name ?? '';
    return html`<td class="cell-channel" data-label="${channel}">${ChannelState({ packages, channel, product, issue, decisions, editing })}</td>`;
  });
  const meta = [
    html`<a class="id" href="${href}">${issue}</a> <span class="ids">`,
    line.vulnerabilities.map((one) => html`<code class="id">${one}</code> `),
    more(line.vulnerabilityCount - line.vulnerabilities.length),
    html`</span> `,
    ClaimMark({ claim: decisions.claim(issue), editing }),
    line.carriedFrom === null
      ? null
      : html` <a class="carried" href="${roundupAddress(line.carriedFrom)}">since roundup ${line.carriedFrom}</a>`,
  ];
  return html`<tr class="line${line.done ? ' line-done' : ''}" id="${id}" data-item="" data-fragment="issue:${issue}">${
    group === undefined ? null : ProjectCell({ product, group })
  }<td class="cell-tick">${TickMark({ done: line.done })}</td><th scope="row" class="cell-issue">${IssueTitle(
    { title: line.title, href, project: product, opens: true },
  )}<p class="meta">${meta}</p>${AdvisoryLinks({ line, href })}${PackageLinks({ cells: line.cells })}${Remark({ line })}</th><td class="cell-severity" data-label="Severity">${SeverityMark(
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
function more(count: number): Markup | null {
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
function PackageLinks({ cells }: Pick<ListedLine, 'cells'>): Markup | null {
  const attrs = new Set<string>();
  for (const packages of cells) for (const { attr } of packages) attrs.add(attr);
  if (attrs.size === 0) return null;
  const shown = [...attrs].slice(0, SHOWN_PACKAGES);
  return html`<p class="packages"><span class="hidden">Packages </span>${shown.map(
    (attr) => html`<a href="${packageAddress(attr)}">${attr}</a> `,
  )}${more(attrs.size - shown.length)}</p>`;
}

function Remark({ line: { remark, doneBy } }: { line: ListedLine }): Markup | null {
  if (remark === null && doneBy === null) return null;
  return html`<p class="remark">${remark}${
    doneBy === null
      ? null
      : html`<span class="quiet">${remark === null ? 'ticked by ' : ' · ticked by '}${doneBy}</span>`
  }</p>`;
}

export interface ChannelStateProps {
  /** The worst first. */
  packages: readonly CellPackage[];
  channel: string;
  product: string;
  /** Where nothing is known of the channel, that is what is said of it. */
  read?: boolean;
  issue: string;
  decisions?: DecisionIndex;
  editing?: Editing;
}

/** The state of a channel, with the versions that it comes from: what people decided, else what the machine sees. */
export function ChannelState({
  packages,
  channel,
  product,
  read = true,
  issue,
  decisions = NO_DECISIONS,
  editing = READING,
}: ChannelStateProps): Markup {
  if (packages.length === 0) return VerdictMark({ verdict: read ? 'absent' : 'unknown' });
  const boxes = packages.map(({ attr, verdict, why }) => ({
    package: attr,
    verdict,
    why: why === '' ? undefined : why,
    decided: decisions.box(issue, attr, channel),
  }));
  const versions =
    packages.length === 1
      ? versionOf(packages[0], product)
      : packages
          .slice(0, 2)
          .map((one) => versionOf(one, product))
          .join(', ');
  return html`${StatusCell({ issue, channel, boxes, editing })}<span class="version">${versions}${
    packages.length > 2 ? ` +${packages.length - 2}` : ''
  }</span>`;
}

/** "1.0.2k"; of another package than the project's own with its name. */
function versionOf(one: CellPackage | undefined, product: string): string {
  if (one === undefined) return '';
  return one.attr === product ? one.version || one.attr : `${one.attr} ${one.version}`.trim();
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
