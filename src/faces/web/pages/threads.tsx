import { issueAddress, threadAddress } from '../components/addresses.ts';
import { Empty, Facts } from '../components/figures.tsx';
import { AddedFacts, SignatureMark, ThreadFacts } from '../components/thread-marks.tsx';
import { counted, number, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { THREADS_ADDRESS, withQuery } from '../list-addresses.ts';
import type { ThreadView } from '../thread-views.ts';

export interface ThreadsPageProps {
  frame: Frame;
  filter: { state: string; list: string | null; about: string | null; mine: boolean; patch: boolean };
  /** How many wait, and how many of them somebody had decided on before. */
  waiting: number;
  reopened: number;
  lists: { id: string; name: string }[];
  threads: ThreadView[];
  /** Where the next page begins; null where there is none. */
  next: string | null;
  signedIn: boolean;
}

const STATES: readonly (readonly [string, string])[] = [
  ['waiting', 'waiting'],
  ['reopened', 'back again'],
  ['attached', 'attached'],
  ['dismissed', 'dismissed'],
  ['archived', 'archived'],
  ['all', 'all'],
];

/** Threads of mailing lists, each one item: what waits for a triager. */
export function ThreadsPage(props: ThreadsPageProps) {
  const { frame, filter, waiting, reopened, lists, threads, next, signedIn } = props;
  const address = (change: Readonly<Record<string, string | undefined>>) =>
    withQuery(THREADS_ADDRESS, {
      state: filter.state === 'waiting' ? undefined : filter.state,
      list: filter.list ?? undefined,
      about: filter.about ?? undefined,
      mine: filter.mine ? 'yes' : undefined,
      patch: filter.patch ? 'yes' : undefined,
      ...change,
    });
  return (
    <Layout
      frame={frame}
      title="Threads"
      description="Threads of security mailing lists, each an item that somebody decides on."
      live={['threads', 'thread:*']}
    >
      <header class="page-head">
        <h1>Threads</h1>
        <p class="lead">
          What mailing lists tell, one item a thread: attach it to an issue, make one of it, or dismiss it. It
          comes back only when a vulnerability, a patch or a product is added.
        </p>
        <Facts
          facts={[
            { name: 'Waiting', value: <strong class="figure">{number(waiting)}</strong> },
            { name: 'Back again', value: <strong class="figure">{number(reopened)}</strong> },
          ]}
        />
      </header>
      <nav class="filters" aria-label="Which threads">
        <ul class="plain">
          {STATES.map(([state, label]) => (
            <li>
              <a
                href={address({ state: state === 'waiting' ? undefined : state })}
                aria-current={filter.state === state ? 'true' : undefined}
              >
                {label}
              </a>
            </li>
          ))}
          <li class="filters-apart">
            <a
              href={address({ patch: filter.patch ? undefined : 'yes' })}
              aria-current={filter.patch ? 'true' : undefined}
            >
              with a patch
            </a>
          </li>
          {signedIn ? (
            <li>
              <a
                href={address({ mine: filter.mine ? undefined : 'yes' })}
                aria-current={filter.mine ? 'true' : undefined}
              >
                claimed by me
              </a>
            </li>
          ) : null}
        </ul>
      </nav>
      <form class="filter-form" method="get" action={THREADS_ADDRESS}>
        {filter.state === 'waiting' ? null : <input type="hidden" name="state" value={filter.state} />}
        <label for="threads-list">List</label>{' '}
        <select id="threads-list" name="list">
          <option value="">every list</option>
          {lists.map(({ id, name }) => (
            <option value={id} selected={filter.list === id}>
              {name}
            </option>
          ))}
        </select>{' '}
        <label for="threads-about">About</label>{' '}
        <input
          id="threads-about"
          name="about"
          value={filter.about ?? ''}
          placeholder="CVE-2017-3167, apache2"
          maxlength={200}
          autocomplete="off"
          spellcheck={false}
        />{' '}
        <button type="submit" class="button">
          Show
        </button>
      </form>
      <section aria-label="Threads" data-items>
        {threads.length === 0 ? (
          <Empty>
            {filter.state === 'waiting' ? 'Nothing waits.' : 'There is no such thread.'}{' '}
            {filter.list !== null || filter.about !== null || filter.mine || filter.patch ? (
              <a href={THREADS_ADDRESS}>Show everything that waits</a>
            ) : null}
          </Empty>
        ) : (
          <ol class="threads plain">
            {threads.map((thread) => (
              <ThreadLine thread={thread} now={frame.now} />
            ))}
          </ol>
        )}
      </section>
      {next === null ? null : (
        <nav class="pager" aria-label="Pages">
          <span />
          <a rel="next" href={address({ after: next })}>
            Older
          </a>
        </nav>
      )}
    </Layout>
  );
}

function ThreadLine({ thread, now }: { thread: ThreadView; now: string }) {
  const { id, subject, messages, lists, lastAt, claim, signature, issue, decision, waits } = thread;
  return (
    <li class="thread-line" id={`thread-${id}`} data-item tabindex={-1}>
      <h2>
        <a href={threadAddress(id)} data-open>
          {subject === null || subject === '' ? '(no subject)' : subject}
        </a>
      </h2>
      <p class="quiet">
        {lists.map(({ name }) => name).join(', ')} · {counted(messages, 'message')} ·{' '}
        <When at={lastAt} now={now} none="without a date" /> <SignatureMark state={signature} />
        {claim === null ? null : <span class="claim"> claimed by {claim.by.label}</span>}
      </p>
      <p>
        <ThreadFacts thread={thread} />
      </p>
      {waits || decision === null ? null : (
        <p class="quiet">
          {decision}
          {issue === null ? null : (
            <>
              {' '}
              <a href={issueAddress(issue)}>{issue}</a>
            </>
          )}
        </p>
      )}
      {waits ? <AddedFacts thread={thread} /> : null}
    </li>
  );
}
