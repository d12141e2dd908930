import { type ChannelRow, ChannelTable } from '../components/channel-table.tsx';
import { Empty } from '../components/figures.tsx';
import { type Frame, Layout } from '../layout.tsx';

export interface ChannelsPageProps {
  frame: Frame;
  channels: ChannelRow[];
}

/** Every line of releases, whatever its life cycle, with what looks open in it. */
export function ChannelsPage({ frame, channels }: ChannelsPageProps) {
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
          <ChannelTable
            channels={channels}
            now={frame.now}
            caption="Issues that look to hit each channel, by severity. A channel past its end of life is counted on: what becomes known goes unfixed there."
          />
        )}
      </section>
    </Layout>
  );
}
