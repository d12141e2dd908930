import type { IssueExploitation } from '#domain/issues';
import { issueAddress, ownAddress, roundupAddress } from '../components/addresses.ts';
import { BatchForm } from '../components/batch-forms.tsx';
import { type ChannelRow, ChannelTable } from '../components/channel-table.tsx';
import { ExploitationMark } from '../components/exploitation-mark.tsx';
import { Empty, ProgressBar } from '../components/figures.tsx';
import { IssueTitle } from '../components/issue-lines.tsx';
import { Id } from '../components/links.tsx';
import { SeverityMark, type SeverityWord } from '../components/marks.tsx';
import { Day, number, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { REPORT_ADDRESS } from '../list-addresses.ts';

/** An issue that looks open, and is grave or used by attackers. */
export interface BurningIssue {
  issue: string;
  title: string;
  severity: SeverityWord;
  exploitation: IssueExploitation | null;
  publicSince: string | null;
  /** Channels that look hit. */
  channels: string[];
}

export interface HomePageProps {
  frame: Frame;
  /** Issues that are critical or used by attackers and look to hit a channel that users still follow. */
  burning: BurningIssue[];
  /** The latest roundup. */
  roundup: {
    number: number;
    coversSince: string;
    coversUntil: string;
    lead: string | null;
    lines: number;
    completed: number;
    carried: number;
    closedAt: string | null;
    /** When the next one opens. */
    nextAt: string | null;
  } | null;
  channels: ChannelRow[];
  /** What waits for somebody's eyes: "documents in quarantine", 12, /sources#quarantine. */
  waiting: { label: string; count: number; href: string }[];
  totals: { reports: number; vulnerabilities: number; issues: number; suggestions: number };
}

/** Is anything burning, and what can I do? */
export function HomePage(props: HomePageProps) {
  const { frame, burning, channels, waiting, totals } = props;
  return (
    <Layout
      frame={frame}
      title={`${frame.team} security`}
      description={`What other distributions announced, and where ${frame.team} stands.`}
    >
      <h1 class="hidden">{frame.team} security</h1>
      <div class="home">
        <div class="home-main">
          <Burning burning={burning} />
          <section aria-labelledby="channels">
            <h2 id="channels">Channels</h2>
            {channels.length === 0 ? (
              <Empty>
                No channel yet. <code>./muster channel import</code> reads a package set.
              </Empty>
            ) : (
              <ChannelTable
                channels={channels}
                now={frame.now}
                caption="Issues that look to hit each channel, by severity. End of life is counted on."
                short
              />
            )}
          </section>
        </div>
        <div class="home-side">
          <RoundupCard {...props} />
          <section aria-labelledby="waiting">
            <h2 id="waiting">Waits for eyes</h2>
            {waiting.every(({ count }) => count === 0) ? (
              <Empty>Nothing.</Empty>
            ) : (
              <ul class="waiting">
                {waiting
                  .filter(({ count }) => count > 0)
                  .map(({ label, count, href }) => (
                    <li>
                      <a href={ownAddress(href)}>
                        <strong>{number(count)}</strong> {label}
                      </a>
                    </li>
                  ))}
              </ul>
            )}
            {frame.viewer === undefined ? null : <BatchForm />}
            <p class="small ask">
              Is something missing? <a href={REPORT_ADDRESS}>Report a problem</a>, without an account.
            </p>
          </section>
          <section aria-labelledby="totals">
            <h2 id="totals">What we know of</h2>
            <p class="flow">
              <strong>{number(totals.reports)}</strong> reports →{' '}
              <strong>{number(totals.vulnerabilities)}</strong> vulnerabilities →{' '}
              <strong>{number(totals.issues)}</strong> issues → <strong>{number(totals.suggestions)}</strong>{' '}
              suggestions
            </p>
          </section>
        </div>
      </div>
    </Layout>
  );
}

function Burning({ burning }: { burning: readonly BurningIssue[] }) {
  return (
    <section aria-labelledby="burning" class="burning">
      <h2 id="burning">{burning.length === 0 ? 'Nothing burns that we know of' : 'Burning'}</h2>
      {burning.length === 0 ? (
        <Empty>
          No issue that is critical or known to be exploited looks to hit a channel that users follow. What
          nobody has looked at is not counted.
        </Empty>
      ) : (
        <ul class="burning-list">
          {burning.map(({ issue, title, severity, exploitation, publicSince, channels }) => (
            <li>
              <SeverityMark severity={severity} />
              <div>
                <IssueTitle title={title} href={issueAddress(issue)} />
                <p class="meta">
                  <Id id={issue} href={issueAddress(issue)} /> {ExploitationMark({ exploitation })}
                  <span class="quiet">looks to hit</span> {channels.join(', ')}
                  {publicSince === null ? null : (
                    <span class="quiet">
                      {' '}
                      · public since <Day at={publicSince} />
                    </span>
                  )}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function RoundupCard({ roundup, frame }: HomePageProps) {
  return (
    <section aria-labelledby="roundup" class="card">
      <h2 id="roundup">
        {roundup === null ? 'Roundup' : <a href={roundupAddress(roundup.number)}>Roundup {roundup.number}</a>}
      </h2>
      {roundup === null ? (
        <Empty>
          The first roundup lists what others announced in the last week. <code>./muster roundup open</code>{' '}
          begins it.
        </Empty>
      ) : (
        <>
          <p class="card-figure">
            <strong>{number(roundup.lines - roundup.completed)}</strong>{' '}
            {roundup.closedAt === null ? 'to do' : 'left over'}{' '}
            <span class="quiet">of {number(roundup.lines)}</span>
          </p>
          <ProgressBar
            done={roundup.completed}
            total={roundup.lines}
            label={`${roundup.completed} of ${roundup.lines} done`}
          />
          <p class="small">
            <Day at={roundup.coversSince} /> to <Day at={roundup.coversUntil} />
            {roundup.carried === 0 ? null : ` · ${roundup.carried} carried over`}
          </p>
          <p class="small">
            {roundup.closedAt === null ? (
              <>Lead: {roundup.lead ?? <span class="quiet">nobody yet</span>}</>
            ) : (
              <>
                Closed <When at={roundup.closedAt} now={frame.now} />
              </>
            )}
            {roundup.nextAt === null ? null : (
              <span class="quiet">
                {' '}
                · next one <When at={roundup.nextAt} now={frame.now} />
              </span>
            )}
          </p>
        </>
      )}
    </section>
  );
}
