import type { Figures, LoadStretch } from '#domain/insight';
import { channelAddress, packageAddress } from '../components/addresses.ts';
import { Bars, Spans, StepPlot } from '../components/charts.tsx';
import { Empty, Facts } from '../components/figures.tsx';
import { ExposureTable, FigureTable, InsightPart, More, percent } from '../components/insight-parts.tsx';
import { Lifecycle, SeverityMark } from '../components/marks.tsx';
import { counted, Day, number, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { EVIDENCE_ADDRESS, INSIGHT_ADDRESS, NUMBERS_ADDRESS } from '../list-addresses.ts';

export interface InsightPageProps {
  frame: Frame;
  /** Null where nothing was ever reckoned. */
  figures: (Figures & { reckonedAt: string }) | null;
  /** How people are called, by actor. */
  people: Record<string, string>;
}

const SHOWN = 15;

/** What has been going on, in figures; each says how it is computed and gives its data. */
export function InsightPage({ frame, figures, people }: InsightPageProps) {
  return (
    <Layout
      frame={frame}
      title="Insight"
      description="How many issues each channel was exposed to, for how long, and who did the work."
      alternates={[{ type: 'application/json', href: `${INSIGHT_ADDRESS}.json` }]}
    >
      <header class="page-head">
        <p class="kicker">What has been going on, in figures</p>
        <h1>Insight</h1>
        {figures === null ? null : <Head figures={figures} now={frame.now} />}
      </header>
      {figures === null || figures.channels.length === 0 ? (
        <Empty>
          Nothing has been reckoned yet. Figures come from the revisions of channels that were imported; a
          worker reckons them every ten minutes, <code>./muster insight refresh</code> at once.
        </Empty>
      ) : (
        <>
          <Counts figures={figures} />
          <Exposure figures={figures} />
          <TenDays figures={figures} />
          <Coverage figures={figures} />
          <Sharing figures={figures} people={people} />
          <Unmaintained figures={figures} />
          <Lacking figures={figures} />
        </>
      )}
    </Layout>
  );
}

function Head({ figures, now }: { figures: Figures & { reckonedAt: string }; now: string }) {
  const current = figures.channels.filter(({ lifecycle }) => lifecycle !== 'end_of_life');
  const past = figures.channels.filter(({ lifecycle }) => lifecycle === 'end_of_life');
  const sum = (channels: typeof current) => channels.reduce((all, { exposed }) => all + exposed, 0);
  return (
    <Facts
      facts={[
        { name: 'Open, all kept channels', value: <strong class="figure">{number(sum(current))}</strong> },
        { name: 'Open, past their end', value: <strong class="figure">{number(sum(past))}</strong> },
        { name: 'Within ten days, last year', value: percent(figures.tenDays.year.share) },
        { name: 'Bus factor of the year', value: figures.sharing?.year.busFactor ?? '–' },
        { name: 'Reckoned', value: <When at={figures.reckonedAt} now={now} /> },
        { name: 'On one page', value: <a href={EVIDENCE_ADDRESS}>Evidence</a> },
        { name: 'CVE numbers', value: <a href={NUMBERS_ADDRESS}>reserved, rejected, missing</a> },
      ]}
    />
  );
}

function Counts({ figures: { channels } }: { figures: Figures }) {
  const days = [...new Set(channels.flatMap(({ points }) => points.map(({ day }) => day)))].sort();
  const numberOn = (channel: (typeof channels)[number], day: string) =>
    day < channel.firstRevision
      ? null
      : (channel.points.findLast((point) => point.day <= day)?.value ?? null);
  const words = channels
    .map(({ channel, exposed, lifecycle }) =>
      lifecycle === 'end_of_life'
        ? `${channel}, past its end, is vulnerable to ${counted(exposed, 'issue')}`
        : `${channel} to ${number(exposed)}`,
    )
    .join('; ');
  return (
    <InsightPart
      id="counts"
      title="Open issues over time"
      how="An issue counts from the day on which it was public, or its package came in, up to the first imported revision that looks fixed, or to what people said. A channel past its end stays as its last revision left it, and is counted on."
    >
      <StepPlot
        id="counts-plot"
        title="Issues that each channel was exposed to"
        summary={`As it stands: ${words}.`}
        unit="issues"
        series={channels.map(({ channel, points, lifecycle }) => ({
          name: channel,
          points,
          quiet: lifecycle === 'end_of_life',
        }))}
      />
      <FigureTable
        caption="Channels as they stand"
        head={[
          'Channel',
          'Life cycle',
          'Newest revision',
          'Exposed',
          'Critical',
          'High',
          'Beyond 10 days',
          'Unknown',
        ]}
        rows={channels.map((row) => [
          <a href={channelAddress(row.channel)}>{row.channel}</a>,
          <Lifecycle lifecycle={row.lifecycle} />,
          <Day at={row.lastRevision} />,
          ...[row.exposed, row.bySeverity.critical, row.bySeverity.high, row.overdue, row.unknown],
        ])}
      />
      <details>
        <summary>The same by month</summary>
        <FigureTable
          caption="Issues that each channel was exposed to, by month"
          head={['Day', ...channels.map(({ channel }) => channel)]}
          rows={days.map((day) => [
            <Day at={day} />,
            ...channels.map((channel) => numberOn(channel, day) ?? '–'),
          ])}
        />
      </details>
    </InsightPart>
  );
}

function Exposure({ figures: { exposure, today, totals } }: { figures: Figures }) {
  const { windows, longest } = exposure;
  const shown = longest.slice(0, SHOWN);
  const from = shown.reduce((first, { since }) => (since < first ? since : first), today);
  return (
    <InsightPart
      id="exposure"
      title="How long channels were exposed"
      how="Days on which a channel was exposed to an issue, through whichever package. As exact as the revisions that were imported are close together: a fix counts from the first revision that has it."
    >
      <FigureTable
        caption="For how many days channels were exposed to an issue"
        head={[
          'Channel',
          'Issues',
          'Still open',
          'Median days',
          'Worst',
          '≤ 10 days',
          '11–30',
          '31–90',
          'More',
        ]}
        rows={windows.map((row) => [
          <a href={channelAddress(row.channel)}>{row.channel}</a>,
          ...[row.issues, row.open, row.median ?? '–', row.worst ?? '–'],
          ...[row.upTo10, row.upTo30, row.upTo90, row.more],
        ])}
      />
      {shown.length === 0 ? (
        <Empty>No channel that is kept is exposed to anything that we know of.</Empty>
      ) : (
        <>
          <h3>Open longest</h3>
          <Spans
            id="exposure-plot"
            title="Issues that are open longest"
            summary={`The oldest, ${shown[0]?.issue} in ${shown[0]?.channel}, is open for ${number(shown[0]?.days ?? 0)} days.`}
            from={from}
            to={today}
            rows={shown.map(({ issue, channel, since, days }) => ({
              label: `${issue} ${channel}`,
              spans: [{ from: since, to: null, words: `since ${since}, ${number(days)} days` }],
            }))}
          />
          <details>
            <summary>The same as a table</summary>
            <ExposureTable lines={shown} caption="Issues that are open longest" />
          </details>
          <More part="exposure" shown={shown.length} total={totals.longest} />
        </>
      )}
    </InsightPart>
  );
}

function TenDays({ figures: { tenDays } }: { figures: Figures }) {
  const known = tenDays.rolling.filter(({ share }) => share !== null);
  const last = known.at(-1);
  return (
    <InsightPart
      id="ten-days"
      title="The clock of ten days"
      how="Of what became public while we watched a channel and before its end: what was out of it within ten days. What is still open and younger is not decided; what was public before the first imported revision is left out."
    >
      {last === undefined ? (
        <Empty>Nothing has become public while we watched a channel.</Empty>
      ) : (
        <StepPlot
          id="ten-days-plot"
          title="Share that was fixed within ten days"
          summary={`Over the twelve months before ${last.month}: ${percent(last.share)} of ${number(last.decided)}.`}
          unit="percent"
          series={[
            {
              name: 'within ten days',
              points: known.map(({ month, share }) => ({
                day: `${month}-01`,
                value: Math.round((share ?? 0) * 100),
              })),
            },
          ]}
        />
      )}
      <FigureTable
        caption="The clock of ten days, by channel"
        head={['Channel', 'Decided', 'Within', 'Share', 'Median days', 'Open beyond', 'Still running']}
        rows={tenDays.channels.map((row) => [
          <a href={channelAddress(row.channel)}>{row.channel}</a>,
          ...[row.decided, row.within, percent(row.share), row.median ?? '–', row.overdue, row.running],
        ])}
      />
      {known.length === 0 ? null : (
        <details>
          <summary>The same by month</summary>
          <FigureTable
            caption="Share that was fixed within ten days, over twelve months each"
            head={['Month', 'Share', 'Decided']}
            rows={known.map(({ month, share, decided }) => [month, percent(share), decided])}
          />
        </details>
      )}
    </InsightPart>
  );
}

function Coverage({ figures: { coverage, totals } }: { figures: Figures }) {
  return (
    <InsightPart
      id="coverage"
      title="What nobody has looked at"
      how="An issue counts as looked at in a channel where somebody set a status for it there, decided on a package of it, or dismissed it. Absence of a word is not safety."
    >
      <FigureTable
        caption="How much of what is open somebody has looked at"
        head={[
          'Channel',
          'Life cycle',
          'Open or unknown',
          'Looked at',
          'Share',
          'Untouched, looks hit',
          'Untouched, unknown',
        ]}
        rows={coverage.channels.map((row) => [
          <a href={channelAddress(row.channel)}>{row.channel}</a>,
          <Lifecycle lifecycle={row.lifecycle} />,
          ...[row.open, row.looked, percent(row.open === 0 ? null : row.looked / row.open)],
          ...[row.untouchedHit, row.untouchedUnknown],
        ])}
      />
      {coverage.untouched.length === 0 ? null : (
        <>
          <h3>The gravest of it</h3>
          <ExposureTable
            lines={coverage.untouched.slice(0, SHOWN)}
            caption="What looks hit and nobody has looked at, the gravest first"
          />
          <More
            part="untouched"
            shown={Math.min(SHOWN, coverage.untouched.length)}
            total={totals.untouched}
          />
        </>
      )}
    </InsightPart>
  );
}

function Sharing({ figures, people }: { figures: Figures; people: Record<string, string> }) {
  const { sharing } = figures;
  if (sharing === null) return null;
  const stretches: [string, LoadStretch][] = [
    ['Last quarter', sharing.quarter],
    ['Last year', sharing.year],
  ];
  const { year } = sharing;
  return (
    <InsightPart
      id="sharing"
      title="Who did the work"
      how="Ticks, statuses, decisions, comments, proposals and reviews, as the history has them; what was taken back is nobody's. The bus factor is the fewest people who did half of it."
    >
      <FigureTable
        caption="How the work is spread"
        head={['Stretch', 'People', 'Done', 'Bus factor', 'The busiest did']}
        rows={stretches.map(([name, load]) => [
          name,
          ...[load.people, load.done, load.busFactor ?? '–', percent(load.busiest)],
        ])}
      />
      <Bars
        id="sharing-plot"
        title="What each person did within the last year"
        summary={`${counted(year.people, 'person', 'people')} did ${number(year.done)} things; ${counted(year.busFactor ?? 0, 'person', 'people')} did half of it.`}
        bars={year.shares.slice(0, SHOWN).map(({ person, done }) => ({
          label: Object.hasOwn(people, person) ? (people[person] ?? person) : person,
          value: done,
          words: number(done),
        }))}
      />
      <More part="sharing" shown={Math.min(SHOWN, year.shares.length)} total={year.shares.length} />
    </InsightPart>
  );
}

function Unmaintained({ figures: { unmaintained, totals } }: { figures: Figures }) {
  const { packages, exposed } = unmaintained;
  const shown = packages.slice(0, SHOWN * 2);
  return (
    <InsightPart
      id="unmaintained"
      title="Vulnerable, and nobody maintains it"
      how={`Packages through which a channel that is kept is exposed, without a maintainer in its newest revision: ${number(totals.unmaintained)} of ${number(exposed)} exposed ones.`}
    >
      {packages.length === 0 ? (
        <Empty>Every exposed package has a maintainer.</Empty>
      ) : (
        <>
          <FigureTable
            caption="Vulnerable packages without a maintainer, the gravest first"
            head={['Package', 'Worst', 'Issues', 'Channels']}
            rows={shown.map((row) => [
              <a href={packageAddress(row.package)}>{row.package}</a>,
              <SeverityMark severity={row.worst} />,
              row.issues,
              <span>{row.channels.join(', ')}</span>,
            ])}
          />
          <More part="unmaintained" shown={shown.length} total={totals.unmaintained} />
        </>
      )}
    </InsightPart>
  );
}

function Lacking({ figures: { lacking, totals } }: { figures: Figures }) {
  const lines = lacking.lines.slice(0, SHOWN * 2);
  return (
    <InsightPart
      id="lacking"
      title="Fixed elsewhere long ago, still lacking here"
      how="Issues that another distribution announced more than a year ago and to which a channel that is kept is still exposed, the oldest first."
    >
      {lines.length === 0 ? (
        <Empty>Nothing that others announced more than a year ago is open here.</Empty>
      ) : (
        <>
          <p>
            {lacking.byYears.map(({ years, issues }, index) => (
              <>
                {index === 0 ? '' : ', '}
                {counted(issues, 'issue')} for {counted(years, 'year')}
              </>
            ))}
            .
          </p>
          <ExposureTable
            lines={lines}
            caption="What others announced long ago and is still open here"
            last={{
              head: 'Announced elsewhere',
              cell: (index) => (
                <span>
                  {lines[index]?.fixedBy.map(({ source, id, day }) => (
                    <span class="nowrap" title={`${source}, ${day}`}>
                      {id} <span class="quiet">{day.slice(0, 4)}</span>{' '}
                    </span>
                  ))}
                </span>
              ),
            }}
          />
          <More part="lacking" shown={lines.length} total={totals.lacking} />
        </>
      )}
    </InsightPart>
  );
}
