import { Empty, NextPage } from '../components/figures.tsx';
import { ProposalCard } from '../components/proposal-card.tsx';
import { PROPOSALS_ADDRESS } from '../editing-addresses.ts';
import { type Frame, Layout } from '../layout.tsx';
import { withQuery } from '../list-addresses.ts';
import type { ProposalView } from '../proposal-views.ts';

export const PROPOSAL_STATES = ['open', 'accepted', 'rejected', 'withdrawn'] as const;
export type ProposalStateWord = (typeof PROPOSAL_STATES)[number];

export interface ProposalFilter {
  state: ProposalStateWord;
  /** `me`, a handle, or everybody's. */
  author: string | null;
  /** The page that they show on: `issue:NSI-2017-0043`. */
  topic: string | null;
}

export interface ProposalsPageProps {
  frame: Frame;
  filter: ProposalFilter;
  proposals: ProposalView[];
  /** Where the next page begins; null where there is none. */
  older: number | null;
  signedIn: boolean;
}

/** What people proposed, the newest first: open ones wait for somebody who may decide. */
export function ProposalsPage({ frame, filter, proposals, older, signedIn }: ProposalsPageProps) {
  const address = (change: Partial<Record<keyof ProposalFilter | 'before', string | undefined>>) =>
    withQuery(PROPOSALS_ADDRESS, {
      state: filter.state === 'open' ? undefined : filter.state,
      author: filter.author ?? undefined,
      topic: filter.topic ?? undefined,
      ...change,
    });
  return (
    <Layout
      frame={frame}
      title="Proposals"
      description="Changes that people proposed, and what became of them."
      live={['proposals:open', 'proposal:*', 'issue:*']}
    >
      <header class="page-head">
        <h1>Proposals</h1>
        <p class="lead">
          Everybody who is signed in may propose a change; whoever may decide accepts, amends or rejects it.
          The credit stays with its author.
        </p>
      </header>
      <nav class="filters" aria-label="Which proposals">
        <ul class="plain">
          {PROPOSAL_STATES.map((state) => (
            <li>
              <a
                href={address({ state: state === 'open' ? undefined : state })}
                aria-current={filter.state === state ? 'true' : undefined}
              >
                {state}
              </a>
            </li>
          ))}
          {signedIn ? (
            <li class="filters-apart">
              <a
                href={address({ author: filter.author === 'me' ? undefined : 'me' })}
                aria-current={filter.author === 'me' ? 'true' : undefined}
              >
                mine only
              </a>
            </li>
          ) : null}
          {filter.author !== null && filter.author !== 'me' ? (
            <li>
              <a href={address({ author: undefined })} aria-current="true">
                by {filter.author} (everybody’s)
              </a>
            </li>
          ) : null}
          {filter.topic === null ? null : (
            <li>
              <a href={address({ topic: undefined })} aria-current="true">
                on {filter.topic.replace(/^[a-z]+:/, '')} (everywhere)
              </a>
            </li>
          )}
        </ul>
      </nav>
      <section aria-label="Proposals" data-items>
        {proposals.length === 0 ? (
          <Empty>
            {filter.state === 'open' ? 'Nothing waits for a decision.' : 'There is no such proposal. '}
            {filter.author !== null || filter.topic !== null ? (
              <>
                {' '}
                <a href={address({ author: undefined, topic: undefined })}>Show everybody’s, everywhere</a>
              </>
            ) : null}
          </Empty>
        ) : (
          proposals.map((proposal) => (
            <ProposalCard proposal={proposal} now={frame.now} back={frame.path} level={2} />
          ))
        )}
      </section>
      <NextPage href={older === null ? null : address({ before: String(older) })} words="Older" />
    </Layout>
  );
}
