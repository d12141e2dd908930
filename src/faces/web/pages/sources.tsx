import { ownAddress, SOURCES_ADDRESS } from '../components/addresses.ts';
import { Empty, Facts, Pager } from '../components/figures.tsx';
import { OutsideLink } from '../components/links.tsx';
import { counted, Day, number, When } from '../components/times.tsx';
import { type Frame, Layout, type SourceFreshness } from '../layout.tsx';

export interface SourceRow {
  id: string;
  title: string;
  homepage: string;
  licence: { name: string; url: string };
  state: SourceFreshness['state'];
  lastSuccess: string | null;
  lastAttempt: string | null;
  /** What went wrong at the last attempt. */
  lastError: string | null;
  newestReport: string | null;
  reports: number;
  quarantined: number;
  expectEveryHours: number;
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
  quarantine: {
    rows: QuarantineRow[];
    /** From 1. */
    page: number;
    pages: number;
    total: number;
  };
}

/** Who publishes, how each source does, and what could not be read. */
export function SourcesPage({ frame, sources, quarantine }: SourcesPageProps) {
  const late = sources.filter(({ state }) => state !== 'fresh').length;
  const reports = sources.reduce((sum, source) => sum + source.reports, 0);
  return (
    <Layout
      frame={frame}
      title="Sources"
      description="Who publishes, how each source does, and what could not be read."
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
            { name: 'Reports', value: <strong class="figure">{number(reports)}</strong> },
            { name: 'In quarantine', value: <strong class="figure">{number(quarantine.total)}</strong> },
          ]}
        />
      </header>
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
        {quarantine.rows.length === 0 ? (
          <Empty>Every document could be read.</Empty>
        ) : (
          <>
            <p class="prose">
              {counted(quarantine.total, 'document')} could not be read as what they claim to be. Their bytes
              are kept, their sources went on, and a better parser will try them again.
            </p>
            <QuarantineTable rows={quarantine.rows} now={frame.now} />
            <Pager
              page={quarantine.page}
              pages={quarantine.pages}
              label="Pages of the quarantine"
              previous="← Newer"
              next="Older →"
              href={(page) => `${SOURCES_ADDRESS}?page=${page}#quarantine`}
            />
          </>
        )}
      </section>
    </Layout>
  );
}

const STATE_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ fresh: 'fresh', silent: 'silent', failing: 'failing', never: 'never read' }),
);

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
                <OutsideLink href={source.homepage}>{source.title}</OutsideLink>
              </th>
              <td data-label="State">
                <span class={`source-state source-${source.state === 'fresh' ? 'fresh' : 'late'}`}>
                  {STATE_WORDS.get(source.state) ?? 'unknown'}
                </span>
                {source.lastError === null ? null : <span class="version">{source.lastError}</span>}
              </td>
              <td data-label="Last read">
                <When at={source.lastSuccess} now={now} />
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
                    href="#quarantine"
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

function rhythm(hours: number): string {
  if (hours === 1) return 'hour';
  if (hours < 48) return counted(hours, 'hour');
  return counted(Math.round(hours / 24), 'day');
}

function QuarantineTable({ rows, now }: { rows: readonly QuarantineRow[]; now: string }) {
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
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
