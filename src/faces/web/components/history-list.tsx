import { eventAddress, proposalAddress } from '../editing-addresses.ts';
import type { HistoryEntry } from '../history-entries.ts';
import { Carried } from './editing-forms.tsx';
import { Empty } from './figures.tsx';
import { When } from './times.tsx';

export interface HistoryListProps {
  entries: readonly HistoryEntry[];
  now: string;
  back: string;
  /** On the page of a thing it is not said what each entry is about. */
  onPageOf?: boolean;
}

/** What happened, people's and the machine's, one entry a line, each with an address of its own. */
export function HistoryList({ entries, now, back, onPageOf = false }: HistoryListProps) {
  if (entries.length === 0) return <Empty>Nothing happened yet that this would show.</Empty>;
  return (
    <ol class="history plain">
      {entries.map((entry) => (
        <li class={`entry ${entry.machine ? 'entry-machine' : 'entry-person'}`} id={`e${entry.id}`}>
          <a class="entry-at" href={eventAddress(entry.id)} title={`Entry ${entry.id} of the history`}>
            <When at={entry.at} now={now} />
          </a>
          <div class="entry-what">
            <strong>{entry.by.label}</strong>{' '}
            {onPageOf || entry.about === null ? null : <a href={entry.about.href}>{entry.about.label}</a>}{' '}
            {entry.redacted ? <em class="quiet">{entry.words}</em> : entry.words}
            {entry.credit === null ? null : (
              <>
                {', '}as {entry.credit.label} proposed
              </>
            )}
            {entry.proposal === null || entry.about?.href === proposalAddress(entry.proposal) ? null : (
              <>
                {' '}
                <a class="small quiet" href={proposalAddress(entry.proposal)}>
                  set {entry.proposal}
                </a>
              </>
            )}
            {entry.remark === null ? null : <p class="remark">{entry.remark}</p>}
          </div>
          {entry.mayUndo ? (
            <form
              method="post"
              action={`${eventAddress(entry.id)}/undo`}
              data-live-form
              id={`undo-${entry.id}`}
            >
              <Carried back={back} />
              <button type="submit" class="button button-small">
                Undo<span class="hidden"> entry {entry.id}</span>
              </button>
            </form>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

export interface HistoryFilterProps {
  who: 'people' | 'machine' | null;
  /** The address without the filter, to which `who` is added. */
  address: (who: 'people' | 'machine' | null) => string;
}

/** Everybody's, people's, the machine's. */
export function HistoryFilter({ who, address }: HistoryFilterProps) {
  return (
    <nav class="filters" aria-label="Whose doing">
      <ul class="plain">
        {([null, 'people', 'machine'] as const).map((each) => (
          <li>
            <a href={address(each)} aria-current={who === each ? 'true' : undefined}>
              {each ?? 'everything'}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
