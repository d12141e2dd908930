import { ownAddress, SOURCES_ADDRESS, sourceAddress } from '../components/addresses.ts';
import { Empty, Facts, Pager } from '../components/figures.tsx';
import { OutsideLink } from '../components/links.tsx';
import { AlarmList, BatchList, rhythm, StateMark, WatchForm } from '../components/source-parts.tsx';
import { counted, Day, number, When } from '../components/times.tsx';
import { type Frame, Layout, type SourceFreshness } from '../layout.tsx';
import { sourceTitle } from '../source-titles.ts';
import type { AlarmRow, BatchRow } from './source.tsx';

export interface SourceRow {
  id: string;
  title: string;
  homepage: string;
  licence: { name: string; url: string };
  state: SourceFreshness['state'];
  /** No real document of it was ever read. */
  unproven: boolean;
  lastSuccess: string | null;
  lastAttempt: string | null;
  /** What went wrong at the last attempt. */
  lastError: string | null;
  /** When it is fetched next; null where nobody has fetched it yet. */
  nextRun: string | null;
  newestReport: string | null;
  reports: number;
  quarantined: number;
  expectEveryHours: number;
  /** New or changed reports: least and most. */
  usualPerWeek: readonly [least: number, most: number];
  /** How many are open. */
  alarms: number;
}

/** A document that could not be read. */
export interface QuarantineRow {
  id: number;
  source: string;
  path: string;
  /** Empty for a file as a whole. */
  document: string;
  reason: string;
  place: string;
  message: string;
  firstSeen: string;
  lastSeen: string;
  /** Where its bytes are, null where they cannot be had. */
  raw: string | null;
}

export interface SourcesPageProps {
  frame: Frame;
  sources: SourceRow[];
  /** What is wrong now. */
  alarms: AlarmRow[];
  /** Files that wait for a person. */
  batches: BatchRow[];
  /** What whoever reads may do with them. */
  permission: 'apply' | 'propose' | 'refuse';
  /** Whether they may have documents read again. */
  mayRun: boolean;
  /** Whether they watch all sources; null for visitors. */
  watching: boolean | null;
  /** How many documents were just read again, and how many of them could be. */
  replayed: { freed: number; tried: number } | null;
  quarantine: {
    rows: QuarantineRow[];
    /** How much there is of each source and reason. */
    counts: { source: string; reason: string; count: number }[];
    filter: { of: string | null; reason: string | null };
    /** From 1. */
    page: number;
    pages: number;
    total: number;
  };
}

/** Who publishes, how each source does, and what could not be read. */
export function SourcesPage(props: SourcesPageProps) {
  const { frame, sources, alarms, batches, permission, watching, quarantine } = props;
  const late = sources.filter(({ state }) => state !== 'fresh').length;
  const reports = sources.reduce((sum, source) => sum + source.reports, 0);
  return (
    <Layout
      frame={frame}
      title="Sources"
      description="Who publishes, how each source does, and what could not be read."
      alternates={[{ type: 'application/json', href: `${SOURCES_ADDRESS}.json` }]}
      live={['sources']}
    >
      <header class="page-head">
        <p class="kicker">Where our knowledge comes from</p>
        <h1>Sources</h1>
        <Facts
          facts={[
            { name: 'Sources', value: <strong class="figure">{sources.length}</strong> },
            {
              name: 'Silent, failing or never read',
              value: <strong class={late > 0 ? 'figure warn' : 'figure'}>{late}</strong>,
            },
            {
              name: 'Alarms',
              value: <strong class={alarms.length > 0 ? 'figure warn' : 'figure'}>{alarms.length}</strong>,
            },
            { name: 'Reports', value: <strong class="figure">{number(reports)}</strong> },
            { name: 'In quarantine', value: <strong class="figure">{number(quarantine.total)}</strong> },
          ]}
        />
        <WatchForm of="all" watching={watching} back={frame.path} />
      </header>
      {alarms.length === 0 ? null : (
        <section aria-labelledby="alarms">
          <h2 id="alarms">Alarms</h2>
          <AlarmList alarms={alarms} now={frame.now} none="" />
        </section>
      )}
      {batches.length === 0 ? null : (
        <section aria-labelledby="held">
          <h2 id="held">Held back</h2>
          <p class="prose">
            What a source sent is so unlike what it sent before that a person has to say whether it is right.
          </p>
          <BatchList batches={batches} permission={permission} frame={frame} />
        </section>
      )}
      <section aria-labelledby="sources">
        <h2 id="sources">Each source</h2>
        {sources.length === 0 ? (
          <Empty>No source is set up.</Empty>
        ) : (
          <SourceTable sources={sources} now={frame.now} />
        )}
      </section>
      <section aria-labelledby="quarantine">
        <h2 id="quarantine">Quarantine</h2>
        <Quarantine {...props} />
      </section>
    </Layout>
  );
}

function Quarantine({ frame, quarantine, mayRun, replayed }: SourcesPageProps) {
  const { rows, counts, filter, page, pages, total } = quarantine;
  const filtered = filter.of !== null || filter.reason !== null;
  const done =
    replayed === null ? null : (
      <p class="note" role="status">
        Read again: {counted(replayed.freed, 'document')} of {number(replayed.tried)} could be read.
      </p>
    );
  if (counts.length === 0)
    return (
      <>
        {done}
        <Empty>Every document could be read.</Empty>
      </>
    );
  return (
    <>
      {done}
      <p class="prose">
        {counted(total, 'document')} could not be read as what they claim to be. Their bytes are kept, their
        sources went on, and a better parser will try them again.
      </p>
      <nav class="filters" aria-label="Which documents">
        <ul class="plain">
          <li>
            <a href={`${SOURCES_ADDRESS}#quarantine`} aria-current={filtered ? undefined : 'true'}>
              all
            </a>
          </li>
          {counts.slice(0, SHOWN_COUNTS).map(({ source, reason, count }) => (
            <li>
              <a
                href={quarantineAddress({ of: source, reason })}
                aria-current={filter.of === source && filter.reason === reason ? 'true' : undefined}
              >
                {sourceTitle(source)}, {reason}: {number(count)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {mayRun ? (
        <form class="deed" method="post" action={`${SOURCES_ADDRESS}/quarantine/replay`}>
          {filter.of === null ? null : <input type="hidden" name="source" value={filter.of} />}
          {filter.reason === null ? null : <input type="hidden" name="reason" value={filter.reason} />}
          <button type="submit" class="button">
            Read {filtered ? 'these' : 'all of them'} again
          </button>
        </form>
      ) : null}
      <QuarantineTable rows={rows} now={frame.now} mayRun={mayRun} />
      <Pager
        page={page}
        pages={pages}
        label="Pages of the quarantine"
        previous="← Newer"
        next="Older →"
        href={(other) => quarantineAddress(filter, other)}
      />
    </>
  );
}

/** So many sources and reasons can be chosen among. */
const SHOWN_COUNTS = 12;

function quarantineAddress({ of, reason }: { of: string | null; reason: string | null }, page = 1): string {
  const query = new URLSearchParams();
  if (of !== null) query.set('of', of);
  if (reason !== null) query.set('reason', reason);
  if (page > 1) query.set('page', String(page));
  const text = query.toString();
  return `${SOURCES_ADDRESS}${text === '' ? '' : `?${text}`}#quarantine`;
}

function SourceTable({ sources, now }: { sources: readonly SourceRow[]; now: string }) {
  return (
    <div class="wide">
      <table class="cards">
        <caption class="hidden">Sources with their state</caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">State</th>
            <th scope="col">Last read</th>
            <th scope="col">Next run</th>
            <th scope="col">Newest report</th>
            <th scope="col" class="cell-number">
              Reports
            </th>
            <th scope="col" class="cell-number">
              Quarantine
            </th>
            <th scope="col">Usual rhythm</th>
            <th scope="col">Licence</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <tr>
              <th scope="row" data-label="Source">
                <a href={sourceAddress(source.id)}>{source.title}</a>
              </th>
              <td data-label="State">
                <StateMark source={source} />
                {source.alarms === 0 ? null : (
                  <span class="version">
                    <a href={sourceAddress(source.id)}>{counted(source.alarms, 'alarm')}</a>
                  </span>
                )}
                {source.lastError === null ? null : <span class="version">{source.lastError}</span>}
              </td>
              <td data-label="Last read">
                <When at={source.lastSuccess} now={now} />
              </td>
              <td data-label="Next run">
                <When at={source.nextRun} now={now} none="once synced" />
              </td>
              <td data-label="Newest report">
                <Day at={source.newestReport} none="none" />
              </td>
              <td class="cell-number" data-label="Reports">
                {number(source.reports)}
              </td>
              <td class="cell-number" data-label="Quarantine">
                {source.quarantined === 0 ? (
                  <span class="quiet">0</span>
                ) : (
                  <a
                    href={quarantineAddress({ of: source.id, reason: null })}
                    aria-label={`${counted(source.quarantined, 'document')} of ${source.title} in quarantine`}
                  >
                    {number(source.quarantined)}
                  </a>
                )}
              </td>
              <td data-label="Usual rhythm">every {rhythm(source.expectEveryHours)}</td>
              <td data-label="Licence">
                <OutsideLink href={source.licence.url}>{source.licence.name}</OutsideLink>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface QuarantineTableProps {
  rows: readonly QuarantineRow[];
  now: string;
  mayRun: boolean;
}

function QuarantineTable({ rows, now, mayRun }: QuarantineTableProps) {
  return (
    <div class="wide">
      <table class="cards quarantine">
        <caption class="hidden">Documents that could not be read, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Document</th>
            <th scope="col">What is wrong</th>
            <th scope="col">Where</th>
            <th scope="col">First seen</th>
            <th scope="col">Bytes</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row" data-label="Document">
                <span class="mono small">{row.document === '' ? row.path : row.document}</span>
                <span class="version quiet">
                  {row.source}
                  {row.document === '' ? '' : ` · ${row.path}`}
                </span>
              </th>
              <td data-label="What is wrong">
                <span class="kind">{row.reason}</span> {row.message}
              </td>
              <td data-label="Where" class="mono small">
                {row.place === '' ? <span class="quiet">–</span> : row.place}
              </td>
              <td data-label="First seen">
                <When at={row.firstSeen} now={now} />
              </td>
              <td data-label="Bytes">
                {row.raw === null ? (
                  <span class="quiet">–</span>
                ) : (
                  <a href={ownAddress(row.raw)}>
                    raw<span class="hidden"> bytes of {row.document || row.path}</span>
                  </a>
                )}
                {mayRun ? (
                  <form method="post" action={`${SOURCES_ADDRESS}/quarantine/replay`}>
                    <input type="hidden" name="id" value={row.id} />
                    <button type="submit" class="button button-small">
                      Read again<span class="hidden"> {row.document || row.path}</span>
                    </button>
                  </form>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
