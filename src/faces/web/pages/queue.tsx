import type { Lifecycle } from '#domain/channels';
import { SUGGESTION_DISMISSALS } from '#domain/matching';
import type { ChannelHead } from '#domain/roundup';
import { SUGGESTION_WORDS } from '#faces/editing';
import { issueAddress, packageAddress } from '../components/addresses.ts';
import { BatchForm, GiveBackForm } from '../components/batch-forms.tsx';
import { ClaimMark } from '../components/claim-mark.tsx';
import { ExploitationMark } from '../components/exploitation-mark.tsx';
import { Empty, Facts } from '../components/figures.tsx';
import { ChannelHeads, IssueTitle, more } from '../components/issue-lines.tsx';
import { Id, OutsideLink } from '../components/links.tsx';
import { Legend, SeverityMark, VerdictMark } from '../components/marks.tsx';
import { EditForm } from '../components/status-cell.tsx';
import { StatusMark } from '../components/status-mark.tsx';
import { number, When } from '../components/times.tsx';
import type { Editing } from '../decisions.ts';
import { type Frame, Layout } from '../layout.tsx';
import { DISMISS_ADDRESS, QUEUE_ADDRESS, RULES_ADDRESS, withQuery } from '../list-addresses.ts';
import { drawAnew, type KeepMarkup } from '../markup/kept-markup.ts';
import { escapedMarkup, escapeHtml, html, type Markup } from '../markup/markup.ts';
import { decisionAt, type GoneRow, type LazyRow, type QueueCell, type QueueRow } from '../queue-rows.ts';

/** What the list was asked for; null where it was not. */
export interface QueueFilterShown {
  severity: string | null;
  channel: string | null;
  source: string | null;
  package: string | null;
  issue: string | null;
  /** Only what is asked again (`yes`), or only what nobody has decided (`no`). */
  again: 'yes' | 'no' | null;
  /** Only what is known to be used by attackers; or what is known to be, or likely. */
  exploited: 'known' | 'likely' | null;
  mine: boolean;
}

export interface QueuePageProps {
  frame: Frame;
  filter: QueueFilterShown;
  /** All that waits, whatever the filter, and what of it is asked again. */
  waiting: number;
  again: number;
  channels: { name: string; lifecycle: Lifecycle }[];
  /** What one can filter by. */
  sources: { id: string; title: string }[];
  rows: LazyRow[];
  /** Of lines that were read anew: those that wait no more. */
  gone: GoneRow[];
  /** Where the list goes on; null at its end. */
  next: string | null;
  /** Whether it begins at its beginning. */
  first: boolean;
  editing: Editing;
  /** Draws lines that did not change as they were drawn before. */
  keep?: KeepMarkup;
  /** Only some lines, for a script. */
  partial?: boolean;
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'none', 'unknown'] as const;

/** What waits for a triager: what the matcher proposes and nobody has decided, the most urgent first. */
export function QueuePage(props: QueuePageProps) {
  const { frame, filter, rows, gone, channels, next, first, editing, partial = false } = props;
  const { keep = drawAnew } = props;
  const address = filterAddress(filter);
  return (
    <Layout
      frame={frame}
      title="Queue"
      description="What the matcher proposes and nobody has decided, the most urgent first."
      alternates={[
        { type: 'application/json', href: address.replace(QUEUE_ADDRESS, `${QUEUE_ADDRESS}.json`) },
      ]}
      live={['queue', 'issue:*']}
      partial={partial}
    >
      <Head {...props} address={address} />
      {partial ? null : <Filter {...props} />}
      <section aria-label="What waits" data-queue={editing.permission}>
        {rows.length === 0 && gone.length === 0 ? (
          <Nothing filter={filter} first={first} />
        ) : (
          <>
            <Lines rows={rows} gone={gone} channels={channels} editing={editing} keep={keep} back={address} />
            <nav class="pager" aria-label="Pages of the queue">
              {first ? <span /> : <a href={address}>← From the beginning</a>}
              {next === null ? (
                <span class="quiet">That is all of it.</span>
              ) : (
                <a href={withQuery(address, { after: next })} rel="next">
                  The next ones →
                </a>
              )}
            </nav>
            <Legend />
          </>
        )}
      </section>
      {editing.person === null ? null : <EditForm back={address} />}
      {editing.permission === 'refuse' ? null : <AskWhy />}
    </Layout>
  );
}

function filterAddress(filter: QueueFilterShown, changes: Partial<Record<string, string>> = {}): string {
  return withQuery(QUEUE_ADDRESS, {
    severity: filter.severity ?? undefined,
    channel: filter.channel ?? undefined,
    source: filter.source ?? undefined,
    package: filter.package ?? undefined,
    issue: filter.issue ?? undefined,
    again: filter.again ?? undefined,
    exploited: filter.exploited ?? undefined,
    mine: filter.mine ? 'yes' : undefined,
    ...changes,
  });
}

function isFiltered({ mine, ...rest }: QueueFilterShown): boolean {
  return mine || Object.values(rest).some((value) => value !== null);
}

function Head({
  frame,
  filter,
  waiting,
  again,
  rows,
  editing,
  address,
}: QueuePageProps & { address: string }) {
  const batch = rows.filter(({ until }) => until !== null);
  const ends = batch[0]?.until ?? null;
  const signedIn = editing.person !== null;
  return (
    <header class="page-head" id="head" data-with-any data-fragment="queue">
      <p class="kicker">What the matcher proposes and nobody has decided, the most urgent first</p>
      <h1>Queue</h1>
      <Facts
        facts={[
          { name: 'Waiting', value: <strong class="figure">{number(waiting)}</strong> },
          {
            name: 'Asked again',
            value:
              again === 0 ? (
                <span class="quiet">0</span>
              ) : (
                <a href={filterAddress(filter, { again: 'yes' })}>{number(again)}</a>
              ),
          },
          ...(signedIn
            ? [
                {
                  name: 'Yours',
                  value: filter.mine ? (
                    <strong>only these</strong>
                  ) : (
                    <a href={filterAddress(filter, { mine: 'yes' })}>show</a>
                  ),
                },
              ]
            : []),
          { name: 'Never shown again', value: <a href={RULES_ADDRESS}>rules</a> },
          ...(isFiltered(filter) ? [{ name: 'Filter', value: <a href={QUEUE_ADDRESS}>clear</a> }] : []),
        ]}
      />
      {signedIn ? (
        <div class="queue-batch">
          <BatchForm />
          {ends === null ? null : (
            <>
              <GiveBackForm back={address} />
              <span class="small">
                {batch.length} in your batch, which ends <When at={ends} now={frame.now} />
              </span>
            </>
          )}
        </div>
      ) : null}
    </header>
  );
}

function Filter({ filter, channels, sources }: Pick<QueuePageProps, 'filter' | 'channels' | 'sources'>) {
  return (
    <form class="queue-filter" method="get" action={QUEUE_ADDRESS} aria-label="Filter">
      <Choice name="severity" label="Severity" chosen={filter.severity} any="any">
        {SEVERITIES.map((each) => [each, each === 'unknown' ? 'unrated' : each])}
      </Choice>
      <Choice name="channel" label="Channel" chosen={filter.channel} any="any">
        {channels.map(({ name }) => [name, name])}
      </Choice>
      <Choice name="exploited" label="Exploited" chosen={filter.exploited} any="whether or not">
        {[
          ['known', 'known'],
          ['likely', 'known or likely'],
        ]}
      </Choice>
      <Choice name="source" label="Announced by" chosen={filter.source} any="anybody">
        {sources.map(({ id, title }) => [id, title])}
      </Choice>
      <p class="field">
        <label for="queue-package">Package</label>
        <input
          id="queue-package"
          name="package"
          value={filter.package ?? ''}
          maxlength={200}
          autocomplete="off"
          spellcheck={false}
        />
      </p>
      {filter.mine ? <input type="hidden" name="mine" value="yes" /> : null}
      <button type="submit" class="button">
        Filter
      </button>
    </form>
  );
}

function Choice({
  name,
  label,
  chosen,
  any,
  children,
}: {
  name: string;
  label: string;
  chosen: string | null;
  any: string;
  children: [string, string][];
}) {
  return (
    <p class="field">
      <label for={`queue-${name}`}>{label}</label>
      <select id={`queue-${name}`} name={name}>
        <option value="">{any}</option>
        {children.map(([value, words]) => (
          <option value={value} selected={value === chosen}>
            {words}
          </option>
        ))}
      </select>
    </p>
  );
}

function Nothing({ filter, first }: { filter: QueueFilterShown; first: boolean }) {
  if (filter.mine)
    return (
      <Empty>
        Nothing in it is yours just now. <a href={QUEUE_ADDRESS}>Show all of it</a>
      </Empty>
    );
  if (isFiltered(filter) || !first)
    return (
      <Empty>
        Nothing {first ? 'like that' : 'more'} waits. <a href={QUEUE_ADDRESS}>Show all of it</a>
      </Empty>
    );
  return (
    <Empty>
      Nothing waits for eyes. What others announce is held against our packages by <code>./muster match</code>
      , and comes here.
    </Empty>
  );
}

interface LinesProps {
  rows: readonly LazyRow[];
  gone: readonly GoneRow[];
  channels: readonly ChannelHead[];
  editing: Editing;
  keep: KeepMarkup;
  back: string;
}

function Lines({ rows, gone, channels, editing, keep, back }: LinesProps) {
  const edits = editing.permission !== 'refuse';
  const reader = [editing.permission, editing.person === null, back];
  const draw = ({ owner, parts, claimedBy, make }: LazyRow) =>
    // Whoever claims an issue sees another button than others do.
    keep(owner, [...parts, ...reader, claimedBy, claimedBy === editing.person], () =>
      Line({ row: make(), editing, back, edits }),
    );
  const table = (
    <div class="wide" data-items>
      <table class={`lines queue cards${channels.length > 4 ? ' many' : ''}`}>
        <caption class="hidden">Suggestions that wait, with the state of each channel</caption>
        <thead>
          <tr>
            {edits ? (
              <th scope="col" class="cell-pick">
                <span class="hidden">Select</span>
              </th>
            ) : null}
            <th scope="col">Issue</th>
            <th scope="col">Package, and why</th>
            <th scope="col">Severity</th>
            <ChannelHeads channels={channels} />
            {edits ? (
              <th scope="col" class="cell-deeds">
                Is it ours?
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map(draw)}
          {gone.map((row) => (
            <Gone row={row} columns={channels.length + (edits ? 5 : 3)} />
          ))}
        </tbody>
      </table>
    </div>
  );
  if (!edits) return table;
  // One form for all lines: their buttons and boxes are in it.
  return (
    <form id="queue" method="post" action={QUEUE_ADDRESS}>
      <Deeds back={back} proposes={editing.permission === 'propose'} />
      {table}
    </form>
  );
}

/** What can be done with all lines that are selected. */
function Deeds({ back, proposes }: { back: string; proposes: boolean }) {
  return (
    <div class="queue-deeds">
      <input type="hidden" name="back" value={back} />
      <p class="queue-keys quiet small" hidden data-stay>
        <kbd>j</kbd> <kbd>k</kbd> move · <kbd>y</kbd> accept · <kbd>d</kbd> dismiss, then <kbd>1</kbd>–
        <kbd>7</kbd> for another reason · <kbd>s</kbd> skip · <kbd>u</kbd> undo · <kbd>?</kbd> all keys
      </p>
      <p class="queue-bulk">
        <label>
          <span class="quiet small">Dismissed as</span>{' '}
          <select name="reason" data-queue-reason>
            {SUGGESTION_DISMISSALS.filter((reason) => reason !== 'other').map((reason) => (
              <option value={reason}>{SUGGESTION_WORDS[reason]}</option>
            ))}
          </select>
        </label>{' '}
        <span class="quiet small">{proposes ? 'Propose, of what is selected:' : 'What is selected:'}</span>{' '}
        <button type="submit" class="button button-small" name="deed" value="accept">
          Accept
        </button>{' '}
        <button type="submit" class="button button-small" name="deed" value="dismiss">
          Dismiss
        </button>{' '}
        <button type="submit" class="button button-small" name="deed" value="skip">
          Skip
        </button>
      </p>
    </div>
  );
}

const SHOWN_ADVISORIES = 4;
const SHOWN_IDS = 2;
const SHOWN_REASONS = 3;

function Line({
  row,
  editing,
  back,
  edits,
}: {
  row: QueueRow;
  editing: Editing;
  back: string;
  edits: boolean;
}): Markup {
  const { id, number, issue, vulnerabilities, advisories, until } = row;
  const href = issueAddress(issue);
  const at = html`${decisionAt(row)}`;
  const pick = edits
    ? html`<td class="cell-pick"><input type="checkbox" class="pick" name="at" value="${at}" aria-label="Select ${id}"/></td>`
    : null;
  const deeds = edits
    ? html`<td class="cell-deeds" data-label="Is it ours?"><button type="submit" class="button button-small" name="accept" value="${at}">Accept</button> <button type="submit" class="button button-small" name="dismiss" value="${at}">Dismiss</button> <button type="submit" class="button button-small" name="skip" value="${at}">Skip</button> <a class="small" data-edit="" id="why-${number}" href="${withQuery(DISMISS_ADDRESS, { at: decisionAt(row), back })}">because…<span class="hidden"> dismiss ${id} with a reason</span></a></td>`
    : null;
  const ids = html`<span class="ids">${vulnerabilities
    .slice(0, SHOWN_IDS)
    .map((one) => html`<code class="id">${one}</code> `)}${more(row.vulnerabilityCount - SHOWN_IDS)}</span>`;
  const announced =
    advisories.length === 0
      ? null
      : html`<p class="advisories">${advisories
          .slice(0, SHOWN_ADVISORIES)
          .map(
            ({ id: name, url, published }) =>
              html`${OutsideLink({ class: 'advisory', href: url, title: published ?? undefined, children: name })} `,
          )}${more(row.advisoryCount - SHOWN_ADVISORIES)}</p>`;
  const asked =
    row.again === null ? null : html`<span class="why queue-again">asked again: ${again(row)}</span>`;
  const batch = until === null ? null : html`<span class="why">in your batch</span>`;
  return html`<tr class="line" id="s${number}" data-item="" data-fragment="issue:${issue}" data-likely="${row.likely}">${pick}<th scope="row" class="cell-issue">${IssueTitle(
    { title: row.title, href, opens: true },
  )}<p class="meta">${Id({ id: issue, href })} ${ExploitationMark(row)}${ids} ${ClaimMark({ claim: row.claim, editing, line: `s${number}` })}</p>${announced}</th><td class="cell-why" data-label="Package"><span><a href="${packageAddress(row.package)}">${row.package}</a> <span class="quiet">${row.score.toFixed(2)}</span></span><span class="why">${row.reasons
    .slice(0, SHOWN_REASONS)
    .join('; ')}</span>${asked}${batch}</td><td class="cell-severity" data-label="Severity">${SeverityMark({
    severity: row.severity,
  })}<span class="version quiet">${row.opened}</span></td>${row.cells.map(cellOf)}${deeds}</tr>`;
}

function again({ again: why, before }: QueueRow): string {
  const said =
    before === null
      ? ''
      : `${before.decision}${before.reason === null ? '' : ` (${SUGGESTION_WORDS[before.reason]})`} by ${before.by.label}; `;
  return `${said}${(why ?? []).join('; ')}`;
}

function cellOf({ channel, verdict, version, why, decided }: QueueCell): Markup {
  const state =
    decided === null
      ? VerdictMark({ verdict, why: why ?? undefined })
      : StatusMark({ status: decided.status, words: decided.words, by: decided.by });
  const shown = version === null ? '' : `<span class="version">${escapeHtml(version || 'no version')}</span>`;
  return escapedMarkup(`<td class="cell-channel" data-label="${escapeHtml(channel)}">${state}${shown}</td>`);
}

/** Asked by scripts where the reason is none of those that have a key: it needs a word. */
function AskWhy() {
  return (
    <template id="ask-dismiss-other" data-label="Dismissed: why?">
      <form class="ask">
        <h2>Dismissed: why?</h2>
        <p class="field">
          <label for="ask-dismiss-note">In your words</label>
          <textarea id="ask-dismiss-note" name="note" rows={2} maxlength={4000} required data-first />
        </p>
        <div class="buttons">
          <button type="submit" class="button button-strong">
            Dismiss
          </button>
        </div>
      </form>
    </template>
  );
}

/** What became of a line that somebody has just seen: it is still there, and says so. */
function Gone({ row, columns }: { row: GoneRow; columns: number }) {
  const { decision, reason, by } = row;
  const why = reason === null ? '' : ` (${SUGGESTION_WORDS[reason]})`;
  return (
    <tr class="line line-gone" id={`s${row.number}`} data-fragment={`issue:${row.issue}`}>
      <th scope="row" colspan={columns}>
        <a href={issueAddress(row.issue)}>{row.issue}</a> <span class="quiet">{row.package}</span>{' '}
        {decision === null ? (
          <span class="quiet">waits no more</span>
        ) : (
          <>
            <strong>
              {decision}
              {why}
            </strong>{' '}
            <span class="quiet">by {by?.label}</span>
          </>
        )}
      </th>
    </tr>
  );
}
