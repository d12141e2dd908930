import type { ChannelCell, ChannelHead } from '#domain/roundup';
import { issueAddress } from './addresses.ts';
import { ChannelHeads, ChannelState, IssueTitle } from './issue-lines.tsx';
import { Id } from './links.tsx';
import { SeverityMark, type SeverityWord } from './marks.tsx';
import { Day } from './times.tsx';

/** An issue that may concern a package, with what looks true in each channel of the table. */
export interface SuggestionRow {
  issue: string;
  title: string;
  severity: SeverityWord;
  publicSince: string | null;
  /** Project of the issue: its own package is shown by version alone. */
  product: string;
  cells: ChannelCell[];
}

export function SuggestionTable({
  rows,
  channels,
  caption,
}: {
  rows: readonly SuggestionRow[];
  channels: readonly ChannelHead[];
  caption: string;
}) {
  return (
    <div class="wide">
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
        <tbody>
          {rows.map((row) => (
            <tr class="line">
              <th scope="row" class="cell-issue">
                <IssueTitle title={row.title} href={issueAddress(row.issue)} />
                <p class="meta">
                  <Id id={row.issue} href={issueAddress(row.issue)} />
                </p>
              </th>
              <td class="cell-severity" data-label="Severity">
                <SeverityMark severity={row.severity} />
              </td>
              {row.cells.map((cell) => (
                <td
                  class={`cell-channel cell-${cell.verdict === 'absent' ? 'absent' : 'found'}`}
                  data-label={cell.channel}
                >
                  <ChannelState
                    packages={cell.packages}
                    product={row.product}
                    read={cell.verdict !== 'unknown'}
                  />
                </td>
              ))}
              <td class="cell-since" data-label="Public since">
                <Day at={row.publicSince} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
