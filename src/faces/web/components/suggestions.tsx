import type { IssueExploitation } from '#domain/issues';
import type { ChannelHead, ChannelCell as SeenCell } from '#domain/roundup';
import { namesText } from '#faces/editing';
import { type DecisionIndex, type Editing, NO_DECISIONS, READING } from '../decisions.ts';
import { html, type Markup } from '../markup/markup.ts';
import { anchor, issueAddress } from './addresses.ts';
import { ClaimMark } from './claim-mark.tsx';
import { ExploitationMark } from './exploitation-mark.tsx';
import { ChannelCell, ChannelHeads, IssueTitle, namesIn } from './issue-lines.tsx';
import { Id } from './links.tsx';
import { SeverityMark, type SeverityWord } from './marks.tsx';
import { EditForm } from './status-cell.tsx';
import { Day } from './times.tsx';

/** An issue that may concern a package, with what looks true in each channel of the table. */
export interface SuggestionRow {
  issue: string;
  title: string;
  severity: SeverityWord;
  /** Whether it is used by attackers, or likely to be. */
  exploitation: IssueExploitation | null;
  publicSince: string | null;
  /** Project of the issue: its own package is shown by version alone. */
  product: string;
  cells: SeenCell[];
}

export interface SuggestionTableProps {
  rows: readonly SuggestionRow[];
  channels: readonly ChannelHead[];
  caption: string;
  /** What people decided of them. */
  decisions?: DecisionIndex;
  editing?: Editing;
  /** The page that forms lead back to. */
  back: string;
}

/** Issues × channels: what people decided, else what looks true. Whoever may set a state finds it to be a button. */
export function SuggestionTable({
  rows,
  channels,
  caption,
  decisions = NO_DECISIONS,
  editing = READING,
  back,
}: SuggestionTableProps) {
  return (
    <>
      {editing.person === null ? null : <EditForm back={back} />}
      <div class="wide" data-items>
        <table class="lines cards">
          <caption class="hidden">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">Issue</th>
              <th scope="col">Severity</th>
              <ChannelHeads channels={channels} />
              <th scope="col">Public since</th>
            </tr>
          </thead>
          <tbody>{rows.map((row) => SuggestionLine({ row, decisions, editing }))}</tbody>
        </table>
      </div>
    </>
  );
}

function SuggestionLine({
  row: { issue, title, severity, exploitation, publicSince, product, cells },
  decisions,
  editing,
}: {
  row: SuggestionRow;
  decisions: DecisionIndex;
  editing: Editing;
}): Markup {
  const href = issueAddress(issue);
  const names = namesIn(cells.map(({ packages }) => packages));
  const states = cells.map(({ channel, verdict, packages }) =>
    ChannelCell({ packages, channel, product, issue, names, decisions, editing, none: verdict }),
  );
  const id = anchor('line', issue);
  return html`<tr class="line" id="${id}" data-item="" data-fragment="issue:${issue}" data-packages="${namesText(names)}"><th scope="row" class="cell-issue">${IssueTitle(
    { title, href, opens: true },
  )}<p class="meta">${Id({ id: issue, href })} ${ExploitationMark({ exploitation })}${ClaimMark({
    claim: decisions.claim(issue),
    editing,
  })}</p></th><td class="cell-severity" data-label="Severity">${SeverityMark({ severity })}</td>${states}<td class="cell-since" data-label="Public since">${Day({ at: publicSince })}</td></tr>`;
}
