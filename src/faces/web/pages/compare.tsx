import type { ChannelHead } from '#domain/roundup';
import { channelAddress, issueAddress, packageAddress } from '../components/addresses.ts';
import { Empty, Facts, Pager } from '../components/figures.tsx';
import { Lifecycle, SeverityMark, type SeverityWord } from '../components/marks.tsx';
import { counted, Day, number } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { compareAddress, withQuery } from '../list-addresses.ts';

export interface ComparedIssueRow {
  issue: string;
  title: string;
  severity: SeverityWord;
  opened: string;
  packages: { attr: string; before: string | null; after: string | null }[];
}

export interface ComparePageProps {
  frame: Frame;
  channel: ChannelHead;
  /** All there are, the newest first. */
  revisions: { commit: string; committedAt: string }[];
  /** Null where the channel has fewer than two revisions. */
  compared: {
    from: { commit: string; committedAt: string };
    to: { commit: string; committedAt: string };
    /** How many there are; of what came, `cameWithPackages` was public already: packages brought it. */
    counts: { came: number; cameWithPackages: number; went: number; stayed: number };
    /** A hundred of each, those of this page. */
    came: ComparedIssueRow[];
    went: ComparedIssueRow[];
    stayed: ComparedIssueRow[];
    packages: { added: number; removed: number; changed: number };
  } | null;
  /** From 1: what is longer than a page goes on on the next one, each kind at its own length. */
  page: number;
  pages: number;
}

/** How many issues of each kind a page has, and its JSON. */
export const COMPARED_SHOWN = 100;

/** What a channel was exposed to at two of its revisions: what went, what came, what stayed. */
export function ComparePage({ frame, channel, revisions, compared, page, pages }: ComparePageProps) {
  const pageAt = (wanted: number) =>
    withQuery(compareAddress(channel.name), {
      from: compared?.from.commit,
      to: compared?.to.commit,
      page: wanted,
    });
  return (
    <Layout
      frame={frame}
      title={`${channel.name}: two revisions`}
      description={`What ${channel.name} was exposed to at two of its revisions.`}
    >
      <header class="page-head">
        <p class="kicker">
          <a href={channelAddress(channel.name)}>{channel.name}</a> ·{' '}
          <Lifecycle lifecycle={channel.lifecycle} />
        </p>
        <h1>Two revisions compared</h1>
        {compared === null ? null : (
          <Facts
            facts={[
              { name: 'Went', value: <strong class="figure">{number(compared.counts.went)}</strong> },
              { name: 'Came', value: <strong class="figure">{number(compared.counts.came)}</strong> },
              { name: 'with packages', value: number(compared.counts.cameWithPackages) },
              { name: 'Stayed', value: number(compared.counts.stayed) },
              { name: 'Packages new', value: number(compared.packages.added) },
              { name: 'gone', value: number(compared.packages.removed) },
              { name: 'changed', value: number(compared.packages.changed) },
            ]}
          />
        )}
      </header>
      {compared === null ? (
        <Empty>To compare two revisions, two have to be imported.</Empty>
      ) : (
        <>
          <Choice channel={channel.name} revisions={revisions} compared={compared} />
          <Part id="went" title="Went" rows={compared.went} total={compared.counts.went} page={page}>
            Nothing that it was exposed to went.
          </Part>
          <Part id="came" title="Came" rows={compared.came} total={compared.counts.came} page={page}>
            Nothing came.
          </Part>
          <Part
            id="stayed"
            title="Still open"
            rows={compared.stayed}
            total={compared.counts.stayed}
            page={page}
          >
            It was exposed to nothing at both.
          </Part>
          <Pager page={page} pages={pages} href={pageAt} label="Pages" previous="← Before" next="More →" />
          <p class="quiet small">
            By what is known today of both; exposure is counted in days, so that of several revisions of one
            day the last one counts. An issue that came without its package having changed became public in
            between.
          </p>
        </>
      )}
    </Layout>
  );
}

function Choice({
  channel,
  revisions,
  compared,
}: {
  channel: string;
  revisions: ComparePageProps['revisions'];
  compared: NonNullable<ComparePageProps['compared']>;
}) {
  const chosen = { from: compared.from.commit, to: compared.to.commit };
  return (
    <form class="filter-form" method="get" action={compareAddress(channel)}>
      {(['from', 'to'] as const).map((end) => (
        <>
          <label for={`compare-${end}`}>{end === 'from' ? 'From' : 'to'}</label>
          <select id={`compare-${end}`} name={end}>
            {revisions.map(({ commit, committedAt }) => (
              <option value={commit} selected={commit === chosen[end]}>
                {committedAt.slice(0, 10)} {commit.slice(0, 12)}
              </option>
            ))}
          </select>
        </>
      ))}
      <button type="submit" class="button">
        Compare
      </button>
    </form>
  );
}

function Part({
  id,
  title,
  rows,
  total,
  page,
  children,
}: {
  id: string;
  title: string;
  rows: readonly ComparedIssueRow[];
  total: number;
  page: number;
  children: string;
}) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title} <span class="quiet">{number(total)}</span>
      </h2>
      {rows.length === 0 ? (
        <Empty>{total === 0 ? children : 'All of them are on the pages before.'}</Empty>
      ) : (
        <div class="wide">
          <table class="cards insight-lines">
            <caption class="hidden">{title}: issues, the gravest first</caption>
            <thead>
              <tr>
                <th scope="col">Issue</th>
                <th scope="col">Severity</th>
                <th scope="col">Packages, before and after</th>
                <th scope="col">Public</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <IssueRow row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {total > page * COMPARED_SHOWN ? (
        <p class="quiet small">
          and {counted(total - page * COMPARED_SHOWN, 'more issue')} on the next pages
        </p>
      ) : null}
    </section>
  );
}

const SHOWN_PACKAGES = 3;

function IssueRow({ row: { issue, title, severity, opened, packages } }: { row: ComparedIssueRow }) {
  return (
    <tr>
      <th scope="row">
        <a class="title" href={issueAddress(issue)}>
          {title}
        </a>{' '}
        <code class="id">{issue}</code>
      </th>
      <td data-label="Severity">
        <SeverityMark severity={severity} />
      </td>
      <td data-label="Packages">
        <ul class="plain">
          {packages.slice(0, SHOWN_PACKAGES).map(({ attr, before, after }) => (
            <li>
              <a class="id" href={packageAddress(attr)}>
                {attr}
              </a>{' '}
              <span>
                {before === after ? (
                  (after ?? 'absent')
                ) : (
                  <>
                    {before ?? 'absent'} → {after ?? 'absent'}
                  </>
                )}
              </span>
            </li>
          ))}
          {packages.length > SHOWN_PACKAGES ? (
            <li class="quiet">and {packages.length - SHOWN_PACKAGES} more</li>
          ) : null}
        </ul>
      </td>
      <td data-label="Public">
        <Day at={opened} />
      </td>
    </tr>
  );
}
