import { channelAddress } from '../components/addresses.ts';
import { COUNTED_SEVERITIES, Count, CountBar, Empty, totalOf } from '../components/figures.tsx';
import { Lifecycle } from '../components/marks.tsx';
import { number, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import type { ChannelRow } from './home.tsx';

export interface ChannelsPageProps {
  frame: Frame;
  channels: ChannelRow[];
}

/** Every line of releases, whatever its life cycle, with what looks open in it. */
export function ChannelsPage({ frame, channels }: ChannelsPageProps) {
  const greatest = Math.max(0, ...channels.map(({ affected }) => totalOf(affected)));
  return (
    <Layout frame={frame} title="Channels" description="What looks open in each channel, by severity.">
      <header class="page-head">
        <p class="kicker">Lines of releases that users follow</p>
        <h1>Channels</h1>
      </header>
      <section aria-label="All channels">
        {channels.length === 0 ? (
          <Empty>
            No channel yet. <code>./muster channel import</code> reads a package set.
          </Empty>
        ) : (
          <div class="wide">
            <table class="channels cards">
              <caption class="small quiet">
                Issues that look to hit each channel, by severity. A channel past its end of life is counted
                on: what becomes known goes unfixed there.
              </caption>
              <thead>
                <tr>
                  <th scope="col">Channel</th>
                  <th scope="col">Revision</th>
                  <th scope="col" class="cell-number">
                    Packages
                  </th>
                  {COUNTED_SEVERITIES.map((severity) => (
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
                      <When at={revisedAt} now={frame.now} none="none yet" />
                    </td>
                    <td class="cell-number" data-label="Packages">
                      <span>{number(packages)}</span>
                    </td>
                    {COUNTED_SEVERITIES.map((severity) => (
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
        )}
      </section>
    </Layout>
  );
}
