import type { ListedKind } from '#domain/issues';
import type { ChannelHead } from '#domain/roundup';
import { type DecisionIndex, type Editing, NO_DECISIONS, READING } from '../decisions.ts';
import { EDIT_ADDRESS } from '../editing-addresses.ts';
import { QUEUE_ADDRESS, withQuery } from '../list-addresses.ts';
import { html, type Markup } from '../markup/markup.ts';
import { anchor, issueAddress, packageAddress } from './addresses.ts';
import { KIND_WORDS } from './issue-deeds.tsx';
import { ChannelHeads } from './issue-lines.tsx';
import { Id } from './links.tsx';
import { type Verdict, VerdictMark } from './marks.tsx';
import { StatusCell } from './status-cell.tsx';

/** Whether a version is hit by one vulnerability, and how that is known. */
export interface Evidence {
  vulnerability: string;
  verdict: Verdict;
  /** "1.0.2j < 1.0.2k, CVE record, semver order" */
  why: string;
}

/** A package in one channel, against an issue. */
export interface Standing {
  channel: string;
  /** `absent`: the channel has no such package. */
  verdict: Verdict;
  version: string | null;
  evidence: Evidence[];
  /** Vulnerabilities that a patch of the package names. */
  patched: string[];
  /** Whether records say something else than when people said what they say of it. */
  asked: boolean;
}

/** A package that looks like what the issue is about, with the reasons of the matcher. */
export interface StandingRow {
  attr: string;
  /** From 0 to 1; null where people list it and the matcher does not propose it. */
  score: number | null;
  reasons: { part: string; points: number; why: string }[];
  /** As what people list it under the issue; null where they do not. */
  listed: { kind: ListedKind; version: number } | null;
  /** What has changed since somebody decided of it; null where nothing has, or nobody did. */
  again: string[] | null;
  /** One for each channel of the table, in its order. */
  cells: Standing[];
}

/** Packages × channels: each cell says what looks true, of which version, and opens to show why. */
export function StandingTable({
  rows,
  channels,
  caption,
  issue,
  decisions = NO_DECISIONS,
  editing = READING,
}: {
  rows: readonly StandingRow[];
  channels: readonly ChannelHead[];
  caption: string;
  issue: string;
  decisions?: DecisionIndex;
  editing?: Editing;
}) {
  return (
    <div class="wide" data-items>
      <table class="standing cards">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Package</th>
            <ChannelHeads channels={channels} />
          </tr>
        </thead>
        <tbody>{rows.map((row) => StandingLine({ row, issue, decisions, editing }))}</tbody>
      </table>
    </div>
  );
}

interface StandingLineProps {
  row: StandingRow;
  issue: string;
  decisions: DecisionIndex;
  editing: Editing;
}

function StandingLine({
  row: { attr, score, reasons, listed, again, cells },
  issue,
  decisions,
  editing,
}: StandingLineProps): Markup {
  const why = reasons.map(
    ({ part, points, why: words }) =>
      html`<li><span class="points">${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)}</span> ${part}${words === '' ? null : html`<span class="quiet"> ${words}</span>`}</li>`,
  );
  const states = cells.map((cell) => {
    const { channel, verdict } = cell;
    const decided = decisions.box(issue, attr, channel);
    const state = StatusCell({ issue, package: attr, channel, verdict, decided, editing });
    const asked =
      !cell.asked || decided === null
        ? null
        : html`<a class="version asked-again" href="#${anchor('again', attr)}">changed since</a>`;
    return html`<td class="cell-channel" data-label="${channel}">${StandingCell({ cell, state })}${asked}</td>`;
  });
  // Modules and releases of Nix have no page of their own.
  const name =
    listed === null || listed.kind === 'attribute'
      ? html`<a class="title" href="${packageAddress(attr)}" data-open="">${attr}</a>`
      : html`<span class="title">${attr}</span>`;
  const matched =
    score === null
      ? null
      : html`<details class="reasons"><summary>Why this package <span class="quiet">score ${score.toFixed(2)}</span></summary><ul>${why}</ul></details>`;
  return html`<tr id="${anchor('package', attr)}" data-item=""><th scope="row" class="cell-package">${name}${Again({ issue, attr, again })}${matched}${Listed({ issue, attr, listed, editing })}</th>${states}</tr>`;
}

/** What has changed since somebody decided, before and now; what they said stands until somebody says it again, or otherwise. */
function Again({
  issue,
  attr,
  again,
}: Pick<StandingRow, 'attr' | 'again'> & { issue: string }): Markup | null {
  if (again === null || again.length === 0) return null;
  const href = withQuery(QUEUE_ADDRESS, { issue, package: attr });
  return html`<div class="asked" id="${anchor('again', attr)}"><span class="asked-again">Changed since it was decided</span><ul>${again.map(
    (why) => html`<li>${why}</li>`,
  )}</ul><a href="${href}">Decide again</a></div>`;
}

/** That people list it, with where that is changed. */
function Listed({
  issue,
  attr,
  listed,
  editing,
}: Pick<StandingRow, 'attr' | 'listed'> & { issue: string; editing: Editing }): Markup | null {
  if (listed === null) return null;
  const words = html`<span class="version quiet">listed as a ${KIND_WORDS[listed.kind]}</span>`;
  if (editing.permission === 'refuse') return words;
  const at = `package/${issue}/${attr}#value@${listed.version}`;
  const href = withQuery(EDIT_ADDRESS, { at, back: issueAddress(issue) });
  return html`<span class="version quiet">listed as a <a href="${href}">${KIND_WORDS[listed.kind]}<span class="hidden">, change how ${attr} is listed</span></a></span>`;
}

function StandingCell({ cell, state }: { cell: Standing; state: Markup }): Markup {
  const { version, evidence, patched } = cell;
  const of = version === null ? null : html`<span class="version">${version || 'no version'}</span>`;
  if (evidence.length === 0 && patched.length === 0) return html`${state}${of}`;
  return html`${state}${of}<details class="evidence"><summary>evidence</summary><ul>${evidence.map(
    ({ vulnerability, verdict, why }) =>
      html`<li class="because because-${verdict}">${Id({ id: vulnerability })} ${VerdictMark({ verdict })}<span class="why">${why}</span></li>`,
  )}${patched.map(
    (vulnerability) =>
      html`<li class="because">${Id({ id: vulnerability })} <span class="why">a patch of the package names it</span></li>`,
  )}</ul></details>`;
}
