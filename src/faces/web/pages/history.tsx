import { Facts, NextPage } from '../components/figures.tsx';
import { HistoryFilter, HistoryList } from '../components/history-list.tsx';
import { When } from '../components/times.tsx';
import { eventAddress, HISTORY_ADDRESS, proposalAddress } from '../editing-addresses.ts';
import type { HistoryEntry } from '../history-entries.ts';
import { type Frame, Layout } from '../layout.tsx';
import { withQuery } from '../list-addresses.ts';

export interface HistoryPageProps {
  frame: Frame;
  /** `issue:NSI-2017-0043`; null for everything. */
  of: string | null;
  who: 'people' | 'machine' | null;
  entries: HistoryEntry[];
  older: number | null;
}

/** The history of one thing or of everything, the newest first. */
export function HistoryPage({ frame, of, who, entries, older }: HistoryPageProps) {
  const address = (more: Record<string, string | undefined>) =>
    withQuery(HISTORY_ADDRESS, { of: of ?? undefined, who: who ?? undefined, ...more });
  return (
    <Layout
      frame={frame}
      title="History"
      description="Everything that people and Muster itself did, in one chain that can be proved."
    >
      <header class="page-head">
        <h1>History{of === null ? '' : ` of ${of.replace(/^[a-z]+:/, '')}`}</h1>
        <p class="lead">
          What people and Muster itself did, in one chain: nothing is taken out of it, and each entry covers
          the one before.
        </p>
      </header>
      <HistoryFilter who={who} address={(each) => address({ who: each ?? undefined })} />
      <section aria-label="Entries">
        <HistoryList entries={entries} now={frame.now} back={HISTORY_ADDRESS} />
      </section>
      <NextPage href={older === null ? null : address({ before: String(older) })} words="Older" />
    </Layout>
  );
}

export interface EventPageProps {
  frame: Frame;
  entry: HistoryEntry;
  /** What it replaced, in words; null for what is no change. */
  replaced: string | null;
  entity: string;
  entityId: string;
  type: string;
  cause: string;
}

/** One entry of the history. */
export function EventPage({ frame, entry, replaced, entity, entityId, type, cause }: EventPageProps) {
  const of = `${entity}:${entityId}`;
  return (
    <Layout
      frame={frame}
      title={`Entry ${entry.id}`}
      live={[of]}
      alternates={[{ type: 'application/json', href: `${eventAddress(entry.id)}.json` }]}
    >
      <header class="page-head">
        <p class="kicker">
          <a href={HISTORY_ADDRESS}>History</a> ·{' '}
          <a href={withQuery(HISTORY_ADDRESS, { of })}>{entry.about?.label ?? of}</a>
        </p>
        <h1>Entry {entry.id}</h1>
        <Facts
          facts={[
            { name: 'When', value: <When at={entry.at} now={frame.now} /> },
            { name: 'Who', value: entry.by.label },
            { name: 'Kind', value: <code>{type}</code> },
            { name: 'Cause', value: cause },
            ...(replaced === null ? [] : [{ name: 'Before it', value: replaced }]),
            ...(entry.proposal === null
              ? []
              : [
                  {
                    name: 'Part of',
                    value: <a href={proposalAddress(entry.proposal)}>set {entry.proposal}</a>,
                  },
                ]),
          ]}
        />
      </header>
      <section aria-label="The entry">
        <HistoryList entries={[{ ...entry, mayRevoke: false }]} now={frame.now} back={frame.path} />
      </section>
      {entry.mayRevoke ? <TakeBack id={entry.id} /> : null}
    </Layout>
  );
}

/** What was decided of issues is taken back with a reason: it moves what people said. */
function TakeBack({ id }: { id: number }) {
  return (
    <section aria-labelledby="take-back">
      <h2 id="take-back">Take this decision back</h2>
      <p class="prose">
        What grouping says holds again, where no other decision does. A part that comes apart has a new
        number, and what people said of its packages is proposed there; the old number leads where it led.
        Issues that come together carry along what was said.
      </p>
      <form class="sheet" method="post" action={`${eventAddress(id)}/undo`}>
        <p class="field">
          <label for="take-back-reason">Why</label>
          <textarea id="take-back-reason" name="reason" rows={2} maxlength={1000} required />
        </p>
        <p class="buttons">
          <button type="submit" class="button button-grave">
            Take it back
          </button>
        </p>
      </form>
    </section>
  );
}
