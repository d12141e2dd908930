import { type ChannelHead, gateTitle } from '#domain/roundup';
import { channelAddress, gateAddress } from '../components/addresses.ts';
import { EditingAsks } from '../components/editing-asks.tsx';
import {
  COUNTED_SEVERITIES,
  Count,
  CountBar,
  Empty,
  Facts,
  Pager,
  type SeverityCounts,
  totalOf,
} from '../components/figures.tsx';
import { OutsideLink } from '../components/links.tsx';
import { Lifecycle, SeverityMark, type Verdict, VerdictMark } from '../components/marks.tsx';
import { type SuggestionRow, SuggestionTable } from '../components/suggestions.tsx';
import { counted, Day, number, When } from '../components/times.tsx';
import { type DecisionIndex, type Editing, NO_DECISIONS, READING } from '../decisions.ts';
import { type Frame, Layout } from '../layout.tsx';
import { compareAddress, gateDeedAddress } from '../list-addresses.ts';

export interface ChannelRevision {
  /** Full commit id. */
  commit: string;
  /** Where a person reads the commit. */
  url: string | null;
  committedAt: string;
  importedAt: string;
  packages: number;
}

export interface ChannelPageProps {
  frame: Frame;
  channel: ChannelHead;
  released: string | null;
  endOfLife: string | null;
  packages: number;
  /** Issues by severity, for each state that they seem to have here. */
  counts: { affected: SeverityCounts; unknown: SeverityCounts };
  /** Newest first. */
  revisions: ChannelRevision[];
  /** What the release gate is for that is open; null where none is. */
  gate: { release: string } | null;
  /** Whether the reader may open and close it. Never in the JSON. */
  mayPlan?: boolean;
  /** What people decided of its issues, and what the reader may do. Never in the JSON. */
  decisions?: DecisionIndex;
  editing?: Editing;
  /** Issues that look open here, the gravest first. */
  suggestions: {
    rows: SuggestionRow[];
    /** From 1. */
    page: number;
    pages: number;
    total: number;
  };
}

/** A line of releases: what looks open in it, and how fresh our picture of it is. */
export function ChannelPage(props: ChannelPageProps) {
  const {
    frame,
    channel,
    counts,
    revisions,
    suggestions,
    decisions = NO_DECISIONS,
    editing = READING,
  } = props;
  const newest = revisions[0];
  return (
    <Layout
      frame={frame}
      title={channel.name}
      description={`What looks open in ${channel.name}, by severity.`}
      live={[`channel:${channel.name}`, 'issue:*']}
    >
      <header class="page-head">
        <p class="kicker">
          Channel · <Lifecycle lifecycle={channel.lifecycle} />
        </p>
        <h1>{channel.name}</h1>
        {channel.lifecycle === 'end_of_life' ? (
          <p class="lead">
            Nobody fixes anything here any more
            {props.endOfLife === null ? null : (
              <>
                {' '}
                since <Day at={props.endOfLife} />
              </>
            )}
            . What becomes known is counted all the same.
          </p>
        ) : null}
        <Facts
          facts={[
            {
              name: 'Looks hit by',
              value: <strong class="figure">{number(totalOf(counts.affected))}</strong>,
            },
            {
              name: 'Nobody can say',
              value: <strong class="figure">{number(totalOf(counts.unknown))}</strong>,
            },
            { name: 'Packages', value: number(props.packages) },
            {
              name: 'Newest revision',
              value:
                newest === undefined ? (
                  <span class="quiet">none</span>
                ) : (
                  <When at={newest.committedAt} now={frame.now} />
                ),
            },
            ...(props.released === null ? [] : [{ name: 'Released', value: <Day at={props.released} /> }]),
            ...(props.endOfLife === null
              ? []
              : [{ name: 'End of life', value: <Day at={props.endOfLife} /> }]),
          ]}
        />
      </header>
      <section aria-labelledby="counts">
        <h2 id="counts">By severity</h2>
        <CountTable counts={counts} channel={channel.name} />
      </section>
      <section aria-labelledby="suggestions">
        <h2 id="suggestions">What looks open</h2>
        {suggestions.rows.length === 0 ? (
          <Empty>
            {newest === undefined
              ? 'No revision of this channel has been imported yet, so nothing can be said of it.'
              : 'Nothing that others announced looks open here. What nobody has looked at is not counted as fine.'}
          </Empty>
        ) : (
          <>
            <SuggestionTable
              rows={suggestions.rows}
              channels={[channel]}
              caption={`Issues that look open in ${channel.name}, the gravest first`}
              decisions={decisions}
              editing={editing}
              back={`${channelAddress(channel.name)}?page=${suggestions.page}`}
            />
            <p class="quiet small">{counted(suggestions.total, 'issue')} in all</p>
            <Pager
              page={suggestions.page}
              pages={suggestions.pages}
              label="Pages of issues"
              previous="← Graver ones"
              next="Less grave ones →"
              href={(page) => `${channelAddress(channel.name)}?page=${page}#suggestions`}
            />
          </>
        )}
      </section>
      {newest === undefined ? null : <Gate {...props} />}
      <section aria-labelledby="revisions">
        <h2 id="revisions">Revisions</h2>
        {revisions.length === 0 ? <Empty>None imported yet.</Empty> : <RevisionTable {...props} />}
        {revisions.length < 2 ? null : (
          <p>
            <a href={compareAddress(channel.name)}>Compare two revisions</a>: which issues came, went, and are
            still open.
          </p>
        )}
      </section>
      {editing.permission === 'refuse' ? null : <EditingAsks today={frame.now.slice(0, 10)} />}
    </Layout>
  );
}

/** The backlog before a release, as a list of its own: leads there, or asks for it. */
function Gate({ channel, gate, mayPlan }: ChannelPageProps) {
  if (gate === null && mayPlan !== true) return null;
  return (
    <section aria-labelledby="gate">
      <h2 id="gate">Release gate</h2>
      {gate === null ? (
        <>
          <p>Everything that looks open here, as a list of its own to be gone through before a release.</p>
          <form class="filter-form" method="post" action={gateDeedAddress(channel.name)}>
            <label for="gate-release">Release that branches off</label>
            <input
              id="gate-release"
              name="release"
              type="text"
              maxlength={40}
              pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
              placeholder="26.11"
              autocomplete="off"
            />
            <button type="submit" class="button">
              Open the gate
            </button>
          </form>
        </>
      ) : (
        <p>
          <a href={gateAddress(channel.name, gate.release)}>
            {gateTitle({ channel: channel.name, release: gate.release })}
          </a>{' '}
          is open: what has to be gone through before a release.
        </p>
      )}
      {gate !== null && mayPlan === true ? (
        <form class="filter-form" method="post" action={`${gateDeedAddress(channel.name)}/close`}>
          <button type="submit" class="button">
            Close the gate
          </button>
        </form>
      ) : null}
    </section>
  );
}

function CountTable({ counts, channel }: { counts: ChannelPageProps['counts']; channel: string }) {
  const rows: { verdict: Verdict; counts: SeverityCounts }[] = [
    { verdict: 'affected', counts: counts.affected },
    { verdict: 'unknown', counts: counts.unknown },
  ];
  const greatest = Math.max(...rows.map((row) => totalOf(row.counts)));
  return (
    <div class="wide">
      <table class="counts cards">
        <caption class="hidden">Issues of {channel} by state and severity</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col" class="cell-number">
              All
            </th>
            {COUNTED_SEVERITIES.map((severity) => (
              <th scope="col" class="cell-number">
                <SeverityMark severity={severity === 'unrated' ? null : severity} />
              </th>
            ))}
            <td class="cell-bar" />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row">
                <VerdictMark verdict={row.verdict} />
              </th>
              <td class="cell-number" data-label="All">
                <strong>{number(totalOf(row.counts))}</strong>
              </td>
              {COUNTED_SEVERITIES.map((severity) => (
                <td class="cell-number" data-label={severity}>
                  <Count count={row.counts[severity]} />
                </td>
              ))}
              <td class="cell-bar">
                <CountBar counts={row.counts} greatest={greatest} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RevisionTable({ frame, channel, revisions }: ChannelPageProps) {
  return (
    <div class="wide">
      <table class="cards">
        <caption class="hidden">Revisions of {channel.name} that were imported, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Commit</th>
            <th scope="col">Committed</th>
            <th scope="col">Imported</th>
            <th scope="col" class="cell-number">
              Packages
            </th>
          </tr>
        </thead>
        <tbody>
          {revisions.map(({ commit, url, committedAt, importedAt, packages }) => (
            <tr>
              <th scope="row" data-label="Commit">
                <OutsideLink class="id" href={url} title={commit}>
                  {commit.slice(0, 12)}
                </OutsideLink>
              </th>
              <td data-label="Committed">
                <Day at={committedAt} />
              </td>
              <td data-label="Imported">
                <When at={importedAt} now={frame.now} />
              </td>
              <td class="cell-number" data-label="Packages">
                {number(packages)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
