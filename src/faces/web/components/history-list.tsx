import { eventAddress, proposalAddress } from '../editing-addresses.ts';
import type { HistoryEntry } from '../history-entries.ts';
import { html, type Markup } from '../markup/markup.ts';
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
  return <ol class="history plain">{entries.map((entry) => Entry({ entry, now, back, onPageOf }))}</ol>;
}

interface EntryProps extends Pick<HistoryListProps, 'now' | 'back' | 'onPageOf'> {
  entry: HistoryEntry;
}

function Entry({ entry, now, back, onPageOf }: EntryProps): Markup {
  const { id, about, proposal, credit, remark, words } = entry;
  const address = eventAddress(id);
  const undo = entry.mayUndo
    ? html`<form method="post" action="${address}/undo" data-live-form="" id="undo-${id}">${Carried({ back })}<button type="submit" class="button button-small">Undo<span class="hidden"> entry ${id}</span></button></form>`
    : entry.mayRevoke
      ? html`<a class="button button-small" href="${address}#take-back">Take back<span class="hidden"> entry ${id}</span></a>`
      : null;
  const set =
    proposal === null || about?.href === proposalAddress(proposal)
      ? null
      : html` <a class="small quiet" href="${proposalAddress(proposal)}">set ${proposal}</a>`;
  return html`<li class="entry ${entry.machine ? 'entry-machine' : 'entry-person'}" id="e${id}"><a class="entry-at" href="${address}" title="Entry ${id} of the history">${When(
    { at: entry.at, now },
  )}</a><div class="entry-what"><strong>${entry.by.label}</strong> ${
    onPageOf || about === null ? null : html`<a href="${about.href}">${about.label}</a>`
  } ${entry.redacted ? html`<em class="quiet">${words}</em>` : words}${
    credit === null ? null : html`, as ${credit.label} proposed`
  }${set}${remark === null ? null : html`<p class="remark">${remark}</p>`}</div>${undo}</li>`;
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
