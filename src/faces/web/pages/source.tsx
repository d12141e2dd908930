import type { AlarmFacts, AlarmKind } from '#domain/sources';
import { SOURCES_ADDRESS, sourceAddress } from '../components/addresses.ts';
import { Empty, Facts } from '../components/figures.tsx';
import { OutsideLink } from '../components/links.tsx';
import { AlarmList, BatchList, rhythm, StateMark, WatchForm } from '../components/source-parts.tsx';
import { counted, Day, number, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import type { SourceRow } from './sources.tsx';

/** Something that is, or was, wrong with a source. */
export interface AlarmRow {
  id: number;
  source: string;
  kind: AlarmKind;
  /** The file or form that it is about; empty for the source as a whole. */
  subject: string;
  facts: AlarmFacts;
  /** "3 where 30 are usual" */
  words: string;
  openedAt: string;
  seenAt: string;
  closedAt: string | null;
}

/** A file that was not applied, since it is unlike the one before. */
export interface BatchRow {
  id: number;
  source: string;
  path: string;
  kind: 'few' | 'gone' | 'many';
  facts: { gone: number; of: number; now: number; changed: number; examples: string[] };
  /** What an edit has to have seen. */
  version: number;
  heldAt: string;
  decision: 'released' | 'refused' | null;
  by: string | null;
  decidedAt: string | null;
  appliedAt: string | null;
  /** A later file of the same path came. */
  overtaken: boolean;
}

export interface RunRow {
  id: number;
  startedAt: string;
  endedAt: string;
  outcome: 'done' | 'held' | 'failed';
  stored: number;
  unchanged: number;
  quarantined: number;
  gone: number;
  requests: number;
  bytes: number;
  error: string | null;
}

export interface SourcePageProps {
  frame: Frame;
  source: SourceRow;
  /** Those that are open first. */
  alarms: AlarmRow[];
  batches: BatchRow[];
  /** The latest first. */
  runs: RunRow[];
  /** How much could not be read, by reason. */
  quarantine: { reason: string; count: number }[];
  /** What whoever reads may do with held batches. */
  permission: 'apply' | 'propose' | 'refuse';
  mayRun: boolean;
  /** Null for visitors. */
  watching: boolean | null;
}

/** One source: how it does, what it did, what was wrong with it. */
export function SourcePage({ frame, source, ...props }: SourcePageProps) {
  const { alarms, batches, runs, quarantine, permission, mayRun, watching } = props;
  const [least, most] = source.usualPerWeek;
  const waiting = batches.filter((batch) => batch.appliedAt === null && !batch.overtaken);
  const past = batches.filter((batch) => !waiting.includes(batch));
  return (
    <Layout
      frame={frame}
      title={source.title}
      description={`How ${source.title} does as a source.`}
      alternates={[{ type: 'application/json', href: `${sourceAddress(source.id)}.json` }]}
      live={[`source:${source.id}`, 'sources']}
    >
      <header class="page-head">
        <p class="kicker">
          <a href={SOURCES_ADDRESS}>Sources</a>
        </p>
        <h1>{source.title}</h1>
        <Facts
          facts={[
            { name: 'State', value: <StateMark source={source} /> },
            { name: 'Last read', value: <When at={source.lastSuccess} now={frame.now} none="never" /> },
            {
              name: 'Next run',
              value: <When at={source.nextRun} now={frame.now} none="once somebody syncs it" />,
            },
            { name: 'Newest report', value: <Day at={source.newestReport} none="none" /> },
            { name: 'Reports', value: number(source.reports) },
            { name: 'Usual rhythm', value: `every ${rhythm(source.expectEveryHours)}` },
            { name: 'Usual in a week', value: `${number(least)} to ${number(most)}` },
            {
              name: 'Licence',
              value: <OutsideLink href={source.licence.url}>{source.licence.name}</OutsideLink>,
            },
            { name: 'Homepage', value: <OutsideLink href={source.homepage}>{source.homepage}</OutsideLink> },
          ]}
        />
        {source.lastError === null ? null : (
          <p class="note">The last run did not end well: {source.lastError}</p>
        )}
        <div class="buttons">
          {mayRun && source.nextRun !== null ? (
            <form method="post" action={`${sourceAddress(source.id)}/fetch`}>
              <input type="hidden" name="back" value={frame.path} />
              <button type="submit" class="button">
                Fetch it soon
              </button>
            </form>
          ) : null}
          <WatchForm of={source.id} watching={watching} back={frame.path} />
        </div>
      </header>
      <section aria-labelledby="alarms">
        <h2 id="alarms">Alarms</h2>
        <AlarmList alarms={alarms} now={frame.now} none="Nothing was ever wrong with it." />
      </section>
      {waiting.length === 0 ? null : (
        <section aria-labelledby="held">
          <h2 id="held">Held back</h2>
          <BatchList batches={waiting} permission={permission} frame={frame} />
        </section>
      )}
      <section aria-labelledby="runs">
        <h2 id="runs">Runs</h2>
        {runs.length === 0 ? <Empty>It was never read.</Empty> : <RunTable runs={runs} now={frame.now} />}
      </section>
      {quarantine.length === 0 ? null : (
        <section aria-labelledby="unread">
          <h2 id="unread">What could not be read</h2>
          <ul class="plain">
            {quarantine.map(({ reason, count }) => (
              <li>
                <a href={`${SOURCES_ADDRESS}?of=${source.id}&reason=${reason}#quarantine`}>
                  {counted(count, 'document')}
                </a>
                : {reason}
              </li>
            ))}
          </ul>
        </section>
      )}
      {past.length === 0 ? null : (
        <section aria-labelledby="decided">
          <h2 id="decided">What was held back before</h2>
          <BatchList batches={past} permission="refuse" frame={frame} />
        </section>
      )}
    </Layout>
  );
}

function RunTable({ runs, now }: { runs: readonly RunRow[]; now: string }) {
  return (
    <div class="wide">
      <table class="cards">
        <caption class="hidden">The last runs, the latest first</caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Outcome</th>
            <th scope="col" class="cell-number">
              New or changed
            </th>
            <th scope="col" class="cell-number">
              Unchanged
            </th>
            <th scope="col" class="cell-number">
              Gone
            </th>
            <th scope="col" class="cell-number">
              Unreadable
            </th>
            <th scope="col" class="cell-number">
              Requests
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr>
              <th scope="row" data-label="Run">
                <When at={run.startedAt} now={now} />
              </th>
              <td data-label="Outcome">
                <span class={`source-state source-${run.outcome === 'done' ? 'fresh' : 'late'}`}>
                  {run.outcome}
                </span>
                {run.error === null ? null : <span class="version">{run.error}</span>}
              </td>
              <td class="cell-number" data-label="New or changed">
                {number(run.stored)}
              </td>
              <td class="cell-number" data-label="Unchanged">
                {number(run.unchanged)}
              </td>
              <td class="cell-number" data-label="Gone">
                {number(run.gone)}
              </td>
              <td class="cell-number" data-label="Unreadable">
                {number(run.quarantined)}
              </td>
              <td class="cell-number" data-label="Requests">
                {number(run.requests)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
