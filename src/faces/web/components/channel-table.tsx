import type { ChannelHead } from '#domain/roundup';
import { channelAddress } from './addresses.ts';
import { COUNTED_SEVERITIES, Count, CountBar, type SeverityCounts, totalOf } from './figures.tsx';
import { Lifecycle } from './marks.tsx';
import { counted, number, When } from './times.tsx';

/** A channel with what looks open in it. */
export interface ChannelRow {
  channel: ChannelHead;
  packages: number;
  /** Commit date of the newest revision. */
  revisedAt: string | null;
  /** Issues that look to hit it. */
  affected: SeverityCounts;
  /** Issues of which nobody can say. */
  unknown: number;
}

interface ChannelTableProps {
  channels: readonly ChannelRow[];
  caption: string;
  now: string;
  /** Only the grave severities, and the packages below the revision: for a page with other things on it. */
  short?: boolean;
}

const SHORT_SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** Channels, a row each, with the issues that look to hit them by severity. */
export function ChannelTable({ channels, caption, now, short = false }: ChannelTableProps) {
  const greatest = Math.max(0, ...channels.map(({ affected }) => totalOf(affected)));
  const severities = short ? SHORT_SEVERITIES : COUNTED_SEVERITIES;
  return (
    <div class="wide">
      <table class="channels cards">
        <caption class="small quiet">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col">Revision</th>
            {short ? null : (
              <th scope="col" class="cell-number">
                Packages
              </th>
            )}
            {severities.map((severity) => (
              <th scope="col" class="cell-number">
                {severity}
              </th>
            ))}
            <th scope="col" class="cell-number">
              All
            </th>
            <td class="cell-bar" />
            <th scope="col" class="cell-number">
              Unknown
            </th>
          </tr>
        </thead>
        <tbody>
          {channels.map(({ channel, packages, revisedAt, affected, unknown }) => (
            <tr>
              <th scope="row">
                <a href={channelAddress(channel.name)}>{channel.name}</a>
                <Lifecycle lifecycle={channel.lifecycle} />
              </th>
              <td data-label="Revision">
                <When at={revisedAt} now={now} none="none yet" />
                {short ? <span class="version quiet">{counted(packages, 'package')}</span> : null}
              </td>
              {short ? null : (
                <td class="cell-number" data-label="Packages">
                  <span>{number(packages)}</span>
                </td>
              )}
              {severities.map((severity) => (
                <td class="cell-number" data-label={severity}>
                  <Count count={affected[severity]} />
                </td>
              ))}
              <td class="cell-number" data-label="All">
                <strong>{number(totalOf(affected))}</strong>
              </td>
              <td class="cell-bar">
                <CountBar counts={affected} greatest={greatest} />
              </td>
              <td class="cell-number" data-label="Unknown">
                <Count count={unknown} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
