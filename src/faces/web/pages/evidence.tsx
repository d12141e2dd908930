import type { ReckonedFigures } from '#domain/insight';
import { StepPlot } from '../components/charts.tsx';
import { Empty } from '../components/figures.tsx';
import { FigureTable, percent } from '../components/insight-parts.tsx';
import { Lifecycle } from '../components/marks.tsx';
import { counted, Day, number } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { EVIDENCE_ADDRESS, INSIGHT_ADDRESS } from '../list-addresses.ts';

export interface EvidencePageProps {
  frame: Frame;
  figures: (ReckonedFigures & { reckonedAt: string }) | null;
}

/** One page for whoever answers for it all, to be printed: what stands open, how fast it goes, and what we do not know. */
export function EvidencePage({ frame, figures }: EvidencePageProps) {
  return (
    <Layout
      frame={frame}
      title="Evidence"
      description="How well every release is kept patched, on one page."
      alternates={[{ type: 'application/json', href: `${EVIDENCE_ADDRESS}.json` }]}
    >
      <header class="page-head">
        <p class="kicker">{frame.team} · how well every release is kept patched</p>
        <h1>Evidence</h1>
        {figures === null ? null : (
          <p class="lead">
            As of <Day at={figures.today} />, from{' '}
            {counted(
              figures.channels.reduce((sum, { revisions }) => sum + revisions, 0),
              'imported revision',
            )}{' '}
            of {counted(figures.channels.length, 'channel')}. More in <a href={INSIGHT_ADDRESS}>Insight</a>.
          </p>
        )}
      </header>
      {figures === null || figures.channels.length === 0 ? (
        <Empty>Nothing has been reckoned yet.</Empty>
      ) : (
        <Body figures={figures} />
      )}
    </Layout>
  );
}

function Body({ figures }: { figures: ReckonedFigures }) {
  const { channels, tenDays, exposure, coverage, sharing, unmaintained, lacking, totals } = figures;
  const windows = new Map(exposure.windows.map((row) => [row.channel, row]));
  const clocks = new Map(tenDays.channels.map((row) => [row.channel, row]));
  const looked = new Map(coverage.channels.map((row) => [row.channel, row]));
  const past = channels.filter(({ lifecycle }) => lifecycle === 'end_of_life');
  const current = channels.filter(({ lifecycle }) => lifecycle !== 'end_of_life');
  const late = lacking.byYears.reduce((sum, { issues }) => sum + issues, 0);
  return (
    <>
      <section aria-labelledby="stand">
        <h2 id="stand">Where each release stands</h2>
        <FigureTable
          caption="Every channel: what it is exposed to, and how fast it was rid of it"
          head={[
            'Channel',
            'Life cycle',
            'Exposed',
            'Critical',
            'High',
            'Beyond 10 days',
            'Within 10 days',
            'Median days',
            'Looked at',
          ]}
          rows={channels.map((row) => {
            const own = looked.get(row.channel);
            return [
              row.channel,
              <Lifecycle lifecycle={row.lifecycle} />,
              ...[row.exposed, row.bySeverity.critical, row.bySeverity.high, row.overdue],
              percent(clocks.get(row.channel)?.share ?? null),
              windows.get(row.channel)?.median ?? '–',
              percent(own === undefined || own.open === 0 ? null : own.looked / own.open),
            ];
          })}
        />
      </section>
      <section aria-labelledby="trend">
        <h2 id="trend">Over time</h2>
        <StepPlot
          id="trend-plot"
          title="Issues that each channel was exposed to"
          summary={channels.map(({ channel, exposed }) => `${channel}: ${number(exposed)} now`).join('; ')}
          unit="issues"
          series={channels.map(({ channel, points, lifecycle }) => ({
            name: channel,
            points,
            quiet: lifecycle === 'end_of_life',
          }))}
        />
      </section>
      <section aria-labelledby="words">
        <h2 id="words">In words</h2>
        <ul class="evidence-words">
          {current.map(({ channel, exposed, bySeverity, overdue }) => (
            <li>
              {channel} is exposed to {counted(exposed, 'issue')}, {number(bySeverity.critical)} of them
              critical; {number(overdue)} for longer than ten days.
            </li>
          ))}
          {past.map(({ channel, exposed, endOfLife }) => (
            <li>
              {channel} is past its end{endOfLife === null ? '' : ` since ${endOfLife}`} and vulnerable to{' '}
              {counted(exposed, 'issue')}. Nobody fixes it any more.
            </li>
          ))}
          <li>
            {tenDays.year.share === null
              ? 'Within the last year nothing became public while we watched that is decided.'
              : `Of what became public within the last year, ${percent(tenDays.year.share)} was fixed within ten days (${number(tenDays.year.within)} of ${number(tenDays.year.decided)}).`}
          </li>
          <li>
            {counted(late, 'issue')} that others announced more than a year ago {late === 1 ? 'is' : 'are'}{' '}
            still open in a release that is kept.
          </li>
          <li>
            {counted(totals.unmaintained, 'package')} of {number(unmaintained.exposed)} through which a
            release that is kept is exposed {totals.unmaintained === 1 ? 'has' : 'have'} no maintainer.
          </li>
          {sharing === null ? null : (
            <li>
              {counted(sharing.year.people, 'person', 'people')} did the work of the last year; if{' '}
              {number(sharing.year.busFactor ?? 0)} of them left, half of it would be left undone.
            </li>
          )}
        </ul>
      </section>
      <section aria-labelledby="doubt">
        <h2 id="doubt">What we do not know</h2>
        <ul class="evidence-words">
          {channels.map(({ channel, unknown, revisions, firstRevision, lastRevision }) => (
            <li>
              {channel}: of {counted(unknown, 'more issue')} nobody can say whether it is hit;{' '}
              {revisions === 1
                ? `one revision, of ${firstRevision}, was looked at.`
                : `${counted(revisions, 'revision')} from ${firstRevision} to ${lastRevision} were looked at.`}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
