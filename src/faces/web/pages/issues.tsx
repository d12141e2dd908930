import type { ChannelHead } from '#domain/roundup';
import { EditingAsks } from '../components/editing-asks.tsx';
import { Empty, Facts, Pager } from '../components/figures.tsx';
import { Legend, type SeverityWord } from '../components/marks.tsx';
import { type SuggestionRow, SuggestionTable } from '../components/suggestions.tsx';
import { number } from '../components/times.tsx';
import { type DecisionIndex, type Editing, READING } from '../decisions.ts';
import { type Frame, Layout } from '../layout.tsx';
import { ISSUES_ADDRESS, NEW_ISSUE_ADDRESS, withQuery } from '../list-addresses.ts';

export interface IssuesPageProps {
  frame: Frame;
  /** What the list was asked for; null where it was not. */
  filter: {
    words: string | null;
    product: string | null;
    severity: SeverityWord;
    exploited: 'known' | 'likely' | null;
  };
  channels: ChannelHead[];
  rows: SuggestionRow[];
  /** From 1. */
  page: number;
  pages: number;
  total: number;
  /** What people decided of them. */
  decisions?: DecisionIndex;
  editing?: Editing;
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'none'] as const;

const EXPLOITED = [
  ['known', 'known'],
  ['likely', 'known or likely'],
] as const;

/** Every issue, the one with the latest report first. */
export function IssuesPage({
  frame,
  filter,
  channels,
  rows,
  page,
  pages,
  total,
  decisions,
  editing = READING,
}: IssuesPageProps) {
  const address = (changes: Partial<Record<'severity' | 'exploited' | 'page', string | number>>) =>
    withQuery(ISSUES_ADDRESS, {
      q: filter.words ?? undefined,
      product: filter.product ?? undefined,
      severity: filter.severity ?? undefined,
      exploited: filter.exploited ?? undefined,
      ...changes,
    });
  const filtered = Object.values(filter).some((each) => each !== null);
  return (
    <Layout
      frame={frame}
      title={filter.product === null ? 'Issues' : `Issues of ${filter.product}`}
      description="Every issue, the one with the latest report first."
      live={['issue:*']}
    >
      <header class="page-head">
        <p class="kicker">The problems behind what others announced, the one with the latest report first</p>
        <h1>
          {filter.product === null ? 'Issues' : `Issues of ${filter.product}`}
          {filter.words === null ? '' : ` with “${filter.words}”`}
        </h1>
        <Facts
          facts={[
            {
              name: filtered ? 'Issues like that' : 'Issues',
              value: <strong class="figure">{number(total)}</strong>,
            },
            {
              name: 'Severity',
              value: (
                <>
                  {filter.severity === null ? (
                    <strong>any</strong>
                  ) : (
                    <a href={address({ severity: '' })}>any</a>
                  )}
                  {SEVERITIES.map((severity) => (
                    <>
                      {', '}
                      {filter.severity === severity ? (
                        <strong>{severity}</strong>
                      ) : (
                        <a href={address({ severity })}>{severity}</a>
                      )}
                    </>
                  ))}
                </>
              ),
            },
            {
              name: 'Exploited',
              value: (
                <>
                  {filter.exploited === null ? (
                    <strong>whether or not</strong>
                  ) : (
                    <a href={address({ exploited: '' })}>whether or not</a>
                  )}
                  {EXPLOITED.map(([word, label]) => (
                    <>
                      {', '}
                      {filter.exploited === word ? (
                        <strong>{label}</strong>
                      ) : (
                        <a href={address({ exploited: word })}>{label}</a>
                      )}
                    </>
                  ))}
                </>
              ),
            },
            ...(filtered ? [{ name: 'Filter', value: <a href={ISSUES_ADDRESS}>clear</a> }] : []),
            { name: 'Not among them', value: <a href={NEW_ISSUE_ADDRESS}>open one</a> },
          ]}
        />
      </header>
      <section aria-label="Issues">
        {rows.length === 0 ? (
          <Empty>
            {filtered ? (
              <>
                No issue is like that. <a href={ISSUES_ADDRESS}>Show all of them</a>
              </>
            ) : (
              <>
                There is no issue yet. <code>./muster sync</code> reads what others announced, and{' '}
                <code>./muster match</code> makes issues of it.
              </>
            )}
          </Empty>
        ) : (
          <>
            <SuggestionTable
              rows={rows}
              channels={channels}
              caption="Issues, by channel"
              {...(decisions === undefined ? {} : { decisions })}
              editing={editing}
              back={address({ page })}
            />
            <Legend />
            <Pager
              page={page}
              pages={pages}
              label="Pages of issues"
              previous="← Later"
              next="Earlier →"
              href={(wanted) => address({ page: wanted })}
            />
          </>
        )}
      </section>
      {editing.permission === 'refuse' ? null : <EditingAsks today={frame.now.slice(0, 10)} />}
    </Layout>
  );
}
