import { markdownToHtml } from '#base/formats';
import type { IssueStories } from '#domain/campaigns';
import type { IssueExploitation } from '#domain/issues';
import type { ChannelHead } from '#domain/roundup';
import {
  campaignAddress,
  issueAddress,
  reportAddress,
  roundupAddress,
  threadAddress,
} from '../components/addresses.ts';
import { ClaimMark } from '../components/claim-mark.tsx';
import { Comments, type CommentView } from '../components/comments.tsx';
import { EditingAsks } from '../components/editing-asks.tsx';
import { type StandingRow, StandingTable } from '../components/evidence.tsx';
import { ExploitationMark, knownWords, likelyWords } from '../components/exploitation-mark.tsx';
import { Empty, Facts } from '../components/figures.tsx';
import { HistoryFilter, HistoryList } from '../components/history-list.tsx';
import { IssueDeeds, ListPackageForm, type SeenFields } from '../components/issue-deeds.tsx';
import { Id, OutsideLink, type PatchLink, PatchList } from '../components/links.tsx';
import { Legend, SeverityMark, type SeverityWord } from '../components/marks.tsx';
import { ProposalCard } from '../components/proposal-card.tsx';
import { EditForm } from '../components/status-cell.tsx';
import { counted, Day, daysBetween, When } from '../components/times.tsx';
import { type VulnerabilityFacts, VulnerabilityList } from '../components/vulnerabilities.tsx';
import { type Decisions, type Editing, indexDecisions, READING } from '../decisions.ts';
import { HISTORY_ADDRESS } from '../editing-addresses.ts';
import type { HistoryEntry } from '../history-entries.ts';
import { type Frame, Layout } from '../layout.tsx';
import { REGROUPINGS_ADDRESS, THREADS_ADDRESS, withQuery } from '../list-addresses.ts';
import { markdownAddress } from '../markdown-addresses.ts';
import { escapedMarkup, html, type Markup } from '../markup/markup.ts';
import type { ProposalView } from '../proposal-views.ts';
import type { IssueThreadView } from '../thread-views.ts';

/** One distribution's announcement. */
export interface AdvisoryRow {
  id: string;
  /** Id and name of the source: `debian`, "Debian". */
  source: string;
  sourceTitle: string;
  published: string | null;
  url: string | null;
  /** Key of the report that we hold; null where we only know that others cite it. */
  report: string | null;
  /** Who cites it, where we do not hold it. */
  citedBy: string[];
  /** Version with the fix, for each package and release that it names. */
  fixed: { name: string; release: string | null; version: string | null }[];
  patches: PatchLink[];
}

/** A report that belongs to the issue, and why. */
export interface MemberReport {
  source: string;
  sourceTitle: string;
  key: string;
  title: string;
  published: string | null;
  /** `partial`: it also speaks of other issues. */
  coverage: 'full' | 'partial';
  why: string[];
}

export interface IssuePageProps {
  frame: Frame;
  id: string;
  product: string;
  title: string;
  severity: SeverityWord;
  /** Who rated it so. */
  severityBy: string | null;
  /** Whether it is used by attackers, or likely to be; null where no signal says so. */
  exploitation: IssueExploitation | null;
  opened: string;
  lastReport: string;
  /** Every distribution's advisory, oldest first. */
  advisories: AdvisoryRow[];
  /** Patches that no advisory of the table brings. */
  patches: PatchLink[];
  channels: ChannelHead[];
  packages: StandingRow[];
  vulnerabilities: VulnerabilityFacts[];
  reports: MemberReport[];
  /** Numbers of the roundups that list it. */
  roundups: number[];
  /** Campaigns that it belongs to, and suggestions to merge or split it. */
  stories?: IssueStories;
  /** Threads of mailing lists that are attached to it or name its vulnerabilities. */
  threads?: { shown: IssueThreadView[]; total: number };
  /** What one has to know before reading on: that another issue became part of it, that it has ended. */
  notes?: string[];
  /** What it means for our users, in markdown; null where nobody said. */
  summary: string | null;
  /** Which version of each field of it is shown. */
  seen: SeenFields;
  /** What people said of it. */
  comments: { shown: CommentView[]; older: boolean };
  /** Whether whoever reads watches it, may decide what is one issue and what is two, and where they sign in if they may say nothing. */
  reader?: { watched: boolean; mayGroup: boolean; signIn: string | null } | undefined;
  /** What people decided of it, and what whoever reads may do. */
  decisions?: Decisions;
  editing?: Editing;
  /** Open proposals that touch it. */
  proposals?: ProposalView[];
  /** What happened to it, the newest first, and whose doing is shown. */
  history?: { entries: HistoryEntry[]; who: 'people' | 'machine' | null; older: boolean };
}

/** One overarching problem: what others did, where we stand, and why all this belongs together. */
export function IssuePage(props: IssuePageProps) {
  const { frame, id, title, advisories, packages, channels, vulnerabilities, reports } = props;
  const { decisions = { boxes: [], claims: [] }, editing = READING, history } = props;
  return (
    <Layout
      frame={frame}
      title={`${id} ${title}`}
      description={`${title}: what ${counted(advisories.length, 'advisory', 'advisories')} of other distributions say, and where ${frame.team} stands.`}
      alternates={[{ type: 'application/json', href: `${frame.path}.json` }]}
      live={[`issue:${id}`]}
    >
      <IssueHead {...props} />
      <ProposalsHere {...props} />
      <section aria-labelledby="others">
        <h2 id="others">What others did</h2>
        {advisories.length === 0 ? (
          <Empty>No distribution that we read has announced a fix yet.</Empty>
        ) : (
          <AdvisoryTable advisories={advisories} id={id} />
        )}
        {props.patches.length === 0 ? null : (
          <div class="aside">
            <h3>{advisories.length === 0 ? 'Patches' : 'Further patches'}</h3>
            <PatchList patches={props.patches} limit={20} />
          </div>
        )}
      </section>
      <section aria-labelledby="standing">
        <h2 id="standing">Where we stand</h2>
        {packages.length === 0 ? (
          <Empty>
            No package of any channel looks like {props.product}. That is no proof: it may be there under
            another name, or bundled in something else.
          </Empty>
        ) : (
          <>
            <StandingTable
              rows={packages}
              channels={channels}
              caption={`State of ${id} by package and channel`}
              issue={id}
              decisions={indexDecisions(decisions)}
              editing={editing}
            />
            <Legend />
          </>
        )}
        <ListPackageForm id={id} permission={editing.permission} />
      </section>
      <section aria-labelledby="vulnerabilities">
        <h2 id="vulnerabilities">{counted(vulnerabilities.length, 'vulnerability', 'vulnerabilities')}</h2>
        <VulnerabilityList vulnerabilities={vulnerabilities} now={frame.now} />
      </section>
      <section aria-labelledby="reports">
        <h2 id="reports">Why these reports are one issue</h2>
        <MemberTable reports={reports} id={id} />
      </section>
      <ThreadsHere threads={props.threads} now={frame.now} />
      <Comments
        issue={id}
        comments={props.comments.shown}
        older={props.comments.older}
        now={frame.now}
        signIn={props.reader?.signIn === undefined ? '/sign-in' : props.reader.signIn}
      />
      {history === undefined ? null : <HappenedSection id={id} history={history} now={frame.now} />}
      {editing.person === null ? null : <EditForm back={issueAddress(id)} />}
      {editing.permission === 'refuse' ? null : <EditingAsks today={frame.now.slice(0, 10)} />}
    </Layout>
  );
}

function ProposalsHere({ id, frame, proposals = [] }: IssuePageProps) {
  if (proposals.length === 0) return null;
  return (
    <section aria-labelledby="proposals">
      <h2 id="proposals">{counted(proposals.length, 'proposal')} to decide</h2>
      {proposals.map((proposal) => (
        <ProposalCard proposal={proposal} now={frame.now} back={issueAddress(id)} onIssue={id} />
      ))}
    </section>
  );
}

function HappenedSection({
  id,
  history: { entries, who, older },
  now,
}: {
  id: string;
  history: NonNullable<IssuePageProps['history']>;
  now: string;
}) {
  const of = `issue:${id}`;
  return (
    <section aria-labelledby="happened">
      <h2 id="happened">What happened</h2>
      <HistoryFilter
        who={who}
        address={(each) => `${withQuery(issueAddress(id), { events: each ?? undefined })}#happened`}
      />
      <HistoryList entries={entries} now={now} back={issueAddress(id)} onPageOf />
      {older ? (
        <p class="small">
          <a href={withQuery(HISTORY_ADDRESS, { of, who: who ?? undefined })}>All of its history</a>
        </p>
      ) : null}
    </section>
  );
}

/** The mark, and in words what stands behind it. */
function Exploited({ exploitation }: { exploitation: IssueExploitation }) {
  const { known, likely } = exploitation;
  const words = [
    ...(known === null ? [] : [`${known.vulnerabilities.join(', ')}: ${knownWords(known)}`]),
    ...(likely === null ? [] : [likelyWords(likely)]),
  ];
  return (
    <p class="exploitation">
      {ExploitationMark({ exploitation })}
      <span class="small quiet">{words.join('. ')}</span>
    </p>
  );
}

function IssueHead(props: IssuePageProps) {
  const { frame, id, title, severity, severityBy, opened, advisories, packages, channels, roundups } = props;
  const { vulnerabilities } = props;
  const hit = channels.filter(({ name }) =>
    packages.some(({ cells }) => cells.some((cell) => cell.channel === name && cell.verdict === 'affected')),
  );
  const days = daysBetween(opened, frame.now);
  const announcing = new Set(advisories.map(({ source }) => source)).size;
  const { editing = READING, reader = NOBODY } = props;
  const claim = indexDecisions(props.decisions ?? { boxes: [], claims: [] }).claim(id);
  return (
    <header class="page-head">
      <p class="kicker">
        Issue <Id id={id} />
      </p>
      <h1>{title}</h1>
      {(props.notes ?? []).map((note) => (
        <p class="note">{note}</p>
      ))}
      {vulnerabilities.length > 0 && vulnerabilities.every(({ state }) => state === 'rejected') ? (
        <p class="note">
          {vulnerabilities.length === 1 ? 'Its number was' : 'All of its numbers were'} withdrawn: there may
          be no such flaw, or it has another number. What was decided here stays.
        </p>
      ) : null}
      {props.exploitation === null ? null : <Exploited exploitation={props.exploitation} />}
      <StoriesHere id={id} stories={props.stories} />
      <Facts
        facts={[
          {
            name: 'Severity',
            value: (
              <>
                <SeverityMark severity={severity} />{' '}
                {severityBy === null ? null : <span class="quiet">by {severityBy}</span>}
              </>
            ),
          },
          {
            name: 'Public since',
            value: (
              <>
                <Day at={opened} />{' '}
                {days === null ? null : <span class="quiet">{counted(Math.max(0, days), 'day')}</span>}
              </>
            ),
          },
          { name: 'Announced by', value: counted(announcing, 'distribution') },
          {
            name: 'Looks hit',
            value:
              hit.length === 0 ? (
                <span class="quiet">no channel, as far as we see</span>
              ) : (
                `${hit.length} of ${counted(channels.length, 'channel')}`
              ),
          },
          {
            name: 'Last report',
            value: <Day at={props.lastReport} />,
          },
          {
            name: 'Claim',
            value:
              claim.by === null && editing.person === null ? (
                <span class="quiet">nobody</span>
              ) : (
                <ClaimMark claim={claim} editing={editing} />
              ),
          },
          {
            name: 'Roundups',
            value:
              roundups.length === 0 ? (
                <span class="quiet">none yet</span>
              ) : (
                roundups.map((number, index) => (
                  <>
                    {index === 0 ? '' : ', '}
                    <a href={roundupAddress(number)}>{number}</a>
                  </>
                ))
              ),
          },
        ]}
      />
      {props.summary === null ? null : (
        <div class="prose said-words">
          {escapedMarkup(markdownToHtml(props.summary, { addressOf: markdownAddress }))}
        </div>
      )}
      <IssueDeeds
        id={id}
        permission={editing.permission}
        mayGroup={reader.mayGroup}
        seen={props.seen}
        vulnerabilities={props.vulnerabilities.length}
        watched={reader.watched}
      />
    </header>
  );
}

/** That it is part of something larger, and that it may be cut otherwise. */
function StoriesHere({ id, stories }: { id: string; stories: IssueStories | undefined }) {
  if (stories === undefined || (stories.campaigns.length === 0 && stories.regroupings === 0)) return null;
  const { campaigns, regroupings } = stories;
  return (
    <p class="small">
      {campaigns.length === 0 ? null : 'Part of '}
      {campaigns.slice(0, 5).map(({ name, title }, index) => (
        <>
          {index === 0 ? '' : ', '}
          <a href={campaignAddress(name)}>{title}</a>
        </>
      ))}
      {campaigns.length > 5 ? ` and ${campaigns.length - 5} more` : ''}
      {campaigns.length === 0 ? '' : '. '}
      {regroupings === 0 ? null : (
        <a href={withQuery(REGROUPINGS_ADDRESS, { issue: id })}>
          {counted(regroupings, 'suggestion')} to merge or split it
        </a>
      )}
    </p>
  );
}
const NOBODY = { watched: false, mayGroup: false };

/** What mailing lists said of it; nothing where none did. */
function ThreadsHere({ threads, now }: { threads: IssuePageProps['threads']; now: string }) {
  if (threads === undefined || threads.total === 0) return null;
  const { shown, total } = threads;
  const [about] = shown.flatMap(({ names }) => names);
  return (
    <section aria-labelledby="threads">
      <h2 id="threads">On mailing lists</h2>
      <div class="wide">
        <table class="cards">
          <caption class="hidden">Threads of mailing lists that speak of it</caption>
          <thead>
            <tr>
              <th scope="col">Thread</th>
              <th scope="col">List</th>
              <th scope="col">Last message</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((thread) => (
              <ThreadRow thread={thread} now={now} />
            ))}
          </tbody>
        </table>
      </div>
      {total > shown.length ? (
        <p class="small">
          {about === undefined ? null : (
            <a href={withQuery(THREADS_ADDRESS, { about, state: 'all' })}>All threads that name {about}</a>
          )}{' '}
          <span class="quiet">{counted(total - shown.length, 'more thread')} in all</span>
        </p>
      ) : null}
    </section>
  );
}

function ThreadRow({ thread, now }: { thread: IssueThreadView; now: string }) {
  const { id, subject, lists, messages, lastAt, names } = thread;
  return (
    <tr>
      <th scope="row" data-label="Thread">
        <a href={threadAddress(id)}>{subject === null || subject === '' ? '(no subject)' : subject}</a>
        {names.length === 0 ? null : (
          <span class="version quiet">
            names {names.slice(0, 3).join(', ')}
            {names.length > 3 ? ` and ${names.length - 3} more` : ''}
          </span>
        )}
      </th>
      <td data-label="List">
        {lists.map(({ name }) => name).join(', ')}{' '}
        <span class="version quiet">{counted(messages, 'message')}</span>
      </td>
      <td data-label="Last message">
        <When at={lastAt} now={now} none="without a date" />
      </td>
      <td data-label="State">
        <ThreadState thread={thread} />
      </td>
    </tr>
  );
}

const THREAD_STATES: Readonly<Record<IssueThreadView['state'], string>> = {
  attached: 'belongs here',
  waiting: 'waits',
  elsewhere: 'belongs to',
  dismissed: 'dismissed',
  archived: 'brought in as history',
};

function ThreadState({ thread: { state, elsewhere, reopened } }: { thread: IssueThreadView }) {
  return (
    <>
      {THREAD_STATES[state]}
      {elsewhere === null ? null : (
        <>
          {' '}
          <a href={issueAddress(elsewhere)}>{elsewhere}</a>
        </>
      )}
      {reopened ? <span class="version quiet">something was added since</span> : null}
    </>
  );
}

function AdvisoryTable({ advisories, id }: { advisories: readonly AdvisoryRow[]; id: string }) {
  const dates = advisories.flatMap(({ published }) => (published === null ? [] : [published])).sort();
  const first = dates[0] ?? null;
  return (
    <div class="wide">
      <table class="advisories-table cards">
        <caption class="hidden">Advisories of other distributions on {id}, oldest first</caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Advisory</th>
            <th scope="col">Published</th>
            <th scope="col" class="cell-number">
              After the first
            </th>
            <th scope="col">Fixed version</th>
            <th scope="col">Patches</th>
          </tr>
        </thead>
        <tbody>{advisories.map((row) => AdvisoryLine({ row, first }))}</tbody>
      </table>
    </div>
  );
}

function AdvisoryLine({ row, first }: { row: AdvisoryRow; first: string | null }): Markup {
  const { source, sourceTitle, id, url, report, citedBy, published, fixed, patches } = row;
  const read =
    report === null
      ? html`<span class="version quiet">${citedBy.length === 0 ? 'not read here' : `cited by ${citedBy.join(', ')}`}</span>`
      : html` <a class="small" href="${reportAddress(source, report)}">as read</a>`;
  return html`<tr><td data-label="Source">${sourceTitle}</td><th scope="row" data-label="Advisory">${OutsideLink(
    { class: 'id', href: url, children: id },
  )}${read}</th><td data-label="Published">${Day({
    at: published,
  })}</td><td class="cell-number" data-label="After the first">${Delay({
    published,
    first,
  })}</td><td data-label="Fixed version">${FixedVersions({ fixed })}</td><td data-label="Patches"${
    patches.length === 0 ? html` class="nothing"` : null
  }>${patches.length === 0 ? html`<span class="quiet">&#8211;</span>` : PatchList({ patches })}</td></tr>`;
}

function Delay({ published, first }: { published: string | null; first: string | null }): Markup {
  const days = published === null || first === null ? null : daysBetween(first, published);
  if (days === null) return html`<span class="quiet">&#8211;</span>`;
  return html`<span>${days <= 0 ? 'first' : counted(days, 'day')}</span>`;
}

function FixedVersions({ fixed }: { fixed: AdvisoryRow['fixed'] }) {
  if (fixed.length === 0) return <span class="quiet">not said</span>;
  return (
    <ul class="plain">
      {fixed.slice(0, 6).map(({ name, release, version }) => (
        <li>
          {version === null ? <span class="quiet">no fix</span> : <span class="mono">{version}</span>}{' '}
          <span class="quiet">
            {name}
            {release === null ? '' : ` in ${release}`}
          </span>
        </li>
      ))}
      {fixed.length > 6 ? <li class="quiet">and {fixed.length - 6} more</li> : null}
    </ul>
  );
}

function MemberTable({ reports, id }: { reports: readonly MemberReport[]; id: string }) {
  if (reports.length === 0) return <Empty>No report speaks of it any more.</Empty>;
  return (
    <div class="wide">
      <table class="cards">
        <caption class="hidden">Reports that belong to {id}</caption>
        <thead>
          <tr>
            <th scope="col">Report</th>
            <th scope="col">Title</th>
            <th scope="col">Published</th>
            <th scope="col">Why it belongs here</th>
          </tr>
        </thead>
        <tbody>
          {reports.map(({ source, sourceTitle, key, title, published, coverage, why }) => (
            <tr>
              <th scope="row" data-label="Report">
                <Id id={key} href={reportAddress(source, key)} />
                <span class="version quiet">{sourceTitle}</span>
              </th>
              <td data-label="Title">{title}</td>
              <td data-label="Published">
                <Day at={published} />
              </td>
              <td data-label="Why it belongs here">
                <ul class="plain">
                  {why.map((reason) => (
                    <li>{reason}</li>
                  ))}
                  {coverage === 'partial' ? <li class="quiet">It speaks of other issues as well.</li> : null}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
