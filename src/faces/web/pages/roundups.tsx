import { gateTitle } from '#domain/roundup';
import { gateAddress, roundupAddress } from '../components/addresses.ts';
import { Empty, ProgressBar } from '../components/figures.tsx';
import { Day, number } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';

export interface RoundupsPageProps {
  frame: Frame;
  /** The latest first. */
  roundups: {
    number: number;
    coversSince: string;
    coversUntil: string;
    openedAt: string;
    closedAt: string | null;
    lead: string | null;
    lines: number;
    completed: number;
    carried: number;
  }[];
  /** Release gates, the latest first. */
  gates?: {
    channel: string;
    release: string;
    openedAt: string;
    closedAt: string | null;
    lead: string | null;
    lines: number;
    completed: number;
  }[];
}

/** Every weekly list that there was. */
export function RoundupsPage({ frame, roundups, gates = [] }: RoundupsPageProps) {
  return (
    <Layout
      frame={frame}
      title="Roundups"
      description="Every weekly list, the latest first."
      alternates={[{ type: 'application/json', href: `${frame.path}.json` }]}
    >
      <header class="page-head">
        <p class="kicker">Little rounds, every week</p>
        <h1>Roundups</h1>
      </header>
      <section aria-label="All roundups">
        {roundups.length === 0 ? (
          <Empty>
            There is none yet. The first one lists what others announced in the last week;{' '}
            <code>./muster roundup open</code> begins it.
          </Empty>
        ) : (
          <div class="wide">
            <table class="cards">
              <caption class="hidden">Roundups, the latest first</caption>
              <thead>
                <tr>
                  <th scope="col">Roundup</th>
                  <th scope="col">From</th>
                  <th scope="col">To</th>
                  <th scope="col">Lead</th>
                  <th scope="col" class="cell-number">
                    Issues
                  </th>
                  <th scope="col" class="cell-number">
                    Carried over
                  </th>
                  <th scope="col" class="cell-number">
                    Done
                  </th>
                  <td class="cell-bar" />
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {roundups.map((one) => (
                  <tr>
                    <th scope="row">
                      <a class="title" href={roundupAddress(one.number)}>
                        Roundup {one.number}
                      </a>
                    </th>
                    <td data-label="From">
                      <Day at={one.coversSince} />
                    </td>
                    <td data-label="To">
                      <Day at={one.coversUntil} />
                    </td>
                    <td data-label="Lead">
                      {one.lead === null ? <span class="quiet">nobody</span> : <span>{one.lead}</span>}
                    </td>
                    <td class="cell-number" data-label="Issues">
                      <span>{number(one.lines)}</span>
                    </td>
                    <td class="cell-number" data-label="Carried over">
                      <span>{number(one.carried)}</span>
                    </td>
                    <ProgressCells list={one} />
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {gates.length === 0 ? null : <Gates gates={gates} />}
    </Layout>
  );
}

/** Lists of their own: what was open in a channel before a release branched off it. */
function Gates({ gates }: { gates: NonNullable<RoundupsPageProps['gates']> }) {
  return (
    <section aria-labelledby="gates">
      <h2 id="gates">Release gates</h2>
      <div class="wide">
        <table class="cards">
          <caption class="hidden">Release gates, the latest first</caption>
          <thead>
            <tr>
              <th scope="col">Release gate</th>
              <th scope="col">Opened</th>
              <th scope="col" class="cell-number">
                Issues
              </th>
              <th scope="col" class="cell-number">
                Done
              </th>
              <td class="cell-bar" />
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {gates.map((gate) => (
              <tr>
                <th scope="row">
                  <a class="title" href={gateAddress(gate.channel, gate.release)}>
                    {gateTitle(gate)}
                  </a>
                </th>
                <td data-label="Opened">
                  <Day at={gate.openedAt} />
                </td>
                <td class="cell-number" data-label="Issues">
                  <span>{number(gate.lines)}</span>
                </td>
                <ProgressCells list={gate} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** How far a list has come, and whether it is closed. */
function ProgressCells({
  list: { completed, lines, closedAt },
}: {
  list: { completed: number; lines: number; closedAt: string | null };
}) {
  return (
    <>
      <td class="cell-number" data-label="Done">
        <span>{number(completed)}</span>
      </td>
      <td class="cell-bar">
        <ProgressBar done={completed} total={lines} label={`${completed} of ${lines} done`} />
      </td>
      <td data-label="State">
        {closedAt === null ? (
          <strong>open</strong>
        ) : (
          <span class="quiet">
            closed <Day at={closedAt} />
          </span>
        )}
      </td>
    </>
  );
}
